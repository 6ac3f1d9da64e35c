"""Score the readers of exports beside what people say that the files hold, and time them: `bench/EXPORTS.md`.

`python -m bench.exports FOLDER` reads `FOLDER/SOURCES.tsv` (kind, file, articles, facts such as
'1: headline | outlet | 2010-01-11 | author') and the files it names.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from collectors.formats.content import Content
from collectors.formats.dates import read_date
from collectors.formats.identity import plain
from collectors.formats.reading import items
from collectors.formats.record import Notice, Record

_FACT = re.compile(r"(?:^|[;,]\s+)(\d+): (.+?)(?=;\s+\d+: |$)")
_DATE = re.compile(r"^(?:seen |added )?\d{2,4}[-.]?\d\d[-.]?\d\d")
_FURNITURE = re.compile(
    r"^\s*(?:load-date|copyright (?:19|20)\d\d|all rights reserved|document [a-z]{4,6}\d{10}"
    r"|language: english"
    r"|publication-type|\d+ of \d+ documents|download request|search terms:|length:\s?\d+ words)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass
class Score:
    """What became of one kind of file."""

    files: int = 0
    expected: int = 0
    read: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    has: Counter[str] = field(default_factory=Counter)
    furniture: int = 0
    notices: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def score(folder: Path) -> dict[str, Score]:
    scores: dict[str, Score] = defaultdict(Score)
    with (folder / "SOURCES.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
            one = scores[row["kind"]]
            one.files += 1
            one.expected += int(row["articles"])
            path = folder / row["file"]
            with path.open("rb") as stream:
                found = [item for _, item in items(Content(stream, path.name))]
            records = [item for item in found if isinstance(item, Record)]
            one.read += len(records)
            one.notices += [item.reason for item in found if isinstance(item, Notice)]
            one.furniture += sum(bool(_FURNITURE.search(record.text or "")) for record in records)
            for record in records:
                one.has["text"] += record.text is not None
                one.has["date"] += record.published is not None
                one.has["outlet"] += (record.outlet or record.domain or record.url) is not None
                one.has["byline"] += bool(record.authors)
            _facts(one, row["facts"], records, path.name)
    return scores


def _facts(one: Score, facts: str, records: list[Record], name: str) -> None:
    for number, said in _FACT.findall(facts):
        if int(number) > len(records):
            one.wrong.append(f"{name} {number}: not read")
            continue
        record = records[int(number) - 1]
        title, *others = [part.strip() for part in said.split(" | ")]
        if others or len(title) > 20:
            _judge(one, "title", title, record.title, name)
        for part in others:
            part = re.split(r"; (?![\d-])| on the page", part)[0].strip()
            if _DATE.match(part):
                day = read_date(part)[0]
                mine = record.published.date() if record.published else None
                seen = part.startswith(("seen", "added"))
                one.facts["date"] += 1
                right = mine is None if seen else day is not None and mine == day.date()
                one.right["date"] += right
                if not right:
                    one.wrong.append(f"{name} {number} date: {part} | {mine}")
            else:
                who = "byline" if record.authors and _matches(part, " ".join(record.authors)) else "outlet"
                named = " ".join(record.authors) if who == "byline" else record.outlet or record.url
                _judge(one, who, part, named, name)


def _matches(said: str, mine: str | None) -> bool:
    wanted, got = plain(said.split("...")[0]), plain(mine)
    return bool(got) and (got.startswith(wanted) or wanted.startswith(got) or wanted in got or got in wanted)


def _judge(one: Score, what: str, said: str, mine: str | None, name: str) -> None:
    one.facts[what] += 1
    right = _matches(said, mine)
    one.right[what] += right
    if not right:
        one.wrong.append(f"{name} {what}: {said} | {mine}")


def cpu_seconds(data: bytes, name: str) -> tuple[int, float]:
    """(articles, seconds of CPU) to read a file in memory, the better of two."""
    best, count = float("inf"), 0
    for _ in range(2):
        start = time.process_time()
        count = sum(isinstance(item, Record) for _, item in items(Content(io.BytesIO(data), name)))
        best = min(best, time.process_time() - start)
    return count, best


def main(folder: Path) -> None:
    scores = score(folder)
    lines = [
        "| kind | files | articles | read | facts right | text | date | outlet | byline | furniture | said |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    total = Score()
    for kind, one in sorted(scores.items()):
        lines.append(_line(kind, one))
        total.files += one.files
        total.expected += one.expected
        total.read += one.read
        total.furniture += one.furniture
        for counter in ("facts", "right", "has"):
            getattr(total, counter).update(getattr(one, counter))
    lines.append(_line("**all**", total))
    print("\n".join(lines))
    for one in scores.values():
        for wrong in one.wrong:
            print("!", wrong, file=sys.stderr)


def _line(kind: str, one: Score) -> str:
    said = ", ".join(dict.fromkeys(one.notices))
    shares = [f"{one.has[what]:,}" for what in ("text", "date", "outlet", "byline")]
    right = f"{one.right.total()}/{one.facts.total()}"
    cells = [kind, one.files, one.expected, one.read, right, *shares, one.furniture, said]
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/exports"))
