"""A mistake in a settings file is named with its file, its line and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from pressgauge.errors import ConfigError
from pressgauge.settings.toml import Entry, entries
from tests.cost import costs_linear_time


def read(folder: Path, text: str) -> list[Entry]:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return entries(file, "thing")


def test_every_entry_and_key_knows_its_line(tmp_path: Path) -> None:
    text = """# a comment

[[thing]]
name = "first"

list = [
  "[[thing]]",
  "x",
]
text = \"\"\"
size = 3
\"\"\"
size = 4
[[ thing ]]  # the second
name = "second"
"""
    first, second = read(tmp_path, text)
    assert (first.line, first.lines) == (3, {"name": 4, "list": 6, "text": 10, "size": 13})
    assert first.values == {"name": "first", "list": ["[[thing]]", "x"], "text": "size = 3\n", "size": 4}
    assert (second.line, second.lines["name"]) == (14, 15)


def test_an_empty_file_has_no_entries(tmp_path: Path) -> None:
    assert read(tmp_path, "# nothing yet\n") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[[thing]]\nname = "a\nsize = 1\n', 2),
        ("[[thing]]\nlist = [\n 1,\n\n[[thing]]\n", 2),
        ("[[thing]\n", 1),
        ("[[thing]]\nsize = 1\nsize = 2\n", None),
        ("\n\nname = 1\n[[thing]]\n", 3),
        ("[[thing]]\n\n[other]\nx = 1\n", None),
    ],
)
def test_what_is_no_list_of_entries_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int | None
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.file == tmp_path / "settings.toml"
    if line is not None:
        assert caught.value.line == line


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "missing.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=r"missing\.toml"):
        entries(file, "thing")


def test_a_value_of_another_type_is_refused_at_its_line(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, '[[thing]]\nname = 1\nflag = 1\nsize = true\nlist = ["a", 1]\n')
    for key, kind, line in (("name", str, 2), ("flag", bool, 3), ("size", int, 4)):
        with pytest.raises(ConfigError) as caught:
            entry.get(key, kind)
        assert caught.value.line == line
    with pytest.raises(ConfigError) as caught:
        entry.texts("list")
    assert caught.value.line == 5


def test_a_missing_key_is_refused_at_the_entry_unless_it_has_a_default(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "\n[[thing]]\nsize = 3\n")
    with pytest.raises(ConfigError, match=r":2: name is missing; expected name = a text"):
        entry.get("name", str)
    assert entry.get("name", str, None) is None
    assert entry.get("size", float) == 3.0


def test_an_unknown_key_is_refused_with_the_one_it_resembles(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "[[thing]]\nlabal = 1\n")
    with pytest.raises(ConfigError, match=r":2: unknown key labal; expected label"):
        entry.only(("name", "label"))


def test_a_long_list_costs_linear_time_and_what_follows_keeps_its_line(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"

    def read(lines: int) -> list[Entry]:
        listed = "".join(f'  "d{n}.example", # ["{n}"],\n' for n in range(lines))
        file.write_text(f'[[source]]\nname = "a"\ndomains = [\n{listed}] # all\n[[source]]\nname = "b"\n')
        return entries(file, "source")

    assert [entry.line for entry in read(100)] == [1, 105]
    assert costs_linear_time(read, 100)
