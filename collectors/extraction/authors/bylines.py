"""What a reader of a page sees of who wrote it: lines and elements that name somebody.

Whom they name is for `names`, whom to believe for `authors`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from collectors.extraction.authors.names import distinct, is_full, is_person, key, split
from collectors.extraction.page.outline import TAGS, Block, Mark
from collectors.extraction.page.page import Page
from collectors.extraction.page.region import Region

_LONGEST = 160
_BREAKING = frozenset(("br", "p", "div", "li", "h2", "h3", "h4", "h5"))
_PROFILE = etree.XPath(
    ".//a[@rel='author' or contains(@href, '/author') or contains(@href, '/autor')"
    " or contains(@href, '/auteur') or contains(@href, '/profile') or contains(@href, '/people/')"
    " or contains(@href, '/staff/') or contains(@href, '/contributor') or contains(@href, '/by/')]"
)
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
_REPORTER_IN_BRACKETS = re.compile(
    rf"[（(](?:[\u4e00-\u9fff]{{0,6}})?(?:记者|通讯员)[ :：]*{_HAN_NAMES}\s?[)）]"
)
_SIGNATURE = re.compile(rf"[（(](?!编辑|记者|图片|来源|责编|未完|资料)\s?{_HAN_NAMES}\s?[)）]$")
_AGO = re.compile(r"^[가-힣]{2,4}\s?(?:기자|특파원)\b")
LABEL = re.compile(
    r"^(?:(?:written|interview) by|by|von|par|por|text|autor(?:in|en|es|a)?|authors?|auteurs?|autore"
    r"|verfasst von|geschrieben von"
    r"|(?:écrit|rédigé) par|escrito por|scritto da|geschreven door|skrivet av|skrevet av"
    r"|napisane przez|posted by|story by|作者|记者)\s*[:：]?$",
    re.I,
)
_HEADS_BYLINE = re.compile(
    rf"(?:{LABEL.pattern})|^(?:by|von|par|por)\s.{{3,60}}(?:19|20)\d\d$",
    re.I,
)
"""A heading that names an author: a label, or with a date."""
_OTHER_ROLE = re.compile(
    r"(?<!\band )(?<!\bund )(?<!\bet )(?<!\by )(?<!& )"
    r"\b(?:(?:peer|medically|clinically|legally|scientifically|expert)[\s-]reviewed|fact[\s-]?check(?:ed)?"
    r"|edit(?:ed|ing)|redigiert|lektoriert|translat(?:ed|ion)|übersetzt|traduit|traducido|tradotto"
    r"|(?:cover |lead |top |main )?(?:photo(?:s|graph(?:s|y|ed)?)?|fotos?|fotografie|bild(?:er)?"
    r"|pictures?|images?|illustrat(?:ed|ions?)|graphics?|video))"
    r"\s*:?\s+(?:by|von|par|por|di|door|av|af)\b",
    re.I,
)
"""What else than writing somebody is named for; who writes and takes the pictures, too, is the author."""
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


def _beside(mark: Mark, other: Mark) -> bool:
    """Whether both are links in the same run of text."""
    return other.element.tag == "a" and (other.block, other.holder) == (mark.block, mark.holder)


@dataclass
class Bylines:
    """What a reader sees of who wrote the page."""

    page: Page
    region: Region

    def _tag(self, block: Block) -> int:
        return self.page.outline.containers[block.holder].tag

    def shows(self, name: str) -> bool:
        return key(name) in self._letters

    @cached_property
    def _letters(self) -> str:
        return key("\n".join(block.text[:2000] for block in self.page.outline.blocks)[:500_000])

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

    def elements(self) -> Iterator[list[str]]:
        """The short elements named like a byline that hold a name with a surname, the innermost of those that
        hold each other: their links before their text, and the heading of a longer one.
        """
        for mark in self.marks:
            element = mark.element
            whole = _lines(element)
            length = len(" ".join(whole))
            anchors = _PROFILE(element) if length <= 4 * _LONGEST else []
            if not anchors and length <= _LONGEST:
                anchors = list(element.iter("a"))
            if element.tag == "a" and not self._names_others(mark.block):
                anchors = [other.element for other in self.marks if _beside(mark, other)]
            others = any(map(_OTHER_ROLE.search, whole))
            links = [text for link in anchors if not others and (text := _spaced(link))]
            heading = [
                text
                for head in element.iter("h2", "h3", "h4", "h5", "strong", "b")
                if (text := _spaced(head))
            ][:1]
            explicit = [line for line in map(_of_writers, whole) if _BY.search(line)][:2]
            for texts in (explicit, links, whole, heading):
                if (
                    len(" ".join(texts)) <= _LONGEST
                    and (texts := _author_parts(texts))
                    and _names_somebody(texts)
                ):
                    yield texts
                    break

    def author_line(self, *, accounts: bool = False) -> list[str]:
        """The first line that says no more than 'By Ann Lee', that says 'Author:' with what follows it, or
        that names an author before or behind a date or a rubric. With `accounts` an account's name, a single
        word, counts, too.
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
                if LABEL.match(line):
                    after = block.text.removeprefix(line).strip() or following
                    texts = [f"{line.rstrip(' :')}: {after[:80]}"] if len(after) <= 80 else []
                elif _AGO.match(line):
                    texts = [line]
                elif (
                    _BY.search(_of_writers(line))
                    and line[-1] not in "?!"
                    and not (line[-1] == "." and len(line) > 60)
                ):
                    texts = _author_parts([line])
                else:
                    continue
                if not texts or not is_plausible(texts):
                    continue
                if _names_somebody(texts) or (
                    accounts
                    and _BY.match(line)  # "Tested by Wired" is a headline
                    and len(texts[0]) <= 60
                    and len(names := split(texts[0])) == 1
                    and " " not in names[0]
                ):
                    return texts
        return []

    def signature(self) -> list[str]:
        """The names that stand alone, set apart from the text, in the line before its first paragraph or
        after its last.
        """
        first, last = self.region.first, self.region.last
        near = (n for n in self.region.numbers if first - 4 <= n < first or last < n <= last + 3)
        for number in near if self.region.text_blocks else ():
            block = self.page.outline.blocks[number]
            if block.bold + block.italic < 0.8 * len(block.text) or len(block.text) > 80:
                continue
            if (
                self._tag(block) not in _HEADS
                and _only_names(block.text)
                and _names_somebody([block.text])  # a place or a rubric stands alone as well
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
            match = _REPORTER_IN_BRACKETS.search(text[:80]) or (
                _REPORTER.search(text) if len(text) <= 40 else None
            )
            if match:
                return match[1].split()
        for number in (self.region.last, self.region.last + 1) if self.region.text_blocks else ():
            if number < len(blocks) and (match := _SIGNATURE.search(blocks[number].text[-40:])):
                return match[1].split()
        return []

    def introduction(self) -> list[str]:
        """The name that stands alone between headline and text and again below the text, alone or as the
        subject of a sentence about the person.
        """
        blocks, region = self.page.outline.blocks, self.region
        if not region.text_blocks:
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
                and is_plausible([name])
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

    def elsewhere(self, is_outlet: Callable[[str], bool]) -> tuple[str, ...]:
        """The names in the bylines away from headline and text, where all of them name the same; in a box
        beside it only where it says that this is the author.
        """
        common_names: tuple[str, ...] = ()
        for mark in self.page.outline.bylines[:120]:
            lines = _lines(mark.element)
            has_label = any(map(LABEL.match, lines)) and self.region.holds_labelled(mark.holder)
            if not (has_label or self.region.is_free(mark.holder)) or len(" ".join(lines)) > _LONGEST:
                continue
            texts = _author_parts([line for line in map(_of_writers, lines) if _BY.search(line)] or lines[:2])
            names = distinct(
                name
                for text in texts
                for name in split(text)
                if " " in name and is_person(name) and not name.islower() and not is_outlet(name)
            )
            if common_names and names and set(map(key, names)) != set(map(key, common_names)):
                return ()
            common_names = common_names or tuple(names)
        return common_names

    def account(self) -> list[str]:
        """The name of an account, where its page is linked above the text."""
        for mark in self.marks:
            if mark.element.tag == "a":
                text = _spaced(mark.element)
                if 2 <= len(text) <= 60 and "".join(map(key, split(text))) == key(text):
                    return [text]
        return []

    def _names_others(self, number: int) -> bool:
        blocks = self.page.outline.blocks
        return number < len(blocks) and _OTHER_ROLE.search(blocks[number].text[: 2 * _LONGEST]) is not None

    def _written_small(self, text: str) -> bool:
        """Whether the page writes one of these words with a small first letter, too: then it is no name."""
        words = {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text) if not word.islower()}
        return any(
            not words.isdisjoint(self.page.outline.blocks[number].text.split())
            for number in self.region.text_blocks
        )


def _author_parts(texts: list[str]) -> list[str]:
    """The texts, each from the word on that says who wrote, and up to a bar or date behind or to who checked
    it, took its pictures or the like.
    """
    result = []
    for text in texts:
        text = _of_writers(text)
        label = _BY.search(text)
        text = text[label.start() :].lstrip(" (（【|·•,.–—-") if label else text
        result.append(
            re.split(r"\s[|•·]\s|\s\bunder\b\s|,\s+in\s|\son:?\s(?=(?:\w+,?\s){0,3}\d)", text, maxsplit=1)[0]
        )
    return result


def _of_writers(text: str) -> str:
    """The text without those whom it names for anything but writing."""
    parts, at = [], 0
    while role := _OTHER_ROLE.search(text, at):
        parts.append(text[at : role.start()].rstrip(" ;.,|–—-"))
        writer = _BY.search(text, role.end())
        at = writer.start() if writer else len(text)
    return " ".join(filter(None, (*parts, text[at:].strip()))) if at else text


def is_plausible(texts: list[str]) -> bool:
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


def _names_somebody(texts: list[str]) -> bool:
    return any(is_full(name) and not name.islower() for text in texts for name in split(text))


def _spaced(element: HtmlElement) -> str:
    """Its text, with a blank between elements: names and dates in neighbouring ones stay apart."""
    return " ".join(" ".join(islice(element.itertext(), 40)).split())


def _lines(element: HtmlElement) -> list[str]:
    """Its text, block by block and line by line."""
    parts: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, child in islice(walker, 120):
        if event == "start" and child.tag in ("script", "style", "svg", "button"):
            walker.skip_subtree()
            continue
        if child.tag in _BREAKING:
            parts.append("\n")
        if event == "start":
            parts.append(" ".join((child.text or "").split()))
        elif child is not element:
            parts.append(" ".join((child.tail or "").split()))
        parts.append(" ")
    return [line for raw in "".join(parts).split("\n") if (line := " ".join(raw.split()))]
