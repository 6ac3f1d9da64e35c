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
    language_code = language if isinstance(language, str) else None
    paragraphs = [sentences(line, language_code) for line in text.split("\n") if line.strip()]
    every = [sentence for paragraph in paragraphs for sentence in paragraph]
    is_hit = np.zeros(len(every), dtype=bool)
    for query in queries:
        is_hit |= matches(query, every)
    hits = iter(is_hit)

    def render(sentence: str) -> str:
        markup = safe.highlight(sentence, [span for query in queries for span in spans(query, sentence)])
        return f'<span class="hit">{markup}</span>' if next(hits) else markup

    return "".join(f"<p>{' '.join(map(render, paragraph))}</p>" for paragraph in paragraphs)
