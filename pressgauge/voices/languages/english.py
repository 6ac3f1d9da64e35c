"""How English credits a quotation."""

from __future__ import annotations

from pressgauge.voices.languages.cues import Cues, words


def _english_forms(base: str) -> tuple[set[str], set[str]]:
    """Finite forms and present participles of regular English verbs."""
    finite, participles = set(), set()
    for verb in base.split():
        doubles = verb.endswith("+")
        verb = verb.rstrip("+")
        if verb.endswith("e"):
            finite |= {verb + "d", verb + "s"}
            participles.add(verb[:-1] + "ing")
        elif verb.endswith("y") and verb[-2] not in "aeou":
            finite |= {verb[:-1] + "ied", verb[:-1] + "ies"}
            participles.add(verb + "ing")
        else:
            stem = verb + verb[-1] if doubles else verb
            finite |= {stem + "ed", verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")}
            participles.add(stem + "ing")
        finite.add(verb)
    return finite, participles


_REGULAR = """accuse acknowledge add admit+ admonish advise advocate
    affirm agree allege announce apologize apologise argue ask assert assure bark beam beg+ blast
    boast brag+ caution chide clarify comment complain concede conclude condemn confess confide
    confirm contend continue counter criticize criticise cry declare decry denounce deny deride
    describe dismiss dub+ echo elaborate emphasize emphasise enthuse exclaim explain express fume gush
    hint imply inform insist interject interrupt intone invoke joke jest label lament laugh lecture
    maintain marvel mention mock muse mutter observe opine phrase plead posit praise predict proclaim
    profess pronounce propose quip+ quote rail reaffirm reassert recall recommend recount reflect
    reiterate relate remark remind repeat reply respond retort reveal riff roar scoff scold scream
    shout shrug sigh skewer snap+ sneer speculate suggest summarize summarise surmise tease testify
    theorize threaten thunder tout tweet urge vent vow warn whisper wonder yell characterize
    characterise bemoan chant chime concur+ counsel crow denounce exhort fret+ gloat grumble hail
    insinuate instruct lambast liken moan note point rant rebut+ refer+ stipulate stress volunteer
    wager worry remember thank cite credit blame deadpan chant demur+
    report state answer ask object post text email request demand order promise sum+ claim
    estimate believe accuse challenge defend pledge signal
    """
_IRREGULAR = """said say says told tell tells wrote write writes thought
    think thinks felt feels put puts swore swears called calls
    """
_NEAR = """read reads went goes began begins spoke sang sings notes
    points reports states answers objects posts texts emails requests demands orders promises sums
    claims estimates stresses signals remarks comments replies quotes challenges pledges hints praises
    offers offered asserts adds argued argues knows knew reasons reasoned attacks attacked read
    concludes shouts screams laughs tweets questions questioned mentions urges reviews found finds
    holds held learned signed released issued published thanked tells boomed beamed came comes
    """
_NOUNS = """comment claim tweet quote attack challenge remark reply
    report state text email post object request order promise
    """
_FINITE, _ING = _english_forms(_REGULAR)
_BASE = frozenset(_REGULAR.replace("+", "").split()) | {"say", "tell", "write", "call"}
_S_NOUNS = frozenset(f"{word}s" for word in _NOUNS.split()) | {
    "replies",
    "stresses",
    "signals",
    "demands",
    "points",
    "estimates",
}

ENGLISH = Cues(
    verbs=frozenset((_FINITE - _BASE - _S_NOUNS) | set(_IRREGULAR.split()) | {"believe"}),
    weak=words(_NEAR) | _S_NOUNS,
    participles=frozenset(_ING | {"saying", "telling", "writing", "calling"}),
    bare=_BASE,
    particle="to",
    transitive=words("""told tells called calls described describes dubbed labeled
    labelled titled came
    """),
    naming=words("called calls calling dubbed dubs dubbing labeled labelled labels named"),
    pronouns=words("he she they it i we you who which"),
    determiners=words("""the a an this that these those his her its their my our
    your one some another several many most both two three four five six other no every each all few
    """),
    skipped=words("""has had have also later then once again would will did
    does do not never still just even further soon could can might may must should already always
    often now first instead too since himself herself themselves itself ever twice
    """),
    adverbs=("ly",),
    closed=words("""in on at to for from by with without of as that which
    because and but or nor so if when while where what than about after before during until into over
    under between against through since although though despite not is are was were be been being has
    had have will would can could may might must should do does did there here how why whether like
    also then via per amid upon unlike except
    """),
    inside=words("of for at from in on with and & to"),
    genitive=words("of for &"),
    relative=words("who that which whose whom where when"),
    joining=words("and but or then before"),
    passive=words("was were is are be been being"),
    with_object=dict.fromkeys(("put", "puts"), words("it this that")),
    introducing=words("""before after even almost however still meanwhile instead soon later earlier until
    while although though when as if since because during despite besides still nevertheless
    """),
    times=words("""later ago earlier morning afternoon evening night day week month year weekend afterward
    afterwards today yesterday monday tuesday wednesday thursday friday saturday sunday then moments
    """),
    also_names=words("will may"),
    subordinating=words("when if once while as"),
    according=(("according", "to"), ("in", "the", "words", "of"), ("per",)),
    possessed=frozenset({"words", "telling", "view", "opinion"}),
    plurals=("s", "ed"),
    gerunds=("ing", "ed"),
)
