"""The one HTTP client against a web that lies, drips, floods and sends it round in circles."""

from __future__ import annotations

import asyncio
import datetime
import gzip
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from aiohttp import web as aio

from collectors.errors import FetchError
from collectors.source import Source
from collectors.state import State
from collectors.web.fetch import DEADLINE, MAX_BYTES, MAX_HOPS, Fetcher, Response
from tests.loopback import Loopback, Raw

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
Local = Callable[..., Source]


async def reason(fetch: Fetcher, url: str, source: Source, **how: object) -> str:
    with pytest.raises(FetchError) as caught:
        await fetch(url, source=source, **how)  # type: ignore[arg-type]
    return caught.value.reason


async def got(url: str, source: Source, **how: object) -> Response:
    async with Fetcher() as fetch:
        return await fetch(url, source=source, **how)  # type: ignore[arg-type]


async def test_a_page_comes_with_its_final_address_headers_and_character_set(
    web: Loopback, local: Local
) -> None:
    web.page("/page", "Café".encode("latin-1"), 'text/html; charset="ISO-8859-1"')
    response = await got(web.redirect("/old", "/page#top"), local())
    assert (response.url, response.status) == (web.url("/page"), 200)
    assert (response.body, response.charset) == (b"Caf\xe9", "ISO-8859-1")
    assert response.headers["content-type"].startswith("text/html")


async def test_it_says_who_it_is_and_how_to_reach_whoever_runs_it(
    web: Loopback, local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSGAUGE_CONTACT", "someone@university.example")
    await got(web.page("/", "x"), local())
    [asked] = web.asked("/")
    assert asked.headers["User-Agent"].startswith("Pressgauge/")
    assert "someone@university.example" in asked.headers["User-Agent"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451])
async def test_an_error_status_is_its_own_reason_and_is_not_tried_again(
    web: Loopback, local: Local, status: int
) -> None:
    web.page("/", "no", status=status)
    async with Fetcher() as fetch:
        assert await reason(fetch, web.url("/"), local()) == f"http_{status}"
    assert len(web.asked("/")) == 1


@pytest.mark.parametrize("coding", ["gzip", "gzip, gzip"])
async def test_n01_n02_a_bomb_is_refused_on_its_decoded_size(
    web: Loopback, local: Local, coding: str
) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000)
    url = web.page("/", bomb, headers={"Content-Encoding": coding})
    before = psutil.Process().memory_info().rss
    async with Fetcher() as fetch:
        assert await reason(fetch, url, local()) == ("too_large" if coding == "gzip" else "content_encoding")
    assert psutil.Process().memory_info().rss - before < 64 * 2**20


async def test_n04_a_gz_file_is_handed_over_as_it_is_for_its_reader_to_unpack_within_limits(
    web: Loopback, local: Local
) -> None:
    packed = gzip.compress(b"<urlset/>")
    response = await got(web.page("/sitemap.xml.gz", packed, "application/gzip"), local())
    assert response.body == packed


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(HEAD + b"\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def lies_about_its_length(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\nonly this")
    await writer.drain()


async def five_megabytes_of_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(HEAD + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1_000) for n in range(5_000)) + b"\r\n")
    await writer.drain()


async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\nhalf")
    await writer.drain()
    writer.transport.abort()


async def speaks_something_else(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
    await writer.drain()
    await reader.read()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (endless, {"too_large"}),
        (lies_about_its_length, {"truncated"}),
        (five_megabytes_of_headers, {"bad_answer"}),
        (resets, {"truncated", "reset"}),
        (speaks_something_else, {"bad_answer"}),
    ],
)
async def test_n05_n19_an_answer_that_lies_or_floods_is_refused_by_name(
    web: Loopback, local: Local, answer: Raw, expected: set[str]
) -> None:
    url = web.raw(answer)
    before = psutil.Process().memory_info().rss
    async with Fetcher() as fetch:
        assert await reason(fetch, url, local(), robots=False) in expected
    assert psutil.Process().memory_info().rss - before < 64 * 2**20


async def drips_its_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(HEAD + b"Content-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def drips_its_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readline()
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-Drip: drop\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def accepts_and_says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    await asyncio.sleep(60)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("answer", [drips_its_body, drips_its_headers, accepts_and_says_nothing])
async def test_n06_a_server_that_drips_ends_at_the_total_deadline(
    web: Loopback, local: Local, answer: Raw, scheme: str
) -> None:
    """Over https the very handshake never ends."""
    url = web.raw(answer if scheme == "http" else accepts_and_says_nothing).replace("http", scheme, 1)
    async with Fetcher(deadline=0.6) as fetch:
        async with asyncio.timeout(10):
            assert await reason(fetch, url, local(), robots=False) == "timeout"
        assert len(web.asked("raw")) == 1
    assert DEADLINE == 30


async def test_n06_waiting_for_other_requests_to_a_host_is_not_charged_to_the_deadline(
    web: Loopback, local: Local
) -> None:
    source = local(concurrency=1, delay=0.3)
    web.page("/", "x")
    async with Fetcher(deadline=1.0) as fetch:
        answers = await asyncio.gather(*(fetch(web.url("/"), source=source) for _ in range(6)))
    assert [answer.status for answer in answers] == [200] * 6


async def test_n07_a_loop_ends_after_ten_redirects(web: Loopback, local: Local) -> None:
    web.redirect("/a", "/b")
    web.redirect("/b", "/a")
    async with Fetcher() as fetch:
        assert await reason(fetch, web.url("/a"), local()) == "too_many_redirects"
    assert len(web.asked("/a")) + len(web.asked("/b")) == MAX_HOPS + 1 == 11


async def test_n07_ten_redirects_are_followed_and_eleven_are_not(web: Loopback, local: Local) -> None:
    for n in range(12):
        web.redirect(f"/{n}", f"/{n + 1}", (301, 302, 303, 307, 308)[n % 5])
    web.page("/12", "the end")
    assert (await got(web.url("/2"), local())).body == b"the end"
    async with Fetcher() as fetch:
        assert await reason(fetch, web.url("/1"), local()) == "too_many_redirects"


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/html,x", "javascript:alert(1)", "gopher://x",
     "http://[bad", "//user@127.0.0.1/", "http://127.0.0.1:99999999/", "ht\ttp://x", "x" * 9_000],
)  # fmt: skip
async def test_n07_a_redirect_leads_to_the_web_or_nowhere(web: Loopback, local: Local, target: str) -> None:
    url = web.redirect("/", target.replace("\t", " "))
    async with Fetcher() as fetch:
        assert await reason(fetch, url, local()) in ("bad_redirect", "http_404")


@pytest.mark.parametrize(
    "url", ["", "x", "file:///etc/passwd", "http://", "http://a b/", "http://a\n.example/"]
)
async def test_what_is_no_address_of_the_web_is_refused(local: Local, url: str) -> None:
    async with Fetcher() as fetch:
        assert await reason(fetch, url, local()) == "bad_url"


async def test_headers_of_a_service_never_follow_a_redirect_to_another_host(
    web: Loopback, local: Local
) -> None:
    web.redirect("/api", web.url("/elsewhere", "127.0.0.2"))
    web.page("/elsewhere", "x")
    await got(web.url("/api"), local(), headers={"Authorization": "Token secret"}, robots=False)
    assert web.asked("/api")[0].headers["Authorization"] == "Token secret"
    assert "Authorization" not in web.asked("/elsewhere")[0].headers


async def test_a_cookie_is_not_kept(web: Loopback, local: Local) -> None:
    web.page("/", "x", headers={"Set-Cookie": "id=1"})
    async with Fetcher() as fetch:
        for _ in range(2):
            await fetch(web.url("/"), source=local())
    assert all("Cookie" not in request.headers for request in web.requests)


def conditional(body: bytes, etag: str | None, modified: str | None) -> Callable[[aio.Request], aio.Response]:
    """A server that answers 304 to whoever has the current version."""

    def answer(request: aio.Request) -> aio.Response:
        said = {name: value for name, value in (("ETag", etag), ("Last-Modified", modified)) if value}
        if (etag and request.headers.get("If-None-Match") == etag) or (
            modified and request.headers.get("If-Modified-Since") == modified
        ):
            return aio.Response(status=304, headers=said)
        return aio.Response(body=body, headers=said)

    return answer


@pytest.mark.parametrize(
    ("etag", "modified"),
    [('W/"7"', None), (None, "Mon, 20 Jan 2025 10:00:00 GMT"), ('"x"', "Mon, 20 Jan 2025 10:00:00 GMT")],
)
async def test_n15_what_is_unchanged_is_not_sent_again_once_it_was_kept(
    web: Loopback, local: Local, etag: str | None, modified: str | None, tmp_path: Path
) -> None:
    web.handle("/feed", conditional(b"feed", etag, modified))
    source = local()
    state = State(tmp_path / "state.sqlite")
    for kept, unchanged in ((False, False), (True, False), (True, True)):
        async with Fetcher(state) as fetch:
            response = await fetch(web.url("/feed"), source=source)
        assert response.not_modified is unchanged
        assert response.body == (b"" if unchanged else b"feed")
        if kept:
            state.keep_validators(source.name)
    state.close()


async def test_n15_a_304_that_nobody_asked_for_is_an_error(web: Loopback, local: Local) -> None:
    web.page("/", b"", status=304)
    async with Fetcher() as fetch:
        assert await reason(fetch, web.url("/"), local()) == "http_304"


async def test_n19_a_server_that_stumbles_is_asked_again(web: Loopback, local: Local) -> None:
    answers = [503, 500, 200]

    def stumble(_: aio.Request) -> aio.Response:
        return aio.Response(status=answers.pop(0), text="up again")

    web.handle("/", stumble)
    assert (await got(web.url("/"), local())).body == b"up again"


async def test_n16_a_host_that_sheds_load_for_long_is_left_alone_also_by_the_next_refresh(
    web: Loopback, local: Local, tmp_path: Path
) -> None:
    web.page("/busy", "no", status=503, headers={"Retry-After": "7200"})
    web.page("/other", "x")
    for _ in range(2):
        state = State(tmp_path / "state.sqlite")
        async with Fetcher(state) as fetch:
            first = await reason(fetch, web.url("/busy"), local())
            assert await reason(fetch, web.url("/other"), local()) == "host_paused"
            with pytest.raises(FetchError) as caught:
                await fetch(web.url("/other"), source=local())
            assert 7_000 < (caught.value.retry_after or 0) <= 10_800
        state.close()
    assert first == "host_paused"
    assert (len(web.asked("/busy")), len(web.asked("/other"))) == (1, 0)


async def test_n16_a_short_pause_is_waited_for(web: Loopback, local: Local) -> None:
    answers = [aio.Response(status=429, headers={"Retry-After": "1"}), aio.Response(text="now")]
    web.handle("/", lambda _: answers.pop(0))
    assert (await got(web.url("/"), local())).body == b"now"
    first, second = web.asked("/")
    assert second.at - first.at >= 1.0


async def test_n17_a_name_that_does_not_resolve_and_a_closed_port_are_told_apart(local: Local) -> None:
    async with Fetcher(deadline=3) as fetch:
        assert await reason(fetch, "http://127.0.0.1:1/", local(), robots=False) == "connect"


@asynccontextmanager
async def https(text: str, context: ssl.SSLContext) -> AsyncIterator[str]:
    """Address of a server that says `text` to whoever speaks TLS with it."""

    async def answer(_: aio.Request) -> aio.Response:
        return aio.Response(text=text)

    app = aio.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = aio.AppRunner(app)
    await runner.setup()
    await aio.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield f"https://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def certificate(folder: Path, host: str, *, days: int = 1) -> ssl.SSLContext:
    """A server's context with a self-signed certificate for `host`, expired when `days` is negative."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    alternative: x509.GeneralName = x509.DNSName(host)
    if host[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize("flaw", ["self-signed", "expired", "wrong host", "none"])
async def test_n22_a_certificate_that_is_not_good_is_refused(
    local: Local, tmp_path: Path, flaw: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = "elsewhere.example" if flaw == "wrong host" else "127.0.0.1"
    context = certificate(tmp_path, host, days=-1 if flaw == "expired" else 1)
    if flaw != "self-signed":
        # The authority itself is trusted here, so that only the flaw in question is left.
        trusted = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        monkeypatch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", trusted)

    async with https("private", context) as url, Fetcher() as fetch:
        if flaw == "none":
            assert (await fetch(url, source=local(), robots=False)).body == b"private"
        else:
            assert await reason(fetch, url, local(), robots=False) == "tls"


async def test_an_archive_is_streamed_in_pieces_and_stopped_at_its_limit(web: Loopback, local: Local) -> None:
    url = web.page("/", b"x" * 3_000_000)
    async with Fetcher() as fetch:
        pieces = [piece async for piece in fetch.stream(url, source=local(), max_bytes=3_000_000)]
        assert (sum(map(len, pieces)), len(pieces) > 1) == (3_000_000, True)
        with pytest.raises(FetchError, match="too_large"):
            async for _ in fetch.stream(url, source=local(), max_bytes=2_999_999):
                pass


async def test_n01_50_bombs_at_once_hold_up_nobody_and_take_little_memory(
    web: Loopback, local: Local
) -> None:
    web.page("/bomb", gzip.compress(b"\0" * 100_000_000), headers={"Content-Encoding": "gzip"})
    web.page("/honest", "news", host="127.0.0.2")
    before = psutil.Process().memory_info().rss
    async with Fetcher() as fetch:
        bombs = [reason(fetch, web.url("/bomb"), local()) for _ in range(50)]
        honest: list[Awaitable[Response]] = [
            fetch(web.url("/honest", "127.0.0.2"), source=local()) for _ in range(20)
        ]
        refused, read = await asyncio.gather(asyncio.gather(*bombs), asyncio.gather(*honest))
    assert set(refused) == {"too_large"}
    assert {answer.body for answer in read} == {b"news"}
    assert psutil.Process().memory_info().rss - before < 200 * 2**20
    assert MAX_BYTES == 10 * 2**20


def test_p14_what_a_server_says_becomes_one_line_of_a_log() -> None:
    error = FetchError(
        "bad_answer", "http://a.example/", "evil\r\n2025-01-01 root logged in \x1b[2J" + "x" * 9_999
    )
    assert str(error).isprintable() and len(str(error)) < 400
