"""Saved views: links under a name, kept beside the dataset, for everybody or for one visitor."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from dashboard.session.view import View
from pressgauge.errors import PressgaugeError
from pressgauge.settings import editing
from pressgauge.store import disk

LONGEST_VIEW_NAME = 80
_LONGEST_QUERY = 16_000
_MOST = 500
"""Saved views of one dataset, at most."""
_LARGEST = 16 << 20


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view under a name: `query` is that of its address, `owner` who alone sees it (None: everybody),
    `saved` the UTC day in ISO format."""

    number: int
    name: str
    query: str
    owner: str | None
    saved: str

    @property
    def view(self) -> View:
        """The view; what it asks for and there is not any more is told when it is open."""
        return View.from_query(self.query)


class SavedViews:
    """The saved views of a dataset's folder, in the file `views.json`, as they are at each question.

    Every change is made under a lock and replaces the file in one step. All raise PressgaugeError when the
    file cannot be used, OSError when it cannot be written.
    """

    def __init__(self, folder: str | Path) -> None:
        self.file = Path(folder) / "views.json"

    def of(self, user: str | None) -> list[SavedView]:
        """Those that a visitor sees, by their names: everybody's, and their own."""
        views = [view for view in self._load_views() if view.owner is None or view.owner == user]
        return sorted(views, key=lambda view: (view.name.casefold(), view.number))

    def save(self, name: str, query: str, owner: str | None = None) -> SavedView:
        """Keep a view under a name that no other of the same owner has."""
        if len(query) > _LONGEST_QUERY:
            raise PressgaugeError("the address of this view is too long to be kept")
        with editing.locked(self.file):
            views = self._load_views()
            if len(views) >= _MOST:
                raise PressgaugeError(f"{_MOST} views are saved already; delete some")
            number = max((view.number for view in views), default=0) + 1
            today = datetime.now(UTC).date().isoformat()
            addition = SavedView(number, _valid_name(name, owner, views), query, owner, today)
            self._write([*views, addition])
        return addition

    def rename(self, number: int, name: str, *, everybodys: bool, user: str | None) -> None:
        """Give a view another name. `everybodys` says whether the visitor may change what all see."""
        with editing.locked(self.file):
            views = self._load_views()
            old = _of(views, number, everybodys=everybodys, user=user)
            others = [view for view in views if view != old]
            new = replace(old, name=_valid_name(name, old.owner, others))
            self._write([new if view == old else view for view in views])

    def delete(self, number: int, *, everybodys: bool, user: str | None) -> None:
        """Forget a view, with the same meaning of the options."""
        with editing.locked(self.file):
            views = self._load_views()
            old = _of(views, number, everybodys=everybodys, user=user)
            self._write([view for view in views if view != old])

    def _load_views(self) -> list[SavedView]:
        try:
            with self.file.open("rb") as stream:
                content = stream.read(_LARGEST + 1)
            if len(content) > _LARGEST:
                raise ValueError("it is too large")
            entries = json.loads(content)
            views = [SavedView(**each) for each in entries]
            for view in views:
                texts = (view.name, view.query, view.saved)
                if type(view.number) is not int or not all(isinstance(text, str) for text in texts):
                    raise ValueError("an entry has other fields")
                if view.owner is not None and not isinstance(view.owner, str):
                    raise ValueError("an entry has other fields")
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise PressgaugeError(
                f"the saved views cannot be read from {self.file} ({error}); mend the file, or put it aside"
            ) from error
        return views

    def _write(self, views: list[SavedView]) -> None:
        rows = json.dumps([asdict(view) for view in views], ensure_ascii=False, indent=1)
        disk.replace(self.file, rows.encode("utf-8", "replace"))


def _valid_name(name: str, owner: str | None, others: list[SavedView]) -> str:
    """A name as it is kept. Raises PressgaugeError for one that cannot be, or is taken."""
    line = editing.single_line(name, "a view needs a name", LONGEST_VIEW_NAME)
    if any(view.owner == owner and view.name.casefold() == line.casefold() for view in others):
        raise PressgaugeError(f"there is a view named {line!r} already; choose another name")
    return line


def _of(views: list[SavedView], number: int, *, everybodys: bool, user: str | None) -> SavedView:
    """The view of that number, if the visitor may change it."""
    for view in views:
        mine = everybodys if view.owner is None else view.owner == user
        if view.number == number and mine:
            return view
    raise PressgaugeError("this view was deleted by somebody else, or is not yours to change")
