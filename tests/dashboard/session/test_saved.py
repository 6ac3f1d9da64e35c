"""Saved views: kept beside the dataset, for everybody or for one visitor."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dashboard.session.saved import SavedViews
from dashboard.session.view import View
from pressgauge.errors import PressgaugeError


@pytest.fixture
def saved(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path / "coverage")


def names(saved: SavedViews, user: str | None = None) -> list[str]:
    return [view.name for view in saved.of(user)]


def test_without_a_file_nothing_is_saved_and_none_is_made(saved: SavedViews) -> None:
    assert saved.of(None) == [] and not saved.file.parent.exists()


def test_a_view_comes_back_as_it_was_saved(saved: SavedViews) -> None:
    made = saved.save("  My \n view ", View(tab="volume", terms=("a&b",)).to_query())
    assert (made.name, made.view) == ("My view", View(tab="volume", terms=("a&b",)))
    assert SavedViews(saved.file.parent).of(None) == [made]


def test_everybody_sees_what_is_saved_for_everybody_and_only_its_owner_the_rest(saved: SavedViews) -> None:
    saved.save("b", "tab=volume")
    saved.save("a", "tab=outlets", "ada")
    saved.save("c", "tab=terms", "bo")
    assert names(saved) == ["b"]
    assert names(saved, "ada") == ["a", "b"]
    assert names(saved, "bo") == ["b", "c"]


def test_two_owners_may_use_one_name_and_one_may_not_use_it_twice(saved: SavedViews) -> None:
    saved.save("Week", "", None)
    saved.save("Week", "", "ada")
    with pytest.raises(PressgaugeError, match="already"):
        saved.save("week ", "", "ada")


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "a\x00b", "\u202e"])
def test_a_name_that_cannot_be_shown_is_refused(saved: SavedViews, name: str) -> None:
    with pytest.raises(PressgaugeError, match="name of one line"):
        saved.save(name, "")


def test_a_view_is_renamed_and_deleted(saved: SavedViews) -> None:
    one, two = saved.save("one", "tab=volume"), saved.save("two", "")
    saved.rename(one.number, "first", everybodys=True, user=None)
    assert names(saved) == ["first", "two"]
    with pytest.raises(PressgaugeError, match="already"):
        saved.rename(one.number, "TWO", everybodys=True, user=None)
    saved.delete(two.number, everybodys=True, user=None)
    assert [(view.name, view.query) for view in saved.of(None)] == [("first", "tab=volume")]


def test_nobody_changes_what_is_another_s_or_everybody_s_where_they_only_look(saved: SavedViews) -> None:
    own, all_s = saved.save("own", "", "ada"), saved.save("all", "")
    for number, user in ((own.number, "bo"), (own.number, None), (all_s.number, "ada")):
        with pytest.raises(PressgaugeError, match="not yours"):
            saved.delete(number, everybodys=False, user=user)
        with pytest.raises(PressgaugeError, match="not yours"):
            saved.rename(number, "x", everybodys=False, user=user)
    assert names(saved, "ada") == ["all", "own"]


@pytest.mark.parametrize("content", [b"{", b"3", b'[{"name": "x"}]', b"[" * 100_000, b"\xff\xfe\x00"])
def test_a_damaged_file_is_told_and_kept(saved: SavedViews, content: bytes) -> None:
    saved.file.parent.mkdir()
    saved.file.write_bytes(content)
    for ask in (lambda: saved.of(None), lambda: saved.save("x", "")):
        with pytest.raises(PressgaugeError, match=r"views\.json"):
            ask()
    assert saved.file.read_bytes() == content


def test_views_that_are_saved_at_once_are_all_kept(saved: SavedViews) -> None:
    threads = [threading.Thread(target=saved.save, args=(f"view {n}", "")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = saved.of(None)
    assert len(kept) == 12 and len({view.number for view in kept}) == 12
