"""The day that stands in words or figures on the page, for pages that declare no date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import compress, islice
from operator import or_
from typing import NamedTuple

from collectors.extraction.dates.changes import (
    CHANGED,
    LONGEST_LABEL,
    PUBLISHED,
    is_named_a_change,
    without_changes,
)
from collectors.extraction.dates.months import month_number
from collectors.extraction.page.outline import NAME_BITS, TAGS, Outline
from collectors.extraction.page.region import Region

_LONGEST = 150
_RIGHT_ABOVE = 3
"""So many blocks."""
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e30-\u0e4e\u200c\u200d])"
"""The vowels of Indian scripts and of Thai are no letters to `re`."""
_LETTERS = rf"[^\W\d_]{_LETTER}{{0,13}}"
_MONTH = rf"(?P<month>{_LETTERS}(?:\sال{_LETTERS}|\.[^\W\d_](?=\.))?)(?:/{_LETTERS})?"
"""In the Levant four months have names of two words, and Thai abbreviations have a point inside."""
_PATTERNS = (
    re.compile(rf"(?<!\d){_YEAR}\s?[-./]\s?(?P<month>\d{{1,2}})\s?[-./]\s?(?P<day>\d{{1,2}})(?!\d)"),
    re.compile(rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]"),
    re.compile(rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?[\s./-]{{1,3}}(?:de\s|of\s)?"
        rf"{_MONTH}\.?,?[\s./-]{{1,3}}(?:de\s|del\s)?{_YEAR}(?!\d)"
    ),
    re.compile(
        rf"{_MONTH}\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?"
        rf"(?:\s\d\d:\d\d(?::\d\d)?(?:\s[A-Z]{{3,4}})?)?\s{_YEAR}(?!\d)"
    ),
    re.compile(
        rf"(?<!\d){_YEAR}(?:\.|\s?m\.)?\s{_MONTH}\.?\s(?P<day>\d{{1,2}})(?!\d|[:.]\d|[.,]?\s(?:19|20)\d\d)"
    ),
    re.compile(rf"(?<!\d){_YEAR}(?:\.\sgada|\s?ж\.)\s(?P<day>\d{{1,2}})\.?\s{_MONTH}"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\stháng\s(?P<month>\d{{1,2}})(?:,|\snăm)?\s{_YEAR}(?!\d)"),
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
_FIGURE, _FIGURES = re.compile(r"\d"), re.compile(r"\d\d")
_GLUED = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
_ZEROS = (
    0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
    0xED0, 0x1040, 0x17E0, 0xFF10,
)  # fmt: skip
_DIGITS = {zero + figure: str(figure) for zero in _ZEROS for figure in range(10)}
"""The figures of other scripts."""
_BUDDHIST_YEAR = re.compile(r"(?<!\d)2[56]\d\d(?!\d)")
_THAI = re.compile("[\u0e00-\u0e7f]")
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
    r"|regist(?:ered|riert)|joined|member since|mitglied seit|inscrit"
    r"|stichtag|einsendeschluss|anmeldeschluss|\btermin\b|\bborn\b|\bgeb(?:oren|\.)|date limite|échéance"
    r"|fecha límite|vencimiento|scadenza|締切|締め切り|截止|마감|son başvuru",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_END = re.compile(r"[.!?。！？।؟…][\"'”“»’)）」』]*$")
_CJK_SENTENCE = re.compile(r"(?:[\u3040-\u30ff\u3400-\u9fff][^\u3040-\u30ff\u3400-\u9fff]*){10}")
_FEWEST_WORDS = 4
"""Words, the month's among them, of a line that tells something and is not only a date with its label."""
_NOTE = re.compile(rf"^\W*(?:\w+\W+)?(?:{PUBLISHED.pattern})|^\W*(?:by|von|par|por|written|text)\b", re.I)
"""What begins a line that says when the article was published or by whom."""


class _Style(NamedTuple):
    """How the readers of a page write days: in which language, 02/03/2024 with the day first or not, and
    whether 02.03.24 may be one.
    """

    language: str
    day_first: bool
    short_years: bool


def printed_dates(region: Region, language: str | None, *, day_first: bool) -> Iterator[str]:
    """YYYY-MM-DD, not checked to exist, of the short texts around the headline: those between headline and
    text first, then the one that opens the text, then those above. Dates of changes and of copyright do not
    count, nor what sentences, captions and quotations tell of.

    `language` is a tag like 'de' or 'pt-BR', whose month names go before those of other languages;
    `day_first` is how its readers take 02/03/2024.
    """
    style = _style(language, day_first)
    between = [n for n in region.numbers if region.heading <= n <= region.first]
    yield from _dated_lines(region, between, style)
    if day := _opening_date(region, style):
        yield day
    # What stands right above the headline goes before what stands in the text.
    around = [
        n for n in region.numbers if not region.heading <= n <= region.first and not _is_below(region, n)
    ]
    around.sort(key=lambda n: not region.heading - _RIGHT_ABOVE <= n < region.heading)
    yield from _dated_lines(region, around, style)


def date_below(region: Region, language: str | None, *, day_first: bool) -> str | None:
    """The date at the end of the text or below it that is said to be the publication's, or else the only one
    there: two are those of other stories.
    """
    style = _style(language, day_first)
    below = [n for n in region.numbers if _is_below(region, n)]
    if day := next(_labelled_dates(region, below, style), None):
        return day
    days = set(islice(_dated_lines(region, below, style), 20))
    return days.pop() if len(days) == 1 else None


def _is_below(region: Region, number: int) -> bool:
    return number > region.first and number >= region.last


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
            label = _FIGURE.search(line) and len(before) < LONGEST_LABEL and PUBLISHED.search(before)
            if (
                _FIGURE.search(line)
                and (label or PUBLISHED.search(line))
                and not CHANGED.search(line)
                and (day := _day(line, style))
                and (region.holds_labelled(block.holder) or (label and region.follows(number)))
            ):
                yield day
            before = line


def _dated_lines(region: Region, numbers: Iterable[int], style: _Style) -> Iterator[str]:
    outline = region.outline
    before = ""
    for number in numbers:
        block = outline.blocks[number]
        text = region.spaced_stamps.get(number, block.text)
        is_heading = outline.containers[block.holder].tag in _HEADS
        for line in text.split("\n") if len(text) <= 4 * _LONGEST else ():
            if len(line) > (_LONGEST_HEADING if is_heading else _LONGEST) or is_sentence(line):
                continue  # a sentence tells of a day, and is not dated by it
            # The block before may be the label of this one.
            label = before if len(before) < LONGEST_LABEL and not any(map(str.isdigit, before)) else ""
            if (
                not CHANGED.search(label)
                and (day := _day(line, style))
                and not is_named_a_change(outline, number)
                and not region.is_apart(block.holder)
                and (day := _day(without_changes(line, outline.containers[block.holder].element), style))
            ):
                yield day
            before = line


def is_sentence(line: str) -> bool:
    """Whether a line tells something, so that a day in it is no date of the article."""
    return bool(
        _SENTENCE_END.search(line)
        and not _NOTE.match(line)
        and (len(_WORD.findall(line)) >= _FEWEST_WORDS or _CJK_SENTENCE.search(line))
    )


def _dateline(text: str, style: _Style) -> str | None:
    """The date that opens a report, set off from what it tells."""
    for pattern in (*_PATTERNS, _SLASHES):
        match = pattern.search(text)
        if match and _PLACE.fullmatch(text[: match.start()]) and _BEHIND.match(text, match.end()):
            return _day(match[0], style)
    return None


def _style(language: str | None, day_first: bool) -> _Style:
    code = re.split("[-_]", language or "en", maxsplit=1)[0].lower()
    return _Style(code, day_first, code not in _YEAR_FIRST)


def written_day(text: str, language: str | None, *, day_first: bool) -> str | None:
    """YYYY-MM-DD of a short text in the words of the page's language."""
    return _day(text[:_LONGEST], _style(language, day_first))


def _day(text: str, style: _Style) -> str | None:
    """The first date in a text that is not said to be one of a change or something else."""
    if not text.isascii():
        text = _ERA.sub(_of_an_era, text.translate(_DIGITS))
    if style.language == "th" or (not text.isascii() and _THAI.search(text)):
        text = _BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - 543), text)
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
        if CHANGED.search(before) or _OTHER.search(before) or _is_changed_behind(text[match.end() :]):
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
            number = int(month) if month.isdecimal() else _number_of(month, style)
            day = int(match["day"])
        if 1 <= number <= 12 and 1 <= day <= 31:
            return f"{match['year']}-{number:02}-{day:02}"
    return _day_of_a_short_year(text, style) if style.short_years and not matches else None


def _is_changed_behind(text: str) -> bool:
    """Whether what stands behind a date says that it is one of a change ('9 March 2024 (updated)'); a word
    before other figures speaks of these. In Chinese and Japanese every article is 'renewed' at a time.
    """
    changed = CHANGED.search(text[:_DATE_ALONE])
    return changed is not None and changed[0] != "更新" and not any(map(str.isdigit, text[changed.end() :]))


def _number_of(month: str, style: _Style) -> int:
    """1..12 of a month's name, before which a person's may stand without a blank
    ('KimDecember'); 0 for none.
    """
    return month_number(month, style.language) or month_number(_GLUED.split(month)[-1], style.language) or 0


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
    if match is None or CHANGED.search(text) or _OTHER.search(text):
        return None
    day, number = _in_order(match, style.day_first or match[2] == ".")
    year = 2000 + int(match["year"])
    possible = 1 <= number <= 12 and 1 <= day <= 31 and (year, number, day) <= _today()
    return f"{year}-{number:02}-{day:02}" if possible else None


def _today() -> tuple[int, int, int]:
    now = datetime.now(UTC)
    return now.year, now.month, now.day
