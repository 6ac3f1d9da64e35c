"""The channels of alerts: mail, webhook and file. Whatever they need to know comes from the environment.

Contract of a webhook: `POST` of JSON (`pressgauge.alerts.render.chat`), answered with 2xx. With a secret it
is signed as Slack and GitHub do: `X-Pressgauge-Timestamp` in seconds, and `X-Pressgauge-Signature`, "sha256="
and the hexadecimal HMAC-SHA256 (RFC 2104) of "TIMESTAMP." and the body. `X-Pressgauge-Delivery` is the same
for every attempt, so that a receiver can tell one that it has taken already.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from collectors.errors import CollectError, scrub
from collectors.web.fetch import Fetcher
from pressgauge.alerts import render
from pressgauge.alerts.notice import Notice
from pressgauge.errors import PressgaugeError, one_line
from pressgauge.store import disk

SMTP = "PRESSGAUGE_SMTP"
"""smtps://user:password@host:465 (TLS), smtp://user:password@host:587 (STARTTLS, which must succeed)."""
SENDER = "PRESSGAUGE_MAIL_FROM"
WEBHOOK = "PRESSGAUGE_WEBHOOK_"
"""The variable of a webhook's address, with its name; with _SECRET after that, of what it is signed with."""
_SECONDS = 30


class ChannelError(PressgaugeError):
    """A channel did not take what it was given; the message holds no secret."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What goes with a notice: a mail has `text` (Markdown) and `html` in it and the page `content` (HTML)
    attached as `name`; a file is that page."""

    name: str
    content: str
    text: str
    html: str


async def deliver(
    notice: Notice,
    channel: str,
    *,
    fetch: Fetcher,
    environ: Mapping[str, str],
    folder: Path,
    local: bool,
    enclosure: Enclosure | None = None,
) -> None:
    """Bring a notice to a channel: "mail:ADDRESS", "webhook:NAME" or "file:NAME", a file of `folder`.

    `local` lets a webhook go to loopback and private addresses. A file with an enclosure is a page of its
    own, named NAME with the name of the enclosure. Raises ChannelError.
    """
    kind, _, to = channel.partition(":")
    if kind == "mail":
        subject = one_line(notice.title)
        if enclosure is not None:
            text, html = enclosure.text, enclosure.html
        else:
            text, html = render.markdown([notice], title=subject), render.html([notice], title=subject)
        letter = message(to, subject, text, html, identity=render.identity(notice), environ=environ)
        if enclosure is not None:
            letter.add_attachment(enclosure.content, subtype="html", filename=enclosure.name)
        await asyncio.to_thread(send, letter, environ)
    elif kind == "file" and enclosure is not None:
        await asyncio.to_thread(_write, folder / f"{Path(to).stem}-{enclosure.name}", enclosure.content)
    elif kind == "webhook":
        await _post(notice, to, fetch, environ, local=local)
    else:
        await asyncio.to_thread(_append, folder / to, notice)


def message(
    to: str, subject: str, text: str, html: str, *, identity: str, environ: Mapping[str, str]
) -> EmailMessage:
    """A letter with plain text and HTML. Raises ChannelError where nobody is named who sends it."""
    sender = environ.get(SENDER, "")
    if "@" not in sender:
        raise ChannelError(f"no mail can be sent: set {SENDER} to the address that it comes from")
    letter = EmailMessage()
    try:
        letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    except ValueError as error:
        raise ChannelError(f"no mail can be sent: {SENDER} or {to} is no address ({error})") from error
    letter["Date"] = format_datetime(datetime.now(UTC))
    letter["Message-ID"] = f"<{identity}@pressgauge.invalid>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answers it
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    return letter


def send(letter: EmailMessage, environ: Mapping[str, str]) -> None:
    """Hand a letter to the server that $PRESSGAUGE_SMTP names, over TLS. Raises ChannelError."""
    address = environ.get(SMTP, "")
    try:
        server = urlsplit(address)
        port = server.port or (465 if server.scheme == "smtps" else 587)
    except ValueError:
        server, port = urlsplit(""), 0
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        example = "smtps://user:password@mail.example.org:465, or smtp:// for STARTTLS"
        raise ChannelError(f"no mail can be sent: set {SMTP} to {example}")
    try:
        tls = ssl.create_default_context()
        client: smtplib.SMTP
        if server.scheme == "smtps":
            client = smtplib.SMTP_SSL(server.hostname, port, timeout=_SECONDS, context=tls)
        else:
            client = smtplib.SMTP(server.hostname, port, timeout=_SECONDS)
        with client:
            if server.scheme == "smtp":
                client.starttls(context=tls)
            if server.username:
                client.login(unquote(server.username), unquote(server.password or ""))
            client.send_message(letter)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        message = scrub(str(error), unquote(server.password) if server.password else None)
        raise ChannelError(f"{server.hostname} did not take the mail: {message}") from error


async def _post(
    notice: Notice, name: str, fetch: Fetcher, environ: Mapping[str, str], *, local: bool
) -> None:
    variable = f"{WEBHOOK}{name}"
    url = environ.get(variable, "").strip()
    if not url:
        raise ChannelError(f"no webhook is named {name}: set {variable} to its address")
    body = json.dumps(render.chat(notice), ensure_ascii=True).encode("ascii")
    headers = {"Content-Type": "application/json", "X-Pressgauge-Delivery": render.identity(notice)}
    if secret := environ.get(f"{variable}_SECRET"):
        headers |= signature(body, secret, int(datetime.now(UTC).timestamp()))
    try:
        await fetch.post(url, body, headers=headers, local=local)
    except CollectError as error:
        # The address of a webhook is a secret: whoever has it can write.
        raise ChannelError(f"the webhook {name} did not take it: {_without(url, error)}") from error


def signature(body: bytes, secret: str, seconds: int) -> dict[str, str]:
    """The headers that sign a body at a moment.

    >>> signature(b"{}", "key", 1)["X-Pressgauge-Signature"][:15]
    'sha256=1ba6b817'
    """
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Pressgauge-Timestamp": str(seconds), "X-Pressgauge-Signature": f"sha256={digest}"}


def _without(url: str, error: CollectError) -> str:
    """A reason and what it means, without the address."""
    _, _, detail = error.detail.partition(": ")
    return f"{error.reason}: {detail.replace(url, '***')}"


def _write(file: Path, content: str) -> None:
    try:
        disk.replace(file, content.encode("utf-8", "replace"))
    except OSError as error:
        raise ChannelError(f"cannot write {file}: {error.strerror}") from error


def _append(file: Path, notice: Notice) -> None:
    line = json.dumps({"id": render.identity(notice), **notice.to_dict()}, ensure_ascii=False)
    try:
        with file.open("ab") as stream:
            stream.write(line.encode("utf-8", "replace") + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise ChannelError(f"cannot write {file}: {error.strerror}") from error
