"""`pressgauge count` and the page that it makes possible: the same numbers as the articles give."""

from __future__ import annotations

import re
import socket
import subprocess
import sys

import pandas as pd
import pytest
from click.testing import CliRunner

import pressgauge
from dashboard.commands.count import command
from dashboard.commands.serve import command as serve_command
from dashboard.counts.session import CountedSession, CountedStore
from dashboard.counts.views import Volume, with_source
from dashboard.server.serve import memory, too_large
from dashboard.session.store import Store
from dashboard.session.view import Selection, View
from pressgauge import analysis
from pressgauge.errors import PressgaugeError
from pressgauge.scale import counts
from pressgauge.scale.shards import articles_of
from pressgauge.settings.topics import load_topics, save_topic
from tests.dashboard.conftest import RULES


def run(*options: str) -> str:
    done = CliRunner().invoke(command, options, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def session(store: Store) -> CountedSession:
    """A session of counts of the small press."""
    run("--data", str(store.path))
    return CountedSession(loaded=CountedStore(store.path).current)


def test_counting_shows_its_progress_and_what_was_counted(store: Store) -> None:
    said = run("--data", str(store.path))
    assert "Counting: 2025-01\nCounting: 2025-02\nCounting: unknown\n" in said
    assert "8 articles of 3 months, by day, outlet and language: 8 rows of 3 topics." in said
    assert "Counting" not in run("--data", str(store.path)), "nothing changed"


def test_with_an_index_a_month_it_counts_the_same(store: Store) -> None:
    run("--data", str(store.path))
    expected = counts.stored_counts(pressgauge.open(store.path))
    (store.path / counts.FILE).unlink()
    assert "Indexing: 2025-02" in run("--data", str(store.path), "--index")
    found = counts.stored_counts(pressgauge.open(store.path))
    assert expected is not None
    assert found is not None
    pd.testing.assert_frame_equal(found.table, expected.table)
    assert {each.name for each in (store.path / "shards").iterdir()} == {"2025-01", "2025-02", "unknown"}


def test_without_counts_the_server_says_how_to_make_them(store: Store) -> None:
    with pytest.raises(PressgaugeError, match=r"has 8 articles and no counts of them; `pressgauge count`"):
        CountedStore(store.path)


def test_a_session_counts_what_the_articles_give(session: CountedSession, store: Store) -> None:
    session.view = View(freq="M", languages=("en",), since=pd.Timestamp("2025-01-21").date())
    articles = store.current.snapshot.articles
    keep = (articles["language"] == "en") & (articles["published"] >= "2025-01-21")
    member = store.current.snapshot.membership[["open_side", "closed_side"]]
    member = member.set_axis(["Open-source AI", "Proprietary AI"], axis=1)
    expected = analysis.volume(articles, member, freq="M", keep=keep.to_numpy())
    pd.testing.assert_frame_equal(session.volume(), expected)
    by_outlet = analysis.outlets(articles, member, keep=keep.to_numpy()).astype({"outlet": "str"})
    found = session.outlets().astype({"outlet": "str"})
    by = ["series", "outlet"]
    pd.testing.assert_frame_equal(
        found.sort_values(by, ignore_index=True), by_outlet.sort_values(by, ignore_index=True)
    )


def test_a_selection_has_the_months_that_its_number_comes_from(session: CountedSession) -> None:
    assert session.months(Selection("closed_side")) == {"2025-02": 1, "2025-01": 2, "unknown": 1}
    assert session.months(Selection("closed_side", outlet="Wired")) == {"2025-02": 1, "2025-01": 1}
    assert session.months(Selection(outlet="BBC")) == {"2025-01": 2}
    assert session.months(Selection("no_such_topic")) == {}
    assert session.months(Selection("closed_side", story=1)) == {}


def test_what_counts_cannot_keep_is_left_out_and_said(session: CountedSession) -> None:
    before = session.volume()
    session.view = View(unit="stories", countries=("US",), query="law", terms=("law",), topics=("open_side",))
    assert session.problems == (
        "'law' is not a query: only saved topics are counted here.",
        "Counts know nothing of the query and countries and stories: this filter is not applied.",
    )
    assert session.volume()["n"].sum() == before.loc[before["series"] == "Open-source AI", "n"].sum()
    assert session.scope.sentence == "Counted: all collected articles, all dates."
    session.view = View(unit="events", with_text=True)
    assert session.problems == (
        "Counts know nothing of events and whose text is there: this filter is not applied.",
    )


def test_a_file_of_counts_says_in_each_row_what_was_counted_and_of_which_dataset(
    session: CountedSession,
) -> None:
    session.view = View(outlets=("Wired",), since=pd.Timestamp("2025-01-21").date(), topics=("open_side",))
    made = with_source(session, session.volume())
    assert set(made["counted"]) == {"Counted: collected articles by Wired, since 21 Jan 2025 (UTC)."}
    assert set(made["lines"]) == {'Open-source AI: "open weights"'}
    assert (
        made["dataset"].str.match(r"8 articles, 1 without a date, .* from version \d+ of the dataset").all()
    )


def test_what_was_counted_mentions_a_topic_and_need_not_be_about_it(session: CountedSession) -> None:
    session.view = View(topics=("open_side",))
    volume = Volume(session)
    volume.update()
    lead = re.sub("<[^>]+>", "", volume._lead.html).partition("(3)")[0]
    assert lead.endswith("% mention Open-source AI ")


def test_newer_counts_are_noticed_and_what_they_lack_is_said(store: Store, announced) -> None:
    run("--data", str(store.path))
    counted = CountedStore(store.path)
    assert not counted.check()
    assert counted.late == ""
    pressgauge.open(store.path).append(announced(100))
    assert not counted.check()
    assert counted.late == "3 months of 3 changed since these counts were made."
    run("--data", str(store.path))
    assert counted.check()
    assert counted.late == ""
    assert counted.current.counts.table["articles"].sum() == 16
    save_topic(store.path.parent / "topics.toml", RULES.__class__("rules", "Rules", None, "loi"))
    counted.check()
    assert counted.late == "The topics were edited since these counts were made."
    rules = next(topic for topic in counted.current.topics if topic.name == "rules")
    assert (rules.label, rules.query) == ("Regulation", "law"), "what is shown is what was counted"
    assert load_topics(store.path.parent / "topics.toml")[2].query == "loi"


def test_a_dataset_too_large_for_memory_is_told_what_opens_it() -> None:
    assert too_large(100_000, memory()) is None
    said = too_large(100_000_000, 32 * 10**9)
    assert said is not None
    assert "20.0 GB of 32.0 GB" in said
    assert "serve --counts" in said


def test_counts_are_not_refreshed_by_the_page() -> None:
    done = CliRunner().invoke(serve_command, ["--counts", "--refresh-every", "60"])
    assert done.exit_code == 2
    assert "let `refresh --every` and `count` run beside it" in " ".join(done.output.split())


def test_a_dataset_at_an_object_store_is_counted_and_opened_by_its_url(
    store: Store, announced, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("moto.server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    keys = {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "REGION": "us-east-1"}
    for name, value in {**keys, "ALLOW_HTTP": "true", "ENDPOINT_URL": url}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL
    )
    try:
        retries = {"retries": {"max_attempts": 20, "mode": "standard"}}
        client = boto3.client("s3", region_name="us-east-1", config=boto3.session.Config(**retries))
        client.create_bucket(Bucket="press")
        dataset = pressgauge.open("s3://press/coverage")
        dataset.append(announced())
        assert "8 articles of 3 months" in run("--data", "s3://press/coverage")
        session = CountedSession(loaded=CountedStore("s3://press/coverage").current)
        chosen = Selection("open_side")
        assert session.months(chosen) == {"2025-01": 3}
        query, filters = session.query(chosen), session.filters(chosen)
        assert len(articles_of(dataset, "2025-01", filters, query, ("title",))) == 3
    finally:
        server.kill()
        server.wait()
