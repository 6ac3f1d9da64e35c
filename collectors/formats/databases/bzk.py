"""Press clippings of Dutch ministries (Knipselkrant): headings, then '<i>outlet date</i>', between rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import lines_of, parse_html, text_of
from collectors.formats.values.dates import read_date
from collectors.formats.values.outlets import set_outlet
from collectors.formats.values.paragraphs import tidy

_START = re.compile(r"""<a name=["']?[^"'<>]{1,300}["']?>\s{0,5}</a>\s{0,20}<h[1-4]>""", re.IGNORECASE)
_LIST_LINK = re.compile(r"""<li>\s{0,5}<a href=["']?#""", re.IGNORECASE)
_SOURCE = re.compile(r"^(.{2,80}?)\s+(\d{1,2}[- ](?:\d{1,2}|[^\W\d]{3,10})[- ]\d{4})\s*$")
_FURNITURE = re.compile(r"^(?:VIEW ORIGINAL PAGE|https?://\S+$)")


def recognise(content: Content) -> bool:
    head = content.text_head
    return (
        _START.search(head) is not None
        and _LIST_LINK.search(head) is not None
        and ("knipselkrant" in head.lower() or "inhoudsopgave" in head.lower())
    )


def read(content: Content) -> Iterator[Item]:
    count = list_count = 0
    for piece in content.pieces(_START, overlap=700):
        list_count += len(_LIST_LINK.findall(piece))
        if not _START.match(piece):
            continue
        tree = parse_html(piece)
        title = next(tree.iter("h1", "h2", "h3", "h4"), None)
        source = next(tree.iter("i", "em"), None)
        record = Record(database="bzk")
        record.title = text_of(title) or None
        match = _SOURCE.match(text_of(source))
        if match:
            set_outlet(record, match[1])
            record.set_date(read_date(match[2]))
        links = [link.get("href") for link in tree.iter("a") if (link.get("href") or "").startswith("http")]
        printed_links = [link for link in tree.iter("a") if text_of(link).startswith("http")]
        for element in (title, source, *printed_links):
            if element is not None:
                element.clear(keep_tail=True)
        lines = [tidy(line) for line in lines_of(tree)]
        record.text = "\n".join(line for line in lines if not _FURNITURE.match(line)) or None
        if len(links) == 1 and "playlist" not in links[0]:
            record.url = links[0]
        if record.text and any(line.endswith(("...", "…")) for line in record.text.split("\n")):
            record.partial = "excerpt"
        if record.empty:
            yield Notice("empty_document", f"clipping {count + 1} of {content.name} has no text", counts=True)
            continue
        count += 1
        yield record
    if list_count and list_count != count:
        yield Notice("count_differs", f"{content.name} lists {list_count:,} clippings and holds {count:,}")
