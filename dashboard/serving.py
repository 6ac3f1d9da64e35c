"""Puts store, refresh and pages together and runs them until interrupted."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import webbrowser
from collections.abc import Collection
from pathlib import Path
from typing import Any

import click
import panel as pn

from collectors.demo.build import ensure_demo
from dashboard import server
from dashboard.app import App
from dashboard.refresh_job import RefreshJob
from dashboard.store import Store
from pressgauge import paths
from pressgauge.errors import PressgaugeError


def serve(
    data: Path | None,
    *,
    port: int,
    address: str,
    prefix: str,
    origins: Collection[str],
    basic_auth: str | None,
    cookie_secret: str | None,
    read_only: bool,
    demo: bool,
    refresh_every: int | None,
    browser: bool,
) -> None:
    """Serve until Ctrl-C. Raises PressgaugeError when the port is taken or the dataset cannot be read."""
    pn.extension(notifications=False)
    path = data or paths.default_dataset()
    store = Store(path, demo=ensure_demo, always_demo=demo)
    job = RefreshJob(path)

    def page() -> Any:
        return open_page(store, job, read_only=read_only)

    try:
        running = server.start(
            page,
            address=address,
            port=port,
            origins=origins,
            prefix=prefix,
            basic_auth=basic_auth,
            cookie_secret=cookie_secret,
        )
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        raise PressgaugeError(
            f"cannot listen on {address} port {port}: {error.strerror}; try --port {port + 1}"
        ) from error
    host = "localhost" if address in ("127.0.0.1", "0.0.0.0", "::1") else address  # noqa: S104 (compared, not bound)
    url = f"http://{host}:{port}{prefix}/"
    click.echo(f"Pressgauge is at {url} (Ctrl-C stops it)")
    # What was loaded so far lives as long as the server: keep the collector from walking it at every pass.
    gc.collect()
    gc.freeze()
    tasks = [store.watch()] + ([_refresh_every(job, refresh_every)] if refresh_every else [])
    for task in tasks:
        running.io_loop.add_callback(asyncio.ensure_future, task)
    if browser:
        running.io_loop.add_callback(lambda: asyncio.to_thread(webbrowser.open, url))
    running.start()
    try:
        running.io_loop.start()
    finally:
        job.stop()
        running.stop()


def open_page(store: Store, job: RefreshJob, *, read_only: bool) -> Any:
    """The page of a new session, and what must be undone when it ends."""
    page = App(store, job, read_only=read_only).page()
    _release_with_session(page)
    return page


def _release_with_session(page: Any) -> None:
    """Page watches Panel's global busy flag and would live as long as the process: unwatch it with its
    session."""
    watchers = list(pn.state.param.watchers.get("busy", {}).get("value", []))
    del page
    if pn.state.curdoc is None:
        return
    for watcher in watchers[-1:]:

        def forget(_: Any, watcher: Any = watcher) -> None:
            with contextlib.suppress(ValueError):
                pn.state.param.unwatch(watcher)

        pn.state.on_session_destroyed(forget)


async def _refresh_every(job: RefreshJob, minutes: int) -> None:
    while True:
        job.start()
        await asyncio.sleep(minutes * 60)
