"""A file to which records are added and in which nothing is ever changed: one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from filelock import FileLock, Timeout

from pressgauge.errors import DatasetError

_PATIENCE = 30  # seconds; another process writes some lines


class Journal:
    """Records that are only added; kept in memory where `path` is None.

    What `add` has returned from outlives a power failure. A line that a killed process left half written is
    no record: `damaged` are the numbers (1-based) of such lines.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.damaged: tuple[int, ...] = ()
        self._records: list[dict[str, Any]] = []
        self._file_state: tuple[int, int] | None = None
        self._content = b""  # of the file, as it was last read
        self._lines = 0
        self._reading = Lock()

    def add(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Add records, all or, after a crash, the first few of them. Raises DatasetError."""
        new_records = [dict(record) for record in records]
        if self.path is None:
            self._records += new_records
            return
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in new_records)
        content = lines.encode("utf-8", "replace")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_PATIENCE), self.path.open("ab+") as stream:
                if stream.tell():
                    stream.seek(-1, os.SEEK_END)
                    content = (b"" if stream.read(1) == b"\n" else b"\n") + content
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        except Timeout:
            raise DatasetError(f"another process keeps {self.path}; try again later") from None
        except OSError as error:
            raise DatasetError(f"cannot write {self.path}: {error.strerror or error}") from error

    def records(self) -> list[dict[str, Any]]:
        """All records, the oldest first: the same list, longer, where records were added since it was last
        asked for. Raises DatasetError."""
        if self.path is None:
            return self._records
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DatasetError(f"cannot read {self.path}: {error.strerror or error}") from error
        with self._reading:
            if (status.st_size, status.st_mtime_ns) != self._file_state:
                self._read_lines(self.path)
                self._file_state = status.st_size, status.st_mtime_ns
            return self._records

    def _read_lines(self, path: Path) -> None:
        """Read what was added to the file, or all of it where something else was done to it."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DatasetError(f"cannot read {path}: {error.strerror or error}") from error
        if not content.startswith(self._content) or self._is_last_line_open:
            self._content, self._lines, self._records, self.damaged = b"", 0, [], ()
        lines = content[len(self._content) :].split(b"\n")
        for number, line in enumerate(lines, self._lines + 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                self._records.append(record)
            else:
                self.damaged += (number,)
        self._content, self._lines = content, self._lines + len(lines) - 1

    @property
    def _is_last_line_open(self) -> bool:
        """Whether the last line was read without an end, and may have been half of one."""
        return bool(self._content) and not self._content.endswith(b"\n")
