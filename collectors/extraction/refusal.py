"""Why a page is no article, or not the whole of one."""

from __future__ import annotations

import re
from itertools import chain
from urllib.parse import urlsplit

from collectors.extraction.boilerplate import is_wall, link_share
from collectors.extraction.dates.dates import Published
from collectors.extraction.extracted import Extracted
from collectors.extraction.page.metadata import Metadata, types
from collectors.extraction.page.page import Page

TEASER = 1500
"""Fewer characters than this may be only what stands before a wall."""

_NOT_FOUND = re.compile(
    r"^(?:error\W*)?404(?:$|\s*[|:·–—-]|\W+(?:error|page|not))|\b(?:error|http) 404\b"
    r"|\b404 (?:error|not found)|^410 gone$|\b(?:page|article|story|content|file)\b.{0,20}?"
    r"(?:(?:\bnot|n.t) (?:be )?found|(?:\bno longer|\bnot|n.t) (?:available|exists?))"
    r"|^(?:not|nothing) found$|sidan (?:kunde inte hittas|finns inte)"
    r"|siden (?:ble ikke funnet|blev ikke fundet|findes ikke)"
    r"|страница не найдена|nie znaleziono strony|strona nie istnieje|halaman tidak ditemukan"
    r"|sayfa bulunamadı|(?:page|article) (?:you.{0,30}|does(?:n.t| not))"
    r" (?:exist|could not be found)"
    r"|(?:seite|artikel|inhalt)\b.{0,20}\bnicht (?:gefunden|verfügbar)|page (?:introuvable|non trouvée)"
    r"|p[áa]gina no (?:encontrada|existe)|p[áa]gina não encontrada|pagina non trovata|pagina niet gevonden"
    r"|页面不存在|ページが見つかりません|페이지를 찾을 수 없",
    re.I,
)
_BLOCKED = re.compile(
    r"^(?:403 forbidden|forbidden|access (?:to this page has been )?denied|just a moment\W*"
    r"|attention required!?.*|are you (?:a robot|human)\??|robot check|security check|captcha)$",
    re.I,
)
_CONSENT = re.compile(
    r"cookie|consent|gdpr|dsgvo|we value your privacy|your privacy|privacy (?:settings|choices)"
    r"|personal data|our partners"
    r"|accept all|reject all|manage (?:options|preferences)|zustimm|akzeptieren|einwillig|datenschutz"
    r"|mit werbung|werbefrei"
    r"|accepter|refuser|consentement|aceptar|rechazar|accetta|rifiuta|toestemming|akkoord|samtykke",
    re.I,
)
_INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ProfilePage"})
_HEADLINES = 8
_TEASER_TEXT = 800
"""A page of so many linked headlines with no more than so many characters between any two is a list."""


def reason(
    page: Page,
    metadata: Metadata,
    title: Extracted[str] | None,
    text: Extracted[str] | None,
    published: Extracted[Published] | None,
) -> str | None:
    """Why a page is no article: 'soft_404', 'blocked', 'index_page' or 'empty'; None where it is one."""
    body = text.value if text else ""
    if title and len(title.value) < 80 and not metadata.article and len(body) < TEASER:
        if _NOT_FOUND.search(title.value):
            return "soft_404"
        if _BLOCKED.match(title.value):
            return "blocked"
    if _is_index(page, metadata, body, published):
        return "index_page"
    return None if body or title else "empty"


def partial(page: Page, metadata: Metadata, text: Extracted[str] | None) -> str | None:
    """'consent', 'paywall' or 'title_only'; None when the text is whole, as far as the page shows."""
    body = text.value if text else ""
    if len(body) < TEASER:
        hits = {match[0].casefold() for match in _CONSENT.finditer(body)}
        if len(hits) >= 3 and sum(
            bool(_CONSENT.search(line)) for line in body.splitlines()
        ) >= 0.5 * body.count("\n"):
            return "consent"
        is_locked = str(metadata.article.get("isAccessibleForFree", "")).lower() == "false"
        tier = (metadata.first("article:content_tier") or "").lower()
        if is_locked or tier == "locked" or any(map(is_wall, _short_texts(page))):
            return "paywall"
    return None if body else "title_only"


def _is_index(page: Page, metadata: Metadata, body: str, published: Extracted[Published] | None) -> bool:
    """A front, section or search page: nothing declares an article or a date, and what it holds is mostly
    links.
    """
    if metadata.article:
        return False
    address = urlsplit(page.url)
    if address.hostname and address.path in ("", "/") and not address.query:
        return True
    if any(kind in _INDEX_TYPES for node in metadata.nodes for kind in types(node)):
        return True
    if published is not None and published.source in ("meta", "microdata", "time"):
        return False
    if (metadata.first("og:type") or "").lower() == "article":
        return False
    return (len(body) < TEASER and _is_mostly_links(page)) or _is_list(page)


def _is_mostly_links(page: Page) -> bool:
    whole = len(page.tree.xpath("normalize-space(string(//body))")) or 1
    return sum(len(link.text_content().strip()) for link in page.tree.iter("a")) > 0.7 * whole


def _is_list(page: Page) -> bool:
    """Whether linked headlines cut the page's paragraphs into teasers."""
    headlines, block, longest = 0, 0, 0
    for element in page.tree.iter("h2", "h3", "h4", "p"):
        if element.tag == "p":
            block += len(element.text_content().strip())
            longest = max(longest, block)
        elif link_share(element) > 0.9:
            headlines, block = headlines + 1, 0
    return headlines >= _HEADLINES and longest <= _TEASER_TEXT


def _short_texts(page: Page) -> list[str]:
    buttons = (button.text_content() for button in page.tree.iter("button"))
    lines = (line for block in page.outline.blocks for line in block.text.split("\n"))
    return [text for raw in chain(lines, buttons) if 10 < len(text := raw.strip()) < 200]
