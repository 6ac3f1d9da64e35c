"""How German credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words


def _weak_forms(stems: str) -> set[str]:
    """Finite forms of regular verbs: sagt, sagte, sagen, sagten."""
    forms = set()
    for stem in stems.split():
        link = "e" if stem.endswith(("t", "d", "chn", "ffn")) else ""
        forms |= {f"{stem}{link}t", f"{stem}{link}te", f"{stem}{link}ten", f"{stem}en"}
    return forms


_REGULAR = """sag erklär beton mein kündig forder warn kritisier lob
    frag antwort bericht erzähl glaub räum klag bestätig erläuter erinner füg resümier bilanzier
    zitier mahn verteidig urteil schätz hoff behaupt argumentier verlang versicher äußer bedauer
    begrüß bemerk bemängel beklag beteuer bezeichn charakterisier definier erwider entgegn folger
    formulier führ gratulier jubel kommentier konstatier konter lehn moniert monier notier plädier
    präzisier prognostizier protestier reagier relativier sagt schilder schimpf schwärm spott stell
    stöhn teil unterstell versprich vermut verkünd verrat verkünde warb widersprech wunder wünsch
    zweifel prophezei raun ruf scherz seufz twitter poste kündigt lach ergänz
    """
_STRONG = """schrieb schreibt schreiben schrieben nannte nennt nennen
    nannten sprach spricht sprechen sprachen fand findet finden gab gibt gestand gesteht heißt hieß
    verspricht versprach versprachen unterstrich unterstreicht wies weist rief ruft rät riet empfahl
    empfiehlt denkt dachte weiß sieht sah hielt hält gab gibt warf wirft bat bittet droht drohte
    befand befindet las begann beginnt verriet verrät widersprach widerspricht trat tritt schloss
    schließt wollte will zeigte zeigt zog zieht
    """
_ARTICLES = """der die das den dem des ein eine einen einem einer eines
    sein seine seiner seinem seinen ihr ihre ihrer ihrem ihren unser unsere dieser diese dieses diesem
    diesen jener jene kein keine viele einige mehrere zwei drei beide manche alle
    """

_VIEWS = ("angaben", "ansicht", "einschätzung", "worten")
_WHERE = ("in", "im", "aus", "bei", "beim", "von", "vom")

GERMAN = Cues(
    verbs=frozenset(_weak_forms(_REGULAR) | set(_STRONG.split()))
    - words("teilen zeigt zeigte will wollte meinen"),
    weak=words("so zeigt zeigte zeigten lautet lautete will wollte"),
    participles=frozenset(),
    bare=frozenset(),
    particle="zu",
    transitive=frozenset(),
    naming=words("nennt nannte heißt hieß"),
    pronouns=words("er sie es wir ich man wer"),
    determiners=frozenset(_ARTICLES.split()),
    skipped=words("""auch dann später weiter hat habe haben hatte wird werde
    würde ist sei sich ihm ihr ihnen uns mir jedoch aber bereits schon nun jetzt wiederum dabei zuvor
    daraufhin damals heute gestern nicht noch nur deshalb etwa dagegen
    """),
    adverbs=("\0",),
    closed=words("""in im am an auf aus bei beim mit nach seit von vom vor zu
    zum zur für durch gegen ohne um über unter zwischen während wegen trotz dass ob weil wenn als wie
    da und oder aber denn sondern doch was wo warum gegenüber bis laut so also ist sind war waren sei
    wird werde werden wurde wurden hat habe haben hatte hatten kann könne soll solle muss müsse nicht
    auch hier dort dazu daran damit darauf davon
    """),
    inside=words("von vom für in im am bei und aus an der"),
    genitive=words("der des von vom für eines einer"),
    relative=words("welche welcher welches wer wo"),
    joining=words("und oder aber"),
    passive=words("wird wurde wurden werden"),
    according=(
        *(("nach", noun, *of) for noun in _VIEWS for of in (("von",), ())),
        ("laut",),
        *((verb, "es", where) for verb in ("hieß", "heißt") for where in _WHERE),
    ),
    postposed=frozenset({"zufolge"}),
    verb_second=True,
)
