"""LexisNexis plain text (to 2019): articles under lines such as '1 of 62 DOCUMENTS', 80 signs wide.

Also what was made of it: RTF and Word files, whose paragraphs are read as lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from collectors.formats.databases.nexis.blocks import Block, assemble, ends_text, is_copyright, label_of
from collectors.formats.record import Item, Notice
from collectors.formats.syntax.content import Content
from collectors.formats.values.paragraphs import blocks, unwrap, width_of

DIVIDER = re.compile(
    r"^[ \t\ufeff]{0,80}(?:(\d[\d.,]{0,8})[ \t]{1,3}(?:of|von|de|van|af|di|sur|av|/)[ \t]{1,"
    r"3}(\d[\d.,]{0,8})[ \t]{1,3}"
    r"(?:DOCUMENTS?|DOKUMENTE?N?|DOCUMENTOS?|DOCUMENTEN|DOKUMENTER|DOCUMENTI)"
    r"|(?:Dokument|Document|Documento|DOKUMENT|DOCUMENT|DOCUMENTO)[ \t]{1,3}(\d{1,7})[ \t]{1,3}"
    r"(?:of|von|de|van|af|di|sur|av)[ \t]{1,3}(\d{1,7}))[ \t\r]{0,80}$",
    re.MULTILINE,
)
_WIDTH = 80


def recognise(content: Content) -> bool:
    head = content.text_head
    return not head[:200].lstrip().startswith(("<", "{\\rtf")) and is_text(head)


def is_text(text: str) -> bool:
    """Whether a text has a divider of Nexis and one of its labels."""
    match = DIVIDER.search(text)
    if match is None or "______________________" in text[:2000]:
        return False
    return (
        any(
            (label := label_of(line)) and (ends_text(label[0]) or label[1] == "")
            for line in text[match.end() :].splitlines()
        )
        or "copyright" in text[match.end() :].lower()
    )


def read(content: Content) -> Iterator[Item]:
    yield from articles(content.pieces(DIVIDER), content.name, wrapped=True)


def articles(pieces: Iterable[str], name: str, *, wrapped: bool) -> Iterator[Item]:
    """The articles of texts that each begin with a divider; what stands before the first is the cover."""
    totals: set[int] = set()
    read_count = pieces_count = 0
    for piece in pieces:
        divider = DIVIDER.match(piece)
        if divider is None:
            continue
        pieces_count += 1
        totals.add(int(re.sub(r"\D", "", divider[2] or divider[4])))
        record = assemble(_blocks(piece[divider.end() :], wrapped))
        if record.title is None and record.text is None:
            number = divider[1] or divider[3]
            yield Notice("empty_document", f"document {number} of {name} has no text", counts=True)
            continue
        read_count += 1
        yield record
    if len(totals) == 1 and (total := totals.pop()) != pieces_count:
        yield Notice(
            "count_differs",
            f"{name} is numbered up to {total:,} documents and holds {pieces_count:,}: export the others too",
        )


def _blocks(text: str, wrapped: bool) -> Iterator[Block]:
    lines = text.split("\n")
    width = width_of(lines) if wrapped else 10**6
    for lines_of_block in blocks(lines):
        centred = _is_centred(lines_of_block)
        start = 0
        for at, line in enumerate(lines_of_block):
            label = label_of(line)
            if label and at > start and not (ends_text(label[0]) or start == 0):
                label = None
            if label or (at and is_copyright(line) and line.startswith("      ")):
                if at > start:
                    yield from _block(lines_of_block[start:at], centred, width)
                start = at
        yield from _block(lines_of_block[start:], centred, width)


def _block(lines: list[str], centred: bool, width: int) -> Iterator[Block]:
    label = label_of(lines[0])
    if label:
        rest = [label[1], *lines[1:]] if label[1] else lines[1:]
        yield Block(unwrap(rest, width) if rest else [], centred, label[0])
    elif centred:
        yield Block([line.strip() for line in lines], centred)
    else:
        yield Block(unwrap(lines, width))


def _is_centred(lines: list[str]) -> bool:
    """Whether the lines stand in the middle: as much room before them as after, or nearly."""
    first = lines[0]
    indent = len(first) - len(first.lstrip(" "))
    room = _WIDTH - indent - len(first.strip())
    return (indent >= 8 and abs(indent - room) <= 12) or (len(lines) > 1 and lines[1].startswith(" " * 12))
