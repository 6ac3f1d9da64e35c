"""Does `about` agree with an editor, in round-ups that mention nearly every company and are tagged with few?

    python -m bench.about ../shared/prominence/dev.jsonl.gz [PRED.jsonl]

Each tag is asked for by its own words, as a phrase ("hugging-face" is "hugging face"), and a tag that ends in
"ai" without it, too; nothing else is known of a company. Writes what `score_about.py` reads.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from pressgauge.search.index import in_memory
from pressgauge.search.nodes import Words
from pressgauge.search.prominence import about
from pressgauge.search.query import parse

LEAST = 20
"""Tags that a company needs to be scored, as in score_about.py."""


def query(tag: str) -> str:
    words = tag.split("-")
    shorter = [words[:-1]] if words[-1] == "ai" and len(words) > 1 else []
    return " OR ".join(f'"{" ".join(each)}"' for each in (words, *shorter))


def predictions(path: Path, every: int = 1) -> tuple[pd.DataFrame, dict[str, dict[str, np.ndarray]]]:
    """The rows (or one of `every` few), and for each tag that enough of all rows have a bool array of those
    that mention it, and of those about it."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        everything = pd.DataFrame(list(map(json.loads, lines)))
    rows = everything[::every].reset_index(drop=True)
    index = in_memory(rows[["title", "text"]].assign(id=range(len(rows))))
    counts = Counter(tag for tags in everything["companies"] for tag in tags)
    numbers = np.arange(len(rows))
    tags = [tag for tag, count in counts.most_common() if count >= LEAST]
    found = {
        tag: {
            "mentioned": np.isin(numbers, index.ids(query(tag))),
            "about": np.isin(numbers, about(index, query(tag))),
        }
        for tag in tags
    }
    return rows, found


def beside_others(rows: pd.DataFrame, found: dict[str, dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """What "about" would be if it also asked whether a company is the only one or one of many (a bool row a
    tag), by how it would ask. Occurrences are those of the query in title and text."""
    index = in_memory(rows[["title", "text"]].assign(id=range(len(rows))))
    times = np.zeros((len(found), len(rows)))
    for at, tag in enumerate(found):
        for query_of in query(tag).split(" OR "):
            node = parse(query_of)
            assert isinstance(node, Words)
            counted = index.occurrences(node)
            times[at, counted.ids] += counted.times
    about, mentioned = (
        np.array([kinds[kind] for kinds in found.values()]) for kind in ("about", "mentioned")
    )
    share = times / np.maximum(times.sum(axis=0), 1)
    most = np.sort(times, axis=0)[::-1]
    few = {
        f"where more than {k} are about, those with most": about
        & ((about.sum(axis=0) <= k) | (times >= most[k - 1]))
        for k in (3, 5, 8)
    }
    least = {f"and {part:.0%} of all occurrences": about & (share >= part) for part in (0.02, 0.1)}
    added = {f"or {part:.0%} of them": about | (mentioned & (share >= part)) for part in (0.2, 0.5)}
    return few | least | added


def f1(gold: np.ndarray, predicted: np.ndarray) -> float:
    return 2 * int((gold & predicted).sum()) / max(int(gold.sum()) + int(predicted.sum()), 1)


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("python -m bench.about ARTICLES.jsonl.gz [PREDICTIONS.jsonl]")
    rows, found = predictions(Path(sys.argv[1]))
    scores = []
    for tag, kinds in found.items():
        gold = np.array([tag in tags for tags in rows["companies"]])
        scores.append([f1(gold, kinds[kind]) for kind in ("mentioned", "about")])
        print(f"{tag:16} tags {gold.sum():4}  mentioned F1 {scores[-1][0]:.3f}  about F1 {scores[-1][1]:.3f}")
    print("mean F1: mentioned {:.3f}, about {:.3f}".format(*np.mean(scores, axis=0)))
    for name, kept in beside_others(rows, found).items():
        means = [
            f1(np.array([tag in tags for tags in rows["companies"]]), of)
            for tag, of in zip(found, kept, strict=True)
        ]
        print(f"{name}: {np.mean(means):.3f}")
    if len(sys.argv) > 2:
        with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
            for row, identity in enumerate(rows["id"]):
                said = [tag for tag, kinds in found.items() if kinds["about"][row]]
                out.write(json.dumps({"id": identity, "about": said}) + "\n")


if __name__ == "__main__":
    main()
