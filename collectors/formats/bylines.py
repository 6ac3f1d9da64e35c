"""The persons of a byline as databases print it."""

from __future__ import annotations

import re

from collectors.extraction.names import distinct, split

_INVERTED = re.compile(r"[^\W\d_][\w.'’ -]{1,30},\s*[^\W\d_][\w.'’ -]{0,40}(?:\([^()]{0,40}\))?$")
_SITE = re.compile(r"^[\w-]+(?:\.[\w-]+)+$")
_BY = re.compile(r"^\s*(?:by|von|par|por|door|av|af|di|od)\s+", re.IGNORECASE)
_NOBODY = re.compile(
    r"^(?:by|von|par|van|from|de|av|af)?\s*(?:onze|our|unser\w*|notre|nuestro|vår|vores|staff|a staff)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,4}$")


def persons(text: str | None) -> tuple[str, ...]:
    """The names of a printed byline, in order: 'By ALAN RIDING', 'Gérard Davet, Fréderic Potet'."""
    if not text:
        return ()
    plain = " ".join(text.split())[:600]
    if _NOBODY.match(plain):
        return ()
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
            surname, _, given = plain.partition(",")
            names.append(f"{given.partition('(')[0].strip()} {surname.strip()}")
        elif plain:
            names.extend(persons(plain))
    return tuple(distinct(names))[:30]
