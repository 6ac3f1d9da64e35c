"""One family of errors, drawn as a tree, and one table of reasons that says what each word means."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import collectors
import dashboard
import pressgauge
from collectors.errors import CollectError, FetchError
from collectors.reasons import REASONS, as_markdown, reason_of
from pressgauge import errors
from pressgauge.errors import PressgaugeError


def family(root: type[BaseException]) -> set[str]:
    return {root.__name__}.union(*(family(child) for child in root.__subclasses__()))


def test_the_tree_names_every_error_that_is_raised_on_purpose() -> None:
    for package in (pressgauge, collectors, dashboard):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    assert set(re.findall(r"\b\w+Error\b", errors.__doc__ or "")) == family(PressgaugeError)


def test_a_request_that_fails_is_a_source_that_fails_and_names_its_address_without_keys() -> None:
    error = FetchError("http_404", "https://a.example/feed?key=s3cret", "a.example answered 404")
    assert isinstance(error, CollectError)
    assert str(error) == "http_404: https://a.example/feed?key=***: a.example answered 404"


def test_a_reason_with_a_detail_and_any_status_is_found_in_the_table() -> None:
    assert reason_of("parser_error:ValueError") is REASONS["parser_error"]
    assert reason_of("http_418").passes is False
    assert reason_of("http_599").passes is True


def test_every_sentence_is_one() -> None:
    assert all(re.fullmatch(r"[A-Z].*\.", reason.sentence) for reason in REASONS.values())


def test_the_page_of_reasons_is_the_table() -> None:
    page = Path(__file__).resolve().parent.parent / "docs" / "reasons.md"
    assert as_markdown() in page.read_text(encoding="utf-8")
