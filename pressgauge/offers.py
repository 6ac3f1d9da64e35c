"""What packages of the floors above offer to a dataset: functions that they name as entry points."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

from pressgauge.errors import PressgaugeError

GROUP = "pressgauge.dataset"
"""The entry point group in which a package offers what a dataset can do with it: functions of the dataset."""


def offered(name: str) -> Callable[..., Any]:
    """The function that an installed package offers by that name. Raises PressgaugeError without one."""
    for point in entry_points(group=GROUP, name=name):
        function: Callable[..., Any] = point.load()
        return function
    raise PressgaugeError(f"no installed package offers {name}; run make setup, which installs all")
