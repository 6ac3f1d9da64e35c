"""The persons (and news agencies) that a byline names: without 'By', roles, places, dates and addresses."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WRITERS = (
    r"authors?|aut(?:or(?:[/:*_]?in(?:nen)?|en|es|as?|ka|zy|ky|i)?|eure?s?|rices?|ore)"
    r"|yazar(?:lar)?|yazan|muhabir|penulis|szerző|írta|kirjoittaja|skribent|författare|forfatter|tác giả"
    r"|napisała?|napsala?|автор(?:ы|и|ка)?(?:\s(?:статьи|текста|материала))?"
    r"|συντάκτ(?:ης|ρια)|συγγραφέας|الكاتبة?|كتبت?|بقلم|المؤلف|نویسنده|מאת|लेखक|लेखिका|ผู้เขียน|작성자|글쓴이|저자"
)
"""What stands before a colon for who wrote an article."""
TEXT_BY = r"te[kx]st(?:i|es?|os?)?|testo|текст|κείμενο|words|story|reporter|repórter|إعداد"
"""What stands for it at the beginning of a line: elsewhere it has other meanings."""
_PIECE_BY = (
    r"haber|interview|protokoll|bericht|redac(?:ción|ção)|reporta(?:ge|je|gem)|journalist|periodista|تقرير"
)
"""What stands for it only in an element that is named like a byline: elsewhere the subject, a place or a
rubric follows ('Interview: Angela Merkel', 'Bericht: Deutsche Bahn').
"""
TEXT_AND_PICTURES = (
    r"(?:取材[・·])?文(?:[・·/／と](?:写真|撮影|動画|イラスト|[摄攝]影|[图圖]片?))+|写真[・·/／と]文"
)
"""What stands in Chinese and Japanese for who wrote and took the pictures, too."""
HAN_WRITERS = (
    rf"{TEXT_AND_PICTURES}|原?作者|撰[文稿]|[采採][写寫]|[执執]笔|執筆者?|著者|筆者|投稿者|文責"
    r"|(?:取材[・·])?文|文字|ライター|[记記]者"
)
"""What stands for it in Chinese and Japanese, before a colon, a slash or a bar."""
_AFTER_DATE = re.compile(
    r"^(?:posted|published|updated|written|created|geschrieben|eingestellt|erstellt|verfasst|veröffentlicht"
    r"|publi(?:ziert|ished|é|cado)|escrito|scritto|skrevet).{1,60}?\b(?:by|von|par|por|da|di|door|av|af)\s+",
    re.I,
)
_NOUN = (
    r"(?:(?:text|words|story)\s*(?:und|and|et|y|&)\s*(?:fotos?|photos?|bild(?:er)?|pictures)|story|words|written|text|posted|report(?:ed|ing)?|published|created|article|interview|analysis"
    r"|opinion|review|geschrieben|eingestellt|erstellt|verfasst|veröffentlicht|publi(?:ziert|é|cado)|beitrag"
    r"|artikel|écrit|escrito|scritto|skrevet|ein \w+)"
)
_PIECE_OF = (
    r"(?:une?\s|una?\s)?(?:texte|texto|crónica|reportaje|artículo|análisis|opinión|columna|reportagem|análise"
    r"|reportage|récit|chronique|enquête|articolo|servizio|commento)"
    r"\sd[ei]\s(?=(?-i:[A-ZÀ-Þ]\S+\s(?:[a-z]{1,3}\s)*[A-ZÀ-Þ]))"
)
"""What stands before two words of a name; rubrics begin so, too ('Crónica de Madrid')."""
_POSTED = re.compile(r"^由\s?([^\s\d]{2,12}?)\s?(?:发表|發表|张贴|張貼|发布|發佈|撰写|撰寫).*$", re.S)
_LEAD = re.compile(
    rf"^(?:{TEXT_AND_PICTURES})\s+|^(?:{WRITERS}|{TEXT_BY}|{_PIECE_BY}|{HAN_WRITERS}|redaktion|av|af|di|door|oleh)\s*[:：●/／｜|丨＝=・—–]\s*"
    rf"|^(?:{_NOUN}(?:\s*(?:,|&|and|und|et|y)\s*)?)+:\s*"
    rf"|^(?:{_NOUN}(?:\s*(?:,|&|and|und|et|y)\s*|\s+))*"
    r"(?:by|par|por|from|door|przez|oleh|eftir"
    r"|text|textes?|teksti?|texto|testo|autor(?:in|en|es|a|em|zy)?|authors?|auteurs?|autore|szerző|penulis"
    r"|redactor|yazan|автор|текст|작성자|بقلم|מאת)(?:\s*[:：]\s*|\s+)"
    r"|^(?:scritto|redatto) da\s+|^dal (?:nostro )?(?:inviato|corrispondente)\s+"
    rf"|^aus (?:\S+\s){{1,3}}?berichte(?:t|n)\s+|^{_PIECE_OF}"
    r"|^(?:글(?:·사진)?|취재|기자)\s?[:=]?\s?(?=[가-힣]{2,4}(?:\s?기자)?$)"
    r"|^(?:(?:本报|本报讯|顶端新闻)?[·\s]*(?:取材・?)?(?:作者|著者|撰文|文|記者|记者|通讯员|通訊員|来源))"
    r"(?:\s*[:：●/／]\s*|\s+|(?<=[记記]者))"
    rf"|^(?:{_NOUN}\s+)?vo[mn](?:\s*:\s*|\s+)(?!de[rnm]\b|\w+,)"
    # These begin surnames, too: 'De Niro', 'Di Maio', 'De la Cruz'.
    r"|^(?:de|di|da|av|af|van)\s+(?!l[ae]s?\b|los\b|der\b|den\b)(?=\w+\s+\w)",
    re.I,
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200e\u200f\u2060\ufeff"))
_STRONG = re.compile(
    r"\s*[;|/／•●·、，；،؛]\s*|\s+[-–—]\s+"
    r"|(?:\s+|,\s*)(?:and|und|et|és|și|şi|и|та|και|&|\+|with|avec)\s+",
    re.I,
)
"""What parts names wherever it stands."""
_JOINING = r"og|och|en|ja|oraz|ve|và|dan|mit|con"
"""What joins names when it is written small, for names are written like it: 'Dan Brown', 'Franz Och'."""
_SMALL_JOINING = re.compile(
    rf"(?:\s+|,\s*)(?:{_JOINING})\s+"
    # Surnames are joined by these, too: 'Ortega y Gasset'.
    r"|\s+[yei]\s+(?=\S+\s+\S|[A-Z]{2,6}\b)"
)
_JOINING_FULL_NAMES = re.compile(
    rf"(?<![^\s,;|])([^\s,;|]+\s[^\s,;|]+)\s+(?:{_JOINING}|[yei]|و)\s+(?=[^\s,;|]+\s[^\s,;|])", re.I
)
"""What joins names in a line that has one case only: there it may as well be one of a name's words."""
_ADDRESS = re.compile(r"\[email\s*protected\]|\S+@\S+|(?<!\w)@\w+|(?:https?:|www\.)\S+", re.I)
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|mme|mlle|sra|herr|frau|(?-i:the))\b\.?\s+)+(?=\S+\s)|\s*(?:(?:선임|전문|수습|인턴|객원)?\s?기자|특파원|논설위원|特派員|記者|记者|編集委員|論説委員)$",
    re.I,
)
_JOB = (
    r"(?:(?:senior|chief|deputy|assistant|associate|managing|executive|special|foreign|political|business"
    r"|tech(?:nology)?|science|health|sports?|news|economics?|financ(?:e|ial)|lead|guest|contributing"
    r"|politics|education|culture|arts?|entertainment|travel|climate|environment|security|legal|crime|diplomatic"
    r"|freelance|national|international|investigative|world|digital|local|staff)\s+){0,3}"
    r"(?:(?:editor|correspondent|reporter|writer|columnist|producer|contributor)s?|journalist(?:in)?|redakteur(?:in)?"
    r"|(?:auslands)?korrespondent(?:in)?|rédact(?:eur|rice)|redactora?|periodista|giornalista|journaliste|reporterin"
    r"|penulis|wartawan|muhabiri?|jornalista|repórter|corresponsal|correspondante?|redattore|redattrice|inviat[oa]"
    r"|dziennikar(?:z|ka)|журналист(?:ка)?|корреспондент|кореспондент(?:ка)?)\b"
)
_BEFORE = re.compile(rf"^(?:(?-i:[A-Z]{{2,4}})\s+)?{_JOB}\s*:?\s+(?=\S+\s+\S)", re.I)
_AFTER = re.compile(
    rf"(?<=\s)(?:(?:(?-i:Times|Post|Herald|Tribune|Globe|Journal|News)\s+)?{_JOB}|(?:in|for|at|aus|à|für)(?:\s|$)"
    r"|(?:updated|published|posted|last|on|am|vom|le|el|em|il|den|op|på|dne|dnia|от|від):?\s(?=.*\d)"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+\d"
    r"|\d).*$",
    re.I,
)
_OCCUPATION_AT = re.compile(
    rf",\s+{_JOB}\s+(?:in|en|à|a|em|at|of|for|de|für|bei|da|del|della)\s"
    r"(?:(?!\s(?:and|und|et|y|e)\s)[^,;|&])+",
    re.I,
)
"""What somebody is, and where, behind a name: the small word there joins no names."""
_OCCUPATION = re.compile(rf",\s+(?:{_JOB}|(?:da|de la|della|der|de) reda)", re.I)
_DASH = re.compile(r"(?<=\w)\s+[-–—]\s+")
_HOUSE = re.compile(
    r"\b(?:times|post|herald|tribune|daily|mail|journal|gazette|guardian|telegraph|chronicle|observer|mirror"
    r"|zeitung|anzeiger|nachrichten|rundschau|kurier|blatt|welle|rundfunk|radio|tv|fernsehen|diario|jornal|folha"
    r"|correo|giornale|gazzetta|corriere|presse|monde|figaro|dagblad|dagbladet|tidning|haber|gazetesi|ajansı)\b"
    r"|\d|^(?:new|san|los|las|são|buenos|hong|tel|abu|kuala|cape|rio|belo|porto|bad|den|saint|st\.?)\s",
    re.I,
)
"""What outlets' and places' names of several words hold, and dates."""
_BROKEN = re.compile(r":\s|[：<>{}\[\]=#@+%*]|://|\d{2}|\s\d|^\W*$")
"""What no name holds, whoever says that it is one."""
_NOT_A_NAME = re.compile(
    r"^(?:(?:none|null|undefined)(?:\s(?:none|null|undefined))?|array|root|n/?a|no (?:author|name|byline))$"
    r"|^(?:ph\.?\s?d|m\.?d|mba|msc|bsn|rn|esq|jr|sr|iii?)$|^(?:more|view|see|read|about|all|my|our|your|this|that|what"
    r"|mehr|weitere|über|sobre|lesen|alle|auch|plus|voir|lire|más|ver|leer|meer|lees|altri|leggi"
    r"|how|why|when|where|sign|log|skip|go|get|buy|shop|join|search|back|next|latest|new"
    # labels of places: 'Ort Saarbrücken', 'Location: Lyon'
    r"|(?:veranstaltungs|arbeits|stand|tat|einsatz)?ort|place|location|venue|city|lieu|lugar|luogo|località|ciudad|cidade"
    r"|plaats|locatie|sted|plats|miejsce|miasto|paikka|место|город|şehir):?\s"
    r"|\b(?:special to|for the|powered by|facebook|twitter|instagram|youtube|linkedin|whatsapp"
    r"|read(?:ing)? time|min(?:utes?)? read"
    r"|updated|published|follow|share|subscribe|sign ?(?:in|up)|log ?(?:in|out)|register|getty|shutterstock"
    r"|photos?|fotos?|video|contact|categor(?:y|ies)|uncategorized|comments?|menu|cookies?|newsletter|advertis\w*"
    r"|publi(?:ziert|cado|é)|veröffentlicht|profil|stand|wordpressadmin|aktualisiert|uhr|press ?release"
    r"|all rights|copyright|e-?mail|tags|topics?|thema|themen|archives?|podcast|download|click|loading"
    r"|bookmarks?|editorial|guidelines|newsroom|learn|careers|privacy|testimonials|services|projects|jobs|related"
    r"|resources|creative commons|blue ?sky|links?|feeds?|rss|google scholar|pubmed|orcid"
    r"|symbol(?:bild|foto)|archiv(?:bild|foto))\b"
    r"|[总總]阅读|文章|编辑部|編集部|^(?:地[点點]|場所|장소)"
    r"|^(?:[报報][道导導]|[摄攝]影|综合|整理|编译|供稿|通讯员|实习生)$"
    # desks: 'Penulis: Tim Redaksi'
    r"|\bredaksi\b|^(?:(?:equip[oe]|équipe) (?:éditoriale?|editorial|de )"
    r"|haber merkezi|zespół |пресс-служба|редакци[яи]\b"
    r"|فريق التحرير|هيئة التحرير|편집[국부]|보도국|편집팀)",
    re.I,
)
_RUBRICS = re.compile(
    r"(?:정치|경제|사회|문화|국제|체육|스포츠|산업|금융|증권|부동산|생활|과학|연예|의학|법조|환경|교육|군사"
    r"|외교|통일|탐사|전국|지방|사진|영상|편집|취재|디지털|온라인)(?:부|팀|국)?"
    r"|(?:政治|[経經经][済濟济]|[財财][経經经]|社[会會]|国際|國際|国际|文化|科学|科學|科技|教育|医療|環境|外交|司法|警察|事件|地方|産業"
    r"|金融|証券|軍事|宗教|芸能|娱乐|娛樂|体育|體育|運動|生活|写真|映像|外信|編集|取材|スポーツ)[部課课組组]?"
)
"""Departments and what they report on, which stand before 'reporter' like a name."""
_HOUSE_OF_A_REPORTER = re.compile(
    r"[가-힣]{2,}(?:부|팀|뉴스|일보|신문|방송|통신|경제|미디어|데일리|저널|헤럴드|타임[스즈]|투데이|닷컴)|뉴시스|한겨레"
    r"|(?:전문|선임|수습|인턴|객원|담당|본지|전담|출입|시민|여성|동료|일부|외신|다른|현장|해외|외국)"
    r"|서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충[북남]|전[북남주]|경[북남]|제주|수원|창원|청주|춘천|포항"
    r"|워싱턴|뉴욕|도쿄|베이징|상하이|홍콩|파리|런던|베를린|모스크바|브뤼셀|하노이|방콕|카이로|로스앤젤레스"
    r"|.*(?:支局|総局|本社|新聞|通信|放送|テレビ)|新华社|中新社|[元本番]|専門|担当|従軍|女性|男性|若手|同僚|外国人"
    r"|特[约約]|[实實]习|[见見]习|首席|[资資]深"
)
"""Houses, places and ranks that stand there as well."""
_ROLE = re.compile(
    r"(?:staff|editors?|editing|editorial|editor-in-chief|redaktions?\w*|redactie|redazione|rédaction"
    r"|redacc?i[oó]n?|redação|redakcja|redaksjon|toimitus|newsroom|news|newsdesk|desk|team|admin(?:istrator)?"
    r"|contributors?|contributing|correspondents?|reporters?|columnist|producer|writers?|authors?|autor(?:en|in)?"
    r"|auteure?s?|others|agenc(?:y|ies)|agenturen|redakteur(?:in)?|rédact(?:eur|rice)|redactora?|giornalista"
    r"|journalist[ae]?(?:in)?|korrespondent(?:in)?|reportrar?|guest|unknown|anonymous|publisher|herausgeber(?:in)?|verfasser(?:in)?|creator|owner|webmaster|online"
    r"|chief|senior|director|professor|nachrichten|name|user|author's|head|home|blog|manager|managing|coordinator"
    r"|consultant|marketing|communications?|development|event|community|content|themenstarter|ceo|founder|co-founder|president|expert"
    r"|reports?|et|al|by|in|at|role|bio|profile|website|engineer|specialist|analyst|officer|strategist|scientist|volontär(?:in)?|grader|educator|researcher|attorney|lawyer|dietitian|nutritionist|horticulturalist|journalism|therapist|freelancer?|blogger|technology|science|health|sports?|business|politi(?:cs|cal)|finance|qa|seo|vp|cto|cfo|cmo|master|licensed|certified|learn|here|kommentare?|keine|thread|written|post|reporting|photographer|fotograf(?:in)?|illustrator)",
    re.I,
)
"""Words that name nobody while no other stands beside them."""
PARTICLES = frozenset((
    "de", "da", "do", "dos", "das", "del", "della", "dello", "di", "du", "des", "la", "le", "las",
    "los", "el", "al", "von", "vom", "van", "der", "den", "ter", "ten", "het", "zu", "zum", "zur", "af",
    "av", "bin", "bint", "ibn", "ben", "y", "e", "i", "of", "the", "for", "und", "til",
))  # fmt: skip
_ARTICLES = frozenset(("the", "la", "le", "las", "les", "los", "el", "lo", "il", "gli", "der", "die", "das"))
"""Small words before which a name does not begin."""
_AGENCIES = frozenset((
    "ap", "afp", "ansa", "apa", "belga", "cp", "dpa", "dpaafx", "efe", "epd", "ians", "kna", "pa",
    "pti", "reuters", "ritzau", "sda", "sid", "tass", "tt", "upi", "xinhua", "bloomberg",
    "bloombergnews", "agencefrancepresse", "associatedpress", "theassociatedpress", "thecanadianpress",
    "canadianpress", "deutschepresseagentur", "europapress", "pressassociation", "presstrustofindia",
    "thomsonreuters",
))  # fmt: skip
_ORGANIZATION = re.compile(
    r"\b(?:GmbH|AG|SE|Inc|Ltd|LLC|Corp|e\.\s?V|S\.A|plc|Institut\w*|Verband|Association|Foundation"
    r"|Agency|Agentur|Ajans\w*|Press|News|Magazine?|Media|Group|Universit\w+|Zeitung|Publishers|Publishing|Verlag"
    r"|Stiftung|Verein|Ministeri\w+|Landesanstalt)\b|^\S+\.[a-z]{2,6}$|(?:出版社|公司|网络|集团|报社|政府|委员会)$"
)
_DESK = re.compile(
    r"(?:redaktion|redactie|redazione|rédaction|redacci[oó]n|redação|redakcja|redaksjonen|redaktionen|newsroom)\b",
    re.I,
)
"""What begins the name of an outlet's own desk ('Redaktion Beispiel.de')."""
_HAN = re.compile(r"^[\u3400-\u9fff ]+$")
_REPORTERS = re.compile(
    r"^(?:本报|特约)?(?:记者|通讯员|实习生|作者|撰文|采写)\s*[:：]?\s*"
    r"(?=[\u4e00-\u9fff]{2,4}(?: [\u4e00-\u9fff]{2,4})+$)"
)
"""What stands before Chinese names that only blanks part; a Japanese name has one inside."""
_KOREAN_PLACE = re.compile(
    r"^[가-힣,·\s]{0,40}[가-힣]\s+(?=(?!선임|전문|수습|인턴|객원)[가-힣]{2,4}\s?(?:기자|특파원)$)"
)
"""What stands before a reporter's name without a comma: where he reports from."""
_SENTENCE = re.compile("を|です|ます|した|記事|会員|分野")
"""What Japanese sentences and notices hold, and names do not."""
_NO_ASCII_LETTER = bytes(code for code in range(128) if not chr(code).isalnum())
_CREDENTIAL = re.compile(r"(?:[A-Z]\.?){2,6}|(?:Ph|Ps|Pharm|Ed)\.?\s?D\.?")
_PLACE = re.compile(
    r"(?!(?:Bloomberg|Reuters|Xinhua|Ritzau|Belga|Ansa|Tass)$)[A-ZÄÖÜÉ][a-zäöüßéèáíóñç]{3,20}"
)
"""A single word behind full names: a place, unless it is an agency's."""
_DEGREES = re.compile(r"(?<=\w[a-z])(?:\s(?!II\b|III\b|IV\b|VI\b|JR\b|SR\b)(?:[A-Z]{2,5}|Ph\.?D\.?))+$")
"""What somebody has learnt, written behind a name without a comma."""
_OF_AN_AGENCY = re.compile(
    r"(?<=\w)\s(?:(?:The )?(?:Associated|Canadian) Press|Agence France-Presse|(?:Thomson )?Reuters"
    r"|Bloomberg(?: News)?|AFP|AP|dpa|ANSA|EFE)$"
)
"""The agency for which somebody works, written behind a name without a comma."""
_TWICE = re.compile(r"(.{5,60}?)\s?\1")
"""A name that stands once for readers and once for programs."""
_CJK = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3・ ]{2,12}$")


def person(text: str) -> list[str]:
    """The name of what is declared to be one person: nothing is cut off that may be part of it.

    >>> person("Van Anh Le"), person("By Christopher Guest")
    (['Van Anh Le'], ['Christopher Guest'])
    """
    text = _tidy(text)
    name = re.sub(r"^by\s+(?=\S)", "", text, flags=re.I).strip(" .,:;-–—()（）\"'")
    words = name.split()
    whole = (
        2 <= len(words) <= 5
        and len(name) <= 60
        and not re.search(r"[,;|/&:()،؛]|\s-\s|\s(?:and|und|et|y|og|och|at|in|for|from|with)\s", name, re.I)
        and not _BROKEN.search(name)
        and all(map(_is_capital, words))
        and not all(map(_is_role, words))
        and not re.search(rf"(?<=\s)(?:{_JOB}|기자|특파원)$|^{_JOB}\s", name, re.I)
    )
    return [name] if whole else split(text)


def _tidy(text: str) -> str:
    """One line without tags, entities and invisible characters."""
    return " ".join(html.unescape(re.sub(r"<[^>]{0,300}>", " ", text[:1000])).translate(_INVISIBLE).split())


def split(text: str) -> list[str]:
    """The names in a byline, in order, each once.

    >>> split("By Ann Lee and Bo Li, Senior Editor")
    ['Ann Lee', 'Bo Li']
    >>> split("Müller, Jörg")
    ['Jörg Müller']
    """
    return list(_split(text))


@lru_cache(maxsize=1024)
def _split(text: str) -> tuple[str, ...]:
    # The same line is asked about four times a page, by where a byline may stand.
    text = _tidy(text)
    text = _ADDRESS.sub(" ", text)
    outside = _ASIDE.sub(" ", text)
    text = (outside if any(map(str.isalpha, outside)) else text).strip(" .,:;-–—()（）\"'")
    text = _KOREAN_PLACE.sub("", text)
    if reporters := _REPORTERS.match(text):
        text = text[reporters.end() :].replace(" ", "、")
    text = _OCCUPATION_AT.sub("", _AFTER_DATE.sub("", _POSTED.sub(r"\1", text)))
    if lead := _LEAD.match(text):
        text = _without_house(text[lead.end() :])
    names = (_bare_name(piece) for part in _parts(text) for piece in _pieces(part))
    return tuple(distinct(filter(is_name, names)))


def _parts(text: str) -> list[str]:
    """What stands between the words and signs that join names."""
    if text in (text.lower(), text.upper()):
        return _STRONG.split(_JOINING_FULL_NAMES.sub(r"\1;", text))
    return _STRONG.split(_SMALL_JOINING.sub(";", text))


def _without_house(names: str) -> str:
    """What stands behind 'By', without outlet, place and date behind a dash; persons and agencies stay."""
    first, *others = _DASH.split(names)
    if not is_full(first):
        return names
    return "; ".join((first, *(other for other in others if is_agency(other) or _is_no_house(other))))


def _is_no_house(text: str) -> bool:
    return is_full(text) and is_person(text) and not _HOUSE.search(text) and not holds_role(text)


def before_occupation(line: str) -> str | None:
    """What stands before a comma and an occupation ('Ann Lee, Staff Reporter')."""
    occupation = _OCCUPATION.search(line)
    return line[: occupation.start()] if occupation else None


def distinct(names: Iterable[str]) -> list[str]:
    """Each name once, as it is first spelt, in order."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(key(name), name)
    return list(first.values())


def is_name(text: str) -> bool:
    """Whether the text could name a person or an agency: short, no address, no digits, no role, and written
    like a name.
    """
    if _HAN.match(text) and max(map(len, text.split())) > 5:
        return False
    if _CJK.match(text):
        return not (_NOT_A_NAME.search(text) or _SENTENCE.search(text) or _RUBRICS.fullmatch(text))
    words = text.split()
    return (
        2 <= len(text) <= 60
        and len(words) <= 6
        and text[0].isalpha()
        and not _BROKEN.search(text)
        and not _NOT_A_NAME.search(text)
        and not all(map(_is_role, words))
        and words[0] not in _ARTICLES
        and words[-1] not in PARTICLES
        and (
            len(words) <= 2 and PARTICLES.isdisjoint(words)
            if text.islower()
            else all(map(_is_capital, words))
        )
    )


def _is_role(word: str) -> bool:
    return word.lower() in PARTICLES or _ROLE.fullmatch(word.rpartition("-")[2]) is not None


def _is_capital(word: str) -> bool:
    return word in PARTICLES or not word.islower()


def ends_in_role(name: str) -> bool:
    """Whether its last word is what somebody is and not how one is called ('award-winning journalist')."""
    return _is_role(name.split()[-1])


def holds_role(name: str) -> bool:
    """Whether one of its words is what somebody is, or one of an outlet's ('Home Ann', 'Sports Ann Lee')."""
    return any(word.lower() not in PARTICLES and _is_role(word) for word in name.split())


def is_agency(name: str) -> bool:
    return key(name) in _AGENCIES


def is_person(name: str) -> bool:
    """Whether a name is a person's by its look: no legal form, no address of a site, no desk, no account's
    name.
    """
    if _ORGANIZATION.search(name) or _DESK.match(name):
        return False
    return is_full(name) or not name.islower()


def is_full(name: str) -> bool:
    """Whether it has more than one word, or is one that needs none."""
    return " " in name or bool(_CJK.match(name))


def key(text: str) -> str:
    """What two spellings of one name share: letters and digits without case and accents."""
    text = text.casefold()
    if text.isascii():
        # Bytes are translated in a third of the time.
        return text.encode("ascii").translate(None, _NO_ASCII_LETTER).decode("ascii")
    return "".join(char for char in unicodedata.normalize("NFKD", text) if char.isalnum())


def _pieces(part: str) -> list[str]:
    """The comma-separated names; 'Surname, Given' is one."""
    pieces = re.split(r"\s*,\s*", part)
    if len(pieces) == 2 and all(map(_is_half_a_name, pieces)):
        return [f"{pieces[1]} {pieces[0]}"]
    if is_full(pieces[0]) and sum(map(is_full, pieces)) == 1:  # 'Ann Lee, MS, RD' is one person
        pieces = [piece for piece in pieces if is_agency(piece) or not _CREDENTIAL.fullmatch(piece)]
    if is_full(pieces[0]):  # 'Ann Lee, G1': a word with a figure is no person beside a full name
        pieces = [piece for piece in pieces if is_full(piece) or not any(map(str.isdigit, piece))]
    if len(pieces) > 1 and all(map(is_full, pieces[:-1])) and _PLACE.fullmatch(pieces[-1]):
        return pieces[:-1]  # 'Ann Lee, Bo Li, Frankfurt'
    return pieces


def _is_half_a_name(text: str) -> bool:
    words = [word for word in text.split() if word.lower() not in PARTICLES and len(word.strip(".")) > 1]
    return len(words) == 1 and is_name(text) and not is_agency(text) and not _CJK.match(text)


def _bare_name(piece: str) -> str:
    whole = _BEFORE.sub("", _LEAD.sub("", piece))
    name = _HONORIFIC.sub("", whole)
    if name != whole and _HOUSE_OF_A_REPORTER.fullmatch(name):
        return ""
    without_job = _AFTER.sub("", name)
    name = (without_job if is_full(without_job.strip()) else name).strip(" .,:;-–—()（）\"'")
    if (twice := _TWICE.fullmatch(name)) and is_full(twice[1]):
        name = twice[1]
    for behind in (_DEGREES, _OF_AN_AGENCY):
        person_alone = behind.sub("", name)
        name = person_alone if " " in person_alone else name
    return name
