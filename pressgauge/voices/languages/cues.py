"""What the rules of attribution want to know of a language."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Cues:
    """How one language says who speaks. All words are in lower case, with a straight apostrophe."""

    verbs: frozenset[str]
    """Finite forms of verbs of saying."""
    weak: frozenset[str]
    """Verbs that say something only next to a quotation: "notes", "reads"."""
    participles: frozenset[str]
    """Without a subject of their own: "adding"."""
    bare: frozenset[str]
    """Infinitives after `particle`: "went on to say"."""
    particle: str
    transitive: frozenset[str]
    """Verbs that are never in front of their subject: "told"."""
    naming: frozenset[str]
    """Verbs that give something a name or title: what follows in capitals is one."""
    pronouns: frozenset[str]
    determiners: frozenset[str]
    skipped: frozenset[str]
    """What may stand between a subject and its verb."""
    adverbs: tuple[str, ...]
    """Endings of words that may, too."""
    closed: frozenset[str]
    """Begin no noun phrase."""
    inside: frozenset[str]
    """Those of them that join two parts of one."""
    genitive: frozenset[str]
    """Those of `inside` that always do."""
    relative: frozenset[str]
    joining: frozenset[str]
    """Join a second verb to the same subject."""
    passive: frozenset[str]
    with_object: dict[str, frozenset[str]] = field(default_factory=dict)
    """Verbs that say something only with one of these words behind them: "put it"."""
    introducing: frozenset[str] = frozenset()
    """Begin what stands in front of a subject, up to a comma: "Before the vote, ..."."""
    times: frozenset[str] = frozenset()
    """End it where it says when: "Two months later, ..."."""
    subordinating: frozenset[str] = frozenset()
    """In front of a participle that has no subject: "when asked"."""
    according: tuple[tuple[str, ...], ...] = ()
    """Words in front of the one who is credited."""
    postposed: frozenset[str] = frozenset()
    """Words behind the one who is credited: "dem Gutachten zufolge"."""
    possessed: frozenset[str] = frozenset()
    """Nouns that credit their possessor: "in Forbes' words"."""
    plurals: tuple[str, ...] = ("\0",)
    """Endings of verbs that are nouns behind a determiner: "his comments"."""
    gerunds: tuple[str, ...] = ("\0",)
    """Endings of words that begin a clause before the subject: "Asked about it, ..."."""
    opening: frozenset[str] = frozenset()
    """Words that credit the one behind them at the beginning of a sentence only: "Pour Yann LeCun, ..."."""
    addressed: frozenset[str] = frozenset()
    """Prepositions in front of the one spoken to, between verb and subject: "declaró a Reuters X"."""
    clitics: tuple[str, ...] = ()
    """Pronouns that a hyphen joins to their verb: "a-t-il"."""
    whole: frozenset[str] = frozenset()
    """Words with an apostrophe that are one; others are looked up by what follows it. Empty: all are one."""
    also_names: frozenset[str] = frozenset()
    """Auxiliaries that are names where they have a capital: "May said"."""
    verb_second: bool = False
    """Whether the subject follows its verb when the sentence begins with something else."""
    incise: bool = False
    """Whether the one who speaks is also named inside the marks, between commas."""

    @cached_property
    def crediting(self) -> frozenset[str]:
        """Words of which one is in whatever credits without a verb."""
        return frozenset(form[0] for form in self.according) | self.postposed | self.opening | self.possessed


def words(text: str) -> frozenset[str]:
    """The words of a list in a source file."""
    return frozenset(text.split())
