"""The language of an article as a database names it: in the language of its interface."""

from __future__ import annotations

from functools import cache

from pressgauge.languages import language_code as common_code

_INTERFACES = ("de", "fr", "es", "it", "nl", "pt", "ru", "ja", "sv", "da", "pl")


@cache
def language_code(said: str | None) -> str | None:
    """The ISO 639-1 code of what `pressgauge.languages` knows, and of names such as 'Englisch', 'Anglais'."""
    name = (said or "").strip(" .;,")
    return (common_code(name) or _names().get(name.casefold())) if name else None


@cache
def _names() -> dict[str, str]:
    """Codes by the names of languages in those in which databases are used."""
    from babel import Locale  # only where a name is none of the language itself, nor English

    return {
        str(name).casefold(): common_code(str(code)) or str(code)
        for locale in reversed(_INTERFACES)
        for code, name in Locale(locale).languages.items()
        if len(str(code)) == 2
    }
