"""How a server's process ends: with 0, in order, and with nothing left behind or taken apart too early."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SERVER = """
import atexit, os, threading, time
from dashboard.server.ending import end_process
from dashboard.session import reader

class Used:
    def __del__(self):
        print("taken apart under its thread")

used = Used()
atexit.register(print, "in order")
threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
"""


def ended(code: str) -> tuple[int, str, str]:
    """The exit code, and what was said by the process and all that it left behind, which is waited for."""
    done = subprocess.run(
        [sys.executable, "-c", SERVER + code],
        cwd=ROOT, capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_nothing_is_taken_apart_under_a_thread_that_goes_on() -> None:
    assert ended("end_process()\n") == (0, "in order\n", "")


def test_a_reader_ends_with_its_server() -> None:
    assert ended("reader.start_reader(time.sleep, 600)\nend_process()\n") == (0, "in order\n", "")


def test_a_reader_that_is_beginning_ends_with_its_server_and_does_not_complain() -> None:
    # what it is sent is more than is sent before it listens
    begin = "threading.Thread(target=reader.start_reader, args=(len, bytes(10**6)), daemon=True).start()\n"
    until = "while not reader._STARTING.locked():\n    time.sleep(0)\n"
    assert ended(f"{begin}{until}end_process()\n") == (0, "in order\n", "")
