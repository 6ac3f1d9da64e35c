"""Puts store, refresh and pages together and runs them until interrupted."""

from __future__ import annotations

import asyncio
import errno
import gc
import importlib
import logging
import os
import signal
import webbrowser
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
import panel as pn
from bokeh.server.auth_provider import AuthProvider
from bokeh.settings import settings
from panel.io.server import Server
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

import pressgauge
from dashboard.counts.session import CountedStore
from dashboard.server import server
from dashboard.server.access_log import access_log as log_to
from dashboard.server.feed import TOKEN
from dashboard.server.log_in import LogIns, visitor
from dashboard.session.refresh_job import RefreshJob, end_all
from dashboard.session.store import Store
from pressgauge.errors import PressgaugeError
from pressgauge.settings import paths
from pressgauge.store.memory import give_back

log = logging.getLogger(__name__)
_PAUSE = 0.2
"""Seconds in which whoever waits for the server comes first."""
_QUIET = 20.0
"""Seconds after which a new version of the dataset is read ahead: its first visitors come first."""
_READ_AHEAD = 25_000
"""Articles of a dataset in which who speaks is read before anybody asks: less than a minute."""
_BYTES_AN_ARTICLE = 200
"""What it takes of an article in memory to make a snapshot's columns, see docs/cluster.md."""


def serve(
    data: str | Path | None,
    *,
    port: int,
    address: str,
    prefix: str,
    origins: Collection[str],
    log_in: AuthProvider | None = None,
    log_ins: LogIns | None = None,
    cookie_secret: str | None = None,
    proxies: Collection[str] = (),
    access_log: str | None,
    read_only: bool,
    demo: bool,
    refresh_every: int | None,
    browser: bool,
    counts: bool,
) -> None:
    """Serve until Ctrl-C or SIGTERM; the page made of counts, if asked for.

    Raises PressgaugeError when the port is taken or the dataset cannot be read.
    """
    pn.extension(notifications=False)
    # Panel asks a model with each change for properties that it has not, and Bokeh looked for similar names.
    settings.perform_error_diagnostics = False
    path = data or paths.default_dataset()
    if not counts and (advice := too_large(len(pressgauge.open(path)), memory())) is not None:
        click.echo(f"pressgauge: {advice}", err=True)
    store: Any = (CountedStore if counts else Store)(path, demo=_demo, always_demo=demo)
    job = RefreshJob(path)

    def page() -> Any:
        pages = loading.result()
        try:
            if counts:
                return pages.open_counts(store)
            return pages.open_page(store, job, read_only=read_only, user=visitor(log_ins))
        except Exception:
            # Panel would show the error with its text as markup, and the text may come from the address.
            log.exception("a page could not be opened")
            return pages.no_page()

    def picture(query: str, dark: bool, known: bool) -> str | None:
        of = store.current
        return of.known_picture(query, dark) if known else loading.result().preview(of, query, dark=dark)

    async def before_page() -> None:
        await asyncio.wrap_future(loading)
        await store.before_page()

    try:
        running = server.start(
            page,
            address=address,
            port=port,
            origins=origins,
            prefix=prefix,
            log_in=log_in,
            log_ins=log_ins,
            cookie_secret=cookie_secret,
            proxies=proxies,
            log=log_to(access_log) if access_log else None,
            preview=None if counts else picture,
            before=before_page,
            charts=None if counts else store,
            alerts=(Path(pressgauge.open(path).path), _feed_token(private=log_in is not None or read_only)),
        )
    except OSError as error:
        if error.filename is not None:
            raise PressgaugeError(f"cannot write {error.filename}: {error.strerror}") from error
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        raise PressgaugeError(
            f"cannot listen on {address} port {port}: {error.strerror}; try --port {port + 1}"
        ) from error
    local = ("127.0.0.1", "0.0.0.0", "::1", "::")  # noqa: S104 (compared, not bound)
    host = "localhost" if address in local else server.in_url(address)
    url = f"http://{host}:{port}{prefix}/"
    click.echo(f"Pressgauge is at {url} (Ctrl-C stops it)")
    tasks = [store.watch()] + ([_refresh_every(job, refresh_every)] if refresh_every else [])
    if not counts:
        tasks.append(_read_voices_ahead(store))
    for task in tasks:
        running.io_loop.add_callback(asyncio.ensure_future, task)
    if browser:
        running.io_loop.add_callback(lambda: asyncio.to_thread(webbrowser.open, url))
    running.io_loop.call_later(_PAUSE, _first_visit, url)
    running.start()
    _end_on_signals(running)
    loading = _load_pages(running)
    running.io_loop.start()
    running.stop()
    loading.result()


def _load_pages(running: Server) -> Future[Any]:
    """Load what makes pages, while the server says already that it is there: a visitor who comes meanwhile
    waits as if the server had come later. Where that fails, the server ends."""

    def load() -> Any:
        gc.disable()  # what modules make stays: to look for garbage among it meanwhile is in vain
        try:
            return importlib.import_module("dashboard.server.pages")
        finally:
            gc.enable()

    def end_if_failed(loading: Future[Any]) -> None:
        if loading.exception() is not None:
            running.io_loop.add_callback(running.io_loop.stop)

    loading = ThreadPoolExecutor(1).submit(load)
    loading.add_done_callback(end_if_failed)
    return loading


def _end_on_signals(running: Server) -> None:
    """Let Ctrl-C, SIGTERM and a closed terminal end the server, what its pages started first; a second signal
    at once. The exit code is 0: a server is ended in no other way."""
    loop = asyncio.get_event_loop()
    ending: list[asyncio.Task[None]] = []

    async def end() -> None:
        await end_all()
        running.io_loop.stop()

    def on_signal() -> None:
        if ending:
            running.io_loop.stop()
        else:
            ending.append(loop.create_task(end()))

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal)


def _feed_token(*, private: bool) -> str | None:
    """What opens the feed of alerts: a token of the environment, nothing without one; a feed that is private
    and has no token is opened by none ("")."""
    return os.environ.get(TOKEN) or ("" if private else None)


def _demo() -> Path:
    """The demo, with a word to whoever waits for its first making."""
    from collectors.demo.build import ensure_demo

    if not paths.demo_dataset().exists():
        click.echo(
            "No articles yet: writing the demo, a synthetic press. Once, about half a minute ...", err=True
        )
    return ensure_demo()


def too_large(articles: int, memory: int) -> str | None:
    """Why a dataset cannot be opened as a whole, in a sentence: its metadata would take more than half of the
    memory, which is given in bytes. None where there is room for it."""
    need = articles * _BYTES_AN_ARTICLE
    if 2 * need <= memory:
        return None
    return (
        f"{articles:,} articles take about {need / 1e9:.1f} GB of {memory / 1e9:.1f} GB of memory; "
        "`pressgauge serve --counts` opens daily counts instead"
    )


def memory() -> int:
    """The memory of this machine in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


async def _first_visit(url: str) -> None:
    """Ask for a page, so that what is made for the first one only is made when somebody comes.

    A log-in's redirect is not followed: whoever gives log-ins is asked by visitors only.
    """
    try:
        await AsyncHTTPClient().fetch(url, follow_redirects=False)
    except (HTTPClientError, OSError) as error:
        log.info("the first page was not made: %s", error)
    give_back()


async def _read_voices_ahead(store: Store) -> None:
    """Begin to read who speaks in each version of the dataset before a visitor opens Voices; in a large
    dataset the first visitor begins it, since few may ever ask."""
    latest = None
    while True:
        await asyncio.sleep(_QUIET)
        if store.current is latest:
            continue
        latest = store.current
        if len(latest.snapshot.articles) <= _READ_AHEAD:
            latest.voices.ask(latest.dataset)


async def _refresh_every(job: RefreshJob, minutes: int) -> None:
    while True:
        job.start()
        await asyncio.sleep(minutes * 60)
