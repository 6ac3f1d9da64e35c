"""`python -m bench.train_titles`: learn from judged pages which candidate for a headline is it.

Writes `collectors/extraction/trees/titles.npz`. Run `bench.train_blocks` first: where the text begins is one
of the things that the trees see. Options as there.
"""

from __future__ import annotations

from pathlib import Path

import click
import lightgbm
import numpy as np

from bench import gold
from bench.train_blocks import PARAMETERS, RESEARCH_ONLY, arrays, half_of
from collectors.extraction import titles
from collectors.extraction.boilerplate import key
from collectors.extraction.page.metadata import read_metadata
from collectors.extraction.page.page import RefusedPageError, parse
from collectors.extraction.trees import blocks

TREES, LEAVES = 150, 8


@click.command()
@click.option("--half", type=click.Choice(["0", "1"]), help="Learn from this half of the domains only.")
@click.option("--output", type=click.Path(path_type=Path), default=titles.MODEL, show_default=True)
def main(half: str | None, output: Path) -> None:
    """Learn the forest from the judged pages beside the checkout."""
    normal = gold.scorer().ntitle
    rows, right, weight = [], [], []
    for record in gold.every_record():
        if not record.get("title") or record["source"] in RESEARCH_ONLY + gold.PROGRAMS:
            continue
        if half is not None and half_of(record["domain"]) != int(half):
            continue
        try:
            page = parse(gold.html(record), record["url"])
        except RefusedPageError:
            continue
        metadata = read_metadata(page)
        candidates = titles.collect_candidates(page, metadata)
        are_right = [normal(each.text) == normal(record["title"]) for each in candidates]
        if not any(are_right):
            continue
        keys = {key(text) for text in titles.all_titles(page, metadata, None)}
        text_blocks = tuple(np.flatnonzero(blocks.chances(page.outline, keys) >= 0.5).tolist())
        rows.append(titles.features(page, metadata, candidates, text_blocks))
        right += are_right
        weight += [(3 if record["source"] in gold.NEUTRAL else 1) / len(candidates)] * len(candidates)
    click.echo(f"{len(rows)} pages, {len(right)} candidates")
    data = lightgbm.Dataset(
        np.concatenate(rows), np.array(right, dtype=int), weight=np.array(weight) * len(weight) / len(rows)
    )
    parameters = PARAMETERS | {
        "num_leaves": LEAVES,
        "learning_rate": 0.05,
        "min_data_in_leaf": 20,
        "feature_fraction": 0.3,
    }
    np.savez_compressed(output, **arrays("titles", lightgbm.train(parameters, data, num_boost_round=TREES)))


if __name__ == "__main__":
    main()
