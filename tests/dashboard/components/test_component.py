"""What is drawn by a module of ours: as the browser reads it, without help."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dashboard.components.browser.address import Address
from dashboard.components.browser.component import Component
from dashboard.components.browser.drop import Drop
from dashboard.components.charts.chart import Chart
from dashboard.components.markup import Markup

KINDS = {Address: Address, Chart: Chart, Drop: lambda: Drop(on_files=print), Markup: Markup}


def test_all_kinds_are_named_here() -> None:
    assert set(Component.__subclasses__()) == set(KINDS)


@pytest.mark.parametrize(("kind", "make"), KINDS.items())
def test_a_module_goes_to_the_browser_as_it_stands_once_for_all_of_a_kind(kind: type, make: Any) -> None:
    one, other = (make()._get_model(None) for _ in range(2))
    assert one.bundle == other.bundle == kind.__name__  # what is in a bundle is not translated
    assert one.esm == other.esm
    assert re.search(r"^export function render\b", one.esm, re.MULTILINE)
    assert not re.search(r"^\s*import\b", one.esm, re.MULTILINE)
