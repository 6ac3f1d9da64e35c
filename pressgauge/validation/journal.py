"""A file to which records are added and in which nothing is ever changed: one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
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
        """All records, the oldest first. Raises DatasetError."""
        if self.path is None:
            return self._records
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DatasetError(f"cannot read {self.path}: {error.strerror or error}") from error
        if (status.st_size, status.st_mtime_ns) != self._file_state:
            self._read_lines()
            self._file_state = status.st_size, status.st_mtime_ns
        return self._records

    def _read_lines(self) -> None:
        assert self.path is not None
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError as error:
            raise DatasetError(f"cannot read {self.path}: {error.strerror or error}") from error
        records, bad_lines = [], []
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if isinstance(record, dict):
                records.append(record)
            else:
                bad_lines.append(number)
        self._records, self.damaged = records, tuple(bad_lines)
