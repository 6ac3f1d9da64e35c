"""The one snapshot of a process."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from dashboard.session.state import Services, State
from dashboard.session.store import Store, topic_name
from dashboard.session.view import Selection
from dashboard.views.outlets import SimilarOutlets
from dashboard.views.volume import table
from pressgauge.errors import ConfigError, DatasetError, PressgaugeError, QueryError
from pressgauge.settings import paths
from pressgauge.settings.outlets import Outlet, load_outlets
from pressgauge.settings.topics import load_topics

Announced = Callable[..., pd.DataFrame]


def test_a_session_keeps_its_data_until_it_asks_for_the_new(store: Store, announced: Announced) -> None:
    before = store.current
    assert not store.check()
    pressgauge.open(store.path).append(announced(start=100))
    assert store.check()
    assert len(before.snapshot.articles) == 8
    assert len(store.current.snapshot.articles) == 16


def test_a_version_that_no_session_holds_leaves_memory_before_another_is_loaded(
    store: Store, announced: Announced
) -> None:
    gc.disable()  # a server looks among what is old after millions of objects
    try:
        old = weakref.ref(store.current.snapshot.articles)
        for start in (1_000, 2_000):
            pressgauge.open(store.path).append(announced(start=start))
            assert store.check()
        assert old() is None
    finally:
        gc.enable()


def test_an_empty_dataset_shows_the_demo_until_articles_arrive(
    store: Store, announced: Announced, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    waiting = Store(empty, demo=lambda: store.path)
    assert waiting.current.synthetic
    assert not waiting.check()
    pressgauge.open(empty).append(announced())
    assert waiting.check()
    assert not waiting.current.synthetic


async def test_before_a_page_the_demo_makes_way_for_articles_that_have_just_been_stored(
    store: Store, announced: Announced, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    waiting = Store(empty, demo=lambda: store.path)
    await waiting.before_page()
    assert waiting.current.synthetic
    pressgauge.open(empty).append(announced())
    await waiting.before_page()
    assert not waiting.current.synthetic


async def test_a_page_waits_neither_for_newer_articles_nor_where_the_demo_was_asked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "check", lambda self: pytest.fail("it looked"))
    await store.before_page()
    await Store(store.path, demo=lambda: store.path, always_demo=True).before_page()


async def test_a_page_opens_on_the_demo_where_the_dataset_cannot_be_looked_at(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Store(tmp_path / "empty", demo=lambda: store.path)
    monkeypatch.setattr(waiting, "check", lambda: (tmp_path / "absent").stat())
    await waiting.before_page()
    assert waiting.current.synthetic and "absent" in str(waiting.problem)


async def test_pages_that_lose_patience_leave_one_look_to_the_next(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = Store(tmp_path / "empty", demo=lambda: store.path)
    go_on, looks = threading.Event(), []
    monkeypatch.setattr("dashboard.session.store._PATIENCE", 0.01)
    monkeypatch.setattr(waiting, "check", lambda: looks.append(go_on.wait(60)))
    await waiting.before_page()
    await waiting.before_page()
    go_on.set()
    await waiting.before_page()
    assert looks == [True]


def test_u16_a_dataset_whose_folder_is_gone_stays_on_the_page_and_is_never_replaced_by_the_demo(
    store: Store, tmp_path: Path
) -> None:
    running = Store(store.path, demo=lambda: pytest.fail("the demo was opened"))
    shown = running.current
    Path(store.path).rename(tmp_path / "renamed")
    with pytest.raises(DatasetError, match="no articles any more"):
        running.check()
    assert running.current is shown
    (tmp_path / "renamed").rename(store.path)
    running.check()
    assert running.current.snapshot.version == shown.snapshot.version


async def test_u16_while_the_folder_is_gone_the_page_says_so(store: Store, tmp_path: Path) -> None:
    running = Store(store.path)
    Path(store.path).rename(tmp_path / "renamed")  # noqa: ASYNC240 (one call)
    watching = asyncio.ensure_future(running.watch(every=0.01))
    async with asyncio.timeout(20):
        while running.problem is None:  # noqa: ASYNC110 (pages ask in the same way)
            await asyncio.sleep(0.01)
    watching.cancel()
    assert "until they are back" in running.problem


def test_the_demo_can_be_asked_for_although_there_is_real_coverage(store: Store) -> None:
    assert Store(store.path, demo=lambda: store.path, always_demo=True).current.synthetic


def test_a_kept_query_is_a_topic_that_labels_all_history(store: Store) -> None:
    name = store.keep_topic('"open weights" AND law')
    assert name == "open_weights_and_law"
    assert store.current.snapshot.membership[name].sum() == 1
    assert load_topics(paths.topics_file())[-1].query == '"open weights" AND law'


def test_a_query_that_cannot_be_read_is_not_kept(store: Store) -> None:
    before = paths.topics_file().read_text()
    with pytest.raises(QueryError):
        store.keep_topic("AND")
    assert paths.topics_file().read_text() == before


def test_a_mask_is_computed_once_for_all_sessions(store: Store) -> None:
    assert store.current.mask("law") is store.current.mask("law")


def test_what_threads_remember_at_once_is_kept_and_few_of_it(store: Store) -> None:
    loaded, interval = store.current, sys.getswitchinterval()

    def ask(first: int) -> None:
        for number in range(first, first + 5_000):
            assert (
                loaded.picture(f"{number % 211}", False, lambda at=number: f"{at % 211}") == f"{number % 211}"
            )
            loaded.memory(number % 61)

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(ask, range(0, 400, 100)))
    finally:
        sys.setswitchinterval(interval)
    assert len(loaded._pictures) <= 64 and len(loaded._views) <= 16


def test_topic_names_are_identifiers_and_never_taken_twice() -> None:
    assert topic_name("law", names={"law", "law_2"}) == "law_3"
    assert topic_name("3 laws") == "topic_3_laws"
    assert topic_name("法律") == "topic"


def test_what_sessions_make_of_a_view_is_kept_for_those_that_show_the_same_and_of_few_views(
    store: Store,
) -> None:
    one, other = State(loaded=store.current), State(loaded=store.current)
    assert table(other) is table(one)
    other.go(tab="outlets", theme="dark")
    assert table(other) is not table(one)  # its lines have other colours
    other.go(theme="light", selection=Selection(since=date(2025, 1, 1)))
    assert table(other) is table(one)
    kept = one.keep()
    for number in range(40):
        other.go(query=f"weights OR x{number}")
        table(other)
    assert len(store.current._views) < 20
    one.go(query="weights OR x39")
    assert table(one) is table(other)
    one.go(query="")
    assert one.keep() is not kept
    store.keep_topic("grows")
    assert State(loaded=store.current).keep() is not one.keep()


def test_a_topic_edited_by_hand_relabels_all_articles_at_the_next_look(store: Store) -> None:
    file = store.path.parent / "topics.toml"
    text = file.read_text(encoding="utf-8")
    assert not store.check()
    file.write_text(text.replace('query = "law"', 'query = "loi OR law OR laws"'), encoding="utf-8")
    assert store.check()
    assert store.current.snapshot.membership["rules"].sum() == 3
    assert not store.check()


def test_the_same_query_is_kept_once(store: Store) -> None:
    assert store.keep_topic("grows") == store.keep_topic("grows") == "grows"
    assert [topic.name for topic in store.current.snapshot.topics].count("grows") == 1


def test_a_topic_is_deleted(store: Store) -> None:
    rules = store.current.snapshot.topics[2]
    store.delete_topic(rules)
    assert [topic.name for topic in store.current.snapshot.topics] == ["open_side", "closed_side"]
    assert "Regulation" not in (store.path.parent / "topics.toml").read_text(encoding="utf-8")


def test_what_somebody_else_has_saved_meanwhile_is_not_overwritten(store: Store) -> None:
    seen = store.current.snapshot.topics[2]
    theirs, mine = replace(seen, query="law OR loi"), replace(seen, query="regulation")
    store.save_topic(theirs, seen)
    for change in (lambda: store.save_topic(mine, seen), lambda: store.delete_topic(seen)):
        with pytest.raises(PressgaugeError, match="Regulation has been changed or deleted by somebody else"):
            change()
    assert store.current.snapshot.topics[2] == theirs


def test_a_new_topic_does_not_take_the_place_of_another(store: Store) -> None:
    for label, query in (("regulation", "rule"), ("Laws", "law")):
        with pytest.raises(PressgaugeError, match="the topic Regulation is there already"):
            store.save_topic(replace(store.current.snapshot.topics[2], name="new", label=label, query=query))


def test_an_edit_of_outlets_by_hand_is_noticed_and_relabels_all_history(store: Store) -> None:
    before = store.current
    paths.outlets_file().write_text('[[outlet]]\nname = "The News"\naliases = ["Wired", "BBC"]\n')
    assert store.check()
    assert not store.check()
    assert set(before.snapshot.articles["outlet"]) == {"Wired", "BBC", "Le Monde"}
    assert set(store.current.snapshot.articles["outlet"]) == {"The News", "Le Monde"}
    assert store.current.snapshot.version == before.snapshot.version


def test_a_mistake_in_outlets_leaves_what_is_shown(store: Store) -> None:
    before = store.current
    paths.outlets_file().write_text('[[outlet]]\nnames = "x"\n')
    with pytest.raises(ConfigError, match=r"outlets\.toml"):
        store.check()
    assert store.current is before


def test_names_that_look_like_one_outlet_become_one_by_a_click_and_only_then(
    store: Store, announced: Announced
) -> None:
    again = announced(start=100).assign(outlet="WIRED", url=[f"https://wired.example/{n}" for n in range(8)])
    pressgauge.open(store.path).append(again.assign(domain=None))
    assert store.check()
    services = Services(store, None, False)
    state = State(loaded=store.current, services=services)
    offer = SimilarOutlets(state)
    offer.update()
    assert "WIRED, Wired" in offer.panel.html
    offer._go("one", "Le Monde")
    assert "WIRED" in set(state.loaded.snapshot.articles["outlet"])
    offer._go("one", "WIRED")
    assert set(state.loaded.snapshot.articles["outlet"]) == {"WIRED", "BBC", "Le Monde"}
    assert load_outlets(paths.outlets_file()) == [Outlet("WIRED", ("wired.example",))]
    offer.update()
    assert "These look like" not in offer.panel.html
    read_only = SimilarOutlets(State(loaded=store.current, services=Services(store, None, True)))
    read_only.update()
    assert read_only.panel.html == ""
