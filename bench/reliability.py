"""`python -m bench.reliability FOLDER`: how well pages of publishers not seen before are read, and how often
fields of a stated confidence are right.

FOLDER holds trees that were learnt from half of the domains each (`bench.train_blocks --half 0 --output
FOLDER/blocks0.npz`, and so on for half 1 and for `bench.train_titles`, titles0.npz): each page is read with
those that have not seen its publisher. Writes the section in `bench/EXTRACTION.md`.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import numpy as np

from bench import gold
from bench.bench_extract import HEADING, NOT_SEEN, RESULT
from bench.train_blocks import half_of
from collectors.extraction import titles
from collectors.extraction.article import READER_VERSION, Article
from collectors.extraction.extract import extract
from collectors.extraction.trees import blocks
from collectors.extraction.trees.forest import Forest

BOUNDS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
"""Confidence from each of these up to the next."""
MEASURES = {"title": "title", "text": "tokF1", "published": "date1", "authors": "authF1"}
"""By field: its score; a day counts as right when the page's zone shifts it by one."""
RATES = {
    "tokF1": "text token F1", "segF1": "F1 of segments", "title": "title", "date": "date",
    "authF1": "authors F1",
}  # fmt: skip
GROUPS = {
    "`gold/dev`: fundus, aeb, fundus-eval": lambda each: each["source"] in gold.NEUTRAL,
    "`gold/dev`: others": lambda each: each["set"] == "gold" and each["source"] not in gold.NEUTRAL,
    "`gold2/dev` without readability": lambda each: each["set"] == "gold2",
    "of these zhds, in Chinese": lambda each: each["source"] == "zhds",
}


def read_pages(folder: Path) -> list[tuple[dict[str, Any], Article]]:
    """Every judged page and what we read on it with trees that have not seen its publisher."""
    readings = []
    for half in (0, 1):
        with np.load(folder / f"blocks{half}.npz") as arrays:
            both = Forest.of(arrays, "first"), Forest.of(arrays, "second")
        with np.load(folder / f"titles{half}.npz") as arrays:
            headlines = Forest.of(arrays, "titles")
        blocks.forests = lambda both=both: both
        titles.forest = lambda headlines=headlines: headlines
        for record in gold.every_record():
            if half_of(record["domain"]) != half and record["source"] not in gold.PROGRAMS:
                readings.append((record, extract(gold.html(record), record["url"])))
    return readings


def prediction(article: Article) -> gold.Prediction:
    """The article as the scoring program reads it."""
    return {
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published": article.published and article.published.isoformat(),
    }


def rates(pages: list[tuple[dict[str, Any], Article]]) -> str:
    """For each group of pages the mean scores of their fields."""
    lines = ["| pages | " + " | ".join(RATES.values()) + " |", "|---" * (len(RATES) + 1) + "|"]
    for name, belongs in GROUPS.items():
        records = [record for record, _ in pages if belongs(record)]
        predictions = {record["id"]: prediction(article) for record, article in pages if belongs(record)}
        scores = gold.scorer().score(records, predictions)[0]
        cells = ["" if scores[rate] is None else f"{scores[rate]:.3f}" for rate in RATES]
        lines.append(f"| {name} ({len(records):,}) | {' | '.join(cells)} |")
    return "\n".join(lines)


def table(pages: list[tuple[dict[str, Any], Article]]) -> str:
    """For each field and band of confidence the pages and their mean score."""
    score = gold.scorer().score
    lines = [
        "| confidence from | "
        + " | ".join(f"{field}: pages, {name}" for field, name in MEASURES.items())
        + " |",
        "|---" * (len(MEASURES) + 1) + "|",
    ]
    for low, high in pairwise(BOUNDS):
        cells = []
        for field, measure in MEASURES.items():
            rows: defaultdict[str, float] = defaultdict(float)
            for record, article in pages:
                value = getattr(article, field)
                if record.get(field) and value and low <= getattr(article.confidence, field) < high:
                    rows["pages"] += 1
                    rows["right"] += score([record], {record["id"]: prediction(article)})[0][measure] or 0.0
            cells.append(f"{rows['pages']:.0f}, {rows['right'] / rows['pages']:.2f}" if rows["pages"] else "")
        lines.append(f"| {low:.2f} | {' | '.join(cells)} |")
    return "\n".join(lines)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """Read the judged pages beside the checkout and write how far each confidence holds."""
    pages = read_pages(folder)
    section = (
        f"\n{HEADING}\n\n"
        f"{len(pages):,} judged pages of `gold/dev` and `gold2/dev`, each read by reader version "
        f"{READER_VERSION} with trees that have not seen its publisher. "
        "`python -m bench.reliability` makes both tables."
        f"\n\n{rates(pages)}\n\n"
        "How far a confidence holds: pages that have the field, by the confidence that we state, and their "
        "mean score (title: share of right ones; text: token F1; published: share of right days, one day off "
        "for the zone allowed; authors: F1). A date of less than 0.5 is null."
        f"\n\n{table(pages)}\n"
    )
    click.echo(section)
    old = RESULT.read_text(encoding="utf-8")
    new = NOT_SEEN.sub("", old).rstrip() + "\n" + section
    RESULT.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
