"""What a host's robots.txt lets us do (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 512 * 1024
"""RFC 9309 2.5: at least 500 kibibytes are parsed; what is beyond is not read."""
LIFETIME = 24 * 3600.0
"""RFC 9309 2.4: seconds that a copy is used."""
LIFETIME_UNREACHABLE = 600.0
"""Seconds until an unreachable robots.txt is asked for again."""
_MAX_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin; `rules` None is all or nothing, as `allowed` says. `sitemaps` are the
    values of its lines "Sitemap: URL", as they are written."""

    rules: Protego | None
    allowed: bool = True
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str, agent: str) -> bool:
        return self.rules.can_fetch(url, agent) if self.rules else self.allowed

    def crawl_delay(self, agent: str) -> float:
        """Seconds between starts that the host asks for; 0 when it asks for nothing."""
        return (self.rules.crawl_delay(agent) or 0.0) if self.rules else 0.0


ALLOW_ALL = Robots(None, allowed=True)
"""A client error (2.3.1.3)."""
DISALLOW_ALL = Robots(None, allowed=False)
"""A server error (2.3.1.4)."""


def read_robots(body: bytes) -> Robots:
    """The rules of a robots.txt; a web page or anything else without a rule allows everything.

    Of a longer one the line that the limit cuts is left out: half a path is the rule of another one.
    """
    if len(body) > MAX_BYTES:
        body = body[: max(body.rfind(b"\n", 0, MAX_BYTES), body.rfind(b"\r", 0, MAX_BYTES)) + 1]
    lines = [line[:_MAX_LINE] for line in body.decode("utf-8", "replace").lstrip("\ufeff").splitlines()]
    return Robots(Protego.parse("\n".join(lines)), sitemaps=tuple(_sitemaps(lines)))


def _sitemaps(lines: list[str]) -> dict[str, None]:
    addresses: dict[str, None] = {}
    for line in lines:
        name, _, value = line.partition(":")
        value = re.split(r"\s#", value, maxsplit=1)[0].strip()
        if name.strip().lower() == "sitemap" and value:
            addresses[value] = None
    return addresses
