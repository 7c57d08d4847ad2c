"""Run by a test as the confined process: tries what a parser that was taken over would try."""

import os
import resource
import tempfile

from wulian.analysis.confined import confine


def main() -> None:
    confine(seconds=20, memory=1 << 30)
    known = set(os.environ) - {"PYTHONPATH", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "OPENBLAS_NUM_THREADS"}
    print("environment without secrets" if known <= {"LC_CTYPE"} else sorted(known))
    try:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with tempfile.TemporaryFile(buffering=0) as file:
            file.write(b"x")
        print("a file written")
    except OSError:
        print("no file written")
    print("no core" if resource.getrlimit(resource.RLIMIT_CORE) == (0, 0) else "core")


if __name__ == "__main__":
    main()
