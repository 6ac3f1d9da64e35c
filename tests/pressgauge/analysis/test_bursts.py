"""Planted bursts are found within a day, quiet series stay quiet, and a burst is explained."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pressgauge.analysis import bursts, explain, terms

START = pd.Timestamp("2025-01-01", tz="UTC")


def press(seed: int, *, noise: float = 0.15) -> tuple[pd.DataFrame, pd.DataFrame, int, int]:
    """120 days of 100 articles, a series with four times its usual share for some days, and a quiet one."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, 120, 12_000))
    first, length = int(rng.integers(20, 90)), int(rng.integers(3, 12))
    mood = np.exp(rng.normal(0, noise, (2, 120)))
    share = np.where((day >= first) & (day < first + length), 0.16, 0.04) * mood[0][day]
    articles = pd.DataFrame(
        {
            "published": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[us, UTC]"),
            "story": np.arange(12_000),
            "outlet": pd.Categorical(["Post"] * 12_000),
        }
    )
    member = {"planted": rng.random(12_000) < share, "quiet": rng.random(12_000) < 0.05 * mood[1][day]}
    return articles, pd.DataFrame(member), first, first + length - 1


def test_planted_bursts_are_found_within_a_day_and_at_most_1_in_20_reported_is_false():
    missed, inexact, false, reported = [], 0, 0, 0
    for seed in range(40):
        articles, membership, first, last = press(seed)
        table = bursts(articles, membership)
        start, end = ((table[name] - START).dt.days for name in ("start", "end"))
        planted = table["series"] == "planted"
        started = planted & ((start - first).abs() <= 1)
        missed += [] if started.any() else [seed]
        inexact += not (started & ((end - last).abs() <= 1)).any()
        false += int((~(planted & (start <= last) & (end >= first))).sum())
        reported += len(table)
    assert not missed
    assert inexact <= 40 / 20, "the last day is a day off at most, but for the odd chance"
    assert false <= reported / 20


def test_a_series_without_articles_or_a_frame_without_days_has_no_burst(frames):
    articles, membership = frames(0, 30)
    assert bursts(articles, membership[["never"]]).empty
    assert bursts(articles.iloc[:0], membership.iloc[:0]).empty


def test_a_flood_of_all_coverage_is_no_burst_of_one_subject():
    day = np.r_[np.repeat(np.arange(60), 20), np.full(2000, 30)]
    articles = pd.DataFrame(
        {
            "day": day.astype(np.int32),
            "story": np.arange(len(day)),
            "outlet": pd.Categorical(["A"] * len(day)),
        }
    )
    assert bursts(articles, pd.DataFrame({"x": np.arange(len(day)) % 10 == 0})).empty


def test_a_burst_is_explained_by_its_terms_stories_outlets_and_event():
    rng = np.random.default_rng(0)
    day = np.repeat(np.arange(40), 50)
    hot = (day >= 20) & (day <= 24)
    member = rng.random(2000) < np.where(hot, 0.5, 0.05)
    text = np.where(
        member & hot,
        "A reasoning model called Sable shook the chip makers.",
        "A quarterly report on software was read.",
    )
    articles = pd.DataFrame(
        {
            "title": "Report",
            "text": text,
            "language": pd.Categorical(["en"] * 2000),
            "canonical_url": [f"https://press.example/{number}" for number in range(2000)],
            "published": (START + pd.to_timedelta(day, unit="D")).astype("datetime64[us, UTC]"),
            "story": np.where(member & hot & (np.arange(2000) % 2 == 0), -1, np.arange(2000)),
            "outlet": pd.Categorical(np.where(hot & member, "Wire", rng.choice(["Wire", "Post"], 2000))),
        }
    )
    events = pd.DataFrame(
        {
            "date": [START + pd.Timedelta(days=19), START + pd.Timedelta(days=19), START],
            "label": ["Sable released", "Of another topic", "Long before"],
            "topics": [("x",), ("y",), ()],
            "url": [None, None, None],
        }
    )
    burst = bursts(articles, pd.DataFrame({"x": member})).iloc[0]
    assert (burst["start"], burst["end"]) == (START + pd.Timedelta(days=20), START + pd.Timedelta(days=24))
    why = explain(burst, articles, member, events=events, found=terms(articles))
    assert {"sable", "reason", "chip"} <= set(why.terms["term"])
    assert why.stories.loc[0, "story"] == -1
    assert why.stories.loc[0, "articles"] == int((articles["story"] == -1).sum())
    assert why.stories.loc[0, "url"].startswith("https://press.example/")
    assert why.outlets.loc[0, "outlet"] == "Wire"
    assert why.events[["label", "days"]].values.tolist() == [["Sable released", -1]]
