"""`pressgauge serve` as a child process on a small dataset of its own, and what it takes of the machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

import pressgauge
from bench.corpus import make

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its address, process and log."""

    url: str
    port: int
    process: psutil.Process
    log: Path

    def megabytes(self) -> float:
        return float(self.process.memory_info().rss) / 2**20

    def cpu(self) -> float:
        """Seconds of CPU that the server, not its children, has used."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def health(self, timeout: float = 10.0) -> float | None:
        """Seconds until it says that it is well, None when it does not."""
        asked = time.perf_counter()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{self.url}health", timeout=timeout).read()
            return time.perf_counter() - asked
        return None


@contextlib.contextmanager
def served(folder: Path, articles: int, *options: str, sources: str | None = None) -> Iterator[Served]:
    """A server of so many made articles in `folder`, with further options of `pressgauge serve`."""
    for name in ("topics", "events", "sources", "outlets", "people", "codebook"):
        shutil.copy(ROOT / "data" / f"{name}.toml", folder)
    if sources is not None:
        (folder / "sources.toml").write_text(sources, encoding="utf-8")
    dataset = pressgauge.open(folder / "coverage")
    if not len(dataset):
        dataset.append(make(articles).drop(columns=["id", "canonical_url", "story"]))
        dataset.snapshot([])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("ab") as written:
        child = subprocess.Popen(
            [*_command(), "--port", str(port), *options], stdout=written, stderr=written, cwd=ROOT,
            env={**os.environ, "PRESSGAUGE_DATA": str(folder)},
        )  # fmt: skip
    running = Served(f"http://127.0.0.1:{port}/", port, psutil.Process(child.pid), log)
    try:
        while running.health() is None:
            if child.poll() is not None:
                raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
            time.sleep(0.1)
        yield running
    finally:
        child.terminate()
        child.wait(180)


def _command() -> Sequence[str]:
    return [sys.executable, "-m", "dashboard.cli", "serve", "--no-browser"]
