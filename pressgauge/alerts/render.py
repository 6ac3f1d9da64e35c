"""Notices in words: Atom for feed readers, HTML and Markdown for people, JSON for chats."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any
from xml.etree import ElementTree

from pressgauge.alerts.notice import Item, Notice
from pressgauge.unicode import steady_line
from pressgauge.urls import is_web

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#+!|~&])")
_LONGEST = 300
"""Characters of a headline that are shown."""
_STYLE = "font-family:Helvetica,Arial,sans-serif;color:#1b1f23;font-size:15px;line-height:1.45"


def identity(notice: Notice) -> str:
    """What tells a notice from all others, as 32 hexadecimal digits: a message's id, a feed entry's."""
    return hashlib.sha256(f"{notice.alert}\n{notice.key}".encode()).hexdigest()[:32]


def atom(notices: Sequence[Notice], *, updated: datetime, address: str = "") -> str:
    """An Atom feed (RFC 4287) of the notices, the newest first; `address` is where it is to be had."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add_element(feed, "id", "urn:pressgauge:alerts")
    _add_element(feed, "title", "Pressgauge alerts")
    newest = max([notice.at for notice in notices], default=updated)
    _add_element(feed, "updated", newest.astimezone(UTC).isoformat())
    _add_element(_add_element(feed, "author"), "name", "Pressgauge")
    if is_web(address):
        _add_element(feed, "link", rel="self", href=address)
    for notice in sorted(notices, key=lambda notice: notice.at, reverse=True):
        entry = _add_element(feed, "entry")
        of = identity(notice)
        _add_element(entry, "id", f"urn:uuid:{of[:8]}-{of[8:12]}-{of[12:16]}-{of[16:20]}-{of[20:]}")
        _add_element(entry, "title", notice.title)
        _add_element(entry, "updated", notice.at.astimezone(UTC).isoformat())
        _add_element(entry, "category", term=notice.alert)
        if (
            url := next((item.url for item in notice.items if item.url and is_web(item.url)), None)
        ) is not None:
            _add_element(entry, "link", rel="alternate", href=url)
        _add_element(entry, "content", _notice_html(notice), type="html")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode")


def html(notices: Sequence[Notice], *, title: str, lead: str = "", body: str = "") -> str:
    """A document that mail clients show: no script, no picture, no style sheet, nothing from another host.

    `lead` is a sentence, `body` markup that stands before the notices.
    """
    sections = "".join(f'<h2 style="font-size:17px">{escape(n.title)}</h2>{_notice_html(n)}' for n in notices)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title></head>'
        f'<body style="margin:0;padding:16px;background:#ffffff;{_STYLE}">'
        '<div style="max-width:640px;margin:0 auto">'
        f'<h1 style="font-size:21px">{escape(title)}</h1><p>{escape(lead)}</p>{body}{sections}</div>'
        "</body></html>\n"
    )


def markdown(notices: Sequence[Notice], *, title: str, lead: str = "", body: str = "") -> str:
    """The same as Markdown (CommonMark); `body` is Markdown. Nothing in a headline is taken for markup."""
    parts = [f"# {plain(title)}", plain(lead), body.strip()]
    for notice in notices:
        items = "\n".join(f"- {_markdown_item(item)}" for item in notice.items)
        parts += [f"## {plain(notice.title)}", plain(notice.text), items]
    return "\n\n".join(part for part in parts if part) + "\n"


def chat(notice: Notice) -> dict[str, Any]:
    """The JSON of a webhook. Slack, Mattermost and Teams show `text` (Markdown; its markup escaped, no
    mentions); programs read the rest, which is `Notice.to_dict` and `id`."""
    lines = [f"**{_chat_text(notice.title)}**", _chat_text(notice.text)]
    lines += [f"- {_chat_item(item)}" for item in notice.items]
    return {"text": "\n\n".join(lines), "id": identity(notice), "notice": notice.to_dict()}


def plain(text: str) -> str:
    """`text` on one line, as Markdown that means nothing but its letters."""
    flat = steady_line(_NO_XML.sub("", text))[: 4 * _LONGEST]
    return _MARKDOWN.sub(r"\\\1", flat)


def _add_element(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    valid = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", valid)
    child.text = _NO_XML.sub("", text) or None
    return child


def _notice_html(notice: Notice) -> str:
    items = "".join(f'<li style="margin:4px 0">{_html_item(item)}</li>' for item in notice.items)
    return f"<p>{escape(notice.text)}</p>" + (f"<ul>{items}</ul>" if items else "")


def _html_item(item: Item) -> str:
    title = escape(_title_of(item))
    link = f'<a href="{escape(item.url)}">{title}</a>' if item.url and is_web(item.url) else title
    return f'{link} <span style="color:#57606a">{escape(_source_line(item))}</span>'


def _markdown_item(item: Item) -> str:
    title = plain(_title_of(item))
    link = f"[{title}](<{_link_target(item.url)}>)" if item.url and is_web(item.url) else title
    return f"{link} {plain(_source_line(item))}"


def _chat_item(item: Item) -> str:
    title = _chat_text(_title_of(item))
    link = f"[{title}]({_link_target(item.url)})" if item.url and is_web(item.url) else title
    return f"{link} {_chat_text(_source_line(item))}"


def _chat_text(text: str) -> str:
    """Text that no chat takes for markup: `&<>` escaped as Slack asks, and no mention of a channel."""
    flat = steady_line(_NO_XML.sub("", text))[: 4 * _LONGEST].replace("@", "@\u200b")
    return re.sub(r"([\\`*_\[\]~|])", r"\\\1", escape(flat, quote=False))


def _link_target(url: str | None) -> str:
    """An address that ends a link nowhere but at its end."""
    escapes = {
        " ": "%20",
        "<": "%3C",
        ">": "%3E",
        "(": "%28",
        ")": "%29",
        "|": "%7C",
        "@": "%40",
        "\\": "%5C",
    }
    return "".join(escapes.get(character, character) for character in url or "" if character.isprintable())


def _title_of(item: Item) -> str:
    title = " ".join((item.title or "").split()) or "(no title)"
    return title if len(title) <= _LONGEST else f"{title[:_LONGEST]}…"


def _source_line(item: Item) -> str:
    day = f"{item.published:%Y-%m-%d}" if item.published else "no date"
    return ", ".join(filter(None, [item.outlet, day]))
