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
from pressgauge.search.prominence import about

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


def f1(gold: np.ndarray, predicted: np.ndarray) -> float:
    return 2 * int((gold & predicted).sum()) / max(int(gold.sum()) + int(predicted.sum()), 1)


def main() -> None:
    rows, found = predictions(Path(sys.argv[1]))
    scores = []
    for tag, kinds in found.items():
        gold = np.array([tag in tags for tags in rows["companies"]])
        scores.append([f1(gold, kinds[kind]) for kind in ("mentioned", "about")])
        print(f"{tag:16} tags {gold.sum():4}  mentioned F1 {scores[-1][0]:.3f}  about F1 {scores[-1][1]:.3f}")
    print("mean F1: mentioned {:.3f}, about {:.3f}".format(*np.mean(scores, axis=0)))
    if len(sys.argv) > 2:
        with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
            for row, identity in enumerate(rows["id"]):
                said = [tag for tag, kinds in found.items() if kinds["about"][row]]
                out.write(json.dumps({"id": identity, "about": said}) + "\n")


if __name__ == "__main__":
    main()
