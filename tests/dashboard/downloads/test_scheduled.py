"""Reports on a schedule, from a real dataset: of the days that have ended, under the filters of a view."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

import pressgauge
from collectors.alerts.watch import WatchReport, watch
from dashboard.downloads.scheduled import Reports
from pressgauge.alerts.notice import Notice
from pressgauge.settings.alerts import Alert, load_alerts, save_alert
from pressgauge.settings.topics import Topic, save_topic
from pressgauge.store.dataset import Dataset

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)  # a Monday
WEEKLY = Alert(
    "weekly",
    "report",
    every="week",
    view="topics=models&outlets=Wired&until=2020-01-01",
    deliver=("file:weekly.html",),
)


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    """An article of Wired and one of BBC on each day of February 2025 and on 3 March, half on models."""
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    save_topic(tmp_path / "topics.toml", Topic("models", "Open <models>", None, "weights"))
    (tmp_path / "events.toml").write_text("")
    days = [*pd.date_range("2025-02-01", "2025-02-28", tz="UTC"), pd.Timestamp("2025-03-03", tz="UTC")] * 2
    titles = [f"{'Open weights' if n % 2 else 'A dog'} number {n}" for n in range(len(days))]
    frame = pd.DataFrame({"title": titles, "text": titles, "published": days})
    frame["outlet"] = ["Wired"] * (len(days) // 2) + ["BBC"] * (len(days) // 2)
    frame["url"] = [f"https://press.example/{n}" for n in range(len(days))]
    dataset = pressgauge.open(tmp_path / "coverage")
    dataset.append(frame)
    return dataset


async def test_a_weekly_report_is_a_page_of_last_week_under_the_filters_of_its_view_made_once(
    dataset: Dataset, tmp_path: Path
) -> None:
    save_alert(tmp_path / "alerts.toml", WEEKLY)
    assert load_alerts(tmp_path / "alerts.toml") == [WEEKLY]
    told = [await watch(dataset, now=NOW, environ={}, enclose=Reports(dataset)) for _ in range(2)]
    assert told == [WatchReport(1, 1), WatchReport()]
    page = (tmp_path / "weekly-2025-03-02.html").read_text(encoding="utf-8")
    assert "Counted: collected articles by Wired, 24 Feb 2025 to 2 Mar 2025 (UTC)." in page
    assert "<h1>Of 5 collected articles by Wired in the 7 days from 24 Feb 2025 to 2 Mar 2025," in page
    assert "Open &lt;models&gt;: weights" in page
    assert page.count('<div class="chart">') >= 2
    assert set(re.findall(r'(?:src|href)="(https?://[^"/]*)', page)) <= {"https://press.example"}


def test_a_mail_has_the_digest_of_the_same_days_and_what_is_no_report_has_nothing(
    dataset: Dataset, tmp_path: Path
) -> None:
    save_alert(tmp_path / "alerts.toml", WEEKLY)
    reports = Reports(dataset)
    notice = Notice("weekly", "report 2025-02-24/2025-03-02", NOW, "Press coverage", "...")
    made = reports(notice)
    assert made is not None and reports(notice) is made
    assert made.name == "2025-03-02.html"
    assert made.text.startswith("# Press coverage, 2025-02-24 to 2025-03-02")
    assert "10 collected articles from 2025-02-24 to 2025-03-02" in made.html
    assert "<script" not in made.html
    assert reports(Notice("weekly", "burst 2025-02-24", NOW, "A burst", "...")) is None
    assert reports(Notice("other", notice.key, NOW, "Press coverage", "...")) is None
