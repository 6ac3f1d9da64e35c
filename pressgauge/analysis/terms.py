"""Terms: which words and n-grams articles use, how that changes, and what tells two sets of articles
apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Scripts without spaces: a single character says little, so that their terms are pairs of neighbours.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_LONGEST = 40


@dataclass(frozen=True, eq=False)
class Terms:
    """How often each article uses each term.

    `vocabulary` (object array of str, sorted); for each pair of an article and a term in it: `row` (int64,
    the article's position in the frame), `term` (int64, position in the vocabulary), `uses` (int64);
    `articles` is the length of the frame.
    """

    vocabulary: np.ndarray
    row: np.ndarray
    term: np.ndarray
    uses: np.ndarray
    articles: int

    def membership(self, terms: Sequence[str]) -> pd.DataFrame:
        """Which articles use each term: bool columns as `volume` takes them, so that a term's trend is a
        volume.

        A term that no article uses is a column of False. Terms are compared as they stand in the vocabulary:
        lower case, lemmas, words of an n-gram separated by a space.
        """
        number = {term: at for at, term in enumerate(self.vocabulary)}
        columns = {}
        for term in terms:
            column = np.zeros(self.articles, dtype=bool)
            column[self.row[self.term == number.get(term, -1)]] = True
            columns[term] = column
        return pd.DataFrame(columns)


def terms(articles: pd.DataFrame, *, ngrams: int = 1, lemmas: bool = True) -> Terms:
    """The words of title and text and, up to `ngrams` words long, the sequences of them within an article.

    Needs title, text and language. Words are runs of letters and digits in lower case; numbers, single
    letters, and terms that begin or end with a stop word of the article's language (stopwords-iso) are left
    out. `lemmas` turns words into their dictionary form (simplemma) where the language has one. In scripts
    without spaces a term is two neighbouring characters.
    """
    words, row = _words(articles)
    language = articles["language"].astype("object").fillna("").to_numpy()
    stop, codes, vocabulary = _normalised(words, row, language, lemmas)
    found = [_kept(vocabulary, codes, row, stop, 1)]
    found += [_kept(*_grams(vocabulary, codes, row, size), stop, size) for size in range(2, ngrams + 1)]
    names = np.concatenate([each[0] for each in found])
    rows = np.concatenate([each[1] for each in found])
    if not len(names):
        empty = np.array([], dtype=np.int64)
        return Terms(np.array([], dtype=object), empty, empty, empty, len(articles))
    number, unique = pd.factorize(names, sort=True)
    pairs, uses = np.unique(rows.astype(np.int64) * len(unique) + number, return_counts=True)
    return Terms(
        np.asarray(unique, dtype=object), pairs // len(unique), pairs % len(unique), uses, len(articles)
    )


def distinctive(
    found: Terms, first: np.ndarray, second: np.ndarray, *, prior: float = 500.0, min_articles: int = 3
) -> pd.DataFrame:
    """The terms that tell two sets of articles (bool arrays) apart: those of the first on top, those of the
    second last.

    term, n_first, n_second (int64, articles with the term), uses_first, uses_second (int64), rate_first,
    rate_second (float64, uses per 1,000 words counted), log_odds (float64, natural log-odds ratio) and z
    (log_odds over its standard error): weighted log-odds with an informative Dirichlet prior of `prior`
    words, distributed as in both sets together (Monroe, Colaresi and Quinn 2008, "Fightin' Words", eq. 15, 20
    and 22). Terms in fewer than `min_articles` articles are left out.
    """
    size = len(found.vocabulary)
    sets = [np.asarray(side, dtype=bool)[found.row] for side in (first, second)]
    n = np.array([np.bincount(found.term[side], minlength=size) for side in sets])
    uses = np.array([np.bincount(found.term[side], found.uses[side], minlength=size) for side in sets])
    either = np.bincount(found.term[sets[0] | sets[1]], minlength=size)
    total = uses.sum(axis=1)
    alpha = np.maximum(prior * uses.sum(axis=0) / max(total.sum(), 1), 1e-9)
    shrunk = uses + alpha
    odds = shrunk / np.maximum((total + alpha.sum())[:, None] - shrunk, 1e-9)
    log_odds = np.log(odds[0]) - np.log(odds[1])
    table = pd.DataFrame(
        {
            "term": found.vocabulary,
            "n_first": n[0],
            "n_second": n[1],
            "uses_first": uses[0].astype(np.int64),
            "uses_second": uses[1].astype(np.int64),
            "rate_first": 1000 * uses[0] / max(total[0], 1),
            "rate_second": 1000 * uses[1] / max(total[1], 1),
            "log_odds": log_odds,
            "z": log_odds / np.sqrt(1 / shrunk[0] + 1 / shrunk[1]),
        }
    )
    return table[either >= min_articles].sort_values("z", ascending=False, kind="stable", ignore_index=True)


def changing(
    found: Terms, day: np.ndarray, *, days: int = 28, keep: np.ndarray | None = None, min_articles: int = 5
) -> pd.DataFrame:
    """Rising terms on top, falling last: `distinctive` of the latest `days` days against as many before.

    `day` is that of `periods.local_days` (int, -1 unknown) for the same articles. Empty without a dated kept
    article.
    """
    rows = (day >= 0) if keep is None else keep & (day >= 0)
    last = int(day[rows].max()) if rows.any() else 0
    now = rows & (day > last - days)
    before = rows & (day > last - 2 * days) & ~now
    return distinctive(found, now, before, min_articles=min_articles)


def _words(articles: pd.DataFrame) -> tuple[pa.Array, np.ndarray]:
    """Every word of the articles in order, and the article it is in; columnar throughout, for there may be
    many."""
    title, text = (
        pa.array(articles[name].astype("object").where(articles[name].notna(), ""), pa.string())
        for name in ("title", "text")
    )
    joined = pc.utf8_lower(pc.utf8_normalize(pc.binary_join_element_wise(title, text, "\n"), form="NFC"))
    spaced = pc.replace_substring_regex(joined, rf"([{_UNSPACED}])", r" \1 ")
    plain = pc.replace_substring_regex(spaced, r"['’]s\b", "")
    lists = pc.split_pattern_regex(plain, r"[^\p{L}\p{M}\p{N}]+")
    words, row = pc.list_flatten(lists), pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    real = pc.greater(pc.binary_length(words), 0)
    return pc.filter(words, real), row[real.to_numpy(zero_copy_only=False)]


def _normalised(
    words: pa.Array, row: np.ndarray, language: np.ndarray, lemmas: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Stop flags and vocabulary by code, and the code of each word. Each distinct word of a language is
    looked up once."""
    tongues, tongue = np.unique(language, return_inverse=True) if len(language) else (language, language)
    encoded = pc.dictionary_encode(words)
    width = max(len(encoded.dictionary), 1)
    spelling = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    keys, which = np.unique(tongue[row].astype(np.int64) * width + spelling, return_inverse=True)
    spelled = encoded.dictionary.take(pa.array(keys % width)).to_pylist()
    forms, stops = [], []
    for word, speech in zip(spelled, tongues[keys // width] if len(keys) else (), strict=True):
        stops.append(word in _stop_words(speech) or word.isnumeric() or len(word) > _LONGEST)
        forms.append(_lemma(word, speech) if lemmas else word)
        stops[-1] = stops[-1] or forms[-1] in _stop_words(speech)
    number, vocabulary = pd.factorize(np.array([*forms, ""], dtype=object)[:-1])
    stop = np.zeros(len(vocabulary), dtype=bool)
    np.logical_or.at(stop, number, np.array(stops, dtype=bool))
    return stop, number[which], np.asarray(vocabulary, dtype=object)


def _grams(
    vocabulary: np.ndarray, codes: np.ndarray, row: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Runs of `size` words inside one article, as columns of codes."""
    count = max(len(codes) - size + 1, 0)
    runs = np.stack([codes[at : at + count] for at in range(size)], axis=1)
    inside = row[:count] == row[size - 1 : size - 1 + count]
    return vocabulary, runs[inside], row[:count][inside]


def _kept(
    vocabulary: np.ndarray, codes: np.ndarray, row: np.ndarray, stop: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """The terms worth counting and their articles."""
    single = np.array([len(word) == 1 for word in vocabulary], dtype=bool)
    unspaced = single & np.array([word > "\u0e00" for word in vocabulary], dtype=bool)
    if size == 1:
        useful = ~(stop | single)[codes] if len(codes) else np.array([], dtype=bool)
        pair, at = _pairs(vocabulary, codes, row, unspaced, stop)
        return np.concatenate([vocabulary[codes[useful]], pair]), np.concatenate([row[useful], at])
    bad = stop | single
    useful = ~(bad[codes[:, 0]] | bad[codes[:, -1]])
    joined = vocabulary[codes[useful, 0]]
    for nth in range(1, size):
        joined = joined + " " + vocabulary[codes[useful, nth]]
    return joined, row[useful]


def _pairs(
    vocabulary: np.ndarray, codes: np.ndarray, row: np.ndarray, unspaced: np.ndarray, stop: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    usable = (unspaced & ~stop)[codes] if len(codes) else np.array([], dtype=bool)
    both = usable[:-1] & usable[1:] & (row[:-1] == row[1:])
    at = np.flatnonzero(both)
    return vocabulary[codes[at]] + vocabulary[codes[at + 1]], row[at]


@cache
def _stop_words(language: str) -> frozenset[str]:
    import stopwordsiso

    return frozenset(stopwordsiso.stopwords(language)) if stopwordsiso.has_lang(language) else frozenset()


def _lemma(word: str, language: str) -> str:
    import simplemma

    if language not in _lemma_languages() or not word.isalpha():
        return word
    return simplemma.lemmatize(word, lang=language).lower()


@cache
def _lemma_languages() -> frozenset[str]:
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return frozenset(SUPPORTED_LANGUAGES)
