"""How many examples a property is tried with."""

from __future__ import annotations

from hypothesis import settings


def examples(hundred_per_cent: int) -> int:
    """As many of them as the profile of this run asks for, whose `max_examples` is read as per cent."""
    return max(3, hundred_per_cent * settings.default.max_examples // 100)
