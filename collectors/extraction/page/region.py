"""Where on a page its byline and its date may stand: around the headline, and right below the text."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from collectors.extraction.boilerplate import SEE_ALSO, key
from collectors.extraction.page.outline import NAME_BITS, TAGS, Container, Outline

_FAR = 50
"""Blocks before the text among which the headline is looked for."""
_ABOVE, _BESIDE, _BEGINNING, _BELOW = 12, 3, 4, 12
"""Blocks above and right above the headline, of the beginning of the text, and below its end."""
_LONG, _LONG_IN_HAN = 80, 30
"""Characters of a paragraph; where each is a syllable or a word, fewer."""
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_MOST_STAMPS = 120
_AWAY = sum(NAME_BITS[name] for name in ("comment", "related", "side", "navigation", "overlay"))
_OTHERS = sum(NAME_BITS[name] for name in ("comment", "related", "navigation", "overlay"))
_COMMENT = NAME_BITS["comment"]
_H1, _ARTICLE, _HEADER = (TAGS.index(tag) + 1 for tag in ("h1", "article", "header"))
_FRAMES = frozenset(TAGS.index(tag) + 1 for tag in ("nav", "aside", "footer", "form"))
_SITE = frozenset(TAGS.index(tag) + 1 for tag in ("nav", "footer", "form"))
_FORMS = _SITE - {TAGS.index("footer") + 1}
"""Between headline and text a footer is one of the article."""
_TOLD = frozenset(TAGS.index(tag) + 1 for tag in ("figcaption", "blockquote"))
_NAMED_TOLD = re.compile(
    r"(?:wp|image|img|photo|picture|media|figure|bild|foto)[-_]?caption|caption-text|tweet|twitter|instagram"
    r"|quote|event(?![-_]?date)|termin|calendar|kalender|countdown|poll\b|quiz"
    r"|discussion|diskussion|guestbook|feedback|testimonial|user-?reviews?|(?:photo|image|picture)-?credit",
    re.I,
)
_OTHERS_SPEAK = re.compile(
    r"^\W*(?:\d+\s)?(?:(?:reader|user|your)s?.?\s)?(?:comments?|responses?|repl(?:y|ies)|discussion|letters"
    r"|kommentare?r?|leserbriefe|diskussion|commentaires?|réactions?|comentarios?|comentários?|commenti"
    r"|komentarz[ey]?|komentáře|комментари[ий]|коментар[іи]|σχόλια|yorumlar|reacties|التعليقات|تعليقات|תגובות"
    r"|评论|評論|留言|コメント|댓글|noticias relacionadas|notícias relacionadas|articoli correlati"
    r"|articles (?:liés|similaires)|sur le même sujet|verwandte artikel|ilgili haberler|по теме)\b",
    re.I,
)
"""What heads a box in which readers speak or other stories are listed."""
_LONGEST_HEAD, _RIGHT_BELOW = 60, 3
_HEADINGS = frozenset(TAGS.index(f"h{level}") + 1 for level in range(1, 5))
_LOWER = frozenset(TAGS.index(f"h{level}") + 1 for level in range(2, 7))


@dataclass(frozen=True)
class Region:
    """`text_blocks` are the numbers of the outline's blocks that are the article's text, `headline` is what
    the article is called.
    """

    outline: Outline
    text_blocks: tuple[int, ...]
    headline: str | None = None

    @cached_property
    def long(self) -> list[int]:
        """The text's paragraphs; not those above the headline, which are addressed to all readers."""
        return self._paragraphs[self._above_headline :]

    @cached_property
    def _paragraphs(self) -> list[int]:
        blocks = self.outline.blocks
        return [n for n in self.text_blocks if _is_long(blocks[n].text)] or list(self.text_blocks)

    @cached_property
    def _above_headline(self) -> int:
        """How many paragraphs stand above the headline."""
        return bisect(self._paragraphs, self._headline_block)

    @cached_property
    def _headline_block(self) -> int:
        """The block that shows the headline: of headings with its words the last that has a paragraph not far
        below it; -1 where none has.
        """
        name = key(self.headline or "")
        if not name or not self._paragraphs:
            return -1
        blocks, containers = self.outline.blocks, self.outline.containers
        for n in range(self._paragraphs[-1] - 1, -1, -1):
            if (
                containers[blocks[n].holder].tag in _HEADINGS
                and len(name) <= len(blocks[n].text) <= 2 * len(name) + 40
                and key(blocks[n].text) == name
            ):
                return n if self._paragraphs[bisect(self._paragraphs, n)] - n <= _FAR else -1
        return -1

    @cached_property
    def first(self) -> int:
        """The first block of the text; where none is known, what follows the headline."""
        if self.long:
            return self.long[0]
        return min(len(self.outline.blocks), next(self._headings(range(len(self.outline.blocks))), 0) + 10)

    @cached_property
    def last(self) -> int:
        return self.long[-1] if self.long else self.first

    @cached_property
    def heading(self) -> int:
        """The block of the headline, or where it would be."""
        if self._headline_block >= 0:
            return self._headline_block
        above = range(self.first, max(-1, self.first - _FAR), -1)
        return next(self._headings(above), max(0, self.first - _ABOVE))

    def _headings(self, numbers: range) -> Iterator[int]:
        containers = self.outline.containers
        return (n for n in numbers if n < len(self.outline.blocks) and self._in_heading(containers, n))

    def _in_heading(self, containers: list[Container], number: int) -> bool:
        holder = containers[self.outline.blocks[number].holder]
        return holder.tag == _H1 or (holder.parent >= 0 and containers[holder.parent].tag == _H1)

    @cached_property
    def _heading_names(self) -> int:
        """What the elements around the headline are named: where that is a comment, the article is one."""
        blocks = self.outline.blocks
        if not self.heading < len(blocks):
            return 0
        names = 0
        for container in self.outline.around(blocks[self.heading].holder):
            names |= container.names
        return names

    @cached_property
    def numbers(self) -> list[int]:
        """The blocks of the region: from the headline to the text, then what is above, then what is below."""
        count = len(self.outline.blocks)
        inner = range(self.heading, min(count, self.first + _BEGINNING))
        above = range(self.heading - 1, max(-1, self.heading - 1 - _ABOVE), -1)
        below = range(max(self.last - 1, inner.stop), min(count, self.last + 1 + _BELOW))
        return [n for n in (*inner, *above, *below) if self.holds(n, self.outline.blocks[n].holder)]

    @cached_property
    def spaced_stamps(self) -> dict[int, str]:
        """By block the text of a whole block that is marked as a date and written in several elements, with a
        blank between these ('Apr 04' and '2013').
        """
        spaced = {}
        for mark in self.outline.stamps[:_MOST_STAMPS]:
            if mark.block < len(self.outline.blocks) and len(mark.element):
                text = self.outline.blocks[mark.block].text
                pieces = " ".join(" ".join(islice(mark.element.itertext(), 20)).split())
                if len(pieces) <= _LONG and pieces.replace(" ", "") == text.replace(" ", ""):
                    spaced[mark.block] = pieces
        return spaced

    def holds(self, number: int, holder: int) -> bool:
        """Whether what begins at this block and lies in this container belongs to the article: not to
        comments, the site's frame and, but between headline and text, to teasers and boxes.
        """
        if self.heading - _BESIDE <= number <= self.first:
            return self._is_inside(holder, _COMMENT & ~self._heading_names, _FORMS)
        if (
            not self.heading - _ABOVE <= number <= self.last + _BELOW
            or self.first + _BEGINNING <= number < self.last - 1
        ):
            return False
        return self.is_free(holder)

    def is_free(self, holder: int) -> bool:
        """Whether what lies in this container is, wherever it stands, no part of comments, teasers or
        frames.
        """
        return self._is_inside(holder, _AWAY, _FRAMES) and not self._is_another(holder)

    def holds_labelled(self, holder: int) -> bool:
        """Whether what says of itself what it is may speak of the article: in a box beside it, too, but not
        in comments and teasers.
        """
        return self._is_inside(holder, _OTHERS, _SITE) and not self._is_another(holder)

    def follows(self, number: int) -> bool:
        """Whether a block stands right below the text: in a box about the article, too, not in a comment."""
        holder = self.outline.blocks[number].holder
        return self.last < number <= self.last + _RIGHT_BELOW and self._is_inside(holder, _COMMENT, _SITE)

    def _is_inside(self, holder: int, names: int, tags: frozenset[int]) -> bool:
        """Whether nothing around it is named or tagged like that, but what holds the text, too."""
        question = holder, names, tags
        if question not in self._inside:
            self._inside[question] = self._find_inside(*question)
        return self._inside[question]

    @cached_property
    def _inside(self) -> dict[tuple[int, int, frozenset[int]], bool]:
        return {}

    def _find_inside(self, holder: int, names: int, tags: frozenset[int]) -> bool:
        for container in self.outline.around(holder):
            if self._holds_text(container) or self._holds_headline(container):
                return True
            if container.names & names or container.tag in tags:
                return False
        return True

    def is_apart(self, holder: int) -> bool:
        """Whether it lies in a caption, a quotation or a box about something that takes place, and not in
        what holds the article's text, too.
        """
        for container in self.outline.around(holder):
            if self._holds_text(container):
                return False
            if container.tag in _TOLD or _NAMED_TOLD.search(container.signature):
                return True
        return False

    def _is_another(self, holder: int) -> bool:
        """Whether it lies in the header of the site, in an article with a heading of its own or in a box that
        is headed as one of readers' words or other stories.
        """
        blocks, containers = self.outline.blocks, self.outline.containers
        for container in self.outline.around(holder):
            if self._holds_text(container):
                return False
            head = blocks[container.start].text if self.first < container.start < container.end else ""
            if len(head) <= _LONGEST_HEAD and (_OTHERS_SPEAK.match(head) or SEE_ALSO.match(head.lower())):
                return True
            if container.tag != _ARTICLE and container.tag != _HEADER:
                continue
            tags = {containers[block.holder].tag for block in blocks[container.start : container.end]}
            if _H1 not in tags and (container.tag == _ARTICLE) != _LOWER.isdisjoint(tags):
                return True
        return False

    def _holds_headline(self, container: Container) -> bool:
        """Whether it holds the headline and more."""
        return (
            container.start <= self.heading < container.end
            and container.end - container.start > 1
            and self._in_heading(self.outline.containers, self.heading)
        )

    def _holds_text(self, container: Container) -> bool:
        return container.start <= self._middle < container.end

    @cached_property
    def _middle(self) -> int:
        """The paragraph in the midst of the text, -1 for none."""
        return self.long[len(self.long) // 2] if self.long else -1


def _is_long(text: str) -> bool:
    """Whether a block is as long as a paragraph is."""
    if len(text) >= _LONG:
        return True
    return len(text) >= _LONG_IN_HAN and not text.isascii() and len(_HAN.findall(text)) >= _LONG_IN_HAN
