"""The pages of the demo press: five ways in which sites mark up an article, amid the usual furniture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape

from collectors.demo.lists import FEED_TYPES
from collectors.demo.press import DEMO_NOTICE, Piece
from collectors.demo.world import Outlet

_WORDS = {
    "en": ("By", " and ", "Read more", "Home", "Technology", "Subscribe to read the rest of this article.",
           "Sign up for our newsletter", "We use cookies to improve your visit. Accept or refuse."),
    "de": ("Von", " und ", "Mehr zum Thema", "Startseite", "Technik", "Jetzt abonnieren und weiterlesen.",
           "Newsletter bestellen", "Wir verwenden Cookies. Zustimmen oder ablehnen."),
    "fr": ("Par", " et ", "Lire aussi", "Accueil", "Technologie", "Abonnez-vous pour lire la suite.",
           "Inscrivez-vous à notre lettre", "Nous utilisons des cookies. Accepter ou refuser."),
    "es": ("Por", " y ", "Lea también", "Portada", "Tecnología", "Suscríbase para seguir leyendo.",
           "Reciba nuestro boletín", "Usamos cookies. Aceptar o rechazar."),
    "ja": ("文・", "、", "関連記事", "ホーム", "テクノロジー", "続きは会員登録後にお読みいただけます。",
           "メールマガジン登録", "当サイトはクッキーを使用します。同意する"),
}  # fmt: skip
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def render(piece: Piece, base: str, others: Sequence[Piece] = ()) -> tuple[bytes, str]:
    """The page of an article and its Content-Type. `base` is the scheme and host that serve the outlet;
    `others` are announced beside it."""
    template = {
        "jsonld": _jsonld, "opengraph": _opengraph, "microdata": _microdata, "old": _old, "amp": _amp,
    }[piece.outlet.template]  # fmt: skip
    page = template(piece, base, others)
    if piece.outlet.template == "old":
        # As on old sites: an old encoding, told by a meta element only.
        return page.encode("cp1252", "xmlcharrefreplace"), "text/html"
    return page.encode(), "text/html; charset=utf-8"


def home(outlet: Outlet, base: str, pieces: Sequence[Piece]) -> bytes:
    """The outlet's home page: its newest articles, a section, and what is no article."""
    links = "\n".join(
        f'<div class="teaser"><h2><a href="{escape(base + piece.path)}">{escape(piece.title)}</a></h2></div>'
        for piece in pieces
    )
    kind = FEED_TYPES[outlet.feed].partition(";")[0]
    feed = f'<link rel="alternate" type="{kind}" title="{escape(outlet.name)}" href="/feed">'
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="utf-8">'
        f"<title>{escape(outlet.name)}</title>{feed}</head><body>{_header(outlet)}<main>{links}</main>"
        f"{_footer(outlet)}</body></html>"
    ).encode()


def _jsonld(piece: Piece, base: str, others: Sequence[Piece]) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "mainEntityOfPage": base + piece.path,
        "inLanguage": piece.outlet.language,
        "author": [{"@type": "Person", "name": name} for name in piece.authors],
        "publisher": {"@type": "Organization", "name": piece.outlet.name},
        "isAccessibleForFree": piece.free is None,
    }
    if piece.precision:
        data["datePublished"] = piece.published.isoformat()
    head = f'<script type="application/ld+json">{_script(data)}</script>' + _open_graph(piece, base)
    body = (
        f'<article class="story"><h1>{escape(piece.title)}</h1>'
        f'<p class="byline">{_byline(piece)}</p><div class="story-body">{_paragraphs(piece)}</div></article>'
    )
    return _page(piece, base, head, body + _wall(piece) + _aside(piece, base, others))


def _opengraph(piece: Piece, base: str, others: Sequence[Piece]) -> str:
    head = _open_graph(piece, base)
    if piece.precision:
        head += f'<meta property="article:published_time" content="{piece.published.isoformat()}">'
    head += "".join(f'<meta name="author" content="{escape(name)}">' for name in piece.authors)
    if piece.free is not None:
        head += '<meta property="article:content_tier" content="locked">'
    body = (
        f'<div class="c-head"><h1>{escape(piece.title)}</h1>'
        f'<span class="c-byline">{_byline(piece)}</span></div>'
        f'<div class="c-entry-content">{_paragraphs(piece)}</div>'
    )
    return _page(piece, base, head, body + _wall(piece) + _aside(piece, base, others))


def _microdata(piece: Piece, base: str, others: Sequence[Piece]) -> str:
    names = "".join(
        f'<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">'
        f"{escape(name)}</span></span> "
        for name in piece.authors
    )
    when = ""
    if piece.precision:
        stamp = piece.published.isoformat()
        when = f'<time itemprop="datePublished" datetime="{stamp}">{piece.published:%d.%m.%Y %H:%M}</time>'
    body = (
        '<article itemscope itemtype="https://schema.org/NewsArticle">'
        f'<h1 itemprop="headline">{escape(piece.title)}</h1><div class="meta">{names}{when}</div>'
        f'<div itemprop="articleBody">{_paragraphs(piece)}</div></article>'
    )
    return _page(piece, base, "", body + _wall(piece) + _aside(piece, base, others))


def _old(piece: Piece, base: str, others: Sequence[Piece]) -> str:
    """Tables and fonts, nothing declared; the date only as people write it."""
    outlet = piece.outlet
    when = f"{_day_in_words(piece)}<br>" if piece.precision else ""
    links = "".join(
        f'<li><a href="{escape(base + other.path)}">{escape(other.title)}</a>' for other in others
    )
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'
        f"<title>{escape(piece.title)} - {escape(outlet.name)}</title></head><body bgcolor=white>"
        f'<table width=760><tr><td colspan=2><a href="{base}/">{escape(outlet.name)}</a></td></tr>'
        f'<tr><td valign=top width=520><h2><font face="Arial">{escape(piece.title)}</font></h2>'
        f"<font size=-1>{_byline(piece)}<br>{when}</font>{_paragraphs(piece)}{_wall(piece)}</td>"
        f"<td valign=top width=240><b>{_WORDS[outlet.language][2]}</b><ul>{links}</ul></td></tr></table>"
        f"{_footer(outlet)}</body></html>"
    )


def _amp(piece: Piece, base: str, others: Sequence[Piece]) -> str:
    when = f'<time datetime="{piece.published.isoformat()}"></time>' if piece.precision else ""
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": piece.title}
    if piece.precision:
        data["datePublished"] = piece.published.isoformat()
    if piece.authors:
        data["author"] = " & ".join(piece.authors)
    head = (
        f'<script type="application/ld+json">{_script(data)}</script>'
        '<meta name="viewport" content="width=device-width"><style amp-custom>h1{font-weight:700}</style>'
    )
    body = (
        f"<article><h1>{escape(piece.title)}</h1><p>{_byline(piece)}</p>{when}{_paragraphs(piece)}</article>"
        '<amp-analytics type="nothing"></amp-analytics>'
    )
    page = _page(piece, base, head, body + _wall(piece) + _aside(piece, base, others))
    return page.replace("<html ", "<html amp ", 1)


def _page(piece: Piece, base: str, head: str, body: str) -> str:
    outlet = piece.outlet
    return (
        f'<!doctype html><html lang="{outlet.language}"><head><meta charset="utf-8">'
        f"<title>{escape(piece.title)} | {escape(outlet.name)}</title>"
        f'<link rel="canonical" href="{escape(base + piece.path)}">'
        f'<link rel="alternate" type="application/rss+xml" href="{base}/feed">{head}</head>'
        f'<body><div class="cookie-banner" role="dialog">{_WORDS[outlet.language][7]}</div>{_header(outlet)}'
        f"<main>{body}</main>{_footer(outlet)}</body></html>"
    )


def _open_graph(piece: Piece, base: str) -> str:
    return (
        f'<meta property="og:title" content="{escape(piece.title)}">'
        '<meta property="og:type" content="article">'
        f'<meta property="og:url" content="{escape(base + piece.path)}">'
        f'<meta property="og:site_name" content="{escape(piece.outlet.name)}">'
    )


def _header(outlet: Outlet) -> str:
    words = _WORDS[outlet.language]
    return (
        f'<header><a href="/">{escape(outlet.name)}</a><nav><ul><li><a href="/">{words[3]}</a></li>'
        f'<li><a href="/tech">{words[4]}</a></li><li><a href="/about">{DEMO_NOTICE}</a></li>'
        "</ul></nav></header>"
    )


def _footer(outlet: Outlet) -> str:
    return f'<footer><p>© {escape(outlet.name)}. {DEMO_NOTICE}</p><a href="/privacy">Privacy</a></footer>'


def _aside(piece: Piece, base: str, others: Sequence[Piece]) -> str:
    words = _WORDS[piece.outlet.language]
    links = "".join(
        f'<li><a href="{escape(base + other.path)}">{escape(other.title)}</a></li>' for other in others
    )
    return (
        f'<aside class="related"><h3>{words[2]}</h3><ul>{links}</ul></aside>'
        f'<form class="newsletter"><label>{words[6]} <input type="email"></label></form>'
    )


def _wall(piece: Piece) -> str:
    words = _WORDS[piece.outlet.language]
    return "" if piece.free is None else f'<div class="paywall"><strong>{words[5]}</strong></div>'


def _byline(piece: Piece) -> str:
    words = _WORDS[piece.outlet.language]
    if not piece.authors:
        return ""
    space = "" if piece.outlet.language == "ja" else " "
    return f"{words[0]}{space}{words[1].join(map(escape, piece.authors))}"


def _paragraphs(piece: Piece) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in piece.paragraphs[: piece.free])


def _day_in_words(piece: Piece) -> str:
    """A day as people write it: 5 March 2025, 5. März 2025, 5 mars 2025, 5 de marzo de 2025."""
    day, language = piece.published, piece.outlet.language
    month = _MONTHS[language].split()[day.month - 1]
    pattern = {"de": "{}. {} {}", "es": "{} de {} de {}"}.get(language, "{} {} {}")
    return pattern.format(day.day, month, day.year)


def _script(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
