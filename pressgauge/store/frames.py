"""Rows of the files as frames of pandas, under the names of outlets that a person set and with codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
import pyarrow as pa

from pressgauge.languages import country_code, language_code
from pressgauge.schema import CATEGORICAL
from pressgauge.settings.outlets import known_outlets


def with_names(columns: Iterable[str]) -> list[str]:
    """The columns, and those by which `relabel` knows the outlet where they tell something of it."""
    names = ("outlet", "domain") if {"outlet", "country", "language"} & {*columns} else ()
    return list(dict.fromkeys((*columns, *names)))


def relabel(frame: pd.DataFrame) -> pd.DataFrame:
    """Articles under the names of outlets.toml, with languages and countries as codes."""
    frame = in_codes(frame)
    return known_outlets().relabel(frame) if "outlet" in frame and "domain" in frame else frame


def in_codes(frame: pd.DataFrame) -> pd.DataFrame:
    """Languages and countries as codes also where an older release stored them as they were given."""
    for name, code_of in (("language", language_code), ("country", country_code)):
        if name in frame and isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame[name] = _to_codes(frame[name], code_of)
    return frame


def _to_codes(labels: pd.Series, code_of: Callable[[str | None], str | None]) -> pd.Series:
    values = labels.cat.categories
    codes = [code_of(each) for each in values]
    if list(values) == codes:
        return labels
    numbers, names = pd.factorize(np.array([*codes, None], dtype=object), sort=True)
    categories = pd.Categorical.from_codes(numbers[labels.cat.codes], pd.Index(names, dtype="str"))
    return pd.Series(categories, index=labels.index)


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Rows of the files as pandas, with the types that `Dataset.load` promises."""
    frame = table.to_pandas(types_mapper={pa.int32(): pd.Int32Dtype()}.get, split_blocks=True)
    for name in frame.columns.intersection(CATEGORICAL):
        labels = frame[name]
        if isinstance(labels.dtype, pd.CategoricalDtype) and labels.cat.categories.dtype == object:
            frame[name] = labels.cat.set_categories(labels.cat.categories.astype("str"))  # none at all
    return frame
