"""The demo press: who published what and when, the truth that collectors and measures are held to."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from collectors.demo.world import Burst, Event, Outlet, Subject, bursts, events, outlets, subjects
from collectors.demo.writing import Order, Writer, chance, pick, some

if TYPE_CHECKING:
    import pandas as pd

GENERATOR = 4
"""Version of the generator: raise it with every change of what it writes, and stored demos are renewed."""
DEMO_NOTICE = "Demo data (synthetic)"
SINCE, UNTIL = date(2023, 9, 1), date(2025, 9, 1)
_SEED = 20250127
_A_DAY = 22.0
_WEEK = (1.12, 1.15, 1.18, 1.15, 1.08, 0.62, 0.70)
_NEUTRAL, _BOTH, _TAKES_SIDE, _RIVAL, _COPIES = 0.6, 0.05, 0.93, 0.3, 0.9
_OWN_SIDE = {"open": 0.9, "proprietary": -0.9}


@dataclass(frozen=True, slots=True)
class Piece:
    """One article of the press and what is true of it.

    `published` is when it appeared, in the outlet's zone; `precision` how much of that its page says
    ("second", "day" or None); `original` the number of the agency's article that it copies. `free` is how
    many paragraphs are outside the paywall, None for all.
    """

    number: int
    order: Order
    published: datetime
    precision: str | None
    title: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    path: str
    original: int | None = None
    free: int | None = None

    @property
    def outlet(self) -> Outlet:
        return self.order.outlet

    @property
    def url(self) -> str:
        return f"https://{self.outlet.domain}{self.path}"

    @property
    def stamp(self) -> datetime | None:
        """The publication date that can be known from the page, UTC; a bare day is its midnight."""
        if self.precision == "day":
            return datetime.combine(self.published.date(), datetime.min.time(), UTC)
        return self.published.astimezone(UTC) if self.precision else None

    @property
    def text(self) -> str:
        """What a reader without subscription gets, paragraphs separated by newlines."""
        return "\n".join(self.paragraphs[: self.free])


@dataclass(frozen=True, slots=True)
class Press:
    """All pieces of a span of days, by number."""

    pieces: tuple[Piece, ...]
    outlets: tuple[Outlet, ...]
    bursts: tuple[Burst, ...]

    def frame(self) -> pd.DataFrame:
        """The press as a dataset holds it: the columns of `pressgauge.schema` that a collector fills."""
        import pandas as pd

        pieces = self.pieces
        precision = [piece.precision for piece in pieces]
        return pd.DataFrame(
            {
                "url": [piece.url for piece in pieces],
                "outlet": [piece.outlet.name for piece in pieces],
                "country": [piece.outlet.country for piece in pieces],
                "language": [piece.outlet.language for piece in pieces],
                "title": [piece.title for piece in pieces],
                "authors": [list(piece.authors) for piece in pieces],
                "published": pd.array([piece.stamp for piece in pieces], dtype="datetime64[us, UTC]"),
                "published_precision": precision,
                "collected": pd.array(
                    [piece.published.astimezone(UTC) + timedelta(hours=1) for piece in pieces],
                    dtype="datetime64[us, UTC]",
                ),
                "text": [piece.text for piece in pieces],
                "partial": [None if piece.free is None else "paywall" for piece in pieces],
                "source": [source_name(piece.outlet) for piece in pieces],
                "title_from": "demo",
                "authors_from": ["demo" if piece.authors else None for piece in pieces],
                "published_from": ["demo" if each else None for each in precision],
                "text_from": "demo",
            }
        )


def source_name(outlet: Outlet) -> str:
    """The name under which the outlet's source is configured; its beginning says that it is synthetic."""
    return f"demo: {outlet.name}"


def press(since: date = SINCE, until: date = UNTIL) -> Press:
    """The press of since <= day < until. The same days give the same pieces, whatever the span."""
    days = (since + timedelta(days=n) for n in range((until - since).days))
    pieces = tuple(piece for day in days for piece in _of_day(day))
    return Press(pieces, outlets(), tuple(b for b in bursts() if since <= b.start and b.end < until))


def _of_day(day: date) -> Iterator[Piece]:
    seed = _SEED * 1000 + day.toordinal()
    # RandomState's streams are frozen by numpy's promise (NEP 19), those of Generator are not.
    state = np.random.RandomState(seed % 2**32)
    working = [outlet for outlet in outlets() if outlet.starts <= day < outlet.stops]
    shares = list(accumulate(outlet.weight for outlet in working))
    topics = [subject for subject in subjects() if not subject.models or subject.models[0].since <= day]
    number = day.toordinal() * 1000
    causes: list[Burst | None] = [None] * int(state.poisson(_A_DAY * _WEEK[day.weekday()]))
    for burst in bursts():
        causes += [burst] * int(state.poisson(_extra(burst, day) * _WEEK[day.weekday()]))
    orders = [order for event in events() if event.day == day for order in _orders(event, working, topics)]
    for cause in (*causes, *orders):
        random = chance(number)
        if isinstance(cause, Order):
            order = cause
        else:
            outlet = working[_draw(random, shares)]
            order = _order(random, outlet, day, cause, topics)
        piece = _piece(number, order, random)
        yield piece
        number += 1
        if piece.outlet.agency:
            for _ in range(int(state.poisson(_COPIES))):
                yield _copy(number, piece, chance(number), working)
                number += 1


def _orders(event: Event, working: list[Outlet], topics: list[Subject]) -> Iterator[Order]:
    """What outlets are to tell of an event, each in other words."""
    subject = next(subject for subject in topics if subject.topic == event.topic)
    able = [outlet for outlet in working if outlet.language == "en" and outlet.name != event.silent]
    for wording, outlet in enumerate(some(chance(event.name), able, len(event.headlines))):
        yield Order(outlet, event.day, subject, event.side or "neutral", event=event, wording=wording)


def _extra(burst: Burst, day: date) -> float:
    """Articles that a burst adds on a day: most at its start, six tenths of that at its end."""
    if not burst.start <= day <= burst.end:
        return 0.0
    return burst.articles * (1 - 0.4 * (day - burst.start).days / max((burst.end - burst.start).days, 1))


def _draw(random: Random, cumulative: list[float]) -> int:
    point = random.random() * cumulative[-1]
    return next(index for index, end in enumerate(cumulative) if point < end)


def _order(random: Random, outlet: Outlet, day: date, burst: Burst | None, topics: list[Subject]) -> Order:
    shares = list(accumulate(subject.weight for subject in topics))
    if burst:
        subject = next(subject for subject in topics if subject.topic == burst.topic)
    else:
        subject = topics[_draw(random, shares)]
    if subject.topic == "offtopic":
        return Order(outlet, day, subject, "neutral")
    side = _side(random, outlet, day, subject, burst)
    rival = None
    if random.random() < _RIVAL:
        other = topics[_draw(random, shares)]
        rival = other if other.models and other != subject else None
    return Order(outlet, day, subject, side, rival, burst)


def _side(random: Random, outlet: Outlet, day: date, subject: Subject, burst: Burst | None) -> str:
    if subject.topic == "open_source_ai":
        return "open"
    if burst and burst.side and random.random() < _TAKES_SIDE:
        return burst.side
    point = random.random()
    if point < _NEUTRAL:
        return "neutral"
    if point < _NEUTRAL + _BOTH:
        return "both"
    own = _OWN_SIDE[subject.model(day).side] if subject.models else 0.0
    return "open" if random.random() < 1 / (1 + math.exp(-outlet.lean - own)) else "proprietary"


def _piece(number: int, order: Order, random: Random) -> Piece:
    writer = Writer(order, random)
    outlet = order.outlet
    paragraphs = writer.paragraphs()
    if outlet.agency:
        place = pick(random, ("LONDON", "PARIS", "SAN FRANCISCO", "BRUSSELS", "BEIJING"))
        paragraphs[0] = f"{place} ({outlet.name}) - {paragraphs[0]}"
    title = writer.headline()
    published = _moment(order.day, random, outlet)
    precision = _precision(random, outlet)
    return Piece(
        number,
        order,
        published,
        precision,
        title,
        _byline(random, outlet),
        tuple(paragraphs),
        _path(outlet, published if precision else None, title, number),
        free=2 if outlet.paywall and len(paragraphs) > 2 and random.random() < 0.6 else None,
    )


def _copy(number: int, original: Piece, random: Random, working: list[Outlet]) -> Piece:
    """A subscriber prints the agency's article, lightly edited, some hours later."""
    takers = [o for o in working if o.language == original.outlet.language and not (o.agency or o.paywall)]
    outlet = pick(random, takers)
    order = replace(original.order, outlet=outlet)
    paragraphs = list(original.paragraphs)
    if random.random() < 0.5 and len(paragraphs) > 4:
        paragraphs.pop()
    if random.random() < 0.5:
        paragraphs.insert(2, Writer(order, random).extra())
    title = original.title
    if random.random() < 0.4:
        title = pick(random, ("{} - report", "Report: {}", "Agency: {}", "{}, agency says")).format(title)
    latest = datetime.combine(original.order.day, datetime.max.time(), UTC) - original.published
    published = original.published + latest * min(0.9, random.random())
    published = published.astimezone(timezone(timedelta(hours=outlet.offset))).replace(microsecond=0)
    precision = _precision(random, outlet)
    return Piece(
        number,
        order,
        published,
        precision,
        title,
        original.authors if random.random() < 0.5 else (),
        tuple(paragraphs),
        _path(outlet, published if precision else None, title, number),
        original=original.number,
    )


def _moment(day: date, random: Random, outlet: Outlet) -> datetime:
    """Some second of the day (UTC), seldom at night, on the outlet's clock."""
    seconds = int(86_400 * (0.2 + 0.7 * random.random() * (0.6 + 0.4 * random.random())))
    utc = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)
    return utc.astimezone(timezone(timedelta(hours=outlet.offset)))


def _precision(random: Random, outlet: Outlet) -> str | None:
    """Old sites print a day at most, and forget it more often."""
    if random.random() < (0.06 if outlet.template == "old" else 0.012):
        return None
    return "day" if outlet.template == "old" else "second"


def _byline(random: Random, outlet: Outlet) -> tuple[str, ...]:
    """One to three of the outlet's journalists, who stay the same over the years, or none."""
    number = int(np.searchsorted((0.08, 0.83, 0.97), random.random()))
    desk = desk_of(outlet)
    first = int(random.random() * len(desk))
    return tuple(desk[(first + n) % len(desk)] for n in range(number))


@cache
def desk_of(outlet: Outlet) -> tuple[str, ...]:
    """The outlet's journalists."""
    writer = Writer(Order(outlet, SINCE, subjects()[-1], "neutral"), chance(outlet.domain))
    return tuple(dict.fromkeys(writer.person() for _ in range(9)))


_PATHS = {
    "jsonld": "/{day:%Y/%m/%d}/{slug}-{number:x}",
    "opengraph": "/tech/{slug}-{number:x}",
    "microdata": "/articles/{number}/{slug}.html",
    "old": "/story.php?id={number}",
    "amp": "/news/{slug}-{number:x}",
}


def _path(outlet: Outlet, published: datetime | None, title: str, number: int) -> str:
    """The address of an article; that of an undated one does not tell its day either."""
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", ascii_title))[:60].strip("-") or "story"
    template = outlet.template if published or outlet.template != "jsonld" else "opengraph"
    return _PATHS[template].format(day=published, slug=slug, number=number)
