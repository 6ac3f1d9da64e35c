"""Counting the words of texts, alone and in pairs, beside scikit-learn."""

from __future__ import annotations

from sklearn.feature_extraction.text import CountVectorizer

from bench.corpus import make
from bench.timing import best, line
from pressgauge.analysis.terms import terms

_MOST = 5_000
"""Articles whose words are counted at once: a selection, not the dataset."""


def rows(n: int) -> list[dict[str, str]]:
    """Lines of the bench's table: measure, ours, theirs, ratio, note."""
    articles = make(min(n, _MOST))[["title", "text", "language"]]
    texts = (articles["title"] + "\n" + articles["text"]).tolist()
    counter = CountVectorizer(ngram_range=(1, 2))
    ours, found = best(lambda: terms(articles, ngrams=2, lemmas=False), 3)
    theirs, counted = best(lambda: counter.fit_transform(texts), 3)
    note = (
        f"theirs: CountVectorizer, {counted.nnz:,} uses of a term; ours {len(found.term):,}, without "
        "stop words at the ends and across sentences"
    )
    return [line(f"words and pairs of words of {len(articles):,} articles", ours, theirs, note)]
