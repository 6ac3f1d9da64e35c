"""`pressgauge digest` as a person runs it, on a real dataset of articles of the last days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import pressgauge
from dashboard.cli import cli
from pressgauge.alerts.digest import digest
from pressgauge.settings.topics import Topic, save_topic


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sixty articles, forty of them on models, over the last two weeks."""
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    save_topic(tmp_path / "topics.toml", Topic("models", "Open | <models>", None, "weights"))
    now = datetime.now(UTC)
    titles = [f"{'Open weights' if n % 3 else 'A dog'} number {n} | <b>" for n in range(60)]
    frame = pd.DataFrame({"title": titles, "text": titles, "outlet": "Wired", "source": "Wired"})
    frame["url"] = [f"https://wired.example/{n}" for n in range(60)]
    frame["published"] = [now - timedelta(days=1 + n % 12) for n in range(60)]
    pressgauge.open(tmp_path / "coverage").append(frame)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ("digest", *arguments))


def test_it_writes_topics_and_events_of_the_days_as_html_for_mail_and_as_markdown(folder: Path) -> None:
    done = run("--since", "12d", "--html", str(folder / "d.html"), "--markdown", str(folder / "d.md"))
    assert (done.exit_code, done.output) == (0, "")
    page, text = (folder / "d.html").read_text(), (folder / "d.md").read_text()
    assert "60 collected articles from " in page and "60 collected articles from " in text
    assert "40 of 60" in page and "40 of 60" in text
    assert "Open | &lt;models&gt;" in page and r"Open \| \<models\>" in text
    assert not {"script", "style", "img", "link"} & set(re.findall(r"<(\w+)", page))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {5}


def test_without_a_file_it_writes_markdown_to_the_screen_and_says_what_mail_lacks(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run().output.startswith("# Press coverage, ")
    monkeypatch.delenv("PRESSGAUGE_MAIL_FROM", raising=False)
    done = run("--mail", "ada@example.org")
    assert "set PRESSGAUGE_MAIL_FROM" in str(done.exception)


def test_days_without_articles_are_a_digest_that_says_so(folder: Path) -> None:
    pressgauge.open(folder / "coverage").restore(-1)
    assert "0 collected articles from " in run().output


def test_days_of_which_nothing_was_collected_are_told_from_days_without_the_subject(folder: Path) -> None:
    dataset = pressgauge.open(folder / "coverage")
    newest = dataset.load(["published"])["published"].max().date()
    later = digest(dataset.snapshot(), [], since=date(2100, 1, 1), until=date(2100, 1, 7))
    assert f"Nothing at all was collected of these days: the newest article is of {newest}." in later.markdown
    assert "Nothing at all" not in run().output
