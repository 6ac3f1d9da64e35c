"""The ISO 639-1 code of a language as files name it."""

from __future__ import annotations

import re
from functools import cache, lru_cache


@lru_cache(maxsize=1000)
def language_code(said: str | None) -> str | None:
    """The code of a tag (de-AT), a longer code (deu) or a name (German, Deutsch, Englisch), or None."""
    name = (said or "").strip(" .;,").casefold()
    if not name:
        return None
    from babel.core import get_global

    tag = re.split("[-_]", name)[0]
    code = get_global("language_aliases").get(tag, tag)
    return code if code in _names().values() else _names().get(name)


@cache
def _names() -> dict[str, str]:
    """Codes by name: in English, in the language itself, and in those in which databases are used."""
    from babel import Locale
    from babel.localedata import exists

    english = {code: name for code, name in Locale("en").languages.items() if len(code) == 2}
    own = {code: Locale(code).get_language_name() for code in english if exists(code)}
    others = [
        Locale(code).languages for code in ("de", "fr", "es", "it", "nl", "pt", "ru", "ja", "sv", "da", "pl")
    ]
    return {
        str(name).casefold(): code
        for names in (*others, own, english)
        for code, name in names.items()
        if name and code in english
    }
