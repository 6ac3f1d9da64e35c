"""A file of any format as records and notices: recognised, read, and its pages extracted. It runs in the
sandbox, where nothing of a file can reach the network, start a program or take the machine's memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from collectors.extraction.extract import extract
from collectors.extraction.language import language_of
from collectors.formats.pages.objections import objection
from collectors.formats.record import Item, Notice, Record, cut_short
from collectors.formats.registry import Format, is_container, recognise
from collectors.formats.syntax import containers
from collectors.formats.syntax.content import Content, ContentError
from collectors.formats.values.addresses import own_address
from pressgauge.errors import quantity

_ENOUGH = 400
"""Characters that a page without an address of its own must have to be an article."""
_CLEAR = 200
"""Characters of a text from which its language is told, whatever the file says."""


def items(content: Content, depth: int = 0) -> Iterator[tuple[str, Item]]:
    """(name of the format, record or notice) of everything in a file, in its order; never raises for what the
    file holds."""
    mail = containers.is_mail(content)
    try:
        file_format = None if mail else recognise(content)
    except ContentError as error:
        yield "unknown", Notice(error.reason, error.detail)
        return
    if file_format is None and is_container(content):
        if depth >= containers.DEPTH:
            yield "container", Notice("too_deep", f"{content.name} lies in too many archives", counts=True)
            return
        parts = containers.mail_parts if mail else containers.zip_parts
        yield from _nested(content, parts, depth)
        return
    if file_format is None:
        yield "unknown", Notice("unknown_format", _unknown(content))
        return
    count, is_silent = 0, True
    try:
        for item in _whole(file_format, content):
            is_silent = False
            outcome = _with_page(item, content) if isinstance(item, Record) else item
            count += isinstance(outcome, Record)
            yield file_format.name, outcome
        if is_silent:
            detail = f"{content.name} looks like {file_format.label}, and no article was recognised in it"
            yield file_format.name, Notice("no_articles", detail)
    except ContentError as error:
        yield (
            file_format.name,
            Notice(
                error.reason,
                f"{error.detail} {quantity(count, 'article')} read before." if count else error.detail,
            ),
        )


def _whole(file_format: Format, content: Content) -> Iterator[Item]:
    """What a reader finds in a file, without the last article where an export lacks its end."""
    found = file_format.read(content)
    if not (file_format.name.endswith(("-html", "-rtf")) and content.is_cut):
        yield from found
        return
    last: Record | None = None
    for item in found:
        if isinstance(item, Notice):
            yield item
            continue
        if last is not None:
            yield last
        last = item
    yield cut_short(content.name)


def _nested(
    content: Content, parts: Callable[[Content, containers.ReadPart], Iterator[Item]], depth: int
) -> Iterator[tuple[str, Item]]:
    names: list[str] = []

    def read(part: Content) -> Iterator[Item]:
        for name, item in items(part, depth + 1):
            names.append(name)
            yield _of_mail(item, part) if name in ("text", "html") and part.name == content.name else item

    try:
        empty = True
        for item in parts(content, read):
            empty = False
            yield (names.pop() if names else "container"), item
            names.clear()
        if empty:
            yield "container", Notice("no_articles", f"{content.name} holds no file that is read")
    except ContentError as error:
        yield "container", Notice(error.reason, error.detail)


def _of_mail(item: Item, part: Content) -> Item:
    """What a mail itself says is no article: only exports in it are, and the files that it carries."""
    if isinstance(item, Notice):
        return item
    return Notice("no_article", f"{part.name} is a mail, whose own words are no article", counts=True)


def _unknown(content: Content) -> str:
    if not content.raw_head:
        return f"{content.name} is empty"
    if content.raw_head.startswith(b"%PDF"):
        return f"{content.name} is a PDF: export the articles as DOCX, HTML or text instead"
    kind = "text" if content.text_head.strip() else "binary"
    return f"{content.name} is a {kind} file of no format that is known, see docs/formats.md"


def _with_page(record: Record, content: Content) -> Item:
    """A record with its page read, its language known, and no address but its own."""
    record.url = own_address(record.url)
    if record.html is not None:
        return _page(record, content)
    if record.text and len(record.text) >= _CLEAR:
        record.language = language_of(record.text, record.language)
    return record


def _page(record: Record, content: Content) -> Item:
    """A page as the extraction reads it; what has no address must look like an article all the more."""
    assert record.html is not None
    article = extract(record.html, record.url or "", charset=record.charset)
    where = record.url or content.name
    if article.refused:
        return Notice(article.refused, f"{where} holds no article: {article.refused}", counts=True)
    if record.url is None:
        if not article.title or len(article.text or "") < _ENOUGH:
            return Notice(
                "no_article",
                f"{where} has no address of its own and too little text for an article",
                counts=True,
            )
        if against := objection(f"{article.title}\n{article.text}"):
            return Notice(
                "unknown_layout", f"{where} is a page in no known layout, and no single article: {against}"
            )
    canonical = article.canonical_url if record.url is None else None
    return replace(
        record,
        html=None,
        charset=None,
        title=article.title,
        text=article.text,
        authors=article.authors,
        published=article.published,
        published_precision=article.published_precision,
        language=article.language,
        partial=article.partial,
        url=record.url or canonical,
    )


def format_names() -> tuple[str, ...]:
    """The names of all formats, for docs/formats.md."""
    from collectors.formats.registry import FORMATS

    return tuple(one.name for one in FORMATS)


__all__ = ["Format", "format_names", "items"]
