"""Processes that read for all sessions, since a thread would take turns with every page."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import SpawnProcess
from threading import Lock
from typing import Any

_FRESH = multiprocessing.get_context("spawn")
_STARTING = Lock()
_GRACE = 10.0
"""Seconds that a process may take to begin: it is sent what it reads when it has loaded our modules."""


def start_reader(read: Callable[..., None], *arguments: Any) -> SpawnProcess:
    """A process that does `read`, and is ended when this one ends."""
    with _STARTING:
        reader = _FRESH.Process(target=read, args=arguments, daemon=True)
        reader.start()
    return reader


def start_no_more() -> None:
    """Let no further reader begin. One that is beginning is waited for: left in the middle, it would complain
    that what it was sent is cut short, and nobody would know of it and end it."""
    _STARTING.acquire(timeout=_GRACE)
