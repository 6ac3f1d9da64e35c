"""The names of months: those of a page's language, and of others for pages that do not say theirs."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

_COMMON = (
    "ar", "cs", "da", "de", "el", "es", "fi", "fr", "hu", "id", "it", "nb", "nl", "pl", "pt", "ro", "ru",
    "sv", "tr", "uk",
)  # fmt: skip
_RARER = (
    "bg", "bn", "ca", "et", "eu", "fa", "gl", "gu", "he", "hi", "hr", "hy", "is", "ka", "kk", "kn", "lt",
    "lv", "mk", "ml", "mr", "ms", "pa", "sk", "sl", "sq", "sr", "ta", "te", "th", "ur",
)  # fmt: skip
"""Languages whose names are looked up only where the others have none."""
_COUNTRIES = {"ar": ("ar_SY", "ar_DZ"), "de": ("de_AT",)}
"""Where a language has other names of months."""
_SHORT = {
    "en": {"sept": 9},
    "de": {"mrz": 3},
    "id": {"agt": 8},
    "bn": {"জানুয়ারি": 1, "ফেব্রুয়ারি": 2},
    "hi": {"सितम्बर": 9, "अक्तूबर": 10, "नवम्बर": 11, "दिसम्बर": 12},
}
_ACCENTS = dict.fromkeys((*range(0x300, 0x370), 0x93C, 0x9BC), None) | {ord("ı"): "i"}
"""What stands on or below letters and is left out as often as it is written; Indian vowels are letters."""
_LONGEST_ENDING = 3


def month_number(name: str, language: str | None) -> int | None:
    """1..12 of a month's name or abbreviation in the page's language, in English or, where only one month is
    called so, in any other; None where it is none. Cases and endings that the calendar's names have not
    ("маја" beside "мај") are read in the page's language.
    """
    code = (language or "en").replace("_", "-").partition("-")[0].lower()
    name = _folded(name)
    own = _months(code)
    return (
        own.get(name)
        or _months("en").get(name)
        or _of_any(_COMMON).get(name)
        or (None if name.isascii() else _of_any(_RARER).get(name) or _inflected(name, code))
    )


def _inflected(name: str, code: str) -> int | None:
    """The month whose name begins this one, which is written in the page's own letters; in Hebrew the name
    behind its preposition.
    """
    months = _months(code)
    if code == "he":
        return months.get(name.removeprefix("ב"))
    starts = (each for each in months if len(each) >= 3 and 0 < len(name) - len(each) <= _LONGEST_ENDING)
    numbers = {months[each] for each in starts if name.startswith(each)}
    return numbers.pop() if len(numbers) == 1 else None


@cache
def _of_any(languages: tuple[str, ...]) -> dict[str, int]:
    """The month names of these languages; those that are another month's elsewhere are left out."""
    numbers: dict[str, set[int]] = {}
    for language in languages:
        for name, number in _months(language).items():
            numbers.setdefault(name, set()).add(number)
    return {name: number.pop() for name, number in numbers.items() if len(number) == 1}


@lru_cache(maxsize=128)
def _months(language: str) -> dict[str, int]:
    """Month names and their abbreviations, folded -> 1..12; empty for a language that has none here."""
    try:
        locales = [Locale.parse(name) for name in (language, *_COUNTRIES.get(language, ()))]
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    return {
        _folded(name): number
        for locale in reversed(locales)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    } | {_folded(name): number for name, number in _SHORT.get(language, {}).items()}


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower().rstrip(".")
    return unicodedata.normalize("NFKD", name).lower().translate(_ACCENTS).rstrip(".")
