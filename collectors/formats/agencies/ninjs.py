"""Agencies' JSON: ninjs 1 and 2 (IPTC), AP's media API, dpa digital wires, PA's and Superdesk's items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from collectors.formats.agencies.closing import without_closing
from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.markup import html_lines, plain_title
from collectors.formats.values.bylines import persons
from collectors.formats.values.dates import read_date
from collectors.formats.values.languages import language_code

_BODIES = ("body_html", "article_html", "body_xhtml", "body_text", "bodytext")
_DATES = (
    "firstcreated",
    "firstCreated",
    "content_created",
    "issued",
    "firstpublished",
    "version_created",
    "versioncreated",
    "versionCreated",
    "published",
    "updated",
)


def is_item(data: Any) -> bool:
    """Whether a JSON object is one of an agency's items."""
    if not isinstance(data, dict) or not ({"headline", "headlines", "title"} & data.keys()):
        return False
    if str(data.get("format", "")).startswith("digitalwires"):
        return True
    identity = {"uri", "guid", "urn", "altids", "_id"} & data.keys()
    dates = {
        "versioncreated",
        "firstcreated",
        "versionCreated",
        "firstCreated",
        "version_created",
        "issued",
    } & data.keys()
    return bool(identity and dates) and ("type" in data or bool(data.keys() & {*_BODIES, "bodies"}))


def read_item(data: dict[str, Any], name: str) -> Iterator[Item]:
    kind = str(data.get("type") or "text").lower()
    if kind not in ("text", "composite", "article", "story", "preformatted"):
        yield Notice("not_text", f"an item of {name} is of type {kind}", counts=True)
        return
    if str(data.get("pubstatus", "")).rpartition(":")[2].lower() in ("canceled", "cancelled", "withheld"):
        yield Notice("withdrawn", f"an item of {name} was withdrawn by its agency", counts=True)
        return
    record = Record(database="agency")
    record.title = plain_title(
        _text(data, "headline") or _value_of_role(data, "headlines", "main") or _text(data, "title")
    )
    lines = next((body for key in _BODIES if (body := html_lines(_text(data, key)))), [])
    if not lines:
        lines = html_lines(_value_of_role(data, "bodies", "main"))
    record.text = "\n".join(without_closing(lines)) or None
    record.authors = persons(_text(data, "byline") or _value_of_role(data, "bylines", "main")) or _people(
        data
    )
    record.outlet = _outlet(data)
    record.set_date(
        next((moment for key in _DATES if (moment := read_date(_text(data, key)))[0]), (None, None))
    )
    record.language = language_code(_text(data, "language"))
    ids = data.get("altids")
    item_id = ids.get("itemid") if isinstance(ids, dict) else None
    record.document = str(data.get("urn") or item_id or data.get("guid") or data.get("uri") or "") or None
    if record.text is None:
        record.partial = "title_only"
    if record.title is None and record.text is None:
        yield Notice("empty_document", f"an item of {name} has no text", counts=True)
        return
    yield record.note(
        subtitle=_text(data, "subhead"),
        kicker=_text(data, "kicker"),
        dateline=_text(data, "dateline"),
        slug=_text(data, "slugline"),
        place=_text(data, "located"),
    )


def _text(data: dict[str, Any], key: str) -> str | None:
    value = data.get(key)
    return value.strip() or None if isinstance(value, str) else None


def _value_of_role(data: dict[str, Any], key: str, role: str) -> str | None:
    """The value of ninjs 2's lists: the one with a role, else the first."""
    values = data.get(key)
    items = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
    best = next((one for one in items if role in str(one.get("role", ""))), items[0] if items else None)
    return _text(best, "value") if best else None


def _people(data: dict[str, Any]) -> tuple[str, ...]:
    authors = data.get("authors")
    return (
        tuple(name for one in authors if isinstance(one, dict) and (name := _text(one, "name")))
        if isinstance(authors, list)
        else ()
    )


def _outlet(data: dict[str, Any]) -> str | None:
    for key in ("source", "creditline", "provider", "copyrightholder", "copyrightHolder"):
        if name := _text(data, key):
            return name
    for key in ("infosource", "infosources"):
        if isinstance(data.get(key), list):
            for one in data[key]:
                if isinstance(one, dict) and (name := _text(one, "name")):
                    return name
    return None
