"""OPML: lists of feeds, as feed readers import and export them.

Contract: OPML 2.0 (opml.org/spec2.opml): outline elements, nested at will, of which those with an xmlUrl are
feeds; `text` is the name (older files: `title`), `htmlUrl` the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from collectors.candidate import Rejected
from collectors.source import LONGEST_SOURCE_NAME, Source
from collectors.sources_file import Additions
from pressgauge.errors import ConfigError, PressgaugeError
from pressgauge.settings import editing
from pressgauge.unicode import seen_line
from pressgauge.urls import domain_of, host_of, is_web

_MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of an OPML file: its address, its name, and the domain of its site (or its own)."""

    url: str
    name: str
    domain: str


def read_opml(body: bytes) -> tuple[list[Feed], list[Rejected]]:
    """The feeds of an OPML file, each address once, in order; an outline that cannot be one, with its reason.

    Raises PressgaugeError when it is not OPML. Nothing is fetched, no other file is read.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    if len(body) > _MAX_BYTES:
        raise PressgaugeError(f"the OPML file is larger than {_MAX_BYTES:,} bytes")
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise PressgaugeError(f"not an OPML file: {error}") from error
    if root is None or root.tag != "opml":
        raise PressgaugeError("not an OPML file; expected <opml>, as a feed reader exports it")
    feeds: dict[str, Feed] = {}
    rejected: list[Rejected] = []
    for outline in root.iter("outline"):
        if (url := outline.get("xmlUrl", "").strip()) == "":
            continue
        if (own := _domain(url)) is None:
            rejected.append(Rejected(url, "bad_url"))
        elif url in feeds:
            rejected.append(Rejected(url, "duplicate"))
        else:
            domain = _domain(outline.get("htmlUrl", "")) or own
            name = _name(outline.get("text", "")) or _name(outline.get("title", "")) or _name(domain)
            feeds[url] = Feed(url, name, domain)
    return list(feeds.values()), rejected


def _domain(address: str) -> str | None:
    """The domain of an address of the web; None of anything else."""
    address = address.strip()
    if domain_of(address) is None or not is_web(address) or not address.isprintable():
        return None  # the first knows more: a host with blanks in it is none
    return host_of(address)


def _name(text: str) -> str:
    """`text` as a source may be called: one line of printable characters."""
    return seen_line(text)[:LONGEST_SOURCE_NAME].strip()


def write_opml(sources: Iterable[Source]) -> bytes:
    """The feeds among `sources` as an OPML 2.0 file in UTF-8."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Pressgauge sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind == "feed":
            site = {"htmlUrl": f"https://{source.domain}/"} if source.domain else {}
            etree.SubElement(body, "outline", type="rss", text=source.name, xmlUrl=source.url, **site)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def add_feeds(file: Path, feeds: Iterable[Feed]) -> tuple[list[Feed], list[Feed], list[Rejected]]:
    """Append feeds to `sources.toml` -> (added, already there by address, those that no source can be).

    What is there stays as it is. A name that is taken gets a number: names of sources are unique.
    Raises ConfigError when the file cannot be read as settings, and leaves it alone.
    """
    new: list[Feed] = []
    present: list[Feed] = []
    rejected: list[Rejected] = []
    if not (candidates := list(feeds)):
        return new, present, rejected
    with editing.locked(file):
        additions = Additions(file)
        for feed in candidates:
            if additions.source_at(feed.url) is not None:
                present.append(feed)
                continue
            try:
                additions.add({"name": feed.name, "domain": feed.domain, "kind": "feed", "url": feed.url})
            except ConfigError as error:
                rejected.append(Rejected(feed.url, f"{error.problem}; expected {error.expected}"))
            else:
                new.append(feed)
        additions.write()
    return new, present, rejected
