"""`python -m bench.export_texts FOLDER`: whether the texts of exports are whole, and nothing but the file's.

An independent look at each file (its characters without markup, by a few lines that know no format) is held
against what the readers give. A text is right when nine in ten of its runs of four words stand in the file,
and when, between where it begins and ends there, nine in ten of the file's words are its own: nothing is
invented and nothing left out in between. What is missing at its ends, such as a last paragraph, is not seen
by this, nor are texts of fewer than twenty words.
"""

from __future__ import annotations

import csv
import html
import quopri
import re
import sys
import zipfile
from bisect import bisect_left
from collections import defaultdict
from pathlib import Path

from collectors.formats.reading import items
from collectors.formats.record import Record
from collectors.formats.syntax.content import Content

_RUN, _ENOUGH, _LEAST = 4, 0.9, 20
_HIDDEN = re.compile(
    r"<(script|style|head)\b.*?</\1>|<!--.*?-->|<[^<>]*>|\{\\\*.*?\}", re.DOTALL | re.IGNORECASE
)
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+|[{_UNSPACED}]")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def visible(path: Path) -> str:
    """The characters of a file without its markup."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        with zipfile.ZipFile(path) as archive:
            parts = [name for name in archive.namelist() if name.endswith(".xml")]
            data = b"\n".join(archive.read(name) for name in parts)
        text = re.sub(r"</w:p>|</si>|</row>", "\n", data.decode("utf-8", "replace"))
        return html.unescape(_HIDDEN.sub("", text))
    if path.suffix == ".eml":
        data = quopri.decodestring(data)
    declared = _CHARSET.search(data[:5000])
    for encoding in ("utf-8-sig", declared[1].decode() if declared else "cp1252", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
            break
        except (UnicodeDecodeError, LookupError):
            continue
    if text.startswith("{\\rtf"):
        text = re.sub(
            r"\\'([0-9a-f]{2})", lambda hit: bytes.fromhex(hit[1]).decode("cp1252", "replace"), text
        )
        text = re.sub(r"\\u(\d+)\s?\?", lambda hit: chr(int(hit[1])), text)
        return re.sub(r"\\[a-z]+-?\d* ?|[{}]", " ", text)
    if text.lstrip()[:1] in "[{":
        text = re.sub(r"\\u([0-9a-f]{4})", lambda hit: chr(int(hit[1], 16)), text).replace("\\n", "\n")
    return html.unescape(_HIDDEN.sub(" ", html.unescape(text) if "&lt;" in text else text))


def judge(text: str, places: dict[tuple[str, ...], list[int]]) -> bool:
    """Whether a text is whole and of the file, whose runs of words stand at `places`."""
    words = [word.lower() for word in _WORD.findall(text)]
    runs = list(zip(*(words[shift:] for shift in range(_RUN)), strict=False))
    found = sum(run in places for run in runs)
    if found < _ENOUGH * len(runs):
        return False
    first = next(run for run in runs if run in places)
    last = next(run for run in reversed(runs) if run in places)
    for begin in places[first]:
        after = bisect_left(places[last], begin)
        ends = places[last][after:]
        if any(len(words) >= _ENOUGH * (end + _RUN - begin) for end in ends[:50]):
            return True
    return False


def check(folder: Path) -> tuple[dict[str, list[int]], list[str]]:
    """By kind how many texts there are and how many are right, and the beginnings of the others."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with (folder / "SOURCES.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = []
    for row in rows:
        path = folder / row["file"]
        words = [word.lower() for word in _WORD.findall(visible(path))]
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, run in enumerate(zip(*(words[shift:] for shift in range(_RUN)), strict=False)):
            places[run].append(at)
        with path.open("rb") as stream:
            texts = [each.text for _, each in items(Content(stream, path.name)) if isinstance(each, Record)]
        for text in texts:
            if text and len(_WORD.findall(text)) >= _LEAST:
                right = judge(text, places)
                counts[row["kind"]][0] += 1
                counts[row["kind"]][1] += right
                wrong += [] if right else [f"! {path.name}: {text[:80]!r}"]
    return counts, wrong


def main(folder: Path) -> None:
    """Print a table a kind, and the beginning of each text that is not right."""
    counts, wrong = check(folder)
    print("| kind | texts | right |\n|---|---|---|")
    for kind, (texts_of, right_of) in sorted(counts.items()):
        print(f"| {kind} | {texts_of} | {right_of} |")
    total, right_all = (sum(count[at] for count in counts.values()) for at in (0, 1))
    print(f"| **all** | {total} | {right_all} ({right_all / total:.1%}) |\n")
    print("\n".join(wrong))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
