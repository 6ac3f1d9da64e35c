"""Small exports of our own making, in the layouts of the databases: invented articles of invented outlets."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape

from collectors.formats.reading import items
from collectors.formats.record import Notice, Record
from collectors.formats.syntax.content import Content

SENTENCE = "The harbour council voted on Tuesday to keep the old ferry running through the winter months."
BODY = (
    SENTENCE,
    "Its director said the boat was safe.",
    "Tickets will cost two crowns more from January on.",
)


def read(data: bytes | str, name: str = "export") -> tuple[list[Record], list[Notice]]:
    """(records, notices) of a file with this content."""
    raw = data if isinstance(data, bytes) else data.encode()
    found = [item for _, item in items(Content(io.BytesIO(raw), name))]
    records = [item for item in found if isinstance(item, Record)]
    return records, [item for item in found if isinstance(item, Notice)]


def format_of(data: bytes | str, name: str = "export") -> str:
    raw = data if isinstance(data, bytes) else data.encode()
    return next(format_name for format_name, _ in items(Content(io.BytesIO(raw), name)))


def nexis_text(
    titles: Sequence[str], total: int | None = None, outlet: str = "The Harbour Post (Leith)"
) -> str:
    parts = ["\ufeff\n\nDownload Request: All Items\n\n"]
    for number, title in enumerate(titles, 1):
        body = "\n\n".join(f"{line} ({title})" for line in BODY)
        parts.append(
            f"\n{f'{number} of {total or len(titles)} DOCUMENTS':^79}\n\n\n{outlet:^79}\n\n"
            f"{'January 11, 2010 Monday':^79}\n{'Final Edition':^79}\n\n{title};\nA second line\n\n"
            f"BYLINE: Ann Lee and Bo Ek\n\nSECTION: NEWS; Pg. 6\n\nLENGTH: 40 words\n\n\n{body}\n\n"
            "LOAD-DATE: January 13, 2010\n\nLANGUAGE: ENGLISH\n\n"
            f"{'Copyright 2010 Harbour Media':^79}\n{'All Rights Reserved':^79}\n"
        )
    return "\n".join(parts)


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def docx(
    paragraphs: Sequence[str], bookmarks: dict[int, str] | None = None, links: dict[int, str] | None = None
) -> bytes:
    """A Word file of paragraphs, some with a bookmark or a link by their number."""
    names, addresses = bookmarks or {}, links or {}
    body, relations = [], []
    for number, text in enumerate(paragraphs):
        mark = f'<w:bookmarkStart w:id="{number}" w:name="{names[number]}"/>' if number in names else ""
        runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n"))
        run = f"<w:r>{runs}</w:r>"
        if number in addresses:
            run = f'<w:hyperlink r:id="rId{number}">{run}</w:hyperlink>'
            relations.append(
                f'<Relationship Id="rId{number}" Type="hyperlink" Target="{escape(addresses[number])}" '
                f'TargetMode="External"/>'
            )
        body.append(f"<w:p>{mark}{run}</w:p>")
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document><w:body>{''.join(body)}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships>{''.join(relations)}</Relationships>",
        }
    )


def nexis_docx(titles: Sequence[str], announced: int | None = None) -> bytes:
    paragraphs = ["Date and Time: Friday, 5. July 2019", f"Documents ({announced or len(titles)})"]
    paragraphs += [f"{n}. {title}" for n, title in enumerate(titles, 1)]
    bookmarks, links = {}, {}
    for number, title in enumerate(titles, 1):
        bookmarks[len(paragraphs)] = f"Bookmark_{number}"
        paragraphs.append("")
        links[len(paragraphs)] = (
            f"https://advance.lexis.com/api/document?id=urn:contentItem:5W{number:02}-ABC1-JCJY-G0HB-00000-00"
        )
        paragraphs += [
            title,
            "The Harbour Post (Leith) - Final Edition",
            "July 1, 2019 Monday 9:20 AM GMT",
            "",
        ]
        paragraphs += ["\nCopyright 2019 Harbour Media All Rights Reserved", "Section:\xa0NEWS; Pg. 3"]
        paragraphs += ["Length:\xa040 words", "Byline:\xa0Ann Lee"]
        bookmarks[len(paragraphs)] = f"Body_{number}"
        paragraphs += ["Body", "", *(f"{line} ({title})" for line in BODY)]
        bookmarks[len(paragraphs)] = f"Classification_{number}"
        paragraphs += [
            "Classification",
            "",
            "Language:\xa0ENGLISH",
            "\nLoad-Date:\xa0July 3, 2020",
            "\nEnd of Document",
        ]
    return docx(paragraphs, bookmarks, links)
