"""Codes: what people said of articles, kept beside the dataset and never changed, only added to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

import pandas as pd

from pressgauge.errors import DatasetError
from pressgauge.validation.journal import Journal

RELEVANT = "relevant"
"""The variable of whether an article belongs to a topic or query: y, n or ?."""
ANSWERS = {"y": "yes", "n": "no", "?": "unsure"}
COLUMNS = ("concept", "variable", "id", "coder", "value", "at", "version", "query")


@dataclass(frozen=True, slots=True)
class Code:
    """One judgement. `concept` is the topic or query that it is of (empty for variables of the codebook),
    `variable` what was asked, `value` the answer (None takes the one before back), `query` what the topic's
    query was then, `version` that of the dataset."""

    concept: str
    variable: str
    id: int
    coder: str
    value: str | None
    version: int = -1
    query: str = ""


class Codes:
    """The codes of one dataset, in `codes.jsonl` of a folder, or in memory where it is None."""

    def __init__(self, folder: Path | None) -> None:
        self._journal = Journal(folder / "codes.jsonl" if folder else None)
        self._records: list[dict[str, Any]] = []
        self._n_seen = self._n_codes = 0
        self._last: dict[tuple[Any, ...], dict[str, Any]] = {}
        self._reading = Lock()

    @property
    def damaged(self) -> tuple[int, ...]:
        """Numbers of the lines that are no codes."""
        return self._journal.damaged

    def add(self, codes: Iterable[Code]) -> None:
        """Write codes into the journal, with the time of now.

        Raises DatasetError when the disk refuses, or when a code does not name its coder.
        """
        new_codes = list(codes)
        if any(not code.coder.strip() for code in new_codes):
            raise DatasetError("a code needs the name of who gave it: coder='ana'")
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._journal.add({**asdict(code), "at": at} for code in new_codes)

    def history(self) -> pd.DataFrame:
        """Every code that was ever given, the oldest first: concept, variable, id (int64), coder, value (null
        where one was taken back), at (UTC), version (int64), query."""
        return _table([record for record in self._journal.records() if _is_code(record)])

    def __len__(self) -> int:
        """How many codes were ever given."""
        self._last_codes()
        return self._n_codes

    def current(self, concept: str | None = None, variable: str | None = None) -> pd.DataFrame:
        """The code that each coder gave last to an article, the columns of `history`, no null values; those
        of one concept or variable only, if named."""
        return _table(
            [
                record
                for (of, by, *_), record in self._last_codes().items()
                if concept in (None, of) and variable in (None, by)
            ]
        )

    def last_of(self, coder: str, concept: str, variable: str) -> int | None:
        """The article that a coder judged last and has not taken back; None without one."""
        keys = [key for key in self._last_codes() if key[:2] == (concept, variable) and key[3] == coder]
        return keys[-1][2] if keys else None

    def _last_codes(self) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The code that each coder gave last to an article, by concept, variable, id and coder, in the order
        in which they were given; what was taken back is not there."""
        with self._reading:
            records = self._journal.records()
            if records is not self._records:
                self._records, self._n_seen, self._n_codes, self._last = records, 0, 0, {}
            last = dict(self._last)  # another thread may be reading the one that there is
            new_records = records[self._n_seen :]  # the list grows while it is read
            for record in new_records:
                if _is_code(record):
                    self._n_codes += 1
                    key = (record["concept"], record["variable"], record["id"], record["coder"])
                    last.pop(key, None)
                    if record.get("value") is not None:
                        last[key] = record
            self._n_seen, self._last = self._n_seen + len(new_records), last
            return last


def consensus(codes: pd.DataFrame, values: Sequence[str] | None = None) -> pd.Series:
    """The value that most coders gave to each article, by id; a tie, and what is not among `values`, is left
    out."""
    valid_codes = codes if values is None else codes[codes["value"].isin(list(values))]
    counts = valid_codes.groupby(["id", "value"]).size().unstack(fill_value=0)
    if counts.empty:
        return pd.Series(dtype=object)
    top = counts.max(axis="columns")
    single = counts.eq(top, axis="index").sum(axis="columns") == 1
    return counts.idxmax(axis="columns")[single]


def _table(records: Sequence[dict[str, Any]]) -> pd.DataFrame:
    rows = [[record.get(name, -1 if name == "version" else None) for name in COLUMNS] for record in records]
    table = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    texts = [at if isinstance(at, str) else None for at in table["at"]]  # a number of another program's
    return table.astype({"id": "int64", "version": "int64"}).assign(
        at=pd.to_datetime(
            pd.Series(texts, table.index, dtype=object), utc=True, format="ISO8601", errors="coerce"
        )
    )


def _is_code(record: dict[str, Any]) -> bool:
    """Whether a record of the file is a code: another program may have written to it."""
    texts = ("concept", "variable", "coder")
    if not all(isinstance(record.get(name), str) for name in texts):
        return False
    value, identity, version = record.get("value"), record.get("id"), record.get("version", -1)
    has_numbers = type(identity) is int and -(2**63) <= identity < 2**63 and type(version) is int
    return has_numbers and (value is None or isinstance(value, str))
