"""Events kept up to date: the same as if all articles had come at once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from pressgauge.events import clustering, revision, timeline
from pressgauge.events.clustering import Clustering, empty, update

NOW = pd.Timestamp("2025-03-01", tz="UTC")
NONE = np.zeros(0, np.int64)


def press(size: int = 600, seed: int = 0) -> pd.DataFrame:
    """Articles of 40 days: some tell of an event with words of its own, all use common words too."""
    random = np.random.default_rng(seed)
    event = random.integers(0, size // 4, size)
    day = (event * 13) % 36 + random.integers(0, 4, size)
    titles = [
        " ".join(
            [f"Name{of}x{random.integers(4)}" for _ in range(2)]
            + [f"w{random.integers(80)}" for _ in range(6)]
        )
        for of in event
    ]
    published = pd.Timestamp("2025-01-01", tz="UTC") + pd.to_timedelta(day, unit="D")
    ids = np.arange(1, size + 1) * 1_000_003
    story = np.where(random.random(size) < 0.1, ids[random.integers(0, size, size)], ids)
    return pd.DataFrame(
        {"id": ids, "title": titles, "text": None, "language": "en", "published": published}
    ).assign(collected=published, story=story)


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return press()


@pytest.fixture(scope="module")
def whole(articles: pd.DataFrame) -> Clustering:
    return update(empty(), NONE, [articles], NOW)


@pytest.fixture
def weights_stay(monkeypatch: pytest.MonkeyPatch, whole: Clustering) -> None:
    """What a word weighs is that of all articles, so that only what is new is gone through again."""
    monkeypatch.setattr(clustering, "SMALL", 0)
    monkeypatch.setattr(clustering, "weigh", lambda *_: whole.weights)


def partition(clusters: Clustering) -> set[frozenset[int]]:
    return {frozenset(ids) for ids in pd.Series(clusters.id).groupby(clusters.event).agg(set)}


def test_copies_and_events_are_found_in_the_press_of_this_test(whole: Clustering) -> None:
    assert 100 < len(partition(whole)) < 400
    assert (~whole.is_first).sum() > 30


@pytest.mark.usefixtures("weights_stay")
@pytest.mark.parametrize("seed", range(4))
def test_the_order_in_which_articles_come_does_not_matter(
    articles: pd.DataFrame, whole: Clustering, seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(articles))
    clusters = update(empty(), NONE, [articles.iloc[order[:450]]], NOW)
    clusters = dataclasses.replace(clusters, weighed_size=len(articles))
    for some in np.split(order, [450, 451, 480, 590])[1:]:
        clusters = update(clusters, NONE, [articles.iloc[some]], NOW)
    assert partition(clusters) == partition(whole)


@pytest.mark.usefixtures("weights_stay")
def test_what_is_taken_out_and_put_in_again_changes_nothing(
    articles: pd.DataFrame, whole: Clustering
) -> None:
    some = articles.sample(25, random_state=1)
    without = update(whole, some["id"].to_numpy(), [], NOW)
    assert len(without.id) == len(articles) - 25
    again = update(without, NONE, [some], NOW)
    assert partition(again) == partition(whole)


@pytest.mark.usefixtures("weights_stay")
def test_only_the_days_that_an_append_can_touch_are_gone_through_again(
    articles: pd.DataFrame, whole: Clustering, monkeypatch: pytest.MonkeyPatch
) -> None:
    days: list[int] = []
    sizes: list[int] = []

    def units(value, vectors, day, *others):  # type: ignore[no-untyped-def]
        days.append(int(day[-1]))
        return timeline.day_units(value, vectors, day, *others)

    def advance(value, vectors, day, *others):  # type: ignore[no-untyped-def]
        sizes.append(len(day))
        return timeline.advance(value, vectors, day, *others)

    monkeypatch.setattr(revision, "day_units", units)
    monkeypatch.setattr(revision, "advance", advance)
    last = articles.nlargest(1, "published").assign(id=5, story=5, title="Unheard of: a volcano")
    update(whole, NONE, [last], NOW)
    assert (len(days), sizes) == (1, [1])
    days.clear()
    sizes.clear()
    early = articles.nsmallest(1, "published").assign(id=5, story=5, title="Unheard of: a volcano")
    update(whole, NONE, [early], NOW)
    assert (len(days), sizes) == (6, [1])


def test_an_event_keeps_its_number_while_it_grows(articles: pd.DataFrame) -> None:
    clusters = update(empty(), NONE, [articles.iloc[:300]], NOW)
    before = pd.Series(clusters.event, clusters.id)
    after = update(clusters, NONE, [articles.iloc[300:]], NOW)
    now = pd.Series(after.event, after.id)[before.index]
    assert (before == now).mean() > 0.8
    gone = set(before) - set(now)
    merged = after.history[after.history["kind"] == "merged"]
    assert gone == set(merged["event"])
    assert set(merged["other"]) <= set(now)


def test_an_article_that_is_stored_anew_stays_in_its_event(articles: pd.DataFrame, whole: Clustering) -> None:
    again = update(whole, articles["id"].to_numpy()[:5], [articles.iloc[:5]], NOW)
    pd.testing.assert_series_equal(
        pd.Series(again.event, again.id).sort_index(), pd.Series(whole.event, whole.id).sort_index()
    )
    assert again.history.empty


def test_how_rare_a_word_is_is_told_by_dated_articles_alone(articles: pd.DataFrame) -> None:
    is_dated = np.arange(len(articles)) % 2 == 0
    undated = articles.assign(published=articles["published"].where(is_dated))
    all_weights = update(empty(), NONE, [undated], NOW).weights
    dated_weights = update(empty(), NONE, [articles[is_dated]], NOW).weights
    assert all_weights is not None and dated_weights is not None
    assert all_weights.events == dated_weights.events
    assert all_weights.keys.tolist() == dated_weights.keys.tolist()


def test_a_split_is_written_down() -> None:
    articles = pd.DataFrame(
        {
            "id": [1, 2, 3, 4, 5],
            "title": ["Alpha beta", "Alpha beta gamma delta", "Gamma delta", "Storm", "Cup final"],
            "text": None,
            "language": "en",
            "published": pd.Timestamp("2025-01-01", tz="UTC"),
            "collected": NOW,
            "story": [1, 2, 3, 4, 5],
        }
    )
    one = update(empty(), NONE, [articles], NOW)
    assert frozenset({1, 2, 3}) in partition(one)
    two = update(one, np.array([2]), [], NOW)
    assert {frozenset({1}), frozenset({3})} <= partition(two)
    assert two.history["kind"].tolist() == ["split"]
    assert two.history["other"].tolist() == [one.event[one.id == 1].item()]
    assert two.history["articles"].tolist() == [1]


@pytest.mark.slow
@pytest.mark.usefixtures("weights_stay")
@pytest.mark.parametrize("seed", range(2))
def test_numbers_and_history_are_as_if_all_events_had_been_named_anew(
    articles: pd.DataFrame, whole: Clustering, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    def states() -> list[Clustering]:
        order = np.random.default_rng(seed).permutation(len(articles))
        clusters = dataclasses.replace(
            update(empty(), NONE, [articles.iloc[order[:400]]], NOW), weighed_size=len(articles)
        )
        listed = []
        for some in np.split(order, [400, 401, 430, 520])[1:]:
            removed = np.random.default_rng(seed).choice(clusters.id, 12, replace=False)
            clusters = update(clusters, removed, [articles.iloc[some]], NOW)
            listed.append(clusters)
        return listed

    quick = states()
    monkeypatch.setattr(clustering, "_changed_events", lambda rows, *_: np.arange(len(rows.id)))
    for one, other in zip(quick, states(), strict=True):
        assert one.event.tolist() == other.event.tolist()
        assert set(one.history.itertuples(index=False)) == set(other.history.itertuples(index=False))
