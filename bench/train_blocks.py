"""`python -m bench.train_blocks`: learn from judged pages which blocks of a page are its article's text.

Writes `collectors/extraction/trees/blocks.npz`: two forests of gradient-boosted trees. The first sees a
block, its neighbours and the elements around it; the second sees what the first one said of those, too
(stacking: its rows were scored by forests that had not seen their publishers). The pages of `irdata` are for
research only and are left out. With `--half 0` or `1` it learns from half of the domains (first byte of the
domain's MD5 even or odd), so that the other half can check it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import lightgbm
import numpy as np
from rapidfuzz.distance import LCSseq

from bench import gold
from collectors.extraction import titles
from collectors.extraction.boilerplate import key
from collectors.extraction.page.metadata import read_metadata, text_of
from collectors.extraction.page.outline import outline
from collectors.extraction.page.page import RefusedPageError, parse
from collectors.extraction.trees.blocks import MODEL
from collectors.extraction.trees.features import Layout, features, matrix, names, surroundings

RESEARCH_ONLY = ("irdata", "irdata-old")
PARAMETERS = {
    "objective": "binary", "verbose": -1, "num_threads": 1, "learning_rate": 0.12, "max_depth": 6,
    "max_bin": 127,
    "min_data_in_leaf": 30, "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1,
    "lambda_l2": 1,
    "seed": 1, "deterministic": True,
}  # fmt: skip
TREES = {"first": (60, 15), "second": (80, 15)}
"""By forest: how many trees of how many leaves. Forests of two seeds differ by 0.001 of text F1 on all pages
of publishers not seen before, by up to 0.005 on a set of 200: smaller differences say nothing of a setting.
"""
FOLDS = 3


@dataclass
class Example:
    """A judged page: its blocks' features and what these are called, whether each block is text, and how
    much a mistake weighs.
    """

    domain: str
    layout: Layout
    columns: list[str]
    rows: np.ndarray
    text: np.ndarray
    weight: np.ndarray
    chance: np.ndarray | None = None


def examples(half: int | None) -> list[Example]:
    tokens = gold.scorer().toks
    result = []
    for record in gold.every_record():
        if not record.get("text") or record["source"] in RESEARCH_ONLY + gold.PROGRAMS:
            continue
        if half is not None and half_of(record["domain"]) != half:
            continue
        if (example := _example(record, tokens)) is not None:
            result.append(example)
    return result


def half_of(domain: str) -> int:
    return hashlib.md5(domain.encode(), usedforsecurity=False).digest()[0] % 2


def _example(record: dict[str, Any], tokens: Any) -> Example | None:
    try:
        page = parse(gold.html(record), record["url"])
    except RefusedPageError:
        return None
    page_outline = outline(page.tree)
    if not page_outline.blocks:
        return None
    metadata = read_metadata(page)
    headlines = titles.all_titles(page, metadata, None)
    layout = Layout.of(page_outline)
    columns = features(
        layout,
        {key(title) for title in headlines},
        key(text_of(metadata.article.get("articleBody")) or ""),
    )
    words = [tokens(block.text) for block in page_outline.blocks]
    shares = _shares(words, tokens(record["text"]))
    length = np.array(list(map(len, words)))
    # A page counts once: a mistake weighs what it costs of the page's F1.
    weight = np.minimum((length + 1) / max((length * shares).sum(), 20), 2)
    return Example(record["domain"], layout, names(columns), matrix(columns), shares >= 0.6, weight)


def _shares(words: list[list[str]], text: list[str]) -> np.ndarray:
    """Of each block the share of its words that a longest common subsequence of page and text holds."""
    every = [word for block in words for word in block]
    owner = np.repeat(np.arange(len(words)), list(map(len, words)))
    matches = np.zeros(len(every))
    for step in LCSseq.opcodes(every, text):
        if step.tag == "equal":
            matches[step.src_start : step.src_end] = 1
    count = np.bincount(owner, minlength=len(words))
    return np.bincount(owner, weights=matches, minlength=len(words)) / np.maximum(count, 1)


def fit(name: str, data: list[Example], rows: list[np.ndarray], columns: list[str]) -> lightgbm.Booster:
    trees, leaves = TREES[name]
    weight = np.concatenate([each.weight for each in data])
    dataset = lightgbm.Dataset(
        np.concatenate(rows),
        np.concatenate([each.text for each in data]).astype(int),
        weight=weight / weight.mean(),
        feature_name=columns,
    )
    return lightgbm.train({**PARAMETERS, "num_leaves": leaves}, dataset, num_boost_round=trees)


def learn(data: list[Example]) -> dict[str, np.ndarray]:
    """The arrays of both forests, as `collectors.extraction.trees.forest` reads them."""
    fold = [
        int(hashlib.md5(each.domain.encode(), usedforsecurity=False).hexdigest()[2:6], 16) % FOLDS
        for each in data
    ]
    columns = data[0].columns
    for number in range(FOLDS):
        others = [each for each, its in zip(data, fold, strict=True) if its != number]
        model = fit("first", others, [each.rows for each in others], columns)
        for each, its in zip(data, fold, strict=True):
            if its == number:
                each.chance = model.predict(each.rows)
    first = fit("first", data, [each.rows for each in data], columns)
    again = [surroundings(each.layout, each.chance) for each in data]
    seconds = [
        np.concatenate([each.rows, matrix(its)], axis=1) for each, its in zip(data, again, strict=True)
    ]
    second = fit("second", data, seconds, [*columns, *names(again[0])])
    return arrays("first", first) | arrays("second", second)


def arrays(name: str, booster: lightgbm.Booster) -> dict[str, np.ndarray]:
    """A forest's nodes, and what the columns of its rows are called."""
    nodes: list[tuple[int, float, int, int, float]] = []
    roots = []

    def add(node: dict[str, Any]) -> int:
        number = len(nodes)
        nodes.append((0, 0.0, number, number, float(node.get("leaf_value", 0.0))))
        if "split_feature" in node:
            left, right = add(node["left_child"]), add(node["right_child"])
            nodes[number] = (node["split_feature"], node["threshold"], left, right, 0.0)
        return number

    for tree in booster.dump_model()["tree_info"]:
        roots.append(add(tree["tree_structure"]))
    feature, threshold, left, right, value = zip(*nodes, strict=True)
    return {
        f"{name}_feature": np.array(feature, dtype=np.int32),
        f"{name}_threshold": np.array(threshold, dtype=np.float32),
        f"{name}_left": np.array(left, dtype=np.int32),
        f"{name}_right": np.array(right, dtype=np.int32),
        f"{name}_value": np.array(value, dtype=np.float32),
        f"{name}_roots": np.array(roots, dtype=np.int32),
        f"{name}_columns": np.array(booster.feature_name()),
    }


@click.command()
@click.option("--half", type=click.Choice(["0", "1"]), help="Learn from this half of the domains only.")
@click.option("--output", type=click.Path(path_type=Path), default=MODEL, show_default=True)
def main(half: str | None, output: Path) -> None:
    """Learn the forests from the judged pages beside the checkout."""
    data = examples(None if half is None else int(half))
    click.echo(
        f"{len(data)} pages, {sum(len(each.rows) for each in data)} blocks, {data[0].rows.shape[1]} features"
    )
    np.savez_compressed(output, **learn(data))


if __name__ == "__main__":
    main()
