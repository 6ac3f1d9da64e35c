"""Where a source's collector stands between refreshes."""

from __future__ import annotations

import json
from typing import Any


class Cursor:
    """Where a source's collector stands, by keys of its own; values are JSON.

    `position` is how many items of the collector have been taken: the refresh counts it up, and a `set`
    belongs to all items taken before it.
    """

    def __init__(self, values: dict[str, str] | None = None) -> None:
        self._values = dict(values or {})
        self._sets: list[tuple[int, str, str]] = []
        self.position = 0

    def get(self, key: str) -> Any:
        """The value last set, or None."""
        text = self._values.get(key)
        return None if text is None else json.loads(text)

    def set(self, key: str, value: Any) -> None:
        self._values[key] = json.dumps(value)
        self._sets.append((self.position, key, self._values[key]))

    def take_settled(self, items: int) -> dict[str, str]:
        """What was set when at most `items` items had been taken, as JSON by key; it is given once."""
        settled = {key: value for position, key, value in self._sets if position <= items}
        self._sets = [one for one in self._sets if one[0] > items]
        return settled
