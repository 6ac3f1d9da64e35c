"""Pages saved by a browser or SingleFile: HTML and MHTML, under the address that they give as their own."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from html import unescape

from collectors.formats.record import Item, Notice, Record
from collectors.formats.syntax.containers import mail_bytes
from collectors.formats.syntax.content import Content
from collectors.formats.values.addresses import is_proxied
from pressgauge.urls import is_web

_TAG = re.compile(rb"<(?:link|meta)\b[^<>]{1,2600}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"""(?<![\w-])(rel|property|href|content)\s{0,9}=\s{0,9}["']?([^"'\s>]{1,2000})""", re.IGNORECASE
)
_SAVED_FROM = re.compile(rb"saved from url=\(\d{4}\)(https?://\S{1,2000})", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    rb"Page saved with SingleFile\s{0,20}url:\s{0,5}(https?://\S{1,2000})", re.IGNORECASE
)
_HTML = re.compile(r"<!doctype html|<html\b|<head\b|<body\b|<article\b|<meta\b", re.IGNORECASE)
_MAX_PAGE = 10 * 1024 * 1024
_DATABASE = re.compile(
    r"\b(factiva|lexisnexis|nexis(?: uni| advance)?|proquest|europresse|genios|wiso|newsbank"
    r"|ebscohost|gale (?:onefile|academic)"
    r"|pressreader|retriever|mediearkivet|infomedia|bigkinds|integrum|聞蔵|ヨミダス|medialoopster"
    r"|meltwater|cision)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})", re.IGNORECASE)


def recognise_html(content: Content) -> bool:
    return _HTML.search(content.text_head[:5000]) is not None


def read_html(content: Content) -> Iterator[Item]:
    title = _TITLE.search(content.text_head)
    if title and (match := _DATABASE.search(title[1])):
        yield Notice(
            "unknown_layout",
            f"{content.name} is a page of {match[1]}, in a layout that is not known: export the articles, "
            "see docs/formats.md",
        )
        return
    if content.size > _MAX_PAGE:
        yield Notice("too_large", f"{content.name} has more than {_MAX_PAGE >> 20} MB", counts=True)
        return
    html = content.data()
    yield Record(html=html, url=declared_address(html[: 256 * 1024]))


def declared_address(html: bytes) -> str | None:
    """The address that a saved page gives as its own, or was saved from; a library's proxy is none."""
    values = []
    for tag in _TAG.findall(html):
        attributes = {name.lower(): value for name, value in _ATTRIBUTE.findall(tag)}
        ours = b"href" if attributes.get(b"rel", b"").lower() == b"canonical" else None
        ours = b"content" if attributes.get(b"property", b"").lower() == b"og:url" else ours
        if ours:
            values.append(attributes.get(ours, b""))
    values += [match[1] for pattern in (_SINGLE_FILE, _SAVED_FROM) if (match := pattern.search(html))]
    addresses = (unescape(one.decode("utf-8", "replace")) for one in values)
    return next((one for one in addresses if is_web(one) and not is_proxied(one)), None)


def recognise_mhtml(content: Content) -> bool:
    start = content.start
    return "content-type: multipart/related" in start and (
        "mime-version" in start or "snapshot-content-location" in start
    )


def read_mhtml(content: Content) -> Iterator[Item]:
    message = email.message_from_bytes(mail_bytes(content), policy=email.policy.default)
    location = str(message.get("Snapshot-Content-Location") or message.get("Content-Location") or "")
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            html = part.get_payload(decode=True)
            if isinstance(html, bytes) and html.strip():
                url = location or str(part.get("Content-Location") or "")
                own = declared_address(html[: 256 * 1024])
                yield Record(
                    html=html, charset=part.get_content_charset(), url=own or (url if is_web(url) else None)
                )
                return
    yield Notice("no_articles", f"{content.name} is a saved page without HTML")
