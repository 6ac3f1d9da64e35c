"""View: everything that decides what a page shows, as one value that a URL can carry."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from pressgauge.analysis.periods import Freq, Unit
from pressgauge.figures.panels import Scale
from pressgauge.filters import Filters
from pressgauge.unicode import valid_text

MAX_SERIES = 8
"""Lines compared side by side, topics and queries together: more colours than that cannot be told apart."""
UNITS = ("articles", "stories", "events")
SINGULAR = {"articles": "article", "stories": "story", "events": "event"}
THEMES = ("system", "light", "dark")
_MOST_PARAMETERS = 1_000
_TAB = re.compile("[a-z]{1,20}")
"""The name of a view; a page that has none of that name shows its first."""
Group = Literal["outlet", "country", "language"]
GROUPS: dict[Group, str] = {"outlet": "Outlet", "country": "Country", "language": "Language"}
ORDERS = {"newest": "Newest first", "oldest": "Oldest first", "random": "Random order"}
SAMPLES = (0, 20, 50, 100, 200)
"""How many articles of a random order are listed; 0 is all."""
SEEDS = 1_000_000
Panels = Literal["one", "series", "outlet", "country", "language"]
PANELS = ("auto", "one", "series", "outlet", "country", "language")
SCALES = ("same", "own")
FREQUENCIES = {"D": "Day", "W": "Week", "M": "Month", "Y": "Year"}


@dataclass(frozen=True, slots=True)
class Selection:
    """The number that was clicked: a series (topic name or query; None is any), its UTC days, outlet,
    country, language, story or event.

    `compared` is any of the compared lines, `also` a second series that the article belongs to as well,
    `word` a term of the vocabulary, in articles that it was counted in. `speaker` is somebody who is quoted
    or, with `named`, named; `article` the id of one to open at once; `undated` is without a known date,
    `doubtful` with a doubtful one.
    `side` is 0 or 1, the first or second side that the view compares, with `steady` of those outlets only
    whose volume is compared.
    """

    series: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    story: int | None = None
    event: int | None = None
    country: str | None = None
    language: str | None = None
    also: str | None = None
    word: str | None = None
    compared: bool = False
    speaker: str | None = None
    named: bool = False
    article: int | None = None
    undated: bool = False
    doubtful: bool = False
    side: int | None = None
    steady: bool = False

    def __post_init__(self) -> None:
        _make_valid(self)


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows. `topics` are topic names, `terms` queries drawn as lines beside them."""

    tab: str = "overview"
    since: date | None = None
    until: date | None = None
    outlets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    query: str = ""
    topics: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    unit: Unit = "articles"
    share: bool = False
    freq: Freq = "W"
    selection: Selection | None = None
    theme: str = "system"
    corrected: bool = False
    """Whether counts are drawn with what they are when corrected for their query's error."""
    about: bool = False
    """Whether an article counts that a line is what it is about, or any that mentions it."""
    everything: bool = False
    """Whether articles outside the whole field (the topic `ai`) count, too."""
    by: Group = "outlet"
    """What the Outlets view groups by."""
    with_text: bool = False
    """Whether articles of which only the title is known are left out."""
    sure_dates: bool = False
    """Whether articles whose date is doubtful are left out."""
    order: str = "newest"
    """The order in which articles are listed."""
    seed: int = 0
    """Which random order: the same seed gives the same one."""
    sample: int = 0
    """How many articles of a random order are listed; 0 is all."""
    speaker: str = ""
    """Who is open in the Voices view, which lists those quoted or, with `named`, those named."""
    named: bool = False
    event: int | None = None
    """The number of the event that is open in the Events view."""
    panels: Panels | Literal["auto"] = "auto"
    """How the Volume view draws its lines: in "one" chart, or a panel each "series", "outlet", "country" or
    "language"; "auto" is a panel each line where there are many."""
    scale: Scale = "same"
    """Whether all panels have the same scale, or each its own."""
    first: Selection | None = None
    """The first side of the Compare view; None is everything else than the second."""
    second: Selection | None = None
    """Its second side; nothing is compared where both are None."""
    unread: tuple[str, ...] = field(default=(), compare=False)
    """What its address says and could not be read, as "name=text": told until what is counted changes."""

    def __post_init__(self) -> None:
        _make_valid(self)

    @property
    def filters(self) -> Filters:
        return Filters(
            self.since,
            self.until,
            self.outlets,
            self.countries,
            self.languages,
            self.query,
            self.with_text,
            self.sure_dates,
        )

    @property
    def series(self) -> tuple[str, ...]:
        return (self.topics + self.terms)[:MAX_SERIES]

    def to_query(self) -> str:
        """The view as a URL query string; what stands at its default is left out."""
        pairs: list[tuple[str, str]] = []
        for each in fields(self):
            value = getattr(self, each.name)
            if each.compare and value != each.default:
                pairs += [(each.name, text) for text in _texts(value)]
        return urlencode(pairs)

    @classmethod
    def from_query(cls, query: str) -> View:
        """The view of a URL; a parameter that is unknown or cannot be read is left out, never an error, and
        one that cannot be read is among `unread`."""
        parameters: dict[str, list[str]] = {}
        unread: list[str] = []
        view = cls()
        try:
            pairs = parse_qsl(query.lstrip("?"), keep_blank_values=False, max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            return view
        for name, text in pairs:
            parameters.setdefault(name, []).append(text)
        for name, parse in _PARSERS.items():
            if name not in parameters:
                continue
            if (value := parse(parameters[name])) is None:
                unread.append(f"{name}={parameters[name][-1]}")
            else:
                view = replace(view, **{name: value})
        return replace(view, unread=tuple(unread))


def _make_valid(value: View | Selection) -> None:
    """Leave no lone surrogate in what an address or a page says: no address and no page can carry it."""
    for each in fields(value):
        content = getattr(value, each.name)
        if isinstance(content, str) and not content.isascii():
            object.__setattr__(value, each.name, valid_text(content))
        elif isinstance(content, tuple):
            object.__setattr__(value, each.name, tuple(map(valid_text, content)))


def with_value(selection: Selection, group: Group, value: str) -> Selection:
    """The selection of a group's value only."""
    of: dict[str, Any] = {group: value}
    return replace(selection, **of)


def _texts(value: Any) -> list[str]:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool):
        return ["1"] if value else ["0"]
    if isinstance(value, Selection):
        values = {f.name: getattr(value, f.name) for f in fields(value)}
        return [
            json.dumps(
                {
                    k: v.isoformat() if isinstance(v, date) else v
                    for k, v in values.items()
                    if v is not None and v is not False
                }
            )
        ]
    return [value.isoformat() if isinstance(value, date) else str(value)]


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _number(text: str) -> int | None:
    """A whole number of 64 bits with its sign, as identifiers are."""
    number = int(text) if re.fullmatch("-?[0-9]{1,19}", text) else None
    return number if number is not None and -(2**63) <= number < 2**63 else None


def _selection(text: str) -> Selection | None:
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    words = {
        name: entry[name]
        for name in ("series", "outlet", "country", "language", "also", "word", "speaker")
        if isinstance(entry.get(name), str)
    }
    for name in ("story", "event", "article"):
        number = entry.get(name)
        if isinstance(number, int) and not isinstance(number, bool) and -(2**63) <= number < 2**63:
            words[name] = number
    for name in ("compared", "named", "undated", "doubtful", "steady"):
        words[name] = entry.get(name) is True
    side = entry.get("side")
    if type(side) is int and side in (0, 1):
        words["side"] = side
    return Selection(**words, since=_date(entry.get("since")), until=_date(entry.get("until")))


def _side(text: str) -> Selection | None:
    """A side of a comparison: a selection that is no part of a side itself. One that selects nothing is
    none."""
    selection = _selection(text)
    side = None if selection is None else replace(selection, side=None, steady=False, article=None)
    return None if side == Selection() else side


def _number_of(texts: list[str], numbers: Collection[int]) -> int | None:
    number = _number(texts[-1])
    return number if number in numbers else None


def _one_of(options: Any) -> Any:
    return lambda texts: texts[-1] if texts[-1] in options else None


_NEW_NAMES = {"stories": "events"}
"""Views by the names that older addresses give them."""
_PARSERS: dict[str, Any] = {
    "tab": lambda texts: _NEW_NAMES.get(texts[-1], texts[-1]) if _TAB.fullmatch(texts[-1]) else None,
    "since": lambda texts: _date(texts[-1]),
    "until": lambda texts: _date(texts[-1]),
    "outlets": tuple,
    "countries": tuple,
    "languages": tuple,
    "query": lambda texts: texts[-1],
    "topics": tuple,
    "terms": tuple,
    "unit": _one_of(UNITS),
    "share": lambda texts: texts[-1] == "1",
    "freq": _one_of(FREQUENCIES),
    "selection": lambda texts: _selection(texts[-1]),
    "theme": _one_of(THEMES),
    "corrected": lambda texts: texts[-1] == "1",
    "about": lambda texts: texts[-1] == "1",
    "everything": lambda texts: texts[-1] == "1",
    "with_text": lambda texts: texts[-1] == "1",
    "sure_dates": lambda texts: texts[-1] == "1",
    "by": _one_of(GROUPS),
    "order": _one_of(ORDERS),
    "seed": lambda texts: _number_of(texts, range(SEEDS)),
    "sample": lambda texts: _number_of(texts, SAMPLES),
    "speaker": lambda texts: texts[-1],
    "named": lambda texts: texts[-1] == "1",
    "event": lambda texts: _number(texts[-1]),
    "panels": _one_of(PANELS),
    "scale": _one_of(SCALES),
    "first": lambda texts: _side(texts[-1]),
    "second": lambda texts: _side(texts[-1]),
}
