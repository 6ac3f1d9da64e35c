"""Coding: one sampled article after the other, with the keys that judge it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import panel as pn

from dashboard.components import formats, safe
from dashboard.components.article_text import marked_text
from dashboard.components.markup import Markup, button
from pressgauge.errors import DatasetError
from pressgauge.search.highlight import spans
from pressgauge.validation.check import Check, TextReader
from pressgauge.validation.codes import ANSWERS

_UNDO, _ON = "u", "g"
_DIGITS = "123456789"
_AHEAD = 20
"""Articles whose texts are read before they are asked for."""
_PAUSE_MS = 250
"""Without an answer, before what the answers tell is counted."""


class Coding:
    """The next article that `coder` has not judged, with what matched marked, and a button and key an answer.

    With `half_width` it stops when precision and recall are known to within it, at an article that nobody has
    judged: what another coder has judged is still asked, so that there is an agreement. A coder who goes on
    is not stopped again. `on_change` is called after each answer, when the next article is on screen. Nothing
    of what other coders said is shown.
    """

    def __init__(
        self,
        check: Check,
        coder: str,
        read_texts: TextReader,
        on_change: Callable[[], None] | None = None,
        half_width: float | None = None,
    ) -> None:
        self._check, self._coder, self._read_texts, self._on_change = check, coder, read_texts, on_change
        self._half_width = half_width
        self._at: int | None = None
        self._texts: dict[int, tuple[str | None, ...]] = {}
        self._problem = ""
        self._follow_later = Later(self._follow, _PAUSE_MS)
        self._read_ahead_later = Later(self._read_ahead, 0)
        self.panel = Markup(on_go=self._go, keys=True)
        self.draw()
        self._stop_where_enough()
        self._read_ahead_later()

    def draw(self) -> None:
        """Show what is to be judged next, with what comes then, which the page shows as soon as it is
        answered."""
        todo = self._check.todo(self._coder)
        self._at = int(todo[0]) if len(todo) else None
        self._keep_texts([identity for identity in todo[:2].tolist() if identity not in self._texts])
        n_judged = len(self._check.inner_ids()) - len(todo)
        next_screen = self._screen(n_judged + 1, todo[1:]) if len(todo) else ""
        screen = self._screen(n_judged, todo, self._problem)
        self.panel.html = f'{screen}<template data-next="code">{next_screen}</template>'

    def _screen(self, n_judged: int, todo: np.ndarray, notice: str = "") -> str:
        """The first of the articles that are to be judged, and how many are."""
        total = formats.count(n_judged + len(todo))
        problem = f'<p class="notice" role="alert">{safe.text(notice)}</p>' if notice else ""
        head = (
            f'<p class="quiet" role="status" data-done="{n_judged}">{formats.count(n_judged)} of {total} '
            f"judged by {safe.text(self._coder)}.</p>"
        )
        if not len(todo):
            message = "Draw a sample to begin." if not n_judged else "That was the whole sample."
            return f"{problem}{head}<p><b>{message}</b></p>{self._undo(n_judged)}"
        at = int(todo[0])
        return f"{problem}{head}{self._answers(at, n_judged)}{self._article(at)}"

    def _stop_where_enough(self) -> None:
        """Take the article away when what is asked for is known."""
        check, todo = self._check, self._check.todo(self._coder)
        if self._half_width is None or check.variable or not len(todo) or self._at is None:
            return
        if todo[0] in check.codes()["id"].to_numpy() or not check.is_known(self._half_width):
            return
        self._at = None
        n_judged = len(check.inner_ids()) - len(todo)
        of = safe.text(check.accuracy())
        self.panel.html = (
            f'<p class="quiet" role="status" data-done="{n_judged}">{formats.count(n_judged)} of '
            f"{formats.count(n_judged + len(todo))} judged by {safe.text(self._coder)}.</p>"
            f"<p><b>That is enough: {of}, both within {self._half_width * 100:.0f} points.</b></p>"
            f'<div class="row">{button(f"<kbd>{_ON}</kbd> Judge more", "on", classes="act", key=_ON)}'
            f"{self._undo(n_judged)}</div>"
        )

    def _answers(self, identity: int, n_judged: int) -> str:
        variable = self._check.variable
        question = variable.question if variable else "Is this article relevant?"
        described = {value.name: value.description for value in variable.values} if variable else {}
        buttons = "".join(
            button(
                f"<kbd>{safe.text(key)}</kbd> {safe.text(label)}",
                "code",
                [identity, name],
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
        row = int(self._check.snapshot.rows(np.array([identity]))[0])
        article = self._check.snapshot.articles[["outlet", "published", "language"]].iloc[row]
        url, title, text = self._texts[identity]
        query = self._check.question.query
        original = f" · {safe.link(url, 'Read the original ↗')}" if safe.web_url(url) else ""
        title_html = safe.highlight(title, spans(query, title, "title")) if title else "(no title)"
        return (
            f"<h2>{title_html}</h2>"
            f'<p class="quiet">{safe.text(article["outlet"])} · {formats.day(article["published"])}'
            f"{original}</p>"
            f'<div class="body">{marked_text(text, article["language"], (query,))}</div>'
        )

    def _keep_texts(self, ids: list[int]) -> None:
        if not ids:
            return
        texts = self._read_texts(ids, ["url", "title", "text"])
        for identity, *parts in zip(ids, texts["url"], texts["title"], texts["text"], strict=True):
            url, title, text = (part if isinstance(part, str) else None for part in parts)
            self._texts[identity] = url, title, text

    def _read_ahead(self) -> None:
        """Read the texts that come next, once half of those that were read ahead are used up."""
        ids = self._check.todo(self._coder)[:_AHEAD].tolist()
        if any(identity not in self._texts for identity in ids[: _AHEAD // 2]):
            self._keep_texts([identity for identity in ids if identity not in self._texts])

    def _go(self, action: str, value: Any) -> None:
        self._problem = ""
        try:
            if action == "undo":
                self._check.undo(self._coder)
            elif action == "on":
                self._half_width = None
            # an answer is of the article that was on screen; a second press, on the next one's button, is
            # kept from counting by the page (markup.js)
            elif action == "code" and isinstance(value, list) and len(value) == 2 and value[0] == self._at:
                self._check.code(value[0], str(value[1]), self._coder)
            else:
                return
        except DatasetError as error:
            self._problem = f"Not kept: {error}"
        self.draw()
        self._read_ahead_later()
        self._follow_later()

    def _follow(self) -> None:
        """What answers entail, when the coder pauses, if only to read."""
        self._stop_where_enough()
        if self._on_change is not None:
            self._on_change()


class Later:
    """Calls `do` once, when it was not asked for during `pause_ms`; at once where there is no page."""

    def __init__(self, do: Callable[[], None], pause_ms: int) -> None:
        self._do, self._pause_ms = do, pause_ms
        self._waiting: Any = None

    def __call__(self) -> None:
        document = pn.state.curdoc
        if document is None or document.session_context is None:
            self._do()
            return
        if self._waiting is not None:
            document.remove_timeout_callback(self._waiting)
        self._waiting = document.add_timeout_callback(self._run, self._pause_ms)

    def _run(self) -> None:
        self._waiting = None
        self._do()
