"""The language of the text: what it looks like and what the page declares, together."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import chain

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from collectors.extraction.extracted import Extracted
from collectors.extraction.page.metadata import Metadata
from collectors.extraction.page.page import Page
from pressgauge.languages import language_code

_TAG = re.compile(r"^\s*([A-Za-z]{2,3}(?:[-_].*)?)\s*$", re.S)
_ENOUGH = 80


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(page: Page, metadata: Metadata, text: str | None) -> Extracted[str] | None:
    """ISO 639-1 code; py3langid on the text, confirmed or replaced (short text) by html lang, og:locale and
    the like.
    """
    declared_code = next(
        (
            code
            for value in (page.tree.get("lang"), metadata.first("content-language", "og:locale"))
            if value and (tag := _TAG.match(value[:100])) and (code := language_code(tag[1]))
        ),
        None,
    )
    if not text or len(text) < _ENOUGH:
        return Extracted(declared_code, "html", 0.7) if declared_code else None
    guess, probability = _looks_like(text, declared_code)
    if guess == declared_code:
        return Extracted(guess, "text", 0.99)
    if declared_code and probability < 0.9:
        return Extracted(declared_code, "html", 0.6)
    return Extracted(guess, "text", 0.6 if declared_code else round(probability * 0.95, 2))


def language_of(text: str, declared_code: str | None) -> str | None:
    """The language of a text of some length: what it looks like if that is sure, else what is declared."""
    guess, probability = _looks_like(text, declared_code)
    return guess if probability >= 0.9 or declared_code is None else declared_code


def _looks_like(text: str, declared_code: str | None) -> tuple[str, float]:
    """The language that a text looks like, and how probable that is.

    Frequent words confirm what is declared in a sixth of the time that py3langid takes. They contradict
    nothing, and tell nothing alone: Frisian has those of English, Catalan those of Spanish.
    """
    if declared_code and by_frequent_words(text) == declared_code:
        return declared_code, 1.0
    tongue, probability = _identifier().classify(text[:_CLEAR])
    if probability < 0.99 and len(text) > _CLEAR:
        tongue, probability = _identifier().classify(text[:_UNSURE])
    return language_code(tongue) or tongue, float(probability)


_COMMON = {
    "en": "the of and to in that is for with was on said he it by from are this have at",
    "de": "der die und ist nicht das ein den mit von für sich auf dem auch eine des wird im zu",
    "fr": "le la les des et est une que dans qui pour sur du au par pas ce ont avec plus",
    "es": "el los las del que y una por con para se su como más pero ha al lo fue sus",
    "it": "il che di della per una non sono con del gli alla è da nel ha più anche dei le",
    "nl": "het een van en niet dat voor zijn met op aan ook door bij naar maar uit werd heeft hij",
    "pt": "que não uma os com para por mais dos como mas foi ao das seu sua pelo são também à",
    "sv": "och att det som en på är av för inte den med till ett har om han var från kan",
    "pl": "nie się na że jest do to przez dla po jak tym od jego oraz który tego są także przed",
    "ru": "и в не на что с по это как из он за но был для от его к так все",
}
"""Twenty of the most frequent words of languages in which much is written (counted in their Wikipedias)."""
_NEIGHBOURS = {
    "sv": "og er til ikke at et fra ble blev skal også efter etter af hun",
    "ru": "да се е са че това като ще си бе които та є що й або від",
}
"""Frequent words of its neighbours (Danish and Norwegian; Bulgarian and Ukrainian) that a language has not:
they share many of its own."""
_FEW = 0.05
"""A text with this share of them is a neighbour's."""
_CLEAR, _UNSURE = 600, 5_000
"""Characters that py3langid is asked about where frequent words confirm nothing, and where these leave it
in doubt: its time is theirs."""
_LANGUAGES_OF: dict[str, list[str]] = {}
for _code, _words in _COMMON.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_code)
_WORDS_OF_NEIGHBOURS = {code: frozenset(words.split()) for code, words in _NEIGHBOURS.items()}


def by_frequent_words(text: str) -> str | None:
    """The language whose frequent words clearly make up most of a text's; None where that is not clear."""
    words = text[:1500].lower().split()
    counts = Counter(chain.from_iterable(filter(None, map(_LANGUAGES_OF.get, words))))
    (first, most), (_, second) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    neighbours = sum(map(_WORDS_OF_NEIGHBOURS.get(first, frozenset()).__contains__, words))
    is_clear = most >= max(0.12 * len(words), 2 * second) and neighbours < _FEW * len(words)
    return first if len(words) >= 30 and is_clear else None
