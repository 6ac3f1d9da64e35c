"""Local files a researcher already has: what is read, how columns are guessed, what is refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.candidate import Candidate, Rejected, Window
from collectors.collector import Context
from collectors.errors import CollectError
from collectors.kinds.files import Files, guess_columns
from collectors.source import Source
from pressgauge.store.export import csv
from tests.collectors.formats.exports import nexis_text, zipped
from tests.examples import examples


async def read(path: Path | str, window: Window | None = None, **options) -> list[Candidate | Rejected]:
    source = Source(name="mine", kind="file", url=str(path), outlet="Mine", options=options)
    context = Context(fetch=None, cursor=None, workers=None)
    return [item async for item in Files().collect(source, window or Window(), context)]


def write(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def test_columns_are_guessed_by_their_usual_names():
    assert guess_columns(["ID", "Article URL", "Headline", "Publish Date", "Body", "Media Name", "Lang"]) == {
        "url": "Article URL",
        "title": "Headline",
        "published": "Publish Date",
        "text": "Body",
        "outlet": "Media Name",
        "language": "Lang",
    }


async def test_a_csv_export_of_media_cloud(tmp_path):
    file = write(
        tmp_path / "stories.csv",
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        'abc,2025-01-22 03:04:05,en,paper.example,paper.example,2025-01-21,"Open, or not",https://paper.example/1\n',
    )
    [story] = await read(file)
    assert (story.url, story.title, story.outlet, story.language) == (
        "https://paper.example/1",
        "Open, or not",
        "paper.example",
        "en",
    )
    assert (story.published, story.published_precision) == (datetime(2025, 1, 21, tzinfo=UTC), "day")
    assert story.html is None


async def test_u08_what_was_exported_comes_back_without_the_marks_against_formulas(tmp_path):
    frame = pd.DataFrame(
        {
            "url": ["https://a.example/1"],
            "canonical_url": ["https://a.example/1"],
            "title": ["=1+1"],
            "outlet": ["'-The A"],
            "story": [7],
        }
    )
    [story] = await read(write(tmp_path / "ours.csv", csv(frame)))
    assert (story.title, story.outlet) == ("=1+1", "'-The A")
    [story] = await read(write(tmp_path / "other.csv", "url,title\nhttps://a.example/1,'=1+1\n"))
    assert story.title == "'=1+1"


async def test_u08_without_their_removal_the_marks_against_formulas_come_back(tmp_path, monkeypatch):
    frame = pd.DataFrame(
        {"url": ["https://a.example/1"], "canonical_url": None, "title": ["=1+1"], "story": 7}
    )
    monkeypatch.setattr("collectors.shared.records.live", lambda cell: cell)
    [story] = await read(write(tmp_path / "ours.csv", csv(frame)))
    assert story.title == "'=1+1"


async def test_an_article_with_its_text_needs_no_fetch(tmp_path):
    text = "\n".join(
        f"Paragraph {n} of the article tells something about <b>open</b> models." for n in range(9)
    )
    row = {"title": "A & B", "text": text, "author": "Ada Byron; Alan Turing", "date": "2025-01-20T10:00:00Z"}
    [found] = await read(write(tmp_path / "articles.jsonl", json.dumps(row)))
    assert re.fullmatch("file:///articles.jsonl/[0-9a-f]{16}", found.url)
    assert found.authors == ("Ada Byron", "Alan Turing")
    article = found.article
    assert article.title == "A & B"
    assert "Paragraph 8 of the article tells something about <b>open</b> models." in article.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
async def test_p03_a_table_is_read_in_the_encoding_and_with_the_delimiter_it_was_written(
    tmp_path, encoding, delimiter
):
    body = f"url{delimiter}title\nhttps://a.example/1{delimiter}Café “open” – données\n"
    [found] = await read(write(tmp_path / "a.csv", body, encoding))
    assert found.title == "Café “open” – données"


@pytest.mark.parametrize(
    ("written", "options", "expected", "precision"),
    [
        ("2025-01-20", {}, datetime(2025, 1, 20, tzinfo=UTC), "day"),
        ("2025/01/20", {}, datetime(2025, 1, 20, tzinfo=UTC), "day"),
        ("Mon, 20 Jan 2025 10:00:00 +0100", {}, datetime(2025, 1, 20, 9, tzinfo=UTC), "second"),
        ("01.02.2025", {"date_format": "%d.%m.%Y"}, datetime(2025, 2, 1, tzinfo=UTC), "day"),
        ("01/02/2025", {}, None, None),
        ("2025-02-31", {}, None, None),
        ("", {}, None, None),
    ],
)
async def test_p10_a_date_is_read_as_written_or_unknown(tmp_path, written, options, expected, precision):
    file = write(tmp_path / "a.csv", f'url,date\nhttps://a.example/1,"{written}"\n')
    [found] = await read(file, **options)
    assert (found.published, found.published_precision) == (expected, precision)


async def test_the_window_keeps_out_other_dates_and_lets_unknown_ones_by(tmp_path):
    file = write(
        tmp_path / "a.csv",
        "url,date\nhttps://a.example/1,2024-01-01\nhttps://a.example/2,2025-01-20\nhttps://a.example/3,\n",
    )
    first, *rest = await read(file, Window(datetime(2025, 1, 1, tzinfo=UTC)))
    assert first == Rejected("https://a.example/1", "outside_window")
    assert [found.url for found in rest] == ["https://a.example/2", "https://a.example/3"]


async def test_an_address_without_an_outlet_is_of_its_host(tmp_path):
    file = write(
        tmp_path / "a.csv", "url,outlet\nhttps://www.a.example/1,\nhttps://a.example/2,The A\nhttp://[bad,\n"
    )
    *candidates, bad = await read(file)
    assert [candidate.outlet for candidate in candidates] == ["a.example", "The A"]
    assert (bad.url, bad.reason) == ("http://[bad", "bad_url")


async def test_columns_of_other_names_are_given_in_the_settings(tmp_path):
    file = write(tmp_path / "a.csv", "Kuvaus,Titre\nhttps://a.example/1,Bonjour\n")
    [found] = await read(file, columns={"url": "Kuvaus", "title": "Titre"})
    assert (found.url, found.title) == ("https://a.example/1", "Bonjour")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "among Kuvaus, Titre; name one in sources.toml"),
        ({"columns": {"url": "Link"}}, "no column 'Link'; it has Kuvaus, Titre"),
        ({"columns": {"adress": "Kuvaus"}}, "not adress"),
        ({"colums": {}}, "did you mean `columns`"),
    ],
)
async def test_columns_that_cannot_be_guessed_are_listed(tmp_path, options, message):
    file = write(tmp_path / "a.csv", "Kuvaus,Titre\nhttps://a.example/1,Bonjour\n")
    with pytest.raises(CollectError, match=message):
        await read(file, **options)


async def test_rows_that_cannot_be_articles_are_recorded_by_their_number(tmp_path):
    lines = [
        '{"url": "https://a.example/1"}',
        "{broken",
        '{"title": "No address"}',
        '{"url": "javascript:alert(1)"}',
    ]
    found = await read(write(tmp_path / "a.jsonl", "\n".join([*lines, "[1, 2]"])))
    assert found[1:] == [
        Rejected("file:///a.jsonl/2", "bad_row"),
        Rejected("file:///a.jsonl/3", "no_url"),
        Rejected("javascript:alert(1)", "bad_url"),
        Rejected("file:///a.jsonl/5", "bad_row"),
    ]


async def test_json_may_be_a_list_of_articles_or_of_addresses_or_hold_one(tmp_path):
    for content in (
        [{"link": "https://a.example/1"}],
        {"status": "ok", "articles": [{"link": "https://a.example/1"}]},
        ["https://a.example/1"],
    ):
        [found] = await read(write(tmp_path / "a.json", json.dumps(content)))
        assert found.url == "https://a.example/1"


async def test_parquet_with_real_dates(tmp_path):
    moment = pd.Timestamp("2025-01-20T10:00:00", tz="Europe/Berlin")
    table = pd.DataFrame(
        {"url": ["https://a.example/1", None], "published": [moment, None], "day": [date(2025, 1, 20)] * 2}
    )
    table.to_parquet(tmp_path / "a.parquet")
    found, missing = await read(tmp_path / "a.parquet")
    assert found.published == datetime(2025, 1, 20, 9, tzinfo=UTC)
    assert missing == Rejected("file:///a.parquet/2", "no_url")
    [first, _] = await read(tmp_path / "a.parquet", columns={"published": "day"})
    assert (first.published, first.published_precision) == (datetime(2025, 1, 20, tzinfo=UTC), "day")


async def test_a_zotero_export(tmp_path):
    ris = (
        "TY  - NEWS\nTI  - Weights and measures\nAU  - Byron, Ada\nAU  - Turing, Alan\nT2  - The Example\n"
        "DA  - 2025/01/20/\nUR  - https://a.example/1\nLA  - en\nER  - \n\n"
        "TY  - NEWS\r\nTI  - No address\r\nER  - \r\n"
    )
    found, missing = await read(write(tmp_path / "library.ris", ris))
    assert (found.title, found.authors, found.outlet) == (
        "Weights and measures",
        ("Ada Byron", "Alan Turing"),
        "The Example",
    )
    assert found.published == datetime(2025, 1, 20, tzinfo=UTC)
    assert missing == Rejected("file:///library.ris/2", "no_url")


async def test_a_relative_file_lies_beside_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("PRESSGAUGE_DATA", str(tmp_path))
    write(tmp_path / "my urls.txt", "https://a.example/1")
    assert [found.url for found in await read("my urls.txt")] == ["https://a.example/1"]
    assert [found.url for found in await read(f"file://{tmp_path}/my%20urls.txt")] == ["https://a.example/1"]


async def test_an_article_without_an_address_is_the_same_wherever_its_row_stands(tmp_path):
    head, body = "title,date,text\n", "First,2023-01-01,One text\nSecond,2023-01-02,Another text\n"
    first = await read(write(tmp_path / "articles.csv", head + body))
    longer = await read(write(tmp_path / "articles.csv", f"{head}New,2023-02-01,A third text\n{body}"))
    assert [candidate.url for candidate in longer][1:] == [candidate.url for candidate in first]
    assert len({candidate.url for candidate in longer}) == 3


async def test_files_of_one_name_hold_different_articles(tmp_path):
    found = []
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        for name, content in (
            ("a.csv", f"title,text\nHead,Text of {year}\n"),
            ("a.txt", f"Head\nText of {year}"),
            ("a.html", f"<p>Text of {year}</p>"),
        ):
            found += await read(write(tmp_path / year / name, content))
    assert len({candidate.url for candidate in found}) == 6


async def test_a_text_without_a_usable_address_is_kept_and_one_from_a_dataset_keeps_its_own(tmp_path):
    own = "file:///articles.csv/0123456789abcdef"
    found = await read(
        write(tmp_path / "a.csv", f"url,text\nN/A,One\n-,Two\n{own},Three\nHTTPS://a.example/4,\n")
    )
    texts = [candidate.article and candidate.article.text for candidate in found]
    assert texts == ["One", "Two", "Three", None]
    assert [candidate.url for candidate in found[2:]] == [own, "HTTPS://a.example/4"]
    assert all(candidate.url.startswith("file:///a.csv/") for candidate in found[:2])


@pytest.mark.parametrize(("encoding", "late"), [("utf-8", "é"), ("cp1252", "é"), ("utf-8", "模型")])
@pytest.mark.parametrize("suffix", ["json", "csv"])
async def test_p03_a_large_file_is_read_in_the_encoding_of_all_of_it(tmp_path, encoding, late, suffix):
    long = "x" * (1024 * 1024 - 40)
    articles = [
        {"url": "https://a.example/1", "title": long},
        {"url": "https://a.example/2", "title": late * 40},
    ]
    content = (
        json.dumps(articles, ensure_ascii=False) if suffix == "json" else pd.DataFrame(articles).to_csv()
    )
    found = await read(write(tmp_path / f"a.{suffix}", content, encoding))
    assert found[1].title == late * 40


async def test_p03_a_table_of_one_column_has_no_delimiter(tmp_path):
    found = await read(
        write(tmp_path / "a.csv", "url\nhttps://a.example/1,2.html\nhttps://a.example/3;x=4|5\n")
    )
    assert [candidate.url for candidate in found] == [
        "https://a.example/1,2.html",
        "https://a.example/3;x=4|5",
    ]


async def test_p03_a_delimiter_inside_quotes_is_none(tmp_path):
    body = '"id";"url";"titre, sous-titre, chapeau, etc"\n1;https://a.example/1;Un\n'
    [found] = await read(write(tmp_path / "a.csv", body))
    assert found.url == "https://a.example/1"


async def test_p03_a_row_with_more_fields_than_columns_is_recorded(tmp_path):
    found = await read(
        write(tmp_path / "a.csv", "url,title\nhttps://a.example/1,2.html,One\nhttps://a.example/2,Two,\n")
    )
    assert found[0] == Rejected("file:///a.csv/1", "bad_row")
    assert found[1].title == "Two"


async def test_json_with_other_lists_before_its_articles(tmp_path):
    content = {"tags": ["ai", "press"], "articles": [{"url": "https://a.example/1"}]}
    [found] = await read(write(tmp_path / "a.json", json.dumps(content)))
    assert found.url == "https://a.example/1"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        *(("de", "de"), ("de-AT", "de"), ("EN_us", "en"), ("zh-Hant-TW", "zh"), ("deu", "de"), ("ger", "de")),
        *(("swe", "sv"), ("German", "de"), ("Spanish", "es"), ("Chinese", "zh"), ("Deutsch", "de")),
        *(
            ("français", "fr"),
            ("日本語", "ja"),
            ("nb", "no"),
            ("tgl", "tl"),
            ("Tagalog", "tl"),
            ("Klingonese", None),
            ("xx", None),
            ("", None),
        ),
    ],
)
async def test_a_language_is_its_code_or_unknown(tmp_path, said, code):
    [found] = await read(write(tmp_path / "a.csv", f"url,language\nhttps://a.example/1,{said}\n"))
    assert found.language == code


async def test_p10_a_date_format_that_fits_no_date_is_refused(tmp_path):
    file = write(tmp_path / "a.csv", "url,date\nhttps://a.example/1,20/01/2025\nhttps://a.example/2,\n")
    with pytest.raises(CollectError, match=r"'DD/MM/YYYY' fits none of the first 1 dates of a.csv") as caught:
        await read(file, date_format="DD/MM/YYYY")
    assert caught.value.reason == "bad_option"


async def test_p10_dates_that_cannot_be_read_are_counted(tmp_path, caplog):
    dates = ["2025-01-20", "01/02/2025", "soon", ""]
    rows = "".join(f"https://a.example/{n},{written}\n" for n, written in enumerate(dates))
    await read(write(tmp_path / "a.csv", f"url,date\n{rows}"))
    assert "a.csv: 2 dates are unknown, such as '01/02/2025'" in caplog.text


async def test_a_list_of_addresses_may_have_comments_and_wrong_lines(tmp_path):
    lines = "# my list of pages\nhttps://a.example/1\nwww.a.example/2\nHTTPS://a.example/3\n"
    found = await read(write(tmp_path / "urls.txt", lines))
    assert [candidate.url for candidate in found] == [
        "https://a.example/1",
        "www.a.example/2",
        "HTTPS://a.example/3",
    ]
    assert found[1] == Rejected("www.a.example/2", "bad_url")


async def test_a_text_file_of_addresses(tmp_path):
    found = await read(write(tmp_path / "urls.txt", "https://a.example/1\n\nhttps://a.example/2\n"))
    assert [candidate.url for candidate in found] == ["https://a.example/1", "https://a.example/2"]


async def test_an_article_that_a_reader_copied_from_a_page(shared):
    [found] = await read(shared / "seed" / "article.txt")
    assert found.url.startswith("file:///article.txt/")
    assert found.title.startswith("OpenAI on the wrong side of history")
    article = found.article
    assert "a direct competitor to private AI companies" in article.text


async def test_a_folder_of_saved_pages_gives_each_its_own_address(tmp_path):
    for name, body in {
        "canonical.html": '<link rel="canonical" href="https://a.example/1?a=1&amp;b=2">',
        "sub/og.htm": '<meta property="og:url" content="https://a.example/2">',
        "sub/saved.html": "<!-- saved from url=(0021)https://a.example/3 --><p>Text</p>",
        "sub/none.html": "<p>Text</p>",
        "sub/turned.html": "<LINK href='https://a.example/4' data-rel=x Rel=canonical>",
        "notes.txt": "https://a.example/5",
        ".hidden.html": "<p>Text</p>",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, body)
    found = await read(tmp_path)
    urls = [candidate.url for candidate in found]
    assert urls[2].startswith("file:///sub/none.html/")
    assert [*urls[:2], *urls[3:]] == [f"https://a.example/{n}" for n in ("1?a=1&b=2", 5, 2, 3, 4)]
    assert [candidate.html is None for candidate in found] == [False, True, False, False, False, False]


async def test_s13_a_link_out_of_the_folder_is_not_followed(tmp_path):
    secret = write(tmp_path / "secret.html", "<p>secret</p>")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "link.html").symlink_to(secret)
    assert await read(folder) == [Rejected("file:///link.html", "outside_folder")]


async def test_s13_without_the_look_where_it_leads_a_link_out_of_the_folder_is_read(tmp_path, monkeypatch):
    secret = write(tmp_path / "secret.html", "<p>secret</p>")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "link.html").symlink_to(secret)
    monkeypatch.setattr(Path, "is_relative_to", lambda self, other: True)
    [candidate] = await read(folder)
    assert candidate.html == b"<p>secret</p>"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.parquet", b"PAR1 not parquet", "bad_file"),
        ("a.json", b'{"articles": 5}', "bad_file"),
        ("a.json", b"[" * 100_000, "bad_file"),
        ("a.pdf", b"%PDF-1.7", "unknown_format"),
        ("a.txt", b"", "bad_file"),
        ("a.csv", b"", "bad_file"),
        ("a.csv", b"url,title\n", "bad_file"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "no_column"),
    ],
)
async def test_s14_a_file_that_is_not_what_its_name_says_is_refused(tmp_path, name, content, reason):
    with pytest.raises(CollectError) as caught:
        await read(write(tmp_path / name, content))
    assert caught.value.reason == reason


@pytest.mark.parametrize("url", ["/nowhere/at/all.csv", "https://a.example/articles.csv"])
async def test_a_file_that_is_not_there_or_not_local_is_refused(url):
    with pytest.raises(CollectError) as caught:
        await read(url)
    assert caught.value.reason in ("no_file", "bad_option")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
@given(
    noise=st.binary(max_size=200),
    suffix=st.sampled_from(["csv", "json", "jsonl", "ris", "txt", "html", "parquet"]),
)
async def test_p09_any_bytes_are_read_or_refused(tmp_path, noise, suffix):
    file = write(tmp_path / f"a.{suffix}", b"url,title\nhttps://a.example/1,x\n" + noise)
    try:
        found = await read(file)
    except CollectError as error:
        assert error.reason in ("bad_file", "no_column")
    else:
        assert all(isinstance(item, Candidate | Rejected) for item in found)


async def test_a_folder_of_exports_is_read_article_by_article_with_what_print_adds(tmp_path):
    write(tmp_path / "nexis.txt", nexis_text(["Ferry stays", "Bridge closes"]))
    write(tmp_path / "again.zip", zipped({"nexis.txt": nexis_text(["Ferry stays"])}))
    write(tmp_path / "picture.png", b"\x89PNG\r\n\x1a\n\0\0\0")
    found = await read(tmp_path)
    articles = [item for item in found if isinstance(item, Candidate)]
    assert [item for item in found if isinstance(item, Rejected)] == [
        Rejected("file:///picture.png", "unknown_format")
    ]
    assert [item.article.title for item in articles] == [
        f"{title}; A second line" for title in ("Ferry stays", "Ferry stays", "Bridge closes")
    ]
    assert len({item.url for item in articles}) == 2
    assert articles[0].outlet == "The Harbour Post"
    assert articles[0].details["page"] == "6"


async def test_a_page_of_a_database_is_no_article_of_its_own(tmp_path):
    page = "<html><title>Factiva</title><body><h1>Dow Jones Factiva</h1><p>The ferry stays.</p></body></html>"
    with pytest.raises(CollectError) as caught:
        await read(write(tmp_path / "factiva.html", page))
    assert caught.value.reason == "no_articles"


async def test_a_quote_left_open_swallows_no_rows(tmp_path):
    rows = [f'https://a.example/{n},Title {n},"Text, {n}"' for n in range(9)]
    rows[2] = 'https://a.example/2,Title 2,"Text 2'
    found = await read(write(tmp_path / "a.csv", "\n".join(["url,title,text", *rows]) + "\n"))
    there = {candidate.url for candidate in found if isinstance(candidate, Candidate)}
    lost = [one for one in found if isinstance(one, Rejected)]
    assert {f"https://a.example/{n}" for n in (0, 1, 4, 5, 6, 7, 8)} <= there
    assert [one.reason for one in lost] == ["bad_row"]
    assert all("Title" not in (one.article.text or "") for one in found if isinstance(one, Candidate))


async def test_a_line_for_spreadsheets_that_names_the_delimiter_is_no_header(tmp_path):
    [found] = await read(write(tmp_path / "a.csv", "\ufeffsep=;\nurl;title\nhttps://a.example/1;One, two\n"))
    assert (found.url, found.title) == ("https://a.example/1", "One, two")


async def test_of_a_parquet_file_with_a_year_that_python_has_not_all_rows_are_read(tmp_path):
    moments = pa.array([2**62 // 10, 1_700_000_000_000_000], pa.timestamp("us", tz="UTC"))
    table = pa.table({"url": ["https://a.example/1", "https://a.example/2"], "published": moments})
    pq.write_table(table, tmp_path / "a.parquet")
    found = await read(tmp_path / "a.parquet")
    assert [one.published for one in found] == [None, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)]


async def test_authors_of_a_reference_manager_have_their_given_names_first(tmp_path):
    record = "TY  - NEWS\nTI  - One\nAU  - Hollis, Ada\nAU  - Reuters\nUR  - https://a.example/1\nER  -\n"
    [found] = await read(write(tmp_path / "a.ris", record))
    assert found.authors == ("Ada Hollis", "Reuters")
