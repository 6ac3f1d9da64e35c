"""Which articles have what a query asks of `speaker:` and `quote:`."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from pressgauge.search.nodes import Known, Words
from pressgauge.search.tokens import words
from pressgauge.voices.tables import Tables


def asked_of(found: Callable[[], Tables]) -> Callable[[Words | Known], np.ndarray]:
    """What an Index needs to answer for voices, which are made when they are first asked for."""
    return lambda node: ids(found(), node)


def ids(found: Tables, node: Words | Known) -> np.ndarray:
    """Ids (int64, ascending) of the articles where somebody of that name is quoted, or a quotation has those
    words."""
    quotations = found.quotations
    if "speaker" in node.fields:
        chosen = _speakers(quotations["name"], node)
    elif isinstance(node, Known):
        chosen = np.ones(len(quotations), dtype=bool)
    else:
        chosen = _holds(quotations["words"], node)
    return np.unique(quotations["id"].to_numpy()[chosen])


def _speakers(names: pd.Series, node: Words | Known) -> np.ndarray:
    if isinstance(node, Known):
        return names.notna().to_numpy()
    known = pd.Series([f" {' '.join(words(name, 'folded'))} " for name in names.cat.categories], dtype="str")
    return names.cat.codes.isin(np.flatnonzero(_holds(known, node))).to_numpy()


def _holds(texts: pd.Series, node: Words) -> np.ndarray:
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
