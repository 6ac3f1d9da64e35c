"""Settings that are saved from the app: what a person keeps in the file stays as it was."""

from __future__ import annotations

import multiprocessing
import stat
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from pressgauge.errors import ConfigError
from pressgauge.settings import editing
from pressgauge.settings.topics import Topic, delete_topic, load_topics, save_topic

TOPICS = '# Ours.\n[[topic]]\nname = "first"\nlabel = "Erste"  # a word\nquery = "eins"\n'
NEW = Topic("second", "Zwei", None, "zwei")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_s20_mark_line_ends_comments_and_mode_stay(tmp_path: Path, mark: bytes, end: str) -> None:
    file = tmp_path / "topics.toml"
    before = mark + TOPICS.replace("\n", end).encode()
    file.write_bytes(before)
    file.chmod(0o664)
    save_topic(file, NEW)
    saved = file.read_bytes()
    assert saved.startswith(before)
    assert saved.count(b"\n") == saved.count(end.encode())
    assert stat.S_IMODE(file.stat().st_mode) == 0o664
    assert [topic.name for topic in load_topics(file)] == ["first", "second"]
    delete_topic(file, "second")
    assert file.read_bytes().strip() == before.strip()


def test_p13_a_lone_surrogate_in_what_a_page_sends_is_saved_as_a_question_mark(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    save_topic(file, Topic("third", "Dr\ud83di", None, "drei"))
    assert [topic.label for topic in load_topics(file)] == ["Dr?i"]


def test_s20_a_link_to_the_settings_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    real = tmp_path / "shared" / "topics.toml"
    real.write_text(TOPICS)
    link = tmp_path / "topics.toml"
    link.symlink_to(real)
    save_topic(link, NEW)
    assert link.is_symlink()
    assert [topic.name for topic in load_topics(real)] == ["first", "second"]


def _save(file: Path, process: int) -> None:
    for number in range(10):
        save_topic(file, Topic(f"t{process}_{number}", "Topic", None, "wort"))


def test_s20_all_of_thirty_saves_by_three_processes_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "topics.toml"
    start = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    writers = [start.Process(target=_save, args=(file, process)) for process in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
        assert writer.exitcode == 0
    assert len(load_topics(file)) == 30


def test_s20_a_writer_that_does_not_end_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "_PATIENCE", 0.1)
    file = tmp_path / "topics.toml"
    file.write_text(TOPICS)
    with FileLock(tmp_path / ".topics.toml.lock"), pytest.raises(ConfigError, match="another process keeps"):
        save_topic(file, NEW)
    assert file.read_text() == TOPICS
