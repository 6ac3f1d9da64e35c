"""Sources that fall silent, on a simulated clock: does `refresh.health` say so in time, and only then?"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
import pandas as pd

from collectors.refresh.health import health

KINDS = (
    *("nothing new", "yesterday's feed for ever", "http_404", "http_503", "timeout", "not_a_feed"),
    *("pages fail", "half its articles"),
)
"""What befalls a source; a feed that fails now and then, by itself, is no outage."""
START = pd.Timestamp("2025-01-06", tz="UTC")
STEP = pd.Timedelta(hours=12)
HEALTHY = 90
"""Days before the outage."""
WATCHED_FROM = pd.Timedelta(days=60)
_TOGETHER = 40
LONGEST = pd.Timedelta(days=60)
_FAILS_NOW_AND_THEN = 0.01
_HALVED_IN_TIME = pd.Timedelta(days=14)
"""How volume is judged: by the week, so a week is its rhythm."""


@dataclass(frozen=True, slots=True)
class Drill:
    """What came of it: outages and those alarmed within twice the source's rhythm; alarms without an outage
    and the days that healthy sources were watched; the outages missed, by (kind, articles a day)."""

    outages: int
    in_time: int
    false_alarms: int
    source_days: int
    missed: tuple[tuple[str, float], ...]

    def __add__(self, other: Drill) -> Drill:
        return Drill(
            self.outages + other.outages,
            self.in_time + other.in_time,
            self.false_alarms + other.false_alarms,
            self.source_days + other.source_days,
            self.missed + other.missed,
        )


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    kind: str
    a_day: float
    weekend: float
    outage: pd.Timestamp


def drill(outages: int, seed: int) -> Drill:
    """One outage each of so many sources, of all kinds in turn, of 0.5 to 60 articles a day."""
    random, numbers = Random(seed), np.random.default_rng(seed)
    total = Drill(0, 0, 0, 0, ())
    for at in range(0, outages, _TOGETHER):
        total += _watch(
            [_source(n, random) for n in range(at, min(outages, at + _TOGETHER))], random, numbers
        )
    return total


def _watch(sources: list[_Source], random: Random, numbers: np.random.Generator) -> Drill:
    """Look at the health of these sources after each refresh, at each until its outage is told of."""
    moments = pd.date_range(START, max(source.outage for source in sources) + LONGEST, freq=STEP)
    articles = pd.concat([_articles(source, moments[-1], numbers) for source in sources])
    articles = articles.sort_values("collected", ignore_index=True)
    runs = pd.concat([_runs(source, moments, random) for source in sources]).sort_values(
        "at", ignore_index=True
    )
    watched = moments[moments > START + WATCHED_FROM]
    total = Drill(0, 0, 0, sum((source.outage - watched[0]).days for source in sources), ())
    open_ = {source.name: source for source in sources}
    warned: set[str] = set()
    for now in watched:
        known = articles.iloc[: articles["collected"].searchsorted(now, "right")]
        table = health(known, runs.iloc[: runs["at"].searchsorted(now, "right")]).set_index("source")
        for source in list(open_.values()):
            alarm = isinstance(table.at[source.name, "warning"], str)
            if now <= source.outage:
                total += Drill(0, 0, int(alarm and source.name not in warned), 0, ())
                (warned.add if alarm else warned.discard)(source.name)
            elif alarm or now == watched[-1]:
                allowed = 2 * table.at[source.name, "rhythm"] if source.kind != KINDS[-1] else _HALVED_IN_TIME
                in_time = alarm and now - source.outage <= allowed
                missed = () if in_time else ((source.kind, source.a_day),)
                total += Drill(1, int(in_time), 0, 0, missed)
                del open_[source.name]
        if not open_:
            break
        if len(open_) < len(table):
            articles, runs = articles[articles["source"].isin(open_)], runs[runs["source"].isin(open_)]
    return total


def _source(number: int, random: Random) -> _Source:
    kind = KINDS[number % len(KINDS)]
    # Half of very little is not told from chance by anybody.
    a_day = random.choice((8.0, 20.0, 60.0) if kind == KINDS[-1] else (0.5, 1.0, 3.0, 8.0, 20.0, 60.0))
    outage = START + pd.Timedelta(days=HEALTHY) + pd.Timedelta(hours=random.randrange(24 * 14))
    return _Source(f"{number:03}", kind, a_day, random.choice((0.2, 0.5, 1.0)), outage)


def _articles(source: _Source, end: pd.Timestamp, numbers: np.random.Generator) -> pd.DataFrame:
    """What it publishes, by the weekday, and when the next refresh finds it."""
    days = pd.date_range(START, end, freq="D")
    each = numbers.poisson(np.where(days.day_of_week < 5, source.a_day, source.a_day * source.weekend))
    hours = pd.to_timedelta(numbers.normal(13, 4, each.sum()).clip(0, 23.9), unit="h")
    published = (days.repeat(each) + hours).sort_values()
    if source.kind == KINDS[-1]:
        published = published[(published < source.outage) | (numbers.random(len(published)) < 0.5)]
    else:
        published = published[published < source.outage]
    published = published.as_unit("us")
    return pd.DataFrame({"source": source.name, "published": published, "collected": published.ceil(STEP)})


def _runs(source: _Source, moments: pd.DatetimeIndex, random: Random) -> pd.DataFrame:
    errors = [
        source.kind
        if source.kind in ("http_404", "http_503", "timeout", "not_a_feed") and moment > source.outage
        else ("timeout" if random.random() < _FAILS_NOW_AND_THEN else None)
        for moment in moments
    ]
    frame = pd.DataFrame({"source": source.name, "at": moments.as_unit("us"), "error": errors})
    pages_fail = (source.kind == "pages fail") & (moments > source.outage)
    return frame.assign(
        seen=30,
        stored=0,
        duplicate=30,
        rejected=0,
        quarantined=0,
        failed=np.where(pages_fail, 30, 0),
        reasons="",
    )
