"""A query as a tree: what one asks for, whatever way it was written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A field holds `words` in a row, or two within `slop` moves of that; the last one may be a prefix."""

    fields: tuple[str, ...]
    words: tuple[str, ...]
    slop: int = 0
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """since <= published < until, in microseconds since 1970-01-01 UTC; None is open."""

    since: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Occurrences of `alternatives`, added up, are `times` or more."""

    times: int
    alternatives: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class HasValue:
    """One of the fields has a value."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article."""


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Words | Published | HasValue | Everything | And | Or | Not | AtLeast
