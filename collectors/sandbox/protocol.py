"""What goes between a worker and its parent: JSON, so that a subverted child can hand over nothing but
values.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from collectors.errors import CollectError
from collectors.extraction.article import Article, Confidence


class RefusedError(CollectError):
    """A process of the sandbox could not read what it was given.

    `reason` is one of the parser's own (`not_a_sitemap`), or 'parser_timeout' (CPU or wall time),
    'parser_memory', 'parser_crashed' (the process died, or was killed by the system) or 'parser_error:NAME'.
    """

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(reason, detail or "the reader could not make anything of it")


READY = b"ready\n"
"""The line by which a worker says that it takes requests."""


def dump_request(parser: str, length: int, options: dict[str, Any]) -> bytes:
    """The line of JSON that goes before a body: the parser, the body's length, the parser's arguments."""
    return json.dumps({"parser": parser, "length": length, "options": options}).encode() + b"\n"


def load_request(line: bytes) -> tuple[str, int, dict[str, Any]]:
    """The parser's name, the length of the body that follows, and the keyword arguments."""
    header = json.loads(line)
    return header["parser"], header["length"], header["options"]


def dump_value(value: Any) -> bytes:
    return json.dumps({"value": value}).encode() + b"\n"


def dump_refusal(reason: str, detail: str | None = None) -> bytes:
    return json.dumps({"refused": reason, "detail": detail}).encode() + b"\n"


def load_reply(line: bytes) -> Any:
    """The value. Raises RefusedError if there is none, ValueError, TypeError or KeyError on anything else."""
    reply = json.loads(line)
    if "refused" in reply:
        raise RefusedError(str(reply["refused"]), reply["detail"] and str(reply["detail"]))
    return reply["value"]


def dump_article(article: Article) -> dict[str, Any]:
    """As values of JSON."""
    return asdict(article) | {"published": article.published.isoformat() if article.published else None}


def load_article(values: dict[str, Any]) -> Article:
    """Raises ValueError, TypeError or KeyError on anything but what `dump_article` gives."""
    return Article(
        **values
        | {
            "authors": tuple(values["authors"]),
            "published": moment(values["published"]),
            "confidence": Confidence(**values["confidence"]),
        }
    )


def moment(text: str | None) -> datetime | None:
    """Raises ValueError."""
    return datetime.fromisoformat(text) if text else None
