"""Score the readers of exports beside what people say that the files hold, and time them: `bench/EXPORTS.md`.

`python -m bench.exports FOLDER` reads `FOLDER/SOURCES.tsv` (kind, file, articles, facts such as
'1: headline | outlet | 2010-01-11 | author') and the files it names; with `speed` or `memory` after it, it
times them.
"""

from __future__ import annotations

import csv
import io
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from collectors.formats.identity import plain
from collectors.formats.reading import items
from collectors.formats.record import Notice, Record
from collectors.formats.syntax.content import Content
from collectors.formats.values.dates import read_date

_FACT = re.compile(r"(?:^|[;,]\s+)(\d+): (.+?)(?=;\s+\d+: |$)")
_SAVED = re.compile(r"seen|added|saved", re.IGNORECASE)
"""When a reader saved something is no date of an article: it may not be taken for one."""
_STAMP = re.compile(r"\d{10}|\d{4}-?\d\d-?\d\d\S*")
_NO_FACT = re.compile(r"(?:pages?\b|p\. ?\d)|not named", re.IGNORECASE)
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
        title, *others = [part.strip() for part in said.split(" | ")]
        # some notes count the entries of a file from another number
        record = records[int(number) - 1]
        if len(title) > 20 and not _matches(title, record.title):
            record = next((other for other in records if _matches(title, other.title)), record)
        if others or len(title) > 20:
            _judge(one, "title", title, record.title, name)
        for part in others:
            part = re.split(r"; (?![\d-])| on the page", part)[0].strip()
            if _NO_FACT.search(part):
                continue
            saved = _SAVED.search(part)
            day = read_date(part)[0]
            if day or saved or _STAMP.fullmatch(part):
                mine = record.published.date() if record.published else None
                one.facts["date"] += 1
                right = mine is None if saved else day is not None and mine == day.date()
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


def repeated_docx(path: Path, times: int) -> bytes:
    """A Nexis DOCX with its articles `times` over."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("word/document.xml").decode()
        start, end = xml.index("<w:body>") + 8, xml.rindex("<w:sectPr", 0, xml.rindex("</w:body>"))
        whole = xml[:start] + xml[start:end] * times + xml[end:]
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("word/document.xml", whole)
            made.writestr("word/_rels/document.xml.rels", archive.read("word/_rels/document.xml.rels"))
    return out.getvalue()


def repeated_factiva(path: Path, times: int) -> bytes:
    """A Factiva page with its articles `times` over."""
    page = path.read_bytes()
    start, end = page.index(b'<div id="article-'), page.index(b'<table id="oddEven')
    return page[:start] + page[start:end] * times + page[end:]


def cpu_seconds(data: bytes, name: str) -> tuple[int, float]:
    """(articles, seconds of CPU) to recognise and read a file in memory, the better of three."""
    best, count = float("inf"), 0
    for _ in range(3):
        start = time.process_time()
        count = sum(isinstance(item, Record) for _, item in items(Content(io.BytesIO(data), name)))
        best = min(best, time.process_time() - start)
    return count, best


def speed(folder: Path) -> None:
    """Print the articles a second, and how long python-docx takes to loop over the paragraphs."""
    files = folder / "files"
    nexis = files / "nexis-docx" / "guardian3.docx"
    cases = {
        "Nexis DOCX": repeated_docx(nexis, 20),
        "Factiva HTML": repeated_factiva(files / "factiva-html" / "nyt_1_1993-01-03.html", 30),
        "ProQuest text": (files / "proquest-txt" / "spectator_first8.txt").read_bytes() * 100,
        "LexisNexis text": (files / "nexis-txt" / "sample.TXT").read_bytes() * 100,
        "LexisNexis HTML": (files / "nexis-html" / "afp_2013-03-12_0501.html").read_bytes() * 10,
    }
    print("| format | articles | MB | articles a second |\n|---|---|---|---|")
    for name, data in cases.items():
        count, seconds = cpu_seconds(data, name)
        print(f"| {name} | {count:,} | {len(data) / 1e6:.1f} | {count / seconds:,.0f} |")
    try:
        import docx
    except ImportError:
        print("\npython-docx is not installed: `uv pip install python-docx` to compare.")
        return
    single = nexis.read_bytes()
    start = time.process_time()
    sum(len(paragraph.text) for paragraph in docx.Document(io.BytesIO(single)).paragraphs)
    theirs = time.process_time() - start
    _, ours = cpu_seconds(single, "a.docx")
    print(f"\npython-docx's paragraph loop takes {theirs / ours:.1f} times as long on guardian3.docx.")


def memory(folder: Path, gigabytes: float = 1.0) -> None:
    """Print the memory that reading a large text takes beyond what a small one does."""
    text = (folder / "files" / "nexis-txt" / "sample.TXT").read_bytes()
    with tempfile.NamedTemporaryFile(suffix=".txt") as large:
        for _ in range(int(gigabytes * 1e9 / len(text))):
            large.write(text)
        large.flush()
        list(items(Content(io.BytesIO(text), "small")))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        with Path(large.name).open("rb") as stream:
            count = sum(isinstance(item, Record) for _, item in items(Content(stream, "large")))
        seconds = time.process_time() - start
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"{gigabytes:g} GB of LexisNexis text: {count:,} articles, {seconds:,.0f} s, "
        f"{more / 1024:,.0f} MB more"
    )


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
    of = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/exports")
    {"speed": speed, "memory": memory}.get(sys.argv[2] if len(sys.argv) > 2 else "", main)(of)
