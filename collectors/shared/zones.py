"""Names of time zones that stand for one offset, as mail headers, pages and databases write them."""

from __future__ import annotations

HOURS: dict[str, float] = {
    **{"UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1},
    **{"MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "HKT": 8, "SGT": 8, "JST": 9, "KST": 9, "AEST": 10},
    **{"AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7},
    **{"MDT": -6, "PST": -8, "PDT": -7},
}
"""Hours from UTC. IST is none of them: it is written in India, in Israel and in Ireland. CST, BST and the
others are read as in the press of North America and Europe, where nearly all that writes them is from."""
