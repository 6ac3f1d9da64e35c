"""An article's text as markup, with what meets the queries marked."""

from __future__ import annotations

import numpy as np

from dashboard.components import safe
from pressgauge.search.highlight import matches, spans
from pressgauge.search.sentences import sentences


def marked_text(text: object, language: object, queries: tuple[str, ...]) -> str:
    """The paragraphs, with the sentences tinted that meet a query by themselves and its words marked."""
    if not isinstance(text, str):
        return '<p class="quiet">The text of this article could not be obtained.</p>'
    written = language if isinstance(language, str) else None
    paragraphs = [sentences(line, written) for line in text.split("\n") if line.strip()]
    every = [sentence for paragraph in paragraphs for sentence in paragraph]
    met = np.zeros(len(every), dtype=bool)
    for query in queries:
        met |= matches(query, every)
    hits = iter(met)

    def shown(sentence: str) -> str:
        marked = safe.highlight(sentence, [span for query in queries for span in spans(query, sentence)])
        return f'<span class="hit">{marked}</span>' if next(hits) else marked

    return "".join(f"<p>{' '.join(map(shown, paragraph))}</p>" for paragraph in paragraphs)
