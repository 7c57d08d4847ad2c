"""Start the demonstration: database, demo city when empty, then web + worker + scheduler until Ctrl-C."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SECONDS_TO_START = 60


def main() -> int:
    """Returns the exit code of the processes; 1 with a message when one step fails."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    # Only here: without these two the server refuses demo passwords and a default secret.
    environment = {
        "DEBUG": "1",
        "WULIAN_DEMO": "1",
        **os.environ,
        "HOST": host,
        "PORT": str(port),
        "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
        # Every process imports the same thousand modules: compiled once, not at each start.
        "PYTHONDONTWRITEBYTECODE": "",
    }
    if _is_taken(host, port):
        print(f"run: {host}:{port} is in use; choose another one: PORT=8001 make run", file=sys.stderr)
        return 1
    step = ["wulian", "demo", "--migrate", "--if-empty"]
    print(f"run: {' '.join(step)}", flush=True)
    done = subprocess.run([BIN / step[0], *step[1:]], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
    if done.returncode:
        print("run: wulian demo failed", file=sys.stderr)
        return 1
    command = [str(BIN / "honcho"), "--no-colour", "--app-root", str(ROOT), "start", "--port", str(port)]
    processes = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    asked_to_stop: list[int] = []

    def stop(number: int, _frame: object) -> None:
        asked_to_stop.append(number)
        processes.send_signal(signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if _wait_for_answer(host, port, processes):
        subprocess.run([BIN / "wulian", "demo_logins"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
        shown = "127.0.0.1" if host == "0.0.0.0" else host
        print(f"\nWulian 五联 is at http://{shown}:{port}/   (Ctrl-C stops it)", flush=True)
    code = processes.wait()
    return 0 if asked_to_stop else code or 1


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0


def _wait_for_answer(host: str, port: int, processes: subprocess.Popen) -> bool:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and processes.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1" if host == "0.0.0.0" else host, port, timeout=10)
        try:
            connection.request("GET", "/")
            connection.getresponse()
            return True
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    return False


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
