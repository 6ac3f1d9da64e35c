"""How good a query is, from the articles of a sample that people have judged: precision, recall, true counts.

The articles are in strata: those that the query matches, those that nearly match, and the rest. In each, the
share of relevant articles has a Beta posterior: among the matched under Jeffreys' prior (Brown, Cai and
DasGupta 2001), among the others, where relevant articles are rare, under Kerman's (2011) neutral one, whose
median is close to what was counted also when that is 0. Jeffreys' would put half an article into each such
stratum, of which a large one makes hundreds. The relevant articles among those not judged
are binomial given that share, so a stratum that was judged whole is certain. Precision, recall and all that
follows from them are computed for many draws from these posteriors at once; their intervals are quantiles.

A corrected count assumes that the query finds the same share of the relevant articles (its sensitivity, the
recall), and of the others by mistake, in every period (Rogan and Gladen 1978).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

DRAWS = 2_000
_JEFFREYS, _NEUTRAL = 1 / 2, 1 / 3
_ENDS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Articles that were sampled alike: how many there are (`size`), how many of them were judged, and how
    many of these are relevant. `share` is the relevant part of them, weighted where they were not drawn
    alike, and `effective` the number of articles drawn alike that would tell as much (Kish 1965)."""

    name: str
    size: int
    judged: int
    relevant: int
    share: float
    effective: float


def stratum(name: str, size: int, relevant: np.ndarray, weights: np.ndarray | None = None) -> Stratum:
    """A stratum of `size` articles from a bool array of those judged and their weights (1 by default)."""
    judged = len(relevant)
    weight = np.ones(judged) if weights is None else weights
    total = float(weight.sum())
    share = float(weight[relevant].sum() / total) if judged else np.nan
    effective = total**2 / float((weight**2).sum()) if judged else 0.0
    return Stratum(name, size, judged, int(relevant.sum()), share, effective)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval, and the number of judged articles that it rests on."""

    value: float
    low: float
    high: float
    n: int

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        if np.isnan(self.value):
            return f"unknown, n = {self.n:,}"
        numbers = (f"{number:.2f}".removeprefix("0") for number in (self.value, self.low, self.high))
        return "{} ({}-{})".format(*numbers) + f", n = {self.n:,}"


@dataclass(frozen=True, eq=False)
class Accuracy:
    """How well a query tells the relevant articles from the others.

    `precision`: the share of the matched articles that are relevant. `recall`: the share of the relevant
    articles that are matched. `relevant`: how many relevant articles there are. `strata` says what was
    judged.
    """

    precision: Estimate
    recall: Estimate
    relevant: Estimate
    strata: tuple[Stratum, ...]
    sensitivity: np.ndarray
    """Draws of the recall (float64)."""
    false_positive: np.ndarray
    """Draws of the share of the irrelevant articles that are matched (float64), one for each of the
    recall."""

    def __str__(self) -> str:
        return f"precision {self.precision}; recall {self.recall}"

    def is_within(self, half_width: float) -> bool:
        """Whether both precision and recall are known, and to within `half_width`."""
        both = (self.precision, self.recall)
        return all(np.isfinite(each.value) and each.half_width <= half_width for each in both)

    @property
    def table(self) -> pd.DataFrame:
        """measure (precision, recall, relevant), value, low, high (float64), n (int64: judged articles)."""
        rows = {"precision": self.precision, "recall": self.recall, "relevant": self.relevant}
        columns = ["measure", "value", "low", "high", "n"]
        return pd.DataFrame(
            [(name, each.value, each.low, each.high, each.n) for name, each in rows.items()], columns=columns
        )


def accuracy(matched: Stratum, others: Sequence[Stratum], seed: int = 0) -> Accuracy:
    """Precision and recall from the stratum of the matched articles and those of all others.

    An estimate is NaN while nothing of a stratum that it needs has been judged; its interval is wide then.
    """
    rng = np.random.default_rng(seed)
    hit_draws = _draw_totals(matched, rng, _JEFFREYS)
    miss_draws = sum((_draw_totals(other, rng, _NEUTRAL) for other in others), np.zeros(DRAWS))
    everything = hit_draws + miss_draws
    size = matched.size + sum(other.size for other in others)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = hit_draws / matched.size if matched.size else np.full(DRAWS, np.nan)
        recall = np.where(everything > 0, hit_draws / everything, np.nan)
        false_positive = np.where(size > everything, (matched.size - hit_draws) / (size - everything), np.nan)
    n = matched.judged + sum(other.judged for other in others)
    hits = _expected_relevant(matched)
    all_hits = hits + sum(map(_expected_relevant, others))
    found_all = _estimate_of(hits / all_hits if all_hits else np.nan, recall, n)
    if all_hits and not any(other.relevant for other in others):
        found_all = replace(found_all, high=1.0)  # nothing that was missed has been seen
    return Accuracy(
        _estimate_of(hits / matched.size if matched.size else np.nan, precision, matched.judged),
        found_all,
        _estimate_of(all_hits, everything, n),
        (matched, *others),
        recall,
        false_positive,
    )


def corrected(n: ArrayLike, collected: ArrayLike, of: Accuracy, seed: int = 0) -> pd.DataFrame:
    """Counts of matched articles, corrected for what the query misses and for what it takes in by mistake.

    `n` of `collected` articles of a period are matched. corrected, low, high (float64): the number of
    relevant articles and its 95 % interval, which includes the errors of the sample and those of each
    period's chance; NaN where nothing is known of the query's errors (Rogan and Gladen 1978).
    """
    count = np.asarray(n, dtype=float)[:, None]
    total = np.asarray(collected, dtype=float)[:, None]
    is_finite = np.isfinite(of.sensitivity) & np.isfinite(of.false_positive)
    sensitivity, wrong = of.sensitivity[is_finite][None, :], of.false_positive[is_finite][None, :]
    if np.isnan(of.recall.value) or not sensitivity.size:
        return pd.DataFrame(np.full((len(count), 3), np.nan), columns=["corrected", "low", "high"])
    rng = np.random.default_rng(seed)
    gain = np.maximum(sensitivity - wrong, 1e-9)
    relevant = np.clip((count - wrong * total) / gain, 0, total)
    noise = relevant * sensitivity * (1 - sensitivity) + (total - relevant) * wrong * (1 - wrong)
    draws = np.clip(relevant + rng.standard_normal(relevant.shape) * np.sqrt(noise) / gain, 0, total)
    low, high = np.quantile(draws, _ENDS, axis=1)
    size = sum(each.size for each in of.strata)
    fpr = (of.strata[0].size * (1 - of.precision.value)) / max(size - of.relevant.value, 1e-9)
    point = (count[:, 0] - fpr * total[:, 0]) / max(of.recall.value - fpr, 1e-9)
    return pd.DataFrame({"corrected": np.clip(point, 0, total[:, 0]), "low": low, "high": high})


def with_corrected(table: pd.DataFrame, of: Mapping[str, Accuracy]) -> pd.DataFrame:
    """A table of `analysis.volume` with corrected, corrected_low and corrected_high (float64), by the
    accuracy of each series' query; null for a series that is not among them."""
    parts = [pd.DataFrame(columns=["corrected", "low", "high"], dtype="float64", index=table.index[:0])]
    for name, rows in table.groupby("series", sort=False, observed=True):
        if str(name) in of:
            counts = corrected(rows["n"], rows["collected"], of[str(name)])
            parts.append(counts.set_axis(rows.index))
    corrections = pd.concat([part for part in parts if len(part)] or parts)
    return table.join(corrections.rename(columns={"low": "corrected_low", "high": "corrected_high"}))


def more_needed(of: Accuracy, half_width: float) -> dict[str, int]:
    """How many more articles of each stratum to judge until precision and recall are within `half_width`:
    0 for all when they are, and where nothing is left that would tell more. A guess from what is known so
    far, to plan by."""
    numbers = {each.name: 0 for each in of.strata}
    matched, *others = of.strata
    if not of.precision.half_width <= half_width:
        numbers[matched.name] = _more_to_judge(matched, matched.judged, of.precision.half_width, half_width)
    if not of.recall.half_width <= half_width:
        open_strata = [each for each in others if each.judged < each.size]
        for each in open_strata:
            numbers[each.name] = _more_to_judge(each, each.judged, of.recall.half_width, half_width)
        if not open_strata:
            numbers[matched.name] = max(
                numbers[matched.name],
                _more_to_judge(matched, matched.judged, of.recall.half_width, half_width),
            )
    return numbers


def _more_to_judge(of: Stratum, judged: int, have: float, want: float) -> int:
    """An interval narrows with the root of the number judged; at most twice as many are asked for at once."""
    times = min(have / want, np.sqrt(3.0)) ** 2 if np.isfinite(have) else 3.0
    return int(min(max(np.ceil(max(judged, 10) * (times - 1)), 1), of.size - of.judged))


def _draw_totals(of: Stratum, rng: np.random.Generator, prior: float) -> np.ndarray:
    """Draws of the number of relevant articles in a stratum."""
    if of.judged >= of.size:
        return np.full(DRAWS, float(of.relevant))
    share = 0.0 if np.isnan(of.share) else of.share
    hits = share * of.effective
    chance = rng.beta(hits + prior, of.effective - hits + prior, DRAWS)
    return of.relevant + rng.binomial(of.size - of.judged, chance)


def _expected_relevant(of: Stratum) -> float:
    if of.judged >= of.size:
        return float(of.relevant)
    return of.size * of.share if of.judged else np.nan


def _estimate_of(value: float, draws: np.ndarray, n: int) -> Estimate:
    finite = draws[np.isfinite(draws)]
    low, high = np.quantile(finite, _ENDS) if len(finite) else (np.nan, np.nan)
    return Estimate(float(value), float(low), float(high), n)
