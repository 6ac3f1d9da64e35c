"""Feed lists go in from feed readers and out to them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.collector import Rejected
from collectors.opml import Feed, add_feeds, read_opml, write_opml
from collectors.sources import Source
from pressgauge.errors import PressgaugeError

OPML = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Technology"><outline text="More">
<outline type="rss" text="The  Example" xmlUrl="https://feeds.example.org/all" htmlUrl="https://www.example.org/"/>
</outline></outline>
<outline title="Old style" xmlUrl="https://old.example/rss"/>
<outline text="Again" xmlUrl="https://old.example/rss"/>
<outline text="Evil" xmlUrl="javascript:alert(1)"/><outline text="Broken" xmlUrl="http://[bad"/>
<outline text="A folder"/></body></opml>"""


def test_the_feeds_of_all_folders_are_read_once_each():
    feeds, rejected = read_opml(OPML)
    assert feeds == [
        Feed("https://feeds.example.org/all", "The Example", "example.org"),
        Feed("https://old.example/rss", "Old style", "old.example"),
    ]
    assert rejected == [
        Rejected("https://old.example/rss", "duplicate"),
        Rejected("javascript:alert(1)", "bad_url"),
        Rejected("http://[bad", "bad_url"),
    ]


def test_what_is_exported_can_be_imported():
    sources = [
        Source(
            name='Q & <A> "x"', kind="feed", url="https://a.example/?a=1&b=2", outlet="A", domain="a.example"
        ),
        Source(name="No feed", kind="sitemap", url="https://b.example/", outlet="B"),
    ]
    assert read_opml(write_opml(sources)) == (
        [Feed("https://a.example/?a=1&b=2", 'Q & <A> "x"', "a.example")],
        [],
    )


@pytest.mark.parametrize("body", [b"", b"not xml", b"<rss/>", b"<html><body>Log in</body></html>"])
def test_what_is_no_opml_is_refused(body):
    with pytest.raises(PressgaugeError, match="not an OPML file"):
        read_opml(body)


def test_p01_entities_bring_in_no_file_and_do_not_multiply():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE opml [<!ENTITY l0 "lol">{laughs}<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        '<opml><body><outline text="a&l11;" xmlUrl="https://a.example/rss"/>'
        '<outline text="b&x;" xmlUrl="https://b.example/rss"/></body></opml>'
    ).encode()
    try:
        feeds, _ = read_opml(body)
    except PressgaugeError:
        return
    assert all(len(feed.name) <= 200 for feed in feeds)
    assert Path("/etc/hostname").read_text().strip() not in str(feeds)


@given(st.binary(max_size=200), st.integers(0, len(OPML)))
def test_p09_any_bytes_are_read_or_refused(noise, at):
    try:
        feeds, _ = read_opml(OPML[:at] + noise + OPML[at:])
    except PressgaugeError:
        return
    assert all(feed.url.startswith(("http://", "https://")) and feed.domain for feed in feeds)


def test_feeds_are_added_to_the_settings_and_everything_there_stays(tmp_path):
    file = tmp_path / "sources.toml"
    file.write_text(
        '# mine\n[[source]]\nname = "The Example" # first\nkind = "feed"\nurl = "https://a.example/rss"\n'
    )
    feeds, _ = read_opml(OPML)
    known = Feed("https://a.example/rss", "Same address", "a.example")
    assert add_feeds(file, [*feeds, known]) == (feeds, [known])
    assert file.read_text().startswith('# mine\n[[source]]\nname = "The Example" # first\n')
    names = [source["name"] for source in tomllib.loads(file.read_text())["source"]]
    assert names == ["The Example", "The Example (2)", "Old style"]
    assert add_feeds(file, feeds) == ([], feeds)


def test_feeds_make_settings_where_there_are_none(tmp_path):
    file = tmp_path / "sources.toml"
    add_feeds(file, [Feed("https://a.example/rss", "A", "a.example")])
    assert tomllib.loads(file.read_text())["source"] == [
        {"name": "A", "domain": "a.example", "kind": "feed", "url": "https://a.example/rss"}
    ]
