"""What only the browser knows: the page's address, its width, the theme that the system prefers.

The view goes into the address, and the browser's back and forward buttons bring it out again: Panel's own
Location writes the address but does not hear the back button.
"""

from __future__ import annotations

from pathlib import Path

import param

from dashboard.components.browser.component import Component


class Address(Component):
    """`query` is the query string of the address, without its question mark."""

    query = param.String(default="")
    title = param.String(default="Pressgauge", doc="What window, history and screen reader call the page.")
    narrow = param.Boolean(default=False, doc="Whether the drawer of filters would lie over the page.")
    dark = param.Boolean(default=False, doc="Whether the system prefers dark pages.")

    _esm = Path(__file__).parents[2] / "assets" / "address.js"
