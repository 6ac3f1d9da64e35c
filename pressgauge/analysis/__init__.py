"""The measures: pure functions from tables of articles to small tidy tables."""

from pressgauge.analysis.outlets import concentration, firsts, lean, outlets
from pressgauge.analysis.volume import compare, presence, rolling, volume

__all__ = ["compare", "concentration", "firsts", "lean", "outlets", "presence", "rolling", "volume"]
