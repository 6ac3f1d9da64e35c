"""A real web on loopback for every test of the collectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from collectors.ledger import Report
from collectors.refresh import run
from collectors.shared import api
from collectors.source import Source
from collectors.web import fetch
from tests.collectors.readers import kept_readers, sandbox
from tests.collectors.service import collect, serve
from tests.loopback import Loopback

__all__ = ["collect", "kept_readers", "sandbox", "serve"]
"""Fixtures of files of their own."""


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again as often as in earnest, and sooner: the pauses are seconds of nothing."""
    monkeypatch.setattr(fetch, "PAUSE", 0.01)
    monkeypatch.setattr(api, "PAUSE", 0.01)


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback(4) as server:
        yield server


@pytest.fixture(autouse=True)
def closed_books(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Report]]:
    """The reports of the refreshes in a test: at its end, whatever was seen has its one outcome."""
    reports: list[Report] = []

    def kept(*values: Any, **named: Any) -> Report:
        reports.append(Report(*values, **named))
        return reports[-1]

    monkeypatch.setattr(run, "Report", kept)
    yield reports
    for report in reports:
        for one in report.sources:
            by_reason = [*one.rejected.values(), *one.quarantined.values(), *one.failed.values()]
            assert one.seen == one.stored + one.duplicate + sum(by_reason), one


@pytest.fixture
def local() -> Callable[..., Source]:
    """Makes a source that may reach loopback: `local(url)`, with any other setting by name."""

    def make(url: str = "http://127.0.0.1/", **settings: object) -> Source:
        return Source(
            **{"name": "The Outlet", "kind": "feed", "outlet": "The Outlet", "local": True, "url": url}
            | settings  # type: ignore[arg-type]
        )

    return make
