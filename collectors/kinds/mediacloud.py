"""Media Cloud: stories of its collections of outlets that match a query, back to 2008.

Contract: the client mediacloud/api-client (v4, `SearchApi.story_list`) and public uses of
https://search.mediacloud.org/api/search/story-list. Relied on: header `Authorization: Token KEY`; GET with
q, start and end (YYYY-MM-DD, both inclusive), platform=onlinenews-mediacloud, cs (collection ids,
comma-separated) or ss (source ids), one of which must be there (422 "Must have at least one of 'ss' or
'cs'", although the documentation says that all is the default), page_size <= 1000, pagination_token;
{"stories": [{id, url, title, publish_date, language, media_name, media_url}], "pagination_token": text or
null}, where media_name is a domain as well; 403 for a bad key; 400 for a quota that is used up, a fault of
the moment or a wrong query alike, with {"status": "error", "note": text, "temporary": bool}. `publish_date`
is a day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.shared import api
from collectors.shared.backfill import Backfill, slices, whole_days
from collectors.shared.options import Options
from collectors.shared.outlets import with_outlet
from collectors.shared.timestamps import parse_iso
from collectors.source import Source
from pressgauge.languages import language_code
from pressgauge.settings.outlets import known_outlets
from pressgauge.urls import host_of

_KEY = "MEDIACLOUD_API_KEY"
_STEP = timedelta(days=7)
_MOST_PAGES = 1_000


class MediaCloud:
    kind = "mediacloud"
    summary = "stories of Media Cloud's outlet collections that match a query"
    limits = "titles and addresses only (pages are fetched); a weekly quota of requests; dates are days"
    key: str | None = _KEY
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "query", "collections", "outlets", "page_size")
        key = api.require_key(
            context,
            _KEY,
            "a free key is on the profile page of an account at https://search.mediacloud.org",
        )
        query = options.required("query", '"open source" AND "artificial intelligence"')
        if not (options.words("collections") or options.words("outlets")):
            raise CollectError(
                "bad_option",
                f"source '{source.name}': it needs `collections` or `outlets`: the service takes no query "
                'of all it has; for example collections = ["34412234"].',
            )
        question = {
            "q": query,
            "platform": "onlinenews-mediacloud",
            "cs": ",".join(options.words("collections")),
            "ss": ",".join(options.words("outlets")),
            "page_size": options.whole("page_size", 500, 1, 1_000),
        }
        how = {"headers": {"Authorization": f"Token {key}"}, "key": key}
        backfill = Backfill(context.cursor, f"mediacloud:{query}:{question['cs']}:{question['ss']}")
        todo = whole_days(
            backfill.todo(window, datetime.now(UTC), default=timedelta(days=7), overlap=timedelta(days=2))
        )
        for since, until in slices(todo, _STEP):
            days = {
                "start": since.date().isoformat(),
                "end": (until - timedelta(microseconds=1)).date().isoformat(),
            }
            token, tokens = None, set()
            for page in range(_MOST_PAGES):
                params = {name: value for name, value in {**question, **days}.items() if value != ""}
                if token:
                    params["pagination_token"] = token
                answer = await api.get_json(context, source, source.url, params, **how)
                for story in api.rows_of(answer, "stories"):
                    yield with_outlet(self._candidate(story, Window(since, until)), source)
                token = api.text_of(answer, "pagination_token")
                if token is None:
                    break
                if token in tokens or page == _MOST_PAGES - 1:
                    reason = "repeated_page" if token in tokens else "over_limit"
                    yield Rejected(f"{source.url}#{days['start']}/{days['end']}", reason)
                    break
                tokens.add(token)
            backfill.finish(since, until)

    @staticmethod
    def _candidate(story: dict[str, Any], window: Window) -> Candidate | Rejected:
        if (url := api.text_of(story, "url")) is None:
            return Rejected("", "no_url")
        published, precision = parse_iso(api.text_of(story, "publish_date"))
        if not window.contains(published):
            return Rejected(url, "outside_window")
        return Candidate(
            url,
            title=api.text_of(story, "title"),
            published=published,
            published_precision=precision and "day",
            outlet=_outlet(story),
            domain=_host(api.text_of(story, "media_url")),
            language=language_code(api.text_of(story, "language")),
        )


def _outlet(story: dict[str, Any]) -> str | None:
    """The outlet's name. The service writes its domain there, which the settings know the name of."""
    name = api.text_of(story, "media_name")
    domain = _host(name) or _host(api.text_of(story, "media_url"))
    outlet = known_outlets().find(name, domain)
    return outlet.name if outlet else domain if _host(name) else name or domain


def _host(text: str | None) -> str | None:
    """The domain that a text is, alone or in an address; None for a name."""
    text = (text or "").lower()
    address = text if "://" in text else f"https://{text}"
    host = host_of(address)
    return host if host and "." in host and " " not in text else None
