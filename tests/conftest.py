"""Fixtures every room shares."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real pages, feeds and answers beside the checkout; tests that need them skip visibly where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder with real pages is not beside this checkout")
    return SHARED
