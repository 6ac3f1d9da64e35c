"""Which files were read whole and are what was written: noted beside them, and believed for a week.

Reading gigabytes to be sure of them is most of what opening a large dataset takes. A file that has the same
inode, size, and times of its last change as then is believed for a week; written to, copied or put back by
whatever program, it has another time (`st_ctime`, which no program can set) and is read again. What a disk
changes by itself is noticed when the week is over.
"""

from __future__ import annotations

import contextlib
import json
import time
import zlib
from collections.abc import Collection
from pathlib import Path

from pressgauge.store import disk

State = tuple[str, int, int, int, int]
"""A file's path, inode, size and times of its last writing and change (ns)."""

NOTES = "checked.json"
_WEEK = 7 * 24 * 3600
_SETTLED = 2.0
"""Seconds after its last change from which a further one gives a file another time on any file system."""
_checked: dict[State, float] = {}
"""When a file in this state was read and was whole."""


def state_of(file: Path) -> State:
    """Raises OSError."""
    status = file.stat()
    return str(file), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def was_read(state: State) -> None:
    """Remember that a file was read just now, and whole."""
    _checked[state] = time.time()


class Checked:
    """The files of `folder` that were read by this process, or noted in `file` by any."""

    def __init__(self, file: Path, folder: Path) -> None:
        self._file = file
        self._noted = _notes(file, folder)

    def believes(self, state: State) -> bool:
        return _is_recent(_checked.get(state)) or state in self._noted

    def note(self, states: Collection[State], least: int = 1) -> None:
        """Note these states only, if `least` of them are new and their files were not changed just now."""
        old = {state: at for state, at in self._noted.items() if state in states}
        new = {
            state: at
            for state in states
            if (at := _checked.get(state)) is not None
            and at - state[-1] / 1e9 > _SETTLED
            and state not in old
        }
        if len(new) < least:
            return
        self._noted = {**old, **new}
        text = json.dumps([[Path(name).name, *numbers, at] for (name, *numbers), at in self._noted.items()])
        with contextlib.suppress(OSError):
            disk.replace(self._file, f"{zlib.crc32(text.encode()):08x}\n{text}".encode())


def _is_recent(at: float | None) -> bool:
    """Whether what was noted at a time is still believed."""
    return at is not None and 0 <= time.time() - at < _WEEK


def _notes(file: Path, folder: Path) -> dict[State, float]:
    """The states that were noted within a week, and when each was read. A note that is damaged is none."""
    try:
        crc, _, text = file.read_text("utf-8").partition("\n")
        if crc != f"{zlib.crc32(text.encode()):08x}":
            return {}
        return {
            (str(folder / name), *numbers): at for name, *numbers, at in json.loads(text) if _is_recent(at)
        }
    except (OSError, ValueError, TypeError):
        return {}
