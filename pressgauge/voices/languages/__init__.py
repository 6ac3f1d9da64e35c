"""The languages whose attributions are read, by ISO 639-1 code."""

from pressgauge.voices.languages.cues import Cues
from pressgauge.voices.languages.dutch import DUTCH
from pressgauge.voices.languages.english import ENGLISH
from pressgauge.voices.languages.french import FRENCH
from pressgauge.voices.languages.german import GERMAN
from pressgauge.voices.languages.italian import ITALIAN
from pressgauge.voices.languages.portuguese import PORTUGUESE
from pressgauge.voices.languages.russian import RUSSIAN
from pressgauge.voices.languages.spanish import SPANISH

CUES: dict[str, Cues] = {
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "nl": DUTCH,
    "pt": PORTUGUESE,
    "ru": RUSSIAN,
}
