"""Whose site it is: name, domain, language and country, from what is declared. What is not known is None."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from collectors.source import LONGEST_SOURCE_NAME
from pressgauge.errors import ConfigError
from pressgauge.languages import country_code, language_code
from pressgauge.settings.outlets import Outlet, known_outlets
from pressgauge.unicode import seen_line
from pressgauge.urls import host_of

_ANYWHERE = frozenset({"ai", "am", "bz", "cc", "co", "fm", "gg", "im", "io", "la", "ly", "me", "nu", "sh"})
_ANYWHERE_TOO = frozenset({"st", "to", "tv", "vc", "ws", "eu", "su"})
"""Endings that are sold to everybody, or that no country of ISO 3166-1 has."""
_DEFAULT = "US"
"""The region that publishing software writes where nobody chose one: it says nothing."""
_TAIL = re.compile(r"\s+[-–—|:»]\s+(?:rss|feed|all|latest|news|home|top stories|all posts)\b.*$", re.I)


def outlet_of(url: str) -> Outlet | None:
    """The outlet of the settings that an address belongs to."""
    try:
        return known_outlets().find(None, host_of(url))
    except ConfigError:
        return None


def name_of(url: str, site_name: str | None, feed_title: str | None) -> str:
    """The outlet's name: by the settings, the page, the feed's title, or else its domain."""
    if outlet := outlet_of(url):
        return outlet.name
    titled = _TAIL.sub("", feed_title or "")
    for candidate in (site_name, titled):
        if line := seen_line(candidate or "")[:LONGEST_SOURCE_NAME].strip():
            return line
    return host_of(url) or ""


def language_of(url: str, languages_read: Iterable[str | None], tags: Iterable[str | None]) -> str | None:
    """The language of a site (ISO 639-1): the one that two or more of its articles are written in, else the
    first that its page or its feed declares."""
    languages = Counter(filter(None, languages_read))
    if languages and (most := languages.most_common(1)[0])[1] > 1:
        return most[0]
    outlet = outlet_of(url)
    tagged = next((code for tag in tags if tag and (code := language_code(tag))), None)
    return (outlet.language if outlet else None) or tagged or next(iter(languages), None)


def country_of(url: str, tags: Iterable[str | None]) -> str | None:
    """ISO 3166-1: by the settings, the ending of the domain, or the region of a declared tag (`de-AT`)."""
    outlet = outlet_of(url)
    if outlet and outlet.country:
        return outlet.country
    ending = (host_of(url) or "").rpartition(".")[2]
    if len(ending) == 2 and ending not in _ANYWHERE | _ANYWHERE_TOO and (code := country_code(ending)):
        return code
    regions = (re.fullmatch(r"[A-Za-z]{2,3}[-_]([A-Za-z]{2})", (tag or "").strip()) for tag in tags)
    return next(
        (code for region in regions if region and (code := country_code(region[1])) and code != _DEFAULT),
        None,
    )
