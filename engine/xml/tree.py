"""Bytes of an uploaded XML file -> a safe tree, or one problem.

Owns the parser and the sentences for its errors; `xml_bounds` refuses files that are too large.
Knows nothing of BPMN or DMN, and reads no files: the caller has the bytes.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.sentences.errors import ModelError
from engine.sentences.sentence import Sentence, say
from engine.xml.bounds import BEHIND, Malformed, check_bounds, refused

Node = etree._Element

NOT_WELL_FORMED: Mapping[int, Sentence] = {
    76: say("The file is not well-formed XML: an element is closed under another name."),
    77: say("The file is not well-formed XML: it ends before all elements are closed."),
    4: say("The file is not well-formed XML: it holds none."),
    5: say("The file is not well-formed XML: something follows after its end."),
    9: say("The file is not well-formed XML: it holds a character that XML does not allow."),
    81: say("The file is not well-formed XML: its characters are not in the encoding it names."),
    26: say("The file is not well-formed XML: it uses an entity that XML does not know."),
    201: say("The file is not well-formed XML: a name has a prefix that is not declared."),
}
"""Kind of fault by the parser's number -> our sentence. The parser's own sentences are English
only, give no advice, and repeat the line."""


def parse_xml(content: bytes, file: str) -> Node:
    """The root element of `content`, without comments and processing instructions.

    Raises ModelError with one problem (code `xml`, with its line) if the text is not well formed or
    exceeds a limit (entities are never expanded).
    """
    try:
        check_bounds(content, file)
    except Malformed as fault:
        # Only up to the fault: the text behind it was not counted.
        _parse(content[: fault.place + BEHIND], file)
        raise _not_well_formed(file, fault.line) from fault
    return _parse(content, file)


def canonical_xml(content: bytes, file: str) -> bytes:
    """The same document in one spelling (Canonical XML 2.0, without comments), for digests.

    Blanks between elements do not count: two files that differ only in layout are the same model.
    """
    root = parse_xml(content, file)
    return etree.tostring(root, method="c14n2", strip_text=True, with_comments=False)


def local_name(node: Node) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


def namespace(node: Node) -> str:
    """The namespace of the tag; empty if it has none."""
    return etree.QName(node).namespace or ""


def line_of(node: Node) -> int:
    """The 1-based line of the element's start tag; 0 if the parser does not know it."""
    return int(node.sourceline or 0)


def _parse(content: bytes, file: str) -> Node:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(file, error.lineno or 0, error.code or 0) from error


def _not_well_formed(file: str, line: int, code: int = 0) -> ModelError:
    return refused(
        file,
        line,
        NOT_WELL_FORMED.get(code, say("The file is not well-formed XML.")),
        say("Save the model again with the editor, or repair the text at this line."),
    )
