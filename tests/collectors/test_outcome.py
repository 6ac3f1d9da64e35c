"""What is kept of a page that is asked for again, so that the second time knows what the first did."""

from __future__ import annotations

from datetime import UTC, datetime

from collectors.candidate import Candidate
from collectors.outcome import Outcome


def test_a_page_is_asked_for_again_with_all_that_its_source_said_of_it_but_the_text() -> None:
    announced = Candidate(
        "https://press.example/1",
        title="Open weights",
        published=datetime(2025, 1, 20, 9, 30, tzinfo=UTC),
        published_precision="second",
        authors=("Ada", "Grace"),
        outlet="The Post",
        domain="post.example",
        country="GB",
        language="en",
        details={"page": "3", "section": "Technology"},
    )
    kept = Outcome.of(announced, "An archive", "failed", "http_503", 1)
    assert kept.candidate() == announced


def test_a_page_whose_bytes_were_given_is_asked_for_with_its_address_alone() -> None:
    given = Candidate("https://press.example/1", title="Open weights", html=b"<p>")
    assert Outcome.of(given, "An archive", "failed", "parser_timeout", 1).candidate() == Candidate(given.url)
