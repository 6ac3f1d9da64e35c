"""OPML: lists of feeds, as feed readers import and export them.

Contract: OPML 2.0 (opml.org/spec2.opml): outline elements, nested at will, of which those with an xmlUrl are
feeds; `text` is the name (older files: `title`), `htmlUrl` the site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import tomlkit
from lxml import etree
from tomlkit.items import AoT

from collectors.collector import Rejected
from collectors.sources import Source
from pressgauge.errors import PressgaugeError

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
        if (url := (outline.get("xmlUrl") or "").strip()) == "":
            continue
        domain = _domain(outline.get("htmlUrl") or "") or _domain(url)
        if not url.startswith(("http://", "https://")) or domain is None:
            rejected.append(Rejected(url, "bad_url"))
        elif url in feeds:
            rejected.append(Rejected(url, "duplicate"))
        else:
            name = " ".join((outline.get("text") or outline.get("title") or domain).split())[:200]
            feeds[url] = Feed(url, name, domain)
    return list(feeds.values()), rejected


def _domain(address: str) -> str | None:
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


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


def add_feeds(file: Path, feeds: Iterable[Feed]) -> tuple[list[Feed], list[Feed]]:
    """Append feeds to `sources.toml` -> (added, already there by address); what is there stays as it is.

    A name that is taken gets a number: names of sources are unique.
    """
    document = tomlkit.parse(file.read_text("utf-8")) if file.exists() else tomlkit.document()
    sources = document.setdefault("source", tomlkit.aot())
    if not isinstance(sources, AoT):
        raise PressgaugeError(f"{file}: `source` is not a list of [[source]] blocks")
    urls = {str(source.get("url")) for source in sources}
    names = {str(source.get("name")) for source in sources}
    added: list[Feed] = []
    known: list[Feed] = []
    for feed in feeds:
        if feed.url in urls:
            known.append(feed)
            continue
        name, number = feed.name, 2
        while name in names:
            name, number = f"{feed.name} ({number})", number + 1
        block = tomlkit.table()
        block.update({"name": name, "domain": feed.domain, "kind": "feed", "url": feed.url})
        sources.append(block)
        names.add(name)
        urls.add(feed.url)
        added.append(feed)
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(tomlkit.dumps(document), "utf-8")
    beside.replace(file)
    return added, known
