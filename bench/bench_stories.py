"""Stories beside datasketch, on the same planted copies in the same run; and their look-up among many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bench.corpus import _words
from bench.timing import best, line
from pressgauge.stories.assign import assign, sketches
from pressgauge.stories.keys import WINDOW, StoredKeys, halves, marks
from pressgauge.stories.originals import originals

_TEXTS = 12_000
_COPIED = 0.25  # share of the articles that are copies
_LENGTH, _PARAGRAPH = 500, 50  # words
_FAMILIES, _SIBLINGS = 100, 4  # hard negatives of each kind


def planted(size: int = _TEXTS, seed: int = 0, edits: tuple[float, float] = (0.1, 0.2)) -> pd.DataFrame:
    """Articles of about 500 words that follow Zipf's law: id, text, published, family (int64, equal in copies
    of one article), kind.

    A copy has each word replaced, deleted or followed by another with a probability drawn from `edits`; half
    the copies also lose a paragraph, a third each get a lead or an imprint of 40 words. Others look like
    copies and are none: articles that share an imprint of 80 words ("imprint"), that quote the same 130
    words ("quotes"), or whose every sentence has the same frame ("template").
    """
    rng = np.random.default_rng(seed)
    vocabulary = np.array(_words(rng))
    weight = 1 / np.arange(1, len(vocabulary) + 1)
    heavy = np.cumsum(weight / weight.sum())

    def words(number: int) -> np.ndarray:
        return vocabulary[np.searchsorted(heavy, rng.random(number))]

    copies, hard = int(size * _COPIED), _FAMILIES * _SIBLINGS
    articles = [words(int(length)) for length in rng.normal(_LENGTH, 60, size - copies - 3 * hard)]
    rows = [(article, number, "article") for number, article in enumerate(articles)]
    for _ in range(copies):
        source = int(rng.integers(len(articles)))
        rows.append((_edited(articles[source], rng.uniform(*edits), words, rng), source, "copy"))
    for _ in range(_FAMILIES):
        imprint, quotes, frame = words(80), words(130), words(_LENGTH)
        for _ in range(_SIBLINGS):
            slots = np.arange(_LENGTH) % 7 > 3  # four words of the frame, then three of its own
            texts = {
                "imprint": np.r_[words(300), imprint],
                "quotes": np.r_[words(100), quotes[:60], words(100), quotes[60:], words(100)],
                "template": np.where(slots, words(_LENGTH), frame),
            }
            rows += [(text, len(rows) + at, kind) for at, (kind, text) in enumerate(texts.items())]
    order = rng.permutation(len(rows))
    day = rng.integers(0, WINDOW * 86_400, len(rows))
    table = pd.DataFrame(
        {
            "id": order.astype(np.int64) + 1,
            "text": [_paragraphs(text) for text, _, _ in rows],
            "published": pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(day, unit="s"),
            "family": np.array([family for _, family, _ in rows], np.int64),
            "kind": [kind for _, _, kind in rows],
        }
    )
    return table.iloc[order].reset_index(drop=True)


def quality(family: np.ndarray, story: np.ndarray) -> tuple[float, float]:
    """Recall and precision of the pairs of articles that are put into one story."""

    def pairs(*columns: np.ndarray) -> int:
        sizes = pd.DataFrame(dict(enumerate(columns))).value_counts().to_numpy()
        return int((sizes * (sizes - 1) // 2).sum())

    both = pairs(family, story)
    return both / max(pairs(family), 1), both / max(pairs(story), 1)


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note. `n` is the number of stored articles
    that fresh ones are looked up among."""
    articles = planted()
    ours, story = best(lambda: _stories(articles), 3)
    theirs, found = best(lambda: _datasketch(articles["text"]), 1)
    recall, precision = quality(articles["family"].to_numpy(), story)
    their_recall, their_precision = quality(articles["family"].to_numpy(), found)
    note = (
        f"goal 8x, both at least 0.99; recall {recall:.4f} and precision {precision:.4f}, "
        f"datasketch {their_recall:.4f} and {their_precision:.4f}"
    )
    return [
        line(f"stories of {len(articles):,} articles, planted copies", ours, theirs, note),
        _lookup(articles, n),
        _originals(n),
    ]


def _edited(text: np.ndarray, rate: float, words: Callable[[int], np.ndarray], rng: Any) -> np.ndarray:
    if rng.random() < 0.5:
        at = _PARAGRAPH * int(rng.integers(1, len(text) // _PARAGRAPH))
        text = np.delete(text, slice(at, at + _PARAGRAPH))
    edit = np.where(rng.random(len(text)) < rate, rng.integers(1, 4, len(text)), 0)
    other = words(len(text))
    text = np.where(edit == 1, other, text)
    after = np.flatnonzero(edit == 3)
    text = np.insert(text, after + 1, other[after])
    text = np.delete(text, np.flatnonzero(np.insert(edit, after + 1, 0) == 2))
    lead, imprint = (words(40) if rng.random() < 1 / 3 else [] for _ in range(2))
    return np.r_[lead, text, imprint]


def _paragraphs(words: np.ndarray) -> str:
    return "\n".join(" ".join(words[at : at + _PARAGRAPH]) for at in range(0, len(words), _PARAGRAPH))


_NONE = pd.DataFrame(
    {"id": np.zeros(0, np.int64), "story": np.zeros(0, np.int64), "published": pd.to_datetime([], utc=True)}
)


def _stories(articles: pd.DataFrame) -> np.ndarray:
    return assign(articles, sketches(articles["text"]), _NONE.take, [], lambda ids: pd.Series(dtype="str"))


def _datasketch(texts: pd.Series, threshold: float = 0.24) -> np.ndarray:
    """What its documentation shows: MinHash with its 128 permutations, LSH, and each pair's estimate."""
    from datasketch import MinHash, MinHashLSH  # tests import this file where only the product is installed

    def tokens(text: str) -> set[bytes]:
        words = text.lower().split()
        return {" ".join(words[at : at + 3]).encode() for at in range(len(words) - 2)}

    made = list(MinHash.generator((tokens(text) for text in texts), num_perm=128))
    index = MinHashLSH(threshold=threshold, num_perm=128)
    story = np.arange(len(made))
    for number, each in enumerate(made):
        alike = [other for other in index.query(each) if each.jaccard(made[other]) >= threshold]
        if alike:
            story[number] = story[max(alike, key=lambda other: each.jaccard(made[other]))]
        index.insert(number, each)
    return story


def _lookup(articles: pd.DataFrame, n: int) -> dict[str, str]:
    """The stored sketches are made of the articles' own keys, shuffled in each column: as many chance hits as
    among real ones, and no copies."""
    rng = np.random.default_rng(0)
    fresh, others = articles[:1_000], articles[1_000:]
    sketch, made = sketches(fresh["text"]), sketches(others["text"])
    stored = halves(np.stack([rng.choice(column, n) for column in made.T], axis=1))
    known = pd.DataFrame({"id": np.arange(n) + 10**9, "story": np.arange(n) + 10**9})
    known["published"] = pd.Timestamp("2024-01-15", tz="UTC")
    published = known["published"].dt.tz_convert(None).to_numpy().astype("<M8[us]")
    texts = others["text"].reset_index(drop=True)

    def read(ids: np.ndarray) -> pd.Series:
        return texts.iloc[(ids - 10**9) % len(texts)].set_axis(ids)

    seconds, _ = best(
        lambda: assign(fresh, sketch, known.take, [StoredKeys(published, stored, marks(stored))], read), 5
    )
    return line(f"stories of 1,000 among {n:,} stored", seconds, None, "goal 60 ms among 125,000")


def _originals(n: int) -> dict[str, str]:
    rng = np.random.default_rng(0)
    story = np.arange(n)
    copies = rng.choice(n, n // 20, replace=False)
    story[copies] = rng.integers(0, n, len(copies))
    outlets = [f"{name} {kind}" for name in ("Agence", "Nord", "Cape") for kind in ("Wire", "Post", "Times")]
    credit = np.full(n, -1)
    credit[copies] = rng.integers(0, 9, len(copies))
    articles = pd.DataFrame(
        {
            "id": np.arange(n),
            "story": story,
            "outlet": pd.Categorical.from_codes(rng.integers(0, 9, n), outlets),
            "published": pd.Timestamp("2024-01-01", tz="UTC")
            + pd.to_timedelta(rng.integers(0, 10**8, n), unit="s"),
            "credit": pd.Categorical.from_codes(credit, outlets),
        }
    )
    seconds, _ = best(lambda: originals(articles), 5)
    return line(f"originals of {n:,} articles, 5 % copies", seconds, None, "goal 150 ms at 1M")
