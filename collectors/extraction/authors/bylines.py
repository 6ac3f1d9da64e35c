"""What a reader of a page sees of who wrote it: lines and elements that name somebody.

Whom they name is for `names`, whom to believe for `authors`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile

from lxml import etree
from lxml.html import HtmlElement

from collectors.extraction.authors.names import (
    PARTICLES,
    before_occupation,
    distinct,
    holds_role,
    is_agency,
    is_person,
    key,
    split,
)
from collectors.extraction.authors.phrases import (
    AUTHOR_BEFORE,
    BY,
    CREDENTIALS,
    HEADING_OF_BYLINE,
    LABEL,
    OTHER_ROLE,
    STATEMENT,
    SURE_LABELS,
    author_parts,
    is_of_a_sentence,
    is_plausible,
    names_somebody,
    of_writers,
    only_names,
)
from collectors.extraction.page.outline import TAGS, Block, Mark
from collectors.extraction.page.page import Page
from collectors.extraction.page.region import Region

_LONGEST, _MOST_LINES = 160, 5
_BREAKING = frozenset(("br", "p", "div", "li", "h2", "h3", "h4", "h5"))
_PROFILE = etree.XPath(
    ".//a[@rel='author' or contains(@href, '/author') or contains(@href, '/autor')"
    " or contains(@href, '/auteur') or contains(@href, '/profile') or contains(@href, '/people/')"
    " or contains(@href, '/staff/') or contains(@href, '/contributor') or contains(@href, '/by/')]"
)
_RUBRIC = re.compile(
    r"/(?:categor(?:y|ies|ia|ie)|kategorien?|catégorie|tags?|topics?|themen?|rubri[kc]|sections?|ressort)/",
    re.I,
)
"""Where a link in a byline leads that names what the article is filed under."""
_OTHER_ITEM = re.compile(r"(?:Image|Video|Audio|Media)Object|Comment|Photograph", re.I)
_HEADS = frozenset(TAGS.index(f"h{level}") + 1 for level in range(1, 7))
_SMALL_HEADS = frozenset(TAGS.index(f"h{level}") + 1 for level in range(4, 7))

_HAN_NAMES = r"([\u4e00-\u9fff·]{2,4}(?:[ 、]+[\u4e00-\u9fff·]{2,4}){0,5})"
_REPORTER = re.compile(rf"(?<!小)(?:记者|通讯员|实习生)[ :：]*{_HAN_NAMES}(?=\s|[)）/／]|$)")
_REPORTER_IN_BRACKETS = re.compile(
    rf"[（(](?:[\u4e00-\u9fff]{{0,6}})?(?:记者|通讯员)[ :：]*{_HAN_NAMES}\s?[)）]"
)
_SIGNATURE = re.compile(
    r"[（(【](?!编辑|记者|图片|来源|责编|未完|资料|写真|動画|速報|独自|関連|図解|解説|画像|訂正|広告|資料)"
    rf"(?:[^（）()【】=＝]{{1,8}}[=＝])?\s?{_HAN_NAMES}\s?[)）】]$"
)
_EDITORS = re.compile(
    r"(?:[责責]任?[编編][辑輯]?|[编編]\s?[辑輯])\s?[:：/／｜|丨]\s?"
    r"([\u4e00-\u9fff·]{2,4}(?:[ 、，,]+[\u4e00-\u9fff·]{2,4}){0,3})(?![\u4e00-\u9fff])"
)
_BEFORE_SOURCE = re.compile(rf"[（(【\[]\s?{_HAN_NAMES}\s?[)）】\]]\W{{0,3}}[来來]源")
_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FIGURES = re.compile(r"\d\d")
_PARTS_OF_A_DATED_LINE = re.compile(
    r"\s*[|•·]\s*|\s[-–—]\s|,?\s(?:on|am|vom|le|el|em|il|den|op)\s(?=\S{0,12}\s?\d)"
    r"|,\s(?=\d|[^\W\d_]{3,9}\.?,?\s\d)"
)
_AFTER_DASH = re.compile(r"[-–—]\s*([^\n]{3,60})(?:\n|$)")
_KOREANS = (
    r"(?!취재|사진|본지|담당|일부|외신|영상|온라인|편집|디지털|다른)((?:[가-힣]{2,4}[·,]\s?){0,4}[가-힣]{2,4})"
    r"\s?(?:(?:선임|전문|수습|인턴|객원)\s?)?(?:기자|특파원)"
)
_REPORTER_LINE = re.compile(
    rf"(?:^|[\s=\])]){_KOREANS}(?=$|[\s=(\[|/])|^(?:글(?:·사진)?|취재|기자)\s?[:=]?\s?[가-힣]{{2,4}}$"
    r"|^(?!本[紙報社]|同|共同|時事|.{0,3}[社紙報])[\u3040-\u30ff\u3400-\u9fff]{2,6}(?:記者|特派員|編集委員|論説委員)$"
)
_KOREAN_DATELINE = re.compile(rf"[(\[【][^)\]】]{{1,30}}[)\]】]\s?{_KOREANS}\s?=")
"""The reporter of a Korean agency's report, behind place and agency ('(서울=연합뉴스) 홍길동 기자 = ')."""


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
        """What properties of the article name as its author; who took a picture or commented has not."""
        marks = [m for m in self.page.outline.bylines if m.element.get("itemprop") in ("author", "creator")]
        texts = [
            _spaced(mark.element)[:200]
            for mark in marks[:20]
            if self.region.holds(mark.block, mark.holder) and not _is_of_another(mark.element)
        ]
        return [text for text in texts if not OTHER_ROLE.search(text)][:10]

    @cached_property
    def marks(self) -> list[Mark]:
        """The elements named like a byline: those between headline and text first, then those above the
        headline, then those in and below the text.
        """
        marks = [
            mark
            for mark in self.page.outline.bylines[:120]
            if self.region.holds(mark.block, mark.holder)
            and not self.region.is_apart(mark.holder)
            and not _is_of_another(mark.element)
        ]
        return sorted(
            marks, key=lambda mark: (not self._is_between(mark), mark.block >= self.region.heading)
        )[:40]

    def _is_between(self, mark: Mark) -> bool:
        return self.region.heading <= mark.block <= self.region.first

    def elements(self) -> Iterator[list[str]]:
        """The short elements named like a byline that hold a name with a surname. Between headline and text
        those that say 'by', and a line that does, go before others.
        """
        near = [self._names_in(mark) for mark in takewhile(self._is_between, self.marks)]
        yield from (texts for texts, says_by in near if says_by)
        if line := self._line_above_text():
            yield line
        yield from (texts for texts, says_by in near if texts and not says_by)
        yield from filter(None, (self._names_in(mark)[0] for mark in self.marks[len(near) :]))

    def _line_above_text(self) -> list[str]:
        """The first line between headline and text that is 'By' and full names and nothing else; it may be a
        small heading.
        """
        blocks, region = self.page.outline.blocks, self.region
        for number in range(region.heading + 1, min(region.first + 1, len(blocks))):
            block = blocks[number]
            is_title = self._tag(block) in _HEADS - _SMALL_HEADS
            if is_title or len(block.text) > _LONGEST or not region.holds(number, block.holder):
                continue
            for line in filter(BY.match, block.text.split("\n")[:4]):
                byline = author_parts([line])
                label = BY.match(byline[0])
                names = byline[0][label.end() :] if label else ""
                if (
                    only_names(names)
                    and not names[0].islower()
                    and is_plausible([names])
                    and not self._written_small(names)
                ):
                    return byline
        return []

    def _names_in(self, mark: Mark) -> tuple[list[str], bool]:
        """The texts in an element that name somebody, and whether they say 'by': its links before its text,
        and the heading of a longer one.
        """
        element = mark.element
        whole = _lines(element)
        length = len(" ".join(whole))
        anchors = _PROFILE(element) if length <= 4 * _LONGEST else []
        if not anchors and length <= _LONGEST:
            anchors = list(element.iter("a"))
        if element.tag == "a" and not self._names_others(mark.block):
            anchors = [other.element for other in self.marks if _beside(mark, other)]
        others = any(map(OTHER_ROLE.search, whole))
        links = [text for link in anchors if not others and (text := _spaced(link))]
        heading = [
            text for head in element.iter("h2", "h3", "h4", "h5", "strong", "b") if (text := _spaced(head))
        ][:1]
        written = (line for line in map(of_writers, whole) if len(line) <= _LONGEST)
        explicit = [line for line in written if BY.search(line)][:2]
        rubrics = _rubrics(element)
        for says_by, texts in ((True, explicit), (False, links), (False, whole), (False, heading)):
            if len(" ".join(texts)) > _LONGEST:
                continue
            texts = author_parts(texts)
            if rubrics:
                texts = [name for text in texts for name in split(text) if key(name) not in rubrics]
            # Of lines beside one with a full name, a single word is a rubric, a place or a button.
            texts = [text for text in texts if names_somebody([text]) or any(map(is_agency, split(text)))]
            if names_somebody(texts):
                return texts, says_by
        return [], False

    def author_line(self, *, accounts: bool = False) -> list[str]:
        """The first line that says no more than 'By Ann Lee', that says 'Author:' with what follows it, or
        that names an author before or behind a date or a rubric. With `accounts` an account's name, a single
        word, counts, too.
        """
        outline = self.page.outline
        doubtful: list[str] = []
        for number in self.region.numbers:
            block = outline.blocks[number]
            is_heading = self._tag(block) in _HEADS
            if len(block.text) > 3 * _LONGEST or (is_heading and not HEADING_OF_BYLINE.match(block.text)):
                continue
            holder = outline.containers[block.holder]
            alone = holder.end - holder.start == 1 and len(block.text) <= _LONGEST
            # What holds no other element has no other lines than its block.
            inner = _lines(holder.element)[:4] if alone and len(holder.element) else ()
            lines = (*inner, *block.text.split("\n")[:4])
            following = outline.blocks[number + 1].text if number + 1 < len(outline.blocks) else ""
            for line in dict.fromkeys(lines):
                if len(line) > (_LONGEST if line.isascii() or " " in line else 40):
                    continue
                if LABEL.match(line):
                    after = block.text.removeprefix(line).strip() or following
                    texts = [f"{line.rstrip(' :')}: {after[:80]}"] if len(after) <= 80 else []
                elif len(line) <= _LONGEST // 2 and (reporter := _REPORTER_LINE.search(of_writers(line))):
                    texts = [reporter[0].lstrip("=])")]
                elif (
                    BY.search(of_writers(line))
                    and line[-1] not in "?!"
                    and (line[-1] != "." or len(line) <= 60 or STATEMENT.search(line))
                ):
                    texts = author_parts([line])
                else:
                    continue
                if not texts or not is_plausible(texts):
                    continue
                if names_somebody(texts) or (
                    accounts
                    and (BY.match(line) or STATEMENT.match(line))  # "Tested by Wired" is a headline
                    and len(texts[0]) <= 60
                    and len(names := split(texts[0])) == 1
                    and " " not in names[0]
                ):
                    if not is_of_a_sentence(line):
                        return texts
                    doubtful = doubtful or texts
        return doubtful

    def labelled_names(self) -> list[str]:
        """The names behind a line that says only 'Author:' or the like, between the headline and what follows
        the text.
        """
        outline, region = self.page.outline, self.region
        for number in range(region.heading, min(region.last + 12, len(outline.blocks) - 1)):
            block = outline.blocks[number]
            lines = block.text.split("\n")
            if len(lines[0]) > 40 or not LABEL.match(lines[0]) or lines[0].casefold() not in SURE_LABELS:
                continue
            if not region.holds_labelled(block.holder):
                continue
            names = []
            for line in (lines[1:] or outline.blocks[number + 1].text.split("\n"))[:_MOST_LINES]:
                name = line if only_names(line) else line.split(",")[0]
                if len(name) > _LONGEST or not names_somebody([name]) or not is_plausible([name]):
                    break
                names.append(f"{lines[0].rstrip(' :：')}: {name}")
            if names:
                return names
        return []

    def lone_names(self) -> list[str]:
        """The full names that stand alone between headline and text, beside a date or in a line with one, or
        with what these persons have learnt.
        """
        blocks, region = self.page.outline.blocks, self.region
        if not region.text_blocks:
            return []
        for number in range(region.heading + 1, min(region.first, region.heading + 8)):
            text = blocks[number].text
            name = _beside_a_date(text) or before_occupation(text) or CREDENTIALS.sub("", text)
            near = (blocks[at].text for at in (number - 1, number + 1) if 0 <= at < len(blocks))
            if (
                len(text) <= _LONGEST
                and (name != text or any(len(each) <= 40 and _DATED.search(each) for each in near))
                and self._tag(blocks[number]) not in _HEADS
                and region.holds(number, blocks[number].holder)
                and name[0].isupper()
                and only_names(name)
                and names_somebody([name])
                and ":" not in name
                and all(self._is_the_authors(each, number) for each in split(name))
                and is_plausible([name])
                and not self._written_small(name)
            ):
                return [name]
        return []

    def _is_the_authors(self, name: str, at: int) -> bool:
        """Whether a name alone in block `at` is a person's of whom the article does not tell."""
        words = name.split()
        blocks = self.page.outline.blocks
        texts = {self.region.heading, *self.region.text_blocks} - {at}
        return (
            len(words) > 1
            and is_person(name)
            and not holds_role(name)
            and (name.isupper() or not any(len(word) > 1 and word.isupper() for word in words))
            and not any(name in blocks[number].text for number in texts if number < len(blocks))
        )

    def dated_name(self) -> list[str]:
        """The name that is a line of its own in a block of a few short lines on top of the text of which
        another is a date.
        """
        blocks, region = self.page.outline.blocks, self.region
        for number in range(region.heading, min(region.first + 2, len(blocks))):
            lines = blocks[number].text.split("\n")
            if not 2 <= len(lines) <= 4 or max(map(len, lines)) > 60 or not any(map(_DATED.search, lines)):
                continue
            for line in lines:
                if only_names(line) and is_plausible([line]) and not self._written_small(line):
                    return [line]
        return []

    def signature(self) -> list[str]:
        """The names that stand alone, set apart from the text, in the line before its first paragraph or
        after its last.
        """
        first, last = self.region.first, self.region.last
        near = (n for n in self.region.numbers if first - 4 <= n < first or last < n <= last + 3)
        for number in near if self.region.text_blocks else ():
            block = self.page.outline.blocks[number]
            dash = _AFTER_DASH.match(block.text) if number > last and len(block.text) <= 160 else None
            if dash and only_names(dash[1]) and is_plausible([dash[1]]):
                return [dash[1]]
            author = AUTHOR_BEFORE.match(block.text) if len(block.text) <= 60 else None
            if author and only_names(block.text[author.end() :]):
                return [block.text[author.end() :]]
            if block.text[-1] in "-–—":
                continue  # the place line of a report
            if block.bold + block.italic < 0.8 * len(block.text) or len(block.text) > 80:
                continue
            if (
                self._tag(block) not in _HEADS
                and only_names(block.text)
                and names_somebody([block.text])  # a place or a rubric stands alone as well
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
            if text.isascii():
                continue
            match = (
                _REPORTER_IN_BRACKETS.search(text[:80])
                or _KOREAN_DATELINE.match(text)
                or ((_REPORTER.search(text) or _BEFORE_SOURCE.search(text)) if len(text) <= 80 else None)
            )
            if match:
                return [*re.split(r"[\s·,]+", match[1]), *self._reporters_below(number)]
        last = self.region.last
        for number in range(last, min(last + 4, len(blocks))) if self.region.text_blocks else ():
            match = _SIGNATURE.search(blocks[number].text[-40:])
            if match is None or (match[0][0] == "【" and not self._ends_a_paragraph(number)):
                continue
            if number <= last + 1 or match[0] == blocks[number].text:
                return match[1].split()
        return []

    def _ends_a_paragraph(self, number: int) -> bool:
        """Whether the brackets at the end of a block are the only ones in a paragraph: buttons have them."""
        text = self.page.outline.blocks[number].text
        return number in self.region.text_blocks and len(text) > 40 and text.count("【") == 1

    def editors(self) -> list[str]:
        """Who edited a Chinese article: on many of these pages nobody else signs it."""
        blocks = self.page.outline.blocks
        texts = (blocks[number].text for number in self.region.numbers)
        matches = (_EDITORS.search(text) for text in texts if len(text) <= _LONGEST and not text.isascii())
        return next((re.split(r"[\s、，,]+", match[1]) for match in matches if match), [])

    def _reporters_below(self, number: int) -> list[str]:
        """The names in the next line, where that names reporters as well, or trainees."""
        blocks = self.page.outline.blocks
        text = blocks[number + 1].text if number + 1 < len(blocks) else ""
        match = _REPORTER.search(text) if len(text) <= 40 else None
        return match[1].split() if match else []

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
                and only_names(name)
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
            if self.region.is_apart(mark.holder) or _is_of_another(mark.element):
                continue
            texts = author_parts([line for line in map(of_writers, lines) if BY.search(line)] or lines[:2])
            rubrics = _rubrics(mark.element)
            names = distinct(
                name
                for text in texts
                for name in split(text)
                if key(name) not in rubrics
                and " " in name
                and is_person(name)
                and not name.islower()
                and not is_outlet(name)
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
        return number < len(blocks) and OTHER_ROLE.search(blocks[number].text[: 2 * _LONGEST]) is not None

    def _written_small(self, text: str) -> bool:
        """Whether the page writes one of these words with a small first letter, too: then it is no name."""
        found = re.findall(r"[^\W\d_]{2,}", text)
        words = {word.lower() for word in found if not word.islower()} - PARTICLES
        return any(
            not words.isdisjoint(self.page.outline.blocks[number].text.split())
            for number in self.region.text_blocks
        )


def _beside_a_date(line: str) -> str | None:
    """The names in a line that is names and a date, set apart from each other, and nothing else."""
    parts = _PARTS_OF_A_DATED_LINE.split(line) if len(line) <= _LONGEST and _FIGURES.search(line) else []
    names = [part for part in parts if only_names(part)]
    figures = [part for part in parts if _FIGURES.search(part)]
    return names[0] if len(names) == 1 and len(names) + len(figures) == len(parts) else None


def _is_of_another(element: HtmlElement) -> bool:
    """Whether the property is one of a picture, a film or a comment inside the article."""
    scope = next(element.iterancestors(), None)
    while scope is not None and "itemtype" not in scope.attrib:
        scope = scope.getparent()
    return scope is not None and _OTHER_ITEM.search(scope.get("itemtype", "")) is not None


def _rubrics(element: HtmlElement) -> set[str]:
    """What its links say that the article is filed under, as keys."""
    return {
        key(_spaced(link))
        for link in element.iter("a")
        if "tag" in (link.get("rel") or "").split() or _RUBRIC.search(link.get("href") or "")
    }


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
