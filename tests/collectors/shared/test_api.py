"""Keys never show, and odd answers are named for what they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.collector import Context
from collectors.errors import CollectError
from collectors.settings import load_sources
from collectors.shared import api
from collectors.shared.options import Options
from collectors.shared.timestamps import parse_iso, parse_stamp, stamp
from collectors.source import Source

KEY = "s3cr+t/key=1"


def source(**options):
    return Source(name="mine", kind="gdelt", url="http://127.0.0.1/", outlet="Mine", options=options)


@pytest.mark.parametrize(
    "text",
    [
        f"http_500 https://content.example/search?q=ai&api-key={KEY}",
        "http_500 https://content.example/search?api-key=s3cr%2Bt%2Fkey%3D1&q=ai",
        f"Token {KEY} refused",
        "https://x.example/?apikey=other-secret-1 and ?access_token=other-secret-1&token=other-secret-1",
    ],
)
def test_n23_a_key_is_scrubbed_however_it_was_written(text):
    scrubbed = api.scrub(text, KEY)
    assert KEY not in scrubbed and "s3cr" not in scrubbed and "other-secret-1" not in scrubbed
    assert "***" in scrubbed


@pytest.mark.parametrize(
    "name", ["api_key", "X-Amz-Signature", "client_secret", "pass", "sig", "AWSAccessKeyId"]
)
def test_n23_a_parameter_that_is_named_like_a_secret_is_masked(name):
    assert api.scrub(f"https://x.example/?a=1&{name}=hunter2&b=2") == f"https://x.example/?a=1&{name}=***&b=2"
    assert api.scrub(f"https://x.example/?{name}=hunter2: 404") == f"https://x.example/?{name}=***: 404"
    assert "hunter2" not in api.scrub(f"https://x.example/?to=https%3A%2F%2Fy.example%3F{name}%3Dhunter2")


@pytest.mark.parametrize("user", ["me:hunter2", "hunter2", ":hunter2", "me:hunter2@x", "me:%68unter2"])
def test_n23_who_logs_in_is_masked(user):
    said = f"https://{user}@x.example/feed: x.example answered 401"
    assert api.scrub(said) == "https://***@x.example/feed: x.example answered 401"


@pytest.mark.parametrize(
    "plain",
    ["https://x.example/@author/2025?page=2", "mail a@x.example", "https://x.example/?design=new#a@b"],
)
def test_what_is_no_secret_is_left_as_it_is(plain):
    assert api.scrub(plain) == plain


@st.composite
def keys_and_encodings(draw) -> tuple[str, str]:
    """A key, and a percent-encoding of it: any characters escaped, in either case, once or repeatedly."""
    # The mask is made of asterisks, so a key of them cannot be told from it.
    key = draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="*"), min_size=1))
    times = draw(st.integers(0, 3))

    def written(character: str) -> str:
        if not draw(st.booleans()):
            return character
        escape = draw(st.sampled_from(["%%%02x", "%%%02X"]))
        text = "".join(escape % byte for byte in character.encode())
        return text.replace("%", "%" + "25" * times)

    return key, "".join(map(written, key))


@given(keys_and_encodings())
def test_n23_no_percent_encoding_of_a_key_survives(key_and_encoded):
    key, encoded = key_and_encoded
    assert encoded not in api.scrub(f"https://x.example/?q={encoded}&page=1", key)


@pytest.mark.parametrize("text", ["key", "//", "//a@", "%25", "pass=", "a-", "%", "a"])
def test_n18_a_hostile_answer_is_scrubbed_in_time_linear_in_its_length(text):
    for key in (None, "%25%25%25", "%%%%%25", "a" * 40):
        api.scrub(text * 50_000, key)


def test_a_missing_key_says_which_variable_and_where_to_get_it():
    context = Context(fetch=None, cursor=None, workers=None, environ={"GUARDIAN_API_KEY": "  "})
    with pytest.raises(
        CollectError, match="set GUARDIAN_API_KEY in the environment; it is free at"
    ) as caught:
        api.require_key(context, "GUARDIAN_API_KEY", "it is free at https://example.org")
    assert caught.value.reason == "missing_key"


def test_backslashes_that_are_no_escapes_are_kept_as_text():
    broken = r'{"title": "C:\data \"quoted\" \\ \u00e9 \u12"}'
    assert json.loads(api._ESCAPE.sub(api._repaired, broken))["title"] == 'C:\\data "quoted" \\ é \\u12'


@pytest.mark.parametrize("answer", [[], "text", None, {"articles": {}}, {"articles": [1]}, {"other": []}])
def test_n23_a_changed_schema_is_an_error_and_never_nothing_found(answer):
    with pytest.raises(CollectError) as caught:
        api.rows_of(answer, "articles")
    assert caught.value.reason == "schema_changed"


def test_a_misspelt_option_suggests_the_right_one():
    with pytest.raises(CollectError, match="did you mean `query`"):
        Options(source(qeury="ai"), "query", "timeline")


def test_a_misspelt_setting_of_every_kind_is_suggested_with_its_line(tmp_path):
    file = tmp_path / "sources.toml"
    file.write_text('[[source]]\nname = "A"\nurl = "https://a.example/feed"\nlokal = true\n')
    (misspelt,), errors = load_sources(file)
    assert errors == []
    with pytest.raises(
        CollectError, match=r"'A', line 4 of the settings: .* no option `lokal`; did you mean `local`\?"
    ):
        Options(misspelt)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (7, "text"),
        ("7", "whole"),
        (True, "whole"),
        (101, "whole"),
        ([1], "words"),
        ("yes", "flag"),
        ("a", "table"),
    ],
)
def test_a_mistyped_option_is_named(value, read):
    options = Options(source(it=value), "it")
    with pytest.raises(CollectError, match="`it` must be") as caught:
        options.whole("it", 5, 1, 100) if read == "whole" else getattr(options, read)("it")
    assert caught.value.reason == "bad_option"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-20", (datetime(2025, 1, 20, tzinfo=UTC), "day")),
        ("2025-01-20T08:30:00Z", (datetime(2025, 1, 20, 8, 30, tzinfo=UTC), "second")),
        ("2025-01-20T08:30+02:00", (datetime(2025, 1, 20, 6, 30, tzinfo=UTC), "second")),
        ("2025-01-20 08:30:00", (datetime(2025, 1, 20, 8, 30, tzinfo=UTC), "second")),
        ("2025-02-31", (None, None)),
        ("2025", (None, None)),
        ("0001-01-01T00:00:00+23:00", (None, None)),
        ("9999-12-31T23:59:59-23:00", (None, None)),
        ("٢٠٢٥-٠١-٢٠", (None, None)),
        ("yesterday evening", (None, None)),
        (None, (None, None)),
    ],
)
def test_p10_a_date_is_utc_or_unknown(text, expected):
    assert parse_iso(text) == expected


def test_a_stamp_of_14_digits_is_read_and_written():
    assert parse_stamp("20250120083000") == datetime(2025, 1, 20, 8, 30, tzinfo=UTC)
    assert stamp(datetime(2025, 1, 20, 8, 30, tzinfo=UTC)) == "20250120083000"
    assert [parse_stamp(text) for text in ("20250231000000", "2025", "²0250120083000", None)] == [None] * 4
