"""Files that hold files: ZIP archives of exports, and e-mails with exports in them."""

from __future__ import annotations

import codecs
import email
import email.policy
import io
import tempfile
import zlib
from collections.abc import Callable, Iterator
from zipfile import BadZipFile

from collectors.extraction.page.charset import allowed_codec
from collectors.formats.record import Item, Notice
from collectors.formats.syntax.content import Content, ContentError

_MEMBERS = 100_000
_MEMBER_BYTES = 512 * 1024 * 1024
_RATIO = 1_000
_IN_MEMORY = 32 * 1024 * 1024
DEPTH = 2
"""How deeply a file may lie in files."""
ReadPart = Callable[[Content], Iterator[Item]]


def is_zip(content: Content) -> bool:
    return content.is_zip


def is_mail(content: Content) -> bool:
    start = content.start
    return (
        "multipart/related" not in start[:1500]
        and sum(
            f"\n{name}:" in f"\n{start}"
            for name in ("from", "to", "subject", "mime-version", "message-id", "received", "date")
        )
        >= 3
    )


def zip_parts(content: Content, read: ReadPart) -> Iterator[Item]:
    """The items of every file in a ZIP archive, in the order of their names."""
    with content.zip() as archive:
        entries = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
        if len(entries) > _MEMBERS:
            raise ContentError("too_large", f"{content.name} holds more than {_MEMBERS:,} files.")
        for entry in sorted(entries, key=lambda one: one.filename):
            name = entry.filename
            if entry.file_size > _MEMBER_BYTES or entry.file_size > _RATIO * max(entry.compress_size, 4096):
                yield Notice(
                    "too_large", f"{name} in {content.name} unpacks to {entry.file_size:,} bytes", counts=True
                )
                continue
            try:
                with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file, archive.open(entry) as stream:
                    budget = _MEMBER_BYTES
                    while chunk := stream.read(min(1 << 20, budget)):
                        file.write(chunk)
                        budget -= len(chunk)
                    yield from read(Content(file, name.rsplit("/", 1)[-1], is_press=content.is_press))
            except (BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
                yield Notice("bad_zip", f"{name} in {content.name} cannot be unpacked: {error}", counts=True)


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in name.split("/"))


def mail_parts(content: Content, read: ReadPart) -> Iterator[Item]:
    """The items of an e-mail's text and attachments; the longest text counts, where it is given twice."""
    raw = mail_bytes(content)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [
        part for part in message.walk() if not part.is_multipart() and part.get_content_maintype() != "image"
    ]
    html = [part for part in parts if part.get_content_type() == "text/html"]
    texts = [part for part in parts if part.get_content_type() == "text/plain" and not part.get_filename()]
    selection = [part for part in parts if part not in texts or not html]
    for part in selection:
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            encoding = allowed_codec(part.get_content_charset() or "") or ""
            name = part.get_filename() or content.name
            yield from read(Content(io.BytesIO(payload), name, encoding=encoding, is_press=content.is_press))
    boundary = message.get_boundary()
    if boundary and f"--{boundary}--".encode() not in raw:
        detail = f"{content.name} ends in the middle: its last part may be incomplete, and others missing"
        yield Notice("cut_short", detail)


def mail_bytes(content: Content) -> bytes:
    """A message from its first header on: an editor may have saved it with a mark, or in UTF-16."""
    if content.encoding.startswith("utf-16"):
        return content.text().lstrip().encode()
    return content.data().removeprefix(codecs.BOM_UTF8).lstrip()
