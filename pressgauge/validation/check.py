"""A check of one topic or query: its samples, the judgements of them, and what follows from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.analysis import distinctive
from pressgauge.analysis import terms as count_terms
from pressgauge.arguments import check_number
from pressgauge.errors import DatasetError, QueryError
from pressgauge.search import tokens
from pressgauge.search.highlight import query_words
from pressgauge.search.nodes import And, AtLeast, Node, Or, Words
from pressgauge.search.query import parse
from pressgauge.snapshot import Snapshot
from pressgauge.validation.agreement import agreement
from pressgauge.validation.codebook import Variable
from pressgauge.validation.codes import ANSWERS, RELEVANT, Code, Codes, consensus
from pressgauge.validation.estimates import Accuracy, accuracy, more_needed, stratum
from pressgauge.validation.journal import Journal
from pressgauge.validation.sampling import STRATA, allocation, draw, strata

TextReader = Callable[[Sequence[int], Sequence[str]], pd.DataFrame]
"""Gives columns of the articles with some ids, in their order."""


class Records:
    """Samples and codes of one dataset, in a folder beside it, or in memory where it is None."""

    def __init__(self, folder: Path | None) -> None:
        self.samples = Journal(folder / "samples.jsonl" if folder else None)
        self.codes = Codes(folder)


@dataclass(frozen=True, slots=True)
class Question:
    """What is checked: whether the articles that `query` matches, or with `about` those that are about it,
    belong to `concept`, the name of a topic or a query. `within` is what the articles are sampled from."""

    concept: str
    query: str
    within: str = ""
    about: bool = False


@dataclass(frozen=True, slots=True)
class _Sample:
    """One sample: what was asked, how many articles its strata had and how many were drawn, and which."""

    question: Question
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A word or phrase of a query: how it is written, and ids of the sampled articles that have it and match,
    and of those that would still match without it."""

    text: str
    ids: np.ndarray
    ids_without: np.ndarray


class Check:
    """How good one query is, on one version of a dataset; or the coding of what it matches by a variable of
    the codebook.

    `inside` is the bool array of the articles that the sample is drawn from. Codes are given to the concept,
    not to the query, so that a changed query is judged by the codes that exist. Those of a `variable` are of
    the article, whatever it was found by.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        records: Records,
        question: Question,
        inside: np.ndarray,
        variable: Variable | None = None,
    ) -> None:
        self.snapshot, self.records, self.question, self._inside = snapshot, records, question, inside
        self.variable = variable
        labels = {value.name: value.label for value in variable.values} if variable else ANSWERS
        self.answers = {**labels, "?": ANSWERS["?"]}
        self._numbers: dict[Question, np.ndarray] = {}
        self._leaves: tuple[np.ndarray, list[_Leaf]] = (np.empty(0, dtype=np.int64), [])
        self._ids = snapshot.articles["id"].to_numpy()

    @property
    def strata(self) -> np.ndarray:
        """The stratum of each article under the query: its number in STRATA, -1 outside (int8)."""
        return self._strata_of(self.question)

    def draw(self, n: int, seed: int = 0) -> int:
        """Add articles to the sample until it has `n` of them, and return how many were added.

        They are drawn in the strata of the query as it is now. The first call draws all `n`; a call after the
        query was changed draws only what its new strata lack.
        """
        check_number("n", n, 1)
        return self._draw(allocation(self._sizes(), n) - self._sizes_of(self.inner_ids()), seed)

    def draw_more(self, half_width: float, seed: int = 0) -> int:
        """Draw what the sample lacks for precision and recall to be known to within `half_width`, as far as
        can be told from what was judged (`lacking`); how many were added."""
        lacking = self.lacking(half_width)
        return self._draw(np.array([lacking[name] for name in STRATA]), seed)

    def is_known(self, half_width: float) -> bool:
        """Whether precision and recall are known to within `half_width`."""
        return self.accuracy().is_within(half_width)

    def lacking(self, half_width: float) -> dict[str, int]:
        """How many articles of each stratum to draw, beside those in the sample that nobody has judged, until
        precision and recall are known to within `half_width` (`estimates.more_needed`)."""
        ids, verdicts = self.inner_ids(), self._verdicts()
        open_sizes = self._sizes_of(ids[~np.isin(ids, verdicts.index.to_numpy())])
        needed = more_needed(self.accuracy(), half_width)
        return {name: max(needed[name] - int(size), 0) for name, size in zip(STRATA, open_sizes, strict=True)}

    def _draw(self, wanted: np.ndarray, seed: int) -> int:
        numbers, sampled_ids = self.strata, self.inner_ids()
        is_sampled = self.snapshot.having(sampled_ids)
        sizes, have = self._sizes(), self._sizes_of(sampled_ids)
        more = np.clip(wanted, 0, sizes - have)
        if not more.sum():
            return 0
        rng = np.random.default_rng([seed, len(self._own_samples())])
        rows = [
            draw(self.snapshot.articles, np.flatnonzero((numbers == number) & ~is_sampled), int(count), rng)
            for number, count in enumerate(more)
            if count
        ]
        ids = self._ids[rng.permutation(np.concatenate(rows))]
        # those that were in the sample before had no chance in this one
        open_sizes = [int(size - had) for size, had in zip(sizes, have, strict=True)]
        self.records.samples.add(
            [
                {
                    "concept": self.question.concept,
                    "query": self.question.query,
                    "within": self.question.within,
                    "about": self.question.about,
                    "seed": seed,
                    "version": self.snapshot.version,
                    "at": pd.Timestamp.now("UTC").isoformat(timespec="milliseconds"),
                    "sizes": open_sizes,
                    "counts": more.tolist(),
                    "ids": ids.tolist(),
                }
            ]
        )
        return len(ids)

    def _sizes(self) -> np.ndarray:
        """How many articles each stratum has."""
        return np.bincount(self.strata[self.strata >= 0], minlength=len(STRATA))

    def _sizes_of(self, ids: np.ndarray) -> np.ndarray:
        """How many of the articles inside with these ids are in each stratum."""
        numbers = self.strata[self._row_numbers(ids)]
        return np.bincount(numbers[numbers >= 0], minlength=len(STRATA))

    def ids(self) -> np.ndarray:
        """Ids of the sampled articles, in the order in which they are to be judged (int64)."""
        ids = [identity for sample in self._own_samples() for identity in sample.ids]
        return np.array(list(dict.fromkeys(ids)), dtype=np.int64)

    def todo(self, coder: str) -> np.ndarray:
        """Ids of the sampled articles inside that a coder has not judged, in order. Nothing of what others
        said is in it."""
        codes = self.codes()
        coded_ids = codes.loc[codes["coder"] == coder, "id"].to_numpy()
        ids = self.inner_ids()
        return ids[~np.isin(ids, coded_ids)]

    def code(self, identity: int, value: str, coder: str) -> None:
        """Keep what a coder says of an article: y, n or ?. Raises DatasetError."""
        self.code_many([(identity, value, coder)])

    def code_many(self, answers: Iterable[tuple[int, str, str]]) -> None:
        """Keep codes (id, value, coder), all or none. Raises DatasetError for one that is no answer."""
        codes = [self._to_code(*code) for code in answers]
        if wrong := [code.value for code in codes if code.value not in self.answers]:
            raise DatasetError(f"a code {wrong[0]!r}; expected {', '.join(self.answers)}")
        self.records.codes.add(codes)

    def codes(self) -> pd.DataFrame:
        """The codes that there are, the last one of each coder and article: `Codes.current`."""
        return self.records.codes.current(self._concept_name, self._variable_name)

    def undo(self, coder: str) -> int | None:
        """Take back the last code of a coder; the article that it was of, None without one."""
        last = self.records.codes.last_of(coder, self._concept_name, self._variable_name)
        if last is not None:
            self.records.codes.add([self._to_code(last, None, coder)])
        return last

    def accuracy(self) -> Accuracy:
        """Precision, recall and the number of relevant articles, from all codes that exist.

        Where coders disagree the majority decides; ties and unsure ones are left out. An article counts by
        the inverse of its chance to be in any of the samples, which matters once the query was changed.
        """
        verdicts, weights = self._verdicts(), self._sample_weights()
        rows = self._row_numbers(verdicts.index.to_numpy())
        relevant, weight = (verdicts == "y").to_numpy(), weights[verdicts.index].to_numpy()
        numbers = self.strata[rows]
        strata = [
            stratum(name, int(size), relevant[numbers == number], weight[numbers == number])
            for number, (name, size) in enumerate(zip(STRATA, self._sizes(), strict=True))
        ]
        return accuracy(strata[0], strata[1:])

    def agreement(self) -> pd.DataFrame:
        """`agreement.agreement` of the coders of what is asked here."""
        return agreement(self.codes())

    def terms(self) -> pd.DataFrame:
        """Which terms of the query bring the false ones, worst first: term, judged (int64: judged articles
        that match and have it), false (of these), precision, alone (judged articles that match by this term
        only), alone_false (of these)."""
        verdicts = self._verdicts()
        ids = verdicts.index.to_numpy()
        is_match = self.strata[self._row_numbers(ids)] == 0
        wrong = (verdicts == "n").to_numpy() & is_match
        table = []
        for leaf in self._query_leaves():
            has = is_match & np.isin(ids, leaf.ids)
            alone = has & ~np.isin(ids, leaf.ids_without)
            counts = [int(each.sum()) for each in (has, has & wrong, alone, alone & wrong)]
            precision = 1 - counts[1] / counts[0] if counts[0] else np.nan
            table.append((leaf.text, *counts[:2], precision, *counts[2:]))
        columns = ["term", "judged", "false", "precision", "alone", "alone_false"]
        frame = pd.DataFrame(table, columns=columns)
        return frame.sort_values(["false", "precision"], ascending=[False, True], ignore_index=True)

    def _query_leaves(self) -> list[_Leaf]:
        """The words and phrases of the query, asked of the sample once for as long as it stays the same."""
        ids, leaves = self._leaves
        sampled_ids = self.inner_ids()
        if not np.array_equal(ids, sampled_ids):
            node, index = parse(self.question.query), self.snapshot.index
            matched_ids = sampled_ids[self.strata[self._row_numbers(sampled_ids)] == 0]
            leaves = []
            for leaf in dict.fromkeys(query_words(node)):
                has = index.ids_among(leaf, matched_ids)
                others = _query_without(node, leaf) if len(has) else None
                without = index.ids_among(others, has) if others else has[:0]
                leaves.append(_Leaf(query_text(leaf), has, without))
            self._leaves = sampled_ids, leaves
        return leaves

    def missed(self, read: TextReader, limit: int = 20) -> pd.DataFrame:
        """Words by which the query could find more: those of judged articles that it does not match and that
        are relevant all the same.

        They are held against the judged articles that it rightly does not match: the first `limit` rows of
        `analysis.distinctive`. `read` reads the texts.
        """
        verdicts = self._verdicts()
        unmatched = verdicts[self.strata[self._row_numbers(verdicts.index.to_numpy())] > 0]
        texts = read(unmatched.index.tolist(), ["title", "text", "language"])
        terms = count_terms(texts)
        relevant = (unmatched == "y").to_numpy()
        table = distinctive(terms, relevant, ~relevant)
        return table[table["log_odds"] > 0].sort_values("z", ascending=False, ignore_index=True).head(limit)

    def _verdicts(self) -> pd.Series:
        """What most coders said of the sampled articles inside, y or n, by id."""
        verdicts = consensus(self.records.codes.current(self.question.concept, RELEVANT), ("y", "n"))
        return verdicts[verdicts.index.isin(self.inner_ids())]

    def inner_ids(self) -> np.ndarray:
        """Ids of the sampled articles inside, in order; for a variable of those that match."""
        ids = self.ids()
        ids = ids[self.snapshot.has(ids)]
        rows = self._row_numbers(ids)
        return ids[self.strata[rows] == 0 if self.variable else self._inside[rows]]

    @property
    def _concept_name(self) -> str:
        return "" if self.variable else self.question.concept

    @property
    def _variable_name(self) -> str:
        return self.variable.name if self.variable else RELEVANT

    def _to_code(self, identity: int, value: str | None, coder: str) -> Code:
        version, query = self.snapshot.version, self.question.query
        return Code(self._concept_name, self._variable_name, int(identity), coder, value, version, query)

    def _own_samples(self) -> list[_Sample]:
        return [
            sample
            for record in self.records.samples.records()
            if record.get("concept") == self.question.concept
            and record.get("within") == self.question.within
            and (sample := _parse_sample(record)) is not None
        ]

    def _sample_weights(self) -> pd.Series:
        """The inverse of the chance that a sampled article inside had to be in any of the samples, by id."""
        ids = self.inner_ids()
        rows, miss_chance = self._row_numbers(ids), np.ones(len(ids))
        for sample in self._own_samples():
            draws = zip(sample.counts, sample.sizes, strict=True)
            chances = np.array([n / size if size else 0.0 for n, size in draws])
            numbers = self._strata_of(sample.question)[rows]
            miss_chance *= 1 - np.where(numbers >= 0, chances[numbers], 0.0)
        return pd.Series(1 / np.maximum(1 - miss_chance, 1e-9), index=ids)

    def _strata_of(self, question: Question) -> np.ndarray:
        if question not in self._numbers:
            try:
                numbers = strata(self.snapshot, question.query, self._inside, about=question.about)
            except QueryError:  # of a sample that was drawn under another version's language
                numbers = np.full(len(self._ids), -1, dtype=np.int8)
            self._numbers[question] = numbers
        return self._numbers[question]

    def _row_numbers(self, ids: np.ndarray) -> np.ndarray:
        return self.snapshot.rows(ids)


def query_text(words: Words) -> str:
    """A word or phrase as it is written in a query."""
    text = words.words[0]
    for before, word in pairwise(words.words):  # what is written without spaces is a word a character
        text += word if tokens.words(before + word, "folded") == (before, word) else f" {word}"
    is_quoted = " " in text or (len(words.words) > 1 and (words.slop > 0 or words.prefix))
    phrase = f'"{text}"' if is_quoted else text
    after = f"~{words.slop}" if words.slop else "*" if words.prefix else ""
    kinds: dict[tuple[str, ...], str] = {("title",): "title:", ("text",): "text:", ("lead",): "lead:"}
    field = "cased:" if any(name.endswith("_cased") for name in words.fields) else kinds.get(words.fields, "")
    return f"{field}{phrase}{after}"


def _query_without(node: Node, leaf: Words) -> Node | None:
    """The query without one of its words or phrases; None where nothing of it is left to match."""
    match node:
        case Words():
            return None if node == leaf else node
        case AtLeast(times=times, alternatives=alternatives):
            words_left = tuple(each for each in alternatives if each != leaf)
            return AtLeast(times, words_left) if words_left else None
        case Or(parts=parts):
            parts_left = tuple(rest for part in parts if (rest := _query_without(part, leaf)) is not None)
            return Or(parts_left) if parts_left else None
        case And(parts=parts):
            rests = [_query_without(part, leaf) for part in parts]
            return None if None in rests else And(tuple(rest for rest in rests if rest is not None))
    return node


def _parse_sample(record: dict[str, Any]) -> _Sample | None:
    """A sample as it was kept; None for a record that is none."""
    try:
        question = Question(record["concept"], record["query"], record["within"], record["about"])
        sizes, counts, ids = (tuple(map(int, record[name])) for name in ("sizes", "counts", "ids"))
        hash(question)
    except (KeyError, TypeError, ValueError):
        return None
    return _Sample(question, sizes, counts, ids) if len(sizes) == len(counts) == len(STRATA) else None
