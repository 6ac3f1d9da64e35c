"""Which article a record is: by its address, a database's number, what it says; and its other editions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from urllib.parse import quote

from collectors.formats.record import Record

_NOT_PLAIN = re.compile(r"[\W_]+")
_OPENING = 2_000
"""Characters of a text that tell it from another."""
_FIRST_WORDS = 100
"""Characters by which two texts of one file begin alike."""
_SHINGLE = 4
_SKETCH = 16
_ALIKE = 0.5
"""The share of common runs of words from which two texts under one headline are one article."""
_ONLINE = re.compile(r"\b(?:online|web\w*|nett?|internet|digital|en ligne|site web)\b", re.IGNORECASE)
_APART = 2
"""Days between the editions of one article at most."""


def address_of(record: Record) -> str:
    """The address under which a record is stored.

    Its own on the web; else `file:///DATABASE/NUMBER`, of the database's number for it, by which the same
    article of two exports is one; else `file:///DATABASE/DIGEST`, of outlet, day, headline and text.
    """
    if record.url:
        return record.url
    database = record.database or "import"
    if record.document and record.database:  # two tables of one's own may both number their rows
        return f"file:///{database}/{quote(record.document.casefold(), safe=':.,')}"
    digest = blake2b(digest_size=12)
    for part in (record.outlet, record.title, _day(record.published), plain(record.text)[:_OPENING]):
        digest.update(plain(part).encode() if isinstance(part, str) else str(part).encode())
        digest.update(b"\0")
    return f"file:///{database}/{digest.hexdigest()}"


def plain(text: str | None) -> str:
    """A text without case, accents, punctuation and blanks: what two layouts of it share."""
    decomposed = unicodedata.normalize("NFKD", (text or "").casefold())
    return _NOT_PLAIN.sub("", decomposed)


def heading(outlet: str | None, title: str | None) -> bytes | None:
    """What the editions of an article share: outlet and headline; None where one is unknown."""
    name, line = plain(outlet), plain(title)
    return blake2b(f"{name}\0{line}".encode(), digest_size=12).digest() if name and line else None


Signs = tuple[bytes, bytes]
"""What tells the articles of one file apart: digests of the headline and of the opening; empty for none."""


def signs_of(record: Record) -> Signs:
    # what is no letter or digit is left out: of so many characters that leaves enough
    title, opening = plain(record.title), plain((record.text or "")[: 4 * _FIRST_WORDS])[:_FIRST_WORDS]
    return _digest(title), _digest(opening)


def are_two(one: Signs, other: Signs) -> bool:
    """Whether two of one address are two articles for certain: with other headlines and, where both have a
    text, other openings; a later capture of a page mostly keeps one or the other."""
    (title, opening), (other_title, other_opening) = one, other
    if bool(opening) != bool(other_opening):
        return False
    return bool(title and other_title) and title != other_title and (not opening or opening != other_opening)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest() if text else b""


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of an article in a database: the address under which it is stored, its day, what its text
    says, and whether it is the one on the web."""

    address: str
    day: date | None
    digest: str
    sketch: frozenset[int]
    online: bool


@dataclass(slots=True)
class Editions:
    """The articles of databases met so far, by outlet and headline, to find another edition of one: print and
    online, the same export in another format, an article without a number. What two databases have stays two
    articles, which meet as copies in a story."""

    by_heading: dict[bytes, list[Edition]] = field(default_factory=dict)

    def find(self, record: Record) -> str | None:
        """The address of an edition of this article that was met before, or None."""
        key = heading(record.outlet, record.title)
        if key is None or key not in self.by_heading:
            return None
        mine = _edition(record, address_of(record))
        return next((one.address for one in self.by_heading[key] if _same(one, mine)), None)

    def add(self, record: Record, address: str) -> None:
        """Remember a record under the address that it is stored at."""
        if key := heading(record.outlet, record.title):
            self.by_heading.setdefault(key, []).append(_edition(record, address))


def _edition(record: Record, address: str) -> Edition:
    day = record.published.date() if record.published else None
    medium = f"{record.details.get('edition', '')} {record.details.get('medium', '')}"
    digest = blake2b(plain(record.text).encode(), digest_size=12).hexdigest()
    return Edition(address, day, digest, sketch(record.text), _ONLINE.search(medium) is not None)


def _same(one: Edition, other: Edition) -> bool:
    """Whether two of a database are one article: on days close to each other with the same text, or in print
    and online with texts that are alike; where one has no text, on the same day."""
    if one.address.split("/")[3] != other.address.split("/")[3]:
        return False
    if not one.sketch or not other.sketch:
        return one.day is not None and one.day == other.day
    if one.day is not None and other.day is not None and abs((one.day - other.day).days) > _APART:
        return False
    if one.digest == other.digest:
        return True
    smallest = frozenset(sorted(one.sketch | other.sketch)[:_SKETCH])
    alike = len(smallest & one.sketch & other.sketch) >= _ALIKE * len(smallest)
    return alike and one.online != other.online


def sketch(text: str | None) -> frozenset[int]:
    """The smallest hashes of the runs of four words, or letters without spaces, at a text's beginning.

    Two sketches share about as much as their texts do (bottom-k sketches, Broder 1997).
    """
    if not text:
        return frozenset()
    words = _NOT_PLAIN.sub(" ", text[:_OPENING].casefold()).split()
    if len(words) < 8 <= len(text):
        words = list(plain(text[:_OPENING]))
    runs = range(max(1, len(words) - _SHINGLE + 1))
    hashes = {hash(tuple(words[n : n + _SHINGLE])) for n in runs} if words else set()
    return frozenset(sorted(hashes)[:_SKETCH])
