"""How often a process that only collects looks for what nothing refers to any more."""

from __future__ import annotations

import gc

_OBJECTS_PER_COLLECTION = 10_000


def collect_garbage_seldom() -> None:
    """Look for garbage a tenth as often as Python does by itself, and not among what is there by now.

    Call it once the imports are done: what they made stays, and would be looked through again and again.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_PER_COLLECTION)
