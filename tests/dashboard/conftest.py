"""A small press in memory: real search index, real snapshot, eight articles that can be counted by hand."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tornado.ioloop import IOLoop

import pressgauge
from dashboard.server import server
from dashboard.session.state import State
from dashboard.session.store import LoadedVersion, Store
from dashboard.session.vocabulary import Vocabulary
from dashboard.session.voices import Voices
from pressgauge.analysis.terms import terms
from pressgauge.search.index import in_memory
from pressgauge.settings.topics import Topic, save_topic
from pressgauge.snapshot import take
from pressgauge.validation.check import Records
from pressgauge.voices.tables import voices_of
from tests.collectors.readers import kept_readers, sandbox

__all__ = ["kept_readers", "sandbox"]
"""Fixtures of a file of their own."""

OPEN = Topic("open_side", "Open-source AI", "open", '"open weights"', "#0072B2")
CLOSED = Topic("closed_side", "Proprietary AI", "proprietary", "chatgpt", "#E69F00")
RULES = Topic("rules", "Regulation", None, "law", "#009E73")

ARTICLES = (
    # outlet, published, text, story
    ("Wired", "2025-01-20", "Open weights for all", 1),
    ("BBC", "2025-01-20", "Open weights, says ChatGPT", 1),
    ("Wired", "2025-01-22", "ChatGPT grows", 3),
    ("BBC", "2025-01-28", "A law on open weights", 4),
    ("Le Monde", "2025-01-29", "Une loi", 5),
    ("Le Monde", None, "ChatGPT sans date", 6),
    ("Wired", "2025-02-03", "ChatGPT and the law", 7),
    ("Wired", "2025-02-04", "Nothing to see", 8),
)


def frame() -> pd.DataFrame:
    outlets, published, texts, stories = zip(*ARTICLES, strict=True)
    n = len(ARTICLES)
    return pd.DataFrame({
        "id": range(1, n + 1),
        "outlet": pd.Categorical(outlets),
        "domain": pd.Categorical(["press.example"] * n),
        "country": pd.Categorical(["FR" if outlet == "Le Monde" else "US" for outlet in outlets]),
        "language": pd.Categorical(["fr" if outlet == "Le Monde" else "en" for outlet in outlets]),
        "title": texts,
        "text": texts,
        "published": pd.to_datetime(pd.Series(published), utc=True).astype("datetime64[us, UTC]"),
        "published_precision": pd.Categorical(["day"] * n),
        "published_from": pd.Categorical(["json-ld"] * n),
        "published_confidence": pd.array([None] * n, dtype="Int32"),
        "partial": pd.Categorical([None] * n),
        "collected": pd.to_datetime(["2025-02-05"] * n, utc=True).as_unit("us"),
        "story": stories,
        "event": stories,
        "canonical_url": [f"https://press.example/{n}" for n in range(len(stories))],
    })  # fmt: skip


class Held:
    """What views ask of a dataset, from the frame in memory: texts by id, and a place for codes."""

    def __init__(self, articles: pd.DataFrame) -> None:
        self._articles, self.records = articles.assign(url=None, authors=None), Records(None)

    def read(self, ids: list[int], columns: list[str]) -> pd.DataFrame:
        return self._articles.set_index("id", drop=False).loc[list(ids), list(columns)].reset_index(drop=True)


@pytest.fixture(scope="session")
def loaded() -> LoadedVersion:
    articles = frame()
    snapshot = take(articles.drop(columns="text"), in_memory(articles, version=3), (OPEN, CLOSED, RULES))
    events = pd.DataFrame({"date": pd.to_datetime([], utc=True), "label": [], "topics": [], "url": []})
    words = Vocabulary()
    words.rows, words.terms = np.arange(len(articles)), terms(articles)
    voices, held = Voices(voices_of(articles)), Held(articles)
    return LoadedVersion(Path("nowhere"), held, snapshot, events, False, words, voices)  # type: ignore[arg-type]


@pytest.fixture
def state(loaded: LoadedVersion) -> State:
    return State(loaded=loaded)


@pytest.fixture(scope="session")
def small_press(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a real dataset of the small press and what is derived of it, to be copied."""
    folder = tmp_path_factory.mktemp("small-press")
    for topic in (OPEN, CLOSED, RULES):
        save_topic(folder / "topics.toml", topic)
    (folder / "events.toml").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESSGAUGE_DATA", str(folder))
        pressgauge.open(folder / "coverage").append(_announced())
        Store(folder / "coverage")
    return folder


@pytest.fixture
def store(small_press: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store on a real dataset that holds the small press."""
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    shutil.copytree(small_press, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "coverage")


@pytest.fixture
def announced() -> Callable[..., pd.DataFrame]:
    return _announced


def _announced(start: int = 0) -> pd.DataFrame:
    """The small press as a collector brings it, at addresses numbered from `start`."""
    articles = frame().drop(columns=["id", "story", "event", "collected", "canonical_url"])
    return articles.assign(
        url=[f"https://press.example/{start + n}" for n in range(len(articles))], source="small"
    )


@contextmanager
def _served(page: Callable[[], Any], **options: Any) -> Iterator[tuple[str, IOLoop]]:
    """The address of a server of `page`, run by a thread of this process, and its loop."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loops: list[IOLoop] = []
    listening = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        running = server.start(page, address="127.0.0.1", port=port, origins=(), **options)
        running.start()
        loops.append(running.io_loop)
        running.io_loop.add_callback(listening.set)
        running.io_loop.start()
        running.stop()

    thread = threading.Thread(target=run)
    thread.start()
    assert listening.wait(30)
    yield f"http://127.0.0.1:{port}/", loops[0]
    loops[0].add_callback(loops[0].stop)
    thread.join(20)


@pytest.fixture
def served() -> Callable[[Callable[[], Any]], Any]:
    """A context manager that serves the page it is given."""
    return _served
