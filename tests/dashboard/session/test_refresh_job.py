"""A refresh that the page starts runs in a child process and is told about as it goes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.server.serve import _refresh_every
from dashboard.session import refresh_job
from dashboard.session.check_job import CheckJob
from dashboard.session.refresh_job import RefreshJob, end_all, outcome

_REPORT = '{"sources": [{"source": "Wired", "seen": 3, "stored": 2, "duplicate": 1, "error": null}]}'
_TELLS = f"""
import sys, time
print('{{"source": "Wired", "seen": 1, "stored": 1}}', file=sys.stderr, flush=True)
print("a warning that is no progress", file=sys.stderr, flush=True)
print("[" * 5000, file=sys.stderr, flush=True)
print('{{"source": "Wired", "stored": 2}}', file=sys.stderr, flush=True)
print('{_REPORT}')
"""
_HANGS = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
try:
    print('{"source": "Wired", "seen": 1, "stored": 1}', file=sys.stderr, flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    print('{"sources": [{"source": "Wired", "seen": 1, "stored": 1, "error": null}]}')
"""
_DIES = "import sys; print('the disk is full', file=sys.stderr); sys.exit(3)"


def job(tmp_path: Path, program: str) -> RefreshJob:
    """A job whose child is a real process that runs `program`, whatever options it is given."""
    return RefreshJob(tmp_path, command=(sys.executable, "-c", program))


async def heard(running: RefreshJob, serial: int) -> None:
    async with asyncio.timeout(20):
        while running.serial <= serial:  # noqa: ASYNC110 (pages poll the job in the same way)
            await asyncio.sleep(0.01)


async def test_progress_is_kept_by_source_and_the_report_ends_it(tmp_path: Path) -> None:
    running = job(tmp_path, _TELLS)
    assert running.start()
    await running.finished()
    assert running.sources == {"Wired": {"source": "Wired", "seen": 1, "stored": 2}}
    assert (running.status, running.message) == ("done", "2 new articles from 1 source.")


async def test_u05_a_hundred_clicks_start_one_refresh(tmp_path: Path) -> None:
    running = job(tmp_path, _HANGS)
    assert [running.start() for _ in range(100)].count(True) == 1
    await heard(running, serial=1)
    await running.cancel()
    await running.finished()


async def test_u05_without_the_look_whether_one_runs_each_click_starts_a_refresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = job(tmp_path, _TELLS)
    monkeypatch.setattr(RefreshJob, "running", False)
    tasks = []
    for _ in range(3):
        assert running.start()
        tasks.append(running._task)
    await asyncio.gather(*tasks)


async def test_the_event_loop_is_free_while_a_refresh_hangs(tmp_path: Path) -> None:
    running = job(tmp_path, _HANGS)
    running.start()
    await heard(running, serial=1)
    assert running.running
    await running.cancel()
    await running.finished()


async def test_a_cancelled_refresh_keeps_what_is_complete(tmp_path: Path) -> None:
    running = job(tmp_path, _HANGS)
    running.start()
    await heard(running, serial=1)
    await running.cancel()
    await running.finished()
    assert (running.status, running.message) == ("cancelled", "1 new article from 1 source.")
    assert running.start()
    await heard(running, serial=running.serial)
    await running.cancel()
    await running.finished()


async def test_a_refresh_that_dies_says_its_last_words(tmp_path: Path) -> None:
    running = job(tmp_path, _DIES)
    running.start()
    await running.finished()
    assert (running.status, running.message) == ("failed", "The refresh failed: the disk is full")


async def test_a_refresh_that_cannot_start_says_so(tmp_path: Path) -> None:
    running = RefreshJob(tmp_path, command=(str(tmp_path / "nothing"),))
    running.start()
    await running.finished()
    assert running.status == "failed"
    assert "could not be started" in running.message


async def test_u15_stopping_the_server_ends_every_child_and_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Those that other tests have left belong to event loops that are closed.
    monkeypatch.setattr(refresh_job, "_UNDER_WAY", set())
    both = [job(tmp_path, _HANGS), job(tmp_path, _HANGS)]
    for running in both:
        running.start()
        await heard(running, serial=1)
    async with asyncio.timeout(10):
        await end_all(grace=5.0)
        for running in both:
            await running.finished()
    assert [running.running for running in both] == [False, False]


@pytest.mark.parametrize(
    ("event", "said"), [("offline", "There is no network"), ("captive_portal", "log in to the network first")]
)
def test_o02_without_a_network_the_page_says_what_to_do(event: str, said: str) -> None:
    assert said in outcome({"event": event, "sources": [{"stored": 0, "error": "dns: x"}]})


async def test_a_window_reaches_the_refresh(tmp_path: Path) -> None:
    program = (
        f"import sys; print({_REPORT!r}); open({str(tmp_path / 'asked')!r}, 'w').write(' '.join(sys.argv))"
    )
    running = job(tmp_path, program)
    running.start(sources=["Wired", "BBC"], since="2025-01-01", until="2025-02-01")
    await running.finished()
    asked = (tmp_path / "asked").read_text()
    assert "--source Wired --source BBC --since 2025-01-01 --until 2025-02-01" in asked


async def test_a_server_can_refresh_by_itself(tmp_path: Path) -> None:
    running = job(tmp_path, _TELLS)
    by_itself = asyncio.ensure_future(_refresh_every(running, 5))
    await heard(running, serial=0)
    await running.finished()
    assert running.status == "done"
    by_itself.cancel()


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        ([None, None], "4 new articles from 2 sources."),
        ([None, "dns: no such host"], "4 new articles from 2 sources; 1 source failed: dns (1)."),
        (["dns: a", "dns: b"], "Nothing could be collected: dns (2). The dataset is as it was."),
        ([], "There was no source to collect from."),
    ],
)
def test_the_outcome_is_one_sentence_with_its_numbers(errors: list[str | None], said: str) -> None:
    assert outcome({"sources": [{"stored": 2, "error": error} for error in errors]}) == said


@pytest.mark.parametrize("flags", [["-P"], []], ids=["isolated", "twin"])
def test_o05_a_module_of_the_current_folder_is_not_run_in_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    for name in ("dashboard.py", "token.py"):
        (tmp_path / name).write_text("open('was-run', 'w').close()")
    monkeypatch.chdir(tmp_path)
    command = list(RefreshJob(tmp_path)._command)
    assert command[:2] == [sys.executable, "-P"]
    subprocess.run([sys.executable, *flags, *command[2:], "--version"], capture_output=True, check=False)
    assert (tmp_path / "was-run").exists() == (not flags)


_ANSWERS = """
import json, sys
for number, reason in enumerate([None, "http_404"], 1):
    told = {"source": str(number), "asked": number, "of": 2}
    print(json.dumps(told), file=sys.stderr, flush=True)
    answered = {"source": str(number), "reason": reason, "detail": "d", "newest": None, "proposed": []}
    print(json.dumps(answered))
sys.exit(1)
"""


async def test_a_check_of_all_sources_tells_how_many_have_answered_and_what(tmp_path: Path) -> None:
    running = CheckJob(tmp_path, command=(sys.executable, "-c", _ANSWERS))
    assert running.check()
    await running.finished()
    assert (running.status, running.message) == ("done", "2 sources asked, 1 failed.")
    assert running.report is not None
    assert [one["reason"] for one in running.report["sources"]] == [None, "http_404"]


async def test_a_check_that_cannot_begin_says_why(tmp_path: Path) -> None:
    running = CheckJob(tmp_path, command=(sys.executable, "-c", _DIES))
    running.check()
    await running.finished()
    assert (running.status, running.message) == ("failed", "The check failed: the disk is full")
