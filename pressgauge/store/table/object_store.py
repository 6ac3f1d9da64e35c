"""Files at an object store's URL, or below a local folder, by one interface."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.fs as pa_fs
from deltalake.fs import DeltaStorageHandler


def files_at(location: str, options: dict[str, str] | None = None) -> pa_fs.FileSystem:
    """The files below `location` (a folder that exists, or s3://, gs://, az://), by relative paths.

    `options` are those of `pressgauge.open`. A file that is written appears whole when its stream is closed.
    """
    return pa_fs.PyFileSystem(_Handler(location, options))


class _Handler(DeltaStorageHandler):
    def open_output_stream(self, path: str, metadata: Any = None) -> pa.PythonFile:
        return pa.PythonFile(_Sink(self._handler.open_output_stream(path, metadata)), mode="w")


class _Sink:
    """Arrow hands a stream its buffers, deltalake's takes nothing but bytes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, buffer: Any) -> int:
        content = bytes(buffer)
        self._stream.write(content)
        return len(content)

    def flush(self) -> None:
        self._stream.flush()

    def close(self) -> None:
        self._stream.close()

    @property
    def closed(self) -> bool:
        return bool(self._stream.closed)
