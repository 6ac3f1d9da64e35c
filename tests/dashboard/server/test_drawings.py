"""Charts for other people's pages, asked for by many at once: none is made twice, and visitors come first."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from dashboard.server import drawings as drawings_module
from dashboard.server.drawings import FRESH_S, Drawings, NotYetError
from dashboard.session.store import Store
from tests.dashboard.server.jumping import jumping

HERE = "192.0.2.1"
TOOK_S = 3.0


class Timed(Drawings):
    """Takes three seconds for a chart by the loop's clock; notes when each was begun, and of what view."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.begun: list[float] = []
        self.made: list[str] = []

    def _make(self, view: Any, key: tuple[str, str]) -> Any:
        loop: Any = asyncio.get_running_loop()
        self.begun.append(loop.time())
        self.made.append(key[0])
        loop.now += TOOK_S
        return super()._make(view, key)


async def asked(
    drawings: Drawings, addresses: list[str], query: str = "tab=volume&terms=word{}"
) -> list[Any]:
    questions = [drawings.get(query.format(n), "", address) for n, address in enumerate(addresses)]
    return await asyncio.gather(*questions, return_exceptions=True)


def refused(answers: list[Any]) -> list[bool]:
    assert not any(isinstance(answer, Exception) and type(answer) is not NotYetError for answer in answers)
    return [type(answer) is NotYetError for answer in answers]


@jumping
async def test_u19_a_chart_that_a_hundred_addresses_ask_for_is_made_once_and_each_gets_it(
    store: Store,
) -> None:
    drawings = Timed(store)
    answers = await asked(drawings, [f"192.0.2.{n}" for n in range(100)], "tab=volume")
    answers.append(await drawings.get("tab=volume", "", HERE))
    assert all(answer is answers[0] for answer in answers)
    assert answers[0].name == "pressgauge-volume"
    assert len(drawings.made) == 1


@jumping
async def test_u19_a_chart_that_may_soon_be_another_is_made_once_for_all_who_wait_and_not_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawings = Timed(store)
    monkeypatch.setattr(type(store.current.vocabulary), "reading", True)
    answers = await asked(drawings, [HERE] * 5, "tab=volume")
    assert all(answer is answers[0] for answer in answers)
    assert (answers[0].fresh_s, len(drawings.made)) == (0, 1)
    await drawings.get("tab=volume", "", HERE)
    assert len(drawings.made) == 2


@jumping
async def test_u19_a_chart_is_made_anew_of_a_new_version_and_after_five_minutes(store: Store) -> None:
    drawings = Timed(store)
    before = await drawings.get("tab=volume", "", HERE)
    store.current = store._load()
    after = await drawings.get("tab=volume", "", HERE)
    assert after is not before
    assert after is not None
    assert after.fresh_s == FRESH_S
    await asyncio.sleep(FRESH_S - 1)
    assert await drawings.get("tab=volume", "", HERE) is after
    assert after.fresh_s == 1  # and no more: whoever keeps it as long as it says has none that is older
    await asyncio.sleep(1)
    assert await drawings.get("tab=volume", "", HERE) is not after
    assert len(drawings.made) == 3


@jumping
async def test_u19_between_two_charts_visitors_have_as_long_as_the_first_one_took(store: Store) -> None:
    drawings = Timed(store)
    await asked(drawings, [HERE] * 4)
    assert [after - before for before, after in pairwise(drawings.begun)] == [2 * TOOK_S] * 3


@jumping
async def test_u19_without_the_rests_charts_have_the_server_to_themselves(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "PAUSE_SHARE", 0.0)
    drawings = Timed(store)
    await asked(drawings, [HERE] * 4)
    assert [after - before for before, after in pairwise(drawings.begun)] == [TOOK_S] * 3


@jumping
async def test_u19_addresses_have_charts_made_in_turn_however_many_each_asks_for(store: Store) -> None:
    drawings = Timed(store)
    await asked(drawings, [*[HERE] * 4, "198.51.100.1"], "tab=volume&query=word{}")
    assert [query[-1] for query in drawings.made] == ["0", "1", "4", "2", "3"]


@jumping
async def test_u19_no_chart_is_made_once_all_who_waited_for_it_have_left(store: Store) -> None:
    drawings = Timed(store)
    first, left, shared, *others = [
        asyncio.create_task(drawings.get(f"tab=volume&query=word{n}", "", HERE)) for n in (0, 1, 2, 2, 3)
    ]
    await asyncio.sleep(0)  # all have asked
    await first
    left.cancel()
    shared.cancel()
    assert refused(await asyncio.gather(*others)) == [False, False]
    assert [query[-1] for query in drawings.made] == ["0", "2", "3"]
    assert not drawings._awaited
    await drawings.get("tab=volume&query=word1", "", HERE)
    assert drawings.made[-1].endswith("1")


@jumping
async def test_u19_who_asks_for_too_many_charts_is_told_to_come_again_and_others_are_not(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "MOST_WAITING_BY_ADDRESS", 3)
    drawings = Drawings(store)
    answers = await asked(drawings, [*[HERE] * 5, "192.0.2.2"])
    assert refused(answers) == [False, False, False, True, True, False]
    assert (await drawings.get("tab=volume&terms=later", "", HERE)) is not None


@jumping
async def test_u19_two_at_one_address_may_look_at_a_page_with_as_many_charts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "MOST_WAITING_BY_ADDRESS", 3)
    drawings = Timed(store)
    page = [f"tab=volume&terms=word{n}" for n in range(3)]
    questions = [drawings.get(query, "", HERE) for query in page + page]
    assert not any(refused(await asyncio.gather(*questions, return_exceptions=True)))
    assert len(drawings.made) == 3


@jumping
async def test_u19_so_many_charts_are_waited_for_at_once_and_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "MOST_WAITING", 3)
    answers = await asked(Drawings(store), [f"192.0.2.{n}" for n in range(5)])
    assert refused(answers) == [False] * 3 + [True] * 2


@jumping
async def test_u19_no_more_charts_are_kept_than_the_memory_is_meant_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings_module, "_MOST_KEPT", 2)
    drawings = Drawings(store)
    await asked(drawings, [HERE] * 4)
    assert len(drawings._kept) == 2
