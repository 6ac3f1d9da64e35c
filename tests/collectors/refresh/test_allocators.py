"""What a refresh frees goes back to the system."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# The second time glibc, left to itself, takes the blocks from its heap, and what is allocated last pins them.
CODE = """
import re, sys
from collectors.refresh.allocators import keep_little
if sys.argv[1] == "given back":
    keep_little()
import pyarrow as pa
for _ in range(2):
    blocks = [b"x" * 2**20 for _ in range(100)]
    last = [b"x" * 100_000 for _ in range(10)]
    del blocks
used = re.search(r"RssAnon:\\s+(\\d+)", open("/proc/self/status").read())[1]
print(used, pa.default_memory_pool().backend_name)
"""


def megabytes(how: str) -> tuple[int, str]:
    # Other tests of this process may have chosen allocators: Dask and a refresh do.
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("MALLOC_", "ARROW_"))}
    done = subprocess.run(
        [sys.executable, "-c", CODE, how], capture_output=True, text=True, check=True, env=plain
    )
    kilobytes, pool = done.stdout.split()
    return int(kilobytes) // 1024, pool


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is Linux's")
def test_freed_memory_is_given_back_where_the_allocator_would_keep_it() -> None:
    (kept, _), (given, pool) = megabytes("kept"), megabytes("given back")
    assert kept - given > 80
    assert pool == "system"
