"""Plain text: a list of addresses, or one article where nothing speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collectors.formats.pages.objections import LONGEST, objection
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.values.paragraphs import blocks, tidy, unwrap, width_of
from pressgauge.urls import is_web

_HASHES = re.compile(r"^#{1,6}\s+")


def recognise(content: Content) -> bool:
    return bool(content.text_head.strip()) and not content.start.startswith(("<", "{", "%pdf-", "%!ps"))


def read(content: Content) -> Iterator[Item]:
    if content.size > 4 * LONGEST and not _is_list(content.text_head.split("\n")):
        yield Notice(
            "unknown_format", f"{content.name} is a text of {content.size:,} bytes in no known layout"
        )
        return
    text = content.text()
    lines = text.split("\n")
    if _is_list(lines):
        for line in lines:
            plain = line.strip()
            if is_web(plain):
                yield Record(url=plain)
            elif plain and not plain.startswith("#"):
                yield Notice("bad_url", f"{plain[:120]} is no address", counts=True)
        return
    if against := objection(text):
        yield Notice(
            "unknown_format", f"{content.name} is a text in no known layout, and no single article: {against}"
        )
        return
    filled = [line for line in lines if line.strip()]
    title, body = filled[0], lines[lines.index(filled[0]) + 1 :]
    width = width_of(body)
    record = Record(title=_HASHES.sub("", tidy(title)))
    paragraphs = (one for block in blocks(body) for one in unwrap(block, width))
    record.text = "\n".join(_HASHES.sub("", one) for one in paragraphs) or None
    yield record


def _is_list(lines: list[str]) -> bool:
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    return bool(entries) and 2 * sum(map(is_web, entries)) > len(entries)
