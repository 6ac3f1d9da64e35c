"""The languages whose attributions are read, by ISO 639-1 code."""

from pressgauge.voices.languages.cues import Cues
from pressgauge.voices.languages.english import ENGLISH
from pressgauge.voices.languages.french import FRENCH
from pressgauge.voices.languages.german import GERMAN
from pressgauge.voices.languages.spanish import SPANISH

CUES: dict[str, Cues] = {"de": GERMAN, "en": ENGLISH, "es": SPANISH, "fr": FRENCH}
