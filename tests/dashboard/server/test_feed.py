"""The feed of alerts: Atom over real HTTP, and closed to whoever lacks its token."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import panel as pn
import pytest

from collectors.alerts.outbox import Outbox
from dashboard.server.serve import _feed_token
from pressgauge.alerts.evaluate import AlertMemory
from pressgauge.alerts.notice import Notice
from pressgauge.settings.alerts import Alert

AT = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    with Outbox(tmp_path) as outbox:
        notice = Notice("new", "k", AT, "1 new article", "1 new article, of 4 collected in all.")
        outbox.keep(Alert("new", "articles", query="x"), AlertMemory("c"), [notice], AT)
    return tmp_path


def get(url: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read().decode()


def test_the_feed_has_what_alerts_told_and_a_dataset_without_any_has_an_empty_one(
    served: Callable[..., Any], told: Path
) -> None:
    for folder, titles in ((told, ["1 new article"]), (told / "other", [])):
        with served(pn.Column, alerts=(folder, None)) as (url, _):
            status, kind, body = get(f"{url}alerts.atom")
        assert (status, kind) == (200, "application/atom+xml; charset=utf-8")
        feed = ElementTree.fromstring(body)
        names = {"a": "http://www.w3.org/2005/Atom"}
        assert [title.text for title in feed.findall("a:entry/a:title", names)] == titles
    assert not (told / "other").exists()


@pytest.mark.parametrize(
    ("token", "query", "status"),
    [
        ("t0ken", "", 403),
        ("t0ken", "?token=other", 403),
        ("t0ken", "?token=t0ken", 200),
        ("", "?token=", 403),
    ],
)
def test_a_token_opens_the_feed_and_an_empty_one_never_does(
    served: Callable[..., Any], told: Path, token: str, query: str, status: int
) -> None:
    with served(pn.Column, alerts=(told, token)) as (url, _):
        assert get(f"{url}alerts.atom{query}")[0] == status


def test_behind_a_log_in_or_where_others_look_in_the_feed_needs_a_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PRESSGAUGE_FEED_TOKEN", raising=False)
    assert (_feed_token(private=False), _feed_token(private=True)) == (None, "")
    monkeypatch.setenv("PRESSGAUGE_FEED_TOKEN", "t0ken")
    assert (_feed_token(private=False), _feed_token(private=True)) == ("t0ken", "t0ken")
