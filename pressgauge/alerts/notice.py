"""What an alert tells: a notice, with the articles behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """An article behind a notice; what is unknown is None, and so is an address that is not of the web."""

    title: str | None
    outlet: str | None
    url: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened, once: `alert` (its name) and `key` identify it for good.

    `at` is when it was noticed (UTC), `title` a line, `text` a sentence with numbers and what they count,
    `items` the newest articles behind it.
    """

    alert: str
    key: str
    at: datetime
    title: str
    text: str
    items: tuple[Item, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The values of JSON that files, webhooks and the outbox hold."""
        return {
            "alert": self.alert,
            "key": self.key,
            "at": self.at.isoformat(),
            "title": self.title,
            "text": self.text,
            "articles": [
                {
                    "title": item.title,
                    "outlet": item.outlet,
                    "url": item.url,
                    "published": item.published.isoformat() if item.published else None,
                }
                for item in self.items
            ],
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Notice:
        """The notice that `to_dict` made these values of."""
        items = tuple(
            Item(of["title"], of["outlet"], of["url"], _parse_moment(of["published"]))
            for of in values["articles"]
        )
        at = datetime.fromisoformat(values["at"])
        return cls(values["alert"], values["key"], at, values["title"], values["text"], items)


def _parse_moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
