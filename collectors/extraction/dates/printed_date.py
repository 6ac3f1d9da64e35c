"""The day that stands in words or figures on the page, for pages that declare no date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import compress, islice
from operator import or_
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from collectors.extraction.page.outline import NAME_BITS, TAGS, Mark, Outline
from collectors.extraction.page.region import Region

_LONGEST = 150
_RIGHT_ABOVE = 3
"""So many blocks."""
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH = r"(?:[^\W\d_]{3,12}(?:\sال[^\W\d_]{3,5})?|آب)"
"""In the Levant four months have names of two words and one of two letters."""
_PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}\s?[-./]\s?(?P<month>\d{{1,2}})\s?[-./]\s?(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]"),
    re.compile(rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s./-]{{1,3}}(?:de\s|of\s)?"
        rf"(?P<month>{_MONTH})\.?,?[\s./-]{{1,3}}(?:de\s|del\s)?{_YEAR}(?!\d)"
    ),
    re.compile(
        rf"(?P<month>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?"
        rf"(?:\s\d\d:\d\d(?::\d\d)?(?:\s[A-Z]{{3,4}})?)?\s{_YEAR}(?!\d)"
    ),
)
_SLASHES = re.compile(
    rf"(?<![\d/])(?P<first>\d{{1,2}})(?P<between>[/-]|\s?[/|]\s?)(?P<second>\d{{1,2}})(?P=between)"
    rf"{_YEAR}(?![\d/])"
)
_SHORT_YEAR = re.compile(
    r"\W*(?:[^\W\d]{2,20}\s?(?:[^\W\d]{2,3}\b)?:?\s)?(?P<first>\d{1,2})([./])(?P<second>\d{1,2})\2(?P<year>\d\d)"
    r"(?:\W{1,3}\d{1,2}[:.]\d\d(?:\s?(?:[ap]m|Uhr))?)?\W*",
    re.I,
)
"""A line that is a date with two figures for the year, and no more than a word and a time of day."""
_FIGURES = re.compile(r"\d\d")
_DIGITS = {zero + figure: str(figure) for zero in (0x660, 0x6F0, 0x966, 0xFF10) for figure in range(10)}
"""Arabic, Persian, Indian and wide figures."""
_ERAS = {"平成": 1988, "令和": 2018}
"""By the name of a Japanese era the year before its first."""
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,2}}|元)年")
_YEAR_FIRST = frozenset(("ko", "ja", "zh", "hu", "lt", "mn"))
"""Languages in which such a date begins with the year."""
_HEADS = frozenset(TAGS.index(f"h{level}") + 1 for level in range(1, 7))
_DATE_ALONE, _LONGEST_HEADING = 40, 60
"""Characters of a line that is no more than a date, and of a heading that dates the article; in a longer one
the date belongs to what it announces.
"""
_CHANGED = re.compile(
    r"updat|modif|edited|revis|review|aktualis|geändert|änderung|bearbeitet|mis à jour|a[ck]?tuali[sz]"
    r"|aggiorna|bijgewerkt|gewijzigd|(?:upp|opp|op)dater|ändrad|endret|ændret|zmienion|upraven|päivitetty"
    r"|muokattu|frissít|módosít|güncelle|diperbarui|diubah|cập nhật|обновл[её]н|измен[её]н|оновлен|змінен"
    r"|актуализ|промен|ενημ[έε]ρωσ|ενημερ[ώω]θ|τροποπο|تحديث|تعديل|بروزرسانی|به‌روز|עודכן|अपडेट|अद्यतन"
    r"|อัปเดต|更新|修改|수정",
    re.I,
)
_CHANGE_NAME = re.compile(r"modif|updat", re.I)
_NAMED_CHANGED = re.compile(r"modif|updated(?!.*publi)", re.I)
"""An element around a date that is named 'updatetime' holds the time of the first publication as well."""
_WITH_FIGURES = re.compile(r"^.*\d", re.S)
"""What belongs to an earlier date."""
_LONGEST_LABEL, _LONGEST_MARK = 30, 80
_PUBLISHED = re.compile(
    r"publish|posted|released|veröffentlicht|erschienen|gepostet|publié|mis en ligne|publicad|pubblicat"
    r"|gepubliceerd|publicera|publisert|udgivet|julkaistu|opublikowan|yayın|опубликован|发布|發布|公開日|掲載|입력|등록",
    re.I,
)
_OPENING, _OPENING_PARAGRAPHS, _SEARCHED_PARAGRAPHS = 120, 3, 12
"""Characters of a paragraph, and the first paragraphs, in which the date that opens a report may stand, and
those of which no other may begin with one.
"""
_PLACE = re.compile(r"\(?(?:[A-Z][^\d()]{1,40}[,(]\s?)?")
_BEHIND = re.compile(
    r"\)?\s?(?:\([^()\d]{2,30}\)|/[^/\d]{2,30}/)?\s?(?:\)|[-–—|:„“«\"]|\.(?=\s[A-ZÄÖÜ])|/\w)"
)
"""What stands before and behind the date that opens a report ('LONDON, 5 March 2024 (Reuters) - ')."""
_OTHER = re.compile(
    r"©|copyright|\(c\)|expires?|deadline|event|today|heute|valid|until|bis zum|gültig"
    r"|regist(?:ered|riert)|joined|member since|mitglied seit|inscrit",
    re.I,
)


class _Style(NamedTuple):
    """How the readers of a page write days: `months` by name, 02/03/2024 with the day first or not, and
    whether 02.03.24 may be one.
    """

    months: dict[str, int]
    day_first: bool
    short_years: bool


def printed_dates(region: Region, language: str | None, *, day_first: bool) -> Iterator[str]:
    """YYYY-MM-DD, not checked to exist, of the short texts around the headline and below the text, the
    those between headline and text first, then the one that opens the text. Dates of changes and of
    copyright do not count.

    `language` is a tag like 'de' or 'pt-BR', whose month names go before those of other languages;
    `day_first` is how its readers take 02/03/2024.
    """
    style = _style(language, day_first)
    between = [n for n in region.numbers if region.heading <= n <= region.first]
    yield from _dated_lines(region, between, style)
    if day := _opening_date(region, style):
        yield day
    # What stands right above the headline goes before what stands in the text.
    around = [n for n in region.numbers if not region.heading <= n <= region.first]
    around.sort(key=lambda n: not region.heading - _RIGHT_ABOVE <= n < region.heading)
    yield from _dated_lines(region, around, style)


def _opening_date(region: Region, style: _Style) -> str | None:
    """The date that opens the report: its first paragraph, or, below a summary, the first one behind a short
    line such as the byline.
    """
    blocks = region.outline.blocks
    days = [_dateline(blocks[number].text[:_OPENING], style) for number in region.long[:_SEARCHED_PARAGRAPHS]]
    if days and days[0]:
        return days[0]
    if sum(map(bool, days)) != 1:
        return None  # two are the days of a chronicle
    at = next(at for at, day in enumerate(days) if day)
    line = blocks[region.long[at] - 1].text
    return days[at] if at < _OPENING_PARAGRAPHS and len(line) <= _DATE_ALONE else None


def _is_note(outline: Outline, number: int) -> bool:
    """Whether the block is all of an element that is named as what is said about the article."""
    holder = outline.containers[outline.blocks[number].holder]
    return bool(holder.names & NAME_BITS["meta"]) and holder.end - holder.start == 1


def lone_date(region: Region, language: str | None, *, day_first: bool) -> str | None:
    """The date that a page says it was published on, wherever that stands outside of comments and teasers.

    Where no line says so, it is the only date that fills its line, outside of comments, teasers and the text
    of the article. None where there are two of those.
    """
    outline, style = region.outline, _style(language, day_first)
    text = frozenset(n for n in region.text_blocks if not _is_note(outline, n))
    outside = [n for n, block in enumerate(outline.blocks) if n not in text or len(block.text) <= _LONGEST]
    days = set(islice(_labelled_dates(region, outside, style), 20))
    if not days:
        # Only what holds figures, and what may be the label before it, is looked at closely.
        figures = [_FIGURES.search(outline.blocks[n].text) is not None for n in outside]
        near = map(or_, figures, (*figures[1:], False))
        free = [n for n in compress(outside, near) if region.is_free(outline.blocks[n].holder)]
        days = set(islice(_dated_lines(region, free, style), 20))
    return days.pop() if len(days) == 1 else None


def _labelled_dates(region: Region, numbers: Iterable[int], style: _Style) -> Iterator[str]:
    """Dates beside a word for publication, or below a label of it."""
    before = ""
    for number in numbers:
        block = region.outline.blocks[number]
        for line in block.text.split("\n") if len(block.text) <= 4 * _LONGEST else ():
            label = before if len(before) < _LONGEST_LABEL and _PUBLISHED.search(before) else ""
            if (
                (label or _PUBLISHED.search(line))
                and not _CHANGED.search(line)
                and (day := _day(line, style))
                and region.holds_labelled(block.holder)
            ):
                yield day
            before = line


def _dated_lines(region: Region, numbers: Iterable[int], style: _Style) -> Iterator[str]:
    before = ""
    for number in numbers:
        block = region.outline.blocks[number]
        text = region.spaced_stamps.get(number, block.text)
        longest = _LONGEST_HEADING if region.outline.containers[block.holder].tag in _HEADS else _LONGEST
        for line in text.split("\n") if len(text) <= 4 * _LONGEST else ():
            if len(line) > longest or _is_sentence(line):
                continue  # a sentence tells of a day, and is not dated by it
            # The block before may be the label of this one.
            label = before if len(before) < _LONGEST_LABEL and not any(map(str.isdigit, before)) else ""
            if (
                not _CHANGED.search(label)
                and (day := _day(line, style))
                and not _is_named_a_change(region.outline, number)
            ):
                yield day
            before = line


def _is_sentence(line: str) -> bool:
    return line[-1] in ".!?。" and len(line) > 40 and line.count(" ") > 6 and not _PUBLISHED.search(line[:20])


def _dateline(text: str, style: _Style) -> str | None:
    """The date that opens a report, set off from what it tells."""
    for pattern in (*_PATTERNS, _SLASHES):
        match = pattern.search(text)
        if match and _PLACE.fullmatch(text[: match.start()]) and _BEHIND.match(text, match.end()):
            return _day(match[0], style)
    return None


def _style(language: str | None, day_first: bool) -> _Style:
    code = re.split("[-_]", language or "en", maxsplit=1)[0].lower()
    return _Style(_every_month() | _months("en") | _months(code), day_first, code not in _YEAR_FIRST)


def written_day(text: str, language: str | None, *, day_first: bool) -> str | None:
    """YYYY-MM-DD of a short text in the words of the page's language."""
    return _day(text[:_LONGEST], _style(language, day_first))


def _day(text: str, style: _Style) -> str | None:
    """The first date in a text that is not said to be one of a change or something else."""
    if not text.isascii():
        text = _ERA.sub(_of_an_era, text.translate(_DIGITS))
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
            if not _is_day(match, text):
                continue
            day, number = _in_order(match, style.day_first)
            if day <= 12 and (int(match["year"]), number, day) > _today() >= (
                int(match["year"]),
                day,
                number,
            ):
                day, number = number, day  # no article is dated ahead
        else:
            month = match["month"]
            number, day = (
                int(month) if month.isdecimal() else style.months.get(month.lower(), 0),
                int(match["day"]),
            )
        if 1 <= number <= 12 and 1 <= day <= 31:
            return f"{match['year']}-{number:02}-{day:02}"
    return _day_of_a_short_year(text, style) if style.short_years and not matches else None


def _of_an_era(match: re.Match[str]) -> str:
    year = 1 if match[2] == "元" else int(match[2])
    return f"{_ERAS[match[1]] + year}年"


def _is_day(match: re.Match[str], text: str) -> bool:
    """Whether figures between slashes or bars are a day: with blanks they may as well be numbers of pages, so
    that each then needs two figures, and between bars the line for itself.
    """
    between = match["between"]
    if between in ("/", "-"):
        return True
    if "|" in between and text.strip(" |") != match[0]:
        return False
    return len(match["first"]) == len(match["second"]) == 2


def _in_order(match: re.Match[str], day_first: bool) -> tuple[int, int]:
    """Day and month of two figures, which stand as `day_first` says where both are possible."""
    first, second = int(match["first"]), int(match["second"])
    return (first, second) if (day_first and second <= 12) or first > 12 else (second, first)


def _day_of_a_short_year(text: str, style: _Style) -> str | None:
    match = _SHORT_YEAR.fullmatch(text) if len(text) <= _DATE_ALONE else None
    if match is None or _CHANGED.search(text) or _OTHER.search(text):
        return None
    day, number = _in_order(match, style.day_first or match[2] == ".")
    year = 2000 + int(match["year"])
    possible = 1 <= number <= 12 and 1 <= day <= 31 and (year, number, day) <= _today()
    return f"{year}-{number:02}-{day:02}" if possible else None


def _today() -> tuple[int, int, int]:
    now = datetime.now(UTC)
    return now.year, now.month, now.day


def is_change(outline: Outline, mark: Mark) -> bool:
    """Whether a marked date is said to be one of a change: by its own words, by its name or that of the
    element that it fills, or by what stands before it, unless its element declares the publication.
    """
    element = mark.element
    text = " ".join(" ".join(islice(element.itertext(), 12)).split())[:_LONGEST_MARK]
    names = " ".join(filter(None, (element.get("itemprop"), element.get("class"), element.get("id"))))
    if _names_a_change(names) or _CHANGED.search(text):
        return True
    if "pubdate" in element.attrib or element.get("itemprop") == "datePublished":
        return False
    if mark.block >= len(outline.blocks):
        return False
    if _is_named_a_change(outline, mark.block):
        return True
    label = _WITH_FIGURES.sub("", _label_before(outline, mark.block, text))
    changed = max((match.start() for match in _CHANGED.finditer(label)), default=-1)
    return changed > max((match.start() for match in _PUBLISHED.finditer(label)), default=-1)


def _is_named_a_change(outline: Outline, number: int) -> bool:
    """Whether the block is all of an element that is named like a change."""
    holder = outline.containers[outline.blocks[number].holder]
    return holder.end - holder.start == 1 and _NAMED_CHANGED.search(holder.signature) is not None


def _names_a_change(names: str) -> bool:
    return bool(_CHANGE_NAME.search(names)) and "publi" not in names.lower()


def _label_before(outline: Outline, number: int, text: str) -> str:
    """The words right before a text in its block; where it begins this, a label in the block before."""
    at = outline.blocks[number].text.find(text) if text else -1
    if at != 0:
        return outline.blocks[number].text[max(0, at - 40) : max(0, at)]
    before = outline.blocks[number - 1].text if number else ""
    return before if len(before) < _LONGEST_LABEL else ""


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


_COUNTRIES = {"ar": ("ar_SY", "ar_DZ"), "de": ("de_AT",)}
"""Where a language has other names of months."""
_SHORT = {"en": {"sept": 9}, "de": {"mrz": 3}}


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
        locales = [Locale.parse(name) for name in (language, *_COUNTRIES.get(language, ()))]
    except (UnknownLocaleError, ValueError, TypeError):
        return {}
    return {
        name.lower().rstrip("."): number
        for locale in reversed(locales)
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    } | _SHORT.get(language, {})
