"""When a page that brought no article is asked for again, whether or not its source announces it again.

| it failed because | it is asked for again |
|---|---|
| it was not asked for (`over_limit`, `host_paused`), or no network was there | by the next refresh |
| of a reason that may pass (`collectors.reasons`) | by the next two, then after 6 h, 1, 3, 7, 14 days: 8 |
| of a reason that hardly passes: `http_404` and its like | by the next two refreshes: 3 times |
| only its title was wanted (`fetch = false`) | by the next refresh that fetches |
| an older reader made nothing of it (`READER_VERSION`) | by the next refresh, for 90 days |

After the last attempt it is left alone for a week, and then asked for again if its source still announces it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from collectors.reasons import reason_of

PASSING = (
    *(timedelta(0), timedelta(0), timedelta(hours=6)),
    *(timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=14)),
)
"""Pauses after each failure for a reason that may pass; one more failure is the last."""
LASTING = (timedelta(0), timedelta(0))
"""The same for a reason that hardly passes."""
REMEMBERED = timedelta(days=7)
"""How long a page that is not asked for again by itself is left alone, though its source announces it."""
REREAD = timedelta(days=90)
"""How long a newer reader tries again what an older one made nothing of."""
LONGEST_BACKOFF = timedelta(hours=24)
"""The longest that a source is left alone after failures."""
LONGEST_PAUSE = 24 * 3600.0
"""The longest that a host is left alone, in seconds."""
READINGS = ("empty", "index_page", "soft_404", "too_deep", "not_html")
"""Verdicts of the reader, beside its own failures (`parser_...`), which a newer reader may not share."""


def pauses(reason: str | None) -> tuple[timedelta, ...]:
    """How long to wait after the first failure for a reason, after the second in a row, and so on."""
    return PASSING if reason is None or reason_of(reason).passes else LASTING


def next_attempt(outcome: str, reason: str | None, attempts: int, at: datetime) -> datetime | None:
    """When a page is asked for again by itself, after `attempts` failures in a row, the last one `at`.

    None when it is not: `outcome` (a column of the ledger) is final, or the attempts are at their end.
    """
    waiting = (("rejected", "over_limit"), ("stored", "title_only"))
    if outcome not in ("failed", "quarantined") and (outcome, reason) not in waiting:
        return None
    waits = pauses(reason)
    if attempts > len(waits):
        return None
    return at + (waits[attempts - 1] if attempts else timedelta(0))
