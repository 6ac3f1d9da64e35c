"""A place to collect from, as a plain value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

LONGEST_SOURCE_NAME = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place to collect from: an outlet's feed, sitemap or home page, an API, an archive or a file.

    `name` is unique; `outlet` is the outlet's name as shown (the name, unless said otherwise); `country` is
    ISO 3166-1 alpha-2, `language` ISO 639-1; `local` allows this source private and loopback addresses;
    `concurrency` (connections) and `delay` (seconds between starts) apply to each of its hosts;
    without `fetch` no page is asked for: title, outlet and date are kept as the source gives them;
    `note` is what a person wrote down about it, such as when its address last answered;
    `options` are the kind's own settings, `lines` where each stands in the settings file (1-based).
    """

    name: str
    kind: str
    url: str
    outlet: str
    domain: str | None = None
    country: str | None = None
    language: str | None = None
    local: bool = False
    enabled: bool = True
    max_items: int | None = None
    concurrency: int | None = None
    delay: float | None = None
    fetch: bool = True
    note: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


COMMON_SETTINGS = tuple(one.name for one in fields(Source) if one.name not in ("options", "lines"))
"""What a source of every kind may set."""
