"""How Portuguese credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words

_AR = """acrescent acus adiant afirm alert anunci apont argument assegur assinal atac
    avali avis brinc cham coment complet confess confirm consider constat contest
    critic declar defend demonstr denunci desabaf destac detalh enfatiz esclam
    exclam explic express fal garant indag indic inform insist iron ironiz justific
    lament lembr manifest mencion not observ pens pergunt ponder prometer question
    ratific realç reclam recomend record reforç reiter relat ressalt retruc revel
    salient sinaliz sublinh sustent tuit torn
    """
_OTHER = """disse disseram diz dizem dizia dito admite admitem admitiu admitido adverte
    advertem advertiu responde respondem respondeu respondido escreve escrevem
    escreveu escrito defende defendem defendeu reconhece reconhecem reconheceu
    promete prometem prometeu acredita acreditam acreditou garante garantem garantiu
    explicou pede pedem pediu conclui concluem concluiu mantém mantêm manteve sugere
    sugerem sugeriu refere referem referiu descreve descreveu define definiu conta
    contam contou prossegue prosseguiu reage reagiu resume resumiu repete repetiu
    previu prevê teme temem desmente desmentiu rebate rebateu
    """


def _forms_in_ar(stems: str) -> set[str]:
    """Present, past, imperfect and participle of verbs in -ar."""
    return {stem + end for stem in stems.split() for end in ("a", "am", "ou", "aram", "ava", "avam", "ado")}


_WEAK = words("conta contam nota torna chama fala falam")

PORTUGUESE = Cues(
    verbs=frozenset(_forms_in_ar(_AR) | set(_OTHER.split())) - _WEAK,
    weak=_WEAK,
    participles=words("acrescentando afirmando dizendo explicando garantindo lembrando sublinhando"),
    bare=frozenset(),
    particle="a",
    transitive=frozenset(),
    naming=words("intitulado intitulada chamado chamada"),
    pronouns=words("ele ela eles elas eu nós quem você"),
    determiners=words("""o a os as um uma uns umas seu sua seus suas este esta estes estas esse essa
    aquele aquela vários várias dois duas três cada alguns algumas muitos outro
    outra nosso nossa
    """),
    skipped=words("""tem têm tinha havia foi também depois ainda lhe lhes se me nos já assim ontem
    hoje então porém segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
    sábado domingo não
    """),
    adverbs=("mente",),
    closed=words("""à ao aos às ante com contra de desde em entre até para por perante segundo sem
    sob sobre após durante do da dos das no na nos nas num numa pelo pela que e ou
    mas se quando onde como porque embora é são era foram está estão tem não mais
    """),
    inside=words("de do da dos das e em para"),
    genitive=words("de do da dos das"),
    relative=words("que quem qual cujo cuja onde"),
    joining=words("e ou mas"),
    passive=words("foi foram sido"),
    according=(
        ("segundo",), ("conforme",), ("de", "acordo", "com"), ("nas", "palavras", "de"),
        ("na", "opinião", "de"), ("nas", "palavras", "do"), ("nas", "palavras", "da"),
    ),
    opening=frozenset({"para"}),
    addressed=frozenset({"a", "ao", "à", "na", "no", "em"}),
)  # fmt: skip
