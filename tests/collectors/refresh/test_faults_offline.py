"""Nothing is looked up on import or at first use: the software works where there is no network at all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_processes

ROOT = Path(__file__).resolve().parents[3]
WATCHED = """
import sys

asked = []
NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
sys.addaudithook(lambda event, args: asked.append((event, args)) if event in NETWORK else None)
"""
SAY = "print(*asked, sep='\\n')\n"
EVERYTHING = """
import asyncio, importlib, pkgutil

import collectors, dashboard, pressgauge
for package in (pressgauge, collectors, dashboard):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
"""
FIRST_USE = """
import asyncio
from datetime import datetime, UTC

import pandas as pd
import pressgauge
from collectors.extraction.extract import extract
from collectors.listings.feed_parser import parse_feed
from collectors.sandbox.pool import Workers
from pressgauge.urls import canonicalize, registered_domain

paragraph = "<p>The committee met on Tuesday and decided that the old bridge would stay open.</p>"
page = f"<html><body><article><h1>Bridge stays open</h1>{paragraph * 8}</article></body></html>".encode()
url = "https://news.example.co.uk/2025/01/20/bridge"
for backend in ("auto", "trafilatura", "newspaper3k", "resiliparse"):
    assert extract(page, url, backend=backend).text, backend
assert registered_domain(canonicalize(url)) == "example.co.uk"
feed = b"<rss version='2.0'><channel><item><title>a</title><link>https://a.example/1</link></item></channel></rss>"
assert parse_feed(feed, url=url, limit=9)["entries"]

async def in_children():
    async with Workers(1) as workers:
        assert (await workers.extract(page, url, backend="newspaper3k")).text
        front = b"<html><body><a href='/2025/01/20/a-long-story-here'>A long story</a></body></html>"
        assert (await workers.run("links", front, url=url))["articles"]

asyncio.run(in_children())
dataset = pressgauge.open(FOLDER)
dataset.append(pd.DataFrame([{"url": url, "title": "Open weights", "text": "Open weights are out. " * 50,
                              "language": "en", "published": datetime(2025, 1, 20, tzinfo=UTC)}]))
assert len(dataset.search("weights")) == 1
from pressgauge.analysis import framing, terms

articles = dataset.load()
framing(articles)
terms(articles)
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run it without a network: in a namespace of its own where this machine lets us, else only watched."""
    command = [sys.executable, "-c", WATCHED + program + SAY]
    unshare = shutil.which("unshare")
    for isolated in ([unshare, "-n"], [unshare, "-rn"]):
        if unshare and subprocess.run([*isolated, "true"], capture_output=True).returncode == 0:
            command = [*isolated, *command]
            break
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.slow
def test_n14_importing_every_module_asks_nothing_of_the_network() -> None:
    done = run(EVERYTHING)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.slow
def test_n14_first_pages_addresses_feeds_articles_and_measures_work_without_a_network(tmp_path: Path) -> None:
    done = run(FIRST_USE.replace("FOLDER", repr(str(tmp_path / "dataset"))))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    "careless", ["import tldextract; tldextract.TLDExtract(cache_dir=None)('https://a.example.co.uk/')"]
)
def test_n14_a_library_that_does_look_something_up_is_seen(careless: str) -> None:
    done = run(f"{careless}\n")
    assert "publicsuffix.org" in done.stdout
