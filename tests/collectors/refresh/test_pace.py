"""A refresh says where it stands, from its first second on."""

from __future__ import annotations

from collectors.ledger import SourceLedger
from collectors.refresh.pace import Pace
from collectors.refresh.progress import event_of


def ledger(source: str, stage: str, seen: int = 0, stored: int = 0, failed: int = 0) -> dict[str, object]:
    one = SourceLedger(source, seen, stored, stage=stage)  # type: ignore[arg-type]
    if failed:
        one.count("failed", "http_503", by=failed)
    return event_of(one)


def test_sources_entries_articles_and_the_rate_are_told() -> None:
    pace = Pace(100.0)
    pace.observe(ledger("A", "done", seen=30, stored=20, failed=10), 101.0)
    pace.observe(ledger("B", "reading", seen=10, stored=4), 129.0)
    pace.observe(ledger("C", "waiting"), 100.0)
    assert pace.headline(130.0) == (
        "1 of 3 sources done; 40 entries seen, 34 dealt with; 24 new articles, 48 a minute"
    )


def test_before_anything_was_heard_nothing_is_said() -> None:
    assert Pace(0.0).headline(1.0) == ""


def test_at_the_start_no_rate_is_told() -> None:
    pace = Pace(0.0)
    pace.observe(ledger("A", "reading", seen=1, stored=1), 1.0)
    assert pace.headline(2.0) == "0 of 1 source done; 1 entry seen, 1 dealt with; 1 new article"


def test_what_tells_nothing_new_for_long_is_named_the_slowest_first() -> None:
    pace = Pace(0.0)
    for number, name in enumerate("ABCDE"):
        pace.observe(ledger(name, "asking"), number)
    pace.observe(ledger("waits its turn", "waiting"), 0)
    pace.observe(ledger("over", "done"), 0)
    pace.observe(ledger("B", "asking"), 39.0)  # told again, but nothing new
    pace.observe(ledger("A", "asking", seen=1), 39.0)
    assert pace.slow(40.0) == [("B", 39.0), ("C", 38.0), ("D", 37.0), ("E", 36.0)]
    assert pace.headline(40.0).endswith("; waiting for B (39 s), C (38 s), D (37 s) and 1 more")


def test_at_the_end_it_is_told_what_is_done_for_all_sources_together() -> None:
    pace = Pace(0.0)
    for stage, words in (("storing", "storing the articles"), ("indexing", "bringing the search index")):
        for name in "AB":
            pace.observe(ledger(name, stage, seen=1, stored=1), 1.0)
        assert pace.headline(2.0).startswith("2 of 2 sources done; ")
        assert words in pace.headline(2.0)
