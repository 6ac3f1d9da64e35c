"""How German credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues


def _weak(stems: str) -> set[str]:
    """Finite forms of regular verbs: sagt, sagte, sagen, sagten."""
    made = set()
    for stem in stems.split():
        link = "e" if stem.endswith(("t", "d", "chn", "ffn")) else ""
        made |= {f"{stem}{link}t", f"{stem}{link}te", f"{stem}{link}ten", f"{stem}en"}
    return made


_REGULAR = """sag erklär beton mein kündig forder warn kritisier lob frag antwort bericht erzähl glaub räum klag bestätig erläuter
 erinner füg resümier bilanzier zitier mahn verteidig urteil schätz hoff behaupt argumentier verlang versicher äußer bedauer
 begrüß bemerk bemängel beklag beteuer bezeichn charakterisier definier erwider entgegn folger formulier führ
 gratulier jubel kommentier konstatier konter lehn moniert monier notier plädier präzisier prognostizier protestier
 reagier relativier sagt schilder schimpf schwärm spott stell stöhn teil unterstell versprich vermut verkünd verrat verkünde
 warb widersprech wunder wünsch zweifel prophezei raun ruf scherz seufz twitter poste kündigt lach ergänz"""
_STRONG = """schrieb schreibt schreiben schrieben nannte nennt nennen nannten sprach spricht sprechen sprachen fand findet finden
 gab gibt gestand gesteht heißt hieß verspricht versprach versprachen unterstrich unterstreicht wies weist rief ruft rät riet
 empfahl empfiehlt denkt dachte weiß sieht sah hielt hält gab gibt warf wirft bat bittet droht drohte befand befindet las
 begann beginnt verriet verrät widersprach widerspricht trat tritt schloss schließt wollte will zeigte zeigt zog zieht"""
_ARTICLES = """der die das den dem des ein eine einen einem einer eines sein seine seiner seinem seinen ihr ihre ihrer ihrem ihren
 unser unsere dieser diese dieses diesem diesen jener jene kein keine viele einige mehrere zwei drei beide manche alle"""

GERMAN = Cues(
    verbs=frozenset((_weak(_REGULAR) | set(_STRONG.split())) - {"teilen", "zeigt", "zeigte", "will", "wollte", "meinen"}),
    weak=frozenset("so zeigt zeigte zeigten lautet lautete will wollte".split()),
    participles=frozenset(),
    bare=frozenset(),
    particle="zu",
    transitive=frozenset(),
    naming=frozenset("nennt nannte heißt hieß".split()),
    pronouns=frozenset("er sie es wir ich man wer".split()),
    determiners=frozenset(_ARTICLES.split()),
    skipped=frozenset(
        "auch dann später weiter hat habe haben hatte wird werde würde ist sei sich ihm ihr ihnen uns mir jedoch aber bereits"
        " schon nun jetzt wiederum dabei zuvor daraufhin damals heute gestern nicht noch nur deshalb etwa dagegen".split()
    ),
    adverbs=("\0",),
    closed=frozenset(
        "in im am an auf aus bei beim mit nach seit von vom vor zu zum zur für durch gegen ohne um über unter zwischen während"
        " wegen trotz dass ob weil wenn als wie da und oder aber denn sondern doch was wo warum gegenüber bis laut so also"
        " ist sind war waren sei wird werde werden wurde wurden hat habe haben hatte hatten kann könne soll solle muss müsse"
        " nicht auch hier dort dazu daran damit darauf davon".split()
    ),
    inside=frozenset("von vom für in im am bei und aus an der".split()),
    genitive=frozenset("der des von vom für eines einer".split()),
    relative=frozenset("welche welcher welches wer wo".split()),
    joining=frozenset("und oder aber".split()),
    passive=frozenset("wird wurde wurden werden".split()),
    according=(
        ("nach", "angaben", "von"), ("nach", "angaben"), ("nach", "ansicht", "von"), ("nach", "ansicht"),
        ("nach", "einschätzung", "von"), ("nach", "einschätzung"), ("nach", "worten", "von"), ("nach", "worten"), ("laut",),
        ("hieß", "es", "in"), ("heißt", "es", "in"), ("hieß", "es", "aus"), ("heißt", "es", "aus"), ("heißt", "es", "bei"),
        ("hieß", "es", "bei"), ("hieß", "es", "beim"), ("heißt", "es", "beim"), ("hieß", "es", "im"), ("heißt", "es", "im"),
        ("hieß", "es", "vom"), ("hieß", "es", "von"), ("heißt", "es", "von"),
    ),
    postposed=frozenset({"zufolge"}),
    verb_second=True,
)  # fmt: skip
