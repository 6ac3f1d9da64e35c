"""What a refresh decides, as functions of plain values: no network, no disk, no clock of their own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.candidate import Candidate
from collectors.extraction.article import Article
from collectors.ledger import Kind, Report
from collectors.outcome import Outcome
from collectors.reasons import reason_of
from collectors.retries import LONGEST_BACKOFF, READINGS, REMEMBERED
from collectors.shared.timestamps import FUTURE
from collectors.source import Source

_FEWEST_BROKEN = 3
"""Pages, and none read beside them, that tell a reader that is broken from a page that breaks it."""
PORTAL_HOSTS = 3
"""Hosts that answer with the very same bytes when a network's log-in page answers for all of them."""
OFFLINE = ("dns", "unreachable")
"""Reasons that a computer without a network gives for every address."""
_BACKOFF_STEP = timedelta(minutes=30)
# Our own refusal to ask, by rules or limits: whether it still holds is known only by trying.
_POLICY = ("robots", "blocked_address", "bad_url", "bad_redirect", "too_many_redirects", "too_large")


def refusal_of(article: Article) -> tuple[Kind, str] | None:
    """The outcome of a page that holds no article, or None: it is rejected, or has broken its reader."""
    if article.refused is None:
        return None
    is_ours = reason_of(article.refused).fault == "pressgauge"
    return ("quarantined" if is_ours else "rejected"), article.refused


def unfetched(reason: str) -> Kind:
    """The outcome of a page that could not be had: what we refuse is rejected, all else may come later."""
    return "rejected" if reason in _POLICY else "failed"


def feed_stands_in(reason: str) -> bool:
    """Whether a feed's own text may stand in for a page that gave `reason`: never against a refusal.

    It may where the page is there and only could not be had or read: for the network's reasons, for ours, for
    a server that failed (5xx), and for a page that holds no text.
    """
    entry = reason_of(reason)
    return (
        entry.fault in ("network", "pressgauge")
        or reason in ("empty", "no_content")
        or reason.startswith("http_5")
    )


def remembered(outcome: Outcome | None, now: datetime) -> tuple[Kind, str | None] | None:
    """The outcome that a URL keeps without being asked for again, or None: it is to be fetched."""
    if outcome is None:
        return None
    if outcome.outcome in ("stored", "duplicate"):
        return None if outcome.due is not None and outcome.due <= now else ("duplicate", None)
    if outcome.due is not None:
        left_alone = outcome.due > now
    else:
        left_alone = outcome.attempts > 0 and (outcome.at is None or now - outcome.at < REMEMBERED)
    return (outcome.outcome, outcome.reason) if left_alone else None


def row(
    source: Source, candidate: Candidate, article: Article, url: str, canonical: str, now: datetime
) -> dict[str, Any]:
    """The article as a row of the dataset: the page speaks first, then the feed, then the source.

    The feed's text stands in for one that the page does not give in full; a future date is unknown. The
    candidate is one whose text may be the article's (`collectors.refresh.trust`).
    """
    sure = article.confidence
    published, precision, published_from, published_sure = _published(candidate, article, now)
    text, partial, text_from, text_sure = article.text, article.partial, article.text_from, sure.text
    if candidate.text and (not text or (partial and len(candidate.text) > len(text))):
        text, partial, text_from, text_sure = candidate.text, "feed", "feed", 0.0
    if not text and partial is None:
        partial = "title_only"
    title, title_from = article.title, article.title_from
    if not title:
        title, title_from = candidate.title, "feed" if candidate.title else None
    authors, authors_from = article.authors, article.authors_from
    if not authors and candidate.authors:
        authors, authors_from = candidate.authors, "feed"
    return {
        "canonical_url": canonical,
        "url": url,
        # An article without an address has no host to tell its domain.
        "domain": candidate.domain or source.domain if canonical.startswith("file:") else None,
        "outlet": candidate.outlet or source.outlet,
        "country": candidate.country or source.country,
        "language": article.language or candidate.language or source.language,
        "title": title,
        "authors": list(authors),
        "published": published,
        "published_precision": precision,
        "collected": now,
        "text": text,
        "partial": partial,
        "credit": article.credit,
        "source": source.name,
        "title_from": title_from,
        "authors_from": authors_from,
        "published_from": published_from,
        "text_from": text_from,
        "title_confidence": _percent(sure.title if article.title else 0.0),
        "authors_confidence": _percent(sure.authors if article.authors else 0.0),
        "published_confidence": _percent(published_sure),
        "text_confidence": _percent(text_sure),
        "reader_version": article.reader_version,
        "details": json.dumps(candidate.details, ensure_ascii=False) if candidate.details else None,
    }


def _published(
    candidate: Candidate, article: Article, now: datetime
) -> tuple[datetime | None, str | None, str | None, float]:
    """(UTC moment, precision, where it was read, how sure); a day is the midnight of the written day."""
    dates = [
        (
            *(article.published, article.published_precision, article.published_from),
            article.confidence.published,
        ),
        (candidate.published, candidate.published_precision or "second", "feed", 0.0),
    ]
    for moment, precision, origin, sure in dates:
        if moment is None:
            continue
        utc = moment.replace(tzinfo=UTC) if precision == "day" else moment.astimezone(UTC)
        if utc <= now + FUTURE:
            return utc, precision, origin, sure
    return None, None, None, 0.0


def _percent(share: float) -> int | None:
    """Unknown where nothing was measured."""
    return round(100 * share) or None


def broken_reader(report: Report) -> str | None:
    """Why nothing could be read by a fault of ours, or None: no page was read at all, and the reader itself
    failed, or broke on several of them."""
    counts: Counter[str] = Counter()
    for ledger in report.sources:
        counts += ledger.rejected + ledger.quarantined + ledger.failed
    ours = {word: n for word, n in counts.items() if n > 0 and reason_of(word).fault == "pressgauge"}
    any_read = report.stored or any(counts[word] for word in READINGS)
    any_failed = any(word.startswith(("parser_error", "error", "bug")) for word in ours)
    if any_read or not ours or not (any_failed or sum(ours.values()) >= _FEWEST_BROKEN):
        return None
    word = max(ours, key=lambda one: ours[one])
    return f"no page could be read: Pressgauge's own reader failed on {sum(ours.values()):,} ({word})"


def backoff(reason: str, weight: float, now: datetime) -> tuple[float, datetime | None]:
    """(new weight, moment before which the source is left alone) after one more failure in a row.

    Weighted linear: each failure adds 1, or 2 where the feed seems to be gone; a source waits half an hour
    for each point, at most a day. It is never given up, and its first success starts from nothing.
    """
    entry = reason_of(reason)
    if entry.by_hand:
        return weight, None
    is_gone = entry.fault == "publisher" and not entry.passes
    weight += 2.0 if is_gone else 1.0
    return weight, now + min(_BACKOFF_STEP * weight, LONGEST_BACKOFF)


def event(errors: Mapping[str, str | None], answers: Mapping[int, Collection[str]]) -> str | None:
    """What befell the whole refresh: 'offline', 'captive_portal' or None.

    `errors` has the reason of each source that lies on the web, None where it answered; `answers` the hosts
    that gave the same body, by its digest. One source alone says nothing about the network, and neither does
    one that was not asked because of its settings.
    """
    reasons = [reason for reason in errors.values() if reason is None or not reason_of(reason).by_hand]
    if len(reasons) < 2 or None in reasons:
        return None
    online_count = sum(1 for reason in reasons if reason not in OFFLINE)
    if not online_count:
        return "offline"
    same = max((len(hosts) for hosts in answers.values()), default=0)
    return "captive_portal" if same >= min(PORTAL_HOSTS, max(2, online_count)) else None
