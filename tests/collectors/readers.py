"""The sandbox's processes, left by one test to the next: to start one costs more than most tests do."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from asyncio.streams import FlowControlMixin
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Iterator

import pytest

from collectors.sandbox.pool import _Worker
from collectors.sandbox.protocol import READY

_PAGES = 200  # after so many a process is not passed on
_LINE_LIMIT = 128 * 2**20


class Kept(Process):
    """What the pool takes for a process of asyncio: ended while it has nothing to do, it is passed on."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:  # nothing of it is asyncio's
        self._child = child
        self._asked = self._answered = 0
        self._waits = self._sound = True
        self._ended: int | None = None
        self.stdin = self.stdout = self

    async def lend(self) -> Kept:
        """Let the running loop write to it and read from it."""
        loop = asyncio.get_running_loop()
        assert self._child.stdin and self._child.stdout
        self._lines = asyncio.StreamReader(limit=_LINE_LIMIT)
        self._from, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(self._lines),
            os.fdopen(os.dup(self._child.stdout.fileno()), "rb", 0),
        )
        self._to, protocol = await loop.connect_write_pipe(
            FlowControlMixin, os.fdopen(os.dup(self._child.stdin.fileno()), "wb", 0)
        )
        self._writer = asyncio.StreamWriter(self._to, protocol, None, loop)  # type: ignore[arg-type]
        self._ended = None
        return self

    def write(self, part: bytes) -> None:
        self._waits = False
        self._writer.write(part)

    async def drain(self) -> None:
        self._asked += 1
        await self._writer.drain()

    async def readline(self) -> bytes:
        line = await self._lines.readline()
        self._waits = line.endswith(b"\n")
        self._sound &= b"parser_memory" not in line[:200]
        return line

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def returncode(self) -> int | None:
        return self._ended if self._ended is not None else self._child.poll()

    @property
    def passed_on(self) -> bool:
        return self._waits and self._sound and self._asked < _PAGES and self._child.poll() is None

    def kill(self) -> None:
        if not self.passed_on:
            self._child.kill()

    async def wait(self) -> int:
        while (ended := self.returncode) is None:  # noqa: ASYNC110 - Popen rings no bell
            await asyncio.sleep(0.01)
        return ended

    async def communicate(self) -> None:
        self._from.close()
        self._to.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0)  # which closes both
        if self.passed_on:
            self._ended = -9
            _idle[tuple(self._child.args)].append(self)  # type: ignore[arg-type]
        else:
            self._ended = await asyncio.to_thread(self._child.wait)
            self.end()

    def end(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()


_idle: dict[tuple[str, ...], list[Kept]] = defaultdict(list)


async def start(worker: _Worker) -> Kept:
    """In place of `_Worker._start`: a process that another test has left, or a new one."""
    command = (sys.executable, "-P", "-m", "collectors.sandbox.child", *worker._arguments)
    while left := _idle[command]:
        kept = left.pop()
        if kept._child.poll() is None:
            return await kept.lend()
        kept.end()
    environ = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    child = subprocess.Popen(  # noqa: ASYNC220 - asyncio's own would end with this test's loop
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ
    )
    kept = await Kept(child).lend()
    if await kept.readline() != READY:
        kept.end()
        raise AssertionError("a process of the sandbox did not start")
    return kept


def end_all() -> None:
    while _idle:
        for kept in _idle.popitem()[1]:
            kept.end()


@pytest.fixture(scope="session", autouse=True)
def sandbox() -> Iterator[None]:
    """Ends, after all tests, what they passed on of the sandbox's processes."""
    yield
    end_all()


@pytest.fixture(autouse=True)
def kept_readers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, sandbox: None) -> None:
    """Lets a test take over the processes that another left; one marked `own_processes` has its own alone."""
    if request.node.get_closest_marker("own_processes"):
        end_all()
    else:
        monkeypatch.setattr(_Worker, "_start", start)
