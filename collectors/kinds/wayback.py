"""The Wayback Machine: pages of an outlet as they were archived, for articles that are gone.

Contract: "Wayback CDX Server API" (internetarchive/wayback, wayback-cdx-server/README.md). Relied on: GET
with url ("example.org/tech/*" means all below), output=json, fl, from and to (YYYYMMDDhhmmss, inclusive),
repeated filter, collapse=urlkey (the first capture of each address), limit, showResumeKey and resumeKey; an
array whose first row names the fields and whose last, after an empty row, is the resume key; [] for none. A
capture as it was archived, without the archive's own toolbar and links, is at /web/TIMESTAMPid_/URL. Load is
shed with 429: what was asked for too often is left alone, and its slice is not done.

A capture tells when a page was archived; when it was published, the page itself has to say.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.reasons import reason_of
from collectors.retries import next_attempt
from collectors.shared import api
from collectors.shared.backfill import Backfill, slices
from collectors.shared.options import Options
from collectors.shared.outlets import with_outlet
from collectors.shared.timestamps import parse_stamp, stamp
from collectors.source import Source

_FIELDS = ("timestamp", "original")
_STEP = timedelta(days=30)
_OVERLAP = timedelta(days=1)
"""The index names captures late: so much of the time before is asked for again, not its captures."""
_PAGE_SIZE = 1_000
_MOST_PAGES = 100
_STOPS = ("http_429", "host_paused")
_MAX_CAPTURE = 10 * 1024 * 1024


class Wayback:
    kind = "wayback"
    summary = "archived pages of an outlet, for articles that are gone, from the Wayback Machine"
    limits = "one request a page, slow; finds pages by address and date of capture, not by words"
    key: str | None = None
    takes_path = False

    async def collect(
        self, source: Source, window: Window, context: Context
    ) -> AsyncIterator[Candidate | Rejected]:
        options = Options(source, "pages", "captures", "include")
        pages = options.required("pages", "example.org/technology/*")
        captures = options.text("captures", urljoin(source.url, "/web/"))
        include = options.words("include")
        key = f"wayback:{pages}"
        backfill = Backfill(context.cursor, key)
        todo = backfill.todo(window, datetime.now(UTC), default=_STEP, overlap=_OVERLAP)
        # By address: the moment of the capture, how often it has failed and when it is asked for again.
        failing: dict[str, list[Any]] = dict(context.cursor.get(f"{key}:failing") or {})
        retried, now = list(failing), datetime.now(UTC)

        def put_aside(original: str, moment: str, attempts: int) -> None:
            if next_moment := next_attempt("failed", None, attempts, now):
                failing[original] = [moment, attempts, next_moment.isoformat()]

        for original, (moment, attempts, *next_moment) in list(failing.items()):
            if next_moment and datetime.fromisoformat(next_moment[0]) > now:
                continue
            item = await self._fetch_capture(source, context, f"{captures}{moment}id_/{original}", original)
            del failing[original]
            if _passing(item):
                put_aside(original, moment, attempts + 1)
            yield with_outlet(item, source)
            context.cursor.set(f"{key}:failing", failing)
        before = set(context.cursor.get(f"{key}:read") or ())
        urls = set(retried)
        for since, until in slices(todo, _STEP):
            late = set[str]()
            async for row in self._captures(source, context, pages, since, until):
                if isinstance(row, Rejected):
                    yield row
                    continue
                moment, original = row
                if moment >= stamp(until - _OVERLAP):
                    late.add(original)
                if (
                    original in urls
                    or original in before
                    or (include and not any(part in original for part in include))
                ):
                    continue
                try:
                    item = await self._fetch_capture(
                        source, context, f"{captures}{moment}id_/{original}", original
                    )
                except CollectError:
                    context.cursor.set(f"{key}:read", sorted(urls | before))
                    context.cursor.set(f"{key}:failing", failing)
                    raise
                urls.add(original)
                if _passing(item):
                    put_aside(original, moment, 1)
                yield with_outlet(item, source)
            backfill.finish(since, until)
            context.cursor.set(f"{key}:failing", failing)
            context.cursor.set(f"{key}:read", sorted(late))

    @staticmethod
    async def _captures(
        source: Source, context: Context, pages: str, since: datetime, until: datetime
    ) -> AsyncIterator[tuple[str, str] | Rejected]:
        params: dict[str, Any] = {
            "url": pages,
            "output": "json",
            "fl": ",".join(_FIELDS),
            "from": stamp(since),
            "to": stamp(until - timedelta(seconds=1)),
            "filter": ["statuscode:200", "mimetype:text/html"],
            "collapse": "urlkey",
            "limit": _PAGE_SIZE,
            "showResumeKey": "true",
        }
        keys: set[str] = set()
        while True:
            rows = await api.get_json(context, source, source.url, params)
            if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
                raise CollectError("schema_changed", "the CDX server did not answer with a list of rows.")
            resume = rows[-1][0] if len(rows) > 2 and rows[-2] == [] and rows[-1] else None
            for row in rows[1 : -2 if resume else None]:
                if not (len(row) == len(_FIELDS) and isinstance(row[1], str) and parse_stamp(str(row[0]))):
                    raise CollectError("schema_changed", f"a row of the index is not {_FIELDS}.")
                yield str(row[0]), row[1]
            if resume is None:
                return
            if not isinstance(resume, str) or resume in keys or len(keys) == _MOST_PAGES:
                reason = "over_limit" if len(keys) == _MOST_PAGES else "repeated_page"
                yield Rejected(f"{source.url}#{stamp(since)}-{stamp(until)}", reason)
                return
            keys.add(resume)
            params["resumeKey"] = resume

    @staticmethod
    async def _fetch_capture(
        source: Source, context: Context, capture: str, original: str
    ) -> Candidate | Rejected:
        """The page of a capture, or why it is lost. Raises CollectError when the archive sheds load or cannot
        be reached."""
        try:
            response = await api.get(context, source, capture, accept="text/html", max_bytes=_MAX_CAPTURE)
        except CollectError as error:
            if error.reason in _STOPS or reason_of(error.reason).fault == "network":
                raise  # the slice is not done: the next refresh goes on in it
            return Rejected(original, error.reason)
        return Candidate(original, html=response.body, charset=response.charset)


def _passing(item: Candidate | Rejected) -> bool:
    """Whether a capture could not be had for the moment only."""
    return isinstance(item, Rejected) and reason_of(item.reason).passes
