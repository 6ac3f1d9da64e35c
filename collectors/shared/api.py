"""What the collectors of web services share: the key, a JSON answer, and errors that never show the key."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from collectors.collector import Context
from collectors.errors import CollectError, FetchError, scrub
from collectors.source import Source
from collectors.web.politeness import jittered
from pressgauge.errors import one_line

if TYPE_CHECKING:
    from collectors.web.fetch import Response

MAX_ANSWER = 32 * 1024 * 1024
_START = 20_000
"""Characters that are scrubbed for the 200 shown: a cut through a key is far behind these."""
PAUSE = 1.0
"""Seconds before a service that calls its refusal temporary is asked again; the next pause is double."""
_TRIES = 3
_LONGEST_MESSAGE = 300
_MESSAGES = ("note", "message", "detail", "error", "errors", "reason", "response")
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?')


def require_key(context: Context, name: str, how: str) -> str:
    """The key in the environment variable `name`; CollectError('missing_key') says `how` to get one."""
    if not (key := context.environ.get(name, "").strip()):
        raise CollectError("missing_key", f"set {name} in the environment; {how}")
    return key


async def get(
    context: Context,
    source: Source,
    url: str,
    params: dict[str, Any] | None = None,
    *,
    accept: str = "application/json",
    headers: dict[str, str] | None = None,
    key: str | None = None,
    max_bytes: int = MAX_ANSWER,
) -> Response:
    """One request to a service; its FetchError goes on without the key or a chain that holds it.

    What the service says with a refusal is in the detail. One that calls its refusal temporary is asked
    again, twice, and then 'service_fault'; one that does not like what it was asked is 'bad_request'.
    """
    address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params, doseq=True)}" if params else url
    for attempt in range(_TRIES):
        try:
            return await context.fetch(
                address,
                source=source,
                accept=accept,
                conditional=False,
                max_bytes=max_bytes,
                headers=headers,
                robots=False,
            )
        except FetchError as error:
            message, temporary = _refusal(error.answer)
            if not (temporary and attempt + 1 < _TRIES):
                words = f"; it says: {scrub(message, key)[:_LONGEST_MESSAGE]}" if message else ""
                reason = _reason(error.reason, temporary, key is not None)
                raise CollectError(reason, scrub(error.detail, key) + words) from None
        await asyncio.sleep(jittered(PAUSE * 2**attempt))
    raise AssertionError("unreachable")


def _reason(reason: str, temporary: bool | None, with_key: bool) -> str:
    if temporary:
        return "service_fault"
    if with_key and reason in ("http_401", "http_403"):
        return "bad_key"
    return "bad_request" if reason == "http_422" or (reason == "http_400" and temporary is False) else reason


def _refusal(answer: bytes) -> tuple[str, bool | None]:
    """(what a service says in a refusal, whether it calls that temporary or None); a web page is no word."""
    text = answer.decode("utf-8", "replace").strip()
    try:
        refusal = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return ("" if "<" in text else one_line(text)), None
    if not isinstance(refusal, dict):
        return "", None
    temporary = refusal.get("temporary")
    return message_of(refusal), temporary if isinstance(temporary, bool) else None


def message_of(answer: Any) -> str:
    """The message in an answer of JSON, under the names that services give it; "" when there is none."""
    if not isinstance(answer, dict):
        return ""
    for name in _MESSAGES:
        value = answer.get(name)
        if isinstance(value, str) and value.strip():
            return one_line(value.strip())
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return one_line("; ".join(value))
        if isinstance(value, dict) and (inner := message_of(value)):
            return inner
    return ""


async def get_json(context: Context, source: Source, url: str, params: dict[str, Any], **how: Any) -> Any:
    """The JSON answer of a service; CollectError('not_json') with the start of what came instead.

    Services answer an error as prose or a web page with status 200: that is never taken for "nothing found".
    """
    response = await get(context, source, url, params, **how)
    text = response.body.decode("utf-8", "replace")
    try:
        return json.loads(_ESCAPE.sub(_repaired, text), strict=False)
    except (ValueError, RecursionError):
        start = " ".join(scrub(text[:_START], how.get("key"))[:200].split())
        raise CollectError("not_json", f"{urlsplit(url).hostname} answered: {start or '(nothing)'}") from None


def _repaired(escape: re.Match[str]) -> str:
    r"""GDELT copies titles into JSON as they are: `\d` is not an escape, so its backslash is doubled."""
    return escape[0] if escape[1] else r"\\"


def rows_of(answer: Any, *path: str) -> list[dict[str, Any]]:
    """The list of objects at `path` in an answer; CollectError('schema_changed') when it is not there."""
    message = message_of(answer)
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        words = f" It says: {scrub(message)[:_LONGEST_MESSAGE]}" if message else ""
        raise CollectError(
            "schema_changed", f"the answer has no list of objects at `{'.'.join(path)}`.{words}"
        )
    return answer


def text_of(row: dict[str, Any], name: str) -> str | None:
    """A field that must be text: anything else is as good as absent."""
    value = row.get(name)
    return value.strip() or None if isinstance(value, str) else None
