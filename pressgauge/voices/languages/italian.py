"""How Italian credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words

_ARE = """accus afferm aggiung aggiunt ammon annunci annot argoment assicur auspic avvis
    azzard cit comment confess conferm consider consigli constat contest critic
    dichiar denunci diment domand elenc esclam esort evidenzi giudic immagin incalz
    indic insist invit invoc ironizz lament lanci mand mormor not obiett osserv parl
    pens precis preg protest provoc raccomand raccont ragion rassicur rammaric
    replic ricord rilanci rimarc ringrazi riport rivel rivendic salut scherz
    sentenzi sfog sintetizz sospir sottoline specific sper spieg stigmatizz sugger
    sussurr tagli testimoni tuon twitt url valut
    """
_OTHER = """dice dicono disse dissero detto diceva dicevano aggiunge aggiungono aggiunse
    aggiunto ammette ammettono ammesso avverte avvertono avvertito chiede chiedono
    chiese chiesto conclude concludono concluse concluso risponde rispondono rispose
    risposto scrive scrivono scrisse scritto sostiene sostengono sostenuto ritiene
    ritengono riconosce riconoscono riconosciuto promette promettono promesso crede
    credono definisce definiscono definito riferisce riferiscono riferito ribadisce
    ribadiscono ribadito chiarisce chiarito smentisce smentito suggerisce suggerito
    prosegue prosegua continua legge fa spiegato interviene difende difeso teme
    temono ribatte ribattono riassume prevede
    """


def _forms_in_are(stems: str) -> set[str]:
    """Present, perfect, imperfect and participle of verbs in -are."""
    return {stem + end for stem in stems.split() for end in ("a", "ano", "ò", "arono", "ava", "avano", "ato")}


_WEAK = words("fa legge continua nota cita parla manda consigli")

ITALIAN = Cues(
    verbs=frozenset(_forms_in_are(_ARE) | set(_OTHER.split())) - _WEAK,
    weak=_WEAK,
    participles=words("aggiungendo affermando assicurando dicendo precisando ricordando spiegando"),
    bare=frozenset(),
    particle="a",
    transitive=frozenset(),
    naming=words("intitolato intitolata chiamato chiamata"),
    pronouns=words("lui lei egli ella loro essi noi io chi"),
    determiners=words("""il lo la i gli le l' un uno una del dello della dei degli delle suo sua suoi sue
    loro nostro nostra questo questa questi queste quel quella quei alcuni alcune
    molti due tre ogni
    """),
    skipped=words("""ha hanno aveva avevano è sono era poi anche ancora gli le ci si ne mi lo già
    invece però così infine quindi oggi ieri lunedì martedì mercoledì giovedì
    venerdì sabato domenica
    """),
    adverbs=("mente",),
    closed=words("""a ad al alla ai alle allo agli all' con col contro da dal dalla dai dalle di in
    nel nella nei nelle nell' entro per su sul sulla tra fra dopo prima durante
    secondo senza verso che e ed o ma se quando dove come perché mentre anche non
    più è era sono ha hanno si
    """),
    inside=words("di del della dei delle dello degli dell' e ed per la lo il"),
    genitive=words("di del della dei delle dello degli dell'"),
    relative=words("che cui quale quali dove"),
    joining=words("e ed o ma"),
    passive=words("stato stata stati state"),
    according=(
        ("secondo",), ("stando", "a"), ("stando", "al"), ("stando", "alla"), ("a", "detta", "di"),
        ("a", "parere", "di"), ("a", "giudizio", "di"), ("nelle", "parole", "di"), ("nelle", "parole", "del"),
    ),
    opening=frozenset({"per"}),
    addressed=frozenset({"a", "al", "alla"}),
    whole=frozenset({"un'", "c'è", "dell'", "all'", "nell'"}),
)  # fmt: skip
