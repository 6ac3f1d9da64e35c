"""A source is written behind what a person has in the settings, which stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from collectors.settings import load_sources
from collectors.sources_file import Additions, add_source, has_local
from pressgauge.errors import ConfigError, PressgaugeError

MINE = '# mine\n[[source]]\nname = "A"  # first\nurl = "https://a.example/rss"\n'
NEW = {"name": "B", "kind": "feed", "url": "https://b.example/rss"}
BLOCK = '\n[[source]]\nname = "B"\nkind = "feed"\nurl = "https://b.example/rss"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MINE.encode(), (MINE + BLOCK).encode()),
        (MINE.rstrip().encode(), (MINE + BLOCK).encode()),
        (MINE.replace("\n", "\r\n").encode(), (MINE + BLOCK).replace("\n", "\r\n").encode()),
        (b"\xef\xbb\xbf" + MINE.encode(), b"\xef\xbb\xbf" + (MINE + BLOCK).encode()),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbf" + BLOCK[1:].encode()),
        (b"", BLOCK[1:].encode()),
    ],
)
def test_comments_line_ends_and_a_byte_order_mark_stay(tmp_path: Path, before: bytes, after: bytes) -> None:
    file = tmp_path / "sources.toml"
    file.write_bytes(before)
    assert add_source(file, NEW) == NEW
    assert file.read_bytes() == after
    assert [source.url for source in load_sources(file)[0]][-1] == "https://b.example/rss"


def test_a_link_stays_a_link_and_the_file_behind_it_keeps_its_permissions(tmp_path: Path) -> None:
    kept, file = tmp_path / "kept.toml", tmp_path / "sources.toml"
    kept.write_text(MINE)
    kept.chmod(0o640)
    file.symlink_to(kept)
    add_source(file, NEW)
    assert file.is_symlink()
    assert (kept.read_text(), kept.stat().st_mode & 0o777) == (MINE + BLOCK, 0o640)
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")) == [
        "kept.toml",
        "sources.toml",
    ]


@pytest.mark.parametrize("url", ["https://a.example/rss", "http://www.a.example/rss/"])
def test_an_address_that_is_there_already_is_named_with_its_source(tmp_path: Path, url: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(MINE)
    with pytest.raises(PressgaugeError, match="is collected already, by the source 'A'"):
        add_source(file, {**NEW, "url": url})
    assert file.read_text() == MINE


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(MINE)
    assert add_source(file, {**NEW, "name": "A"})["name"] == "A (2)"


def test_settings_that_cannot_be_read_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text("[[source]]\nname = ")
    with pytest.raises(ConfigError):
        Additions(file)
    assert file.read_text() == "[[source]]\nname = "


def test_a_quotation_mark_in_a_name_is_written_as_toml_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    name = 'The "Daily" \\ Example'
    add_source(file, {**NEW, "name": name})
    assert [source.name for source in load_sources(file)[0]] == [name]


def test_a_new_source_may_be_local_where_a_source_of_the_settings_reads_the_same_host(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text('[[source]]\nname = "A"\nurl = "http://127.0.0.2:5007/feed"\nlocal = true\n')
    assert has_local(file, "127.0.0.2:5007")
    assert has_local(file, "http://127.0.0.2:5007/tech")
    assert not has_local(file, "http://127.0.0.2:22/")
    assert not has_local(file, "http://127.0.0.1:5007/")
