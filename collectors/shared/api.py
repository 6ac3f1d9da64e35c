"""What the collectors of web services share: the key, a JSON answer, and errors that never show the key."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from collectors.collector import Context
from collectors.errors import CollectError, FetchError, scrub
from collectors.source import Source

if TYPE_CHECKING:
    from collectors.web.fetch import Response

MAX_ANSWER = 32 * 1024 * 1024
_START = 20_000
"""Characters that are scrubbed for the 200 shown: a cut through a key is far behind these."""
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
    """One request to a service; its FetchError goes on without the key or a chain that holds it."""
    address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params, doseq=True)}" if params else url
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
        refused = key is not None and error.reason in ("http_401", "http_403")
        reason = "bad_key" if refused else error.reason
        raise CollectError(reason, scrub(error.detail, key)) from None


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
    for name in path:
        answer = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(answer, list) or not all(isinstance(row, dict) for row in answer):
        raise CollectError("schema_changed", f"the answer has no list of objects at `{'.'.join(path)}`.")
    return answer


def text_of(row: dict[str, Any], name: str) -> str | None:
    """A field that must be text: anything else is as good as absent."""
    value = row.get(name)
    return value.strip() or None if isinstance(value, str) else None
