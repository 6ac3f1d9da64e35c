"""One writer at a time, among threads and processes of a machine: of a dataset, and of what is derived of it.

A lock ends with its process, however that ends.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from pressgauge.errors import DatasetError

log = logging.getLogger(__name__)

_PATIENCE = 600
"""Seconds to wait for another process: an index or the events of a million articles take some minutes."""


@contextlib.contextmanager
def only_writer(folder: Path, location: str) -> Iterator[None]:
    """Be the only writer of the dataset of that folder, whose table lies at `location`.

    Raises DatasetError where another does not come to an end, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".write.lock", timeout=_PATIENCE)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            log.warning("waiting for another process that writes %s", location)
            lock.acquire()
    except Timeout:
        raise DatasetError(f"another process has been writing {location} for {_PATIENCE} s") from None
    except OSError as error:
        raise DatasetError(f"cannot write in {folder}: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def derived(folder: Path, what: str, errors: tuple[type[Exception], ...] = (OSError,)) -> Iterator[None]:
    """Be the only one who brings what is derived of a dataset, and lies in that folder, up to its state.

    `what` is what it is called. Raises DatasetError, with what to do, where another process does not let go
    of it, or the disk refuses, which whoever writes there says by one of `errors`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise DatasetError(f"another process keeps the {what} {folder}; try again later") from None
    except errors as error:
        advice = "Make room, or delete that folder: it is made anew when next asked for"
        raise DatasetError(f"cannot write the {what} {folder}: {error}. {advice}.") from error
