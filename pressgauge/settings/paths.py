"""The one place for a path: where settings, datasets and their side files live."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent.parent
_SHIPPED = Path(__file__).with_name("defaults")
"""In an installed package: the settings of the checkout's `data/` that it was made of."""
NAMES = ("sources", "outlets", "topics", "events", "people", "codebook", "alerts")


def data_dir() -> Path:
    """The folder of settings and datasets: `$PRESSGAUGE_DATA`, else the checkout's `data/`, else `./data`."""
    if configured := os.environ.get("PRESSGAUGE_DATA"):
        return Path(configured).expanduser()
    return _ROOT / "data" if _is_checkout() else Path.cwd() / "data"


def _is_checkout() -> bool:
    """Whether this is the repository: where packages are installed, `data/` is some other package's."""
    return (_ROOT / "pyproject.toml").is_file() and (_ROOT / "data" / "topics.toml").is_file()


def copy_settings() -> list[Path]:
    """Copy each settings file that is missing in `data_dir` from what was installed; those that were made.

    Raises OSError when the folder cannot be written.
    """
    shipped = _SHIPPED if _SHIPPED.is_dir() else _ROOT / "data"
    copies = []
    for name in NAMES:
        origin, file = shipped / f"{name}.toml", data_dir() / f"{name}.toml"
        if origin.is_file() and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(origin, file)
            copies.append(file)
    return copies


def _settings_file(name: str) -> Path:
    """A settings file of the user's, or the installed one while `./data` has none: reading makes none."""
    file, shipped = data_dir() / f"{name}.toml", _SHIPPED / f"{name}.toml"
    ours = "PRESSGAUGE_DATA" not in os.environ and shipped.is_file() and not file.exists()
    return shipped if ours else file


def sources_file() -> Path:
    return _settings_file("sources")


def topics_file() -> Path:
    return _settings_file("topics")


def outlets_file() -> Path:
    return _settings_file("outlets")


def events_file() -> Path:
    return _settings_file("events")


def codebook_file() -> Path:
    return _settings_file("codebook")


def names_file() -> Path:
    return _settings_file("names")


def people_file() -> Path:
    return _settings_file("people")


def alerts_file() -> Path:
    return _settings_file("alerts")


def default_dataset() -> Path:
    """The dataset that a refresh fills and the app opens."""
    return data_dir() / "coverage"


def demo_dataset() -> Path:
    """The synthetic press, shown while the real dataset is empty."""
    return data_dir() / "demo"
