"""How French credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words

_ER = """accus affirm ajout alert analys annonc appel argument
    assur attaqu avanc avou balay clam command comment confi confirm considér conseill constat critiqu
    déclar dénonc déplor demand détaill dévoil estim évoqu expliqu exhort exprim fulmin glos ironis
    indiqu insist interrog jug juge justifi lanc livr martel mentionn minimis moqu murmur ni not nuanc
    observ parl pens plaid pest pointe point précis préconis présent proclam promet pronostiqu proposs
    propos prôn protest qualifi question racont rappel rapport rassur réaffirm récapitul réclam
    regrett rel relev remarqu rétorqu résum révèl révél salu signal signifi soulign soupir souhait
    suggèr suggér tempêt témoign tonn tranch tweet vant vitupèr expliqu emport concéd concèd enchaîn
    félicit inquièt inquiét indign insurg réjoui alarm étonn agac amus exclam rappell appell clam
    anticip déclar décrit pronostiqu résum
    """
_OTHER = """dit disent disait déclare prévient préviennent prévenu
    reconnaît reconnait reconnaissent reconnu répond répondent répondu écrit écrivent écrivait
    soutient soutiennent soutenu maintient maintenu promet promettent promis admet admettent admis
    décrit décrivent conclut concluent conclu défend défendent défendu avertit avertissent averti
    croit croient cru veut voit voient tient prédit fait met mis mise convient convenu souvient
    surenchérit renchérit réagit réagi réagissent sourit poursuit poursuivent poursuivi reprend repris
    entend entendu glisse glissé traduit écrie affirme garantit garanti garantissent dit-on appris
    apprend répété répète s'écrie suit sait su craint craignent résume
    """


def _forms_in_er(stems: str) -> set[str]:
    """Present, imperfect and past participle of verbs in -er."""
    return {
        stem + end for stem in stems.split() for end in ("e", "ent", "ait", "aient", "é", "ée", "és", "ées")
    }


FRENCH = Cues(
    verbs=frozenset(
        (_forms_in_er(_ER) | set(_OTHER.split()))
        - {
            "note",
            "relent",
            "ni",
            "nie",
            "fait",
            "met",
            "mis",
            "mise",
            "suit",
            "sait",
            "su",
            "veut",
            "commande",
            "commandes",
            "demandes",
            "critiques",
            "pointe",
            "marque",
            "parlent",
            "proposs",
            "question",
            "conseille",
        }
    ),
    weak=words("note fait met sait su veut demande critique conseille lit"),
    participles=words("""affirmant ajoutant assurant déclarant dénonçant estimant
    expliquant précisant rappelant soulignant évoquant
    """),
    bare=frozenset(),
    particle="à",
    transitive=frozenset(),
    naming=words("intitulé intitulée baptisé baptisée"),
    pronouns=words("il elle ils elles on je nous qui"),
    determiners=words("""le la les l' un une des du son sa ses leur leurs notre nos
    ce cet cette ces plusieurs deux trois chaque certains certaines
    """),
    skipped=words("""a ont avait avaient est sont s'est s'était était aussi
    ensuite lui leur me se y en pas ne n'a l'a également encore déjà toutefois cependant mardi lundi
    mercredi jeudi vendredi samedi dimanche ainsi notamment plutôt même là été
    """),
    adverbs=("ement", "amment", "emment"),
    closed=words("""à au aux de dans en par pour sur sous avec sans chez vers
    entre contre depuis pendant avant après selon comme que qu' et ou mais donc car ni si quand
    lorsque où dont quoi ne pas plus est sont était étaient a ont avait avaient sera sous devant lors
    face d'après parce puis
    """),
    inside=words("de du des d' à au aux en et pour chez &"),
    genitive=words("de du des d' &"),
    relative=words("qui que dont où lequel laquelle"),
    joining=words("et mais ou puis"),
    passive=words("été"),
    according=(
        ("selon",),
        ("d'après",),
        ("de", "l'avis", "de"),
        ("pour", "reprendre", "les", "mots", "de"),
        ("aux", "yeux", "de"),
    ),
    opening=frozenset({"pour"}),
    clitics=("il", "elle", "ils", "elles", "on", "je", "nous"),
    whole=frozenset({"d'après", "aujourd'hui", "s'est", "s'était", "n'a", "l'a", "l'avis"}),
    incise=True,
)
