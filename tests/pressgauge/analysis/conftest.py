"""Small frames of articles with every awkwardness: unknown dates, shared stories, empty outlets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from pressgauge.schema import NO_DAY

Make = Callable[..., tuple[pd.DataFrame, pd.DataFrame]]


def make(seed: int, n: int, *, days: int = 60) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    seconds = pd.to_timedelta(rng.integers(0, days * 86_400, n), unit="s")
    first = pd.Timestamp(
        "1969-12-05" if seed % 3 == 1 else "2024-12-20", tz="UTC"
    )  # days before 1970 count, too
    published = pd.Series(first + seconds).astype("datetime64[us, UTC]")
    published = published.mask(rng.random(n) < 0.1)
    precision = np.where(rng.random(n) < 0.2, "day", "second")
    published = published.where(precision == "second", published.dt.normalize())
    day = np.where(published.isna(), NO_DAY, (published - pd.Timestamp(0, tz="UTC")).dt.days.fillna(0))
    articles = pd.DataFrame(
        {
            "id": np.arange(n, dtype=np.int64),
            "canonical_url": [f"https://press.example/{number}" for number in range(n)],
            "title": [f"Headline {number}" for number in range(n)],
            "outlet": pd.Categorical(
                rng.choice(["Post", "Times", "Echo"], n), ["Post", "Times", "Echo", "None"]
            ),
            "country": pd.Categorical(rng.choice(["US", "DE"], n), ["US", "DE"]),
            "story": rng.integers(0, max(n // 3, 1), n),
            "published": published,
            "published_precision": pd.Categorical(precision),
            "collected": pd.Series(pd.Timestamp("2025-06-01", tz="UTC"), range(n)).astype(
                "datetime64[us, UTC]"
            ),
            "day": day.astype(np.int32),
        }
    )
    membership = pd.DataFrame({"open": rng.random(n) < 0.4, "closed": rng.random(n) < 0.2, "never": False})
    return articles, membership


@pytest.fixture(scope="session")
def frames() -> Make:
    return make
