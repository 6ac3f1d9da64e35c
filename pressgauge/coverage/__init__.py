"""What can be searched, what a search finds, and its measures."""

from pressgauge.coverage.coverage import Coverage
from pressgauge.coverage.measure import Measure
from pressgauge.coverage.searchable import Searchable

__all__ = ["Coverage", "Measure", "Searchable"]
