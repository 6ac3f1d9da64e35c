"""Writes the articles of the demo press from sentence patterns: same order, same words, every time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, TypeVar

from collectors.demo.world import Burst, Event, Outlet, Subject, sentences

T = TypeVar("T")
_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "ja": ("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"),
}
_RANGES = {"n": (3, 97), "percent": (5, 80), "years": (2, 12), "months": (3, 11)}
_DETAILS = 3
"""Details of an event that an article tells."""
_SIDES = {"open": ("open",), "proprietary": ("proprietary",), "both": ("open", "proprietary"), "neutral": ()}


@dataclass(frozen=True, slots=True)
class Order:
    """What an article is to say: about whom, on which day, from which side ("open", "proprietary", "both",
    "neutral"), and beside which other company. An article that tells of an `event` does so in the words that
    have the number `wording`."""

    outlet: Outlet
    day: date
    subject: Subject
    side: str
    rival: Subject | None = None
    burst: Burst | None = None
    event: Event | None = None
    wording: int = 0

    @property
    def topics(self) -> frozenset[str]:
        """The topics that the article belongs to."""
        if self.subject.topic == "offtopic":
            return frozenset()
        sides = {"open": "open_source_ai", "proprietary": "proprietary_ai"}
        names = {self.subject.topic, *(sides[side] for side in _SIDES[self.side])}
        return frozenset(names | {"ai"} | ({self.rival.topic} if self.rival else set()))


def chance(key: object) -> Random:
    """The source of chance for one thing of the press: the same for the same key.

    Made for variety, not for secrecy. The 6 was taken among 0 to 7 because there chance alone adds no clump
    of articles that would be taken for a burst: the demo should show what was planted. The others hold up to
    four in forty.
    """
    return Random(f"demo press 6:{key}")  # noqa: S311


def pick(random: Random, items: Sequence[T]) -> T:
    """`Random.choice` may change between versions of Python; `random()` is promised not to."""
    return items[int(random.random() * len(items))]


def some(random: Random, items: Sequence[T], number: int) -> list[T]:
    """So many different items, in random order."""
    pool = list(items)
    return [pool.pop(int(random.random() * len(pool))) for _ in range(min(number, len(pool)))]


class Writer:
    """Writes one article; all chance comes from `random`."""

    def __init__(self, order: Order, random: Random) -> None:
        self._order, self._random = order, random
        self._words = sentences(order.outlet.language)
        self._japanese = order.outlet.language == "ja"
        self._people = [self.person() for _ in range(3)]
        self._fixed = {"weekday": _WEEKDAYS[order.outlet.language][order.day.weekday()]}
        for key, company in (("company", order.subject), ("rival", order.rival)):
            if company and company.models:
                self._fixed[key] = company.name
                self._fixed["model" if key == "company" else "rival_model"] = company.model(order.day).name

    def person(self) -> str:
        names = self._words["names"]
        first, last = pick(self._random, names["first"]), pick(self._random, names["last"])
        return f"{last}{first}" if self._japanese else f"{first} {last}"

    def headline(self) -> str:
        if self._order.event:
            return self._order.event.headlines[self._order.wording]
        topic = self._order.subject.topic
        key = self._order.side if self._order.subject.models else topic
        return self._fill(pick(self._random, self._words["headlines"][key]))

    def paragraphs(self) -> list[str]:
        """The lead, then claims in random order, two or three sentences a paragraph."""
        subject, order, claims = self._order.subject, self._order, self._words["claims"]
        opening = self._opening()
        opening += [self._sentence(claim) for claim in self._first_claims()]
        selection = []
        for side in _SIDES[order.side]:
            selection += some(self._random, claims[f"{side}_key"], 1 + int(2 * self._random.random()))
            selection += some(self._random, claims[f"{side}_more"], 3 + int(3 * self._random.random()))
        if subject.models:
            selection += some(self._random, claims["company"], 3)
        elif subject.topic in ("regulation", "safety"):
            selection += some(self._random, claims[f"{subject.topic}_key"], 1)
            selection += some(self._random, claims[f"{subject.topic}_more"], 4)
        elif subject.topic == "offtopic":
            selection += some(self._random, claims["offtopic"], 4)
        if order.rival:
            selection += some(self._random, claims["rival"], 1)
        if subject.topic != "offtopic":
            selection += some(self._random, claims["common"], 2 + int(3 * self._random.random()))
        rest = [self._sentence(claim) for claim in some(self._random, selection, len(selection))]
        return self._in_paragraphs(opening, rest)

    def _opening(self) -> list[str]:
        """What the article begins with: what happened, or who is at work on what."""
        subject, order = self._order.subject, self._order
        if order.event:
            return [order.event.leads[order.wording], *some(self._random, order.event.details, _DETAILS)]
        leads = self._words["leads"]["company" if subject.models else subject.topic]
        opening = [self._fill(pick(self._random, leads))]
        if order.burst and order.outlet.language == "en":
            opening.append(order.burst.fact)
        return opening

    def extra(self) -> str:
        """One more sentence, as an editor adds to an agency's text."""
        return self._sentence(pick(self._random, self._words["claims"]["common"]))

    def _first_claims(self) -> list[str]:
        """What ties the company itself to a side: its own, or the other's answer to it."""
        if not self._order.subject.models:
            return []
        own = self._order.subject.model(self._order.day).side
        keys = [f"{side}_company" if side == own else f"{side}_answer" for side in _SIDES[self._order.side]]
        return [pick(self._random, self._words["claims"][key]) for key in keys]

    def _in_paragraphs(self, opening: list[str], rest: list[str]) -> list[str]:
        space = "" if self._japanese else " "
        paragraphs = [space.join(opening)]
        while rest:
            size = 2 + int(2 * self._random.random())
            paragraphs.append(space.join(rest[:size]))
            rest = rest[size:]
        return paragraphs

    def _sentence(self, pattern: str) -> str:
        claim = self._fill(pattern)
        if self._random.random() < 0.4:
            quotation = pick(self._random, self._words["said"]["patterns"])
            return self._fill(quotation, claim=claim, Claim=self._capital(claim))
        return f"{self._capital(claim)}。" if self._japanese else f"{self._capital(claim)}."

    def _capital(self, claim: str) -> str:
        """A name keeps its own letters: xAI, o1-preview."""
        return claim if claim.startswith(tuple(self._fixed.values())) else claim[:1].upper() + claim[1:]

    def _fill(self, pattern: str, **values: str) -> str:
        return pattern.format_map(_Slots(self, {**self._fixed, **values}))

    def slot(self, key: str) -> str:
        """A value for a slot of a pattern."""
        if key in _RANGES:
            low, high = _RANGES[key]
            return str(low + int((high - low) * self._random.random()))
        if key == "person":
            return pick(self._random, self._people)
        value = pick(self._random, self._words["names"][re.sub(r"[2_]$", "", key)])
        return value[:1].upper() + value[1:] if key.endswith("_") else value


class _Slots(dict[str, Any]):
    """The slots of one pattern, filled as they are asked for."""

    def __init__(self, writer: Writer, fixed: dict[str, str]) -> None:
        super().__init__(fixed)
        self._writer = writer

    def __missing__(self, key: str) -> str:
        return self._writer.slot(key)
