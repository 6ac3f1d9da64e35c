"""The tracked settings are what data/README.md says, and true as far as a machine can tell."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from collectors.demo.world import bursts, subjects
from collectors.settings import load_sources
from pressgauge.search.index import in_memory
from pressgauge.settings.alerts import load_alerts
from pressgauge.settings.events import load_events
from pressgauge.settings.outlets import load_outlets
from pressgauge.settings.people import load_people
from pressgauge.settings.topics import load_topics
from pressgauge.validation.codebook import load_codebook

NAMES = ("sources", "outlets", "topics", "events", "codebook", "people", "alerts")
DATA = Path(__file__).resolve().parent.parent / "data"
LANGUAGES = {"da", "de", "en", "es", "fi", "fr", "it", "ja", "ko", "nl", "no", "pl", "pt", "sv", "tr", "zh"}


def test_sixty_outlets_or_more_from_many_countries_in_many_languages() -> None:
    sources, errors = load_sources(DATA / "sources.toml")
    assert errors == []
    assert len(sources) >= 60
    assert len({source.country for source in sources}) >= 20
    assert {source.language for source in sources} <= LANGUAGES
    assert len({source.language for source in sources}) >= 10


def test_no_feed_is_listed_twice_and_each_lies_on_a_full_address() -> None:
    sources = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))["source"]
    assert len({source["url"] for source in sources}) == len(sources)
    for source in sources:
        assert set(source) - {"enabled"} == {"name", "domain", "country", "language", "kind", "url", "note"}
        assert re.fullmatch(r"https?://[a-z0-9.-]+\.[a-z]+/\S+", source["url"]), source


def test_each_source_has_a_note_that_says_since_when_something_is_public_of_it_or_that_it_is_unknown() -> (
    None
):
    sources, _ = load_sources(DATA / "sources.toml")
    for source in sources:
        assert source.note, source.name
        assert re.search(r"\b20\d\d\b", source.note) or "unknown" in source.note, source.note


def test_a_feed_that_is_disabled_says_since_when_something_speaks_against_it() -> None:
    sources, _ = load_sources(DATA / "sources.toml")
    disabled = [source for source in sources if not source.enabled]
    assert disabled
    for source in disabled:
        assert re.search(r"\b20\d\d\b", source.note or ""), source.name


def test_the_file_says_that_its_addresses_were_not_verified_live() -> None:
    head = (DATA / "sources.toml").read_text(encoding="utf-8").split("[[source]]")[0]
    assert re.search(r"not verified live \(as of \d{4}-\d\d-\d\d\)", head)


def test_forty_events_or_more_in_order_each_with_a_topic_and_a_source() -> None:
    events = load_events(DATA / "events.toml")
    assert len(events) >= 40
    assert (events["date"] >= pd.Timestamp("2023-01-01", tz="UTC")).all()
    written = tomllib.loads((DATA / "events.toml").read_text(encoding="utf-8"))["event"]
    assert [event["date"] for event in written] == sorted(event["date"] for event in written)
    assert not events.duplicated(["date", "label"]).any()
    assert events["url"].str.startswith("https://").all()
    assert events["topics"].map(len).min() >= 1


def test_events_speak_of_topics_that_exist() -> None:
    known = {topic.name for topic in load_topics(DATA / "topics.toml")}
    events = load_events(DATA / "events.toml")
    assert set(events["topics"].explode()) <= known
    planted = {topic for burst in bursts() for topic in burst.topics}
    assert planted | {subject.topic for subject in subjects()} - {"offtopic"} <= known


def test_the_codebook_says_when_each_value_applies() -> None:
    variables = load_codebook(DATA / "codebook.toml")
    assert [variable.name for variable in variables] == ["frame", "tone", "genre"]
    assert all(value.description for variable in variables for value in variable.values)


def test_the_days_on_which_everything_hangs() -> None:
    events = load_events(DATA / "events.toml").set_index("date")["label"]
    days = {day.date(): label for day, label in events.items()}
    assert "MIT" in days[date(2025, 1, 20)]
    assert "Nvidia" in days[date(2025, 1, 27)]
    assert "wrong side of history" in days[date(2025, 1, 31)]
    assert "gpt-oss" in days[date(2025, 8, 5)]


def test_the_readme_names_every_key_of_the_files() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    tables = {
        "sources": "source",
        "outlets": "outlet",
        "topics": "topic",
        "events": "event",
        "codebook": "variable",
    }
    for name, table in tables.items():
        entries = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))[table]
        section = readme.split(f"## {name}.toml")[1].split("\n## ")[0]
        for key in set().union(*entries):
            assert f"| `{key}` |" in section, f"{name}.toml: {key}"


def test_the_examples_of_the_readme_can_be_used(tmp_path: Path) -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    for name, example in zip(NAMES, examples, strict=True):
        (tmp_path / f"{name}.toml").write_text(example, encoding="utf-8")
    sources, errors = load_sources(tmp_path / "sources.toml")
    assert (len(sources), errors) == (1, [])
    assert len(load_outlets(tmp_path / "outlets.toml")) == 1
    assert len(load_topics(tmp_path / "topics.toml")) == 1
    assert len(load_events(tmp_path / "events.toml")) == 1
    assert len(load_codebook(tmp_path / "codebook.toml")) == 1
    assert len(load_people(tmp_path / "people.toml")) == 1
    assert len(load_alerts(tmp_path / "alerts.toml")) == 2


def _found(text: str) -> set[str]:
    """The topics of the tracked file that a text is on."""
    index = in_memory(pd.DataFrame({"id": [1], "title": [None], "text": [text]}))
    return {topic.name for topic in load_topics(DATA / "topics.toml") if index.count(topic.query)}


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("OpenAI has largely kept its models proprietary.", {"openai", "proprietary_ai"}),
        ("The closed-source model of OpenAI", {"openai", "proprietary_ai"}),
        ("AI developers like Meta, DeepSeek, and Mistral", {"meta", "deepseek", "mistral"}),
        ("A meta study of OpenAI and the AI press", {"openai"}),
    ],
)
def test_a_maker_named_among_makers_and_a_model_kept_closed_are_found(text: str, topics: set[str]) -> None:
    assert _found(text) - {"ai"} == topics


def test_the_topics_find_the_article_that_asked_for_them() -> None:
    seed = DATA.parent.parent / "shared" / "seed" / "article.txt"
    if not seed.exists():
        pytest.skip("the shared material is not here")
    wanted = {"ai", "open_source_ai", "proprietary_ai", "openai", "meta", "deepseek", "mistral"}
    assert wanted <= _found(seed.read_text(encoding="utf-8"))
