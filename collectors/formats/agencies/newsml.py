"""NewsML 1 (2000 to 2010) and NewsML-G2 (since 2006). The newsmlg2 package reads only G2 and by its own
classes, at a hundred items a second; the dozen elements wanted here are read from the tree."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from collectors.formats.agencies.closing import without_closing
from collectors.formats.agencies.nitf import content_lines
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.syntax.markup import (
    children,
    every,
    first,
    html_lines,
    lines_of,
    local,
    text_of,
    value,
)
from collectors.formats.syntax.xmlstream import elements
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code
from collectors.formats.values.paragraphs import blocks, unwrap, width_of

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PRIVATE = ("np-nonpublic", "notepad", "closingline", "nonpublic")
_NOT_TEXT = (
    "figure",
    "figcaption",
    "aside",
    "script",
    "style",
    "head",
    "title",
    "header",
    "footer",
    "nav",
    "time",
    "h1",
)


# NewsML 1


def recognise_1(content: Content) -> bool:
    return "<newsml" in content.start or "<!doctype newsml" in content.start


def read_1(content: Content) -> Iterator[Item]:
    for number, item in enumerate(elements(content, "NewsItem"), 1):
        texts = sorted((_data(one) for one in every(item, "DataContent")), key=_size)
        if not texts or not texts[-1]:
            kinds = {one.get("FormalName") for one in every(item, "MediaType")} or {"no content"}
            yield Notice(
                "not_text",
                f"item {number} of {content.name} is {', '.join(sorted(map(str, kinds)))}",
                counts=True,
            )
            continue
        record = Record(database="newsml", title=value(item, "//HeadLine"))
        record.authors = persons(value(item, "//ByLine"))
        record.text = "\n".join(without_closing(texts[-1])) or None
        record.set_date(
            read_date(
                value(item, "//FirstCreated")
                or value(item, "//ThisRevisionCreated")
                or value(item, "//DateId")
            )
        )
        party, language = first(item, "//Provider/Party"), first(item, "//DescriptiveMetadata/Language")
        record.outlet = (party.get("FormalName") if party is not None else None) or value(
            item, "//ProviderId"
        )
        record.language = language_code(
            language.get("FormalName") if language is not None else item.get(_LANG)
        )
        provider, news_id = value(item, "//ProviderId"), value(item, "//NewsItemId")
        record.document = f"{provider}:{news_id}" if provider and news_id else None
        yield record.note(dateline=value(item, "//DateLine"))


def _data(content: etree._Element) -> list[str]:
    """The lines of a DataContent: NITF, XHTML or text."""
    if first(content, "//body.content") is not None:
        return content_lines(content)
    if len(content):
        return lines_of(content)
    return html_lines(content.text)


# NewsML-G2


def recognise_g2(content: Content) -> bool:
    return "iptc.org/std/nar" in content.text_head and (
        "newsItem" in content.text_head or "newsMessage" in content.text_head
    )


def read_g2(content: Content) -> Iterator[Item]:
    for number, item in enumerate(elements(content, "newsItem"), 1):
        kind = first(item, "itemMeta/itemClass")
        name = (kind.get("qcode") or "").rpartition(":")[2] if kind is not None else "text"
        lines = _content(item)
        if name not in ("text", "composite", "") and not lines:
            yield Notice("not_text", f"item {number} of {content.name} is of class {name}", counts=True)
            continue
        yield _g2_record(item, lines)


def _g2_record(item: etree._Element, lines: list[str]) -> Record:
    meta = first(item, "contentMeta")
    record = Record(database="newsml", document=item.get("guid"))
    headlines = list(children(meta, "headline")) if meta is not None else []
    main = [one for one in headlines if not one.get("role") or "sub" not in (one.get("role") or "").lower()]
    record.title = text_of(main[0]) if main else value(item, "//HeadLine")
    subtitle = next((text_of(one) for one in headlines if one not in main), None)
    record.authors = persons(value(meta, "by"))
    if (
        not record.authors
        and lines
        and len(lines[0]) <= 80
        and lines[0].lower().startswith(("by ", "von ", "par ", "por ", "di "))
    ):
        record.authors = persons(lines[0])
        if record.authors and len(lines) > 1:
            lines = lines[1:]
    record.text = "\n".join(without_closing(lines)) or None
    record.set_date(
        read_date(
            value(item, "itemMeta/firstCreated")
            or value(meta, "contentCreated")
            or value(item, "itemMeta/versionCreated")
        )
    )
    record.outlet = _provider(item)
    tag = first(meta, "language")
    record.language = language_code((tag.get("tag") if tag is not None else None) or item.get(_LANG))
    return record.note(
        subtitle=subtitle,
        dateline=value(meta, "dateline"),
        place=value(meta, "located/name"),
        slug=value(meta, "slugline"),
    )


def _content(item: etree._Element) -> list[str]:
    """The lines of a contentSet's longest XML, else of its longest text, without what is not public."""
    markup: list[list[str]] = [[]]
    texts: list[list[str]] = [[]]
    for one in (node for part in every(item, "contentSet") for node in part):
        if any(mark in (one.get("rendition") or "") for mark in ("nonpublic", "headline")):
            continue
        if local(one) == "inlineXML":
            for node in list(one.iter(etree.Element)):
                names = (node.get("class") or "").split()
                if any(name in _PRIVATE for name in names) or local(node) in _NOT_TEXT:
                    node.clear(keep_tail=True)
            markup.append(content_lines(one) if first(one, "//body.content") is not None else lines_of(one))
        elif local(one) == "inlineData" and one.get("encoding") is None:
            texts.append(_inline(one))
    return max(markup, key=_size) or max(texts, key=_size)


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))


def _inline(data: etree._Element) -> list[str]:
    """Text in a CDATA section: with tags, or with lines indented where a paragraph begins."""
    text = data.text or ""
    if "<p" in text.lower() and text.lower().count("<p") > 1:
        return html_lines(text)
    plain = "".join(line + "\n" for line in text.replace("<p>", "\n").replace("</p>", "\n").split("\n"))
    lines = plain.split("\n")
    width = width_of(lines)
    return [
        one
        for block in blocks(lines)
        for one in unwrap([block[0].strip() and "   " + block[0].strip(), *block[1:]], width)
    ]


def _provider(item: etree._Element) -> str | None:
    """The agency by its credit line, its code, the holder of the rights or its name, in this order."""
    source, provider, holder = (
        first(item, "//infoSource"),
        first(item, "itemMeta/provider"),
        first(item, "//copyrightHolder"),
    )
    code = (provider.get("qcode") or "").rpartition(":")[2] if provider is not None else ""
    names = (
        value(item, "//creditline"),
        source.get("literal") if source is not None else None,
        code,
        holder.get("literal") if holder is not None else None,
        value(item, "itemMeta/provider/name"),
        provider.get("literal") if provider is not None else None,
    )
    return next((name.strip() for name in names if name and name.strip()), None)
