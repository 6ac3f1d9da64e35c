"""Bursts: when a subject suddenly takes up more of the coverage than it usually does, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pressgauge.analysis.events import COLUMNS as EVENT_COLUMNS
from pressgauge.analysis.events import events as events_of
from pressgauge.analysis.periods import Groups, Periods, Unit, counted_once, kept_rows, local_days
from pressgauge.analysis.terms import Terms, distinctive
from pressgauge.schema import NO_DAY
from pressgauge.settings.events import concerning

COLUMNS = (
    "series",
    "start",
    "end",
    "days",
    "n",
    "collected",
    "share",
    "usual",
    "ratio",
    "strength",
    "z",
    "unit",
)
_ROUNDS = 10
_SLACK = 2
"""An event is dated by its own clock: so many days after a burst begins it may still be its cause."""
_LEAST_CONTRAST = 10
"""Articles that a burst's terms can be held against."""


def bursts(
    articles: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    unit: Unit = "articles",
    tz: str = "UTC",
    keep: np.ndarray | None = None,
    scale: float = 2.0,
    gamma: float = 1.0,
    min_z: float = 5.0,
    min_articles: int = 5,
    max_days: int = 28,
) -> pd.DataFrame:
    """The intervals of days in which a series' share of all kept articles is raised, the strongest first.

    series (category), start, end (datetime64[us, tz], first and last day), days (int64), n, collected
    (int64), share (n/collected), usual (float64, its share outside bursts), ratio (share/usual), strength
    (float64, Kleinberg's weight: nats by which the raised state explains the days better), z (standardised
    excess of n over the usual share), unit.

    The method is the two-state automaton for batched arrivals of Kleinberg (2002, section 4): a day's n of
    collected is binomial with the usual share or `scale` times it, entering a burst costs `gamma` ln(days),
    and the cheapest sequence of states is found exactly. Three things differ. The usual share is that of the
    days outside bursts, repeated until it settles, so that a burst does not hide itself. News comes in
    clumps, more than binomial: likelihoods are divided by the dispersion that ordinary days show
    (quasi-likelihood, Wedderburn 1974), and a burst is reported only when its z, on the same scale, is at
    least `min_z` and its n at least `min_articles`. And interest often stays raised after a burst: where the
    days of one have bursts of their own, by the same rule, those are reported instead (Kleinberg's hierarchy,
    its innermost level). Its ends are those of the days that its own share explains best (the likelihood of
    the scan statistic, Kulldorff 1997), in a window of at most `max_days`, as that statistic has one: where a
    share is raised for months on end, which few articles make easily, only the window that explains most is
    reported, if it stands the test by itself; the rest is a change of level.
    """
    periods = Periods(articles, freq="D", tz=tz, keep=keep)
    groups = Groups(periods.code, len(periods), kept_rows(articles, keep), counted_once(articles, unit))
    counts, collected = groups.count([membership[name].to_numpy(dtype=bool) for name in membership])
    stamps = periods.stamps()
    rule = _Rule(scale, gamma, min_z, min_articles, max_days)
    rows = []
    for name, n in zip(membership, counts, strict=True):
        _, usual, spread = _settle_states(n, collected, rule)
        for first, last in _burst_days(n, collected, rule):
            part = slice(first, last + 1)
            articles_in, all_in = int(n[part].sum()), int(collected[part].sum())
            gain = float(_log_gain(n[part], collected[part], usual, scale).sum()) / spread
            z = _excess_of(n[part], collected[part], usual, spread)
            rows.append(
                (name, stamps[first], stamps[last], last - first + 1, articles_in, all_in,
                 articles_in / all_in, usual, articles_in / all_in / usual, gain, z, unit)
            )  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    if rows:
        table = table.sort_values("strength", ascending=False, kind="stable", ignore_index=True)
    else:
        table = table.astype({"start": stamps.dtype, "end": stamps.dtype})
    return table.assign(series=pd.Categorical(table["series"], categories=list(membership)))


@dataclass(frozen=True)
class Explanation:
    """Why a burst happened.

    `terms`: `terms.distinctive` of its articles against the series' earlier ones (see `_choose_contrast`);
    empty unless the terms are given. `stories`: story, title, outlet, url (of the earliest article inside
    the burst), first (datetime64 UTC), articles, outlets (int64), the largest first. `reported`: `events`
    of the series inside the burst, empty where `articles` have no column event. `outlets`: outlet, n,
    expected (float64, its collected articles at its own usual share), excess (n - expected), the strongest
    driver first. `events`: the rows of `load_events` near its start, by distance, with days (int64, after
    the start).
    """

    terms: pd.DataFrame
    stories: pd.DataFrame
    reported: pd.DataFrame
    outlets: pd.DataFrame
    events: pd.DataFrame


def explain(
    burst: Mapping[str, object] | pd.Series,
    articles: pd.DataFrame,
    member: np.ndarray,
    *,
    events: pd.DataFrame | None = None,
    terms: Terms | None = None,
    keep: np.ndarray | None = None,
    limit: int = 20,
    near: int = 10,
) -> Explanation:
    """Explain one row of `bursts`. `member` is its series' bool column (bool array, a value a row of
    `articles`); `terms` those of the same articles, if wanted.

    An event counts as near when it falls from `near` days before the start to two days after it, and it is of
    no topic or of the burst's (by name): the press may need days to see what an event means, and a burst may
    begin with the rumour. Each table has at most `limit` rows.
    """
    start, end = pd.Timestamp(burst["start"]), pd.Timestamp(burst["end"])  # type: ignore[arg-type]
    day = local_days(articles, str(start.tz))
    rows = kept_rows(articles, keep)
    first, last = ((stamp.tz_localize(None) - pd.Timestamp(0)).days for stamp in (start, end))
    inside = rows & (day >= first) & (day <= last)
    within = inside & member
    if terms is None:
        words = pd.DataFrame()
    else:
        words = distinctive(
            terms, within, _choose_contrast(rows, member, inside, (day > NO_DAY) & (day < first))
        )
    return Explanation(
        terms=words.head(limit),
        stories=_largest_stories(articles, within, limit),
        reported=_largest_events(articles, within, str(burst["series"]), limit),
        outlets=_driving_outlets(articles, within, inside, rows & ~inside & (day > NO_DAY), member, limit),
        events=_near_events(events, start.tz_localize(None), str(burst["series"]), near),
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    scale: float
    gamma: float
    min_z: float
    min_articles: int
    max_days: int


def _burst_days(n: np.ndarray, collected: np.ndarray, rule: _Rule) -> Iterator[tuple[int, int]]:
    """The first and last day of each burst; of one with bursts of its own inside, only those."""
    raised, usual, spread = _settle_states(n, collected, rule)
    for run in _raised_runs(raised):
        first, last = _core_days(n, collected, usual, rule.scale, *run)
        if not _is_burst(n, collected, usual, spread, rule, first, last):
            continue
        part = slice(first, last + 1)
        peaks = [(first + start, first + end) for start, end in _burst_days(n[part], collected[part], rule)]
        if peaks:
            yield from peaks
            continue
        first, last = _best_window(n, collected, usual, rule, first, last)
        if _is_burst(n, collected, usual, spread, rule, first, last):
            yield first, last


def _is_burst(
    n: np.ndarray, collected: np.ndarray, usual: float, spread: float, rule: _Rule, first: int, last: int
) -> bool:
    """Whether these days are a burst by the rule's least number and excess."""
    part = slice(first, last + 1)
    enough = n[part].sum() >= rule.min_articles
    return bool(enough and _excess_of(n[part], collected[part], usual, spread) >= rule.min_z)


def _best_window(
    n: np.ndarray, collected: np.ndarray, usual: float, rule: _Rule, first: int, last: int
) -> tuple[int, int]:
    """The days themselves where they are at most `max_days`, else the window within them that their share
    explains best."""
    if last - first < rule.max_days:
        return first, last
    part = slice(first, last + 1)
    share = n[part].sum() / max(collected[part].sum(), 1)
    gain = _log_gain(n[part], collected[part], usual, max(rule.scale, share / usual))
    sums = np.r_[0.0, np.cumsum(gain)]
    best = {
        days: int(np.argmax(sums[days:] - sums[:-days])) for days in range(1, rule.max_days + 1)
    }  # the best window of each length begins there
    days = max(best, key=lambda days: sums[best[days] + days] - sums[best[days]])
    return first + best[days], first + best[days] + days - 1


def _excess_of(n: np.ndarray, collected: np.ndarray, usual: float, spread: float) -> float:
    """How many standard deviations n is above the usual share."""
    of = collected.sum()
    return float((n.sum() - of * usual) / np.sqrt(max(spread * of * usual * (1 - usual), 1e-12)))


def _settle_states(n: np.ndarray, collected: np.ndarray, rule: _Rule) -> tuple[np.ndarray, float, float]:
    """Alternate between states and the usual share until neither changes: states, usual share, dispersion."""
    raised = np.zeros(len(n), dtype=bool)
    usual, spread = 0.0, 1.0
    for _ in range(_ROUNDS):
        quiet = ~raised & (collected > 0)
        if not quiet.any() or not n.sum():
            return np.zeros(len(n), dtype=bool), usual, spread
        # Half an article more: a series never seen before its burst has a small usual share, not none.
        usual = float((n[quiet].sum() + 0.5) / (collected[quiet].sum() + 1))
        spread = _dispersion(n, collected, usual, quiet if raised.any() else None)
        gain = _log_gain(n, collected, usual, rule.scale) / spread
        states = _best_states(gain, rule.gamma * np.log(max(len(n), 2)))
        if np.array_equal(states, raised):
            break
        raised = states
    return raised, usual, spread


def _log_gain(n: np.ndarray, collected: np.ndarray, usual: float, scale: float) -> np.ndarray:
    """Log-likelihood of each day in the raised state, less that in the usual one."""
    low, high = min(usual, 0.999), min(usual * scale, 0.9999)
    return n * np.log(high / low) + (collected - n) * (np.log1p(-high) - np.log1p(-low))


def _best_states(gain: np.ndarray, enter: float) -> np.ndarray:
    """The best sequence of two states (Viterbi 1967), True where raised. Leaving the raised state costs
    nothing."""
    origins = np.zeros((len(gain), 2), dtype=bool)
    quiet, raised = 0.0, -np.inf
    for at, more in enumerate(gain):
        origins[at] = raised > quiet, raised >= quiet - enter
        quiet, raised = max(quiet, raised), max(raised, quiet - enter) + more
    states = np.zeros(len(gain), dtype=bool)
    state = raised > quiet
    for at in range(len(gain) - 1, -1, -1):
        states[at] = state
        state = origins[at, int(state)]
    return states


def _raised_runs(raised: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[0, raised.astype(np.int8), 0]))
    return [(int(first), int(after) - 1) for first, after in zip(edges[::2], edges[1::2], strict=True)]


def _core_days(
    n: np.ndarray, collected: np.ndarray, usual: float, scale: float, first: int, last: int
) -> tuple[int, int]:
    """The days of a run that its own share explains best: a strong burst is not stretched by days a little
    raised."""
    for _ in range(_ROUNDS):
        part = slice(first, last + 1)
        share = n[part].sum() / max(collected[part].sum(), 1)
        sums = np.r_[0.0, np.cumsum(_log_gain(n[part], collected[part], usual, max(scale, share / usual)))]
        end = int(np.argmax(sums[1:] - np.minimum.accumulate(sums[:-1])))
        start = int(np.argmin(sums[: end + 1]))
        if (start, end) == (0, last - first):
            break
        first, last = first + start, first + end
    return first, last


def _dispersion(n: np.ndarray, collected: np.ndarray, usual: float, quiet: np.ndarray | None) -> float:
    """How much more than binomially the days vary, at least 1.

    The squared median absolute deviation of their Pearson residuals (Hampel 1974) is that of ordinary days as
    long as bursts are fewer than half of all. Once it is known which days are `quiet`, Pearson's own estimate
    on those counts too, for their rare high days are what a burst is told from.
    """
    some = collected > 0
    expected = collected[some] * usual
    residual = (n[some] - expected) / np.sqrt(expected * (1 - usual))
    spread = float((1.4826 * np.median(np.abs(residual - np.median(residual)))) ** 2)
    if quiet is not None:
        spread = max(spread, float(np.mean(residual[quiet[some]] ** 2)))
    return max(1.0, spread)


def _choose_contrast(
    rows: np.ndarray, member: np.ndarray, inside: np.ndarray, before: np.ndarray
) -> np.ndarray:
    """What a burst's articles are held against: what the series said earlier, or else at other times, or else
    what the other articles say. Later articles still tell of the burst, so that earlier ones are better."""
    choices = rows & member & before, rows & member & ~inside, rows & ~member
    return next((choice for choice in choices if np.count_nonzero(choice) >= _LEAST_CONTRAST), choices[-1])


def _largest_stories(articles: pd.DataFrame, within: np.ndarray, limit: int) -> pd.DataFrame:
    burst_articles = articles[within].sort_values("published", kind="stable")
    url = "url" if "url" in burst_articles else "canonical_url"
    stories = burst_articles.groupby("story", sort=False)
    table = stories.agg(
        title=("title", "first"),
        outlet=("outlet", "first"),
        url=(url, "first"),
        first=("published", "first"),
        articles=("story", "size"),
        outlets=("outlet", "nunique"),
    )
    largest = table.sort_values(["outlets", "articles"], ascending=False, kind="stable").head(limit)
    return largest.reset_index()


def _largest_events(articles: pd.DataFrame, within: np.ndarray, series: str, limit: int) -> pd.DataFrame:
    if "event" not in articles:
        return pd.DataFrame({name: [] for name in EVENT_COLUMNS})
    return events_of(articles, pd.DataFrame({series: within}, index=articles.index), limit=limit)


def _driving_outlets(
    articles: pd.DataFrame,
    within: np.ndarray,
    inside: np.ndarray,
    outside: np.ndarray,
    member: np.ndarray,
    limit: int,
) -> pd.DataFrame:
    code, names = articles["outlet"].cat.codes.to_numpy(), articles["outlet"].cat.categories
    n, during, before, usual = (
        Groups(code, len(names), rows).count()[1] for rows in (within, inside, outside, outside & member)
    )
    overall = usual.sum() / max(before.sum(), 1)
    # An outlet's own usual share, drawn to that of all by ten articles' worth: most outlets are small.
    expected = during * (usual + 10 * overall) / (before + 10)
    table = pd.DataFrame(
        {
            "outlet": pd.Categorical.from_codes(np.arange(len(names)), names),
            "n": n,
            "expected": expected,
            "excess": n - expected,
        }
    )
    return table[n > 0].sort_values("excess", ascending=False, kind="stable", ignore_index=True).head(limit)


def _near_events(events: pd.DataFrame | None, start: pd.Timestamp, series: str, near: int) -> pd.DataFrame:
    if events is None or events.empty:
        return pd.DataFrame(columns=["date", "label", "topics", "url", "days"])
    own = concerning(events, [series])
    days = (own["date"].dt.tz_localize(None) - start).dt.days
    near_events = own.assign(days=days)[days.between(-near, _SLACK)]
    return near_events.sort_values("days", key=lambda days: days.abs(), kind="stable", ignore_index=True)
