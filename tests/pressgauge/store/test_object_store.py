"""A dataset at an object store is the same dataset: appended, loaded, searched, and safe from two writers."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

import pressgauge
from bench.torture_storage import articles, searched, states_of
from pressgauge.errors import DatasetError
from pressgauge.store.dataset import Dataset
from pressgauge.store.table.delta import Storage

_KEYS = {
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_REGION": "us-east-1",
    "AWS_ALLOW_HTTP": "1",
}
_names = count()


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """A server of S3's protocol on loopback, with a bucket `press`, in a process of its own."""
    pytest.importorskip("moto", reason="moto, a local S3 server, is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                request = urllib.request.Request(
                    f"{address}/press", method="PUT", headers={"Host": f"127.0.0.1:{port}"}
                )
                urllib.request.urlopen(request, timeout=10).close()
                break
            assert time.monotonic() < until, "the S3 server does not answer"
            time.sleep(0.1)
        yield {"AWS_ENDPOINT_URL": address, **_KEYS}
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def dataset(store: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    return pressgauge.open(f"s3://press/coverage-{next(_names)}", store)


def test_what_is_appended_is_loaded_updated_searched_and_every_version_stays(dataset: Dataset) -> None:
    assert (len(dataset), dataset.version) == (0, -1)
    dataset.append(articles({0: 0, 1: 0}))
    done = dataset.append(articles({0: 1, 1: 0, 2: 0}))
    assert (done.added, done.updated, done.unchanged) == (1, 1, 1)
    assert states_of(dataset.load()) == {0: 1, 1: 0, 2: 0}
    assert states_of(dataset.load(as_of=0)) == {0: 0, 1: 0}
    searched(dataset, {0: 1, 1: 0, 2: 0})
    ids = dataset.load(["id"])["id"]
    assert dataset.read(ids, ["id"])["id"].tolist() == ids.tolist()
    assert dataset.versions()["articles"].tolist() == [2, 3]


def test_the_index_and_what_collectors_remember_are_kept_on_this_machine(
    dataset: Dataset, store: dict[str, str], tmp_path: Path
) -> None:
    dataset.append(articles({0: 0}))
    dataset.index()
    assert dataset.path.is_relative_to(tmp_path)
    assert (dataset.path / "index").is_dir()
    again = pressgauge.open(dataset.location.removesuffix("/articles"), store)
    assert again.path == dataset.path
    searched(again, {0: 0})


@pytest.mark.slow
def test_s08_two_writers_without_a_common_lock_lose_nothing_and_double_nothing(
    dataset: Dataset, store: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Dataset, "_write_lock", lambda _: contextlib.nullcontext())  # as on two machines

    def write(writer: int) -> None:
        own = pressgauge.open(dataset.location.removesuffix("/articles"), store)
        for number in range(3):
            own.append(articles({0: 0, 10 * (writer + 1) + number: 0}))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, range(2)))
    expected = dict.fromkeys((0, 10, 11, 12, 20, 21, 22), 0)
    assert states_of(dataset.load()) == expected
    searched(dataset, expected)


@pytest.mark.slow
def test_compacting_at_a_store_changes_nothing(dataset: Dataset) -> None:
    for number in range(0, 32, 4):
        dataset.append(articles({number: 0}))
    assert dataset.compact() == 1
    assert states_of(dataset.load()) == dict.fromkeys(range(0, 32, 4), 0)


def test_a_store_that_refuses_is_an_error_that_names_it(store: dict[str, str]) -> None:
    with pytest.raises(DatasetError, match="s3://nowhere/coverage/articles"):
        pressgauge.open("s3://nowhere/coverage", store).append(articles({0: 0}))


def test_s02_a_dead_store_is_told_in_seconds_or_as_its_options_say() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    options = _KEYS | {"AWS_ENDPOINT_URL": nobody}
    assert Storage("s3://press/coverage", options)._options == options | {"retry_timeout": "20s"}
    with pytest.raises(DatasetError, match="cannot read s3://press/"):
        pressgauge.open("s3://press/coverage", options | {"retry_timeout": "1s"}).load()


_UNRELIABLE = """
import http.client, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

store, kind = sys.argv[1:]


class Between(BaseHTTPRequestHandler):
    protocol_version, asked, refused = "HTTP/1.1", 0, set()

    def passed_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Between.asked += 1
        same = self.command, self.path
        if kind == "503" or (kind == "some 503" and Between.asked % 3 == 0 and same not in self.refused):
            self.refused.add(same)  # only once, whichever threads ask in between
            return self.answer(503, [], b"")
        behind = http.client.HTTPConnection(store)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        self.answer(answer.status, answer.getheaders(), answer.read(), answer.getheader("Content-Length"))

    def answer(self, status, headers, body, length=None):
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        half = kind == "half" and self.command == "GET" and len(body) > 100
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if half else body)
        self.close_connection = half

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = passed_on

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Between)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def behind(store: dict[str, str]) -> Iterator[Callable[[str], dict[str, str]]]:
    """Options that reach the store through a process that answers 503, or half of what the store says: of its
    own, since deltalake lets no thread of this one run while it begins an upload."""
    running: list[subprocess.Popen[str]] = []

    def through(kind: str) -> dict[str, str]:
        address = store["AWS_ENDPOINT_URL"].removeprefix("http://")
        command = [sys.executable, "-c", _UNRELIABLE, address, kind]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        assert running[-1].stdout
        port = running[-1].stdout.readline().strip()
        return store | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "max_retries": "2"}

    yield through
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("kind", ["503", "half"])
def test_s02_a_store_that_does_not_answer_or_by_half_is_told_and_harms_nothing(
    dataset: Dataset, behind: Callable[[str], dict[str, str]], kind: str
) -> None:
    dataset.append(articles({0: 0}))
    unreliable = pressgauge.open(dataset.location.removesuffix("/articles"), behind(kind))
    with pytest.raises(DatasetError, match="cannot read s3://press/"):
        unreliable.load()
    with pytest.raises(DatasetError, match="cannot read s3://press/"):
        unreliable.append(articles({1: 0}))
    assert states_of(dataset.load()) == {0: 0}


@pytest.mark.slow
def test_s02_a_store_that_answers_503_now_and_then_stores_all_the_same(
    dataset: Dataset, behind: Callable[[str], dict[str, str]]
) -> None:
    dataset.append(articles({0: 0}))
    unreliable = pressgauge.open(dataset.location.removesuffix("/articles"), behind("some 503"))
    unreliable.append(articles({0: 1, 1: 0}))
    assert states_of(unreliable.load()) == states_of(dataset.load()) == {0: 1, 1: 0}
