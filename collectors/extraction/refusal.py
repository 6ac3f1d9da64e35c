"""Why a page is no article, or not the whole of one."""

from __future__ import annotations

import re

from collectors.extraction.declared import Declared
from collectors.extraction.found import Found
from collectors.extraction.page import Page

_NOT_FOUND = re.compile(
    r"\b404\b|page not found|not found|seite nicht gefunden|page introuvable|página no encontrada", re.I
)


def refused(page: Page, declared: Declared, title: Found[str] | None, text: Found[str] | None) -> str | None:
    if (
        title
        and len(title.value) < 60
        and _NOT_FOUND.search(title.value)
        and not (text and len(text.value) > 1000)
    ):
        return "soft_404"
    if not text and not title:
        return "empty"
    return None


def partial(page: Page, declared: Declared, text: Found[str] | None) -> str | None:
    if not text:
        return "title_only"
    if str(declared.article.get("isAccessibleForFree", "")).lower() == "false" and len(text.value) < 1500:
        return "paywall"
    return None
