"""An article that came as fields, put into a page: it is read by the same extraction as every other."""

from __future__ import annotations

from datetime import datetime
from html import escape


def plain_page(
    url: str,
    body: str,
    *,
    title: str | None = None,
    authors: tuple[str, ...] = (),
    published: datetime | None = None,
    language: str | None = None,
) -> bytes:
    """A UTF-8 HTML page that declares what is given; `body` is HTML (`paragraphs` makes it of text)."""
    head = [f"<title>{escape(title or '')}</title>", f'<link rel="canonical" href="{escape(url)}">']
    head += [f'<meta name="author" content="{escape(author)}">' for author in authors]
    if published:
        head.append(f'<meta property="article:published_time" content="{published.isoformat()}">')
    lang = f' lang="{escape(language)}"' if language else ""
    return (
        f'<!doctype html><html{lang}><head><meta charset="utf-8">{"".join(head)}</head>'
        f"<body><article><h1>{escape(title or '')}</h1>{body}</article></body></html>"
    ).encode("utf-8", "replace")


def paragraphs(text: str) -> str:
    """Plain text as HTML, a paragraph for each line that is not empty."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.splitlines() if line.strip())
