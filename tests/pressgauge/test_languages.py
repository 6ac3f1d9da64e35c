"""Languages and countries, however they are written, are codes of ISO 639-1 and ISO 3166-1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.languages import country_code, language_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *((each, "en") for each in ("English", "en", "en-US", "en_GB", "EN", "en-uk", "eng", " English ")),
        *(
            (each, "zh")
            for each in ("Chinese", "zh-Hant-TW", "cmn", "Chinese (Simplified)", "Mandarin", "中文")
        ),
        *((each, "he") for each in ("iw", "iw-IL", "Hebrew", "he")),
        *((each, "id") for each in ("in", "in-ID", "Indonesian", "ind")),
        ("ji", "yi"),
        *((each, "no") for each in ("nb", "no", "nob", "nor", "nb-NO", "Norwegian", "Norwegian Bokmål")),
        ("nn-NO", "nn"),
        *((each, "tl") for each in ("fil", "tl", "tgl", "fil-PH", "Filipino", "Tagalog")),
        *((each, "ku") for each in ("ckb", "ku", "kmr", "Kurdish")),
        *((each, "sr") for each in ("sr-Latn", "sh", "hbs", "Serbian")),
        ("hrv", "hr"),
        ("Bosnian", "bs"),
        *((each, "pt") for each in ("pt_br", "Brazilian Portuguese", "Português")),
        *((each, "de") for each in ("ger", "deu", "Deutsch", "de-AT")),
        ("Spanish; Castilian", "es"),
        ("Farsi", "fa"),
        *((each, None) for each in ("xx", "und", "mul", "zxx", "", " ", "x-default", "Klingon", "12", None)),
    ],
)
def test_a_language_is_one_code_however_it_is_written(written: str | None, code: str | None) -> None:
    assert language_code(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *((each, "GB") for each in ("uk", "GB", "gbr", "United Kingdom", "England", "826")),
        *((each, "US") for each in ("us", "USA", "U.S.", "United States", "The United States of America")),
        *((each, "CZ") for each in ("Czech Republic", "Czechia", "Česko")),
        *((each, "TR") for each in ("Turkey", "Türkiye")),
        *((each, "HK") for each in ("Hong Kong", "Hong Kong SAR China")),
        *((each, "KR") for each in ("South Korea", "Korea, Republic of")),
        *((each, "CI") for each in ("Ivory Coast", "Côte d'Ivoire")),
        *((each, "MM") for each in ("Myanmar", "Burma", "Myanmar (Burma)")),
        ("Russian Federation", "RU"),
        ("Deutschland", "DE"),
        ("日本", "JP"),
        ("Bosnia & Herzegovina", "BA"),
        *((each, None) for each in ("EU", "Europe", "UN", "Soviet Union", "SUN", "ZZ", "", None, "Atlantis")),
    ],
)
def test_a_country_is_one_code_however_it_is_written(written: str | None, code: str | None) -> None:
    assert country_code(written) == code


@given(st.text(max_size=30))
def test_any_text_gives_a_code_that_stays_itself_or_none(text: str) -> None:
    language, country = language_code(text), country_code(text)
    assert language is None or language_code(language) == language
    assert country is None or country_code(country) == country
