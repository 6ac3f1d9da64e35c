"""The pictures: pure functions from the tables of `pressgauge.analysis` to plotly figures.

Every figure has a transparent background, a title that names unit and denominator, and customdata that says
which articles are behind a point. Only features of plotly.js 3.1 are used.
"""

from pressgauge.figures.contrast import contrast
from pressgauge.figures.cooccurrence import comentions, comentions_over_time, network
from pressgauge.figures.events import events, spread
from pressgauge.figures.multiples import multiples
from pressgauge.figures.outlets import lean, outlets
from pressgauge.figures.storyline import storyline
from pressgauge.figures.terms import distinctive, terms
from pressgauge.figures.volume import volume

__all__ = [
    "comentions",
    "comentions_over_time",
    "contrast",
    "distinctive",
    "events",
    "lean",
    "multiples",
    "network",
    "outlets",
    "spread",
    "storyline",
    "terms",
    "volume",
]
