"""Stopping when enough is known: how often intervals cover the truth, and how many articles are judged.

Coders of simulated presses judge in random order until precision and recall are known to within a width, and
draw what is lacking when the sample is used up. `python -m bench.stopping [RUNS] [WIDTH]`
"""

from __future__ import annotations

import sys

import numpy as np

from pressgauge.validation.estimates import Accuracy, accuracy, more_needed, stratum
from pressgauge.validation.sampling import STRATA, allocation

PRESSES = {
    "a good query": ((420, 600, 3_980), (380, 40, 5)),
    "one that misses half": ((270, 400, 4_330), (125, 90, 35)),
    "a small press": ((110, 100, 1_790), (90, 8, 2)),
    "a million articles": ((9_700, 20_000, 970_000), (8_700, 1_500, 300)),
    "a perfect query": ((500, 500, 4_000), (499, 1, 0)),
}
"""Sizes of the strata, and how many articles of each are relevant."""
_SAMPLE, _MOST, _EVERY = 200, 2_000, 5


def judge(sizes: tuple[int, ...], relevant: tuple[int, ...], width: float, run: int) -> tuple[Accuracy, int]:
    """What is known when coding stops, and of how many articles."""
    rng = np.random.default_rng(run)
    pools = [rng.permutation(np.arange(size) < hits) for size, hits in zip(sizes, relevant, strict=True)]
    order = rng.permutation(np.repeat(np.arange(len(STRATA)), allocation(np.array(sizes), _SAMPLE)))
    counts = [0] * len(STRATA)
    while True:
        for at, number in enumerate(order, 1):
            counts[number] += 1
            if at % _EVERY == 0 or at == len(order):
                parts = zip(STRATA, sizes, pools, counts, strict=True)
                matched, *others = [stratum(name, size, pool[:n]) for name, size, pool, n in parts]
                of = accuracy(matched, others, seed=run)
                lacking = more_needed(of, width)
                if not any(lacking.values()):
                    return of, sum(counts)
        if sum(counts) >= _MOST:
            return of, sum(counts)
        order = rng.permutation(np.repeat(np.arange(len(STRATA)), [lacking[name] for name in STRATA]))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    width = float(sys.argv[2]) if len(sys.argv) > 2 else 0.05
    for name, (sizes, relevant) in PRESSES.items():
        results = [judge(sizes, relevant, width, run) for run in range(runs)]
        truth = {"precision": relevant[0] / sizes[0], "recall": relevant[0] / sum(relevant)}
        covered = ", ".join(
            f"{measure} covered in {np.mean([_covers(of, measure, value) for of, _ in results]):.1%}"
            for measure, value in truth.items()
        )
        is_known = np.mean([of.is_within(width) for of, _ in results])
        judged = np.median([n for _, n in results])
        print(
            f"{name}: {covered}; {judged:,.0f} articles judged (median); known in {is_known:.0%}", flush=True
        )


def _covers(of: Accuracy, measure: str, value: float) -> bool:
    estimate = getattr(of, measure)
    return bool(estimate.low <= value <= estimate.high)


if __name__ == "__main__":
    main()
