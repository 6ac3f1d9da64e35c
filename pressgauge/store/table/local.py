"""The folder of a table on this machine: whether it can be named, and a new file in it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from shutil import copyfileobj
from typing import IO

from pressgauge.errors import DatasetError, one_line
from pressgauge.store import disk

_ODD = re.compile(r"%[0-9A-Fa-f]{2}|[\\\x00-\x1f\x7f\ud800-\udfff]")


def require_nameable(folder: Path) -> None:
    """Raise DatasetError for a folder that Delta (deltalake 1.6.6) writes and cannot read: it takes %41 for
    an A, a backslash for a slash, and refuses characters that are not printed or no UTF-8."""
    name = str(folder.resolve())  # as Delta does
    if odd := sorted(set(_ODD.findall(name))):
        characters = ", ".join(map(repr, odd))
        problem = f"a dataset cannot be kept at {one_line(name)}: Delta cannot read a path with {characters}"
        raise DatasetError(f"{problem}; rename that folder")


def keep(content: IO[bytes], folder: Path, path: str) -> None:
    """Write a new file in a table's folder and be sure that it is on disk."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(folder.resolve()):
        raise DatasetError(f"{target.parent} leads out of the dataset by a link; remove that link")
    try:
        with target.open("xb") as file:
            copyfileobj(content, file)
            file.flush()
            os.fsync(file.fileno())
        disk.sync(target.parent)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
