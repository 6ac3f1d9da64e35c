"""Why a page is no article, or not the whole of one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from collectors.extraction.dates import Published
from collectors.extraction.declared import Declared, types
from collectors.extraction.found import Found
from collectors.extraction.furniture import WALL
from collectors.extraction.page import Page

TEASER = 1500
"""Fewer characters than this may be only what stands before a wall."""

_NOT_FOUND = re.compile(
    r"\b(?:error )?404\b|\b(?:page|article|story|content|file)\b.{0,20}\b(?:not found|(?:no longer"
    r"|not) (?:available|exists?))"
    r"|^not found$|(?:page|article) (?:you.{0,30}|does(?:n.t| not)) (?:exist|could not be found)"
    r"|(?:seite|artikel|inhalt)\b.{0,20}\bnicht (?:gefunden|verfügbar)|page (?:introuvable|non trouvée)"
    r"|p[áa]gina no (?:encontrada|existe)|p[áa]gina não encontrada|pagina non trovata|pagina niet gevonden"
    r"|页面不存在|ページが見つかりません|페이지를 찾을 수 없",
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
_INDEX_TYPES = frozenset({"CollectionPage", "SearchResultsPage", "ItemList", "ProfilePage"})


def refused(
    page: Page,
    declared: Declared,
    title: Found[str] | None,
    text: Found[str] | None,
    published: Found[Published] | None,
) -> str | None:
    """'soft_404', 'index_page' or 'empty'; None for an article."""
    body = text.value if text else ""
    if (
        title
        and len(title.value) < 80
        and _NOT_FOUND.search(title.value)
        and not declared.article
        and len(body) < TEASER
    ):
        return "soft_404"
    if _is_index(page, declared, body, published):
        return "index_page"
    return None if body or title else "empty"


def partial(page: Page, declared: Declared, text: Found[str] | None) -> str | None:
    """'consent', 'paywall' or 'title_only'; None when the text is whole, as far as the page shows."""
    body = text.value if text else ""
    if len(body) < TEASER:
        hits = {match[0].casefold() for match in _CONSENT.finditer(body)}
        if len(hits) >= 3 and sum(
            bool(_CONSENT.search(line)) for line in body.splitlines()
        ) >= 0.5 * body.count("\n"):
            return "consent"
        locked = str(declared.article.get("isAccessibleForFree", "")).lower() == "false"
        tier = (declared.first("article:content_tier") or "").lower()
        if locked or tier == "locked" or any(WALL.search(line) for line in _short_texts(page)):
            return "paywall"
    return None if body else "title_only"


def _is_index(page: Page, declared: Declared, body: str, published: Found[Published] | None) -> bool:
    """A front, section or search page: nothing declares an article or a date, and what it holds is mostly
    links.
    """
    if declared.article or (published is not None and published.source in ("meta", "microdata", "time")):
        return False
    if (declared.first("og:type") or "").lower() == "article":
        return False
    if urlsplit(page.url).path in ("", "/") and not urlsplit(page.url).query:
        return True
    whole = len(page.tree.xpath("normalize-space(string(//body))")) or 1
    linked = sum(len(link.text_content().strip()) for link in page.tree.iter("a"))
    listing = any(kind in _INDEX_TYPES for node in declared.nodes for kind in types(node))
    return len(body) < TEASER and linked > (0.4 if listing else 0.7) * whole


def _short_texts(page: Page) -> list[str]:
    return [
        text
        for element in page.tree.iter("p", "h2", "h3", "h4", "div", "span", "a", "button", "strong")
        if len(element) <= 2 and 10 < len(text := element.text_content().strip()) < 200
    ]
