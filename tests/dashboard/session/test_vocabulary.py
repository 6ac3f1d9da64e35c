"""The words are read beside the server, once, and are those of the articles."""

from __future__ import annotations

import pytest

from dashboard.session.store import Store
from dashboard.session.vocabulary import Vocabulary
from tests.waiting import wait_for


def test_words_read_in_a_process_of_their_own_are_those_read_here(store: Store) -> None:
    loaded = store.current
    assert loaded.words is None
    here = Vocabulary()
    here.read(loaded.dataset, loaded.snapshot.articles)
    wait_for(lambda: loaded.words, 30)
    there = loaded.vocabulary
    assert there.terms is not None and here.terms is not None
    assert there.terms.vocabulary.tolist() == here.terms.vocabulary.tolist()
    assert there.rows.tolist() == here.rows.tolist()
    size = len(loaded.snapshot.articles)
    assert there.member("weights", size).tolist() == here.member("weights", size).tolist()


def test_words_that_cannot_be_read_are_told_and_leave_the_charts_without(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    loaded = store.current
    for file in (loaded.dataset.path / "articles").rglob("*.parquet"):
        file.unlink()
    assert loaded.words is None
    wait_for(lambda: "cannot read the words" in caplog.text, 30)
    assert loaded.words is None
