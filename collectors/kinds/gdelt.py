"""GDELT DOC 2.0: articles of the world's press that match a query, and their share of all articles.

Contract: "GDELT DOC 2.0 API Debuts!" (blog.gdeltproject.org/gdelt-doc-2-0-api-debuts) and the behaviour
reported by the client alex9smith/gdelt-doc-api. Relied on: GET with query, mode (ArtList, TimelineVol),
format=json, maxrecords <= 250, startdatetime and enddatetime as YYYYMMDDhhmmss UTC, within the last three
months; ArtList answers {"articles": [{url, title, seendate "YYYYMMDDThhmmssZ", domain, language,
sourcecountry}]}, and {} for none; TimelineVol answers {"timeline": [{"series", "data": [{"date",
"value"}]}]} with value in percent of all articles. An error is prose with status 200, titles are put into
the JSON without escaping, and the service asks for one request every 5 seconds and sheds load with 429
below that rate: `gkg` is the dependable way to the same press.

`sourcecountry` and `language` are wrong for some well-known outlets, which the settings know better; but an
outlet may publish in more languages than one (bbc.com/arabic), which the headline then shows. `seendate` is
when GDELT saw an article, not when it appeared: the page itself has to say that.
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
from collectors.shared.backfill import Backfill, Span, halved, slices
from collectors.shared.options import Options
from collectors.shared.timestamps import parse_stamp, stamp
from collectors.source import Source
from pressgauge.languages import country_code, language_code
from pressgauge.settings.outlets import known_outlets

_CAP = 250
_SMALLEST = timedelta(minutes=15)
_REACH = timedelta(days=90)


class Gdelt:
    kind = "gdelt"
    summary = "articles of the world's press that match a query, through GDELT DOC 2.0"
    limits = "the last three months only; 250 articles per 15 minutes; often sheds load with 429: prefer gkg"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "query", "timeline", "slice_hours")
        query = options.required("query", '"open source" (llm OR "language model") sourcelang:english')
        step = timedelta(hours=options.whole("slice_hours", 6, 1, 24 * 7))
        now = datetime.now(UTC)
        reachable = Window(max(window.since, now - _REACH), window.until) if window.since else window
        backfill = Backfill(context.cursor, f"gdelt:{query}")
        todo = backfill.todo(reachable, now, default=timedelta(days=1), overlap=timedelta(hours=1))
        if options.flag("timeline") and todo.since < todo.until:
            # First: a limit or an interruption of the articles must not cost it.
            try:
                await self._timeline(source, context, query, todo)
            except CollectError as error:
                yield Rejected(f"{source.url}#timeline", error.reason)
        urls: set[str] = set()
        page = partial(self._page, source, context, query)
        for since, until in slices(todo, step):
            async for start, end, articles, capped in halved(since, until, page, _SMALLEST):
                for article in articles:
                    for item in self._candidates(article, urls):
                        yield item
                if capped:
                    yield Rejected(f"{source.url}#{stamp(start)}-{stamp(end)}", "over_limit")
                backfill.finish(start, end)

    async def _ask(self, source: Source, context: Context, query: str, span: Span, **params: Any) -> Any:
        return await api.get_json(
            context,
            source,
            source.url,
            {
                "query": query,
                "format": "json",
                "startdatetime": stamp(span.since),
                "enddatetime": stamp(span.until - timedelta(seconds=1)),
                **params,
            },
        )

    async def _page(
        self, source: Source, context: Context, query: str, since: datetime, until: datetime
    ) -> tuple[list[dict[str, Any]], bool]:
        answer = await self._ask(
            source, context, query, Span(since, until), mode="ArtList", maxrecords=_CAP, sort="DateAsc"
        )
        articles = api.rows_of(answer, "articles") if answer else []
        return articles, len(articles) >= _CAP

    @staticmethod
    def _candidates(article: dict[str, Any], urls: set[str]) -> list[Candidate | Rejected]:
        url = api.text_of(article, "url")
        if url is None:
            return [Rejected("", "no_url")]
        if url in urls:
            return []
        urls.add(url)
        domain = api.text_of(article, "domain")
        outlet = known_outlets().find(domain, domain)
        country = country_code(api.text_of(article, "sourcecountry"))
        language = language_code(api.text_of(article, "language"))
        title = api.text_of(article, "title")
        return [
            Candidate(
                url,
                title=title,
                outlet=domain,
                domain=domain,
                country=outlet.country or country if outlet else country,
                language=_language(title, language, outlet.language if outlet else None),
            )
        ]

    async def _timeline(self, source: Source, context: Context, query: str, span: Span) -> None:
        """Keep the worldwide volume (percent of all articles that GDELT monitors) as a reference series."""
        if context.reference is None:
            return
        import pandas as pd

        from pressgauge.store.reference import save_reference

        answer = await self._ask(source, context, query, span, mode="TimelineVol")
        rows = []
        for series in api.rows_of(answer, "timeline") if answer else []:
            for point in api.rows_of(series, "data"):
                period = parse_stamp(str(point.get("date", "")).replace("T", "").replace("Z", ""))
                value = point.get("value")
                if period is None or isinstance(value, bool) or not isinstance(value, int | float):
                    raise CollectError("schema_changed", "a point of TimelineVol has no date or no value.")
                rows.append((source.name, query, period, float(value), "percent of all articles"))
        if rows:
            save_reference(
                context.reference, pd.DataFrame(rows, columns=["source", "series", "period", "value", "unit"])
            )


def _language(title: str | None, gdelt_language: str | None, usual: str | None) -> str | None:
    """The outlet's usual language, unless the headline, too, is in the one that GDELT names."""
    if usual is None or gdelt_language in (None, usual) or not title:
        return usual or gdelt_language
    from collectors.extraction.language import language_of

    return gdelt_language if language_of(title, None) == gdelt_language else usual
