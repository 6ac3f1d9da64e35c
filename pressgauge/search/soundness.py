"""Whether the files of an index are what was written: by their checksums, each read once a week (`checked`);
`pressgauge doctor` reads all.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import tantivy

from pressgauge.search.index import schema, with_analyzers
from pressgauge.store.checked import NOTES, Checked, State, state_of, was_read

_SUFFIXES = (".term", ".idx", ".pos", ".fast", ".fieldnorm", ".store")
_MAGIC = 1337  # ends every Tantivy file, after a JSON footer with the checksum and that footer's length


def sound(path: Path, *, anew: bool = False) -> bool:
    """Whether there is an index of today's schema, and every file has the checksum it was written with.

    With `anew`, all files are read, whatever is known of them.
    """
    try:
        meta = json.loads((path / "meta.json").read_bytes())
        files = [file for segment in meta["segments"] for file in _segment_files(path, segment)]
        checked = None if anew else Checked(path.parent / NOTES, path)
        with ThreadPoolExecutor() as pool:
            states = list(pool.map(lambda file: _intact_state(file, checked), files))
        if None in states or open_stored(path).schema != schema():
            return False
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return False
    if checked is not None:  # to examine is to change nothing
        checked.note([state for state in states if state is not None])
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


def _intact_state(file: Path, checked: Checked | None) -> State | None:
    """The state of a file that has its checksum, None of one that has not."""
    state = state_of(file)
    if checked is None or not checked.believes(state):
        if not _has_checksum(file):
            return None
        was_read(state)
    return state


def _has_checksum(file: Path) -> bool:
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        size, magic = struct.unpack("<II", content[-8:])
        if magic != _MAGIC:
            return False
        footer = json.loads(content[-8 - size : -8])
        with memoryview(content) as view, view[: -8 - size] as body:
            return zlib.crc32(body) == footer["crc"]
