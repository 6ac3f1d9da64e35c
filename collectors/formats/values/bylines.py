"""The persons of a byline as databases print it."""

from __future__ import annotations

import re
from functools import lru_cache

from collectors.extraction.authors.names import distinct, split

_INVERTED = re.compile(r"[^\W\d_][\w.'’ -]{1,30},\s*[^\W\d_][\w.'’ -]{0,40}(?:\([^()]{0,40}\))?$")
_ROLE = re.compile(
    r"\s(?:correspondents?|editors?|reporters?|writers?|columnists?|reports?|writes|korrespondent\w*|redakteur\w*"
    r"|redacteur|reporterin)\s*$"
)
_ANY_ROLE = re.compile(_ROLE.pattern.removesuffix(r"\s*$") + r"\b")
_PARTS = re.compile(r"\s*[,;]\s*|\s(?:and|und|et|y|en|og|och)\s")
_SITE = re.compile(r"^[\w-]+(?:\.[\w-]+)+$")
_BY = re.compile(r"^\s*(?:by|von|par|por|door|av|af|di|od)\s+", re.IGNORECASE)
_NOBODY = re.compile(
    r"^(?:by|von|par|van|from|de|av|af)?\s*(?:onze|our|unser\w*|notre|nuestro|vår|vores|staff|a staff)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,4}$")


def _without_role(part: str) -> str:
    """'Ann Lee Chief political correspondent' -> 'Ann Lee': a name of two words before what they do."""
    match = _ROLE.search(part)
    if match is None:
        return part
    words = part[: match.start()].split()
    by = words[:1] if words and _BY.match(f"{words[0]} ") else []
    name = words[len(by) :]
    length = 3 if len(name) > 2 and (name[1].endswith(".") or name[1].islower()) else 2
    return " ".join([*by, *name[:length]]) or part


@lru_cache(4096)
def persons(text: str | None) -> tuple[str, ...]:
    """The names of a printed byline, in order: 'By ALAN RIDING', 'Gérard Davet, Fréderic Potet'."""
    if not text:
        return ()
    plain = " ".join(text.split())[:600]
    if _NOBODY.match(plain):
        return ()
    if _ANY_ROLE.search(plain):
        plain = ", ".join(map(_without_role, _PARTS.split(plain)))
    names = [name for name in distinct(split(plain)) if not _SITE.match(name)]
    if not names and _NAME.match(bare := _BY.sub("", plain).strip(" .,;")) and bare != bare.lower():
        names = [bare]
    return tuple(names[:30])


def inverted(text: str | None) -> tuple[str, ...]:
    """The names of a field that writes the surname first and parts persons by semicolons: 'Hsu, Tiffany'."""
    names: list[str] = []
    for one in (text or "").split(";"):
        plain = " ".join(one.split()).strip(" .,")
        if _INVERTED.match(plain):
            surname, _, first_names = plain.partition(",")
            names.append(f"{first_names.partition('(')[0].strip()} {surname.strip()}")
        elif plain:
            names.extend(persons(plain))
    return tuple(distinct(names))[:30]
