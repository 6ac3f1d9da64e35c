"""Who wrote the article: the persons (and news agencies) in the byline, in order.

A person whom any declaration or byline names goes before organisations and accounts, and these before the
outlet itself. Where the outlet is the only author that the page declares, it is kept with a low confidence:
that no person signed is then known, and not merely not found. A byline counts only near the headline or below
the text, not in comments, teasers and what else stands around an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from collectors.extraction.authors.names import (
    distinct,
    ends_in_role,
    is_agency,
    is_full,
    is_person,
    key,
    person,
    split,
)
from collectors.extraction.extracted import Extracted
from collectors.extraction.page.declared import Declared, text_of, types
from collectors.extraction.page.outline import TAGS, Block, Mark
from collectors.extraction.page.page import Page
from collectors.extraction.page.region import Region

MAX_AUTHORS = 30
_META = (
    "author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "article:author",
    "cxenseparse:author", "citation_author", "article.author", "authors", "dc.contributor",
)  # fmt: skip
# Many systems write a prefix of their own; with these two it is who made the site or its app.
_OTHER_META = re.compile(r"^(?!web|smartbanner).*(?:author|byline)(?:s|_name)?$", re.S)
# Mean F1 on judged pages (bench/EXTRACTION.md).
_CONFIDENCE = {
    "json-ld": 0.95,
    "meta": 0.9,
    "microdata": 0.9,
    "byline": 0.85,
    "line": 0.7,
    "organization": 0.95,
}
_NO_PERSON = 0.5
_OUTLET_ONLY = 0.3

_LONGEST = 160
_HEADS = frozenset(TAGS.index(f"h{level}") + 1 for level in range(1, 7))

_BY = re.compile(
    r"(?:^|[\s(（【|·•,.–—-])(?:(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]i|[Dd]oor|[Oo]leh|[Aa]f|[Aa]v)(?:\s*:)?\s+"
    r"(?=[^\W\d_])"
    r"|(?i:(?:written|posted|reviewed|published|created|author|authors|autor(?:in|en|es|a)?|auteurs?|autore|автор|text|texte?|story"
    r"|words|redaktion|themenstarter|geschrieben|verfasst|verfasser(?:in)?)\s*(?:by|von|par|por)?\s*:\s*)"
    r"|(?:作者|撰文|著者|责编|責編|责任编辑|编辑|编\s?辑|記者|记者|文)\s?[:：●/／]\s?|(?:本报|特约|通讯)?记者\s?(?=[\u4e00-\u9fff]))"
)
_HAN_NAMES = r"([\u4e00-\u9fff·]{2,4}(?:[ 、]+[\u4e00-\u9fff·]{2,4}){0,5})"
_REPORTER = re.compile(rf"(?:记者|通讯员|实习生)[ :：]*{_HAN_NAMES}(?=\s|[)）/／]|$)")
_REPORTED = re.compile(rf"[（(](?:[\u4e00-\u9fff]{{0,6}})?(?:记者|通讯员)[ :：]*{_HAN_NAMES}\s?[)）]")
_SIGNED = re.compile(rf"[（(](?!编辑|记者|图片|来源|责编|未完|资料)\s?{_HAN_NAMES}\s?[)）]$")
_AGO = re.compile(r"^[가-힣]{2,4}\s?(?:기자|특파원)\b")
_LABEL = re.compile(
    r"^(?:written by|by|von|par|por|text|autor(?:in|en|es|a)?|authors?|auteurs?|autore"
    r"|verfasst von|geschrieben von"
    r"|(?:écrit|rédigé) par|escrito por|scritto da|geschreven door|skrivet av|skrevet av"
    r"|napisane przez|posted by|story by|作者|记者)\s*[:：]?$",
    re.I,
)
_HEADS_BYLINE = re.compile(
    rf"(?:{_LABEL.pattern})|^(?:by|von|par|por)\s.{{3,60}}(?:19|20)\d\d$",
    re.I,
)
"""A heading that names an author: a label, or with a date."""
_CLAUSE = re.compile(r",\s+(?:that|this|it|there|we|they|the|he|she|das|es|wir|der|die)\s", re.I)
_FUNCTION = frozenset((
    "the", "a", "an", "from", "that", "this", "these", "is", "are", "was", "has", "have", "no", "not",
    "its", "their", "his",
    "her", "our", "your", "my", "how", "what", "why", "when", "who", "where", "with", "without", "at",
    "on", "to", "than",
    "then", "now", "far", "all", "every", "using", "default", "email", "phone", "mail", "monday",
    "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "morning", "anfang", "bis", "auf", "aus", "mit", "zur",
    "zum", "wegen", "für",
    "ist", "sich", "wir", "uns", "ihnen", "ihrer", "ailleurs", "contre", "exemple", "rapport", "une",
    "les", "ses", "otra",
    "otro", "parte", "ejemplo", "favor", "supuesto", "esto", "eso", "ello", "una", "uno", "più", "solito",
    "nuovo",
))  # fmt: skip
"""Words that stand behind 'By', 'von', 'par', 'por' where no name does."""


def authors(page: Page, declared: Declared, region: Region) -> Extracted[tuple[str, ...]] | None:
    """The first of JSON-LD, meta tags and bylines that names a person; else the first that names anybody but
    the outlet; else the outlet. `region` is where on the page a byline may stand.
    """
    outlet = _outlet_names(page, declared)
    seen = _Seen(page, region)
    signed: Extracted[tuple[str, ...]] | None = None
    second = third = None
    for source, texts in _sources(declared, seen):
        names = distinct(
            name for text in texts for name in (person(text) if source == "json-ld" else split(text))
        )
        others = tuple(name for name in names if not _is_outlet(name, outlet))[:MAX_AUTHORS]
        persons = tuple(
            name for name in others if is_agency(name) or (source != "organization" and is_person(name))
        )
        sure = _CONFIDENCE.get(source, _NO_PERSON)
        source = {"organization": "json-ld", "line": "byline"}.get(source, source)
        if signed is not None:
            if source == "byline" and persons and _improves(persons, signed, seen):
                return Extracted(_without_roles(persons), source, sure)
            continue
        if persons:
            signed = Extracted(_without_roles(persons) if source != "json-ld" else persons, source, sure)
            if source == "byline":
                return signed
        elif others:
            second = second or Extracted(others, source, _NO_PERSON)
        elif names:
            third = third or Extracted(tuple(names[:1]), source, _OUTLET_ONLY)
    return signed or second or third


def _without_roles(persons: tuple[str, ...]) -> tuple[str, ...]:
    """The names without what says of one of them what he is, where one remains."""
    left = tuple(name for name in persons if not ends_in_role(name))
    return left if any(map(is_full, left)) else persons


def _improves(persons: tuple[str, ...], signed: Extracted[tuple[str, ...]], seen: _Seen) -> bool:
    """Whether a byline says more than a declaration: the same persons and others, or somebody where the page
    nowhere shows the name that a meta tag gives.
    """
    named, declared = set(map(key, persons)), set(map(key, signed.value))
    if declared < named:
        others = [name for name in persons if key(name) not in declared]
        written = all(is_full(name) and not name[0].islower() and _is_plausible([name]) for name in others)
        return written and len(named) <= 2 * len(declared) + 2 and not any(map(ends_in_role, others))
    are_names = all(map(is_full, persons)) and not any(map(ends_in_role, persons))
    unseen = named.isdisjoint(declared) and not any(map(seen.shows, signed.value))
    return signed.source == "meta" and are_names and unseen


def _sources(declared: Declared, seen: _Seen) -> Iterator[tuple[str, list[str]]]:
    author = declared.linked("author", "creator")
    yield "json-ld", _names(author, declared, persons=True)
    for name in (*_META, *islice(filter(_OTHER_META.search, declared.meta), MAX_AUTHORS)):
        yield "meta", [value for value in declared.meta.get(name, ()) if "://" not in value]
    if _LABEL.match(declared.first("twitter:label1") or ""):
        yield "meta", declared.meta.get("twitter:data1", [])[:1]
    yield "microdata", seen.microdata()
    for texts in seen.bylines():
        yield "byline", texts
    yield "line", seen.written_by()
    yield "line", seen.reporters()
    yield "line", seen.signature()
    yield "line", seen.introduced()
    yield "line", seen.written_by(accounts=True)
    yield "byline", seen.account()
    yield "organization", _names(author, declared, persons=False)


@dataclass
class _Seen:
    """What a reader sees of who wrote the page."""

    page: Page
    region: Region

    def _tag(self, block: Block) -> int:
        return self.page.outline.containers[block.holder].tag

    def shows(self, name: str) -> bool:
        return any(name in block.text for block in self.page.outline.blocks[:400])

    def microdata(self) -> list[str]:
        marks = [m for m in self.page.outline.bylines if m.element.get("itemprop") in ("author", "creator")]
        return [
            _spaced(mark.element)[:200] for mark in marks[:20] if self.region.holds(mark.block, mark.holder)
        ][:10]

    @cached_property
    def marks(self) -> list[Mark]:
        """The elements named like a byline, those below the headline first."""
        marks = [
            mark for mark in self.page.outline.bylines[:120] if self.region.holds(mark.block, mark.holder)
        ]
        return sorted(marks, key=lambda mark: mark.block < self.region.heading)[:40]

    def bylines(self) -> Iterator[list[str]]:
        """The short elements named like a byline that hold a name with a surname, the innermost of those that
        hold each other: their links before their text, and the heading of a longer one.
        """
        for mark in self.marks:
            element = mark.element
            links = [text for link in element.iter("a") if (text := _spaced(link))]
            heading = [
                text
                for head in element.iter("h2", "h3", "h4", "h5", "strong", "b")
                if (text := _spaced(head))
            ][:1]
            whole = _lines(element)
            explicit = [line for line in whole if _BY.search(line)][:2]
            for texts in (explicit, links, whole, heading):
                if len(" ".join(texts)) <= _LONGEST and (texts := _credited(texts)) and _named(texts):
                    yield texts
                    break

    def written_by(self, *, accounts: bool = False) -> list[str]:
        """The first line that says no more than 'By Ann Lee', that says 'Author:' with what follows it, or
        that
        names an author before or behind a date or a rubric; also an account, a single word, where `accounts`.
        """
        outline = self.page.outline
        for number in self.region.numbers:
            block = outline.blocks[number]
            is_heading = self._tag(block) in _HEADS
            if len(block.text) > 3 * _LONGEST or (is_heading and not _HEADS_BYLINE.match(block.text)):
                continue
            holder = outline.containers[block.holder]
            alone = holder.end - holder.start == 1 and len(block.text) <= _LONGEST
            lines = (*(_lines(holder.element)[:4] if alone else ()), *block.text.split("\n")[:4])
            following = outline.blocks[number + 1].text if number + 1 < len(outline.blocks) else ""
            for line in dict.fromkeys(lines):
                if len(line) > (_LONGEST if line.isascii() or " " in line else 40):
                    continue
                if _LABEL.match(line):
                    after = block.text.removeprefix(line).strip() or following
                    texts = [f"{line.rstrip(' :')}: {after[:80]}"] if len(after) <= 80 else []
                elif _AGO.match(line):
                    texts = [line]
                elif _BY.search(line) and line[-1] not in "?!" and not (line[-1] == "." and len(line) > 60):
                    texts = _credited([line])
                else:
                    continue
                if not texts or not _is_plausible(texts):
                    continue
                if _named(texts) or (
                    accounts
                    and _BY.match(line)  # "Tested by Wired" is a headline
                    and len(line) <= 60
                    and len(names := split(texts[0])) == 1
                    and " " not in names[0]
                ):
                    return texts
        return []

    def signature(self) -> list[str]:
        """The names that stand alone, set apart from the text, in the line before its first paragraph or
        after
        its last.
        """
        first, last = self.region.first, self.region.last
        near = (n for n in self.region.numbers if first - 4 <= n < first or last < n <= last + 3)
        for number in near if self.region.chosen else ():
            block = self.page.outline.blocks[number]
            if block.bold + block.italic < 0.8 * len(block.text) or len(block.text) > 80:
                continue
            if (
                self._tag(block) not in _HEADS
                and _only_names(block.text)
                and _named([block.text])  # a place or a rubric stands alone as well
                and not self._written_small(block.text)
            ):
                return [block.text]
        return []

    def reporters(self) -> list[str]:
        """The Chinese names behind 'reporter' in a short line or in brackets, or in the last brackets of the
        text.
        """
        blocks = self.page.outline.blocks
        for number in self.region.numbers:
            text = blocks[number].text
            found = _REPORTED.search(text[:80]) or (_REPORTER.search(text) if len(text) <= 40 else None)
            if found:
                return found[1].split()
        for number in (self.region.last, self.region.last + 1) if self.region.chosen else ():
            if number < len(blocks) and (found := _SIGNED.search(blocks[number].text[-40:])):
                return found[1].split()
        return []

    def introduced(self) -> list[str]:
        """The name that stands alone between headline and text and again below the text, alone or as the
        subject of a sentence about the person.
        """
        blocks, region = self.page.outline.blocks, self.region
        if not region.chosen:
            return []
        below = [block.text for block in blocks[region.last - 1 : region.last + 30]]
        for number in range(region.heading + 1, min(region.first, region.heading + 8)):
            name = blocks[number].text
            if (
                len(name) <= 40
                and name[0].isupper()
                and region.holds(number, blocks[number].holder)
                and self._tag(blocks[number]) not in _HEADS
                and _only_names(name)
                and _is_plausible([name])
                and not self._written_small(name)
                and any(
                    text == name
                    or re.match(
                        rf"(?:about )?(?:the author:? )?{re.escape(name)}\b(?:,| is | ist | est | es )",
                        text,
                        re.I,
                    )
                    for text in below
                )
            ):
                return [name]
        return []

    def account(self) -> list[str]:
        """The name of an account, where its page is linked above the text."""
        for mark in self.marks:
            if mark.element.tag == "a":
                text = _spaced(mark.element)
                if 2 <= len(text) <= 60:
                    return [text]
        return []

    def _written_small(self, text: str) -> bool:
        """Whether the page writes one of these words with a small first letter, too: then it is no name."""
        words = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text) if not word.islower()}
        return any(
            not words.isdisjoint(self.page.outline.blocks[number].text.split())
            for number in self.region.chosen
        )


def _credited(texts: list[str]) -> list[str]:
    """The texts, each from the word on that says who wrote, and up to a bar or date behind."""
    result = []
    for text in texts:
        cut = _BY.search(text)
        text = text[cut.start() :].lstrip(" (（【|·•,.–—-") if cut else text
        result.append(
            re.split(r"\s[|•·]\s|\s\bunder\b\s|\son:?\s(?=(?:\w+,?\s){0,3}\d)", text, maxsplit=1)[0]
        )
    return result


def _is_plausible(texts: list[str]) -> bool:
    """Whether what stands behind 'By' in running text can be a name."""
    words = {word.casefold() for text in texts for name in split(text) for word in re.findall(r"\w+", name)}
    return words.isdisjoint(_FUNCTION) and not any(map(_CLAUSE.search, texts))


def _only_names(text: str) -> bool:
    """Whether the text is of persons' full names and what joins them."""
    names = split(text)
    return (
        all(map(is_full, names))
        and not text.endswith(":")
        and sum(len(key(name)) for name in names) >= 0.9 * len(key(text)) > 0
    )


def _named(texts: list[str]) -> bool:
    return any(is_full(name) and not name.islower() for text in texts for name in split(text))


def _names(value: Any, declared: Declared, *, persons: bool) -> list[str]:
    """The names in a JSON-LD author: of persons and nodes without type, or of the others."""
    if isinstance(value, list):
        return [name for item in value[:MAX_AUTHORS] for name in _names(item, declared, persons=persons)]
    if isinstance(value, dict):
        if "name" not in value and (reference := value.get("@id")):
            value = next(
                (node for node in declared.nodes if node.get("@id") == reference and "name" in node), value
            )
        if persons != (not (kinds := types(value)) or "Person" in kinds):
            return []
        parts = (text_of(value.get(part)) for part in ("givenName", "additionalName", "familyName"))
        return _names(value.get("name") or " ".join(filter(None, parts)), declared, persons=True)
    return [value] if persons and isinstance(value, str) else []


def _outlet_names(page: Page, declared: Declared) -> set[str]:
    host = re.sub(r"^https?://(?:www\.)?([^/:?#]*).*$", r"\1", page.url, flags=re.S)
    names = [declared.first("og:site_name"), text_of(declared.article.get("publisher"))]
    return {name for raw in (*names, host, *host.split(".")[:-1]) if raw and len(name := key(raw)) >= 2}


def _is_outlet(name: str, outlet: set[str]) -> bool:
    """Whether the name is the outlet's, or one of its capital-letter words is ('MDR Thüringen' on mdr.de)."""
    return key(name) in outlet or any(word.isupper() and key(word) in outlet for word in name.split())


def _spaced(element: HtmlElement) -> str:
    """Its text, with a blank between elements: names and dates in neighbouring ones stay apart."""
    return " ".join(" ".join(islice(element.itertext(), 40)).split())


def _lines(element: HtmlElement) -> list[str]:
    """Its text, block by block and line by line."""
    parts: list[str] = []
    for child in islice(element.iter(), 60):
        if child.tag in ("script", "style", "svg", "button"):
            continue
        if child.tag in ("br", "p", "div", "li", "h2", "h3", "h4", "h5"):
            parts.append("\n")
        parts.append(child.text or "")
        parts.append(" ")
        if child is not element:
            parts.append(child.tail or "")
            parts.append(" ")
    return [line for raw in "".join(parts).split("\n") if (line := " ".join(raw.split()))]
