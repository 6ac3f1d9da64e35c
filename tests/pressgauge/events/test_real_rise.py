"""The rise of January 2025 in real headlines is explained by the release of DeepSeek-R1."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from pressgauge import analysis
from pressgauge.settings.topics import load_topics

pytestmark = pytest.mark.slow

TOPICS = Path(__file__).resolve().parents[3] / "data" / "topics.toml"


@pytest.fixture(scope="module")
def dataset(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> pressgauge.Dataset:
    lines = (shared / "headlines" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    headlines = pd.DataFrame([json.loads(line) for line in lines]).rename(columns={"summary": "text"})
    made = pressgauge.open(tmp_path_factory.mktemp("headlines") / "coverage")
    made.append(headlines[headlines["published"] < "2026-01"])
    return made


def test_the_rise_of_open_source_ai_names_the_event_behind_it(dataset: pressgauge.Dataset) -> None:
    snapshot = dataset.snapshot(load_topics(TOPICS))
    member = snapshot.membership[["open_source_ai"]]
    (rise,) = analysis.bursts(snapshot.articles, member).to_dict("records")
    assert "2025-01-20" <= str(rise["start"].date()) <= "2025-01-28"
    explained = analysis.explain(rise, snapshot.articles, member["open_source_ai"].to_numpy())
    event = explained.reported.iloc[0]
    assert event["outlets"] >= 5
    assert "deepseek" in event["title"].lower()
    assert "2025-01-20" <= str(event["first"].date()) <= "2025-02-03"


def test_the_largest_event_on_deepseek_is_that_of_27_january(dataset: pressgauge.Dataset) -> None:
    first = dataset.search("deepseek").events(1).iloc[0]
    assert first["outlets"] >= 12
    assert "2025-01-26" <= str(first["first"].date()) <= "2025-01-28"
    assert str(first["last"].date()) <= "2025-02-03"


def test_what_was_told_of_deepseek_in_the_weeks_after_is_events_of_their_own(
    dataset: pressgauge.Dataset,
) -> None:
    events = dataset.search("deepseek").events()
    february = events[events["first"].between("2025-02-05", "2025-02-28")]
    korea = february[february["title"].str.contains("Korea")]
    assert korea["outlets"].max() >= 8
    assert february["articles"].iloc[0] <= 20
