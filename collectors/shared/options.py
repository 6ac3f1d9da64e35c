"""A source's own options, read with their types; a misspelt or mistyped one stops that source, clearly."""

from __future__ import annotations

import difflib

from collectors.errors import CollectError
from collectors.source import COMMON_SETTINGS, Source


class Options:
    """The options of `source`; raises CollectError('bad_option') for a name that is not among `names`, with
    the option, or setting of every kind, that it resembles."""

    def __init__(self, source: Source, *names: str) -> None:
        self._source = source
        for name in source.options:
            if name not in names:
                near = difflib.get_close_matches(name, (*names, *COMMON_SETTINGS), 1)
                hint = f"did you mean `{near[0]}`?" if near else f"it knows {', '.join(names) or 'none'}."
                raise self._wrong(name, f"kind '{source.kind}' has no option `{name}`; {hint}")

    def _wrong(self, name: str, problem: str) -> CollectError:
        line = self._source.lines.get(name)
        place = f", line {line} of the settings" if line else ""
        return CollectError("bad_option", f"source '{self._source.name}'{place}: {problem}")

    def text(self, name: str, default: str = "") -> str:
        value = self._source.options.get(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, f"`{name}` must be text in quotes, not {value!r}.")
        return value.strip()

    def required(self, name: str, example: str) -> str:
        if not (value := self.text(name)):
            raise self._wrong(name, f'it needs `{name}`, for example {name} = "{example}".')
        return value

    def choice(self, name: str, *choices: str) -> str:
        """One of `choices`; the first is the default."""
        if (value := self.text(name, choices[0])) not in choices:
            raise self._wrong(name, f"`{name}` must be one of {', '.join(choices)}, not '{value}'.")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._source.options.get(name, default)
        if not isinstance(value, bool):
            raise self._wrong(name, f"`{name}` must be true or false, not {value!r}.")
        return value

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        value = self._source.options.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self._wrong(name, f"`{name}` must be a whole number from {low} to {high}, not {value!r}.")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A list of texts; one text stands for a list of one."""
        value = self._source.options.get(name, [])
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise self._wrong(name, f'`{name}` must be a list of texts, for example {name} = ["a", "b"].')
        return tuple(text.strip() for text in texts)

    def table(self, name: str) -> dict[str, str]:
        """A table of texts, for example `columns = { url = "link" }`."""
        value = self._source.options.get(name, {})
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            raise self._wrong(
                name, f'`{name}` must be a table of texts, for example {name} = {{ url = "link" }}.'
            )
        return dict(value)
