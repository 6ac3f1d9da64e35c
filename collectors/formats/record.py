"""What a reader of a format gives: records of articles, and notices of what it could not read."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from collectors.extraction.article import Confidence

Moment = tuple[datetime | None, str | None]
"""(aware datetime, precision 'second' or 'day'), or (None, None) for an unknown date."""
SURE = Confidence(title=0.9, text=0.9, authors=0.9, published=0.9, language=0.9)
"""Of what a file says in so many words."""


@dataclass(slots=True)
class Record:
    """One article as a file gives it.

    `outlet` is the line that names it, as printed; `authors` are persons' names. `database` and `document`
    name the collection and its number of the article, by which an article without address is known again.
    `details` are what only print and databases have: edition, section, page, place and the like. `html` is a
    page that still has to be read by extraction, with `charset` as its HTTP header declared it.
    """

    title: str | None = None
    text: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    published_precision: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    domain: str | None = None
    language: str | None = None
    country: str | None = None
    partial: str | None = None
    database: str | None = None
    document: str | None = None
    details: dict[str, str] = field(default_factory=dict)
    html: bytes | None = None
    charset: str | None = None

    def set_date(self, moment: Moment) -> Record:
        """Give this record the moment of its publication; returns it."""
        self.published, self.published_precision = moment
        return self

    def note(self, **details: str | None) -> Record:
        """This record with those of `details` that are known and not yet noted."""
        for name, value in details.items():
            if value and (plain := " ".join(str(value).split())[:300]):
                self.details.setdefault(name, plain)
        return self

    @property
    def all_details(self) -> dict[str, str]:
        """The details, with the number by which the collection knows the article."""
        numbered = {"database": self.database, "document": self.document} if self.document else {}
        return {name: text for name, text in (numbered | self.details).items() if text}

    @property
    def empty(self) -> bool:
        """Whether it names no article: neither title, text nor page, or a page's worth of nothing else."""
        return not (self.title or self.text or self.html)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something of a file that is no article, or that contradicts what was read.

    `reason` is a word the ledger counts; `detail` a sentence for a person. A notice that `counts` stands for
    one entry of the file which is not read; any other is about the file as a whole.
    """

    reason: str
    detail: str
    counts: bool = False


def cut_short(name: str) -> Notice:
    """The notice in place of the last article of a file that lacks its end: half of it would stand beside the
    whole one, once the whole file is read."""
    detail = f"{name} ends in the middle: its last article is left out, and others may be missing"
    return Notice("cut_short", detail, counts=True)


Item = Record | Notice


def dump(item: Item) -> dict[str, Any]:
    """An item as values of JSON; a page's bytes must have been read before."""
    if isinstance(item, Notice):
        return {"notice": asdict(item)}
    values = asdict(item)
    del values["html"], values["charset"]
    values["published"] = item.published.isoformat() if item.published else None
    return values


def load(values: dict[str, Any]) -> Item:
    """The item that `dump` gave. Raises ValueError, TypeError or KeyError on anything else."""
    if "notice" in values:
        return Notice(**values["notice"])
    moment = datetime.fromisoformat(values["published"]) if values["published"] else None
    return Record(**values | {"authors": tuple(values["authors"]), "published": moment})
