"""Whether the files of an index are what was written: by their checksums, each read once.

Reading gigabytes to be sure of them is most of what opening a large index takes, so what was read and whole
is noted beside it. A file that has the same inode, size, and times of its last change as then is believed
for a week; written to, copied or put back by whatever program, it has another time (`st_ctime`, which no
program can set) and is read again. What a disk changes by itself is noticed when the week is over, or by
`pressgauge doctor`, which believes no note.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import tantivy

from pressgauge.search.index import schema, with_analyzers
from pressgauge.store import disk

State = tuple[str, int, int, int, int]
"""A file's path, inode, size and times of its last writing and change (ns)."""

NOTES = "checked.json"
_WEEK = 7 * 24 * 3600
_SETTLED = 2.0
"""Seconds after its last change from which a further one gives a file another time on any file system."""
_SUFFIXES = (".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store")
_MAGIC = 1337  # ends every Tantivy file, after a JSON footer with the checksum and that footer's length
_checked: dict[State, float] = {}
"""When a file in this state was read and had its checksum."""


def sound(path: Path, *, anew: bool = False) -> bool:
    """Whether there is an index of today's schema, and every file has the checksum it was written with.

    With `anew`, all files are read, whatever is known of them.
    """
    try:
        meta = json.loads((path / "meta.json").read_bytes())
        files = [file for segment in meta["segments"] for file in _segment_files(path, segment)]
        noted = {} if anew else _notes(path)
        with ThreadPoolExecutor() as pool:
            states = list(pool.map(lambda file: _intact_state(file, noted, anew), files))
        if None in states or open_stored(path).schema != schema():
            return False
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
    if not anew:  # to examine is to change nothing
        _note(path, [state for state in states if state is not None], noted)
    return True


def open_stored(path: Path) -> tantivy.Index:
    """The index in a folder. Raises ValueError."""
    return with_analyzers(tantivy.Index.open(str(path)))


def _segment_files(path: Path, segment: dict[str, Any]) -> list[Path]:
    """The files that make up a segment. Raises KeyError when one is missing."""
    name = segment["segment_id"].replace("-", "")
    by_suffix = {file.suffix: file for file in path.glob(f"{name}.*") if file.suffix != ".del"}
    files = [by_suffix[suffix] for suffix in _SUFFIXES]
    if segment["deletes"]:  # by name: a killed commit may have left other lists of deletions
        files.append(path / f"{name}.{segment['deletes']['opstamp']}.del")
    return files


def _intact_state(file: Path, noted: dict[State, float], anew: bool) -> State | None:
    """The state of a file that has its checksum, None of one that has not."""
    status = file.stat()
    state = str(file), status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
    if anew or not (_is_recent(_checked.get(state)) or state in noted):
        if not _has_checksum(file):
            return None
        _checked[state] = time.time()
    return state


def _is_recent(at: float | None) -> bool:
    """Whether what was noted at a time is still believed."""
    return at is not None and 0 <= time.time() - at < _WEEK


def _has_checksum(file: Path) -> bool:
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        size, magic = struct.unpack("<II", content[-8:])
        if magic != _MAGIC:
            return False
        footer = json.loads(content[-8 - size : -8])
        with memoryview(content) as view, view[: -8 - size] as body:
            return zlib.crc32(body) == footer["crc"]


def _notes(path: Path) -> dict[State, float]:
    """The states that were noted within a week, and when each was read. A note that is damaged is none."""
    try:
        crc, _, text = (path.parent / NOTES).read_text("utf-8").partition("\n")
        if crc != f"{zlib.crc32(text.encode()):08x}":
            return {}
        return {(str(path / name), *numbers): at for name, *numbers, at in json.loads(text) if _is_recent(at)}
    except (OSError, ValueError, TypeError):
        return {}


def _note(path: Path, states: list[State], noted: dict[State, float]) -> None:
    """Note these states, if any of them is new and its file was not changed just now."""
    old = {state: at for state, at in noted.items() if state in states}
    new = {
        state: at
        for state in states
        if (at := _checked.get(state)) is not None and at - state[-1] / 1e9 > _SETTLED and state not in old
    }
    if not new:
        return
    text = json.dumps([[Path(name).name, *numbers, at] for (name, *numbers), at in {**old, **new}.items()])
    with contextlib.suppress(OSError):
        disk.replace(path.parent / NOTES, f"{zlib.crc32(text.encode()):08x}\n{text}".encode())
