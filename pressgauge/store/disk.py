"""How a file is replaced so that a crash leaves the old or the new one, whole; and where one may write."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import IO

_TOKEN, _NEW = 8, ".new"
_HOUR = 3600
"""Seconds after its last writing from which a file that nobody renamed is taken for a killed process's."""

Content = bytes | memoryview | Callable[[IO[bytes]], object]


def replace(file: Path, content: Content) -> None:
    """Write `content` (bytes, or what writes them into a stream) beside `file` and rename it over.

    Where `file` is a link, what it leads to is replaced and the link stays; where it is there already, it
    keeps its mode. It is on disk, name included, when this returns. The file beside has a name that nobody
    can guess and is made anew, so that no link leads the writing astray. Raises OSError, and leaves nothing.
    What a process left that was killed meanwhile is deleted by whoever replaces the file next, an hour later.
    """
    target = file.resolve() if file.is_symlink() else file
    _delete_leftovers(target)
    beside = target.with_name(f".{target.name[:200]}.{secrets.token_hex(_TOKEN)}{_NEW}")
    try:
        with beside.open("xb") as stream:
            with contextlib.suppress(FileNotFoundError):
                beside.chmod(stat.S_IMODE(target.stat().st_mode))
            if callable(content):
                content(stream)
            else:
                stream.write(content)
        put(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _delete_leftovers(target: Path) -> None:
    """Delete what killed processes wrote beside a file; what cannot be deleted stays."""
    start, oldest = f".{target.name[:200]}.", time.time() - _HOUR
    length = len(start) + 2 * _TOKEN + len(_NEW)
    with contextlib.suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            name = entry.name
            is_ours = len(name) == length and name.startswith(start) and name.endswith(_NEW)
            if is_ours and entry.stat(follow_symlinks=False).st_mtime < oldest:
                Path(entry.path).unlink(missing_ok=True)


def put(beside: Path, target: Path) -> None:
    """Rename a file that was written beside another over that one: on disk, name included, when this returns.
    Raises OSError."""
    with beside.open("rb") as stream:
        os.fsync(stream.fileno())
    beside.replace(target)
    sync(target.parent)


def keep_only(folder: Path, names: Collection[str]) -> None:
    """Delete the files of a folder that have none of these names; one that cannot be deleted stays."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if file.name not in names:
                file.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Be sure that the names in a folder are on disk; one that cannot be read is left to the system."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_writable(folder: Path) -> bool:
    """Whether the folder, or the nearest parent that exists, may be written."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return os.access(existing, os.W_OK)
