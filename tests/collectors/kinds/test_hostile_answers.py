"""Whatever a service puts into its fields, each row has exactly one outcome and nothing else is raised."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.candidate import Candidate, Window
from collectors.errors import CollectError
from tests.examples import examples

NOON = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
WINDOW = Window(NOON, NOON + timedelta(minutes=20))
ENVIRON = {"GUARDIAN_API_KEY": "key-1", "MEDIACLOUD_API_KEY": "key-2"}
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ADDRESSES = st.sampled_from(
    ["https://a.example/1", "http://[bad", "javascript:alert(1)", "//x", "https://\udc00", ""]
)
FIELDS = {
    "gdelt": ("url", "title", "seendate", "domain", "language", "sourcecountry"),
    "hackernews": ("objectID", "title", "url", "points", "created_at_i"),
    "mediacloud": ("id", "url", "title", "publish_date", "language", "media_name", "media_url"),
    "guardian": ("id", "webUrl", "webTitle", "webPublicationDate", "fields", "tags"),
}
ANSWERS = {
    "gdelt": lambda rows: {"articles": rows},
    "hackernews": lambda rows: {"hits": rows, "nbHits": len(rows)},
    "mediacloud": lambda rows: {"stories": rows, "pagination_token": None},
    "guardian": lambda rows: {"response": {"pages": 1, "results": rows}},
}
NEEDED = {"mediacloud": {"collections": ["1"]}}
queries = (f"query {n}" for n in itertools.count())


@pytest.mark.parametrize("kind", sorted(FIELDS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40))
@given(data=st.data())
async def test_p09_any_values_in_the_fields_give_one_outcome_a_row(serve, collect, kind, data):
    row = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS[kind], VALUES | ADDRESSES))
    rows = data.draw(
        st.lists(row, max_size=4, unique_by=lambda row: repr(row.get("url", row.get("webUrl", row))))
    )

    async def handler(request):
        return web.json_response(ANSWERS[kind](rows))

    service = await serve(handler)
    collected = await collect(
        kind, service.url, WINDOW, environ=ENVIRON, query=next(queries), **NEEDED.get(kind, {})
    )
    assert len(collected.found) == len(rows)
    for found in collected.candidates:
        assert isinstance(found.url, str) and found.url
        assert found.title is None or isinstance(found.title, str)
        assert found.published is None or found.published.tzinfo is not None


@pytest.mark.parametrize("kind", sorted([*FIELDS, "wayback"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(30))
@given(answer=VALUES)
async def test_n23_any_other_answer_is_a_collect_error_or_nothing(serve, collect, kind, answer):
    async def handler(request):
        return web.json_response(answer)

    service = await serve(handler)
    query = (
        {"pages": next(queries)} if kind == "wayback" else {"query": next(queries), **NEEDED.get(kind, {})}
    )
    try:
        collected = await collect(kind, service.url, WINDOW, environ=ENVIRON, **query)
    except CollectError as error:
        assert error.reason in ("schema_changed", "not_json")
    else:
        assert not any(isinstance(found, Candidate) for found in collected.found)
