"""The page's address: the view goes into it, and the browser's back and forward buttons bring it out again.

Panel's own Location writes the address but does not hear the back button.
"""

from __future__ import annotations

from pathlib import Path

import panel as pn
import param


class Address(pn.custom.JSComponent):
    """`query` is the query string of the address, without its question mark."""

    query = param.String(default="")

    _esm = Path(__file__).parent / "assets" / "address.js"
