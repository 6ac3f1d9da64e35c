"""Writing a settings file that somebody edits by hand, too."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def write_over(file: Path, text: str) -> None:
    """Write beside and rename over: the file is the old or the new one, whole, after any crash.

    A link stays a link, and the file that it leads to keeps its permissions. Raises OSError.
    """
    file = file.resolve()
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            shutil.copymode(file, beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
