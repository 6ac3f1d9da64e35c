"""What a query means, and how a wrong one is explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressgauge.errors import QueryError
from pressgauge.search.nodes import And, AtLeast, Everything, HasValue, Not, Or, Published, Words
from pressgauge.search.query import MAX_LENGTH, parse

ANYWHERE = ("title", "text")


def word(text: str) -> Words:
    return Words(ANYWHERE, (text,))


def test_a_space_means_and() -> None:
    assert parse("openai deepseek") == parse("openai AND deepseek") == And((word("openai"), word("deepseek")))


def test_and_binds_tighter_than_or_written_or_not() -> None:
    assert parse("a1 b1 OR c1") == parse("a1 AND b1 OR c1") == Or((And((word("a1"), word("b1"))), word("c1")))


def test_not_binds_tightest_and_a_minus_is_the_same() -> None:
    assert parse("NOT a1 b1") == parse("-a1 b1") == And((Not(word("a1")), word("b1")))


@pytest.mark.parametrize(
    "query", ['"open source"', '"Open-Source"', "open-source", "“open source”", "「open source」"]
)
def test_hyphen_case_and_kind_of_quotation_mark_make_no_difference(query: str) -> None:
    assert parse(query) == Words(ANYWHERE, ("open", "source"))


def test_a_field_reaches_over_parentheses() -> None:
    assert parse("title:(a1 OR b1)") == Or((Words(("title",), ("a1",)), Words(("title",), ("b1",))))


def test_cased_keeps_the_capitals() -> None:
    assert parse("cased:Meta") == Words(("title_cased", "text_cased"), ("Meta",))


def test_a_domain_is_one_value() -> None:
    assert parse("domain:TheGuardian.com") == Words(("domain",), ("theguardian.com",))


def test_chinese_and_japanese_are_phrases_of_characters() -> None:
    assert parse("开源") == Words(ANYWHERE, ("开", "源"))
    assert parse("OpenAI発表") == Words(ANYWHERE, ("openai", "発", "表"))


def test_a_prefix_ends_in_a_star_in_a_word_or_a_phrase() -> None:
    assert parse("open*") == Words(ANYWHERE, ("open",), prefix=True)
    assert parse('"open so*"') == parse('"open so"*') == Words(ANYWHERE, ("open", "so"), prefix=True)


def test_a_number_after_a_phrase_is_a_distance() -> None:
    assert parse('"open model"~5') == Words(ANYWHERE, ("open", "model"), slop=5)


@pytest.mark.parametrize("query", ["", "   ", "*"])
def test_nothing_and_a_star_are_every_article(query: str) -> None:
    assert parse(query) == Everything()


def test_words_that_only_look_like_operators_are_words() -> None:
    assert parse("ANDROID NOTORIOUS") == And((word("android"), word("notorious")))
    assert parse('"and"') == word("and")


def microseconds(moment: str) -> int:
    import datetime as dt

    return int(dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ("published:[2025-01-20 TO 2025-02-03]", "2025-01-20T00:00", "2025-02-04T00:00"),
        ("published:2024-02", "2024-02-01T00:00", "2024-03-01T00:00"),
        ("published:2024", "2024-01-01T00:00", "2025-01-01T00:00"),
        ("published:2025-01-20T09:30Z", "2025-01-20T09:30", "2025-01-20T09:31"),
        ('published:"2025-01-20"', "2025-01-20T00:00", "2025-01-21T00:00"),
    ],
)
def test_a_bare_date_is_the_whole_of_it(query: str, since: str, until: str) -> None:
    assert parse(query) == Published(microseconds(since), microseconds(until))


def test_a_star_leaves_an_end_of_a_range_open() -> None:
    assert parse("published:[* TO 2024]") == Published(None, microseconds("2025-01-01T00:00"))
    assert parse("published:[2024 TO *]") == Published(microseconds("2024-01-01T00:00"), None)


@pytest.mark.parametrize(
    ("query", "position", "problem", "fix"),
    [
        ('openai "open source', 7, "quotation mark is not closed", 'Try openai "open source"'),
        ("meta OR (openai", 8, "parenthesis is not closed", "Try meta OR (openai)"),
        ("openai) meta", 6, "never opened", "Try openai meta"),
        ("openai ()", 8, "nothing between", "Delete"),
        ("openai AND", 7, "AND has nothing after it", "Try openai"),
        ("(openai OR )", 8, "OR has nothing after it", "Try (openai)"),
        ("openai NOT", 7, "NOT has nothing after it", "Try openai"),
        ("AND openai", 0, "AND has nothing before it", '"AND"'),
        ("openai OR OR meta", 10, "OR has nothing before it", "Delete"),
        ("openai and meta", 7, "capitals", "Write AND"),
        ("openai && meta", 7, "no operator", "Write AND"),
        ("openai | meta", 7, "no operator", "Write OR"),
        ("openai&&meta", 0, "no operator", "Write openai AND meta"),
        ("openai !meta", 7, "no operator", "Write NOT meta or -meta"),
        ("+openai meta", 0, "a space means AND", "Write openai"),
        ("/open.*/", 0, "regular expressions", "open*"),
        ("openai NEAR/5 meta", 7, "no operator", 'Write "open model"~5'),
        ("openai w/10 meta", 7, "no operator", 'Write "open model"~10'),
        ("'open source' meta", 0, "single quotation marks", 'Write "open source"'),
        ('"open * fair"', 6, "no wildcard", '"open model"~5'),
        ('"open so* model"', 8, "no wildcard", 'Only the last word: write "open so"*'),
        ('"op?n model"', 3, "no wildcard", "Only the last word"),
        ('"open sourc*"~5', 11, "do not go together", "Write open AND sourc*"),
        ("published:>2024-01-31", 10, "no meaning", "published:[2024-01-31 TO *]"),
        ("published:<=2024", 10, "no meaning", "published:[* TO 2024]"),
        ("outlets:guardian", 0, "no field outlets:", "Did you mean outlet:?"),
        ("see http://example.org", 4, "no field http:", "quotation marks"),
        ("title: ", 7, "must be followed by", "title:openai"),
        ("title:(text:openai)", 7, "text: is inside title:", "one field"),
        ("published:yesterday", 10, "not a date", "2025-01-20"),
        ("published:2025-02-30", 10, "not in the calendar", "2025-01-20"),
        ("published:[2025 TO 2024]", 19, "ends before it begins", "Try published:[2024 TO 2025]"),
        ("published:[2025-01-20]", 21, "two ends", "TO"),
        ("published:[2025 TO", 18, "two ends", "TO"),
        ("title:[openai TO meta]", 6, "only published:", "published:["),
        ("meta *ource", 5, "a * at the end", "open*"),
        ("so?rce", 2, "a * at the end", "open*"),
        ("a*", 0, "too many words", "two letters"),
        ("openai - meta", 7, "no letter or digit", "Delete"),
        ('openai ""', 7, "no letter or digit", "Delete"),
        ("openai~2", 6, "directly after a phrase", '"open model"~5'),
        ('"open model"~', 12, "directly after a phrase", '"open model"~5'),
        ('"open source model"~5', 0, "two different words", 'Try "open source"~5 AND "source model"~5'),
        ('"open model"~99999999999999999999', 0, "more than 1000", "AND"),
        ("openai^2", 6, "no meaning", "Delete"),
        ("openai {meta", 7, "no meaning", "quotation marks"),
    ],
)
def test_a_wrong_query_is_pointed_at_and_mended(query: str, position: int, problem: str, fix: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert (caught.value.position, caught.value.query) == (position, query)
    assert problem in caught.value.problem
    assert fix in (caught.value.suggestion or "")


@pytest.mark.parametrize(
    "text",
    ["C++", "Canal+", "Yahoo!", "AI/ML", "rock 'n' roll", "don't", "the drivers' strike"],
)
def test_signs_that_belong_to_words_are_no_mistake(text: str) -> None:
    assert parse(text) == parse(text.translate(dict.fromkeys(map(ord, "?!+"), None)))
    assert isinstance(parse(f'"{text}"'), Words)


def test_a_star_for_a_field_is_every_article_that_has_one() -> None:
    assert parse("author:*") == HasValue(("author",))
    assert parse("cased:*") == HasValue(("title_cased", "text_cased"))
    assert parse("published:*") == Published(None, None)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("language:German", "de"),
        ("language:en-GB", "en"),
        ("country:uk", "gb"),
        ('country:"South Korea"', "kr"),
    ],
)
def test_a_language_or_country_may_be_named(query: str, code: str) -> None:
    assert parse(query) == Words((query.partition(":")[0],), (code,))


def test_an_open_quotation_mark_is_closed_before_the_next_operator() -> None:
    with pytest.raises(QueryError) as caught:
        parse('"open source AND deepseek')
    assert caught.value.suggestion == 'Try "open source" AND deepseek'


@pytest.mark.parametrize("query", ['"open source', "(openai", "openai)", "openai AND", "(openai OR )"])
def test_a_suggested_query_can_be_read(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert parse((caught.value.suggestion or "").removeprefix("Try "))


@given(
    st.text(st.sampled_from('ab "()*~:-+[]{}^/\\&|!?.,’é开\n\0\ud800ANDORT0123publishedtitle'), max_size=40)
)
def test_any_text_is_a_query_or_an_explained_error(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert 0 <= error.position <= len(text)
        assert error.problem and error.suggestion


@pytest.mark.parametrize(
    "query",
    [
        "x" * 1_000_000,
        "(" * 10_000 + "x" + ")" * 10_000,
        "NOT " * 4_000 + "x",
        '"' * 9_999,
        "((a*)*)*" * 1_000,
        " OR ".join(["(a+)+$"] * 2_000),
        "a:" * 5_000,
        "ab* " * 4_000,
        "\\" * 20_000,
    ],
    ids=lambda query: query[:8],
)
def test_U06_evil_terms_are_refused_with_a_short_message(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert len(caught.value.problem) < 200


def test_U06_without_the_limit_on_depth_a_query_ends_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pressgauge.search.query.MAX_DEPTH", 10**9)
    with pytest.raises(RecursionError):
        parse("NOT " * 4_000 + "x")


@pytest.mark.parametrize(
    ("limit", "of"), [("MAX_LENGTH", " OR ".join(["word"] * 5_000)), ("MAX_PREFIXES", "ab* " * 4_000)]
)
def test_U06_without_its_limit_a_monstrous_term_is_taken(
    monkeypatch: pytest.MonkeyPatch, limit: str, of: str
) -> None:
    monkeypatch.setattr(f"pressgauge.search.query.{limit}", 10**9)
    assert len(parse(of).parts) >= 4_000  # type: ignore[union-attr]


def test_U06_the_longest_query_is_read() -> None:
    terms = " OR ".join(["word"] * (MAX_LENGTH // 8))
    assert isinstance(parse(terms), Or)


@pytest.mark.parametrize(
    "query", ["@pd.io.common.os.system('x')", "{0.__class__}", "'; DROP TABLE articles; --", "../../x"]
)
def test_U07_code_in_a_query_is_only_words(query: str) -> None:
    try:
        node = parse(query)
    except QueryError:
        return
    assert isinstance(node, (Words, And))


def test_a_number_of_times_is_asked_of_words_and_their_alternatives() -> None:
    assert parse('atleast3:(openai OR ("meta ai" OR title:llama*))') == AtLeast(
        3, (word("openai"), Words(ANYWHERE, ("meta", "ai")), Words(("title",), ("llama",), prefix=True))
    )
    assert parse("lead:openai") == Words(("lead",), ("openai",))


@pytest.mark.parametrize(
    ("query", "position", "problem", "fix"),
    [
        ("x atleast0:openai", 2, "not between 1 and 1,000", "atleast3:openai"),
        ("atleast99999999999999999999:openai", 0, "not between 1 and 1,000", "atleast3:openai"),
        ("atleast2:(openai meta)", 0, "joined by OR", "atleast3:(openai OR chatgpt)"),
        ("atleast2:(openai OR outlet:wired)", 0, "words and phrases of title and text", "atleast3"),
        ('atleast2:"open model"~3', 0, "words and phrases", "atleast3"),
        ("atleast2:(NOT openai)", 0, "words and phrases", "atleast3"),
        ("atleast:openai", 0, "does not say how many times", "atleast3:openai"),
    ],
)
def test_a_number_of_times_that_cannot_be_counted_is_pointed_at(
    query: str, position: int, problem: str, fix: str
) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.position == position
    assert problem in caught.value.problem
    assert fix in str(caught.value.suggestion)
