"""How the process of a server ends once it serves nobody."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import threading
from typing import NoReturn

from dashboard.session.reader import start_no_more


def end_process() -> NoReturn:
    """End this process with 0, and what it has started with it, whatever its daemon threads are at.

    Python (3.11) takes itself apart under threads for which it does not wait, and what is then left for one
    that comes back from Arrow or Tantivy may end the process with SIGSEGV.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # a page may keep a file in a thread of its own
    start_no_more()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # whoever read it may be gone
            stream.flush()
    os._exit(0)
