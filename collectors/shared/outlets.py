"""Whose article it is, where one source brings many outlets."""

from __future__ import annotations

from dataclasses import replace

from collectors.candidate import Candidate, Rejected
from collectors.source import Source
from pressgauge.urls import host_of


def with_outlet(item: Candidate | Rejected, source: Source) -> Candidate | Rejected:
    """`item`, its outlet named by the host of its URL without "www.".

    Left as it is where the outlet is known: it has one, or the source is one outlet (it names a `domain`).

    >>> source = Source(name="all", kind="file", url="all.csv", outlet="all")
    >>> with_outlet(Candidate("https://www.example.org/1"), source).outlet
    'example.org'
    """
    if isinstance(item, Rejected) or item.outlet or source.domain:
        return item
    return replace(item, outlet=host_of(item.url))
