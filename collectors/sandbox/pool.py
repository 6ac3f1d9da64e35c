"""Disposable processes that read what came from outside: what is hostile costs a process and a recorded
reason, never the parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import math
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any, Self

from collectors.extraction.article import Article, Backend
from collectors.sandbox.protocol import READY, RefusedError, dump_request, load_article, load_reply
from pressgauge.errors import PressgaugeError

MEMORY = 448 * 2**20
"""Bytes that a worker may map beyond what its imports need: about 512 MB resident in all."""
CPU_SECONDS = 5.0
"""Seconds of CPU time for one page; an ordinary page takes 0.03. A busy machine costs no page."""
_WALL_SECONDS = 20
"""Times as long by the clock, for a process that waits or is not given a core."""
_ENDING_SECONDS = 2
"""By the clock, for a process whose pipe is closed to be gone."""
PAGES_PER_PROCESS = 3_000
"""A worker is replaced after so many pages, which bounds what any library leaks: 9 MB in 1,000 pages of as
many publishers.
"""
_START_SECONDS = 1_200.0
"""By the clock, for a process to start, which takes 0.4 s of CPU time (bounded in `child`): a busy machine
costs no refresh."""
_LINE_LIMIT = 128 * 2**20
"""Bytes of one reply: a sitemap of 50 MB names up to a million addresses."""
_PIPE = 2**20
"""Bytes of the pipe to a worker: as many as Linux gives to anybody."""
PAGES_AND_LISTS = ("page", "feed", "sitemap", "links")
"""What a refresh has read."""


class WorkerError(PressgaugeError):
    """A worker process did not start; nothing can be extracted."""


class _Worker:
    """One slot: a process that reads pages, and its successor when that one had to go."""

    def __init__(self, memory: int, cpu_seconds: int, parsers: Sequence[str]) -> None:
        self._arguments = (str(memory), str(cpu_seconds), *parsers)
        self._starting = asyncio.create_task(self._start())
        self._pages = 0

    async def ready(self) -> Process:
        """The process, once its imports are done. Raises WorkerError."""
        return await asyncio.shield(self._starting)

    async def ask(self, request: bytes, body: bytes) -> bytes:
        """The reply's line; empty if the process ended. Renew the process if this does not return."""
        process = await self.ready()
        assert process.stdin and process.stdout
        self._pages += 1
        process.stdin.write(request)
        process.stdin.write(body)  # apart: joined, it would be copied
        await process.stdin.drain()
        return await process.stdout.readline()

    @property
    def is_worn(self) -> bool:
        return self._pages >= PAGES_PER_PROCESS

    async def died(self) -> str:
        """Why the process is gone, as a reason: the kernel's limit on CPU time, or anything else."""
        process = await self.ready()
        # One that ends by itself says how only to who waits: to kill it at that moment takes its status from
        # asyncio, which then reports 255 (Popen.send_signal polls; Python 3.11 and 3.12).
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDING_SECONDS):
                await process.wait()
        status = await _kill(process)
        return "parser_timeout" if status == -signal.SIGXCPU else "parser_crashed"

    async def renew(self) -> None:
        """End the process and start its successor in the background."""
        await self.end()
        self._pages = 0
        self._starting = asyncio.create_task(self._start())

    async def end(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        # A start cancelled half-way would leave a process that nobody waits for: it is let finish first.
        for process in await asyncio.gather(self._starting, return_exceptions=True):
            if isinstance(process, Process):
                await _kill(process)

    async def _start(self) -> Process:
        command = (sys.executable, "-P", "-m", "collectors.sandbox.child", *self._arguments)
        # -P: a module of the current folder must not be taken for one of the library's.
        # One thread a process: the libraries' thread pools would only map memory and fight for cores.
        environ = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        # Arrow's allocator maps a gigabyte of addresses at first use (pyarrow 26.0.1): that counts as memory.
        environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
        environ.pop("MALLOC_TRIM_THRESHOLD_", None)  # Dask sets it for its workers: a tenth of the time
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environ, limit=_LINE_LIMIT
        )
        assert process.stdin and process.stdout
        _widen(process.stdin.get_extra_info("pipe"))
        try:
            try:
                async with asyncio.timeout(_START_SECONDS):
                    line = await process.stdout.readline()
            except TimeoutError:
                raise WorkerError(
                    f"a worker process did not start within {_START_SECONDS:,.0f} s; is the machine busy?"
                ) from None
            if line != READY:
                raise WorkerError(f"a worker process ended while starting; to see why: {' '.join(command)}")
        except BaseException:
            await _kill(process)
            raise
        return process


class Workers:
    """`async with Workers(2) as workers: article = await workers.extract(html, url)`.

    Each of the `n` processes (by default one fewer than the machine has cores) reads one page at a time; call
    `extract` concurrently to keep them busy. To hand a page over and take its article back costs the caller
    0.5 to 0.8 ms of CPU time, where reading it takes 6 to 28 (pages of 25 to 270 kB, a busy machine), so
    there is little to gain from sending pages in batches. `parsers` are those that are loaded at the start.
    """

    def __init__(
        self,
        n: int | None = None,
        *,
        cpu_seconds: float = CPU_SECONDS,
        memory: int = MEMORY,
        parsers: Sequence[str] = PAGES_AND_LISTS,
    ) -> None:
        self._n = n or max(1, (os.cpu_count() or 2) - 1)
        self._cpu_seconds = cpu_seconds
        self._memory = memory
        self._parsers = parsers
        self._workers: list[_Worker] = []
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self._workers = [
            _Worker(self._memory, math.ceil(self._cpu_seconds), self._parsers) for _ in range(self._n)
        ]
        try:
            await asyncio.gather(*(worker.ready() for worker in self._workers))
        except BaseException:
            await self.__aexit__()
            raise
        for worker in self._workers:
            self._idle.put_nowait(worker)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def extract(
        self,
        html: bytes,
        url: str,
        *,
        backend: Backend = "auto",
        charset: str | None = None,
        hint_title: str | None = None,
        hint_published: datetime | None = None,
    ) -> Article:
        """`collectors.extraction.extract.extract` in a worker.

        Beside that function's reasons, `refused` may be one of RefusedError's. Raises WorkerError only if no
        process can be started.
        """
        hint = hint_published.isoformat() if hint_published else None
        options = {
            "url": url,
            "backend": backend,
            "charset": charset,
            "hint_title": hint_title,
            "hint_published": hint,
        }
        try:
            return load_article(await self.run("page", html, **options))
        except RefusedError as refused:
            return Article(title=hint_title, refused=refused.reason)
        except (ValueError, TypeError, KeyError):
            return Article(title=hint_title, refused="parser_crashed")

    async def run(self, parser: str, body: bytes, **options: Any) -> Any:
        """What `parser` (of `collectors.sandbox.child.PARSERS`) makes of `body`; values are JSON's.

        Raises RefusedError, after which the worker is replaced, and WorkerError if no process can be started.
        """
        request = dump_request(parser, len(body), options)
        worker = await self._idle.get()
        sound = False
        try:
            await worker.ready()
            async with asyncio.timeout(_WALL_SECONDS * self._cpu_seconds):
                value = load_reply(await worker.ask(request, body))
            out_of_memory = isinstance(value, dict) and value.get("refused") == "parser_memory"
            sound = not out_of_memory and not worker.is_worn
        except RefusedError as refused:
            sound = refused.reason != "parser_memory" and not worker.is_worn
            raise
        except TimeoutError:
            raise RefusedError("parser_timeout") from None
        except (OSError, ValueError, TypeError, KeyError):
            raise RefusedError(await worker.died()) from None
        finally:
            try:
                if not sound:
                    await worker.renew()
            finally:
                self._idle.put_nowait(worker)
        return value


def _widen(pipe: IO[bytes]) -> None:
    """Have a pipe take an ordinary page at once: else parent and worker take turns for every 64 kB of it."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


async def _kill(process: Process) -> int | None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    # Unlike wait(), this also closes the pipes, which would otherwise outlive the event loop.
    await process.communicate()
    return process.returncode
