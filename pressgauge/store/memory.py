"""What a process has freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa


def give_back() -> None:
    """Give back what was freed: Arrow and glibc keep it for later, and after a dataset was opened that is as
    much again as what is kept of it. Costs some milliseconds; other C libraries are left alone."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)  # malloc_trim(3)
