"""The article's own text, paragraphs separated by newlines.

Decision trees judge the blocks of the page (`blocks`), which costs a tenth of what a library does. Where they
are not sure, resiliparse, the quick one, is asked, too; where it disagrees, trafilatura (after what is no
article for sure is taken out); and where these disagree, on pages of no great length, newspaper3k and the
page's own articleBody. The text that agrees most with the others is taken.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

from collectors.extraction.boilerplate import drop, key, without_boilerplate, without_boilerplate_lines
from collectors.extraction.extracted import Extracted
from collectors.extraction.page import script_data
from collectors.extraction.page.metadata import Metadata, text_of
from collectors.extraction.page.page import Page
from collectors.extraction.trees import blocks

MAX_CHARACTERS = 500_000
MAX_BLOCKS = 20_000
"""A page of more is read by resiliparse alone: what is kept of a block would be memory that others need."""
LONG = 2_500
"""From so many blocks on, on which trafilatura takes several times as long, resiliparse need only agree with
the trees by DISAGREEMENT.
"""
LONG_FOR_NEWSPAPER = 200
"""From so many blocks on newspaper3k, whose time is quadratic, is not asked."""
TEXT_CHANCE = 0.5
"""The chance from which a block is text."""
SURE = 0.875
"""Below this expected F1 of the blocks that were chosen, the other readers are asked, too."""
DISAGREEMENT = 0.9
"""Ask more readers when the second found less than this share of the first one's characters."""
AGREEMENT = 0.95
"""The trees' text stands where resiliparse has the same one by this F1 of words."""
ENOUGH = 0.5
"""What trafilatura must find of the characters that another reader has found, to be believed without more."""
AN_ARTICLE = 1_000
"""Characters that it is believed with, whatever others found, and resiliparse where the trees find none."""
SETTLED = 0.8
"""Where two readers agree by so much, newspaper3k's vote decides nothing."""
NO_TEXT = 0.01
"""An element all of whose blocks are less likely text than this is taken out before trafilatura reads."""
_WORD = re.compile(r"\w+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judgement:
    """For each block of the page the chance that it is text, and the numbers of its `text_blocks`."""

    chances: np.ndarray
    text_blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The `text`, None when there is none, and the `closing_lines` that stood below it: no text, but they may
    say where it comes from."""

    text: Extracted[str] | None
    closing_lines: tuple[str, ...] = ()


def judge(page: Page, metadata: Metadata, titles: Iterable[str]) -> Judgement:
    """What the trees say of the page's blocks; nothing of more than MAX_BLOCKS."""
    if len(page.outline.blocks) > MAX_BLOCKS:
        return Judgement(np.zeros(0, dtype=np.float32), ())
    chances = blocks.chances(page.outline, set(map(key, titles)), key(_article_body(metadata)))
    return Judgement(chances, tuple(np.flatnonzero(chances >= TEXT_CHANCE).tolist()))


def body(
    page: Page,
    metadata: Metadata,
    judgement: Judgement,
    backend: str,
    titles: Iterable[str],
    authors: Iterable[str],
) -> Body:
    """The text by the reader that `backend` names. With 'auto' the trees choose it, and where they are unsure
    the text on which the readers agree most is taken.

    `titles` are the headline's candidates: a line that repeats one is no text, nor is one that only names
    the `authors`.
    """
    clean = partial(_clean, titles=tuple(titles), authors=tuple(authors))
    if backend == "auto" and len(page.outline.blocks) <= MAX_BLOCKS:
        return _by_trees(page, metadata, judgement, clean)
    # A page of very many elements is read in linear time or not at all.
    name = "resiliparse" if page.large or backend == "auto" else backend
    raw = _READERS[name](page)
    text = clean(raw)
    return Body(Extracted(text, name, 0.5) if text else None, _closing_lines(_lines(raw), text))


def _by_trees(page: Page, metadata: Metadata, judgement: Judgement, clean: Callable[[str], str]) -> Body:
    every, text_blocks = page.outline.blocks, judgement.text_blocks
    lines = [line for number in text_blocks for line in every[number].text.splitlines()]
    text = clean("\n".join(lines))
    after = text_blocks[-1] + 1 if text_blocks else len(every)
    below = [line for block in every[after : after + 10] for line in block.text.splitlines()]
    closing_lines = (*_closing_lines(lines, text), *below)[:10]
    expected = _expected(judgement.chances, np.array([len(block.text) for block in every], dtype=np.float32))
    if text and (expected >= SURE or page.large):
        return Body(Extracted(text, "blocks", round(expected, 2)), closing_lines)
    votes = _Votes({"blocks": text, "resiliparse": clean(_resiliparse(page))})
    least = DISAGREEMENT if len(every) >= LONG else AGREEMENT
    if text and (agreement := votes.agreement("blocks", "resiliparse")) >= least:
        return Body(Extracted(text, "blocks", _confidence(agreement)), closing_lines)
    if not text and len(votes.texts["resiliparse"]) >= AN_ARTICLE:
        return Body(Extracted(votes.texts["resiliparse"], "resiliparse", _confidence(0.0)), closing_lines)
    _ask_others(votes, page, metadata, judgement, clean)
    texts = votes.texts
    if not any(texts.values()):
        texts["script"] = clean(script_data.text(page))
    # The second is the more generous reader: where it found clearly less, the first took in something else.
    plain = len(texts["resiliparse"]) >= DISAGREEMENT * len(texts.get("trafilatura", ""))
    best = "trafilatura" if plain and texts.get("trafilatura") else votes.most_agreed()
    if not texts.get(best):
        return Body(None)
    return Body(
        Extracted(texts[best], best, _confidence(max(votes.agreements(best), default=0.0))), closing_lines
    )


class _Votes:
    """By reader the text that it found, '' for none; their words are counted once."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        self._counts: dict[str, Counter[str]] = {}

    def _words(self, name: str) -> Counter[str]:
        if name not in self._counts:
            self._counts[name] = Counter(_WORD.findall(self.texts[name]))
        return self._counts[name]

    def agreement(self, one: str, other: str) -> float:
        """The F1 of the word counts of two readers' texts."""
        words, others = self._words(one), self._words(other)
        return 2 * (words & others).total() / max(1, words.total() + others.total())

    def agreements(self, name: str) -> list[float]:
        """With each other reader that found a text."""
        return [self.agreement(name, other) for other, text in self.texts.items() if text and other != name]

    def most_agreed(self) -> str:
        """The reader whose words the others' share most, by the sum of agreements; the first of equals."""
        readers = (name for name, text in self.texts.items() if text)
        return max(readers, key=lambda name: sum(self.agreements(name)), default="blocks")


def _confidence(agreement: float) -> float:
    return round(0.3 + 0.6 * agreement, 2)


def _article_body(metadata: Metadata) -> str:
    return text_of(metadata.article.get("articleBody")) or ""


def _expected(chances: np.ndarray, lengths: np.ndarray) -> float:
    """The F1 by characters that the chosen blocks have if the chances are right."""
    are_text = chances >= TEXT_CHANCE
    right = float((chances * lengths)[are_text].sum())
    return 2 * right / max(1.0, float(lengths[are_text].sum() + (chances * lengths).sum()))


def _ask_others(
    votes: _Votes, page: Page, metadata: Metadata, judgement: Judgement, clean: Callable[[str], str]
) -> None:
    """Add the texts of other readers: trafilatura's, where resiliparse found less the page's own articleBody,
    and where no two of the readers agree newspaper3k's.
    """
    if page.large:
        return
    texts = votes.texts
    reader = partial(_text_of_pruned, judgement=judgement, expected=max(map(len, texts.values())))
    texts["trafilatura"] = clean(_safely(reader, page, "trafilatura"))
    if len(texts["resiliparse"]) < DISAGREEMENT * len(texts["trafilatura"]) or not texts["trafilatura"]:
        found = [name for name, text in texts.items() if text]
        is_settled = any(votes.agreement(*pair) >= SETTLED for pair in combinations(found, 2))
        if not is_settled and len(page.outline.blocks) < LONG_FOR_NEWSPAPER:
            texts["newspaper3k"] = clean(_safely(_newspaper, page, "newspaper3k"))
        texts["json-ld"] = clean(_article_body(metadata))


def _closing_lines(lines: list[str], text: str) -> tuple[str, ...]:
    """Up to ten lines below the last one that is text."""
    last = text.rpartition("\n")[2]
    after = next((at for at in range(len(lines), 0, -1) if lines[at - 1] == last), len(lines))
    return tuple(lines[after : after + 10])


def _trafilatura(tree: HtmlElement, *, fast: bool = False) -> str:
    """trafilatura's text; with `fast` without the two readers that it compares itself with."""
    # Imported on demand, as newspaper3k is: one page in twelve needs it.
    import trafilatura
    from trafilatura.settings import Document

    document = trafilatura.bare_extraction(tree, include_comments=False, fast=fast)
    return (document.text or "") if isinstance(document, Document) else ""


def _text_of_pruned(page: Page, judgement: Judgement, expected: int) -> str:
    """trafilatura's text of the page without its boilerplate; of a long page with it, for its time's sake.
    Its own comparisons, which take half of its time, are made where it finds less than ENOUGH of the
    characters `expected` and less than AN_ARTICLE.
    """
    pruned = _pruned(page, judgement)
    if len(page.outline.blocks) >= LONG:
        return _trafilatura(pruned)
    pruned = without_boilerplate(pruned)
    text = _trafilatura(pruned, fast=True)
    if len(text) < min(AN_ARTICLE, ENOUGH * expected):
        text = _trafilatura(pruned)
    return text


def _pruned(page: Page, judgement: Judgement) -> HtmlElement:
    """A copy of the page without the elements of which the trees are sure that they hold no text; all of it
    where they found none.
    """
    tree = page.copy()
    if not judgement.text_blocks:
        return tree
    likely = np.concatenate(([0], np.cumsum(judgement.chances >= NO_TEXT))).tolist()
    sure, behind = set(), 0
    for container in page.outline.containers:
        start, end = container.start, container.end
        if container.parent >= 0 and behind <= start < end and likely[start] == likely[end]:
            sure.add(container.element)
            behind = end
    for copy in [
        copy for element, copy in zip(page.tree.iter(), tree.iter(), strict=True) if element in sure
    ]:
        drop(copy)
    return tree


def _resiliparse(page: Page) -> str:
    return extract_plain_text(page.html, main_content=True, alt_texts=False, list_bullets=False)


def _newspaper(page: Page) -> str:
    # Imported on demand: it is slow to import and seldom asked.
    from collectors.extraction.newspaper import read_article

    return read_article(page.html, page.url).text


_READERS: dict[str, Callable[[Page], str]] = {
    "trafilatura": lambda page: _trafilatura(page.copy()),
    "newspaper3k": _newspaper,
    "resiliparse": _resiliparse,
}


def _safely(reader: Callable[[Page], str], page: Page, name: str) -> str:
    """A voter that fails is one vote fewer; the page is still read by the others."""
    try:
        return reader(page)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the libraries raise anything
        _log.info("%s: %s failed: %s", page.url, name, type(error).__name__)
        return ""


def _lines(text: str) -> list[str]:
    return [line for raw in text[:MAX_CHARACTERS].splitlines() if (line := raw.strip())]


def _clean(text: str, titles: tuple[str, ...], authors: tuple[str, ...]) -> str:
    return "\n".join(without_boilerplate_lines(_lines(text), titles, authors))
