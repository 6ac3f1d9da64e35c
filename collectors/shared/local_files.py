"""Files on this machine that a source names."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from pressgauge.settings.paths import data_dir


def local_path(url: str) -> Path:
    """The file or folder that a source's `url` names; a relative one lies in the data folder."""
    parts = urlsplit(url)
    path = Path(unquote(parts.path) if parts.scheme == "file" else url).expanduser()
    return path if path.is_absolute() else data_dir() / path
