"""The demo press as Common Crawl would have captured it: WARC files (ISO 28500), a gzip member a record."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from datetime import UTC, timedelta
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from collectors.demo.pages import render
from collectors.demo.press import Piece


def write_archive(file: Path, pieces: Iterable[Piece]) -> int:
    """Write the pages of articles, each captured an hour after its publication; how many bytes they have."""
    size = 0
    with file.open("wb") as archive:
        for piece in pieces:
            page, content_type = render(piece, f"https://{piece.outlet.domain}")
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            captured = piece.published.astimezone(UTC) + timedelta(hours=1)
            record.headers["WARC-Date"] = f"{captured:%Y-%m-%dT%H:%M:%SZ}"
            record.headers["WARC-Target-URI"] = piece.url
            record.headers["Content-Type"] = "application/http; msgtype=response"
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n"
            record.set_bytes_content(head.encode() + page)
            plain = io.BytesIO()
            record.write(plain)
            archive.write(gzip.compress(plain.getvalue(), mtime=0))
            size += len(page)
    return size
