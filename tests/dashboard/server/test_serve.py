"""`pressgauge serve` for others than oneself: log-in, access log, a port that is taken."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from dashboard.commands.serve import command
from dashboard.server import serve as serving
from dashboard.server.access_log import access_log
from dashboard.server.pages import no_page, open_page
from dashboard.server.serve import serve
from dashboard.server.server import LOOPBACK
from dashboard.session.refresh_job import RefreshJob
from dashboard.session.store import Store
from pressgauge.errors import PressgaugeError
from tests.waiting import until


def start(store: Store, **options: object) -> None:
    given = {
        "address": "127.0.0.1", "prefix": "", "origins": (), "access_log": None,
        "read_only": False, "demo": False, "refresh_every": None, "browser": False,
        "counts": False,
    }  # fmt: skip
    serve(store.path, **(given | options))  # type: ignore[arg-type]


def test_a_taken_port_is_said_with_another_to_try(store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PressgaugeError, match=f"port {port}: .*; try --port {port + 1}"):
            start(store, port=port)


def test_an_access_log_that_cannot_be_written_is_named(store: Store, tmp_path: Path) -> None:
    with pytest.raises(PressgaugeError, match=r"cannot write .*missing/access\.log"):
        start(store, port=1, access_log=str(tmp_path / "missing" / "access.log"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--oauth-provider", "github"], "needs --oauth-key and --oauth-secret"),
        (["--oauth-provider=pam", "--oauth-key=k", "--oauth-secret=s"], "--oauth-provider is one of"),
        (["--basic-auth", "open sesame", "--oauth-provider", "github"], "not both"),
        (["--basic-auth", "open sesame", "--allow-user", "ada"], "needs --oauth-provider"),
        (["--basic-auth", "open sesame", "--cookie-secret", "short"], "32 characters"),
        (
            [
                "--oauth-provider=okta",
                "--oauth-key=k",
                "--oauth-secret=s",
                "--base-url=p",
            ],
            "needs --oauth-redirect-uri",
        ),
        (["--port", "0"], "0 is not in the range"),
        (["--refresh-every", "1"], "1 is not in the range"),
    ],
)
def test_a_log_in_without_its_secrets_is_wrong_usage(options: list[str], said: str) -> None:
    done = CliRunner().invoke(command, options)
    assert done.exit_code == 2
    assert said in done.output


def test_only_this_machine_is_served_unless_told_otherwise() -> None:
    address = next(option for option in command.params if option.name == "address")
    assert address.default in LOOPBACK


def test_the_access_log_has_a_line_a_request_and_none_that_a_client_wrote(tmp_path: Path) -> None:
    write = access_log(str(tmp_path / "access.log"))
    request = SimpleNamespace(
        method="GET", uri='/?a="\r\n127.0.0.1 - - "forged', version="HTTP/1.1", remote_ip="127.0.0.1",
        request_time=lambda: 0.0123,
    )  # fmt: skip
    write(SimpleNamespace(request=request, _headers={"Content-Length": "7"}, get_status=lambda: 200))  # type: ignore[arg-type]
    (line,) = (tmp_path / "access.log").read_text().splitlines()
    assert line.startswith("127.0.0.1 - - [")
    assert line.endswith('HTTP/1.1" 200 7 12.3ms')
    assert line.count('"') == 2


@contextlib.asynccontextmanager
async def reading_ahead(store: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(serving, "_QUIET", 0.0)
    task = asyncio.create_task(serving._read_voices_ahead(store))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_who_speaks_is_read_before_anybody_opens_voices(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    voices = store.current.voices
    async with reading_ahead(store, monkeypatch):
        await until(lambda: voices.tables is not None or voices.problem, seconds=120)
    assert voices.problem is None
    assert store.current.dataset.voices_behind() == 0


async def test_who_speaks_in_a_large_dataset_is_read_when_somebody_asks(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_READ_AHEAD", len(store.current.snapshot.articles) - 1)
    async with reading_ahead(store, monkeypatch):
        for _ in range(10):  # turns of the loop, each of which is a look at the store
            await asyncio.sleep(0)
    assert not store.current.voices.reading
    assert store.current.voices.tables is None


def test_what_could_not_be_opened_leaves_no_other_head_to_the_pages_after_it(
    store: Store, served: Callable[..., Any]
) -> None:
    job, first = RefreshJob(store.path), [no_page]

    def page() -> Any:
        return first.pop()() if first else open_page(store, job, read_only=False)

    heads = []
    for _ in range(2):  # the second server's first page is a good one
        with served(page) as (url, _):
            urlopen(url).read()
            heads.append(urlopen(url).read().decode().partition("<body")[0])
    assert heads[0] == heads[1]
    assert 'name="viewport"' in heads[0]
