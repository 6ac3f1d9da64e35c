"""Hostile feeds and pages in the process that reads them, and twins that take each guard away."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from bench.mutate import feeds, mutations, pages
from collectors.extraction import newspaper
from collectors.extraction.extract import extract
from collectors.extraction.page import charset, metadata, page
from collectors.listings import feed_parser
from collectors.listings.feed_parser import parse_feed
from collectors.sandbox import child
from collectors.sandbox.pool import CPU_SECONDS, RefusedError, Workers
from collectors.sandbox.protocol import load_reply
from tests.collectors.sandbox.test_pool import PAGE, SENTENCE, SLOW, URL
from tests.cost import costs_at_most, least
from tests.loopback import Loopback

pytestmark = [pytest.mark.slow, pytest.mark.own_processes]

ROOT = Path(__file__).resolve().parents[3]
RSS = "<rss version='2.0'><channel>{}</channel></rss>"
ITEM = "<item><title>Open weights</title><link>https://a.example/1</link>{}</item>"
ENCODINGS = ["punycode", "idna", "undefined", "utf-7", "utf-8\0", "x" * 100_000, "zlib", "unicode_escape"]

shared_worker = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker() -> AsyncIterator[Workers]:
    async with Workers(1) as started:
        yield started


# Feeds


@pytest.mark.parametrize("where", ["declaration", "header"])
@pytest.mark.parametrize("name", ENCODINGS, ids=lambda name: name[:16])
def test_p02_a_harmful_encoding_of_a_feed_is_not_used(name: str, where: str) -> None:
    declared = f"<?xml version='1.0' encoding='{name}'?>" if where == "declaration" else ""
    body = (declared + RSS.format(ITEM.format(""))).encode() + b"<!--" + b"\xff" * 800_000 + b"-->"

    def entries() -> list[dict[str, object]]:
        return parse_feed(body, url="", limit=9, charset=name if where == "header" else None)["entries"]

    assert [entry["title"] for entry in entries()] == ["Open weights"]
    assert costs_at_most(1, entries)


def test_p02_without_the_list_of_encodings_what_is_text_becomes_markup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bytes that are no UTF-8, so that what is declared counts."""
    hidden = b"<html><head><meta charset=utf-7></head><body>+ADw-script+AD4- \xff</body>" + b" " * 9_000
    assert "<script>" not in charset.decode(hidden)
    monkeypatch.setattr(charset, "allowed_codec", lambda label: label)
    assert "<script>" in charset.decode(hidden)


HEAVY = {
    "one entry of 9 MB": RSS.format(ITEM.format(f"<description>{'word &lt;b&gt;' * 700_000}</description>")),
    "10,000 namespaces": RSS.replace(
        "<rss ", "<rss " + " ".join(f'xmlns:n{n}="http://n.example/{n}"' for n in range(10_000)) + " "
    ).format(ITEM.format("")),
    "a namespace an entry": RSS.format(
        "".join(
            f'<item xmlns:n{n}="http://n.example/{n}"><n{n}:title>x</n{n}:title>'
            f"<link>https://a.example/{n}</link></item>"
            for n in range(10_000)
        )
    ),
    "entries that never end": RSS.format("<item><title>x" * 100_000),
    "entries in entries": RSS.format("<item>" * 50_000 + "</item>" * 50_000),
    "50,000 attributes": RSS.format("<item " + " ".join(f'a{n}="x"' for n in range(50_000)) + "></item>"),
    "a title 100,000 deep": RSS.format(f"<item><title>{'<b>' * 100_000}x</title></item>"),
    "doctypes": "<!DOCTYPE x" * 100_000,
}


@shared_worker
@pytest.mark.parametrize("name", HEAVY)
async def test_p04_p08_a_heavy_feed_is_read_or_refused_within_the_limits(worker: Workers, name: str) -> None:
    try:
        feed = await worker.run("feed", HEAVY[name].encode(), url="", limit=300, charset=None)
        assert feed["kind"] == "none" or len(feed["entries"]) + feed["over"] > 0
    except RefusedError as refused:
        assert refused.reason in ("parser_timeout", "parser_memory")


def test_p04_without_the_limit_on_attributes_a_feed_is_read_in_quadratic_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attributes = " ".join(f"a{n}='x'" for n in range(6_000))
    flooded = f"<item {attributes}><title>Open weights</title></item>"
    feed = RSS.format(flooded + ITEM.format("")).encode()

    def titles() -> list[object]:
        return [entry["title"] for entry in parse_feed(feed, url="", limit=9)["entries"]]

    assert titles() == ["Open weights"] * 2
    guarded = least(titles)
    monkeypatch.setattr(feed_parser, "without_floods", lambda text: text)
    assert titles() == ["Open weights"] * 2
    assert least(titles) > 3 * guarded


def test_p08_without_the_cut_the_parser_reads_every_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = RSS.format("".join(ITEM.format(f"<guid>{n}</guid>") for n in range(3_000))).encode()

    def over() -> object:
        return parse_feed(feed, url="", limit=10)["over"]

    assert over() == 2_990
    guarded = least(over)
    monkeypatch.setattr(feed_parser, "_newest", lambda text, limit: (text, []))
    assert over() == 2_990
    assert least(over) > 3 * guarded


def outcome(parser: str, body: bytes, **options: object) -> str:
    """What the books would say of these bytes, read as a worker reads them; anything raised fails."""
    started = time.process_time()
    try:
        value = load_reply(child._answer(child.load(parser), body, options))
    except RefusedError as refused:
        return refused.reason
    assert time.process_time() - started < CPU_SECONDS
    return str(value.get("refused") or value.get("kind") or "read")


def test_p09_of_mutated_feeds_each_has_one_outcome_in_time() -> None:
    outcomes = [
        outcome("feed", body, url=URL, limit=300, charset=None) for body in islice(mutations(feeds(), 9), 300)
    ]
    assert set(outcomes) <= {"feed", "html", "none"}
    assert outcomes.count("feed") > 200, "the mutations are so strong that the parser is hardly reached"


def test_p09_of_mutated_pages_each_has_one_outcome_in_time() -> None:
    options = {"url": URL, "backend": "auto", "hint_title": None, "hint_published": None}
    outcomes = [outcome("page", body, **options) for body in islice(mutations(pages(), 9), 60)]
    assert not {reason for reason in outcomes if reason.startswith("error")}
    assert outcomes.count("read") > 30


@pytest.mark.parametrize("fault", [ValueError("x"), KeyError("x"), UnicodeEncodeError("a", "b", 0, 1, "c")])
def test_p09_what_a_parser_raises_is_an_outcome_by_its_name(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(body: bytes) -> None:
        raise fault

    monkeypatch.setattr(child, "load", lambda _: broken)
    assert outcome("feed", b"") == f"parser_error:{type(fault).__name__}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("Mon, 20 Jan 2025 08:30:00 +9999", None),
        ("Sun, 30 Mar 2025 02:30:00 +0100", "2025-03-30T01:30:00+00:00"),  # in the gap of Berlin's clocks
        ("Sun, 26 Oct 2025 02:30:00 +0200", "2025-10-26T00:30:00+00:00"),  # in their fold
        ("Mon, 20 Jan 2025 18:30:00 AEST", "2025-01-20T08:30:00+00:00"),
        ("2025-02-31T25:61:00Z", None),
        ("1737361800", None),
        ("\x00", None),
    ],
)
def test_p10_an_extreme_date_is_its_moment_or_unknown_and_the_entry_stays(
    written: str, expected: str | None
) -> None:
    feed = RSS.format(ITEM.format(f"<pubDate>{written}</pubDate>")).encode()
    [entry] = parse_feed(feed, url="", limit=9)["entries"]
    assert entry["title"] == "Open weights"
    assert entry["published"] == expected


# Pages: twins of the guards that `test_extract` and `test_workers` hold


@pytest.mark.parametrize(("declared", "actual"), [("utf-8", "cp1252"), ("iso-8859-1", "utf-8")])
def test_p03_with_the_declared_character_set_believed_the_text_is_garbled(
    monkeypatch: pytest.MonkeyPatch, declared: str, actual: str
) -> None:
    sentence = "Die Brücke für Fußgänger bleibt geöffnet, sagte die Bürgermeisterin am Dienstag. "
    body = f"<article><h1>Brücke geöffnet</h1>{f'<p>{sentence * 3}</p>' * 4}</article>"
    html = f"<html><head><meta charset='{declared}'></head><body>{body}</body></html>".encode(actual)
    assert sentence.strip() in (extract(html, URL).text or "")
    monkeypatch.setattr(page, "decode", lambda html: html.decode(declared, "replace"))
    assert "Brücke" not in (extract(html, URL).text or "")


@pytest.mark.parametrize(
    "field",
    ['{"@type": "NewsArticle", "headline": ', '{"a":' * 100_000, '{"@type": "NewsArticle", "n": [1,,]}'],
    ids=["cut short", "deep", "no JSON"],
)
def test_p06_without_the_dropping_of_a_bad_field_it_costs_the_whole_page(
    monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    html = PAGE.replace(b"</head>", f'<script type="application/ld+json">{field}</script></head>'.encode())
    assert extract(html, URL).refused is None
    monkeypatch.setattr(metadata, "_json_values", json.loads)
    assert (extract(html, URL).refused or "").startswith("parser_error:")


@pytest.mark.parametrize(
    "head", [f"<meta name=n content='{'9' * 1_000_000}'>", "<link rel=canonical href='http://[bad'>"]
)
def test_p06_newspaper3k_left_to_itself_raises_where_a_field_is_bad(head: str) -> None:
    html = PAGE.replace(b"</head>", f"{head}</head>".encode())
    assert extract(html, URL).refused is None
    with pytest.raises(ValueError, match=r"digits|IPv6"):
        newspaper.read_article(html.decode(), URL)


def test_p04_without_the_limit_on_attributes_reading_is_quadratic_in_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tag = " ".join(f'a{n}="x"' for n in range(6_000))
    html = f"<html><body><article><p {tag}>{SENTENCE * 5}</p></article></body></html>".encode()

    guarded = least(lambda: extract(html, URL))
    monkeypatch.setattr(page, "_LONG_TAG", page.re.compile("(?!)"))
    monkeypatch.setattr(page, "_OVERLOADED", lambda tree: [])
    assert least(lambda: extract(html, URL)) > 3 * guarded


def test_p05_without_the_limit_on_depth_the_text_is_silently_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"<p>{SENTENCE}</p>" * 8
    html = f"<html><body>{'<div>' * 600}{text}</body></html>".encode()
    assert extract(html, URL).refused == "too_deep"
    monkeypatch.setattr(page, "_DEEPER", lambda tree: False)
    article = extract(html, URL, backend="newspaper3k")
    assert (article.refused, article.text) == ("empty", None)


def test_p07_without_the_look_at_the_bytes_a_picture_is_no_longer_told_from_a_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = b"\x89PNG\r\n\x1a\n<html><body>" + b"<p>not the words of an article at all</p>" * 9
    assert extract(picture, URL).refused == "not_html"
    monkeypatch.setattr(page, "_BINARY", ())
    assert extract(picture, URL).refused is None


def test_n12_newspaper3k_left_to_itself_asks_for_what_a_page_embeds(web: Loopback) -> None:
    program = """
        import collectors.extraction.newspaper as ours
        configuration = ours.configuration
        def careless():
            config = configuration()
            config.fetch_images = FETCH
            return config
        ours.configuration = careless
        ours.read_article(HTML, "https://www.example.org/")
    """
    html = f"<html><body><p>{SENTENCE}</p><img src='{web.url('/image')}' width=900 height=900></body></html>"
    for fetch, asked in ((False, 0), (True, 1)):
        filled = textwrap.dedent(program).replace("FETCH", str(fetch)).replace("HTML", repr(html))
        subprocess.run([sys.executable, "-c", filled], cwd=ROOT, check=True, capture_output=True)
        assert (len(web.asked("/image")) > 0) == bool(asked)


def test_n12_without_the_ban_a_worker_opens_connections(web: Loopback) -> None:
    program = """
        import socket
        from collectors.sandbox.child import forbid_network_and_programs
        if BANNED:
            forbid_network_and_programs()
        socket.create_connection(("127.0.0.1", PORT)).sendall(b"GET /stolen HTTP/1.0\\r\\n\\r\\n")
    """
    for banned in (True, False):
        filled = textwrap.dedent(program).replace("BANNED", str(banned)).replace("PORT", str(web.port))
        process = subprocess.run([sys.executable, "-c", filled], cwd=ROOT, capture_output=True, text=True)
        assert ("PermissionError" in process.stderr) is banned
    deadline = time.monotonic() + 5
    while not web.asked("/stolen") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(web.asked("/stolen")) == 1


async def test_p04_without_the_cpu_limit_a_slow_page_holds_its_worker() -> None:
    async with Workers(1, cpu_seconds=0.3) as started:
        assert (await started.extract(SLOW, URL, backend="newspaper3k")).refused == "parser_timeout"
    async with Workers(1, cpu_seconds=120) as started:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await started.extract(SLOW, URL, backend="newspaper3k")
        assert time.monotonic() - began >= 1


async def test_p04_without_the_memory_limit_a_page_takes_what_it_wants() -> None:
    large = b"<html><body><article>" + b"<p>" + b"word " * 1_900_000 + b"</p></article></body></html>"
    refused = {}
    for memory in (48 * 2**20, 2**36):
        async with Workers(1, memory=memory, cpu_seconds=60) as started:
            refused[memory] = (await started.extract(large, URL)).refused
    bounded, unbounded = refused.values()
    assert bounded in ("parser_memory", "parser_crashed")
    assert unbounded is None


def test_p04_the_kernel_ends_a_worker_whose_parent_is_gone(tmp_path: Path) -> None:
    """No one watches its wall time any more: its own limit on CPU time is what ends it; the twin has none."""
    program = """
        import sys
        from collectors.sandbox.child import allow_cpu
        if LIMITED:
            allow_cpu(1)
        while True:
            pass
    """
    running = {}
    for limited in (True, False):
        filled = textwrap.dedent(program).replace("LIMITED", str(limited))
        running[limited] = subprocess.Popen([sys.executable, "-c", filled], cwd=ROOT)
    try:
        assert running[True].wait(120) == -24  # SIGXCPU
        child_process = psutil.Process(running[False].pid)
        deadline = time.monotonic() + 120
        while child_process.cpu_times().user < 3 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert running[False].poll() is None
    finally:
        for process in running.values():
            process.kill()
            process.wait()
