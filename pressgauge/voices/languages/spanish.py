"""How Spanish credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words

_AR = """afirm asegur explic señal declar coment anunci manifest
    indic inform express critic denunci acus alert apunt argument confes consider contest cuestion
    destac detall enfatiz insist juzg lament llam mencion narr neg observ pregunt proclam pronostic
    raz razon reclam record recalc relat remat reiter replic resalt respond revel señal solicit sosten
    subray sug tild titul valor zanj grit bromea brome public tuite califica calific describ exclam
    argument confirm aclar adelant agreg añad apost celebr cit coment concluy confi contrast dej
    demand desminti excus garantiz invit ironiz justific matiz opin plante precis pronunci reconoc
    rechaz recomend reproch resum signific susurr termin vaticin augur augura esper jact felicit culp
    avis pens
    """
_OTHER = """dijo dice dicen decía dijeron dicho añadió añade añaden
    añadido admitió admite admiten admitido advirtió advierte advierten advertido reconoció reconoce
    reconocen reconocido respondió responde responden respondido escribió escribe escriben escrito
    sostiene sostuvo sostienen sostenido sugirió sugiere sugerido prometió promete prometen prometido
    concluyó concluye concluido mantiene mantuvo mantienen insistió insiste insisten insistido cree
    creen creía creyó defendió defiende defienden defendido describió describe describen descrito
    advirtiendo pidió pide piden pedido exigió exige exigen exigido confía confían contó cuenta
    cuentan contado negó niega niegan recuerda recuerdan propone propuso expuso expone refirió refiere
    definió define definen predijo predice maldijo bendijo desmintió desmiente arguyó rogó ruega prevé
    temió teme sentenció sentencia resumió resume reza rezaba discrepa considera consideró apostilló
    apostilla espetó espeta puntualizó puntualiza dio piensa
    """


def _forms_in_ar(stems: str) -> set[str]:
    """Present, past and participle of verbs in -ar."""
    return {stem + end for stem in stems.split() for end in ("a", "an", "ó", "aron", "aba", "aban", "ado")}


SPANISH = Cues(
    verbs=frozenset(
        (_forms_in_ar(_AR) | set(_OTHER.split()))
        - {
            "dejado",
            "cita",
            "llamado",
            "critica",
            "publica",
            "demanda",
            "dejan",
            "cuenta",
            "cuentan",
            "pedido",
            "resalta",
            "escrito",
            "dio",
            "nega",
            "resume",
            "espera",
            "esperan",
            "niega",
            "sentencia",
            "avisado",
            "dejaba",
        }
    ),
    weak=words("""cita critica publica cuenta cuentan resume niega sentencia
    espera esperan reza
    """),
    participles=words("afirmando añadiendo asegurando diciendo señalando"),
    bare=frozenset(),
    particle="a",
    transitive=frozenset(),
    naming=words("titulado titulada llamado llamada"),
    pronouns=words("él ella ellos ellas yo nosotros quien"),
    determiners=words("""el la los las un una unos unas su sus este esta estos
    estas ese esa esos esas aquel varios varias dos tres cada algunos algunas muchos otro otra nuestro
    nuestra
    """),
    skipped=words("""ha han había habían hubo también después luego lo le les
    se me nos no ya así además asimismo ayer hoy aún todavía entonces mientras desde este lunes martes
    miércoles jueves viernes sábado domingo
    """)
    - {"este", "mientras"},
    adverbs=("mente",),
    closed=words("""a al ante con contra de del desde en entre hacia hasta
    para por según sin sobre tras durante mediante que y e o u pero sino si cuando donde como porque
    aunque es son era eran fue fueron está están ha han había no más ni pues qué
    """),
    inside=words("de del la las los y e en para"),
    genitive=words("de del"),
    relative=words("que quien quienes cual cuyo cuya donde"),
    joining=words("y e o pero"),
    passive=words("fue fueron sido"),
    according=(
        ("según",),
        ("de", "acuerdo", "con"),
        ("en", "palabras", "de"),
        ("a", "juicio", "de"),
        ("en", "opinión", "de"),
    ),
    opening=frozenset({"para"}),
    addressed=frozenset({"a", "al", "ante"}),
)
