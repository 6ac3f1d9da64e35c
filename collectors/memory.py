"""How a process that collects for hours keeps only the memory that it uses."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h
_LARGE = 128 * 1024


def give_back() -> None:
    """Have this process return to the system what it frees; glibc and Arrow would keep it for later.

    By itself glibc takes large blocks for ordinary ones once it has seen some, and keeps an arena for each
    thread, so that every commit leaves something behind (mallopt(3)). Other C libraries are left alone.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, _LARGE)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_ARENA_MAX, 1)
