"""A value read from a page, with where it was read and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Extracted(Generic[Value]):
    """`source` is 'json-ld', 'opengraph', 'trafilatura', ...; `confidence` is a share between 0 and 1."""

    value: Value
    source: str
    confidence: float
