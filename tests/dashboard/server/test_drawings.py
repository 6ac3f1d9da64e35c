"""Charts for other people's pages, asked for by many at once: none is made twice, and visitors come first."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import Any

import pytest

from dashboard.server import drawings as drawings_module
from dashboard.server.drawings import MOST_WAITING_BY_ADDRESS, Drawings, NotYetError
from dashboard.session.store import Store

HERE = "192.0.2.1"


class Timed(Drawings):
    """Notes when each chart was begun, and when it was made."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.times: list[tuple[float, float]] = []

    def _make(self, *args: Any) -> Any:
        begun = time.monotonic()
        try:
            return super()._make(*args)
        finally:
            self.times.append((begun, time.monotonic()))


async def asked(
    drawings: Drawings, addresses: list[str], query: str = "tab=volume&terms=word{}"
) -> list[Any]:
    questions = [drawings.get(query.format(n), "", address) for n, address in enumerate(addresses)]
    return await asyncio.gather(*questions, return_exceptions=True)


def rests(drawings: Timed) -> list[tuple[float, float]]:
    """Seconds before the next chart was begun, and those that a chart took."""
    pairs = pairwise(drawings.times)
    return [(next_begun - made, made - begun) for (begun, made), (next_begun, _) in pairs]


async def test_u19_a_chart_that_many_ask_for_is_made_once(store: Store) -> None:
    drawings = Timed(store)
    answers = await asked(drawings, [HERE] * 5, "tab=volume") + [await drawings.get("tab=volume", "", HERE)]
    assert all(answer is answers[0] for answer in answers)
    assert answers[0].name == "pressgauge-volume"
    assert len(drawings.times) == 1


async def test_u19_a_chart_is_made_anew_of_a_new_version_and_after_five_minutes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings = Timed(store)
    before = await drawings.get("tab=volume", "", HERE)
    store.current = store._load()
    assert await drawings.get("tab=volume", "", HERE) is not before
    monkeypatch.setattr(drawings_module, "FRESH_S", 0)
    await drawings.get("tab=volume", "", HERE)
    assert len(drawings.times) == 3


async def test_u19_between_two_charts_visitors_have_as_long_as_the_first_one_took(store: Store) -> None:
    drawings = Timed(store)
    await asked(drawings, [HERE] * 4)
    assert len(drawings.times) == 4
    assert all(rest >= 0.9 * took for rest, took in rests(drawings))


async def test_u19_without_the_rests_charts_have_the_server_to_themselves(store: Store) -> None:
    class Restless(Timed):
        _rests_until = property(lambda _: 0.0, lambda *_: None)  # type: ignore[assignment]

    drawings = Restless(store)
    await asked(drawings, [HERE] * 4)
    assert any(rest < 0.5 * took for rest, took in rests(drawings))


async def test_u19_who_asks_for_too_many_charts_is_told_to_come_again_and_others_are_not(
    store: Store,
) -> None:
    drawings = Drawings(store)
    answers = await asked(drawings, [HERE] * (MOST_WAITING_BY_ADDRESS + 3) + ["192.0.2.2"])
    assert [type(answer) for answer in answers[-4:-1]] == [NotYetError] * 3
    assert not any(isinstance(answer, Exception) for answer in [*answers[:-4], answers[-1]])
    assert (await drawings.get("tab=volume&terms=later", "", HERE)) is not None


async def test_u19_so_many_addresses_wait_at_once_and_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "MOST_WAITING", 3)
    answers = await asked(Drawings(store), [f"192.0.2.{n}" for n in range(5)])
    assert [isinstance(answer, NotYetError) for answer in answers] == [False] * 3 + [True] * 2


async def test_u19_no_more_charts_are_kept_than_the_memory_is_meant_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "_MOST_KEPT", 2)
    drawings = Drawings(store)
    await asked(drawings, [HERE] * 4)
    assert len(drawings._kept) == 2
