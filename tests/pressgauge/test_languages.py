"""Languages and countries, however they are written, are codes of ISO 639-1 and ISO 3166-1."""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.languages import (
    _COUNTRY_CODES,
    _LANGUAGE_CODES,
    _code_of_country,
    _code_of_language,
    country_code,
    language_code,
)


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


ISO_639_1 = """
aa Afar|ab Abkhazian|ae Avestan|af Afrikaans|ak Akan|am Amharic|an Aragonese|ar Arabic|as
Assamese|av Avaric|ay Aymara|az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bi Bislama|bm
Bambara|bn Bengali|bo Tibetan|br Breton|bs Bosnian|ca Catalan; Valencian|ce Chechen|ch Chamorro|co
Corsican|cr Cree|cs Czech|cu Church Slavic; Old Slavonic; Church Slavonic; Old Bulgarian; Old Church
Slavonic|cv Chuvash|cy Welsh|da Danish|de German|dv Divehi; Dhivehi; Maldivian|dz Dzongkha|ee Ewe|el
Greek|en English|eo Esperanto|es Spanish; Castilian|et Estonian|eu Basque|fa Persian|ff Fulah|fi
Finnish|fj Fijian|fo Faroese|fr French|fy Western Frisian|ga Irish|gd Gaelic; Scottish Gaelic|gl
Galician|gn Guarani|gu Gujarati|gv Manx|ha Hausa|he Hebrew|hi Hindi|ho Hiri Motu|hr Croatian|ht
Haitian; Haitian Creole|hu Hungarian|hy Armenian|hz Herero|ia Interlingua|id Indonesian|ie
Interlingue; Occidental|ig Igbo|ii Sichuan Yi; Nuosu|ik Inupiaq|io Ido|is Icelandic|it Italian|iu
Inuktitut|ja Japanese|jv Javanese|ka Georgian|kg Kongo|ki Kikuyu; Gikuyu|kj Kuanyama; Kwanyama|kk
Kazakh|kl Kalaallisut; Greenlandic|km Central Khmer; Khmer|kn Kannada|ko Korean|kr Kanuri|ks
Kashmiri|ku Kurdish|kv Komi|kw Cornish|ky Kirghiz; Kyrgyz|la Latin|lb Luxembourgish;
Letzeburgesch|lg Ganda|li Limburgan; Limburger; Limburgish|ln Lingala|lo Lao|lt Lithuanian|lu
Luba-Katanga|lv Latvian|mg Malagasy|mh Marshallese|mi Maori|mk Macedonian|ml Malayalam|mn
Mongolian|mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauru|nd North Ndebele|ne Nepali|ng Ndonga|nl
Dutch; Flemish|nn Norwegian Nynorsk|no Norwegian; Norwegian Bokmål|nr South Ndebele|nv Navajo;
Navaho|ny Chichewa; Chewa; Nyanja|oc Occitan|oj Ojibwa|om Oromo|or Oriya|os Ossetian; Ossetic|pa
Panjabi; Punjabi|pi Pali|pl Polish|ps Pushto; Pashto|pt Portuguese|qu Quechua|rm Romansh|rn Rundi|ro
Romanian; Moldavian; Moldovan|ru Russian|rw Kinyarwanda|sa Sanskrit|sc Sardinian|sd Sindhi|se
Northern Sami|sg Sango|si Sinhala; Sinhalese|sk Slovak|sl Slovenian|sm Samoan|sn Shona|so Somali|sq
Albanian|sr Serbian|ss Swati|st Sotho, Southern; Southern Sotho|su Sundanese|sv Swedish|sw
Swahili|ta Tamil|te Telugu|tg Tajik|th Thai|ti Tigrinya|tk Turkmen|tl Tagalog; Filipino|tn Tswana|to
Tonga|tr Turkish|ts Tsonga|tt Tatar|ty Tahitian|ug Uighur; Uyghur|uk Ukrainian|ur Urdu|uz Uzbek|ve
Venda|vi Vietnamese|vo Volapük|wa Walloon|wo Wolof|xh Xhosa|yi Yiddish|yo Yoruba|za Zhuang;
Chuang|zh Chinese|zu Zulu
"""


def test_every_english_name_of_iso_639_1_is_its_code() -> None:
    """The list of the Library of Congress; Twi, which CLDR counts as Akan, is left out."""
    listed = [line.partition(" ")[::2] for line in ISO_639_1.replace("\n", " ").strip().split("|")]
    named = {(code, name) for code, names in listed for name in names.split("; ")}
    assert len(named) > 200
    assert {(language_code(name), name) for _, name in named} == named


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Congo (Democratic Republic of the)", "CD"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("Korea (Democratic People's Republic of)", "KP"),
        ("Korea (Republic of)", "KR"),
        ("Virgin Islands (U.S.)", "VI"),
        ("Virgin Islands (British)", "VG"),
        ("Saint Martin (French part)", "MF"),
        ("Micronesia (Federated States of)", "FM"),
        ("Bolivia (Plurinational State of)", "BO"),
        ("Cote d'Ivoire", "CI"),
        ("Curacao", "CW"),
        ("Sao Tome and Principe", "ST"),
        ("United Kingdom of Great Britain and Northern Ireland", "GB"),
        ("Korea (DPRK)", None),
        ("Guinea (Bissau)", None),
        ("Ireland (Northern)", None),
    ],
)
def test_what_stands_in_parentheses_behind_a_country_is_not_dropped_where_it_tells_two_apart(
    written: str, code: str | None
) -> None:
    assert country_code(written) == code


@given(st.text(max_size=30))
def test_any_text_gives_a_code_that_stays_itself_or_none(text: str) -> None:
    language, country = language_code(text), country_code(text)
    assert language is None or language_code(language) == language
    assert country is None or country_code(country) == country


def test_the_codes_that_no_table_is_asked_for_are_those_that_stay_themselves_in_cldr() -> None:
    pairs = ["".join(pair) for pair in product(ascii_lowercase, repeat=2)]
    assert {code for code in pairs if _code_of_language(code) == code} == _LANGUAGE_CODES
    assert {code.upper() for code in pairs if _code_of_country(code) == code.upper()} == _COUNTRY_CODES
