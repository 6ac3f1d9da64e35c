"""Events of one's own in events.toml: added and taken out, with all else of the file as it was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings.events import delete_event, load_events, save_event

FIRST = '# dates\r\n[[event]]\r\ndate = 2025-01-20  # a Monday\r\nlabel = "R1"\r\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "events.toml"


def test_the_first_event_makes_the_file(file: Path) -> None:
    save_event(file, date(2025, 1, 27), "The \n fall", ["deepseek"], "https://example.org/fall")
    assert load_events(file).drop(columns="date").values.tolist() == [
        ["The fall", ("deepseek",), "https://example.org/fall"]
    ]


def test_an_event_is_added_and_taken_out_with_the_rest_as_it_was(file: Path) -> None:
    file.write_bytes(FIRST.encode())
    save_event(file, date(2025, 1, 27), 'Fall "of" shares')
    assert file.read_bytes().startswith(FIRST.encode())
    assert load_events(file)["label"].tolist() == ["R1", 'Fall "of" shares']
    delete_event(file, date(2025, 1, 20), "r1")
    assert load_events(file)["label"].tolist() == ['Fall "of" shares']
    delete_event(file, date(2025, 1, 27), 'Fall "of" shares')
    assert len(load_events(file)) == 0
    save_event(file, date(2025, 1, 28), "Again")
    assert load_events(file)["label"].tolist() == ["Again"]


def test_the_same_label_on_another_day_is_another_event(file: Path) -> None:
    for day in (1, 2):
        save_event(file, date(2025, 1, day), "Hearing")
    with pytest.raises(PressgaugeError, match="there already"):
        save_event(file, date(2025, 1, 2), "hearing")
    assert len(load_events(file)) == 2


@pytest.mark.parametrize(
    "label", ["a  b", " a ", "A\u00a0B", "Two\nlines", "\u2066שלום\u2069", "", "x" * 201]
)
def test_an_event_is_taken_out_by_its_label_as_it_stands_or_is_seen(file: Path, label: str) -> None:
    for seen in (label, " ".join(label.strip("\u2066\u2069").split())):
        file.write_text(f"[[event]]\ndate = 2025-01-20\nlabel = {json.dumps(label)}\n", encoding="utf-8")
        assert load_events(file)["label"].tolist() == [label]
        delete_event(file, date(2025, 1, 20), seen)
        assert len(load_events(file)) == 0


def test_an_event_that_is_seen_as_another_is_is_there_already(file: Path) -> None:
    file.write_text('[[event]]\ndate = 2025-01-20\nlabel = "A\u00a0 B"\n', encoding="utf-8")
    with pytest.raises(PressgaugeError, match="there already"):
        save_event(file, date(2025, 1, 20), "a b")


@pytest.mark.parametrize("label", ["", " \n", "x" * 201, "a\x07b"])
def test_a_label_that_is_none_is_refused(file: Path, label: str) -> None:
    with pytest.raises(PressgaugeError, match="label of one line"):
        save_event(file, date(2025, 1, 1), label)
    assert not file.exists()


def test_an_address_that_is_none_is_refused(file: Path) -> None:
    with pytest.raises(PressgaugeError, match="no address"):
        save_event(file, date(2025, 1, 1), "x", url="javascript:alert(1)")


def test_into_a_file_with_an_error_nothing_is_written(file: Path) -> None:
    file.write_text('[[event]]\ndate = "soon"\nlabel = "x"\n')
    with pytest.raises(ConfigError, match="date"):
        save_event(file, date(2025, 1, 1), "x")
    assert file.read_text().count("[[event]]") == 1


def test_an_event_that_is_not_there_cannot_be_taken_out(file: Path) -> None:
    file.write_bytes(FIRST.encode())
    with pytest.raises(ConfigError, match="no event of 2025-01-21"):
        delete_event(file, date(2025, 1, 21), "R1")
