"""Agreement: whether people who judged the same articles, blind to one another, judged them alike."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd


def krippendorff_alpha(values: pd.DataFrame) -> float:
    """Krippendorff's alpha (2011) for nominal values: a row an article, a column a coder, null where a coder
    has not judged it. 1 is perfect, 0 what chance brings; NaN where no article has two judgements, or all are
    the same value.

    >>> values = pd.DataFrame({"ana": ["y", "n", "y", "n"], "ben": ["y", "n", "n", "n"]})
    >>> round(krippendorff_alpha(values), 3)
    0.533
    """
    codes = _level_codes(values)
    levels = int(codes.max(initial=-1)) + 1
    counts = np.stack([(codes == level).sum(axis=1) for level in range(levels)], axis=1) if levels else None
    if counts is None:
        return float("nan")
    counts = counts[counts.sum(axis=1) >= 2].astype(float)  # a value without another to compare it with
    judgements = counts.sum(axis=1)
    total, of_level = judgements.sum(), counts.sum(axis=0)
    observed = (
        float(((judgements**2 - (counts**2).sum(axis=1)) / (judgements - 1)).sum()) if len(counts) else 0.0
    )
    expected = float((total**2 - (of_level**2).sum()) / (total - 1)) if total > 1 else 0.0
    return 1 - observed / expected if expected else float("nan")


def cohen_kappa(first: pd.Series, second: pd.Series) -> float:
    """Cohen's kappa (1960) of two coders on the articles that both have judged (aligned, null where not).

    1 is perfect, 0 what chance brings; NaN without such articles, or where both always say the same value.

    >>> cohen_kappa(pd.Series(["y", "n", "y", "n"]), pd.Series(["y", "n", "n", "n"]))
    0.5
    """
    both = first.notna() & second.notna()
    one, other = first[both].astype(str).to_numpy(), second[both].astype(str).to_numpy()
    if not len(one):
        return float("nan")
    shares = [
        (float((one == level).mean()), float((other == level).mean())) for level in np.union1d(one, other)
    ]
    chance = sum(a * b for a, b in shares)
    return (float((one == other).mean()) - chance) / (1 - chance) if chance < 1 else float("nan")


def agreement(codes: pd.DataFrame) -> pd.DataFrame:
    """Agreement by variable of `codes` (columns concept, variable, id, coder, value: one value an article and
    coder): concept, variable, coders ("all", or two names), articles (int64: judged by two or more of them),
    same (float64: share of the pairs of judgements that are alike), alpha (float64: `krippendorff_alpha`),
    kappa (float64: `cohen_kappa`, of two coders)."""
    rows = []
    for (concept, variable), group in codes.groupby(["concept", "variable"], sort=True):
        values = group.pivot(index="id", columns="coder", values="value")
        rows.append((concept, variable, "all", *_pair_agreement(values), krippendorff_alpha(values), np.nan))
        for one, other in combinations(values.columns, 2):
            pair = values[[one, other]]
            kappa = cohen_kappa(pair[one], pair[other])
            rows.append(
                (
                    concept,
                    variable,
                    f"{one}, {other}",
                    *_pair_agreement(pair),
                    krippendorff_alpha(pair),
                    kappa,
                )
            )
    columns = ["concept", "variable", "coders", "articles", "same", "alpha", "kappa"]
    return pd.DataFrame(rows, columns=columns).astype({"articles": "int64"})


def _pair_agreement(values: pd.DataFrame) -> tuple[int, float]:
    """How many articles two or more have judged, and the share of all pairs of judgements that are alike."""
    codes = _level_codes(values)
    counts = np.stack(
        [(codes == level).sum(axis=1) for level in range(int(codes.max(initial=0)) + 1)], axis=1
    )
    judgements = counts.sum(axis=1)
    pairs = int((judgements * (judgements - 1)).sum())
    alike = int((counts * (counts - 1)).sum())
    return int((judgements >= 2).sum()), alike / pairs if pairs else float("nan")


def _level_codes(values: pd.DataFrame) -> np.ndarray:
    """The values as whole numbers, -1 for none."""
    flat, _ = pd.factorize(values.to_numpy(dtype=object).ravel())
    return flat.reshape(values.shape)
