"""Addresses as lists and databases give them: through a library's proxy, or of the database itself."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from pressgauge.urls import is_web

_PROXY = re.compile(
    r"(?:^|[.-])(?:ez-?proxy|lib-?proxy|proxy|webvpn|revproxy|idm\.oclc)\d{0,3}[.-]", re.IGNORECASE
)
_LOGIN = re.compile(r"/(?:login|connect)$", re.IGNORECASE)
_DATABASE = re.compile(
    r"(?:^|\.)(?:proquest\.com|lexisnexis\.com|lexis\.com|nexis\.com|factiva\.com|europresse\.com|ebscohost\.com"
    r"|galegroup\.com|newsbank\.com|genios\.de|wiso-net\.de|retriever\.no|retriever-info\.com|ret\.nu)$",
    re.IGNORECASE,
)


_NESTED = 4
"""Log-ins that lead to each other, at most."""


def is_proxied(url: str) -> bool:
    """Whether an address leads through a library's proxy."""
    parts = _parts(url)
    return parts is not None and (
        _PROXY.search(parts[0]) is not None or "/+CSCO" in url or bool(_LOGIN.search(parts[1]) and parts[2])
    )


def own_address(url: str | None) -> str | None:
    """The address of an article itself: what a proxy's log-in leads to, and None for what only a library, or
    the users of a database, can open.

    >>> own_address("https://ezproxy.uni.example/login?url=https://post.example/1")
    'https://post.example/1'
    """
    for _ in range(_NESTED):
        if url is None or not is_web(url):
            return url
        parts = _parts(url)
        if parts is None:
            return None
        host, path, target = parts
        if not (target and _LOGIN.search(path)):
            return None if is_proxied(url) or _DATABASE.search(host) else url
        url = target
    return None


def _parts(url: str) -> tuple[str, str, str] | None:
    """(host, path, the address in the query that it leads to) or None for what is no address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        targets = [*parse_qs(parts.query).get("url", ()), *parse_qs(parts.query).get("qurl", ())]
    except ValueError:
        return None
    return host, parts.path, next((one for one in targets if is_web(one)), "")
