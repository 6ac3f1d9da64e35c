"""What a page starts: one of our commands in a child process, so that no visitor waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from collectors.refresh.pace import Pace
from dashboard.components import formats

_GRACE = 120.0
"""Seconds a cancelled refresh gets to commit what is complete."""
_TICK = 1.0
"""Seconds after which a page hears anew where a refresh stands."""
_LINE_LIMIT = 1 << 20
_UNDER_WAY: set[asyncio.subprocess.Process] = set()
"""The children of all jobs, those of visitors who have left among them."""


async def end_all(grace: float = _GRACE) -> None:
    """End every command that a page started, and wait until it has kept what is complete: none outlives the
    server. One that does not end in time is killed."""
    running = list(_UNDER_WAY)
    for process in running:
        _signal(process, signal.SIGTERM)
    try:
        await asyncio.wait_for(asyncio.gather(*(process.wait() for process in running)), grace)
    except TimeoutError:
        for process in running:
            _signal(process, signal.SIGKILL)


class Job:
    """One of our commands in a child process, at most one at a time.

    `status` is "idle", "running", "cancelling", "done", "cancelled" or "failed"; `sources` holds the last
    progress object of each source by name; `report` the ledger that the command printed; `message` the
    outcome in one sentence. `serial` grows with every change, so that a page can see cheaply whether it has
    anything to redraw.
    """

    noun = "command"
    good_codes: tuple[int, ...] = (0,)
    """Exit codes with which the command has done what it should."""

    def __init__(self, path: str | Path, command: Sequence[str] | None = None) -> None:
        self.path = path
        self.status = "idle"
        self.sources: dict[str, dict[str, Any]] = {}
        self.report: dict[str, Any] | None = None
        self.message = ""
        self.serial = 0
        # -P: a module of the current folder must not be taken for one of ours or the library's.
        self._command = tuple(command or (sys.executable, "-P", "-m", "dashboard.cli"))
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return self.status in ("running", "cancelling")

    def _outcome(self, report: Mapping[str, Any]) -> str:
        """What the command brought, as one sentence for the page."""
        raise NotImplementedError

    def _report_of(self, output: bytes) -> dict[str, Any] | None:
        """What the command printed, None for nothing. Raises ValueError where it is no report."""
        report: dict[str, Any] | None = json.loads(output) if output.strip() else None
        return report

    def _launch(self, command: str, *options: str) -> bool:
        """Start a command on the dataset on the running event loop; False when one is under way."""
        return self._begin(command, "--data", str(self.path), "--progress", "jsonl", "--json", *options)

    def _begin(self, *arguments: str) -> bool:
        """Start a command that prints JSON; False when one is under way."""
        if self.running:
            return False
        self.sources, self.report = {}, None
        self._set("running", "Starting")
        self._task = asyncio.get_running_loop().create_task(self._run([*self._command, *arguments]))
        return True

    async def cancel(self) -> None:
        """Ask the command to stop and keep what is complete; end it after a grace period."""
        if self._process is None or self.status != "running":
            return
        process = self._process
        self._set("cancelling", "Stopping; what is complete is kept")
        _signal(process, signal.SIGINT)
        try:
            await asyncio.wait_for(process.wait(), _GRACE)
        except TimeoutError:
            _signal(process, signal.SIGKILL)

    async def finished(self) -> None:
        """Wait until the command under way, if any, has ended."""
        if self._task is not None:
            await self._task

    async def _run(self, command: list[str]) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=_LINE_LIMIT,
            )
        except OSError as error:
            self._set("failed", f"The {self.noun} could not be started: {error}")
            return
        self._process = process
        _UNDER_WAY.add(process)
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            output, messages = await asyncio.gather(process.stdout.read(), self._follow(process.stderr))
            code = await process.wait()
        finally:
            self._process = None
            _UNDER_WAY.discard(process)
        with contextlib.suppress(ValueError, RecursionError):
            self.report = self._report_of(output)
        cancelled = self.status == "cancelling"
        if self.report is None:
            last = messages[-1].removeprefix("pressgauge: ") if messages else f"exit code {code}"
            self._set(
                "cancelled" if cancelled else "failed",
                "Cancelled" if cancelled else f"The {self.noun} failed: {last}",
            )
        else:
            status = "cancelled" if cancelled else "done" if code in self.good_codes else "failed"
            self._set(status, self._outcome(self.report))

    async def _follow(self, stderr: asyncio.StreamReader) -> list[str]:
        """Keep the progress of each source; whatever is not progress is what the child had to say."""
        messages: list[str] = []
        while True:
            try:
                line = await stderr.readline()
            except ValueError:  # a line beyond the limit was dropped by the reader
                continue
            if not line:
                return messages
            text = line.decode("utf-8", "replace").strip()
            try:
                event = json.loads(text)
            except (ValueError, RecursionError):
                messages = [*messages[-19:], text] if text else messages
                continue
            if isinstance(event, dict) and isinstance(event.get("source"), str):
                self.sources[event["source"]] = {**self.sources.get(event["source"], {}), **event}
                self._hear(event)

    def _hear(self, event: Mapping[str, Any]) -> None:
        """Take note of one line of progress."""
        self._set(self.status, self.message)

    def _set(self, status: str, message: str) -> None:
        self.status, self.message = status, message
        self.serial += 1


class RefreshJob(Job):
    """At most one refresh at a time, shared by all sessions."""

    noun = "refresh"
    _pace = Pace(0.0)
    _ticking: asyncio.Task[None] | None = None

    def start(
        self, *, sources: Sequence[str] = (), since: str | None = None, until: str | None = None
    ) -> bool:
        """Start a refresh of `sources` (all when empty) on the running event loop; False when one is under
        way. `since` (included) and `until` (not included) are ISO days of publication."""
        options = [option for name in sources for option in ("--source", name)]
        if since:
            options += ["--since", since]
        if until:
            options += ["--until", until]
        options.append("--alerts")
        if not self._launch("refresh", *options):
            return False
        self._pace = Pace(time.monotonic())
        self._ticking = asyncio.get_running_loop().create_task(self._tick())
        return True

    def _hear(self, event: Mapping[str, Any]) -> None:
        self._pace.observe(event, time.monotonic())
        super()._hear(event)

    async def _tick(self) -> None:
        """Say where the refresh stands, also while nothing changes: then, what it waits for."""
        while self.running:
            await asyncio.sleep(_TICK)
            headline = self._pace.headline(time.monotonic())
            if headline and headline != self.message and self.status == "running":
                self._set(self.status, headline)

    def _outcome(self, report: Mapping[str, Any]) -> str:
        return outcome(report)


def outcome(report: Mapping[str, Any]) -> str:
    """What the refresh brought, as one sentence for the page."""
    sources = report["sources"]
    new = sum(total(source["stored"]) for source in sources)
    silent = [source for source in sources if source.get("error")]
    if report.get("event") == "offline":
        return "There is no network: connect, then refresh again. The dataset is as it was."
    if report.get("event") == "captive_portal":
        return (
            "A log-in page answers for the whole web: log in to the network first. The dataset is as it was."
        )
    if not sources:
        return "There was no source to collect from."
    if len(silent) == len(sources):
        return f"Nothing could be collected: {_reasons(silent)}. The dataset is as it was."
    missing = f"; {formats.quantity(len(silent), 'source')} failed: {_reasons(silent)}" if silent else ""
    return f"{formats.quantity(new, 'new article')} from {formats.quantity(len(sources), 'source')}{missing}."


def total(value: int | Mapping[str, int]) -> int:
    """A number of the ledger, which gives some of them by reason."""
    return sum(value.values()) if isinstance(value, Mapping) else value


def _reasons(sources: Sequence[Mapping[str, Any]]) -> str:
    by_reason = Counter(str(source["error"]).partition(":")[0] for source in sources)
    return ", ".join(f"{reason} ({formats.count(n)})" for reason, n in by_reason.most_common())


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
