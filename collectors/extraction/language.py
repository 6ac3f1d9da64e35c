"""The language of the text: what it looks like and what the page declares, together."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from collectors.extraction.declared import Declared
from collectors.extraction.found import Found
from collectors.extraction.page import Page
from pressgauge.languages import language_code

_TAG = re.compile(r"^\s*([A-Za-z]{2,3}(?:[-_].*)?)\s*$", re.S)
_ENOUGH = 80


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language(page: Page, declared: Declared, text: str | None) -> Found[str] | None:
    """ISO 639-1 code; py3langid on the text, confirmed or replaced (short text) by html lang, og:locale and
    the like.
    """
    said = next(
        (
            code
            for value in (page.tree.get("lang"), declared.first("content-language", "og:locale"))
            if value and (tag := _TAG.match(value[:100])) and (code := language_code(tag[1]))
        ),
        None,
    )
    if not text or len(text) < _ENOUGH:
        return Found(said, "html", 0.7) if said else None
    tongue, probability = _identifier().classify(text[:5000])
    guess = language_code(tongue) or tongue
    if guess == said:
        return Found(guess, "text", 0.99)
    if said and probability < 0.9:
        return Found(said, "html", 0.6)
    return Found(guess, "text", 0.6 if said else round(float(probability) * 0.95, 2))


def language_of(text: str, declared: str | None) -> str | None:
    """The language of a text of some length: what it looks like if that is sure, else what is declared."""
    guess, probability = _identifier().classify(text[:5000])
    return guess if guess == declared or probability >= 0.9 or declared is None else declared
