"""The `pressgauge` command, also as `python -m pressgauge`.

It is `dashboard.cli`; that is a common name, so whose `dashboard` this is gets checked before it is run.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

_BESIDE = Path(__file__).resolve().parent.parent


def foreign() -> list[str]:
    """The packages `collectors` and `dashboard` that Python would import from somewhere else."""
    return [
        name
        for name in ("collectors", "dashboard")
        if (spec := find_spec(name)) is None or Path(spec.origin or "").resolve().parent != _BESIDE / name
    ]


def main() -> None:
    """Run the command. Ends with 1, and says why, where another package has the name of one of ours."""
    if names := foreign():
        origins = [spec.origin for name in names if (spec := find_spec(name)) is not None]
        sys.exit(
            f"pressgauge: another package is imported as {' and '.join(names)} "
            f"({', '.join(map(str, origins))}); install pressgauge in an environment of its own, "
            "as uvx and pipx do"
        )
    import_module("dashboard.cli").main()


if __name__ == "__main__":
    main()
