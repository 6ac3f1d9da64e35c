"""Unpacking what arrives as a .gz or .zip file, never beyond a limit on the unpacked size."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from collectors.errors import CollectError

_MAX_MEMBERS = 1_000
# What zipfile raises on damaged or encrypted archives, found by fuzzing.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)


def gunzip(body: bytes, limit: int) -> bytes:
    """The content of a gzip file of any number of members; `body` itself when it is not gzip.

    Raises CollectError: 'too_large' beyond `limit` bytes or 1,000 members, 'bad_gzip' when damaged or cut.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body
    content = bytearray()
    for _ in range(_MAX_MEMBERS):
        member = zlib.decompressobj(wbits=31)
        try:
            content += member.decompress(body, limit + 1 - len(content))
        except zlib.error as error:
            raise CollectError("bad_gzip", f"the gzip file is damaged: {error}") from error
        if len(content) > limit:
            raise CollectError("too_large", f"the gzip file unpacks to more than {limit:,} bytes.")
        if not member.eof:
            raise CollectError("bad_gzip", "the gzip file is cut short.")
        body = member.unused_data.lstrip(b"\0")
        if not body.startswith(b"\x1f\x8b"):
            return bytes(content)
    raise CollectError("too_large", f"the gzip file has more than {_MAX_MEMBERS:,} members.")


def unzip_lines(body: bytes, limit: int) -> Iterator[bytes]:
    """The lines of the one file in a zip file, read as they are unpacked.

    Raises CollectError: 'bad_zip' when it is damaged or not a zip of one file, 'too_large' beyond `limit`.
    """
    size = 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
            if len(names) != 1:
                raise CollectError("bad_zip", f"expected one file in the zip file, found {len(names)}.")
            with archive.open(names[0]) as lines:
                while line := lines.readline(limit - size + 1):
                    size += len(line)
                    if size > limit:
                        raise CollectError("too_large", f"the zip file unpacks to more than {limit:,} bytes.")
                    yield line.rstrip(b"\r\n")
    except _UNREADABLE as error:
        raise CollectError("bad_zip", f"the zip file cannot be read: {error}") from error
