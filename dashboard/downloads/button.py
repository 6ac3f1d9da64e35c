"""A button that makes a file and saves it."""

from __future__ import annotations

import io
from collections.abc import Callable

import panel_material_ui as pmui


def download_button(label: str, filename: str, make: Callable[[], bytes]) -> pmui.FileDownload:
    """A button that saves what `make` gives as a file of that name, at each click."""

    def callback() -> io.BytesIO:
        button.data = None  # the page saves what changes: the same file again would not be saved
        return io.BytesIO(make())

    button = pmui.FileDownload(label=label, filename=filename, callback=callback, size="small", margin=2)
    button.variant = "text"  # an argument of that name Panel 1.9 reads twice, and warns of the second time
    return button
