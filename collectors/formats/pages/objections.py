"""What speaks against a text's being one article of the press: what other kinds of texts look like."""

from __future__ import annotations

import re
from collections import Counter

from collectors.formats.tables.names import guess
from collectors.formats.values.dates import is_date_line, read_date

LONGEST = 400_000
"""Characters of the longest text that is one article."""
_SHORTEST = 25
_RULE = re.compile(r"^\s*([-=_*#~+]\s?)\1{15,}\s*$")
_LABEL = re.compile(r"^\s{0,8}([^\W\d_][\w /()-]{1,24}):(?:\s|$)")
_HEAD = 8
_FIELDS = 3
"""So many labelled lines among the first are the fields of a database."""
_NUMBERED = re.compile(r"^\s*(?:\[?\d{1,4}(?:[\]).:]|\s?=)|\d{1,5}\s(?:of|von|de|/)\s\d{1,6}\b)")
_CELLS = re.compile(r"[,;|](?=\S)")
_SENTENCE = (".", "!", "?", "”", '"', "»", "…", ":")
_TIMED = re.compile(r"^\s*\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|^\d\d:\d\d:\d\d[,.]\d{3} -->")
_CODE = re.compile(
    r"[{};]\s*$|^\s*(?:#include|import |from \w+ import|def |class |function |var |const |<\?php)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BULLET = re.compile(r"^\s*(?:[-*+•·◦▪]|\[[ xX]\])\s+\S")
_MARKDOWN = re.compile(r"^(?:#{1,6}\s+\S|```|\|.*\|$|\s*[-*+]\s+\[[ xX]\])")
_TITLES = re.compile(
    r"[\W_]*(?:(?:the )?(?:[\w.-]+ ){0,3}(?:meeting (?:minutes|notes|agenda)|licen[cs]e|licence agreement)"
    r"(?: \(?v?(?:ersion )?\d[\d.]*\)?)?"
    r"|minutes (?:of|from) (?:a |the )?(?:[\w'’-]+ ){0,4}(?:meeting|council|board|committee|assembly)\b.*"
    r"|\w*protokoll (?:der|vom|des|über)\b.*|(?:compte[- ]rendu|proc[èe]s[- ]verbal) (?:de|du)\b.*"
    r"|verbale (?:della|dell|di)\b.*|acta de\b.*|ata d[ae]\b.*"
    r"|(?:minutes|agenda|\w*protokoll|tagesordnung|compte[- ]rendu|proc[èe]s[- ]verbal|ordre du jour|notulen"
    r"|verbale|orden del d[íi]a|referat|curriculum vitae|cv|lebenslauf|codebook|questionnaire|fragebogen"
    r"|change ?log|release notes|read ?me|to[- ]?do(?: list)?|syllabus|bibliography|references|literatur\w*)"
    r"(?:\s*[:,–—-].*|\s+\(?(?:\d|(?:mon|tues|wednes|thurs|fri)day|montag|dienstag|mittwoch).*)?)[\W_]*",
    re.IGNORECASE,
)
"""How minutes, licences, lists of references and other texts that are no articles are headed."""
_PROSE = 60
"""Characters of a line of prose, at least."""
_GRANT = re.compile(
    r"hereby granted|without warranty|\bas is\b|all rights reserved|\blicens(?:or|ee)\b", re.IGNORECASE
)
"""What licences say."""
_SESSION = re.compile(r"\d|sitzung|versammlung", re.IGNORECASE)
"""In a heading: when, or what, was met."""
_ATTENDANCE = re.compile(
    r"^[\W_]*(?:attendees|attendance|present|in attendance|apologies|participants|chair(?:person)?"
    r"|minute taker|anwesend\w*|teilnehmer\w*|protokollführ\w*|présents|aanwezig|asistentes|presenti"
    r"|närvarande|til stede)[*_]{0,2}:",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"(?:dear|hello|hi|sehr geehrte\w*|liebe[rs]?|hallo|guten tag|ch[èe]r(?:e|s|es)?|madame|monsieur"
    r"|bonjour|estimad[oa]s?|querid[oa]s?|beste|geachte|kära|kjære|gentile|egregio|prezad[oa]s?)"
    r"(?: [^.?]{0,60})?[,:]",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"^\s*(?:\[\d{1,3}\]\s*)?[^\W\d_][\w'’-]+,\s(?:[^\W\d_]\.[\s-]?){1,3}.{0,200}?\(\d{4}[a-z]?\)"
)
_POST = re.compile(r"(?:^RT )?(?:^|\s)@\w{2,30}\b|https?://t\.co/|(?:^|\s)#\w{3,40}\b")
_PAPER = re.compile(
    r"^(?:\d{1,2}\.?\s{1,4})?(?:abstract|introduction|related work|methods?|methodology|results|discussion"
    r"|conclusions?|references|bibliography|acknowledge?ments?|einleitung|methodik|ergebnisse|literatur)$",
    re.IGNORECASE,
)
_MAIL = re.compile(r"^(?:from|subject|to|date|message-id|received):\s", re.IGNORECASE)


def objection(text: str) -> str | None:
    """What speaks against a text's being one article, or None."""
    lines = [line for line in text.split("\n") if line.strip()]
    words = len(text.split())
    letters = sum(map(str.isalpha, text[:100_000]))
    labels = Counter(match[1].casefold() for line in lines if (match := _LABEL.match(line)))
    repeated = [label for label, n in labels.items() if n >= 3] or _speakers(lines)
    checks = (
        (len(_CONTROL.findall(text[:10_000])) >= 2, "it has signs that control a machine"),
        (len(text) > LONGEST, "it is too long"),
        (words < _SHORTEST and letters < 120, "it is too short"),
        (len(lines) < 2, "it has one line only"),
        (
            letters < 0.5 * len(text[:100_000].replace(" ", "").replace("\n", "")),
            "it is not written in words",
        ),
        (text.count("\ufffd") > len(text) // 500, "its encoding is not known"),
        (sum(bool(_RULE.match(line)) for line in lines) >= 2, "rules part it into several"),
        (sum(map(is_date_line, lines)) >= 3, "it has several lines that are dates"),
        (bool(lines) and _is_headed_otherwise(lines), "it is headed as another kind of text"),
        (any(map(_ATTENDANCE.match, lines[:12])), "it names who attended, as minutes do"),
        (any(_SALUTATION.fullmatch(line.strip()) for line in lines[:5]), "it is a letter"),
        (sum(bool(_PAPER.match(line.strip())) for line in lines) >= 3, "it has the headings of a paper"),
        (_share(_REFERENCE, lines) > 0.5, "it is a list of references"),
        (_share(_POST, lines) > 0.6, "its lines are posts of a social network"),
        (_names_columns(lines), "its first line names the columns of a table"),
        (bool(repeated), f"the label {repeated[0]!r} comes again and again" if repeated else ""),
        (
            sum(bool(_LABEL.match(line)) for line in lines[:_HEAD]) >= _FIELDS,
            "it begins with labelled fields, as exports of databases do",
        ),
        (_is_hit_list(lines), "several lines name a source and a day, as in a list of results"),
        (
            sum(bool(_NUMBERED.match(line)) for line in lines) > max(2, 0.4 * len(lines)),
            "it is a numbered list",
        ),
        (
            sum(bool(_TIMED.match(line)) for line in lines) > max(3, len(lines) // 4),
            "it is a log or subtitles",
        ),
        (sum(bool(_CODE.search(line)) for line in lines) > len(lines) // 4, "it is a program"),
        (
            sum(bool(_BULLET.match(line)) for line in lines) > max(2, 0.3 * len(lines)),
            "many of its lines are points of a list",
        ),
        (
            sum(bool(_MARKDOWN.match(line)) for line in lines[1:]) > max(3, len(lines) // 5),
            "it is parted by headings, code or tables",
        ),
        (sum(bool(_MAIL.match(line)) for line in lines[:12]) >= 3, "it is an e-mail"),
        (
            len(lines) > 8 and sum(map(len, lines)) / len(lines) < 25,
            "its lines are short, as in a list or a table",
        ),
        (
            sum("\t" in line.strip() or len(_CELLS.findall(line)) >= 3 for line in lines) > len(lines) // 2,
            "it is a table",
        ),
    )
    return next((reason for wrong, reason in checks if wrong), None)


def _is_headed_otherwise(lines: list[str]) -> bool:
    """Whether the first line heads minutes, a licence or the like. A headline of the press can read as one
    ("Uber loses London licence"): below it are sentences, and none of those in which rights are granted."""
    heading = lines[0].strip()
    if _TITLES.fullmatch(heading) is None:
        return False
    prose = sum(len(line) >= _PROSE and line.rstrip().endswith(_SENTENCE) for line in lines[1:])
    is_prose = 2 * prose >= len(lines) - 1 > 0
    is_sure = len(heading.split()) <= 2 or _SESSION.search(heading) is not None
    return is_sure or not is_prose or any(map(_GRANT.search, lines))


def _share(pattern: re.Pattern[str], lines: list[str]) -> float:
    """The share of lines, three or more, in which a pattern stands."""
    count = sum(bool(pattern.search(line)) for line in lines)
    return count / len(lines) if count >= 3 else 0.0


def _names_columns(lines: list[str]) -> bool:
    """Whether the first line is no more than names of columns, parted by one sign."""
    return any(
        len(guess(names)) >= 2 and len(guess(names)) * 2 >= len(names)
        for sign in ",;\t|"
        if len(names := [name.strip(' "') for name in (lines or [""])[0].split(sign)]) >= 2
    )


def _speakers(lines: list[str]) -> list[str]:
    """Labels of a transcript: two or more names before a colon, each of them twice."""
    names = Counter(match[1] for line in lines if (match := _LABEL.match(line)))
    twice = [name for name, n in names.items() if n >= 2 and not any(map(str.islower, _initials(name)))]
    return twice if len(twice) >= 2 else []


def _initials(name: str) -> list[str]:
    return [word[0] for word in name.split()]


def _is_hit_list(lines: list[str]) -> bool:
    """Whether lines that are no sentences hold a whole date each, with other lines between them."""
    last = count = 0
    for number, line in enumerate(lines, 1):
        plain = line.strip()
        if len(plain) <= 160 and not plain.endswith(_SENTENCE) and read_date(plain)[0] is not None:
            count += not count or number - last > 1
            last = number
    return count >= 2
