"""LexisNexis HTML (to 2019): an article after each anchor DOC_ID_n_m; what the class numbers mean is said in
the file's own style, and changes from file to file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from collectors.formats.databases.nexis.blocks import Block, assemble, label_of
from collectors.formats.databases.nexis.nexis_text import DIVIDER
from collectors.formats.record import Item, Notice
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import lines_of, parse_html

_ANCHOR = re.compile(r"""<a\s[^<>]{0,20}name=["']?DOC_ID_\d""", re.IGNORECASE)
_RULE = re.compile(r"\.(c\d{1,3})\s*\{([^{}]{0,400})\}")
_DOCUMENTS = re.compile(r"""<meta\s[^<>]{0,100}documents=["']?(\d{1,7})""", re.IGNORECASE)
_SIZE = re.compile(r"font-size:\s?(\d{1,3})")
_BLOCKS = frozenset(("p", "br", "div"))


def recognise(content: Content) -> bool:
    head = content.text_head
    return _ANCHOR.search(head) is not None and (
        "LXNComment" in head or DIVIDER_TEXT.search(head) is not None
    )


DIVIDER_TEXT = re.compile(
    r">\s*\d[\d.,]*\s+(?:of|von|de|van|af|di|sur)\s+\d[\d.,]*\s+[A-Z]*DO[CK]UM", re.IGNORECASE
)


def read(content: Content) -> Iterator[Item]:
    centred: frozenset[str] = frozenset()
    large: frozenset[str] = frozenset()
    total, numbered, count = 0, set(), 0
    for piece in content.pieces(_ANCHOR):
        if not _ANCHOR.match(piece):
            rules = dict(_RULE.findall(piece))
            centred = frozenset(name for name, rule in rules.items() if "center" in rule)
            large = _headline_classes(rules)
            total = int(match[1]) if (match := _DOCUMENTS.search(piece)) else 0
            continue
        blocks = list(_blocks(piece, centred, large))
        count += 1
        if blocks and (match := DIVIDER.match(" ".join(blocks[0].lines))):
            numbered.add(int(re.sub(r"\D", "", match[2] or match[4])))
            del blocks[0]
        record = assemble(blocks)
        if record.title is None and record.text is None:
            yield Notice("empty_document", f"document {count} of {content.name} has no text", counts=True)
        else:
            yield record
    says = total or (numbered.pop() if len(numbered) == 1 else count)
    if says != count:
        yield Notice(
            "count_differs",
            f"{content.name} announces {says:,} documents and holds {count:,}: export the others too",
        )


def _headline_classes(rules: dict[str, str]) -> frozenset[str]:
    """The classes of bold letters larger than those of the text."""
    sizes = {name: int(size[1]) for name, rule in rules.items() if (size := _SIZE.search(rule))}
    usual = Counter(sizes.values()).most_common(1)[0][0] if sizes else 0
    return frozenset(n for n, size in sizes.items() if size > usual and "font-weight: bold" in rules[n])


def _blocks(piece: str, centred: frozenset[str], large: frozenset[str]) -> Iterator[Block]:
    tree = parse_html(piece)
    for element in tree.iter("div"):
        if element.getparent() is None or any(
            up.tag == "div" and up.get("class") for up in element.iterancestors()
        ):
            continue
        if element.get("class") is None:
            continue
        lines = lines_of(element, breaks=_BLOCKS)
        if not lines:
            continue
        middle = element.get("class") in centred
        if any(span.get("class") in large for span in element.iter("span")):
            yield Block(lines, middle, "HEADLINE")
        elif (label := label_of(lines[0])) and _bold_label(element, label[0]):
            yield Block([label[1], *lines[1:]] if label[1] else lines[1:], middle, label[0])
        else:
            yield Block(lines, middle)


def _bold_label(element: etree._Element, label: str) -> bool:
    """Whether the first run of text is the label alone, which sets it apart from a text."""
    span = next((one for one in element.iter("span", "b", "strong") if (one.text or "").strip()), None)
    return span is None or (span.text or "").strip(" :\xa0\n").replace(" ", "-").upper() == label
