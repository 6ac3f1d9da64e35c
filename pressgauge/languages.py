"""Languages and countries as codes: the one place that turns a name or a tag into ISO 639-1 and ISO 3166-1.

Names, longer codes and retired codes are those of Unicode CLDR, which babel brings. What is not known gives
None: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from babel.localedata import exists

from pressgauge.errors import ArgumentError
from pressgauge.unicode import without_accents

_ONE_LANGUAGE = {
    "nb": "no",  # Bokmål is what nearly all that is tagged Norwegian is written in
    "fil": "tl",
    "ckb": "ku",
    "yue": "zh",
    "sh": "sr",
    "arz": "ar",
    "ary": "ar",
    "apc": "ar",
}
"""Codes that name a language which another two-letter code names too, or a variety of it."""
_NO_LANGUAGE = ("zxx", "mul", "und", "mis")
_LANGUAGE_NAMES = {
    "castilian": "es",
    "farsi": "fa",
    "mandarin": "zh",
    "cantonese": "zh",
    "putonghua": "zh",
    "bokmål": "no",
    "bokmal": "no",
    "nynorsk": "nn",
    "flemish": "nl",
    "moldovan": "ro",
    "moldavian": "ro",
    "gaelic": "gd",
    "modern greek": "el",
    "oriya": "or",
    "sinhalese": "si",
    "kirghiz": "ky",
    "pilipino": "tl",
    "serbo-croatian": "sr",
    "uighur": "ug",
    "bengali": "bn",
    "valencian": "ca",
    "old slavonic": "cu",
    "church slavonic": "cu",
    "old bulgarian": "cu",
    "old church slavonic": "cu",
    "dhivehi": "dv",
    "maldivian": "dv",
    "fulah": "ff",
    "haitian": "ht",
    "occidental": "ie",
    "nuosu": "ii",
    "kwanyama": "kj",
    "greenlandic": "kl",
    "letzeburgesch": "lb",
    "limburgan": "li",
    "limburger": "li",
    "maori": "mi",
    "navaho": "nv",
    "chichewa": "ny",
    "chewa": "ny",
    "ossetian": "os",
    "panjabi": "pa",
    "pushto": "ps",
    "sotho, southern": "st",
    "tonga": "to",
    "chuang": "za",
    "bahasa indonesia": "id",
    "bahasa malaysia": "ms",
    "bahasa melayu": "ms",
    "myanmar": "my",
    "sorani": "ku",
    "kurmanji": "ku",
}
"""English names beside those of CLDR: of ISO 639 itself, and of press databases."""
_NO_COUNTRY = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
"""Territories of CLDR that are not in ISO 3166-1. Kosovo's XK is not either, but everybody writes it."""
_COUNTRY_NAMES = {
    "america": "US",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "britain": "GB",
    "united states of america": "US",
    "uae": "AE",
    "emirates": "AE",
    "czech republic": "CZ",
    "turkey": "TR",
    "turkiye": "TR",
    "burma": "MM",
    "hong kong": "HK",
    "hong kong sar": "HK",
    "macau": "MO",
    "macao": "MO",
    "korea": "KR",
    "republic of korea": "KR",
    "korea, south": "KR",
    "korea, republic of": "KR",
    "korea, north": "KP",
    "korea, democratic people's republic of": "KP",
    "democratic people's republic of korea": "KP",
    "ivory coast": "CI",
    "viet nam": "VN",
    "russian federation": "RU",
    "taiwan, province of china": "TW",
    "palestine": "PS",
    "state of palestine": "PS",
    "palestinian territory": "PS",
    "occupied palestinian territory": "PS",
    "west bank": "PS",
    "gaza strip": "PS",
    "congo": "CG",
    "republic of the congo": "CG",
    "dr congo": "CD",
    "democratic republic of the congo": "CD",
    "congo, democratic republic of the": "CD",
    "zaire": "CD",
    "vatican": "VA",
    "holy see": "VA",
    "macedonia": "MK",
    "lao people's democratic republic": "LA",
    "bolivia, plurinational state of": "BO",
    "venezuela, bolivarian republic of": "VE",
    "tanzania, united republic of": "TZ",
    "syrian arab republic": "SY",
    "moldova, republic of": "MD",
    "iran, islamic republic of": "IR",
    "islamic republic of iran": "IR",
    "cabo verde": "CV",
    "east timor": "TL",
    "swaziland": "SZ",
    "brunei darussalam": "BN",
    "holland": "NL",
    "the netherlands": "NL",
    "the bahamas": "BS",
    "the gambia": "GM",
    "people's republic of china": "CN",
    "mainland china": "CN",
    "prc": "CN",
    "eire": "IE",
    "republic of ireland": "IE",
    "st lucia": "LC",
    "trinidad": "TT",
    "bosnia": "BA",
    "bosnia and herzegovina": "BA",
    "bosnia-herzegovina": "BA",
    "slovak republic": "SK",
    "kyrgyz republic": "KG",
    "curacao": "CW",
    "saint helena, ascension and tristan da cunha": "SH",
    "saint helena": "SH",
    "micronesia, federated states of": "FM",
    "virgin islands (british)": "VG",
    "virgin islands, british": "VG",
    "virgin islands (us)": "VI",
    "virgin islands, us": "VI",
    "south georgia and the south sandwich islands": "GS",
    "congo (democratic republic of the)": "CD",
    "congo, the democratic republic of the": "CD",
    "saint martin (french part)": "MF",
    "sint maarten (dutch part)": "SX",
    "netherlands, kingdom of the": "NL",
    "kingdom of the netherlands": "NL",
    "united kingdom of great britain and northern ireland": "GB",
    "bonaire, sint eustatius and saba": "BQ",
    "korea (democratic people's republic of)": "KP",
    "korea (republic of)": "KR",
    "saint barthelemy": "BL",
    "saint pierre and miquelon": "PM",
    "saint vincent and the grenadines": "VC",
    "saint lucia": "LC",
    "saint kitts and nevis": "KN",
    "united republic of tanzania": "TZ",
    "republic of moldova": "MD",
    "republic of north macedonia": "MK",
    "lao pdr": "LA",
    "palestine, state of": "PS",
    "heard island and mcdonald islands": "HM",
    "vatican city state": "VA",
    "republic of serbia": "RS",
    "kingdom of saudi arabia": "SA",
    "macao sar": "MO",
}
"""English names beside those of CLDR: of ISO 3166-1 itself, of press databases, and former ones."""
_SEVERAL = frozenset(
    ("congo", "guinea", "ireland", "korea", "saint martin", "samoa", "sudan", "virgin islands")
)
"""Names of which several countries have a part: what stands in parentheses behind them says which."""
_LANGUAGE_CODES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
    el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io
    is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn
    mr ms mt my na nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt ty ug uk ur uz ve vi vo wa wo
    xh yi yo za zh zu
    """.split()  # noqa: SIM905 (a list of texts is three times as long)
)
_COUNTRY_CODES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK
    YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 (a list of texts is three times as long)
)
"""The codes that are what they are called here already: nearly all that articles have, told without CLDR's
names, which take a tenth of a second to load."""


def language_code(value: str | None) -> str | None:
    """The ISO 639-1 code of a tag (`de-AT`, `pt_BR`), a longer or retired code (`deu`, `iw`) or a name in
    English or in the language itself (`German`, `Deutsch`, `Chinese (Simplified)`); None for what is none.

    Of two codes for one language there is one: `no` for `nb`, `tl` for `fil`, `ku` for `ckb`, `sr` for `sh`.

    >>> [language_code(value) for value in ("en_GB", "iw", "Chinese", "nb-NO", "xx", None)]
    ['en', 'he', 'zh', 'no', None, None]
    """
    if not value or value in _LANGUAGE_CODES:
        return value or None
    return _code_of_language(value.strip().casefold())


def country_code(value: str | None) -> str | None:
    """The ISO 3166-1 alpha-2 code of a code of two, three or three digits (`uk`, `DEU`, `840`) or of a name
    in English or in an official language of the country; None for what is none.

    >>> [country_code(value) for value in ("uk", "Czech Republic", "Deutschland", "USA", "Europe")]
    ['GB', 'CZ', 'DE', 'US', None]
    """
    if not value or value in _COUNTRY_CODES:
        return value or None
    return _code_of_country(value.strip().casefold())


def stated_code(key: str, label: str) -> str | None:
    """The code of a `language` or `country`, as `key` says, that somebody states; None for nothing, and
    where ISO 639 itself says that a text is in no language, in several, or in one that is not known or has
    no code.

    Raises ArgumentError for what is no such code or name.
    """
    code = (language_code if key == "language" else country_code)(label)
    says_none = key == "language" and re.split("[-_]", label.strip().casefold())[0] in _NO_LANGUAGE
    if code is None and label.strip() and not says_none:
        raise ArgumentError(f"{label!r} is no {key} of ISO")
    return code


@cache
def _code_of_language(name: str) -> str | None:
    tag = re.split("[-_]", name)[0]
    if re.fullmatch("[a-z]{2,3}", tag):
        return _two_letters(tag)
    for form in _forms_of(name):
        code = _LANGUAGE_NAMES.get(form) or _english_languages().get(form) or _own_languages().get(form)
        if code:
            return _two_letters(code)
    # "Brazilian Portuguese", "Traditional Chinese", "English US"
    words = re.findall(r"\w+", name)
    codes = {_english_languages().get(word) for word in words} - {None}
    return _two_letters(str(codes.pop())) if len(codes) == 1 and len(words) < 4 else None


def _two_letters(tag: str) -> str | None:
    """The two-letter code of a code of two or three letters."""
    current = get_global("language_aliases").get(tag, tag).partition("_")[0]
    code = _ONE_LANGUAGE.get(current, current)
    return code if len(code) == 2 and code in _language_codes() else None


@cache
def _language_codes() -> frozenset[str]:
    return frozenset(str(code) for code in Locale("en").languages if len(str(code)) == 2)


@cache
def _english_languages() -> dict[str, str]:
    pairs = ((str(name).casefold(), _two_letters(code)) for code, name in Locale("en").languages.items())
    return {name: code for name, code in pairs if code}


@cache
def _own_languages() -> dict[str, str]:
    """Codes by what a language calls itself; half a second, once, and only for what is no code and no English
    name."""
    names = {code: Locale(code).get_language_name() for code in sorted(_language_codes()) if exists(code)}
    return {str(name).casefold(): code for code, name in names.items() if name}


@cache
def _code_of_country(name: str) -> str | None:
    code = name.upper().replace(".", "")
    if re.fullmatch("[A-Z]{2,3}|[0-9]{3}", code):
        successors = get_global("territory_aliases").get(code, [code])
        if len(successors) == 1 and successors[0] in _english_countries().values():
            return successors[0]
    for form in _forms_of(name):
        if "(" in name and form in _SEVERAL:
            return None
        country = _COUNTRY_NAMES.get(form) or _english_countries().get(form) or _own_countries().get(form)
        if country:
            return country
    return None


@cache
def _english_countries() -> dict[str, str]:
    """Codes by English name."""
    territories = Locale("en").territories.items()
    return {
        form: code
        for code, name in territories
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
        for form in _forms_of(str(name).casefold())
    }


@cache
def _own_countries() -> dict[str, str]:
    """Codes by the name in an official language, where that names one country only."""
    codes_of: dict[str, set[str]] = {}
    for code in set(_english_countries().values()):
        for language in get_official_languages(code, regional=False, de_facto=True):
            if exists(language) and (name := Locale.parse(language).territories.get(code)):
                codes_of.setdefault(name.casefold(), set()).add(code)
    return {name: codes.pop() for name, codes in codes_of.items() if len(codes) == 1}


def _forms_of(name: str) -> Iterable[str]:
    """A name as it may be listed: as it is, without dots, accents, parentheses, what follows a semicolon."""
    plain = name.replace("’", "'").replace("&", "and")
    short = re.sub(r"\([^()]*\)", "", plain).partition(";")[0]
    flat = re.sub(r"\s+", " ", short.replace(".", "")).strip()
    forms = (name, plain, plain.replace(".", ""))
    return dict.fromkeys(
        each for form in (*forms, flat, flat.removeprefix("the ")) for each in (form, without_accents(form))
    )
