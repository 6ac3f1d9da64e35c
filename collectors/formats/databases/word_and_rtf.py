"""Exports of databases as Word or RTF files (also RTF named .DOC): their paragraphs, read as the text or the
document that they were made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from collectors.formats.databases import proquest
from collectors.formats.databases.factiva import factiva
from collectors.formats.databases.nexis import nexis_docx, nexis_text
from collectors.formats.record import Item, Notice
from collectors.formats.syntax import rtf, word
from collectors.formats.syntax.content import Content

_SAMPLE = 400


def recognise(content: Content) -> bool:
    return word.is_word(content) or rtf.is_rtf(content)


def read(content: Content) -> Iterator[Item]:
    is_word = word.is_word(content)
    rtf_text = "" if is_word else rtf.marked_text(content)
    text = "\n".join(one.text for one in word.paragraphs(content)) if is_word else _centred(rtf_text)
    name = content.name
    reader: Callable[[], Iterator[Item]] | None = None
    if proquest.is_text(text):
        reader = lambda: proquest.articles(_pieces(text, proquest.boundary(text)), name)  # noqa: E731
    elif factiva.is_text(text):
        reader = lambda: factiva.articles(text, name)  # noqa: E731
    elif nexis_text.is_text(text):
        reader = lambda: nexis_text.articles(_pieces(text, nexis_text.DIVIDER), name, wrapped=False)  # noqa: E731
    elif nexis_docx.is_nexis(word.Paragraph(line) for line in islice(text.split("\n"), 6_000)):
        reader = lambda: nexis_docx.articles(map(word.Paragraph, text.split("\n")), {}, name)  # noqa: E731
    if reader is None:
        kind = "Word file" if is_word else "RTF file"
        yield Notice(
            "unknown_format",
            f"{name} is a {kind}, but no export of Nexis, Factiva or ProQuest: save a single article as text",
        )
        return
    yield from reader()


def _centred(rtf_text: str) -> str:
    """The text of RTF in which a centred paragraph is indented as in a text file."""
    return "\n".join(
        " " * 30 + rtf.unmarked(line).strip() if rtf.CENTRED in line else rtf.unmarked(line)
        for line in rtf_text.split("\n")
    )


def _pieces(text: str, boundary: re.Pattern[str]) -> Iterator[str]:
    starts = [match.start() for match in boundary.finditer(text)]
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        if end > start:
            yield text[start:end]
