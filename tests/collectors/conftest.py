"""A real web on loopback for every test of the collectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from collectors.ledger import Report
from collectors.refresh import run
from collectors.sandbox.pool import _Worker
from collectors.source import Source
from tests.collectors import readers
from tests.collectors.service import collect, serve
from tests.loopback import Loopback

__all__ = ["collect", "serve"]
"""Fixtures of a file of their own."""


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> Iterator[None]:
    """Ends, after all tests, what they passed on of the sandbox's processes."""
    yield
    readers.end_all()


@pytest.fixture(autouse=True)
def kept_readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, sandbox: None) -> None:
    """Lets a test take over the processes that another left; one marked `own_processes` has its own alone."""
    if request.node.get_closest_marker("own_processes"):
        readers.end_all()
    else:
        monkeypatch.setattr(_Worker, "_start", readers.start)


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
