"""Hacker News through Algolia: the pages that its readers submitted for a query.

Contract: "HN Search API" (hn.algolia.com/api) and algolia/hn-search issue 230. Relied on: GET
search_by_date with query, tags=story, numericFilters on created_at_i (Unix seconds; other fields have been
refused), hitsPerPage <= 1000; {"hits": [{objectID, title, url or null, author, points,
num_comments, created_at_i}], "nbHits", "nbPages"}; no more than 1,000 hits of a query can be reached, so a
fuller slice is asked again in halves; no key.

`created_at_i` is when a reader submitted the page, not when it appeared: the page itself has to say that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.shared import api
from collectors.shared.backfill import Backfill, halved, slices
from collectors.shared.options import Options
from collectors.shared.outlets import with_outlet
from collectors.source import Source

_CAP = 1_000
_STEP = timedelta(days=7)
_SMALLEST = timedelta(minutes=1)
_FIRST = datetime(2006, 10, 9, tzinfo=UTC)
"""The day Hacker News opened."""


class HackerNews:
    kind = "hackernews"
    summary = "pages that Hacker News readers submitted for a query, through Algolia"
    limits = "what readers chose, not what the press published; 1,000 stories a minute"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "query", "min_points")
        query = options.required("query", "open source llm")
        fewest = options.whole("min_points", 0, 0, 10_000)
        reachable = Window(max(window.since, _FIRST), window.until) if window.since else window
        backfill = Backfill(context.cursor, f"hackernews:{query}")
        todo = backfill.todo(
            reachable,
            datetime.now(UTC),
            default=timedelta(days=7),
            overlap=timedelta(days=1 if fewest else 0),
        )
        page = partial(self._page, source, context, query)
        for since, until in slices(todo, _STEP):
            async for start, end, hits, capped in halved(since, until, page, _SMALLEST):
                for hit in hits:
                    yield with_outlet(self._candidate(hit, fewest), source)
                if capped:
                    yield Rejected(f"{source.url}#{start.isoformat()}/{end.isoformat()}", "over_limit")
                backfill.finish(start, end)

    async def _page(
        self, source: Source, context: Context, query: str, since: datetime, until: datetime
    ) -> tuple[list[dict[str, Any]], bool]:
        between = f"created_at_i>={int(since.timestamp())},created_at_i<{int(until.timestamp())}"
        answer = await api.get_json(
            context,
            source,
            source.url,
            {"query": query, "tags": "story", "numericFilters": between, "hitsPerPage": _CAP},
        )
        hits = api.rows_of(answer, "hits")
        total = answer.get("nbHits")
        if not isinstance(total, int):
            raise CollectError("schema_changed", "the answer has no number of hits, `nbHits`.")
        return hits, total > len(hits)

    @staticmethod
    def _candidate(hit: dict[str, Any], fewest: int) -> Candidate | Rejected:
        url = api.text_of(hit, "url")
        if url is None:
            return Rejected(f"https://news.ycombinator.com/item?id={hit.get('objectID')}", "no_url")
        points = hit.get("points")
        if fewest and not (isinstance(points, int) and points >= fewest):
            return Rejected(url, "few_points")
        return Candidate(url, title=api.text_of(hit, "title"))
