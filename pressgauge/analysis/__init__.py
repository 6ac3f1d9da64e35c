"""The measures: pure functions from tables of articles to small tidy tables."""

from pressgauge.analysis.bursts import Explanation, bursts, explain
from pressgauge.analysis.cooccurrence import comentions, comentions_over_time
from pressgauge.analysis.framing import Framing, framing
from pressgauge.analysis.outlets import concentration, firsts, lean, outlets
from pressgauge.analysis.storyline import storyline
from pressgauge.analysis.terms import Terms, changing, distinctive, terms
from pressgauge.analysis.volume import compare, presence, rolling, volume

__all__ = [
    "Explanation",
    "Framing",
    "Terms",
    "bursts",
    "changing",
    "comentions",
    "comentions_over_time",
    "compare",
    "concentration",
    "distinctive",
    "explain",
    "firsts",
    "framing",
    "lean",
    "outlets",
    "presence",
    "rolling",
    "storyline",
    "terms",
    "volume",
]
