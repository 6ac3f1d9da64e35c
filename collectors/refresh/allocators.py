"""How a process that collects for hours keeps only the memory that it uses."""

from __future__ import annotations

import ctypes
import os
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # malloc.h
_LARGE = 1024 * 1024
"""Bytes: what takes more is the system's again at once. To ask it for every page, of some 100 kB, would take
a fifth of the time of a refresh."""


def keep_little() -> None:
    """Have this process return to the system what it frees; its allocators would keep it for later.

    Call it before anything imports Arrow and deltalake, which set up theirs then: Arrow's own keeps a part of
    what each commit took, jemalloc in deltalake an arena for each thread. So does glibc (mallopt(3)), which
    also takes large blocks for ordinary ones once it has seen some. Other C libraries are left alone.
    """
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    os.environ["_RJEM_MALLOC_CONF"] = "narenas:1"
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, _LARGE)
        libc.mallopt(_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_ARENA_MAX, 1)
