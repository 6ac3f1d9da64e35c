"""The language of an article as a database names it: in the language of its interface."""

from __future__ import annotations

from functools import cache

from pressgauge.languages import language_code as common_code

_NAMES = {
    "en": "angielski|anglais|engels|engelsk|engelska|englisch|inglese|inglés|inglês|английский|英語",
    "de": "alemán|alemão|allemand|duits|niemiecki|tedesco|tysk|tyska|немецкий|ドイツ語",
    "fr": "francese|francuski|francés|francês|frans|fransk|franska|französisch|французский|フランス語",
    "es": "espagnol|espanhol|hiszpański|spaans|spagnolo|spanisch|spansk|spanska|испанский|スペイン語",
    "it": "italiaans|italien|italienisch|italiensk|italienska|włoski|итальянский|イタリア語",
    "nl": "holandês|nederlandsk|nederländska|neerlandés|niderlandzki|niederländisch|néerlandais"
    "|olandese|нидерландский|オランダ語",
    "pt": "portoghese|portugais|portugalski|portugees|portugiesisch|portugisisk|portugisiska"
    "|portugués|португальский|ポルトガル語",
    "ru": "rosyjski|ruso|russe|russisch|russisk|russo|ryska|ロシア語",
    "ja": "giapponese|japanisch|japans|japansk|japanska|japonais|japonés|japonês|japoński|японский",
    "sv": "schwedisch|sueco|suédois|svedese|svensk|szwedzki|zweeds|шведский|スウェーデン語",
    "da": "danese|danois|danska|danés|deens|dinamarquês|duński|dänisch|датский|デンマーク語",
    "no": "noors|norska|noruego|norueguês|norvegese|norvégien|norwegisch|norweski|норвежский|ノルウェー語",
    "pl": "polacco|polaco|polnisch|polonais|polonês|polsk|polska|pools|польский|ポーランド語",
    "zh": "chinees|chinesisch|chino|chinois|chinês|chiński|cinese|kinesisk|kinesiska|китайский|中国語",
    "ko": "coreano|coréen|koreaans|koreanisch|koreansk|koreanska|koreański|корейский|韓国語",
    "ar": "arabe|arabisch|arabisk|arabiska|arabo|arabski|árabe|арабский|アラビア語",
    "tr": "turc|turco|turecki|turkiska|turks|tyrkisk|türkisch|турецкий|トルコ語",
    "cs": "ceco|checo|czeski|tcheco|tchèque|tjeckiska|tjekkisk|tschechisch|tsjechisch|чешский|チェコ語",
    "hu": "hongaars|hongrois|húngaro|ungarisch|ungarsk|ungerska|ungherese|węgierski|венгерский|ハンガリー語",
    "fi": "finlandese|finlandês|finnisch|finnois|fins|finsk|finska|finés|fiński|финский|フィンランド語",
    "el": "grec|grecki|greco|grego|grekiska|griechisch|griego|grieks|græsk|греческий|ギリシャ語",
    "uk": "oekraïens|ucraino|ucraniano|ukrainien|ukrainisch|ukrainsk|ukrainska|"
    "ukraiński|украинский|ウクライナ語",
    "ro": "roemeens|romeno|roumain|rumano|rumeno|rumuński|rumänisch|rumänska|rumænsk|румынский|ルーマニア語",
    "bg": "bulgaars|bulgare|bulgarisch|bulgariska|bulgaro|bulgarsk|bułgarski|búlgaro|болгарский|ブルガリア語",
    "hr": "chorwacki|croata|croate|croato|kroatisch|kroatisk|kroatiska|хорватский|クロアチア語",
    "sr": "serbe|serbio|serbisch|serbisk|serbiska|serbo|serbski|servisch|sérvio|сербский|セルビア語",
    "sl": "esloveno|sloveens|sloveno|slovensk|slovenska|slovène|slowenisch|słoweński|словенский|スロベニア語",
    "sk": "eslovaco|slovacco|slovakisk|slovakiska|slovaque|slowaaks|slowakisch|"
    "słowacki|словацкий|スロバキア語",
    "he": "ebraico|hebraico|hebraisk|hebrajski|hebreeuws|hebreiska|hebreo|hebräisch|hébreu|иврит|ヘブライ語",
    "fa": "persa|persan|persiano|persisch|persisk|persiska|perski|perzisch|персидский|ペルシア語",
    "hi": "híndi|хинди|ヒンディー語",
    "ca": "catalaans|catalano|catalansk|catalán|catalão|katalanisch|katalanska|"
    "kataloński|каталанский|カタロニア語",
}
"""Codes by their names in German, French, Spanish, Italian, Dutch, Portuguese, Russian, Japanese, Swedish,
Danish
and Polish, in which databases are used, where these are not the language's own (CLDR)."""
_CODES = {name: code for code, names in _NAMES.items() for name in names.split("|")}


@cache
def language_code(tag: str | None) -> str | None:
    """The ISO 639-1 code of what `pressgauge.languages` knows, and of names such as 'Englisch', 'Anglais'."""
    name = (tag or "").strip(" .;,")
    return (_CODES.get(name.casefold()) or common_code(name)) if name else None
