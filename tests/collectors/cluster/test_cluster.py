"""A back-fill by a real Dask cluster of processes stores what one machine stores, whatever is killed."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from aiohttp import web as http
from hypothesis import given, settings
from hypothesis import strategies as st

import pressgauge
from collectors.candidate import Candidate, Rejected, Window
from collectors.cluster.cluster import Cluster, connected, mapped
from collectors.cluster.staging import Staging, Writer
from collectors.demo.archive import write_archive
from collectors.demo.press import Piece, press
from collectors.errors import CollectError
from collectors.extraction.extract import Article
from collectors.kinds.ccnews import Archive, Filter
from collectors.ledger import Report, SourceLedger
from collectors.refresh.refresh import refresh_now
from collectors.source import Source
from pressgauge.analysis.volume import volume
from pressgauge.errors import PressgaugeError
from pressgauge.scale import counts
from pressgauge.settings.topics import Topic
from pressgauge.store.dataset import Dataset
from tests.examples import examples
from tests.loopback import Loopback
from tests.waiting import wait_for

pytestmark = pytest.mark.slow

distributed = pytest.importorskip("distributed")
FILES, A_FILE = 4, 6
WINDOW = Window(datetime(2025, 1, 20, tzinfo=UTC), datetime(2025, 1, 25, tzinfo=UTC))


@pytest.fixture(scope="module")
def pieces() -> tuple[Piece, ...]:
    return press(date(2025, 1, 20), date(2025, 1, 22)).pieces[: FILES * A_FILE]


@pytest.fixture(scope="module")
def archives(pieces: tuple[Piece, ...], tmp_path_factory: pytest.TempPathFactory) -> Source:
    """A source of four WARC files."""
    folder = tmp_path_factory.mktemp("archives")
    for number in range(FILES):
        write_archive(folder / f"{number}.warc.gz", pieces[number * A_FILE : (number + 1) * A_FILE])
    return Source(name="archives", kind="ccnews", url=str(folder), outlet="archives")


@pytest.fixture(scope="module")
def client() -> Iterator[distributed.Client]:
    """Two workers, each a process with one thread, and their scheduler."""
    with distributed.Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        yield client


@pytest.fixture(scope="module")
def alone(archives: Source, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """What one machine stores."""
    dataset = pressgauge.open(tmp_path_factory.mktemp("alone"))
    refresh_now(dataset, [archives], bar=False)
    return dataset


@pytest.fixture
def dataset_of_none(tmp_path: Path) -> Dataset:
    return pressgauge.open(tmp_path / "coverage")


def articles(dataset: Dataset) -> pd.DataFrame:
    frame = dataset.load().drop(columns="collected").sort_values("id", ignore_index=True)
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), "str"))


def assert_same(dataset: Dataset, expected: Dataset) -> None:
    pd.testing.assert_frame_equal(articles(dataset), articles(expected))


def of(report: Report) -> SourceLedger:
    [ledger] = report.sources
    assert ledger.open == 0
    return ledger


def test_a_cluster_stores_what_one_machine_stores_and_its_second_refresh_nothing(
    alone: Dataset, archives: Source, client, pieces, tmp_path: Path
) -> None:
    dataset = pressgauge.open(tmp_path)
    ledger = of(refresh_now(dataset, [archives], bar=False, client=client))
    assert (ledger.seen, ledger.stored, ledger.error) == (FILES * A_FILE, len(pieces), None)
    assert set(dataset.load(["url"])["url"]) == {piece.url for piece in pieces}
    assert_same(dataset, alone)
    assert list((tmp_path / "staging").iterdir()) == [], "what is committed is no longer staged"
    again = of(refresh_now(dataset, [archives], bar=False, client=client))
    assert (again.seen, again.stored) == (0, 0)


class Crawl:
    """The archives on a loopback web, listed as Common Crawl lists them.

    An archive that is `held` is not handed out before `release` is set.
    """

    def __init__(self, web: Loopback, folder: Path, pieces: tuple[Piece, ...], held: set[int]) -> None:
        self.web, self.release = web, threading.Event()
        self.paths = [f"/CC-NEWS/2025/01/CC-NEWS-2025012{n}000000-0000{n}.warc.gz" for n in range(FILES)]
        listing = gzip.compress("\n".join(path.removeprefix("/") for path in self.paths).encode())
        web.page("/CC-NEWS/2025/01/warc.paths.gz", listing, "application/gzip")
        for number, path in enumerate(self.paths):
            web.handle(path, self._answer((folder / f"{number}.warc.gz").read_bytes(), number in held))
        self.domains = sorted({piece.outlet.domain for piece in pieces})
        self.source = Source(
            name="archives",
            kind="ccnews",
            url=web.url("/CC-NEWS/"),
            outlet="archives",
            local=True,
            options={"domains": self.domains},
        )

    def _answer(self, body: bytes, held: bool) -> Callable:
        async def answer(_: http.Request) -> http.Response:
            while held and not self.release.is_set():  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.02)
            return http.Response(body=body)

        return answer

    def asked(self, number: int) -> int:
        return len(self.web.asked(self.paths[number]))


@pytest.fixture
def crawl(web: Loopback, archives: Source, pieces: tuple[Piece, ...]) -> Iterator[Callable[..., Crawl]]:
    made: list[Crawl] = []

    def make(*held: int) -> Crawl:
        made.append(Crawl(web, Path(archives.url), pieces, set(held)))
        return made[-1]

    yield make
    for each in made:
        each.release.set()


@contextmanager
def refreshing(dataset: Dataset, source: Source, client: object) -> Iterator[Callable[[], SourceLedger]]:
    """A refresh under way; calling what this gives waits for its ledger."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(refresh_now, dataset, [source], bar=False, window=WINDOW, client=client)
        yield lambda: of(running.result(120))


def test_a_worker_killed_midway_costs_nothing_but_its_time(alone, client, crawl, tmp_path: Path) -> None:
    dataset, service = pressgauge.open(tmp_path), crawl(0, 1)
    with refreshing(dataset, service.source, client) as ended:
        wait_for(lambda: service.asked(0) and service.asked(1))
        os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        wait_for(lambda: service.asked(0) + service.asked(1) == 3)
        service.release.set()
        ledger = ended()
    assert (ledger.seen, ledger.stored) == (FILES * A_FILE, FILES * A_FILE)
    assert_same(dataset, alone)


def test_the_others_go_on_beside_a_slow_one_and_an_object_that_is_lost_is_made_again(
    alone, client, crawl, tmp_path: Path
) -> None:
    dataset, service = pressgauge.open(tmp_path), crawl(0)
    staged = tmp_path / "staging"
    with refreshing(dataset, service.source, client) as ended:
        wait_for(lambda: staged.is_dir() and len(list(staged.glob("*.parquet"))) == FILES - 1)
        assert service.asked(0) == 1, "all others were read while this one was held up"
        lost, cut, *_ = sorted(staged.glob("*.parquet"))
        lost.unlink()
        cut.write_bytes(cut.read_bytes()[:-200])
        service.release.set()
        ledger = ended()
    assert sorted(service.asked(number) for number in range(FILES)) == [1, 1, 2, 2]
    assert ledger.stored == FILES * A_FILE
    assert_same(dataset, alone)


COMMAND = (
    "from collectors.refresh import commit; commit.GROUP = commit.READ_GROUP = 5; "
    "from dashboard.cli import main; main()"
)


def start(folder: Path, service: Crawl, scheduler: str) -> subprocess.Popen[str]:
    """`pressgauge refresh --cluster`, committing after 5 articles."""
    options = f'kind = "ccnews"\nurl = "{service.source.url}"\nlocal = true\ndomains = {service.domains}'
    (folder / "sources.toml").write_text(f'[[source]]\nname = "archives"\n{options}\n')
    arguments = ["--data", str(folder / "coverage"), "--sources", str(folder / "sources.toml"), "--json"]
    dates = ["--since", "2025-01-20", "--until", "2025-01-25"]
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "refresh", *arguments, *dates, "--cluster", scheduler],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PRESSGAUGE_DATA": str(folder)},
    )


def test_a_killed_driver_loses_and_doubles_nothing_and_no_archive_is_read_again(
    alone, client, crawl, tmp_path: Path
) -> None:
    service, dataset = crawl(FILES - 1), pressgauge.open(tmp_path / "coverage")
    running = start(tmp_path, service, client.scheduler.address)
    wait_for(lambda: len(dataset) >= A_FILE and service.asked(FILES - 1))
    running.kill()
    running.communicate()
    kept = len(dataset)
    assert A_FILE <= kept < FILES * A_FILE, "the kill came in the middle"
    service.release.set()
    output, errors = start(tmp_path, service, client.scheduler.address).communicate(timeout=120)
    [ledger] = json.loads(output)["sources"]
    assert ledger["error"] is None, errors
    assert ledger["stored"] == FILES * A_FILE - kept
    assert [service.asked(number) for number in range(FILES - 1)] == [1] * (FILES - 1)
    assert_same(dataset, alone)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@contextmanager
def program(module: str, *arguments: str) -> Iterator[subprocess.Popen]:
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen([sys.executable, "-m", module, *arguments], stdout=said, stderr=said)
        try:
            yield running
        finally:
            running.kill()
            running.wait()


def test_a_scheduler_and_workers_of_their_own_and_the_scheduler_restarted_midway(
    alone, crawl, tmp_path: Path
) -> None:
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = (
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-dashboard",
    )
    folder = ("--local-directory", str(tmp_path / "worker"))
    worker = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard", *folder)
    dataset, service = pressgauge.open(tmp_path / "coverage"), crawl(1)
    with program(*worker), program(*scheduler) as first:
        wait_for(lambda: listens(port))
        with connected(address) as client, refreshing(dataset, service.source, client) as ended:
            wait_for(lambda: service.asked(1))
            first.kill()
            first.wait()
            # Workers end with their scheduler; on a real cluster its supervisor starts them again.
            with program(*scheduler), program(*worker):
                service.release.set()
                ledger = ended()
    assert (ledger.stored, ledger.error) == (FILES * A_FILE, None)
    assert service.asked(0) == 1, "what was staged is not read again"
    assert_same(dataset, alone)


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_the_dataset_and_what_is_staged_lie_on_an_object_store(
    alone, client, archives: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("moto.server")
    port = free_port()
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    url = f"http://127.0.0.1:{port}"
    options = {name.upper(): value for name, value in keys.items()}
    options |= {"AWS_ENDPOINT_URL": url, "AWS_ALLOW_HTTP": "true"}
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    with program("moto.server", "-H", "127.0.0.1", "-p", str(port)):
        wait_for(lambda: listens(port))
        store = boto3.client("s3", endpoint_url=url, **keys)
        store.create_bucket(Bucket="press")
        dataset = pressgauge.open("s3://press/coverage", options)
        ledger = of(refresh_now(dataset, [archives], bar=False, client=client))
        assert (ledger.stored, ledger.error) == (FILES * A_FILE, None)
        assert_same(dataset, alone)
        names = [found["Key"] for found in store.list_objects_v2(Bucket="press")["Contents"]]
        assert {name.split("/")[1] for name in names} == {"articles"}, "nothing stays staged"
        assert dataset.index().count("*") == FILES * A_FILE
        assert dataset.path.is_relative_to(tmp_path) and (dataset.path / "state.sqlite").exists()


def test_topics_are_counted_by_the_workers_as_they_are_here(alone: Dataset, client) -> None:
    topics = [Topic("ai", "AI", None, "AI OR model*")]
    by_workers = counts.count_dataset(alone, topics, partial(mapped, client))
    snapshot = alone.snapshot(topics)
    assert by_workers["ai"].sum() == snapshot.membership["ai"].sum() > 0
    expected = volume(snapshot.articles, snapshot.membership, freq="D")
    pd.testing.assert_frame_equal(counts.volume(by_workers, freq="D"), expected)


def test_a_month_that_ends_its_workers_is_an_error_with_advice(client) -> None:
    with pytest.raises(PressgaugeError, match="has a worker too little memory"):
        list(mapped(client, os._exit, [1]))
    assert list(mapped(client, abs, [-1, -2])) == [1, 2]


TEXTS = st.none() | st.text(st.characters(exclude_categories=[]), max_size=20)


@settings(max_examples=examples(50))
@given(
    st.lists(
        st.builds(
            Article,
            title=TEXTS,
            text=TEXTS,
            authors=st.lists(st.text(), max_size=3).map(tuple),
            published=st.none() | st.datetimes(timezones=st.timezones(), allow_imaginary=False),
            reader_version=st.none() | st.integers(1, 9),
        )
        | st.text(min_size=1)
    )
)
def test_what_is_staged_comes_back_as_it_was_but_for_lone_surrogates(found: list[Article | str]) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        items = [
            Rejected("https://a.example/", each)
            if isinstance(each, str)
            else Candidate("https://a.example/", html=b"a page", article=each)
            for each in found
        ]
        writer = Writer(file)
        writer.add((item, getattr(item, "article", None)) for item in items)
        writer.close()
        staging = Staging(folder)
        assert not staging.has("one")
        staging.write("one", file)
        assert staging.has("one")
        back = list(staging.read("one"))
        staging.discard(["one", "another"])
        assert not staging.has("one")
    assert len(back) == len(items)
    for given_item, item in zip(found, back, strict=True):
        if isinstance(given_item, str):
            assert item == Rejected("https://a.example/", given_item)
            continue
        assert isinstance(item, Candidate) and item.article and item.html == b""
        for name in ("title", "text"):
            text = getattr(given_item, name)
            assert getattr(item.article, name) == (text and text.encode("utf-8", "replace").decode())
        assert item.article.reader_version == given_item.reader_version
        assert item.article.authors == given_item.authors
        # As text: Python takes an hour that a change of clocks repeats for unequal to itself in another zone.
        came, went = (each and each.isoformat() for each in (item.article.published, given_item.published))
        assert came == went


def test_an_address_that_is_none_is_refused_with_advice() -> None:
    with pytest.raises(PressgaugeError, match="no scheduler answers at nowhere"), connected("nowhere://1"):
        pass


@pytest.mark.parametrize("garbage", [42, b"bytes", ["a", "list"], "no reason <b>", ""])
async def test_n25_what_a_worker_answers_that_is_no_reason_is_recorded_as_lost(
    client, dataset_of_none: Dataset, garbage: object
) -> None:
    archive = Archive(
        "key", "/archive.warc.gz", Source(name="a", kind="ccnews", url="/", outlet="a"), Filter()
    )
    cluster = Cluster(client, dataset_of_none)
    future = client.submit(lambda: garbage, pure=False)
    with pytest.raises(CollectError) as caught:
        await cluster._staged(future, archive)
    assert caught.value.reason == "not_staged"


@pytest.mark.parametrize("garbage", [b"", b"garbage" * 1_000, b"PAR1" + b"\0" * 500 + b"PAR1"])
def test_n25_what_a_worker_staged_that_is_no_file_of_ours_is_not_there(
    tmp_path: Path, garbage: bytes
) -> None:
    staging = Staging(str(tmp_path))
    (tmp_path / "key.parquet").write_bytes(garbage)
    assert not staging.has("key")
    with pytest.raises((OSError, pa.ArrowException)):
        staging.read("key")
