"""What the demo press is made of: its outlets, the companies it writes about and the bursts planted in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

TEXTS = Path(__file__).parent / "texts"
Side = Literal["open", "proprietary"]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet. `lean` is added to the log-odds that an article takes the open side; `weight` is
    its share of the press; `offset` hours ahead of UTC; it publishes from `starts` to before `stops`."""

    name: str
    domain: str
    country: str
    language: str
    offset: int
    weight: float
    lean: float
    template: str
    feed: str
    agency: bool = False
    paywall: bool = False
    starts: date = date.min
    stops: date = date.max


@dataclass(frozen=True, slots=True)
class Model:
    """An AI system by its real name, from its real day of release on."""

    name: str
    since: date
    side: Side


@dataclass(frozen=True, slots=True)
class Subject:
    """What an article is about: a company with its models, or a theme without. `topic` is a topic's name,
    or "offtopic"."""

    topic: str
    weight: float
    name: str = ""
    models: tuple[Model, ...] = ()

    def model(self, day: date) -> Model:
        """The company's newest model on that day."""
        return [model for model in self.models if model.since <= day][-1]


@dataclass(frozen=True, slots=True)
class Burst:
    """A planted burst: for the days from `start` to `end` (both included) the press writes more on `topic`.

    `articles` is the number added on a working day at its start; `side` the side most of them take, if any.
    """

    topic: str
    start: date
    end: date
    articles: float
    fact: str
    side: Side | None = None

    @property
    def topics(self) -> tuple[str, ...]:
        """The names of all topics that burst with it."""
        side = {"open": "open_source_ai", "proprietary": "proprietary_ai"}.get(self.side or "")
        return (self.topic,) if side in (None, self.topic) else (self.topic, side)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on one day, told by as many outlets as it has headlines, each with a headline
    and a lead of its own and some of the details. `silent` is an outlet that tells nothing of it."""

    name: str
    topic: str
    day: date
    headlines: tuple[str, ...]
    leads: tuple[str, ...]
    details: tuple[str, ...]
    side: Side | None = None
    silent: str = ""


@cache
def _press() -> dict[str, Any]:
    return tomllib.loads((TEXTS / "press.toml").read_text(encoding="utf-8"))


@cache
def outlets() -> tuple[Outlet, ...]:
    return tuple(Outlet(**row) for row in _press()["outlet"])


@cache
def bursts() -> tuple[Burst, ...]:
    """The planted bursts by start: the truth that a search for bursts is held to."""
    return tuple(sorted((Burst(**row) for row in _press()["burst"]), key=lambda burst: burst.start))


@cache
def events() -> tuple[Event, ...]:
    """What happened, by day: the truth that events are held to."""
    rows = tomllib.loads((TEXTS / "events.toml").read_text(encoding="utf-8"))["event"]
    lists = ("headlines", "leads", "details")
    records = (Event(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in rows)
    return tuple(sorted(records, key=lambda event: event.day))


@cache
def subjects() -> tuple[Subject, ...]:
    companies = [
        Subject(
            row["topic"],
            row["weight"],
            row["name"],
            tuple(Model(**{"side": row["side"], **model}) for model in row["models"]),
        )
        for row in _press()["company"]
    ]
    return (*companies, *(Subject(**row) for row in _press()["theme"]))


@cache
def sentences(language: str) -> dict[str, dict[str, list[str]]]:
    """The sentence patterns of one language: names, said, leads, claims, headlines."""
    return tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
