"""The part of plotly.js that our figures need, as a file of this server and packed into a document."""

from __future__ import annotations

import base64
import gzip
from functools import cache
from pathlib import Path

LIBRARY = Path(__file__).parent / "vendor" / "plotly-cartesian.min.js"
"""Panel serves only files below the module of a component."""


@cache
def library_base64() -> str:
    """The library compressed, as base64: what a self-contained document carries (it unpacks itself)."""
    return base64.b64encode(gzip.compress(LIBRARY.read_bytes(), 9)).decode("ascii")
