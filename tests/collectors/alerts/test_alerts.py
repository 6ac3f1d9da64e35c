"""Alerts after a refresh: a real dataset, a real mail server with TLS, real webhooks on loopback."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest
from aiohttp import web as aiohttp_web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import pressgauge
from collectors.alerts import outbox as outbox_module
from collectors.alerts.channels import Enclosure
from collectors.alerts.outbox import Outbox
from collectors.alerts.watch import WatchReport, watch
from pressgauge.alerts.evaluate import AlertMemory
from pressgauge.alerts.notice import Notice
from pressgauge.errors import PressgaugeError
from pressgauge.settings.alerts import Alert
from pressgauge.store.dataset import Dataset
from tests.loopback import Loopback

NEW = Alert("new", "articles", query="deepseek", local=True)
NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    (tmp_path / "topics.toml").write_text("")
    dataset = pressgauge.open(tmp_path / "coverage")
    publish(dataset, "A dog")
    return dataset


def publish(dataset: Dataset, title: str) -> None:
    row = {"title": title, "text": title, "outlet": "Wired", "source": "Wired", "published": NOW}
    dataset.append(pd.DataFrame([row | {"url": f"https://wired.example/{title.replace(' ', '-')}"}]))


async def evaluated(
    dataset: Dataset, deliver: str, /, environ: dict[str, str] | None = None, **alert: Any
) -> WatchReport:
    """Evaluate the alert on new articles that is delivered there."""
    values = {name: getattr(NEW, name) for name in ("name", "kind", "query", "local")} | alert
    return await watch(dataset, [Alert(**values, deliver=("feed", deliver))], environ=environ or {}, now=NOW)


async def test_what_is_new_is_written_to_a_file_once_over_restarts(dataset: Dataset, tmp_path: Path) -> None:
    assert await evaluated(dataset, "file:told.jsonl") == WatchReport()
    publish(dataset, "DeepSeek opens")
    assert await evaluated(dataset, "file:told.jsonl") == WatchReport(1, 1)
    again = pressgauge.open(dataset.path)
    assert await evaluated(again, "file:told.jsonl") == WatchReport()
    [line] = (tmp_path / "told.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert told["title"] == "1 new article that mentions “deepseek”"
    assert told["articles"][0]["url"] == "https://wired.example/DeepSeek-opens"


async def test_a_broken_channel_is_told_tried_again_and_stops_no_other(
    dataset: Dataset, tmp_path: Path, web: Loopback
) -> None:
    environ = {"PRESSGAUGE_WEBHOOK_TEAM": web.page("/hook", "", status=404)}
    alerts = [
        Alert("new", "articles", query="deepseek", local=True, deliver=("webhook:TEAM", "file:a.jsonl"))
    ]
    await watch(dataset, alerts, environ=environ, now=NOW)
    publish(dataset, "DeepSeek opens")
    done = await watch(dataset, alerts, environ=environ, now=NOW)
    assert (done.notices, done.delivered) == (1, 1)
    [problem] = done.problems
    assert problem.startswith(
        "The channel webhook:TEAM failed at 2025-03-01 00:00 UTC: the webhook TEAM did not"
    )
    assert "http_404" in problem and "1 to be tried again" in problem and "/hook" not in problem
    web.page("/hook", "")
    assert await watch(dataset, alerts, environ=environ, now=NOW) == WatchReport(0, 1)
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == 1


async def test_a_delivery_is_given_up_after_so_many_refreshes_and_stays_in_the_feed(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "ATTEMPTS", 2)
    await evaluated(dataset, "webhook:NOWHERE")
    publish(dataset, "DeepSeek opens")
    for left in ("1 to be tried again", "1 given up", "1 given up"):
        [problem] = (await evaluated(dataset, "webhook:NOWHERE")).problems
        assert "set PRESSGAUGE_WEBHOOK_NOWHERE to its address" in problem and left in problem
    with Outbox(dataset.path) as outbox:
        assert [notice.alert for notice in outbox.notices()] == ["new"]
        assert outbox.notices(since=NOW + timedelta(seconds=1)) == []


async def test_a_webhook_gets_json_that_is_signed_and_tried_again(dataset: Dataset, web: Loopback) -> None:
    taken: list[tuple[dict[str, str], bytes]] = []

    async def hook(request: aiohttp_web.Request) -> aiohttp_web.Response:
        taken.append((dict(request.headers), await request.read()))
        return aiohttp_web.Response(status=500 if len(taken) == 1 else 204)

    environ = {
        "PRESSGAUGE_WEBHOOK_TEAM": web.handle("/hook", hook),
        "PRESSGAUGE_WEBHOOK_TEAM_SECRET": "s3cret",
    }
    await evaluated(dataset, "webhook:TEAM", environ)
    publish(dataset, "DeepSeek *opens* <!channel> @here")
    assert await evaluated(dataset, "webhook:TEAM", environ) == WatchReport(1, 1)
    (first, _), (headers, body) = taken
    assert first["X-Pressgauge-Delivery"] == headers["X-Pressgauge-Delivery"]
    assert headers["Content-Type"] == "application/json"
    signed = f"{headers['X-Pressgauge-Timestamp']}.".encode() + body
    assert (
        headers["X-Pressgauge-Signature"]
        == "sha256=" + hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()
    )
    text = json.loads(body)["text"]
    assert "**1 new article that mentions “deepseek”**" in text
    assert "<!channel>" not in text and "@here" not in text and r"\*opens\*" in text


async def test_a_webhook_reaches_no_private_address_unless_its_alert_is_local(
    dataset: Dataset, web: Loopback
) -> None:
    environ = {"PRESSGAUGE_WEBHOOK_TEAM": web.page("/hook", "")}
    await evaluated(dataset, "webhook:TEAM", environ, local=False)
    publish(dataset, "DeepSeek opens")
    [problem] = (await evaluated(dataset, "webhook:TEAM", environ, local=False)).problems
    assert "blocked_address" in problem
    assert web.asked("/hook") == []


async def test_a_webhook_that_redirects_is_not_followed(dataset: Dataset, web: Loopback) -> None:
    web.page("/else", "")
    environ = {"PRESSGAUGE_WEBHOOK_TEAM": web.redirect("/hook", web.url("/else"), 307)}
    await evaluated(dataset, "webhook:TEAM", environ)
    publish(dataset, "DeepSeek opens")
    [problem] = (await evaluated(dataset, "webhook:TEAM", environ)).problems
    assert "http_307" in problem and web.asked("/else") == []


async def test_an_alert_that_cannot_be_evaluated_is_told_and_stops_no_other(dataset: Dataset) -> None:
    alerts = [Alert("gone", "articles", topic="gone"), NEW]
    await watch(dataset, alerts, environ={}, now=NOW)
    publish(dataset, "DeepSeek opens")
    done = await watch(dataset, alerts, environ={}, now=NOW)
    assert done.notices == 1
    assert done.problems == ("The alert gone could not be evaluated: no topic is named 'gone' (any more)",)
    assert (await watch(dataset, [NEW], environ={}, now=NOW)).problems == ()


class Mailbox:
    """What a mail server took; its log-in is ada, p:w."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.original_content, policy=policy.default)
        self.letters.append(cast("EmailMessage", letter))
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        sound = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ada", b"p:w")
        return AuthResult(success=sound, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that nobody trusts by itself, and a server's context with it."""
    from ipaddress import ip_address

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, *private))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


@pytest.fixture
def mail(certificate: tuple[Path, ssl.SSLContext]) -> Iterator[tuple[Mailbox, str]]:
    """A mail server that wants STARTTLS and a log-in, and its host and port."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        tls_context=certificate[1],
        require_starttls=True,
        authenticator=box.authenticate,
        auth_required=True,
    )
    server.start()
    yield box, f"127.0.0.1:{port}"
    server.stop()


async def test_mail_goes_out_over_tls_with_a_log_in_as_text_and_html(
    dataset: Dataset,
    mail: tuple[Mailbox, str],
    certificate: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box, server = mail
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    environ = {
        "PRESSGAUGE_SMTP": f"smtp://ada:p%3Aw@{server}",
        "PRESSGAUGE_MAIL_FROM": "Pressgauge <press@example.org>",
    }
    await evaluated(dataset, "mail:ben@example.org", environ)
    publish(dataset, "DeepSeek & co")
    assert await evaluated(dataset, "mail:ben@example.org", environ) == WatchReport(1, 1)
    [letter] = box.letters
    assert box.encrypted == [True]
    assert (letter["To"], letter["From"]) == ("ben@example.org", "Pressgauge <press@example.org>")
    assert letter["Subject"] == "1 new article that mentions “deepseek”"
    text, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and html is not None
    assert "# 1 new article" in text.get_content()
    assert "DeepSeek &amp; co</a>" in html.get_content()
    assert "<script" not in html.get_content() and "<img" not in html.get_content()


@pytest.mark.parametrize(
    ("trusted", "password", "said"),
    [(False, "p%3Aw", "certificate verify failed"), (True, "wrong-pw", "Authentication")],
)
async def test_mail_is_not_handed_to_a_server_that_nobody_trusts_and_a_password_is_never_told(
    dataset: Dataset,
    mail: tuple[Mailbox, str],
    certificate: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
    password: str,
    said: str,
) -> None:
    box, server = mail
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    environ = {"PRESSGAUGE_SMTP": f"smtp://ada:{password}@{server}", "PRESSGAUGE_MAIL_FROM": "a@example.org"}
    await evaluated(dataset, "mail:ben@example.org", environ)
    publish(dataset, "DeepSeek opens")
    [problem] = (await evaluated(dataset, "mail:ben@example.org", environ)).problems
    assert said in problem and password not in problem
    assert box.letters == []


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "set PRESSGAUGE_MAIL_FROM"),
        ({"PRESSGAUGE_MAIL_FROM": "a@example.org"}, "set PRESSGAUGE_SMTP"),
        ({"PRESSGAUGE_MAIL_FROM": "a@example.org", "PRESSGAUGE_SMTP": "mail.example"}, "set PRESSGAUGE_SMTP"),
        ({"PRESSGAUGE_MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "no address"),
    ],
)
async def test_what_mail_lacks_is_told(dataset: Dataset, environ: dict[str, str], said: str) -> None:
    await evaluated(dataset, "mail:ben@example.org", environ)
    publish(dataset, "DeepSeek opens")
    [problem] = (await evaluated(dataset, "mail:ben@example.org", environ)).problems
    assert said in problem


async def test_an_outbox_that_is_none_is_an_error_that_says_what_to_do(dataset: Dataset) -> None:
    (dataset.path / "alerts.sqlite").write_bytes(
        b"no database at all, and long enough to be read as one" * 40
    )
    with pytest.raises(pressgauge.PressgaugeError, match="it may be deleted"):
        await watch(dataset, [NEW], environ={})


async def test_a_report_is_made_for_its_period_and_delivered_once_with_what_goes_with_it(
    dataset: Dataset,
    tmp_path: Path,
    mail: tuple[Mailbox, str],
    certificate: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    box, server = mail
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    environ = {"PRESSGAUGE_SMTP": f"smtp://ada:p%3Aw@{server}", "PRESSGAUGE_MAIL_FROM": "press@example.org"}
    to = ("mail:ben@example.org", "file:weekly.html", "feed")
    weekly = Alert("weekly", "report", every="week", deliver=to)
    asked: list[str] = []

    def enclose(notice: Notice) -> Enclosure:
        asked.append(notice.key)
        return Enclosure(
            "2025-02-23.html", "<title>Whole</title><script>1</script>", "# Digest", "<h1>Digest</h1>"
        )

    for _ in range(2):
        done = await watch(pressgauge.open(dataset.path), [weekly], environ=environ, now=NOW, enclose=enclose)
    assert done == WatchReport()
    assert asked == ["report 2025-02-17/2025-02-23"] * 2  # for each channel
    [letter] = box.letters
    assert letter["Subject"] == "Press coverage, 2025-02-17 to 2025-02-23"
    text, html = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None and html is not None
    assert (text.get_content().strip(), html.get_content().strip()) == ("# Digest", "<h1>Digest</h1>")
    [attached] = letter.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("2025-02-23.html", "text/html")
    assert "<script>1</script>" in attached.get_content()
    assert (tmp_path / "weekly-2025-02-23.html").read_text() == "<title>Whole</title><script>1</script>"
    week = await watch(dataset, [weekly], environ=environ, now=NOW + timedelta(days=7), enclose=enclose)
    assert (week.notices, week.delivered) == (1, 2)


async def test_a_report_that_cannot_be_made_is_told_and_tried_again(dataset: Dataset, tmp_path: Path) -> None:
    weekly = Alert("weekly", "report", every="week", deliver=("file:weekly.html",))

    def broken(notice: Notice) -> Enclosure:
        raise PressgaugeError("topics.toml:3: no such thing")

    done = await watch(dataset, [weekly], environ={}, now=NOW, enclose=broken)
    assert "The channel file:weekly.html failed at 2025-03-01 00:00 UTC: topics.toml:3" in done.problems[0]
    whole = Enclosure("2025-02-23.html", "whole", "", "")
    assert await watch(dataset, [weekly], environ={}, now=NOW, enclose=lambda _: whole) == WatchReport(0, 1)
    assert (tmp_path / "weekly-2025-02-23.html").read_text() == "whole"


async def test_old_notices_are_deleted_but_for_the_newest_and_what_waits_and_none_is_told_again(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "FEED", 1)
    alerts = [Alert("new", "articles", query="deepseek", deliver=("webhook:NOWHERE",))]
    await watch(dataset, alerts, environ={}, now=NOW)
    for number in range(3):
        publish(dataset, f"DeepSeek {number}")
        day = NOW + timedelta(days=number)
        deliver = ("webhook:NOWHERE",) if number == 1 else ("feed",)
        await watch(dataset, [replace(alerts[0], deliver=deliver)], environ={}, now=day)
    year = NOW + timedelta(days=400)
    assert (await watch(dataset, alerts, environ={}, now=year)).notices == 0
    with Outbox(dataset.path) as outbox:
        assert [notice.at for notice in outbox.notices()] == [
            NOW + timedelta(days=2),
            NOW + timedelta(days=1),
        ]
        assert len(outbox.waiting()) == 1


def test_a_notice_is_kept_for_a_year(dataset: Dataset) -> None:
    with Outbox(dataset.path) as outbox:
        for number in range(outbox_module.FEED + 2):
            notice = Notice("new", f"k{number}", NOW + timedelta(seconds=number), "t", "t")
            outbox.keep(NEW, AlertMemory("c"), [notice], NOW)
        assert outbox.prune(NOW + timedelta(days=366)) == 0
        assert outbox.prune(NOW + timedelta(days=366, seconds=1)) == 1
        assert outbox.prune(NOW + timedelta(days=4000)) == 1
        assert len(outbox.notices()) == outbox_module.FEED
