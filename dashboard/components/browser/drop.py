"""A place to drop files on: they come in pieces that fit a message, and wait in a folder."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

import param

from dashboard.components.browser.component import Component

_ASSETS = Path(__file__).parents[2] / "assets"
MOST_FILES = 500
MOST_BYTES = 2 * 1024**3
"""What one drop may bring: more is for the command line."""
_UNSAFE = re.compile(r"[\x00-\x1f/\\\\:]+")


class Drop(Component):
    """Files that a visitor drops or chooses; `on_files(paths)` is called when all of a drop are here.

    `taken` counts the pieces that have arrived, and the page sends the next; `problem` is why a drop was
    refused.
    """

    invitation = param.String(
        default="Drop files here, or choose them: exports of press databases, tables, saved pages, "
        "ZIP archives"
    )
    taken = param.Integer(default=0)
    problem = param.String(default="")

    _esm = _ASSETS / "drop.js"
    _stylesheets: ClassVar[list[str]] = [(_ASSETS / "drop.css").read_text(encoding="utf-8")]

    def __init__(self, on_files: Callable[[list[Path]], None], **params: Any) -> None:
        params.setdefault("sizing_mode", "stretch_width")
        super().__init__(**params)
        self._on_files = on_files
        self._folder: TemporaryDirectory[str] | None = None
        self._paths: list[Path] = []
        self._bytes_left = 0

    @property
    def files(self) -> list[Path]:
        """The files of the last drop."""
        return list(self._paths)

    def clear(self) -> None:
        """Delete the files of the last drop."""
        if self._folder is not None:
            self._folder.cleanup()
        self._folder, self._paths = None, []

    def _handle_msg(self, data: Any) -> None:
        try:
            message = json.loads(data) if isinstance(data, str) else {}
            match message.get("kind"):
                case "begin":
                    self._begin([str(one["name"]) for one in message["files"]])
                case "piece":
                    self._take(int(message["file"]), base64.b64decode(message["data"], validate=True))
                case "end" if self._paths:
                    self._on_files(list(self._paths))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error):
            self.problem = "The page sent what is no file; try again."
        except OSError as error:
            self.problem = f"The files could not be kept: {error}"
        self.taken += 1

    def _begin(self, names: list[str]) -> None:
        self.clear()
        self.problem = ""
        if len(names) > MOST_FILES:
            raise ValueError("too many files")
        self._folder = TemporaryDirectory(prefix="pressgauge-", ignore_cleanup_errors=True)
        self._bytes_left = MOST_BYTES
        for number, name in enumerate(names):
            plain = _UNSAFE.sub("_", name).lstrip(".")[-120:] or "file"
            path = Path(self._folder.name) / str(number) / plain
            path.parent.mkdir()
            path.touch()
            self._paths.append(path)

    def _take(self, number: int, piece: bytes) -> None:
        self._bytes_left -= len(piece)
        if self._bytes_left < 0 or not 0 <= number < len(self._paths):
            self.clear()
            self.problem = "That is more than a page takes: use the command `pressgauge import`."
            return
        with self._paths[number].open("ab") as file:
            file.write(piece)
