"""Which articles have what a query asks of `speaker:` and `quote:`."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from pressgauge.search.nodes import HasValue, Words
from pressgauge.search.tokens import words
from pressgauge.voices.tables import Tables


def voices_from(read_tables: Callable[[], Tables]) -> Callable[[Words | HasValue], np.ndarray]:
    """What an Index needs to answer for voices, which are made when they are first asked for."""
    return lambda node: ids(read_tables(), node)


def ids(tables: Tables, node: Words | HasValue) -> np.ndarray:
    """Ids (int64, ascending) of the articles where somebody of that name is quoted, or a quotation has those
    words."""
    quotations = tables.quotations
    if "speaker" in node.fields:
        is_match = _matching_speakers(quotations["name"], node)
    elif isinstance(node, HasValue):
        is_match = np.ones(len(quotations), dtype=bool)
    else:
        is_match = _texts_with(quotations["words"], node)
    return np.unique(quotations["id"].to_numpy()[is_match])


def _matching_speakers(names: pd.Series, node: Words | HasValue) -> np.ndarray:
    if isinstance(node, HasValue):
        return names.notna().to_numpy()
    texts = pd.Series([f" {' '.join(words(name, 'folded'))} " for name in names.cat.categories], dtype="str")
    return names.cat.codes.isin(np.flatnonzero(_texts_with(texts, node))).to_numpy()


def _texts_with(texts: pd.Series, node: Words) -> np.ndarray:
    """Which texts, made of words with a space around each, hold the words in a row or near one another."""
    end = "" if node.prefix else " "
    if not node.slop:
        return texts.str.contains(f" {' '.join(node.words)}{end}", regex=False).to_numpy(dtype=bool)
    both = np.logical_and.reduce(
        [texts.str.contains(f" {word} ", regex=False).to_numpy(dtype=bool) for word in node.words]
    )
    first, second = map(re.escape, node.words)
    between = rf"(?: \S+){{0,{node.slop}}} "
    # turned round, two words are two moves apart already
    turned = rf"(?: \S+){{0,{max(node.slop - 2, 0)}}} "
    near = rf" {first}{between}{second} " + (rf"| {second}{turned}{first} " if node.slop > 1 else "")
    both[both] = texts[both].str.contains(near, regex=True).to_numpy(dtype=bool)
    return both
