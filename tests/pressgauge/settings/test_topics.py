"""Topics are saved queries, read from and written to a file that a person keeps."""

from __future__ import annotations

import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pressgauge.errors import ConfigError, QueryError
from pressgauge.schema import NO_DAY
from pressgauge.search.index import in_memory
from pressgauge.settings import paths
from pressgauge.settings.events import load_events
from pressgauge.settings.topics import Topic, delete_topic, load_topics, save_topic
from pressgauge.snapshot import Snapshot, take

FILE = """# kept by hand
[[topic]]  # the first
name = "open_source"
label = "Open source"
side = "open"
terms = [
  "open source",  # the phrase
  "quelloffen*",
]

[[topic]]
name = "meta"
label = "Meta"
query = "cased:Meta AND llama"
color = "#0072B2"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "topics.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_terms_are_phrases_or_fragments_joined_by_or(file: Path) -> None:
    assert load_topics(file) == [
        Topic("open_source", "Open source", "open", '"open source" OR quelloffen*'),
        Topic("meta", "Meta", None, "cased:Meta AND llama", "#0072B2"),
    ]


@pytest.mark.parametrize(
    ("entry", "line", "problem"),
    [
        ('name = "a"\nlabel = "A"', 1, "no query given"),
        ('name = "a"\nquery = "b"\nterms = ["b"]', 1, "terms and query given"),
        ('name = "a"\nquery = "(b"', 3, "parenthesis is not closed"),
        ('name = "a"\nterms = []', 3, "terms is empty"),
        ('name = "a b"\nquery = "b"', 2, "name = 'a b'"),
        ('name = "a"\nquery = "b"\nside = "left"', 4, "side = 'left'"),
        ('name = "a"\nquery = "b"\ncolor = "red"', 4, "color = 'red'"),
        ('name = "a"\nquery = "b"\nterm = ["c"]', 4, "unknown key term"),
        ('query = "b"', 1, "name is missing"),
    ],
)
def test_a_wrong_topic_is_refused_at_its_line(tmp_path: Path, entry: str, line: int, problem: str) -> None:
    file = tmp_path / "topics.toml"
    file.write_text(f"[[topic]]\n{entry}\n")
    with pytest.raises(ConfigError) as caught:
        load_topics(file)
    assert caught.value.line == line
    assert problem in caught.value.problem


def test_two_topics_of_one_name_are_refused(file: Path) -> None:
    file.write_text(FILE + '[[topic]]\nname = "meta"\nquery = "x1"\n')
    with pytest.raises(ConfigError, match="second topic"):
        load_topics(file)


def test_a_new_topic_is_added_and_all_else_stays(file: Path) -> None:
    save_topic(file, Topic("qwen", "Qwen", "open", "qwen*"))
    assert file.read_text(encoding="utf-8").startswith(FILE)
    assert load_topics(file)[-1] == Topic("qwen", "Qwen", "open", "qwen*")


def test_a_changed_topic_keeps_the_comments_of_the_file(file: Path) -> None:
    save_topic(file, Topic("meta", "Meta AI", "open", "llama"))
    text = file.read_text(encoding="utf-8")
    assert all(comment in text for comment in ("# kept by hand", "# the first", "# the phrase"))
    assert load_topics(file)[1] == Topic("meta", "Meta AI", "open", "llama")


def test_terms_stay_terms_while_their_query_is_unchanged(file: Path) -> None:
    save_topic(file, Topic("open_source", "Open-source AI", "open", '"open source" OR quelloffen*'))
    assert "terms = [" in file.read_text(encoding="utf-8")
    save_topic(file, Topic("open_source", "Open-source AI", "open", "libre"))
    assert "terms = [" not in file.read_text(encoding="utf-8")
    assert load_topics(file)[0].query == "libre"


def test_the_first_topic_makes_the_file(tmp_path: Path) -> None:
    save_topic(tmp_path / "new.toml", Topic("a1", 'A "quoted" label', None, '"a b" OR cd*'))
    assert load_topics(tmp_path / "new.toml") == [Topic("a1", 'A "quoted" label', None, '"a b" OR cd*')]


def test_a_topic_that_could_not_be_loaded_is_not_saved(file: Path) -> None:
    with pytest.raises(QueryError):
        save_topic(file, Topic("bad", "Bad", None, "(open"))
    with pytest.raises(ConfigError):
        save_topic(file, Topic("bad name", "Bad", None, "open"))
    assert file.read_text(encoding="utf-8") == FILE
    assert list(file.parent.iterdir()) == [file]


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    texts = [
        " ".join(words) for n in range(4) for words in itertools.combinations(("open", "closed", "meta"), n)
    ]
    published = pd.Series(pd.date_range("2025-01-01", periods=len(texts), tz="UTC")).dt.as_unit("us")
    published[0] = pd.NaT
    articles = pd.DataFrame(
        {"id": [90 - 7 * n for n in range(len(texts))], "text": texts, "published": published}
    )
    topics = [Topic(word, word, None, word) for word in ("open", "closed", "meta")]
    return take(articles, in_memory(articles, 3), topics)


def test_membership_stands_row_by_row_beside_the_articles(snapshot: Snapshot) -> None:
    for name in ("open", "closed", "meta"):
        expected = [name in text.split() for text in snapshot.articles["text"]]
        assert snapshot.membership[name].tolist() == expected


@pytest.mark.parametrize("query", ["open AND meta", "open OR meta", "open NOT meta", "NOT (open OR closed)"])
def test_a_combination_of_queries_is_the_combination_of_memberships(snapshot: Snapshot, query: str) -> None:
    columns = snapshot.membership
    expected = {
        "open AND meta": columns["open"] & columns["meta"],
        "open OR meta": columns["open"] | columns["meta"],
        "open NOT meta": columns["open"] & ~columns["meta"],
        "NOT (open OR closed)": ~(columns["open"] | columns["closed"]),
    }[query]
    assert np.array_equal(snapshot.mask(query), expected)


def test_days_count_from_1970_and_an_unknown_one_is_minus_one(snapshot: Snapshot) -> None:
    assert snapshot.articles["day"].dtype == "int32"
    assert snapshot.articles["day"].tolist()[:3] == [NO_DAY, 20_090, 20_091]


def test_other_topics_relabel_the_same_articles(snapshot: Snapshot) -> None:
    other = snapshot.with_topics([Topic("either", "Either", None, "open OR closed"), snapshot.topics[2]])
    assert list(other.membership) == ["either", "meta"]
    assert other.membership["either"].tolist() == snapshot.mask("open OR closed").tolist()
    assert (other.version, list(snapshot.membership)) == (3, ["open", "closed", "meta"])


@pytest.mark.parametrize(
    ("topic", "texts"),
    [
        ("ai", ["ChatGPT is here", "Künstliche Intelligenz", "une IA", "AIの未来", "大模型"]),
        ("open_source_ai", ["open-weight models", "the AI is open source", "quelloffene KI"]),
        ("open_source_ai", ["IA de código abierto", "開源大模型", "オープンソースのAI"]),
        ("proprietary_ai", ["a closed model", "proprietary models", "proprietäre KI"]),
        ("proprietary_ai", ["un modèle propriétaire", "闭源"]),
        ("meta", ["Meta AI", "Llama 3", "Meta says its AI chatbot on WhatsApp"]),
        ("deepseek", ["DeepSeek-R1", "深度求索"]),
        ("mistral", ["Mistral AI", "the startup Mistral"]),
        ("google", ["Google Gemini", "Gemini, the chatbot"]),
        ("anthropic", ["Anthropic", "Claude, a chatbot"]),
        ("xai", ["Musk’s Grok"]),
        ("microsoft", ["Microsoft bets on AI"]),
        ("hugging_face", ["Hugging Face"]),
        ("qwen", ["Qwen2.5", "Alibaba and AI"]),
        ("openai", ["OpenAI", "GPT-4"]),
        ("regulation", ["the AI Act", "KI-Verordnung", "règlement sur l’IA"]),
        ("safety", ["AI safety", "KI-Sicherheit"]),
    ],
)  # fmt: skip
def test_the_topics_that_come_along_find_what_they_are_for(topic: str, texts: list[str]) -> None:
    query = {each.name: each.query for each in load_topics(paths.topics_file())}[topic]
    index = in_memory(pd.DataFrame({"id": range(len(texts)), "text": texts}))
    assert sorted(index.ids(query)) == list(range(len(texts)))


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("ai", "j’ai mangé, ai, ki, ia"),
        ("open_source_ai", "open source office software and its metadata"),
        ("meta", "La meta de la llama, a meta study, metadata"),
        ("mistral", "Le mistral souffle à Marseille"),
        ("google", "Gemini is a star sign"),
        ("anthropic", "Claude Monet and the anthropic principle"),
        ("xai", "to grok a thing"),
        ("microsoft", "Microsoft sells an office suite"),
        ("qwen", "Alibaba sells shoes"),
    ],
)
def test_the_topics_that_come_along_leave_their_namesakes_alone(topic: str, text: str) -> None:
    query = {each.name: each.query for each in load_topics(paths.topics_file())}[topic]
    assert in_memory(pd.DataFrame({"id": [1], "text": [text]})).count(query) == 0


def test_events_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text(
        '[[event]]\ndate = 2025-01-20\nlabel = "R1"\ntopics = ["deepseek"]\nurl = "https://example.org"\n'
        '[[event]]\ndate = 2024-04-18\nlabel = "Llama 3"\n'
    )
    table = load_events(file)
    assert table["date"].tolist() == [
        pd.Timestamp("2024-04-18", tz="UTC"),
        pd.Timestamp("2025-01-20", tz="UTC"),
    ]
    assert table["topics"].tolist() == [(), ("deepseek",)]
    assert table["url"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ('date = "2025-01-20"\nlabel = "x"', 2),
        ('date = 2025-01-20T10:00:00\nlabel = "x"', 2),
        ("date = 2025-01-20", 1),
        ('date = 2025-01-20\nlabel = "x"\nurl = "javascript:alert(1)"', 4),
    ],
)
def test_a_wrong_event_is_refused_at_its_line(tmp_path: Path, entry: str, line: int) -> None:
    file = tmp_path / "events.toml"
    file.write_text(f"[[event]]\n{entry}\n")
    with pytest.raises(ConfigError) as caught:
        load_events(file)
    assert caught.value.line == line


def test_a_file_without_events_is_an_empty_table(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text("# none\n")
    table = load_events(file)
    assert (len(table), str(table["date"].dtype)) == (0, "datetime64[us, UTC]")


def test_topics_are_read_without_the_weight_of_pandas() -> None:
    code = "import sys, pressgauge.settings.topics; sys.exit(bool({'pandas', 'lark'} & {*sys.modules}))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_only_topic_of_a_file_can_be_deleted_and_another_be_saved(tmp_path):
    file = tmp_path / "topics.toml"
    only = Topic("one", "One", None, "weights")
    save_topic(file, only)
    delete_topic(file, "one")
    assert load_topics(file) == []
    save_topic(file, only)
    assert load_topics(file) == [only]
