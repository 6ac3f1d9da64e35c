"""A check of one topic or query: its samples, the judgements of them, and what follows from these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pressgauge.analysis import distinctive
from pressgauge.analysis import terms as count_terms
from pressgauge.arguments import check_number
from pressgauge.errors import DatasetError, QueryError
from pressgauge.search.highlight import wanted
from pressgauge.search.nodes import And, AtLeast, Node, Or, Words
from pressgauge.search.query import parse
from pressgauge.snapshot import Snapshot
from pressgauge.validation.agreement import agreement
from pressgauge.validation.codebook import Variable
from pressgauge.validation.codes import ANSWERS, RELEVANT, Code, Codes, consensus
from pressgauge.validation.estimates import Accuracy, accuracy, stratum
from pressgauge.validation.journal import Journal
from pressgauge.validation.sampling import STRATA, allocation, draw, strata

Read = Callable[[Sequence[int], Sequence[str]], pd.DataFrame]
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
class _Drawn:
    """One sample: what was asked, how many articles its strata had and how many were drawn, and which."""

    question: Question
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    ids: tuple[int, ...]


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
        named = {value.name: value.label for value in variable.values} if variable else ANSWERS
        self.answers = {**named, "?": ANSWERS["?"]}
        self._numbers: dict[Question, np.ndarray] = {}
        self._ids = snapshot.articles["id"].to_numpy()

    @property
    def strata(self) -> np.ndarray:
        """The stratum of each article under the query: its number in STRATA, -1 outside (int8)."""
        return self._strata(self.question)

    def draw(self, n: int, seed: int = 0) -> int:
        """Draw until the sample has `n` articles, in the strata of the query as it is; how many were added.

        A first sample has them all. After a change of the query only those are drawn that its strata lack.
        """
        check_number("n", n, 1)
        numbers, sampled = self.strata, self.snapshot.having(self.inner_ids())
        sizes = np.array([(numbers == number).sum() for number in range(len(STRATA))])
        have = np.array([(sampled & (numbers == number)).sum() for number in range(len(STRATA))])
        more = np.maximum(allocation(sizes, n) - have, 0)
        if not more.sum():
            return 0
        rng = np.random.default_rng([seed, len(self._samples())])
        chosen = [
            draw(self.snapshot.articles, np.flatnonzero((numbers == number) & ~sampled), int(count), rng)
            for number, count in enumerate(more)
            if count
        ]
        ids = self._ids[rng.permutation(np.concatenate(chosen))]
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

    def ids(self) -> np.ndarray:
        """Ids of the sampled articles, in the order in which they are to be judged (int64)."""
        drawn = [identity for sample in self._samples() for identity in sample.ids]
        return np.array(list(dict.fromkeys(drawn)), dtype=np.int64)

    def todo(self, coder: str) -> np.ndarray:
        """Ids of the sampled articles inside that a coder has not judged, in order. Nothing of what others
        said is in it."""
        codes = self.codes()
        done = codes.loc[codes["coder"] == coder, "id"].to_numpy()
        ids = self.inner_ids()
        return ids[~np.isin(ids, done)]

    def code(self, identity: int, value: str, coder: str) -> None:
        """Keep what a coder says of an article: y, n or ?. Raises DatasetError."""
        self.code_many([(identity, value, coder)])

    def code_many(self, given: Iterable[tuple[int, str, str]]) -> None:
        """Keep codes (id, value, coder), all or none. Raises DatasetError for one that is no answer."""
        codes = [self._code(*code) for code in given]
        if wrong := [code.value for code in codes if code.value not in self.answers]:
            raise DatasetError(f"a code {wrong[0]!r}; expected {', '.join(self.answers)}")
        self.records.codes.add(codes)

    def codes(self) -> pd.DataFrame:
        """The codes that there are, the last one of each coder and article: `Codes.current`."""
        return self.records.codes.current(self._concept, self._variable)

    def undo(self, coder: str) -> int | None:
        """Take back the last code of a coder; the article that it was of, None without one."""
        last = self.records.codes.last_of(coder, self._concept, self._variable)
        if last is not None:
            self.records.codes.add([self._code(last, None, coder)])
        return last

    def accuracy(self) -> Accuracy:
        """Precision, recall and the number of relevant articles, from all codes that exist.

        Where coders disagree the majority decides; ties and unsure ones are left out. An article counts by
        the inverse of its chance to be in any of the samples, which matters once the query was changed.
        """
        said, weights = self._verdicts(), self._weights()
        rows = self._rows(said.index.to_numpy())
        relevant, weight = (said == "y").to_numpy(), weights[said.index].to_numpy()
        numbers = self.strata[rows]
        made = [
            stratum(
                name,
                int((self.strata == number).sum()),
                relevant[numbers == number],
                weight[numbers == number],
            )
            for number, name in enumerate(STRATA)
        ]
        return accuracy(made[0], made[1:])

    def agreement(self) -> pd.DataFrame:
        """`agreement.agreement` of the coders of what is asked here."""
        return agreement(self.codes())

    def terms(self) -> pd.DataFrame:
        """Which terms of the query bring the false ones, worst first: term, judged (int64: judged articles
        that match and have it), false (of these), precision, alone (judged articles that match by this term
        only), alone_false (of these)."""
        said = self._verdicts()
        rows = self._rows(said.index.to_numpy())
        matched = self.strata[rows] == 0
        wrong, node, index = (
            (said == "n").to_numpy() & matched,
            parse(self.question.query),
            self.snapshot.index,
        )
        table = []
        for leaf in dict.fromkeys(wanted(node)):
            has = matched & self.snapshot.having(index.ids(leaf))[rows]
            rest = _without(node, leaf)
            other = self.snapshot.having(index.ids(rest)) if rest else np.zeros(len(self._ids), dtype=bool)
            alone = has & ~other[rows]
            counts = [int(each.sum()) for each in (has, has & wrong, alone, alone & wrong)]
            precision = 1 - counts[1] / counts[0] if counts[0] else np.nan
            table.append((written(leaf), *counts[:2], precision, *counts[2:]))
        columns = ["term", "judged", "false", "precision", "alone", "alone_false"]
        made = pd.DataFrame(table, columns=columns)
        return made.sort_values(["false", "precision"], ascending=[False, True], ignore_index=True)

    def missed(self, read: Read, limit: int = 20) -> pd.DataFrame:
        """The words that tell the relevant articles that the query misses from the other judged ones that it
        does not match: `analysis.distinctive` of the first few. Reads their texts."""
        said = self._verdicts()
        unmatched = said[self.strata[self._rows(said.index.to_numpy())] > 0]
        texts = read(unmatched.index.tolist(), ["title", "text", "language"])
        found = count_terms(texts)
        relevant = (unmatched == "y").to_numpy()
        table = distinctive(found, relevant, ~relevant)
        return table[table["log_odds"] > 0].sort_values("z", ascending=False, ignore_index=True).head(limit)

    def _verdicts(self) -> pd.Series:
        """What most coders said of the sampled articles inside, y or n, by id."""
        said = consensus(self.records.codes.current(self.question.concept, RELEVANT), ("y", "n"))
        return said[said.index.isin(self.inner_ids())]

    def inner_ids(self) -> np.ndarray:
        """Ids of the sampled articles inside, in order; for a variable of those that match."""
        ids = self.ids()
        asked = self.strata == 0 if self.variable else self._inside
        return ids[np.isin(ids, self._ids[asked])]

    @property
    def _concept(self) -> str:
        return "" if self.variable else self.question.concept

    @property
    def _variable(self) -> str:
        return self.variable.name if self.variable else RELEVANT

    def _code(self, identity: int, value: str | None, coder: str) -> Code:
        version, query = self.snapshot.version, self.question.query
        return Code(self._concept, self._variable, int(identity), coder, value, version, query)

    def _samples(self) -> list[_Drawn]:
        return [
            made
            for record in self.records.samples.records()
            if record.get("concept") == self.question.concept
            and record.get("within") == self.question.within
            and (made := _sample(record)) is not None
        ]

    def _weights(self) -> pd.Series:
        """The inverse of the chance that a sampled article inside had to be in any of the samples, by id."""
        ids = self.inner_ids()
        rows, missed = self._rows(ids), np.ones(len(ids))
        for sample in self._samples():
            drawn = zip(sample.counts, sample.sizes, strict=True)
            chances = np.array([n / size if size else 0.0 for n, size in drawn])
            numbers = self._strata(sample.question)[rows]
            missed *= 1 - np.where(numbers >= 0, chances[numbers], 0.0)
        return pd.Series(1 / np.maximum(1 - missed, 1e-9), index=ids)

    def _strata(self, question: Question) -> np.ndarray:
        if question not in self._numbers:
            try:
                made = strata(self.snapshot, question.query, self._inside, about=question.about)
            except QueryError:  # of a sample that was drawn under another version's language
                made = np.full(len(self._ids), -1, dtype=np.int8)
            self._numbers[question] = made
        return self._numbers[question]

    def _rows(self, ids: np.ndarray) -> np.ndarray:
        return self.snapshot.rows(ids)


def written(words: Words) -> str:
    """A word or phrase as it is written in a query."""
    text = " ".join(words.words)
    quoted = f'"{text}"' if len(words.words) > 1 else text
    after = f"~{words.slop}" if words.slop else "*" if words.prefix else ""
    kinds: dict[tuple[str, ...], str] = {("title",): "title:", ("text",): "text:", ("lead",): "lead:"}
    field = "cased:" if any(name.endswith("_cased") for name in words.fields) else kinds.get(words.fields, "")
    return f"{field}{quoted}{after}"


def _without(node: Node, leaf: Words) -> Node | None:
    """The query without one of its words or phrases; None where nothing of it is left to match."""
    match node:
        case Words():
            return None if node == leaf else node
        case AtLeast(times=times, alternatives=alternatives):
            kept = tuple(each for each in alternatives if each != leaf)
            return AtLeast(times, kept) if kept else None
        case Or(parts=parts):
            found = tuple(rest for part in parts if (rest := _without(part, leaf)) is not None)
            return Or(found) if found else None
        case And(parts=parts):
            rests = [_without(part, leaf) for part in parts]
            return None if None in rests else And(tuple(rest for rest in rests if rest is not None))
    return node


def _sample(record: dict[str, Any]) -> _Drawn | None:
    """A sample as it was kept; None for a record that is none."""
    try:
        question = Question(record["concept"], record["query"], record["within"], record["about"])
        sizes, counts, ids = (tuple(map(int, record[name])) for name in ("sizes", "counts", "ids"))
        hash(question)
    except (KeyError, TypeError, ValueError):
        return None
    return _Drawn(question, sizes, counts, ids) if len(sizes) == len(counts) == len(STRATA) else None
