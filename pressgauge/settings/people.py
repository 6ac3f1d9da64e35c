"""Names merged, split and hidden by hand: `people.toml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pressgauge.settings.toml import Entry, entries

KINDS = ("person", "organisation")


@dataclass(frozen=True, slots=True)
class NameRule:
    """One `[[voice]]`: everything called `name` or one of `also` is `name`, of `kind` where that is given.

    With `role`, only where one of these words is part of the title or role beside the name: two people of one
    name are told apart by it. `hide` leaves it out of every list.
    """

    name: str
    also: tuple[str, ...] = ()
    kind: str | None = None
    role: tuple[str, ...] = ()
    hide: bool = False


def load_people(path: str | Path) -> list[NameRule]:
    """The entries of a `people.toml`, in order; none where there is no such file.

    Raises ConfigError with file, line and what was expected at the first entry that cannot be used.
    """
    if not Path(path).exists():
        return []
    owner: dict[str, str] = {}
    return [_parse_rule(entry, owner) for entry in entries(path, "voice")]


def _parse_rule(entry: Entry, owner: dict[str, str]) -> NameRule:
    entry.only(("name", "also", "kind", "role", "hide"))
    name, kind = entry.name("name").strip(), entry.get("kind", str, None)
    if not name:
        raise entry.error("name is empty", "the name as it is shown", "name")
    if kind is not None and kind not in KINDS:
        raise entry.error(f"kind = {kind!r}", " or ".join(f'"{each_kind}"' for each_kind in KINDS), "kind")
    also, role = entry.texts("also", []), entry.texts("role", [])
    for each in (name, *also):
        if not role and owner.setdefault(each, name) != name:
            raise entry.error(f"{each!r} is already {owner[each]!r}", "each name under one entry", "also")
    return NameRule(name, also, kind, tuple(word.lower() for word in role), entry.get("hide", bool, False))
