"""Resolve requirements/*.in into the .txt files beside them: with hashes, without any address of an index."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# base first: dev is held to its versions.
NAMES = ("uv", "base", "dev", "postgres", "cluster", "ocr")
OPTIONS = (
    "--generate-hashes",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--python-version=3.11",
    "--quiet",
)


def main(arguments: list[str]) -> int:
    """Write every lock; further words (such as --upgrade) go to uv."""
    uv = Path(sys.executable).parent / "uv"
    for name in NAMES:
        files = [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
        subprocess.run([uv, "pip", "compile", *files, *OPTIONS, *arguments], cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
