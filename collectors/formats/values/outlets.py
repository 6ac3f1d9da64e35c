"""The outlet's line of a database: its name apart from place, edition and medium."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from collectors.formats.record import Record

_PLACE = re.compile(r"\s?\(([^()]{2,60})\)\s*$")
_EDITION = re.compile(
    r"\s*[-–,:]\s+((?:[\w.&'’/ ]{1,40}\s)?(?:edition|ausgabe|editie|édition|edición|edizione"
    r"|edição|utgave|upplaga)"
    r"(?:\s?[-–,]?\s?[\w ]{0,30})?)\s*$|\s--\s?([A-Z][a-z]{3,12})$",
    re.IGNORECASE,
)
_MEDIUM = re.compile(
    r"^(online|web(?:site)?|digital|internet|en ligne|site web|print|onlineausgabe)$", re.IGNORECASE
)
_ISSUE = re.compile(r",?\s+(?:no\.?|nr\.?|n°|nº|#|vol\.?)\s?(\d[\w./-]{0,12})\s*$", re.IGNORECASE)
_NOTE = re.compile(r"\s?\[[^\[\]]{0,80}\]\s*$")


@dataclass(frozen=True, slots=True)
class OutletLine:
    """What the line that names an outlet says; `medium` is 'online' for its edition on the web."""

    name: str
    place: str | None = None
    edition: str | None = None
    issue: str | None = None


@lru_cache(4096)
def read_outlet(line: str | None) -> OutletLine | None:
    """The parts of an outlet's line, or None for an empty one.

    >>> read_outlet("The Guardian (London) - Final Edition")
    OutletLine(name='The Guardian', place='London', edition='Final Edition', issue=None)
    """
    name = " ".join((line or "").split()).strip(' "“”„').rstrip(" .,;:")
    if not name or len(name) > 200:
        return None
    place = edition = issue = None
    name = _NOTE.sub("", name)
    for _ in range(3):
        if match := _EDITION.search(name):
            edition, name = (match[1] or match[2]).strip(), name[: match.start()]
        elif match := _ISSUE.search(name):
            issue, name = match[1], name[: match.start()]
        elif (match := _PLACE.search(name)) and match.start():
            if _MEDIUM.match(match[1]):
                edition = match[1] if not edition else f"{edition}, {match[1]}"
            else:
                place = match[1]
            name = name[: match.start()]
        else:
            break
    return OutletLine(name.strip(" .,;"), place, edition, issue)


def set_outlet(record: Record, line: str | None) -> None:
    """Give a record the outlet that a line names; its place, edition and issue become details."""
    if parts := read_outlet(line):
        record.outlet = parts.name
        record.note(place=parts.place, edition=parts.edition, issue=parts.issue)
