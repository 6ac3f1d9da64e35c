"""A synthetic press of any size, quick to make: what the timings run on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pressgauge.schema import article_id

PLANTED: dict[str, float] = {
    "open source": 0.05,
    "open-source": 0.03,
    "open weights": 0.02,
    "proprietary model": 0.02,
    "closed model": 0.01,
    "OpenAI": 0.06,
    "ChatGPT": 0.05,
    "DeepSeek": 0.02,
    "Meta AI": 0.02,
    "metadata": 0.02,
    "Llama 3": 0.01,
    "Mistral AI": 0.005,
    "Google DeepMind": 0.02,
    "Anthropic": 0.01,
    "Hugging Face": 0.004,
    "Microsoft": 0.05,
    "artificial intelligence": 0.10,
    "AI Act": 0.01,
    "machine learning": 0.05,
    "Café société": 0.001,
}
"""Phrase -> share of the articles whose text it is planted in; none arises by chance."""

FRAGMENTS_AN_ARTICLE = 115
START = pd.Timestamp("2024-01-01", tz="UTC")
DAYS = 730
OUTLETS = 60
_CHUNK = 25_000
_COMMON = [
    *(
        "the",
        "of",
        "and",
        "to",
        "in",
        "a",
        "is",
        "that",
        "for",
        "it",
        "as",
        "was",
        "with",
        "be",
        "by",
        "on",
        "not",
    ),
    *(
        "he",
        "his",
        "but",
        "at",
        "are",
        "this",
        "have",
        "from",
        "or",
        "had",
        "an",
        "they",
        "which",
        "one",
        "you",
    ),
    *(
        "were",
        "all",
        "her",
        "she",
        "there",
        "would",
        "their",
        "we",
        "him",
        "been",
        "has",
        "when",
        "who",
        "will",
    ),
]


def make(n: int, seed: int = 0) -> pd.DataFrame:
    """`n` articles of about 3 KB of text over two years from sixty outlets.

    Words follow Zipf's law, so that the dictionary and the posting lists have the shape of real text; no
    two articles share more than stray fragments of a few words. Planted phrases are independent of one
    another, of outlet and of day. The same `n` and `seed` give the same articles.
    """
    rng = np.random.default_rng(seed)
    words = _words(rng)
    fragments = pa.array([*_fragments(rng, words, 200_000), *(f"and {phrase} " for phrase in PLANTED)])
    chunks = [_texts(rng, fragments, min(_CHUNK, n - at)) for at in range(0, n, _CHUNK)]
    text = pa.chunked_array(chunks, pa.string())

    outlet = np.minimum(rng.zipf(1.5, n) - 1, OUTLETS - 1)
    names = [f"{words[i + 500].capitalize()} Times" for i in range(OUTLETS)]
    domains = [f"{words[i + 500]}{i}.example" for i in range(OUTLETS)]
    countries = np.array(["US", "GB", "DE", "FR", "IN", "JP"])
    languages = np.array(["en", "en", "de", "fr", "en", "ja"])
    seconds = rng.integers(0, DAYS * 86_400, n)
    published = (START + pd.to_timedelta(seconds, unit="s")).as_unit("us")
    url = [f"https://{domains[o]}/{i}-{seed}" for i, o in enumerate(outlet)]
    ids = np.fromiter(map(article_id, url), np.int64, n)
    title_words = rng.integers(100, 5_000, (n, 7))
    title = pc.binary_join(_lists(pa.array(words).take(pa.array(title_words.ravel())), 7), " ")
    author = rng.integers(0, 2_000, n)
    return pd.DataFrame(
        {
            "id": ids,
            "canonical_url": url,
            "url": url,
            "outlet": pd.Categorical.from_codes(outlet, pd.Index(names)),
            "domain": pd.Categorical.from_codes(outlet, pd.Index(domains)),
            "country": pd.Categorical(countries[outlet % 6]),
            "language": pd.Categorical(languages[outlet % 6]),
            "title": pd.Series(pc.utf8_capitalize(title).to_pandas(), dtype="str"),
            "authors": [[f"{words[a + 1_000].capitalize()} {words[a + 3_000].capitalize()}"] for a in author],
            "published": published,
            "published_precision": pd.Categorical(np.full(n, "second")),
            "collected": published + pd.Timedelta(hours=1),
            "text": pd.Series(text.to_pandas(), dtype="str"),
            "words": pc.count_substring(text, " ").to_numpy().astype("int32"),
            "source": pd.Categorical.from_codes(outlet, pd.Index(names)),
            "story": ids,
        }
    )


def _words(rng: np.random.Generator, size: int = 30_000) -> list[str]:
    """Common English words first, then made-up ones, none of them a planted one."""
    syllables = [c + v for c in "bcdfghklmnprstvz" for v in ("a", "e", "i", "o", "u", "ar", "en", "is")]
    taken = {word.lower() for phrase in PLANTED for word in phrase.replace("-", " ").split()} | set(_COMMON)
    made: dict[str, None] = {}
    while len(made) < size:
        for parts in rng.integers(0, len(syllables), (size, 4)):
            word = "".join(syllables[i] for i in parts[: 2 + parts[0] % 3])
            if word not in taken:
                made[word] = None
    return [*_COMMON, *list(made)[: size - len(_COMMON)]]


def _fragments(rng: np.random.Generator, words: list[str], count: int) -> list[str]:
    """Pieces of two to six words, some of which end a sentence and a few a paragraph."""
    ranks = np.minimum(rng.zipf(1.1, count * 6) - 1, 10**9) % len(words)
    lengths = rng.integers(2, 7, count)
    ends = rng.choice([" ", ", ", ". ", ".\n"], count, p=[0.6, 0.15, 0.2, 0.05])
    pieces = zip(range(0, len(ranks), 6), lengths, ends, strict=True)
    return [" ".join(words[rank] for rank in ranks[at : at + length]) + end for at, length, end in pieces]


def _texts(rng: np.random.Generator, fragments: pa.Array, n: int) -> pa.Array:
    plain = len(fragments) - len(PLANTED)
    chosen = rng.integers(0, plain, (n, FRAGMENTS_AN_ARTICLE))
    for phrase, share in enumerate(PLANTED.values()):
        # one slot each: a phrase never overwrites another
        chosen[rng.random(n) < share, 3 + phrase * 5] = plain + phrase
    return pc.binary_join(_lists(fragments.take(pa.array(chosen.ravel())), FRAGMENTS_AN_ARTICLE), "")


def _lists(values: pa.Array, size: int) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(np.arange(0, len(values) + 1, size, dtype=np.int32)), values)
