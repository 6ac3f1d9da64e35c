"""What was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

_MEASURED = """
from pathlib import Path
from pressgauge.store.memory import give_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
blocks = [b"x" * (100_000 + number) for number in range(1_000)]
last = b"x" * 1_000  # behind them, so that the heap does not shrink by itself
with_all = resident()
del blocks
give_back()
print(with_all - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="of other C libraries nothing is asked")
def test_what_was_freed_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _MEASURED], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 80_000_000
