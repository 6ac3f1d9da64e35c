"""Which of the persons whom a page names wrote its article."""

from __future__ import annotations

import pytest

from collectors.extraction.authors.names import split
from collectors.extraction.extract import extract
from tests.collectors.extraction.test_extract import PARAGRAPHS, URL, json_ld, page


def authors(above: str = "", below: str = "", head: str = "", aside: str = "") -> tuple[str, ...]:
    """The authors of a page with these elements around its text."""
    article = f"<article><h1>Bridge stays open</h1>{above}{PARAGRAPHS}{below}</article>"
    return extract(page(head, article + aside), URL).authors


@pytest.mark.parametrize(
    ("byline", "persons"),
    [
        ("By Ann Lee; Editing by Bo Li and Cy Roe", ("Ann Lee",)),
        ("By Ann Lee, edited by Bo Li", ("Ann Lee",)),
        ("Peer reviewed by Dr Bo Li, MRCGP Last updated by Ann Lee", ("Ann Lee",)),
        ("Medically reviewed by Bo Li", ()),
        ("Photographs by Bo Li", ()),
        ("Illustrations by Bo Li for Example", ()),
        ("Words and photos by Ann Lee", ("Ann Lee",)),
        ("By Ann Lee, in News, Business and Tourism", ("Ann Lee",)),
    ],
)
def test_who_edits_checks_or_takes_the_pictures_has_not_written(
    byline: str, persons: tuple[str, ...]
) -> None:
    assert authors(f"<p class='byline'>{byline}</p>") == persons
    assert authors(f"<p>{byline}</p>") == persons


def test_authors_who_are_linked_side_by_side_are_all_read() -> None:
    links = "<a rel='author' href='/profile/lee'>Ann Lee</a> and <a rel='author' href='/profile/li'>Bo Li</a>"
    assert authors(f"<address>{links}</address>") == ("Ann Lee", "Bo Li")
    links = links.replace(" and ", ". Edited by ")
    assert authors(f"<address>{links}</address>")[:1] == ("Ann Lee",)


def test_a_name_may_be_broken_across_lines_of_the_markup() -> None:
    assert authors("<div class='byline'>By ANN LEE, BO\n   LI and CY\n ROE</div>") == (
        "ANN LEE",
        "BO LI",
        "CY ROE",
    )


def test_links_to_profiles_go_before_other_links_of_a_byline() -> None:
    byline = "<a href='/category/garden'>Garden Life</a> <a href='/author/lee'>Ann Lee</a>"
    assert authors(f"<div class='author-line'>{byline}</div>") == ("Ann Lee",)


def test_links_in_what_is_told_of_an_author_are_no_names() -> None:
    biography = (
        "is a British author who writes for children and teens and runs workshops all over the country. " * 2
    )
    books = "<a href='/shop/1'>Under Golden Seas</a> <a href='/shop/2'>The Bridge Girl</a>"
    assert authors(below=f"<div class='author-bio'>She {biography} {books}</div>") == ()


def test_small_words_in_a_row_are_no_name() -> None:
    assert authors("<p><a href='/profile/3'>modules, games or supplements</a></p>") == ()


@pytest.mark.parametrize(
    ("head", "byline", "persons"),
    [
        ("<meta name='author' content='Lee Holding'><meta name='copyright' content='© Lee Holding 2022'>",
         "By Ann Lee", ("Ann Lee",)),
        ("<meta name='author' content='content: Examples, design: Bo Li, code: Cy Roe'>", "By Ann Lee",
         ("Ann Lee",)),
        ("<meta name='dc.creator' content='Ann Lee'><meta name='citation_authors' content='Ann Lee'>"
         "<meta name='citation_authors' content='Bo Li'>", "", ("Ann Lee", "Bo Li")),
        ("<meta name='author' content='Example Press'><meta name='citation_author' content='Ann Lee'>", "",
         ("Ann Lee",)),
        ("<meta name='twitter:label1' content='Interview by'><meta name='twitter:data1' content='Ann Lee'>",
         "", ("Ann Lee",)),
    ],
)  # fmt: skip
def test_among_meta_tags_those_of_the_article_go_before_those_of_the_house(
    head: str, byline: str, persons: tuple[str, ...]
) -> None:
    assert authors(f"<p>{byline}</p>", head=head) == persons


def test_a_byline_adds_to_the_one_who_is_declared_also_where_it_gives_titles() -> None:
    head = json_ld(headline="Bridge stays open", author={"@type": "Person", "name": "Ann Lee"})
    byline = "<div class='byline'>Written by Dr Ann Lee, Dr Bo Li and Cy Roe</div>"
    assert authors(byline, head=head) == ("Dr Ann Lee", "Dr Bo Li", "Cy Roe")


def test_a_name_that_the_page_shows_far_below_is_the_one_that_it_declares() -> None:
    head = "<meta name='author' content='Ann Lee'>"
    rows = "".join(f"<p>Row {number} of the register of bridges</p>" for number in range(500))
    below = f"{rows}<p>Ann Lee is a reporter.</p>"
    assert authors("<p class='byline'>By Bo Li</p>", below, head) == ("Ann Lee",)


BOX = "<aside><div class='author'><h4>Author</h4><p class='author-name'>{}</p></div></aside>"


@pytest.mark.parametrize(
    ("boxes", "persons"),
    [
        (("Ann Lee",), ("Ann Lee",)),
        (("Ann Lee", "Ann Lee"), ("Ann Lee",)),
        (("Ann Lee", "Bo Li"), ()),
        (("Example News",), ()),
        (("alee",), ()),
    ],
)
def test_bylines_away_from_the_article_count_where_all_of_them_name_the_same_person(
    boxes: tuple[str, ...], persons: tuple[str, ...]
) -> None:
    filling = "".join(f"<p>Row {number}</p>" for number in range(20))
    head = "<meta property='og:site_name' content='Example News'>"
    aside = filling + "".join(map(BOX.format, boxes))
    assert authors(head=head, aside=aside) == persons


def test_a_declared_outlet_goes_before_a_byline_away_from_the_article() -> None:
    head = "<meta property='og:site_name' content='Example News'><meta name='author' content='Example News'>"
    filling = "".join(f"<p>Row {number}</p>" for number in range(20))
    assert authors(head=head, aside=filling + BOX.format("Ann Lee")) == ("Example News",)


def test_blanks_part_chinese_reporters_and_not_a_japanese_name() -> None:
    assert split("本报记者 王燕平 方云凤 柏建斌") == ["王燕平", "方云凤", "柏建斌"]
    assert split("中村 真子") == ["中村 真子"]


RUBRICS = "<a href='/category/garden/'>Garden Life</a> / <a rel='category tag' href='/x'>Home Ideas</a>"


def test_what_an_article_is_filed_under_is_nobody() -> None:
    assert authors(f"<div class='author-line'>5 May 2024 / {RUBRICS}</div>") == ()
    assert authors(f"<div class='author-line'>By Ann Lee, {RUBRICS}</div>") == ("Ann Lee",)


@pytest.mark.parametrize(
    "byline",
    ["Über den Autor", "Licensed Reporter, Journalism", "Staff Writer"],
)
def test_words_that_only_stand_around_a_name_are_nobody(byline: str) -> None:
    assert authors(f"<p class='byline'>{byline}</p>") == ()


def test_an_outlets_desk_is_no_person_beside_one() -> None:
    assert authors("<p class='byline'>Ann Lee, Redaktion Beispiel.de</p>") == ("Ann Lee",)


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("Ann Lee, MD, PhD; Bo Li, VTS (Behavior)", ("Ann Lee", "Bo Li")),
        ("By Ann Lee CPP, PSP", ("Ann Lee",)),
        ("By Ann Lee III", ("Ann Lee III",)),
    ],
)
def test_what_somebody_has_learnt_is_no_part_of_the_name(line: str, persons: tuple[str, ...]) -> None:
    assert authors(f"<p>{line}</p>") == persons


def test_a_full_name_that_stands_alone_beside_the_date_is_the_authors() -> None:
    assert authors("<div>Ann Lee</div><div>5 May 2024</div>") == ("Ann Lee",)
    assert authors("<div>Ann Lee</div>") == ()
    assert authors("<div>Bridge News</div><div>5 May 2024</div>") == ()


def test_a_block_of_short_lines_with_a_date_names_the_author() -> None:
    assert authors("<p><b>Ann Lee</b><br>The Example<br>May 5, 2024</p>") == ("Ann Lee",)


@pytest.mark.parametrize("label", ["Written by", "Autor:", "Authors:"])
def test_a_label_anywhere_beside_the_text_names_those_below_it(label: str) -> None:
    lines = f"{label}<br>Ann Lee, who has covered bridges for ten years<br>Bo Li, senior editor"
    middle = PARAGRAPHS.replace("</p>", f"</p><div>{lines}</div>", 1)
    assert authors(middle) == ("Ann Lee", "Bo Li")


@pytest.mark.parametrize("line", ["- Ann Lee<br>Contributing Writer", "Guest author Ann Lee"])
def test_a_signature_below_the_text_may_be_set_off_by_a_dash_or_a_role(line: str) -> None:
    assert authors(below=f"<p>{line}</p>") == ("Ann Lee",)


def test_the_place_line_of_a_report_is_no_signature() -> None:
    assert authors("<p><b>WASHINGTON, D.C. –</b></p>") == ()


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("Posted by annie on Friday 20 December 2024 from the bridges dept.", ("annie",)),
        ("This post was written by Ann Lee, MD, cardiologist at the hospital of the town.", ("Ann Lee",)),
    ],
)
def test_a_sentence_that_tells_who_wrote_the_article_is_a_byline(line: str, persons: tuple[str, ...]) -> None:
    assert authors(f"<p>{line}</p>") == persons


def test_a_by_within_a_sentence_goes_behind_a_byline_of_its_own() -> None:
    assert authors("<p>Der Chor von Sankt Johann</p>", "<p><em>Von Ann Lee</em></p>") == ("Ann Lee",)


def test_chinese_reporters_and_trainees_of_two_lines_are_all_read() -> None:
    assert authors("<p>本报实习生 刘国栋 周炜</p><p>本报记者 王燕平 方云凤</p>") == (
        "刘国栋",
        "周炜",
        "王燕平",
        "方云凤",
    )


def test_linked_data_that_a_framework_wrote_into_a_meta_tag_is_read() -> None:
    node = '{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Ann Lee"}}'
    assert authors(head=f"<meta name='script:ld+json' content='{node}'>") == ("Ann Lee",)


@pytest.mark.parametrize(
    "others",
    [
        "<div class='opinion'><a href='/staff/roe'>Cy Roe</a> <a href='/staff/poe'>Dot Poe</a></div>",
        "<div class='by'><p>The Bridge Paradox</p><p>Cy Roe</p></div>",
        f"<div class='author-links'><b>Most Popular Today</b>{'<p>A story by the number</p>' * 9}</div>",
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "<p>By Ann Lee</p>",
        "<span class='byline'>By Ann Lee</span>",
        "<h5>By Ann Lee</h5>",
        "<p>Von Ann Lee</p>",
    ],
)
def test_the_line_above_the_text_that_says_by_goes_before_what_is_only_named_like_a_byline(
    others: str, line: str
) -> None:
    assert authors(others + line) == ("Ann Lee",)


@pytest.mark.parametrize(
    "line",
    [
        "<h2>By Popular Demand</h2>",
        "<p>Por la Autopista Central</p>",
        "<p>by consumer demand</p>",
        "<h1>By Ann Lee</h1>",
    ],
)
def test_other_lines_above_the_text_name_nobody(line: str) -> None:
    assert authors(line) == ()


def test_an_element_above_the_headline_names_the_author_before_one_below_the_text() -> None:
    above, below = (f"<div class='post-author'>{name}</div>" for name in ("Ann Lee", "Bo Li"))
    article = f"<article>{above}<h1>Bridge stays open</h1>{PARAGRAPHS}</article>{below}"
    assert extract(page("", article), URL).authors == ("Ann Lee",)


@pytest.mark.parametrize(
    "lines",
    [
        ("Health", "Ann Lee"),
        ("By", "Ann Lee", "5 March 2024", "Text Size", "Regular", "Medium", "Large"),
        ("Ann Lee", "Frankfurt"),
    ],
)
def test_of_the_lines_of_a_byline_single_words_beside_a_full_name_are_nobody(lines: tuple[str, ...]) -> None:
    assert authors(f"<div class='author-info'>{''.join(f'<p>{line}</p>' for line in lines)}</div>") == (
        "Ann Lee",
    )
    assert authors("<div class='author-info'><p>Ann Lee</p><p>dpa</p></div>") == ("Ann Lee", "dpa")


@pytest.mark.parametrize("scope", ["ImageObject", "VideoObject", "Comment"])
def test_the_author_of_a_picture_or_comment_in_the_markup_is_not_the_articles(scope: str) -> None:
    other = (
        f"<div itemscope itemtype='https://schema.org/{scope}'><span itemprop='author'>Cy Roe</span></div>"
        "<span itemprop='creator'>Photograph by Dot Poe/AFP</span>"
    )
    assert authors(other + "<p itemprop='author'>Ann Lee</p>") == ("Ann Lee",)


@pytest.mark.parametrize(
    ("byline", "persons"),
    [
        ("By Ann Lee and Bo Li The Associated Press", ["Ann Lee", "Bo Li"]),
        ("By Ann Lee Reuters", ["Ann Lee"]),
        ("By Ann Lee, Reuters", ["Ann Lee", "Reuters"]),
        ("Associated Press", ["Associated Press"]),
        ("by Ann LeeAnn Lee", ["Ann Lee"]),
        ("Von Ann Lee, Frankfurt", ["Ann Lee"]),
        ("Von Ann Lee, Bo Li, Nairobi", ["Ann Lee", "Bo Li"]),
        ("Lee, Ann", ["Ann Lee"]),
        ("Ann Lee Politics Reporter, Example", ["Ann Lee"]),
        ("Ann Lee Penulis", ["Ann Lee"]),
        ("Georg Lee Auslandskorrespondent Indien", ["Georg Lee"]),
        ("순천, 광양 구현모 기자 lee@example.org", ["구현모"]),
        ("구현모, 김태연 기자", ["구현모", "김태연"]),
        ("구현모 인턴 기자", ["구현모"]),
        ("AP Business Writers Ann Lee and Bo Li", ["Ann Lee", "Bo Li"]),
        ("Źródło: Statista", []),
        ("By Ann Lee and Cy A. Roe Times Staff Writers", ["Ann Lee", "Cy A. Roe"]),
        ("Powered By", []),
        ("구현모 선임기자", ["구현모"]),
    ],
)
def test_a_byline_names_persons_without_their_house_place_and_rank(byline: str, persons: list[str]) -> None:
    assert split(byline) == persons


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("Ann Lee | 06.11.23", ("Ann Lee",)),
        ("5 March 2024 • Ann Lee", ("Ann Lee",)),
        ("Ann Lee on Dec. 13, 2025", ("Ann Lee",)),
        ("07.11.23 - 10:11 | Ann Lee", ("Ann Lee",)),
        ("By Ann Lee, Wednesday, 20 November 2019 08:05 GMT", ("Ann Lee",)),
        ("By Ann Lee - Example Times - Thursday, May 16, 2019", ("Ann Lee",)),
        ("Paris, 5 mars 2024", ()),
        ("Bridge Tender | 5 March 2024", ()),  # The article speaks of a bridge.
        ("Symbolbild Rettungsdienst | 2024", ()),
    ],
)
def test_a_name_in_one_line_with_the_date_is_the_authors(line: str, persons: tuple[str, ...]) -> None:
    assert authors(f"<p>{line}</p>")[:1] == persons


def test_the_agency_in_a_byline_is_no_author_beside_those_who_are_declared() -> None:
    head = json_ld(headline="Bridge", author={"@type": "Person", "name": "Ann Lee"})
    assert authors("<p class='byline'>By Ann Lee - Associated Press</p>", head=head) == ("Ann Lee",)


def test_small_words_in_the_markup_of_an_author_are_nobody() -> None:
    assert authors("<p itemprop='author'>in retail, and financial services</p>") == ()


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("Autorka: Ewa Lis", ("Ewa Lis",)),
        ("Napisał: Jan Lis", ("Jan Lis",)),
        ("Autor*in: Eva Lee", ("Eva Lee",)),
        ("Aus Berlin berichtet Eva Lee", ("Eva Lee",)),
        ("Por Ana Gil, corresponsal en París", ("Ana Gil",)),
        ("Escrito por Ana Gil em 05/03/2024", ("Ana Gil",)),
        ("Por Ana Gil, G1 — São Paulo", ("Ana Gil",)),
        ("Scritto da Anna Bo", ("Anna Bo",)),
        ("dal nostro inviato Anna Bo", ("Anna Bo",)),
        ("AV: EVA LEE", ("EVA LEE",)),
        ("Yazar: Ayşe Ak", ("Ayşe Ak",)),
        ("Автор статьи: Анна Лис", ("Анна Лис",)),
        ("Авторы: Анна Лис, Иван Ли", ("Анна Лис", "Иван Ли")),
        ("Автор — Анна Лис", ("Анна Лис",)),
        ("Συντάκτης: Γιώργος Λι", ("Γιώργος Λι",)),
        ("كتبت: فاطمة حسن", ("فاطمة حسن",)),
        ("بقلم أحمد علي", ("أحمد علي",)),
        ("लेखक: अनिल कुमार", ("अनिल कुमार",)),
        ("2024-03-05 09:00 来源：新华网 作者：王小明 责任编辑：李四", ("王小明",)),
        ("2024年3月5日08:19 [ 王小明 ] 来源：[ 新华网 ]", ("王小明",)),
        ("记者 王小明 报道", ("王小明",)),
        ("文｜王小明 编辑｜李四", ("王小明",)),
        ("作者丨王小明", ("王小明",)),
        ("来源：新华社 | 作者：王小明 李建国", ("王小明", "李建国")),
        ("由王小明发表于2024年3月5日", ("王小明",)),
        ("文＝山田太郎", ("山田太郎",)),
        ("取材・文／山田太郎", ("山田太郎",)),
        ("執筆者：山田 太郎", ("山田 太郎",)),
        ("山田太郎記者", ("山田太郎",)),
        ("[서울=뉴스] 홍길동 기자 =", ("홍길동",)),
        ("입력 2024.03.05 홍길동·김철수 기자", ("홍길동", "김철수")),
        ("글 홍길동", ("홍길동",)),
        ("By Ann Lee, The Associated Press", ("Ann Lee", "The Associated Press")),
        ("By Ann Lee Updated: 5:00 PM", ("Ann Lee",)),
    ],
)
def test_a_line_says_in_many_languages_who_wrote_the_article(line: str, persons: tuple[str, ...]) -> None:
    assert authors(f"<p>{line}</p>") == persons


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Interview: Eva Lee", "Eva Lee"),
        ("Protokoll: Eva Lee", "Eva Lee"),
        ("Haber: Ayşe Ak", "Ayşe Ak"),
        ("Reportagem: Ana Gil", "Ana Gil"),
        ("Redacción: Ana Gil", "Ana Gil"),
        ("Una crónica de Ana Gil", "Ana Gil"),
        ("Un texte de Anne Roy", "Anne Roy"),
    ],
)
def test_what_names_a_piece_names_its_author_only_in_an_element_named_like_a_byline(
    line: str, person: str
) -> None:
    assert authors(f"<p class='byline'>{line}</p>") == (person,)
    assert authors(f"<p>{line}</p>") == ()


@pytest.mark.parametrize(
    "line",
    [
        "Interview: Angela Merkel",
        "Entrevista: Ana Gil",
        "Entretien de Anne Roy",
        "Portrait de Marie Curie",
        "Journalist: Eva Lee",
        "Periodista: Ana Gil",
        "Tribune de Lyon",
        "Crónica de Nueva York",
        "Una crónica de Buenos Aires",
        "Análisis de Mercado",
        "Récit de Guerre",
        "Articolo di Legge",
        "Servizio di Emergenza",
        "Redacción: Buenos Aires",
        "Reportagem: Rio de Janeiro",
        "Bericht: Deutsche Bahn",
        "Protokoll: Deutscher Bundestag",
        "Haber: Galatasaray Fenerbahçe",
        "تقرير: الأمم المتحدة",
        "AV Club",
        "DI Kommando",
        "DOOR County",
        "Penulis: Tim Redaksi",
        "Yazar: Haber Merkezi",
        "Autor: Equipo Editorial",
        "Автор: Редакция сайта",
    ],
)
def test_rubrics_subjects_places_and_desks_are_no_authors(line: str) -> None:
    assert authors(f"<p>{line}</p>") == ()


@pytest.mark.parametrize(
    "line",
    [
        "정치부 기자",
        "사회부·정치부 기자",
        "서울 기자",
        "파리 특파원",
        "연합뉴스 기자",
        "政治部記者",
        "経済記者",
        "体育记者",
        "사진=홍길동 기자",
        "사진·영상=홍길동 기자",
        "그래픽=홍길동 기자",
    ],
)
def test_departments_places_houses_and_photographers_before_the_word_reporter_are_no_authors(
    line: str,
) -> None:
    assert authors(f"<p>{line}</p>") == authors(f"<p class='byline'>{line}</p>") == ()


@pytest.mark.parametrize(
    "line",
    [
        "Editor: Ann Lee",
        "Editör: Ayşe Ak",
        "Редактор: Анна Лис",
        "Фото: Анна Лис",
        "Photography: Ann Lee",
        "写真：山田太郎",
        "編集：山田太郎",
        "편집 홍길동",
    ],
)
def test_a_line_that_says_who_edited_or_took_the_pictures_names_no_author(line: str) -> None:
    assert authors(f"<p>{line}</p>") == ()


@pytest.mark.parametrize(
    ("line", "persons"),
    [
        ("Words: Ann Lee. Photography: Bo Li", ("Ann Lee",)),
        ("Texto: Ana Gil / Fotos: Bo Li", ("Ana Gil",)),
        ("Text: Eva Lee Foto: Bo Berg", ("Eva Lee",)),
        ("Text & Foto: Eva Lee", ("Eva Lee",)),
        ("文：王小明 图：李建国", ("王小明",)),
        ("글·사진 홍길동 기자", ("홍길동",)),
        ("홍길동 기자 사진 김철수 기자", ("홍길동",)),
        ("文・写真 山田", ("山田",)),
        ("文・写真／山田太郎", ("山田太郎",)),
        ("写真・文＝山田太郎", ("山田太郎",)),
        ("Text: Eva Lee Foto: Bo Ek Redaktion: Cy Berg", ("Eva Lee",)),
        ("Foto: Bo Ek Text: Eva Lee", ("Eva Lee",)),
        ("Texto: Ana Gil Fotos: Luz Paz Redacción: Eva Roy", ("Ana Gil",)),
        ("文：王小明 图：李建国 记者：李四", ("王小明",)),
    ],
)
def test_who_took_the_pictures_alone_is_no_author(line: str, persons: tuple[str, ...]) -> None:
    assert authors(f"<p>{line}</p>") == persons


def test_who_edited_a_chinese_article_counts_only_where_nobody_else_signs_it() -> None:
    assert authors(below="<p>（责任编辑：李四）</p>") == ("李四",)
    assert authors("<p>记者：王小明</p>", "<p>（责任编辑：李四）</p>") == ("王小明",)


@pytest.mark.parametrize("line", ["Ann Lee, Staff Reporter", "Anna Lee, Korrespondentin in Berlin"])
def test_a_name_before_an_occupation_below_the_headline_is_the_authors(line: str) -> None:
    assert authors(f"<p>{line}</p>") == (line.partition(",")[0],)


def test_a_japanese_report_ends_with_the_reporters_name_in_brackets() -> None:
    text = "北町議会は火曜日、二年間にわたる議論の末、都市計画課の文書館を一般に公開することを決めた。" * 2
    article = f"<article><h1>文書館を公開へ</h1><p>{text}</p><p>{text}【山田太郎】</p></article>"
    assert extract(page("", article), URL).authors == ("山田太郎",)
    buttons = f"<article><h1>文書館を公開へ</h1><p>{text}</p><p>【印刷】【閉】</p></article>"
    assert extract(page("", buttons), URL).authors == ()


@pytest.mark.parametrize(
    ("author", "persons"),
    [
        ({"@list": [{"@type": "Person", "name": "Ann Lee"}, "Bo Li"]}, ("Ann Lee", "Bo Li")),
        ({"@type": "Person", "name": {"@value": "Ann Lee"}}, ("Ann Lee",)),
        ({"@type": "Person", "name": "홍길동 기자"}, ("홍길동",)),
        ({"@type": "Person", "name": "null"}, ()),
        ({"@type": "Person", "name": "undefined"}, ()),
        ("Ann Lee + Bo Li", ("Ann Lee", "Bo Li")),
        ("Ann Lee dan Bo Li", ("Ann Lee", "Bo Li")),
        ("أحمد علي، محمد حسن", ("أحمد علي", "محمد حسن")),
    ],
)
def test_declared_authors_may_be_lists_values_or_joined_names(
    author: object, persons: tuple[str, ...]
) -> None:
    assert authors(head=json_ld(headline="Bridge stays open", author=author)) == persons


@pytest.mark.parametrize("author", ["#p1", {"@id": "#p1"}, [{"@id": "#p1"}]])
def test_a_declared_author_may_be_a_reference_to_another_node(author: object) -> None:
    person = json_ld(**{"@id": "#p1", "@type": "Person", "name": "Ann Lee"})
    assert authors(head=json_ld(headline="Bridge stays open", author=author) + person) == ("Ann Lee",)


def test_an_outlet_is_not_two_where_its_name_holds_a_word_that_joins_names() -> None:
    name = "content='Arts and Bridges'"
    head = f"<meta property='og:site_name' {name}><meta name='author' {name}>"
    assert authors(head=head) == ("Arts and Bridges",)
    assert authors("<p class='byline'>By Ann Lee</p>", head=head) == ("Ann Lee",)


@pytest.mark.parametrize(
    "box",
    [
        "<section><h2>Comments</h2><p class='author'>Bo Li</p><p>Nice</p></section>",
        "<section><h2>3 Reader responses</h2><p class='author'>Bo Li</p></section>",
        "<section><h2>Leserbriefe</h2><p class='autor'>Bo Li</p></section>",
        "<section><h2>Commentaires</h2><p class='auteur'>Bo Li</p></section>",
        "<section><h2>Комментарии</h2><p class='author'>Bo Li</p></section>",
        "<div><h3>Related stories</h3><a href='/x'>Other</a><p class='byline'>By Bo Li</p></div>",
        "<div><h3>Czytaj także</h3><a href='/x'>Inny</a><p class='autor'>Bo Li</p></div>",
        "<div><h3>Noticias relacionadas</h3><p class='autor'>Por Bo Li</p></div>",
        "<ol class='discussion'><li><span class='author'>Bo Li</span> wrote: nice</li></ol>",
        "<div class='reader-letters'><p class='byline'>By Bo Li</p></div>",
        "<div class='testimonial'><cite class='author'>Bo Li</cite></div>",
        "<blockquote>“Great” <cite class='author'>Bo Li</cite></blockquote>",
        "<figure><figcaption>Harbour. <span class='author'>Bo Li</span></figcaption></figure>",
        "<div itemscope itemtype='https://schema.org/Comment'><span itemprop='author'>Bo Li</span></div>",
    ],
)
def test_who_comments_or_is_quoted_below_the_text_has_not_written_it(box: str) -> None:
    assert authors(below=box) == ()
    assert authors(aside=box) == ()


@pytest.mark.parametrize(
    "line",
    [
        "By Popular Demand",
        "By Way of Explanation",
        "By Invitation Only",
        "Von Tür zu Tür",
        "Par Hasard",
        "Por Primera Vez",
        "Por Que Não",
        "Door Dik En Dun",
    ],
)
def test_set_phrases_name_nobody(line: str) -> None:
    assert authors(f"<p>{line}</p>") == ()
    assert authors("<p>By David Hand</p>") == ("David Hand",)


@pytest.mark.parametrize("name", ["undefined undefined", "null null", "root"])
def test_what_a_program_writes_for_nothing_is_no_name(name: str) -> None:
    assert authors(head=json_ld(author={"@type": "Person", "name": name})) == ()


def test_child_reporters_are_a_rubric() -> None:
    assert authors("<p>第A04版：小记者训练营</p>") == ()


def test_an_outlet_with_figures_in_its_name_is_the_author_where_no_person_is() -> None:
    site = "<meta property='og:site_name' content='98 Buck Social'>"
    assert authors(head=site + json_ld(author={"@type": "Person", "name": "98 Buck Social"})) == (
        "98 Buck Social",
    )


def test_a_small_word_of_a_name_stands_small_in_the_text_as_well() -> None:
    assert authors("<p class='byline'>Voice Of Europe<br>January 2, 2019</p>") == ("Voice Of Europe",)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle",/* who */"author":{"@type":"Person","name":"Ann Lee"}}',
        '{"@type":"NewsArticle",\n// who\n"author":{"@type":"Person","name":"Ann Lee"}}',
        '{"@type":"NewsArticle","headline":"The\\x bridge","author":{"@type":"Person","name":"Ann Lee"}}',
        "{&#34;@type&#34;:&#34;NewsArticle&#34;,&#34;author&#34;:&#34;Ann Lee&#34;}",
    ],
)
def test_json_ld_is_read_with_comments_inside_and_with_escapes_of_other_languages(script: str) -> None:
    assert authors(head=f'<script type="application/ld+json">{script}</script>') == ("Ann Lee",)
