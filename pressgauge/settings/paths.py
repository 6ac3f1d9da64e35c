"""The one place for a path: where settings, datasets and their side files live."""

from __future__ import annotations

import os
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent.parent / "data"


def data_dir() -> Path:
    """The folder of settings and datasets: `$PRESSGAUGE_DATA`, else the checkout's `data/`, else `./data`."""
    if configured := os.environ.get("PRESSGAUGE_DATA"):
        return Path(configured).expanduser()
    return _CHECKOUT if _CHECKOUT.is_dir() else Path.cwd() / "data"


def sources_file() -> Path:
    return data_dir() / "sources.toml"


def topics_file() -> Path:
    return data_dir() / "topics.toml"


def outlets_file() -> Path:
    return data_dir() / "outlets.toml"


def events_file() -> Path:
    return data_dir() / "events.toml"


def codebook_file() -> Path:
    return data_dir() / "codebook.toml"


def people_file() -> Path:
    return data_dir() / "people.toml"


def default_dataset() -> Path:
    """The dataset that a refresh fills and the app opens."""
    return data_dir() / "coverage"


def demo_dataset() -> Path:
    """The synthetic press, shown while the real dataset is empty."""
    return data_dir() / "demo"
