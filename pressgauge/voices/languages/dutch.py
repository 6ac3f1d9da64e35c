"""How Dutch credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words

DUTCH = Cues(
    verbs=words("""zegt zeggen zei zeiden gezegd verklaart verklaren verklaarde verklaarden meldt
    melden meldde meldden stelt stellen stelde stelden vindt vinden vond vonden
    denkt denken dacht dachten vertelt vertellen vertelde vertelden schrijft
    schrijven schreef schreven antwoordt antwoorden antwoordde antwoordden vraagt
    vragen vroeg vroegen waarschuwt waarschuwen waarschuwde waarschuwden belooft
    beloven beloofde beloofden benadrukt benadrukken benadrukte benadrukten legt
    legde klaagt klagen klaagde klaagden noemt noemen noemde noemden reageert
    reageren reageerde reageerden roept riep riepen erkent erkennen erkende erkenden
    bevestigt bevestigde betoogt betoogde concludeert concludeerde herhaalt
    herhaalde hoopt hopen hoopte verzekert verzekerde voegt voegde beweert beweren
    beweerde verwacht verwachten verwachtte oordeelt oordeelde constateert
    constateerde twittert twitterde verzucht verzuchtte spreekt sprak grapt grapte
    merkt merkte geeft gaf luidt luidde laat liet weet meent menen meende citeert
    vervolgt vervolgde besluit besloot bekritiseert bekritiseerde verwijt verweet
    eist eiste eisten ziet zag pleit pleitte sneert sneerde
    """),
    weak=words("luidt luidde is was blijft ziet zag weet"),
    participles=frozenset(),
    bare=frozenset(),
    particle="te",
    transitive=frozenset(),
    naming=words("heet heette getiteld"),
    pronouns=words("hij zij ze het wij we ik men wie u"),
    determiners=words("""de het een zijn haar hun ons onze deze dit die dat mijn geen enkele sommige veel
    twee drie beide alle elke ieder
    """),
    skipped=words("""ook dan later verder heeft hebben had hadden wordt zou is was zich hem haar hun
    ons mij echter al nog daarbij daarna toen vandaag gisteren nu niet dus maandag
    dinsdag woensdag donderdag vrijdag zaterdag zondag
    """),
    adverbs=("\0",),
    closed=words("""in op aan bij met na naar sinds van voor tegen tot uit over onder tussen door
    zonder om te tijdens volgens dat omdat als wanneer toen zoals want en of maar
    waar wat hoe waarom is zijn was waren wordt worden werd heeft hebben had niet
    ook er hier daar
    """),
    inside=words("van voor in en bij uit aan de"),
    genitive=words("van voor"),
    relative=words("die dat wie waar wat"),
    joining=words("en of maar"),
    passive=words("wordt werd werden worden"),
    according=(("volgens",), ("aldus",), ("in", "de", "woorden", "van"), ("naar", "eigen", "zeggen", "van")),
    verb_second=True,
)
