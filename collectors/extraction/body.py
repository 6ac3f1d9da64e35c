"""The article's own text, paragraphs separated by newlines.

trafilatura reads the page after its furniture is taken out, paragraphs that it lost are put back, and
resiliparse, 30 times as fast, reads it as well. A second reader that is usually the more generous one and now
found clearly less is the sign that trafilatura took in something else: only then precision-minded
trafilatura, newspaper3k and the page's own articleBody are asked too, and the text that agrees most with the
others is taken.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

import trafilatura
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

from collectors.extraction import embedded
from collectors.extraction.declared import Declared, text_of
from collectors.extraction.found import Found
from collectors.extraction.furniture import without_furniture, without_furniture_lines
from collectors.extraction.page import Page
from collectors.extraction.repair import with_lost_paragraphs

MAX_CHARACTERS = 500_000
DISAGREEMENT = 0.9
"""Ask more readers when the second found less than this share of the first one's characters.

On 267 judged pages 8 were voted on; text F1 rose from 0.967 to 0.970, and voting on all pages gave 0.964.
"""
_WORD = re.compile(r"\w+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Body:
    """The `text`, None when there is none, and the `closing` lines that stood below it: no text, but they may
    say where it comes from."""

    text: Found[str] | None
    closing: tuple[str, ...] = ()


def body(page: Page, declared: Declared, backend: str, titles: Iterable[str], authors: Iterable[str]) -> Body:
    """The text by one reader, or by the readers' agreement where `backend` is 'auto'.

    `titles` are the headline's candidates: a line that repeats one is no text, nor is one that only names
    the `authors`.
    """
    clean = partial(_clean, titles=tuple(titles), authors=tuple(authors))
    if backend == "auto" and not page.large:
        return _agreed(page, declared, clean)
    # A page of very many elements is read in linear time or not at all.
    name = "resiliparse" if page.large or backend == "auto" else backend
    read = _READERS[name](page)
    text = clean(read)
    return Body(Found(text, name, 0.5) if text else None, _closing(_lines(read), text))


def _agreed(page: Page, declared: Declared, clean: Callable[[str], str]) -> Body:
    pruned = without_furniture(deepcopy(page.tree))
    lines = with_lost_paragraphs(pruned, _lines(_trafilatura(pruned)))
    first = clean("\n".join(lines))
    second = clean(_resiliparse(page))
    texts = {"trafilatura": first, "resiliparse": second}
    chosen = "trafilatura"
    if len(second) < DISAGREEMENT * len(first) or not first:
        texts["trafilatura-precision"] = clean(_safely(_precise, page))
        texts["newspaper3k"] = clean(_safely(_newspaper, page))
        texts["json-ld"] = clean(text_of(declared.article.get("articleBody")) or "")
        if not any(texts.values()):
            texts["script"] = clean(embedded.text(page))
        chosen = _most_agreed(texts)
    words = {name: Counter(_WORD.findall(text)) for name, text in texts.items() if text}
    if chosen not in words:
        return Body(None)
    agreement = max(
        (_f1(words[chosen], other) for name, other in words.items() if name != chosen), default=0.0
    )
    text = Found(texts[chosen], chosen, round(0.5 + 0.49 * agreement, 2))
    return Body(text, _closing(lines, first))


def _closing(lines: list[str], text: str) -> tuple[str, ...]:
    """Up to ten lines below the last one that is text."""
    last = text.rpartition("\n")[2]
    after = next((at for at in range(len(lines), 0, -1) if lines[at - 1] == last), len(lines))
    return tuple(lines[after : after + 10])


def _most_agreed(texts: dict[str, str]) -> str:
    """The reader whose words the others' share most, by mean F1 of word counts; the first of equals.

    A library has one vote: its two modes say nothing for each other, and for others the one that agrees more.
    """
    words = {name: Counter(_WORD.findall(text)) for name, text in texts.items() if text}

    def agreement(name: str) -> float:
        votes: dict[str, float] = {}
        for rival, other in words.items():
            if (library := _library(rival)) != _library(name):
                votes[library] = max(votes.get(library, 0.0), _f1(words[name], other))
        return sum(votes.values()) / max(1, len(votes))

    return max(words, key=agreement, default="trafilatura")


def _library(name: str) -> str:
    return name.removesuffix("-precision")


def _f1(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def _trafilatura(tree: HtmlElement, *, favor_precision: bool = False) -> str:
    document = trafilatura.bare_extraction(tree, include_comments=False, favor_precision=favor_precision)
    return (document.text or "") if document is not None else ""


def _precise(page: Page) -> str:
    return _trafilatura(deepcopy(page.tree), favor_precision=True)


def _resiliparse(page: Page) -> str:
    return extract_plain_text(page.html, main_content=True, alt_texts=False, list_bullets=False)


def _newspaper(page: Page) -> str:
    # Imported on demand: it is slow to import and seldom asked.
    from collectors.extraction.newspaper import read

    return read(page.html, page.url).text


_READERS: dict[str, Callable[[Page], str]] = {
    "trafilatura": lambda page: _trafilatura(deepcopy(page.tree)),
    "newspaper3k": _newspaper,
    "resiliparse": _resiliparse,
}


def _safely(reader: Callable[[Page], str], page: Page) -> str:
    """A voter that fails is one vote fewer; the page is still read by the others."""
    try:
        return reader(page)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the libraries raise anything
        _log.info("%s: %s failed: %s", page.url, reader.__name__, type(error).__name__)
        return ""


def _lines(text: str) -> list[str]:
    return [line for raw in text[:MAX_CHARACTERS].splitlines() if (line := raw.strip())]


def _clean(text: str, titles: tuple[str, ...], authors: tuple[str, ...]) -> str:
    return "\n".join(without_furniture_lines(_lines(text), titles, authors))
