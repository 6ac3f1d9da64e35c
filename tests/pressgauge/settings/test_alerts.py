"""alerts.toml: what can be asked for, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressgauge.errors import ConfigError
from pressgauge.settings.alerts import Alert, delete_alert, load_alerts, save_alert

WHOLE = """# mine
[[alert]]
name = "surge"
kind = "share"
topic = "deepseek"
above = 0.2
days = 14
deliver = ["feed", "mail:ada@example.org", "webhook:NEWSROOM", "file:alerts.jsonl"]
"""


def test_an_alert_has_what_its_entry_says_and_no_file_is_no_alerts(tmp_path: Path) -> None:
    file = tmp_path / "alerts.toml"
    assert load_alerts(file) == []
    file.write_text(WHOLE)
    deliver = ("feed", "mail:ada@example.org", "webhook:NEWSROOM", "file:alerts.jsonl")
    assert load_alerts(file) == [
        Alert("surge", "share", topic="deepseek", above=0.2, days=14, deliver=deliver)
    ]


def test_the_tracked_file_has_none() -> None:
    assert load_alerts(Path(__file__).parents[3] / "data" / "alerts.toml") == []


def test_alerts_are_added_replaced_and_deleted_and_comments_stay(tmp_path: Path) -> None:
    file = tmp_path / "alerts.toml"
    file.write_text(WHOLE)
    added = Alert("new", "articles", query='"open weights"', about=True)
    save_alert(file, added)
    replaced = Alert("surge", "burst", topic="deepseek")
    save_alert(file, replaced)
    assert load_alerts(file) == [replaced, added]
    delete_alert(file, "surge")
    assert load_alerts(file) == [added]
    assert file.read_text().startswith("# mine\n")
    with pytest.raises(ConfigError, match="no alert is named 'surge'"):
        delete_alert(file, "surge")


@pytest.mark.parametrize("subject", ["topic", "speaker"])
def test_what_an_alert_is_about_is_the_same_when_it_is_read_again(tmp_path: Path, subject: str) -> None:
    alert = Alert("a", "articles", **{subject: " Jeanne\u00a0 d\u2019Arc "})  # type: ignore[arg-type]
    save_alert(tmp_path / "alerts.toml", alert)
    assert load_alerts(tmp_path / "alerts.toml") == [alert]


def test_the_first_alert_of_a_file_of_comments_can_be_saved(tmp_path: Path) -> None:
    file = tmp_path / "alerts.toml"
    file.write_text("# none yet\n")
    save_alert(file, Alert("q", "silence"))
    assert load_alerts(file) == [Alert("q", "silence")]
    delete_alert(file, "q")
    assert load_alerts(file) == []
    save_alert(file, Alert("q", "silence"))
    assert load_alerts(file) == [Alert("q", "silence")]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('kind = "burst"\ntopic = "x"', "name is missing"),
        ('name = "a b"\nkind = "burst"\ntopic = "x"', "name = 'a b'"),
        ('name = "a"\nkind = "flood"\ntopic = "x"', "kind = 'flood'"),
        ('name = "a"\nkind = "burst"', "nothing to look for"),
        ('name = "a"\nkind = "burst"\ntopic = "x"\nquery = "y"', "topic and query given"),
        ('name = "a"\nkind = "burst"\nspeaker = "x"', "speaker given"),
        ('name = "a"\nkind = "articles"\nquery = "(x"', "expected a query"),
        ('name = "a"\nkind = "share"\ntopic = "x"', "expected either above or below"),
        ('name = "a"\nkind = "share"\ntopic = "x"\nabove = 20', "a share between 0 and 1"),
        ('name = "a"\nkind = "burst"\ntopic = "x"\nabove = 0.2', 'with kind = "share" only'),
        ('name = "a"\nkind = "silence"\ndeliver = ["mail:nobody"]', "'mail:nobody' is no channel"),
        ('name = "a"\nkind = "silence"\ndeliver = ["file:../x"]', "is no channel"),
        ('name = "a"\nkind = "silence"\ndeliver = ["file:sources.toml"]', "is no channel"),
        ('name = "a"\nkind = "silence"\ndeliver = ["webhook:https://x"]', "is no channel"),
        ('name = "a"\nkind = "silence"\ndays = 0', "a number from 1 to 366"),
        ('name = "a"\nkind = "report"', '"day" or "week" or "month" with kind = "report"'),
        ('name = "a"\nkind = "report"\nevery = "year"', "every = 'year'"),
        ('name = "a"\nkind = "silence"\nevery = "week"', "every = 'week'"),
        ('name = "a"\nkind = "silence"\nview = "tab=volume"', "view = 'tab=volume'"),
        ('name = "a"\nkind = "report"\nevery = "week"\ntopic = "x"', "topic given"),
        (
            'name = "a"\nkind = "silence"\n[[alert]]\nname = "a"\nkind = "silence"',
            "a second alert is named a",
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path: Path, body: str, problem: str) -> None:
    file = tmp_path / "alerts.toml"
    file.write_text(f"[[alert]]\n{body}\n")
    with pytest.raises(ConfigError) as raised:
        load_alerts(file)
    assert problem in str(raised.value)
    assert raised.value.line
