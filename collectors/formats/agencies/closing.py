"""What agencies put under a text for editors: initials, a signature, their own name."""

from __future__ import annotations

import re

_INITIALS = re.compile(
    r"^(?:[a-z]{1,7}(?:[-/][a-z]{1,7}){1,8}|(?:dpa|AAP|APA|AFP|NTB|TT|ANSA|Reuters?|REUTERS?"
    r"|sda|ats|afp)(?:[ -/]+[\w-]{2,4}){0,8}"
    r"|-{2,}|#{2,}|-?30-?|ENDS?|E N D)[.\s]*$"
)


def without_closing(lines: list[str]) -> list[str]:
    """`lines` without the signature lines at their end; a text that is only such a line stays."""
    end = len(lines)
    while end > 1 and len(lines[end - 1]) <= 40 and _INITIALS.match(lines[end - 1]):
        end -= 1
    return lines[:end]
