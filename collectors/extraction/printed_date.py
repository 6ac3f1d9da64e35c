"""The day that stands in words or figures beside the headline, for pages that declare no date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from collectors.extraction.outline import Mark
from collectors.extraction.region import Region

_LONGEST = 150
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}\s?[-./]\s?(?P<month>\d{{1,2}})\s?[-./]\s?(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]"),
    re.compile(rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s-]{{1,3}}(?:de\s|of\s)?(?P<month>[^\W\d_]{{3,12}})\.?,?"
        rf"[\s-]{{1,3}}(?:de\s|del\s)?{_YEAR}(?!\d)"
    ),
    re.compile(rf"(?P<month>[^\W\d_]{{3,12}})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}(?!\d)"),
)
_SLASHES = re.compile(rf"(?<![\d/])(?P<first>\d{{1,2}})([/-])(?P<second>\d{{1,2}})\2{_YEAR}(?![\d/])")
_CHANGED = re.compile(
    r"updat|modif|edited|revis|review|aktualisiert|geändert|bearbeitet|\bstand\b|mis à jour"
    r"|actualizad|atualizad|aggiornat"
    r"|bijgewerkt|gewijzigd|uppdater|oppdater|opdater|zaktualizowan|обновлен|更新|修改|최종수정|수정",
    re.I,
)
_OTHER = re.compile(r"©|copyright|\(c\)|expires?|deadline|event|today|heute|valid|until|bis zum", re.I)


def printed_dates(region: Region, language: str | None, *, day_first: bool) -> Iterator[str]:
    """YYYY-MM-DD, not checked to exist, of the short texts around the headline and below the text, the
    nearest
    below the headline first. Dates of changes and of copyright do not count.

    `language` is a tag like 'de' or 'pt-BR', whose month names go before those of other languages;
    `day_first` is how its readers take 02/03/2024.
    """
    months = (
        _every_month() | _months("en") | _months(re.split("[-_]", language or "en", maxsplit=1)[0].lower())
    )
    before = ""
    for number in region.numbers:
        text = region.outline.blocks[number].text
        for line in text.split("\n") if len(text) <= 4 * _LONGEST else ():
            if len(line) > _LONGEST or (line[-1] in ".!?。" and len(line) > 40 and line.count(" ") > 6):
                continue  # a sentence tells of a day, and is not dated by it
            # The block before may be the label of this one.
            label = before if len(before) < 30 and not any(map(str.isdigit, before)) else ""
            if not _CHANGED.search(label) and (day := _day(line, months, day_first)):
                yield day
            before = line


def _day(text: str, months: dict[str, int], day_first: bool) -> str | None:
    """The first date in a text that is not said to be one of a change or something else."""
    matches = sorted(
        (match for pattern in (*_PATTERNS, _SLASHES) for match in pattern.finditer(text)),
        key=lambda each: each.start(),
    )
    for match in matches:
        before = text[max(0, match.start() - 40) : match.start()]
        # A word behind an earlier date speaks of this one.
        before = before[
            max(
                (m.end() - match.start() + len(before) for m in matches if m.end() <= match.start()),
                default=0,
            ) :
        ]
        if _CHANGED.search(before) or _OTHER.search(before):
            continue
        if match.re is _SLASHES:
            first, second = int(match["first"]), int(match["second"])
            day, number = (first, second) if (day_first and second <= 12) or first > 12 else (second, first)
        else:
            month = match["month"]
            number, day = int(month) if month.isdecimal() else months.get(month.lower(), 0), int(match["day"])
        if 1 <= number <= 12 and 1 <= day <= 31:
            return f"{match['year']}-{number:02}-{day:02}"
    return None


def is_change(mark: Mark, text: str) -> bool:
    """Whether a marked date is said to be one of a change."""
    element = mark.element
    names = " ".join(filter(None, (element.get("itemprop"), element.get("class"), element.get("id"))))
    return bool(re.search(r"modif|updat", names, re.I) or _CHANGED.search(text))


_LANGUAGES = (
    "ar",
    "cs",
    "da",
    "de",
    "el",
    "es",
    "fi",
    "fr",
    "hu",
    "id",
    "it",
    "nb",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sv",
    "tr",
    "uk",
)


@cache
def _every_month() -> dict[str, int]:
    """The month names of many languages, for pages that do not say theirs; ambiguous ones are left out."""
    numbers: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for name, number in _months(language).items():
            numbers.setdefault(name, set()).add(number)
    return {name: number.pop() for name, number in numbers.items() if len(number) == 1}


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    """Month names and their abbreviations, lower case -> 1..12; empty for a language that has none here."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    return {
        name.lower().rstrip("."): number
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    } | ({"sept": 9} if language == "en" else {})
