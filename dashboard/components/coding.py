"""Coding: one sampled article after the other, with the keys that judge it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dashboard.components import formats, safe
from dashboard.components.article_text import marked_text
from dashboard.components.markup import Markup, button
from pressgauge.errors import DatasetError
from pressgauge.search.highlight import spans
from pressgauge.validation.check import Check, TextReader
from pressgauge.validation.codes import ANSWERS

_UNDO = "u"
_DIGITS = "123456789"


class Coding:
    """The next article that `coder` has not judged, with what matched marked, and a button and key an answer.

    `on_change` is called after each answer. Nothing of what other coders said is shown.
    """

    def __init__(
        self, check: Check, coder: str, read_texts: TextReader, on_change: Callable[[], None] | None = None
    ) -> None:
        self._check, self._coder, self._read_texts, self._on_change = check, coder, read_texts, on_change
        self._at: int | None = None
        self._problem = ""
        self.panel = Markup(on_go=self._go, keys=True)
        self.draw()

    def draw(self) -> None:
        """Show what is to be judged next."""
        todo = self._check.todo(self._coder)
        n_judged = len(self._check.inner_ids()) - len(todo)
        self._at = int(todo[0]) if len(todo) else None
        total = formats.count(n_judged + len(todo))
        problem = f'<p class="notice" role="alert">{safe.text(self._problem)}</p>' if self._problem else ""
        head = (
            f'<p class="quiet" role="status" data-done="{n_judged}">{formats.count(n_judged)} of {total} '
            f"judged by {safe.text(self._coder)}.</p>"
        )
        if self._at is None:
            message = "Draw a sample to begin." if not n_judged else "That was the whole sample."
            self.panel.html = f"{problem}{head}<p><b>{message}</b></p>{self._undo(n_judged)}"
            return
        self.panel.html = f"{problem}{head}{self._answers(n_judged)}{self._article(self._at)}"

    def _answers(self, n_judged: int) -> str:
        variable = self._check.variable
        question = variable.question if variable else "Is this article relevant?"
        described = {value.name: value.description for value in variable.values} if variable else {}
        buttons = "".join(
            button(
                f"<kbd>{safe.text(key)}</kbd> {safe.text(label)}",
                "code",
                [self._at, name],
                title=" ".join(filter(None, (label, described.get(name)))),
                classes="act",
                key=key,
            )
            for (name, label), key in zip(self._check.answers.items(), self._keys(), strict=True)
        )
        meanings = "".join(
            f"<li><b>{safe.text(value.label)}</b> {safe.text(value.description)}</li>"
            for value in (variable.values if variable else ())
            if value.description
        )
        meaning_list = f'<ul class="quiet">{meanings}</ul>' if meanings else ""
        heading = f"<h2>{safe.text(question)}</h2>{meaning_list}"
        return f'{heading}<div class="row topics">{buttons}{self._undo(n_judged)}</div>'

    def _keys(self) -> list[str]:
        """y, n and ? for relevance; of a variable the first nine values by number, and ?."""
        if self._check.variable is None:
            return list(ANSWERS)
        return [
            "?" if name == "?" else _DIGITS[at] if at < len(_DIGITS) else ""
            for at, name in enumerate(self._check.answers)
        ]

    def _undo(self, n_judged: int) -> str:
        return button(f"<kbd>{_UNDO}</kbd> Undo", "undo", classes="quiet", key=_UNDO) if n_judged else ""

    def _article(self, identity: int) -> str:
        article = self._check.snapshot.articles.iloc[int(self._check.snapshot.rows(np.array([identity]))[0])]
        texts = self._read_texts([identity], ["title", "text"]).iloc[0]
        query = self._check.question.query
        title = texts["title"] if isinstance(texts["title"], str) else "(no title)"
        title_html = safe.highlight(title, spans(query, title, "title"))
        return (
            f"<h2>{title_html}</h2>"
            f'<p class="quiet">{safe.text(article["outlet"])} · {formats.day(article["published"])}</p>'
            f'<div class="body">{marked_text(texts["text"], article["language"], (query,))}</div>'
        )

    def _go(self, action: str, value: Any) -> None:
        self._problem = ""
        try:
            if action == "undo":
                self._check.undo(self._coder)
            # an answer is of the article that was on screen: a second press for it is not one for the next
            elif action == "code" and isinstance(value, list) and len(value) == 2 and value[0] == self._at:
                self._check.code(value[0], str(value[1]), self._coder)
            else:
                return
        except DatasetError as error:
            self._problem = f"Not kept: {error}"
        self.draw()
        if self._on_change is not None:
            self._on_change()
