"""Feed lists go in from feed readers and out to them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from collectors.candidate import Rejected
from collectors.opml import Feed, add_feeds, read_opml, write_opml
from collectors.settings import load_sources
from collectors.source import Source
from pressgauge.errors import ConfigError, PressgaugeError

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


def outline(address: str = "https://www.a.example/rss", **attributes: str) -> bytes:
    """An OPML file of one feed; values are XML, as in a file."""
    said = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f'<opml version="2.0"><body><outline {said} xmlUrl="{address}"/></body></opml>'.encode()


@pytest.mark.parametrize(
    ("text", "title", "name"),
    [
        ("Foo&#x200b;Bar", "", "FooBar"),
        ("&#x202e;Foo&#xa0;&#x2028; Bar&#xad;", "", "Foo Bar"),
        ("  ", "The Title", "The Title"),
        ("&#x200b; &#xfeff;", "The Title", "The Title"),
        ("", " &#xa0;", "a.example"),
        ("x" * 199 + " y", "", "x" * 199),
    ],
)
def test_a_name_is_what_can_be_read_of_the_text_or_the_title_or_else_the_domain(text, title, name):
    feeds, rejected = read_opml(outline(text=text, title=title))
    assert ([feed.name for feed in feeds], rejected) == ([name], [])


@pytest.mark.parametrize(
    "address",
    [
        "https://bad host.example/feed",
        "https://bad&#x9;host.example/feed",
        "https://a..b/feed",
        "https:///feed",
        "https://a.example:99999/feed",
        "https://a.ex&#x200b;ample/feed",
        "file:///etc/hostname",
        "www.a.example/feed",
    ],
)
def test_an_address_that_no_page_can_have_is_left_out(address):
    feeds, rejected = read_opml(outline(address, text="A"))
    assert (feeds, [entry.reason for entry in rejected]) == ([], ["bad_url"])


def test_a_scheme_may_be_written_in_capitals(tmp_path):
    feeds, rejected = read_opml(outline("HTTPS://Example.org/feed", text="A"))
    assert (feeds, rejected) == ([Feed("HTTPS://Example.org/feed", "A", "example.org")], [])
    add_feeds(tmp_path / "sources.toml", feeds)
    [source], errors = load_sources(tmp_path / "sources.toml")
    assert (source.url, errors) == ("HTTPS://Example.org/feed", [])


def test_a_site_that_is_no_address_is_replaced_by_the_feed_s_own_domain():
    feeds, _ = read_opml(outline(text="A", htmlUrl="https://bad host.example/"))
    assert [feed.domain for feed in feeds] == ["a.example"]


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
    assert all(feed.url.lower().startswith(("http://", "https://")) and feed.domain for feed in feeds)


def test_feeds_are_added_to_the_settings_and_everything_there_stays(tmp_path):
    file = tmp_path / "sources.toml"
    file.write_text(
        '# mine\n[[source]]\nname = "The Example" # first\nkind = "feed"\nurl = "https://a.example/rss"\n'
    )
    feeds, _ = read_opml(OPML)
    known = Feed("https://a.example/rss", "Same address", "a.example")
    assert add_feeds(file, [*feeds, known]) == (feeds, [known], [])
    assert file.read_text().startswith('# mine\n[[source]]\nname = "The Example" # first\n')
    names = [source["name"] for source in tomllib.loads(file.read_text())["source"]]
    assert names == ["The Example", "The Example (2)", "Old style"]
    assert add_feeds(file, feeds) == ([], feeds, [])


def test_feeds_make_settings_where_there_are_none(tmp_path):
    file = tmp_path / "sources.toml"
    add_feeds(file, [Feed("https://a.example/rss", "A", "a.example")])
    assert tomllib.loads(file.read_text())["source"] == [
        {"name": "A", "domain": "a.example", "kind": "feed", "url": "https://a.example/rss"}
    ]


@given(
    st.lists(
        st.tuples(st.text(max_size=210), st.sampled_from(["https://{}.example/f", "HTTP://{}.example/f"])),
        max_size=5,
    )
)
def test_p09_whatever_a_feed_is_called_the_settings_that_are_written_can_be_read(tmp_path_factory, entries):
    root = etree.Element("opml")
    for number, (text, address) in enumerate(entries):
        kept = "".join(
            character for character in text if character.isprintable() or character in "\t\n\u200b"
        )
        etree.SubElement(root, "outline", text=kept, xmlUrl=address.format(f"n{number}"))
    file = tmp_path_factory.mktemp("settings") / "sources.toml"
    feeds, left_out = read_opml(etree.tostring(root))
    added, known, refused = add_feeds(file, feeds)
    assert (len(added), known, left_out, refused) == (len(entries), [], [], [])
    sources, errors = load_sources(file) if added else ([], [])
    assert ([source.url for source in sources], errors) == ([feed.url for feed in added], [])


def test_a_feed_that_no_source_can_be_is_left_out_with_the_reason_and_the_others_are_added(tmp_path):
    file = tmp_path / "sources.toml"
    sound = Feed("https://a.example/rss", "Sound", "a.example")
    bad_name = Feed("https://b.example/rss", "Foo\u200bBar", "b.example")
    bad_url = Feed("ftp://c.example/rss", "C", "c.example")
    added, known, rejected = add_feeds(file, [bad_name, sound, bad_url])
    assert (added, known) == ([sound], [])
    assert [entry.url for entry in rejected] == [bad_name.url, bad_url.url]
    assert "expected a name of 1 to 200 printable characters" in rejected[0].reason
    assert "expected an address that begins with https://" in rejected[1].reason
    assert [source.name for source in load_sources(file)[0]] == ["Sound"]


def test_a_long_name_that_is_taken_is_shortened_for_its_number(tmp_path):
    feeds = [Feed(f"https://a.example/{n}", "x" * 200, "a.example") for n in range(11)]
    assert add_feeds(tmp_path / "sources.toml", feeds)[0] == feeds
    sources, errors = load_sources(tmp_path / "sources.toml")
    assert (len(sources), errors) == (11, [])
    assert sources[-1].name == "x" * 195 + " (11)"


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('[[source]]\nname = "A"\nurl = "https://a.example/rss\n', 3),
        ("source = 1\n", 1),
        ("source = []\n", 1),
        ('[[topic]]\nname = "a"\n', 1),
    ],
)
def test_settings_that_cannot_be_read_are_named_by_line_and_left_alone(tmp_path, content, line):
    file = tmp_path / "sources.toml"
    file.write_text(content)
    with pytest.raises(ConfigError) as raised:
        add_feeds(file, [Feed("https://b.example/rss", "B", "b.example")])
    assert (raised.value.file, raised.value.line) == (file, line)
    assert file.read_text() == content


def test_where_there_is_nothing_to_add_nothing_is_written(tmp_path):
    assert add_feeds(tmp_path / "sources.toml", []) == ([], [], [])
    assert list(tmp_path.iterdir()) == []
