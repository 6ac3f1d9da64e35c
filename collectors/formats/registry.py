"""The formats that are read, recognised by what a file holds and never by its name alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from collectors.formats.agencies import iptc7901, newsml, nitf, reuters
from collectors.formats.databases import (
    apa,
    bzk,
    europresse,
    integrum,
    japan,
    mediargus,
    proquest,
    retriever,
    word_and_rtf,
)
from collectors.formats.databases.factiva import factiva, factiva_xml
from collectors.formats.databases.nexis import nexis_docx, nexis_html, nexis_text
from collectors.formats.pages import bookmarks, saved, text, warc, wordpress
from collectors.formats.record import Item
from collectors.formats.syntax import containers
from collectors.formats.syntax.content import Content
from collectors.formats.tables import bibliography, delimited, json_services, parquet, spreadsheets


@dataclass(frozen=True, slots=True)
class Format:
    """One layout: its `name` (in docs/formats.md and `text_from`), what a person calls it, and its reader."""

    name: str
    label: str
    recognise: Callable[[Content], bool]
    read: Callable[[Content], Iterator[Item]]


FORMATS: tuple[Format, ...] = (
    Format("warc", "web archive (WARC)", warc.recognise_warc, warc.read_warc),
    Format("wacz", "web archive (WACZ)", warc.recognise_wacz, warc.read_wacz),
    Format("nexis-docx", "Nexis DOCX", nexis_docx.recognise, nexis_docx.read),
    Format("parquet", "table (Parquet)", parquet.recognise, parquet.read),
    Format("spreadsheet", "spreadsheet", spreadsheets.recognise, spreadsheets.read),
    Format("apa-rtf", "APA OnlineManager RTF", apa.recognise_rtf, apa.read_rtf),
    Format("word-rtf", "database export in Word or RTF", word_and_rtf.recognise, word_and_rtf.read),
    Format("mhtml", "saved page (MHTML)", saved.recognise_mhtml, saved.read_mhtml),
    Format("json", "JSON of a service", json_services.recognise, json_services.read),
    Format("iptc7901", "IPTC 7901 / ANPA wire text", iptc7901.recognise, iptc7901.read),
    Format("factiva-xml", "Factiva XML", factiva_xml.recognise, factiva_xml.read),
    Format("wordpress-wxr", "WordPress export", wordpress.recognise, wordpress.read),
    Format("newsml-g2", "NewsML-G2", newsml.recognise_g2, newsml.read_g2),
    Format("newsml-1", "NewsML 1", newsml.recognise_1, newsml.read_1),
    Format("nitf", "NITF", nitf.recognise, nitf.read),
    Format("reuters21578", "Reuters-21578", reuters.recognise_21578, reuters.read_21578),
    Format("rcv1", "Reuters RCV1", reuters.recognise_rcv1, reuters.read_rcv1),
    Format("nexis-html", "LexisNexis HTML", nexis_html.recognise, nexis_html.read),
    Format("factiva-html", "Factiva HTML", factiva.recognise_html, factiva.read_html),
    Format("europresse-html", "Europresse HTML", europresse.recognise, europresse.read),
    Format("proquest-html", "ProQuest HTML", proquest.recognise_html, proquest.read_html),
    Format("integrum-html", "Integrum HTML", integrum.recognise, integrum.read),
    Format("kikuzo-html", "Kikuzo (Asahi) HTML", japan.recognise_kikuzo, japan.read_kikuzo),
    Format("yomidasu-html", "Yomidasu (Yomiuri) HTML", japan.recognise_yomidasu, japan.read_yomidasu),
    Format("apa-defacto-html", "APA DeFacto HTML", apa.recognise_html, apa.read_html),
    Format("bzk-html", "Knipselkrant HTML", bzk.recognise, bzk.read),
    Format("bookmarks-html", "list of bookmarks", bookmarks.recognise, bookmarks.read),
    Format("proquest-txt", "ProQuest text", proquest.recognise_text, proquest.read_text),
    Format("nexis-txt", "LexisNexis text", nexis_text.recognise, nexis_text.read),
    Format("factiva-txt", "Factiva text", factiva.recognise_text, factiva.read_text),
    Format("retriever-txt", "Retriever text", retriever.recognise, retriever.read),
    Format("mediargus-txt", "Mediargus text", mediargus.recognise, mediargus.read),
    Format("ris", "references (RIS)", bibliography.recognise_ris, bibliography.read_ris),
    Format("bibtex", "references (BibTeX)", bibliography.recognise_bibtex, bibliography.read_bibtex),
    Format("csv", "table (CSV)", delimited.recognise, delimited.read),
    Format("html", "saved page (HTML)", saved.recognise_html, saved.read_html),
    Format("text", "plain text", text.recognise, text.read),
)


def recognise(content: Content) -> Format | None:
    """The first format that claims the file; a container of files is none."""
    return next((one for one in FORMATS if one.recognise(content)), None)


def is_container(content: Content) -> bool:
    """Whether a file of no format of its own holds files: a ZIP archive, or an e-mail."""
    return containers.is_zip(content) or containers.is_mail(content)
