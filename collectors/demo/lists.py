"""What the demo press announces: feeds in four formats, sitemaps and robots.txt."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from collectors.demo.press import Piece
from collectors.demo.world import Outlet

FEED_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "json": "application/feed+json",
}


def feed(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> bytes:
    """The outlet's feed of these pieces, in its own format. It says no more of dates than the pages do."""
    write = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}[outlet.feed]
    return write(outlet, base, pieces).encode()


def sitemap_index(base: str, months: Iterable[str]) -> bytes:
    maps = "".join(f"<sitemap><loc>{base}/sitemap-{month}.xml.gz</loc></sitemap>" for month in months)
    return _xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>')


def sitemap(base: str, pieces: Iterable[Piece]) -> bytes:
    """The pages of one month, compressed."""
    urls = "".join(
        f"<url><loc>{escape(base + piece.path)}</loc>"
        + (f"<lastmod>{piece.published.isoformat()}</lastmod>" if piece.precision == "second" else "")
        + "</url>"
        for piece in pieces
    )
    page = _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')
    return gzip.compress(page, mtime=0)


def news_sitemap(outlet: Outlet, base: str, pieces: Iterable[Piece]) -> bytes:
    """The newest articles, as Google News asks for them."""
    urls = "".join(
        f"<url><loc>{escape(base + piece.path)}</loc><news:news><news:publication>"
        f"<news:name>{escape(outlet.name)}</news:name><news:language>{outlet.language}</news:language>"
        f"</news:publication><news:publication_date>{piece.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(piece.title)}</news:title></news:news></url>"
        for piece in pieces
        if piece.precision == "second"
    )
    return _xml(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def robots(base: str) -> bytes:
    lines = "User-agent: *\nDisallow: /admin/\n"
    return f"{lines}Sitemap: {base}/sitemap.xml\nSitemap: {base}/news-sitemap.xml\n".encode()


def _rss(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    items = "".join(
        f"<item><title>{escape(piece.title)}</title><link>{escape(base + piece.path)}</link>"
        f'<guid isPermaLink="false">{piece.number}</guid>'
        + (f"<pubDate>{format_datetime(piece.published)}</pubDate>" if piece.precision == "second" else "")
        + f"<description>{escape(piece.paragraphs[0])}</description></item>"
        for piece in pieces
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(outlet.name)}</title>"
        f"<link>{base}/</link><language>{outlet.language}</language>{items}</channel></rss>"
    )


def _atom(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    entries = "".join(
        f"<entry><title>{escape(piece.title)}</title>"
        f'<link rel="alternate" href="{escape(base + piece.path)}"/>'
        f"<id>urn:demo:{piece.number}</id>"
        + "".join(f"<author><name>{escape(name)}</name></author>" for name in piece.authors)
        + (f"<published>{piece.published.isoformat()}</published>" if piece.precision == "second" else "")
        + f"<summary>{escape(piece.paragraphs[0])}</summary></entry>"
        for piece in pieces
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>{escape(outlet.name)}</title><id>{base}/</id><link href="{base}/"/>{entries}</feed>'
    )


def _rdf(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    items = "".join(
        f'<item rdf:about="{escape(base + piece.path)}"><title>{escape(piece.title)}</title>'
        f"<link>{escape(base + piece.path)}</link>"
        + (f"<dc:date>{piece.published.isoformat()}</dc:date>" if piece.precision == "second" else "")
        + "</item>"
        for piece in pieces
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{base}/"><title>{escape(outlet.name)}</title><link>{base}/</link></channel>'
        f"{items}</rdf:RDF>"
    )


def _json(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> str:
    items = [
        {
            "id": str(piece.number),
            "url": base + piece.path,
            "title": piece.title,
            "summary": piece.paragraphs[0],
            **({"date_published": piece.published.isoformat()} if piece.precision == "second" else {}),
        }
        for piece in pieces
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)


def _xml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode()
