"""Scripts and stylesheets as a browser gets them: compressed, once for all visitors."""

from __future__ import annotations

import gzip
import re
from collections.abc import Generator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tornado.web import StaticFileHandler

_TEXT = (".js", ".mjs", ".css", ".svg", ".json", ".map")
"""Endings of files that are text: pictures and fonts are compressed already."""
_COMPRESSED = "gzip:"
"""What the name of a file's compressed form begins with, and no absolute path does: behind it stand the time
of the file's change, so that of a changed file nothing is kept, and its path."""
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)
"""What a browser says that takes gzip, unless with a weight of nothing."""


class CompressedFiles(StaticFileHandler):
    """Files that are sent compressed to a browser that takes it so; before another handler of files in a
    class's bases, it does that to its files.

    It is gzip, which browsers take from everywhere: Brotli they ask for only over TLS and of localhost. Part
    of a file is sent as it is.
    """

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        path = super().validate_absolute_path(root, absolute_path)
        if path is None or not path.endswith(_TEXT):
            return path
        self.set_header("Vary", "Accept-Encoding")
        if "Range" in self.request.headers or not _GZIP.search(
            self.request.headers.get("Accept-Encoding", "")
        ):
            return path
        self.set_header("Content-Encoding", "gzip")
        return f"{_COMPRESSED}{Path(path).stat().st_mtime_ns}:{path}"

    def get_content_size(self) -> int:
        path = str(self.absolute_path)
        return len(_compressed(path)) if path.startswith(_COMPRESSED) else super().get_content_size()

    def get_modified_time(self) -> datetime:
        status = _file(str(self.absolute_path)).stat()
        return datetime.fromtimestamp(int(status.st_mtime), UTC)

    @classmethod
    def get_content(
        cls, abspath: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        if abspath.startswith(_COMPRESSED):
            yield _compressed(abspath)
        else:
            yield from super().get_content(abspath, start, end)


def _file(name: str) -> Path:
    return Path(name.split(":", 2)[2] if name.startswith(_COMPRESSED) else name)


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_file(name).read_bytes(), mtime=0)
