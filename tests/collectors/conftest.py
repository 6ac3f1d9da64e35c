"""A real web on loopback for every test of the collectors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from collectors.sources import Source
from tests.loopback import Loopback


@pytest.fixture
def web() -> Iterator[Loopback]:
    with Loopback(4) as server:
        yield server


@pytest.fixture
def local() -> Callable[..., Source]:
    """Makes a source that may reach loopback: `local(url)`, with any other setting by name."""

    def make(url: str = "http://127.0.0.1/", **settings: object) -> Source:
        return Source(
            **{"name": "The Outlet", "kind": "feed", "outlet": "The Outlet", "local": True, "url": url}
            | settings  # type: ignore[arg-type]
        )

    return make
