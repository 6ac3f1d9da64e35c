"""How a process that collects for hours keeps only the memory that it uses."""

from __future__ import annotations

import ctypes
import os
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h
_LARGE = 128 * 1024


def give_back() -> None:
    """Have this process return to the system what it frees; glibc and Arrow would keep it for later.

    Call it before anything imports Arrow, which chooses its allocator then: its own keeps a part of what
    each commit took. By itself glibc takes large blocks for ordinary ones once it has seen some, and keeps an
    arena for each thread (mallopt(3)). Other C libraries are left alone.
    """
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, _LARGE)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_ARENA_MAX, 1)
