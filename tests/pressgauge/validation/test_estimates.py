"""Simulated coders with known error: intervals cover the truth, corrected counts are right on average."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from pressgauge.validation.estimates import Accuracy, accuracy, corrected, more_needed, stratum

RUNS = 1_000


class Press(NamedTuple):
    """Articles in the strata matched, near and far: how many, and the share of each that is relevant."""

    sizes: tuple[int, int, int]
    relevant: tuple[int, int, int]
    judged: tuple[int, int, int]


PRESSES = {
    "a good query": Press((420, 600, 3_980), (380, 40, 5), (100, 60, 40)),
    "one that misses half": Press((270, 400, 4_330), (125, 90, 35), (100, 60, 40)),
    "a small sample": Press((110, 100, 1_790), (90, 8, 2), (50, 30, 20)),
}


def judged(press: Press, run: int) -> Accuracy:
    """The accuracy that one sample tells."""
    rng = np.random.default_rng(run)
    strata = []
    for name, size, relevant, n in zip(("matched", "near", "far"), *press, strict=True):
        hits = int(rng.hypergeometric(relevant, size - relevant, n))
        strata.append(stratum(name, size, np.arange(n) < hits))
    return accuracy(strata[0], strata[1:], seed=run)


@pytest.mark.slow
@pytest.mark.parametrize("press", PRESSES.values(), ids=PRESSES)
def test_intervals_cover_the_truth_in_95_of_100_samples(press: Press) -> None:
    found = [judged(press, run) for run in range(RUNS)]
    truth = {
        "precision": press.relevant[0] / press.sizes[0],
        "recall": press.relevant[0] / sum(press.relevant),
        "relevant": sum(press.relevant),
    }
    for name, value in truth.items():
        estimates = [getattr(each, name) for each in found]
        covered = np.mean([each.low <= value <= each.high for each in estimates])
        # 1,000 samples of a coverage of exactly 95 % give 93.6 to 96.4; narrow intervals are no better wide
        assert covered >= 0.936, (name, covered)
    assert np.mean([each.relevant.value for each in found]) == pytest.approx(truth["relevant"], rel=0.03)
    assert np.mean([each.precision.value for each in found]) == pytest.approx(truth["precision"], rel=0.01)


def test_corrected_counts_are_unbiased_and_their_intervals_cover_the_true_ones() -> None:
    sensitivity, false_positive, periods, covered, errors = 0.75, 0.02, 12, [], []
    for run in range(150):
        rng = np.random.default_rng(run)
        collected = np.full(periods, 1_000)
        relevant = rng.binomial(collected, np.linspace(0.03, 0.15, periods))
        hits, wrong = rng.binomial(relevant, sensitivity), rng.binomial(collected - relevant, false_positive)
        missed = relevant - hits
        near_missed = rng.binomial(missed, 0.7)
        near_wrong = rng.binomial(collected - relevant - wrong, 0.1)
        sizes = hits.sum() + wrong.sum(), near_missed.sum() + near_wrong.sum()
        sizes = (*sizes, collected.sum() - sum(sizes))
        of = judged(
            Press(sizes, (hits.sum(), near_missed.sum(), (missed - near_missed).sum()), (150, 90, 60)), run
        )
        table = corrected(hits + wrong, collected, of, seed=run)
        covered.append(((table["low"] <= relevant) & (relevant <= table["high"])).mean())
        errors.append((table["corrected"] - relevant).to_numpy())
    assert np.mean(covered) >= 0.94
    assert np.abs(np.mean(errors, axis=0)).max() < 4, "of 30 to 150 articles a period"
    assert abs(np.mean(errors)) < 1


def test_a_stratum_that_was_judged_whole_is_certain() -> None:
    everything = accuracy(
        stratum("matched", 4, np.array([True, True, True, False])),
        [stratum("rest", 2, np.array([True, False]))],
    )
    assert (everything.precision.low, everything.precision.value, everything.precision.high) == (0.75,) * 3
    assert (everything.recall.low, everything.recall.high, everything.relevant.value) == (0.75, 0.75, 4)


def test_nothing_is_known_where_nothing_was_judged() -> None:
    none = np.zeros(0, dtype=bool)
    nothing = accuracy(stratum("matched", 100, none), [stratum("rest", 900, none)])
    assert np.isnan([nothing.precision.value, nothing.recall.value]).all()
    assert str(nothing.precision) == "unknown, n = 0"
    assert corrected(np.array([5]), np.array([10]), nothing).isna().all(axis=None)
    unmatched = accuracy(stratum("matched", 100, np.ones(20, dtype=bool)), [stratum("rest", 900, none)])
    assert np.isnan(unmatched.recall.value)
    assert unmatched.precision.value == 1


def test_recall_may_be_whole_while_nothing_that_was_missed_has_been_seen() -> None:
    of = accuracy(
        stratum("matched", 100, np.ones(50, dtype=bool)), [stratum("rest", 9_900, np.zeros(50, dtype=bool))]
    )
    assert (of.recall.value, of.recall.high) == (1, 1)
    assert of.recall.low < 0.5


def test_articles_that_were_drawn_oftener_count_less() -> None:
    relevant, weights = np.array([True, True, False]), np.array([1.0, 1.0, 4.0])
    of = stratum("near", 100, relevant, weights)
    assert (of.share, of.effective) == (2 / 6, 36 / 18)


def test_an_estimate_is_cited_as_a_number_with_its_interval() -> None:
    of = accuracy(stratum("matched", 10_000, np.arange(200) < 186), [stratum("rest", 10, np.zeros(10, bool))])
    assert str(of.precision) == ".93 (.89-.96), n = 200"
    assert of.table["measure"].tolist() == ["precision", "recall", "relevant"]


def test_more_is_asked_for_until_the_interval_is_narrow_and_then_nothing() -> None:
    def of(n: int) -> Accuracy:
        hits = np.arange(n) < 0.9 * n
        return accuracy(
            stratum("matched", 5_000, hits),
            [stratum("near", 5_000, np.arange(n) < n // 20), stratum("far", 20_000, np.zeros(n, bool))],
        )

    assert all(more > 0 for more in more_needed(of(20), 0.05).values())
    assert more_needed(of(3_000), 0.05) == {"matched": 0, "near": 0, "far": 0}
