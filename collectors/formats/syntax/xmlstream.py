"""The elements of an XML file one after another, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from collectors.formats.syntax.content import Content, ContentError


def elements(content: Content, *names: str) -> Iterator[etree._Element]:
    """Each element with one of these local names, complete, and freed when the next is asked for.

    Raises ContentError('entities') for a file that defines entities, 'bad_xml' where it is not well-formed;
    what came before is then read.
    """
    if b"<!ENTITY" in content.head.upper():
        raise ContentError("entities", f"{content.name} defines XML entities, which no export needs.")
    stream = content.open()
    skip = len(content.head) - len(content.head.lstrip(b"\xef\xbb\xbf \t\r\n"))
    stream.read(skip)
    events = etree.iterparse(
        stream,
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            if any(up.tag == element.tag for up in element.iterancestors()):
                continue
            yield element
            element.clear(keep_tail=False)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None and parent[0] is not element:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise ContentError("bad_xml", f"{content.name} is not well-formed XML: {str(error)[:200]}") from error
