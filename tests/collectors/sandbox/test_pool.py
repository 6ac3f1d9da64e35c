"""Hostile pages cost a worker process and a recorded reason; the parent and the other pages go on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pandas as pd
import psutil
import pytest

from collectors.extraction.extract import extract
from collectors.sandbox.pool import WorkerError, Workers

URL = "https://www.example.org/2024/03/05/bridge"
SENTENCE = "The committee decided on Tuesday that the old bridge would stay open to walkers and cyclists."
PAGE = (
    "<html lang='en'><head><meta name='author' content='Ann Lee'>"
    "<meta property='article:published_time' content='2024-03-05T09:30:00+01:00'></head><body><article>"
    f"<h1>Bridge stays open</h1>{f'<p>{SENTENCE}</p>' * 8}</article></body></html>"
).encode()

own_processes = pytest.mark.own_processes
# newspaper3k needs far longer than any limit for this many paragraphs: a page that is always too slow.
SLOW = b"<html><body><article>" + b"".join(b"<p>%s %d</p>" % (SENTENCE.encode(), n) for n in range(9_900))


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(1) as started:
        yield started


def children() -> list[psutil.Process]:
    running = []
    for process in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "collectors.sandbox.child" in process.cmdline():
                running.append(process)
    return running


async def test_a_worker_reads_what_the_function_reads(workers: Workers) -> None:
    hints = {"hint_title": "Bridge", "hint_published": datetime.fromisoformat("2024-03-05T08:30:00+00:00")}
    assert await workers.extract(PAGE, URL, **hints) == extract(PAGE, URL, **hints)


async def test_many_pages_at_once_come_back_in_their_own_order() -> None:
    pages = [PAGE.replace(b"Bridge stays", b"Bridge %d stays" % n) for n in range(30)]
    async with Workers(2) as started:
        articles = await asyncio.gather(*(started.extract(page, URL) for page in pages))
    assert [article.title for article in articles] == [f"Bridge {n} stays open" for n in range(30)]


@own_processes
@pytest.mark.slow
async def test_a_page_that_takes_too_long_is_a_timeout_and_the_next_one_is_read() -> None:
    async with Workers(1, cpu_seconds=0.5) as started:
        slow = await started.extract(SLOW, URL, backend="newspaper3k", hint_title="Slow")
        assert (slow.refused, slow.title) == ("parser_timeout", "Slow")
        assert (await started.extract(PAGE, URL)).title == "Bridge stays open"


@own_processes
async def test_S15_a_worker_without_memory_is_recorded_and_replaced() -> None:
    async with Workers(1, memory=48 * 2**20) as started:
        large = b"<html><body><article>" + b"<p>" + b"word " * 1_900_000 + b"</p></article></body></html>"
        assert (await started.extract(large, URL)).refused in ("parser_memory", "parser_crashed")
        assert (await started.extract(PAGE, URL)).title == "Bridge stays open"


@own_processes
@pytest.mark.slow
async def test_S15_a_worker_killed_by_the_system_is_recorded_and_replaced(workers: Workers) -> None:
    (victim,) = children()
    reading = asyncio.create_task(workers.extract(SLOW, URL, backend="newspaper3k"))
    await asyncio.sleep(0.2)
    os.kill(victim.pid, signal.SIGKILL)
    assert (await reading).refused == "parser_crashed"
    assert (await workers.extract(PAGE, URL)).title == "Bridge stays open"
    assert victim.pid not in {process.pid for process in children()}


@own_processes
async def test_a_worker_killed_while_idle_costs_one_page_at_most(workers: Workers) -> None:
    os.kill(children()[0].pid, signal.SIGKILL)
    assert (await workers.extract(PAGE, URL)).refused in (None, "parser_crashed")
    assert (await workers.extract(PAGE, URL)).refused is None


@own_processes
async def test_o12_a_reader_that_is_suspended_for_a_while_reads_its_page_all_the_same(
    workers: Workers,
) -> None:
    [reader] = children()
    reader.suspend()
    reading = asyncio.create_task(workers.extract(PAGE, URL))
    done, _ = await asyncio.wait([reading], timeout=1)
    assert not done
    reader.resume()
    assert (await reading).title == "Bridge stays open"


@pytest.mark.slow
async def test_a_cancelled_page_does_not_answer_for_the_next_one(workers: Workers) -> None:
    reading = asyncio.create_task(workers.extract(SLOW, URL, backend="newspaper3k"))
    await asyncio.sleep(0.2)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert (await workers.extract(PAGE, URL)).title == "Bridge stays open"


@own_processes
@pytest.mark.slow
async def test_a_worker_is_replaced_after_its_share_of_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.sandbox.pool.PAGES_PER_PROCESS", 2)
    seen = set()
    async with Workers(1) as started:
        for _ in range(4):
            seen |= {process.pid for process in children()}
            assert (await started.extract(PAGE, URL)).refused is None
    assert len(seen) == 2


@own_processes
async def test_no_process_is_left_behind() -> None:
    async with Workers(2) as started:
        await started.extract(PAGE, URL)
        assert len(children()) == 2
    assert children() == []


@own_processes
async def test_a_worker_that_cannot_start_is_an_error_that_says_how_to_see_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONHOME", str(Path("/nonexistent")))
    with pytest.raises(WorkerError, match=r"collectors\.sandbox\.child"):
        async with Workers(1):
            pass


@own_processes
async def test_o12_a_worker_that_does_not_start_in_time_is_an_error_by_name_and_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("collectors.sandbox.pool._START_SECONDS", 0.01)
    with pytest.raises(WorkerError, match="did not start within"):
        async with Workers(2):
            pass
    assert children() == []


@own_processes
async def test_o05_a_worker_runs_no_module_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin is that of `tests/dashboard/session/test_refresh_job.py`."""
    for name in ("collectors.py", "token.py", "lxml.py"):
        (tmp_path / name).write_text("open('was-run', 'w').close()")
    monkeypatch.chdir(tmp_path)
    async with Workers(1) as workers:
        assert (await workers.extract(PAGE, URL)).title == "Bridge stays open"
    assert not (tmp_path / "was-run").exists()


def test_a_reader_of_pages_starts_without_tables() -> None:
    """Neither is needed for a page, and they take a fifth of the start and of its memory."""
    program = (
        "import sys\n"
        "from collectors.sandbox.child import load\n"
        "from collectors.sandbox.pool import PAGES_AND_LISTS\n"
        "for name in PAGES_AND_LISTS:\n"
        "    load(name)\n"
        "print(sorted({'pandas', 'pyarrow'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_N12_a_worker_can_neither_open_a_socket_nor_start_a_program() -> None:
    program = (
        "import socket, subprocess, sys, os\n"
        "from collectors.sandbox.child import forbid_network_and_programs\n"
        "forbid_network_and_programs()\n"
        "attempts = [socket.socket, lambda: socket.getaddrinfo('localhost', 80), lambda: os.system('true'),\n"
        "            lambda: subprocess.run(['true']), os.fork]\n"
        "for attempt in attempts:\n"
        "    try:\n"
        "        attempt()\n"
        "    except PermissionError:\n"
        "        continue\n"
        "    sys.exit(f'allowed: {attempt}')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["auto", "newspaper3k"])
@pytest.mark.parametrize(
    "html",
    [
        b"<html><body><p " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b">text</p></body></html>",
        b"<html><body>" + b"<p>some text of a paragraph that is no article</p>" * 80_000,
        b"<html><body>" + b"<a href='/x'>link text</a>" * 200_000,
        b"<html><body><p>" + b"text<br>" * 131_072,
        b"<html><body>" + b"<p>some text of a paragraph that is no article</p>" * 1_000_000,
        b"<html><body>" + b"<div>" * 100_000 + b"text",
        b"<html><body><p>" + b"<" * 500_000 + b"a" * 500_000,
        b"<html><body><title>" + b" | " * 200_000 + b"</title><p>" + b"By " * 200_000,
        b"<html><head>" + b"<meta name='author' content='a,b'>" * 15_000,
    ],
    ids=["attributes", "paragraphs", "links", "breaks", "50-MB", "nested", "brackets", "separators", "metas"],
)
async def test_P04_a_bomb_ends_in_time_and_memory_with_the_parent_unharmed(
    workers: Workers, html: bytes, backend: str
) -> None:
    before = psutil.Process().memory_info().rss
    article = await workers.extract(html, URL, backend=backend)
    assert article.refused is not None or article.text
    assert psutil.Process().memory_info().rss - before < 200 * 2**20
    assert all(process.memory_info().rss < 512 * 2**20 for process in children())
    assert (await workers.extract(PAGE, URL)).title == "Bridge stays open"


@own_processes
async def test_reading_parquet_takes_no_gigabyte_of_addresses_from_what_comes_next(tmp_path: Path) -> None:
    pd.DataFrame({"title": ["Ferry stays"], "outlet": ["Harbour Post"]}).to_parquet(tmp_path / "a.parquet")
    async with Workers(1, memory=4 * 2**30, parsers=("export",)) as started:
        await started.run("export", b"", path=str(tmp_path / "a.parquet"), name="a.parquet", start=0)
        [reader] = children()
        assert reader.memory_info().vms < 2**30
