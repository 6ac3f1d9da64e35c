"""The Guardian Open Platform: the Guardian's articles that match a query, with their full text, back to 1999.

Contract: open-platform.theguardian.com/documentation/search and /access. Relied on: GET search with q,
section, tag, from-date and to-date (YYYY-MM-DD, both inclusive), use-date=published, order-by=oldest,
page-size <= 200, page from 1, show-fields=headline,byline,body, show-tags=contributor and api-key;
{"response": {"status", "total", "pages", "currentPage", "results": [{id, type, webUrl, webTitle,
webPublicationDate, fields, tags: [{type, webTitle}]}]}}; 401 for a bad key, 429 beyond the day's requests
(500 for a developer key), with X-RateLimit-Remaining-day on every answer. The key goes into the URL, so every
error is scrubbed. A byline may hold what somebody is ("Alex Hern UK technology editor"), the tags of
contributors are the names alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.formats.values.bylines import persons
from collectors.shared import api
from collectors.shared.backfill import Backfill, slices, whole_days
from collectors.shared.options import Options
from collectors.shared.plainpage import plain_page
from collectors.shared.timestamps import parse_iso
from collectors.source import Source

_KEY = "GUARDIAN_API_KEY"
_STEP = timedelta(days=30)
_PAGE_SIZE = 200
_MOST_PAGES = 200


class Guardian:
    kind = "guardian"
    summary = "the Guardian's articles that match a query, with full text, since 1999"
    limits = "one outlet; 500 requests of 200 articles a day with a developer key; non-commercial use"
    key: str | None = _KEY
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "query", "section", "tag")
        key = api.require_key(
            context, _KEY, "a free developer key is at https://open-platform.theguardian.com/access"
        )
        query = {"q": options.text("query"), "section": options.text("section"), "tag": options.text("tag")}
        backfill = Backfill(context.cursor, f"guardian:{query}")
        todo = whole_days(
            backfill.todo(window, datetime.now(UTC), default=timedelta(days=7), overlap=timedelta(days=1))
        )
        for since, until in slices(todo, _STEP):
            page, pages = 1, 1
            while page <= pages:
                answer = await self._page(source, context, query, since, until, page, key)
                for result in api.rows_of(answer, "response", "results"):
                    yield self._candidate(result, Window(since, until))
                pages = answer["response"].get("pages")
                if not isinstance(pages, int):
                    raise CollectError("schema_changed", "the answer does not say how many pages there are.")
                if page == _MOST_PAGES < pages:
                    yield Rejected(f"{source.url}#{since.date()}/{until.date()}", "over_limit")
                    break
                page += 1
            backfill.finish(since, until)

    @staticmethod
    async def _page(
        source: Source,
        context: Context,
        query: dict[str, str],
        since: datetime,
        until: datetime,
        page: int,
        key: str,
    ) -> Any:
        params = {
            **{name: value for name, value in query.items() if value},
            "from-date": since.date().isoformat(),
            "to-date": (until - timedelta(microseconds=1)).date().isoformat(),
            "use-date": "published",
            "order-by": "oldest",
            "page-size": _PAGE_SIZE,
            "page": page,
            "show-fields": "headline,byline,body",
            "api-key": key,
            "show-tags": "contributor",
        }
        return await api.get_json(context, source, source.url, params, key=key)

    @staticmethod
    def _candidate(result: dict[str, Any], window: Window) -> Candidate | Rejected:
        if (url := api.text_of(result, "webUrl")) is None:
            return Rejected("", "no_url")
        published, precision = parse_iso(api.text_of(result, "webPublicationDate"))
        if not window.contains(published):
            return Rejected(url, "outside_window")
        fields = values if isinstance(values := result.get("fields"), dict) else {}
        title = api.text_of(fields, "headline") or api.text_of(result, "webTitle")
        body = api.text_of(fields, "body")
        authors = _authors(api.text_of(fields, "byline") or "", result.get("tags"))
        return Candidate(
            url,
            title=title,
            published=published,
            published_precision=precision,
            authors=authors,
            html=plain_page(url, body, title=title, authors=authors, published=published, language="en")
            if body
            else None,
        )


def _authors(byline: str, tags: Any) -> tuple[str, ...]:
    """The persons of a byline in its order: contributors as their tags write them, others as read."""
    contributors = [
        name
        for tag in (tags if isinstance(tags, list) else [])
        if isinstance(tag, dict)
        and tag.get("type") == "contributor"
        and (name := api.text_of(tag, "webTitle"))
    ]
    in_byline = [name for name in contributors if name in byline]
    others = [name for name in persons(byline) if not any(name in one or one in name for one in in_byline)]
    return (
        tuple(sorted(dict.fromkeys([*in_byline, *others]), key=byline.find))
        if byline
        else tuple(contributors)
    )
