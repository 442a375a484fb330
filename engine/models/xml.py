"""Bytes of an uploaded XML file -> a safe tree, or one problem that says what is wrong.

Owns the limits (size, depth, no document type, no network). Knows nothing of BPMN or DMN, and does
not read files: whoever calls has the bytes already.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.errors import ModelError
from engine.models.problems import Problem
from engine.words import Sentence, say

MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 100
"""Levels of nested elements. A hand-drawn model with five nested sub-processes needs about 15;
readers of the tree may recurse safely below this."""

MAX_ELEMENTS = 100_000
"""Elements of a file, drawing included; five times what 1,500 tasks and their drawing need."""

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
"""Kind of fault as the parser numbers it -> our words for it: its own are English only, name no
remedy, and repeat the line."""


def parse_xml(content: bytes, file: str) -> Node:
    """The root element of `content`, without comments and processing instructions.

    Raises ModelError with one problem (code `xml`, with its line) when the text is too large, not
    well formed, nested too deeply, or declares a document type (entities are never expanded).
    """
    if len(content) > MAX_FILE_BYTES:
        raise _refused(
            file,
            0,
            say("The file is larger than 10 MB."),
            say("Split the model into several files, or remove embedded pictures."),
        )
    root = _parse(content, file)
    if root.xpath("count(//*)") > MAX_ELEMENTS:
        raise _refused(
            file,
            0,
            say("The file holds more than {limit} XML elements.", limit=MAX_ELEMENTS),
            say("Split the model into several files."),
        )
    _refuse_document_type(root, file)
    _refuse_deep_nesting(root, file)
    return root


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
    """The namespace of the tag, empty when it has none."""
    return etree.QName(node).namespace or ""


def line_of(node: Node) -> int:
    """The 1-based line of the element's start tag, 0 when the parser does not know it."""
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
        raise _refused(
            file,
            error.lineno or 0,
            NOT_WELL_FORMED.get(error.code or 0, say("The file is not well-formed XML.")),
            say("Save the model again with the editor, or repair the text at this line."),
        ) from error


def _refuse_document_type(root: Node, file: str) -> None:
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise _refused(
            file,
            1,
            say("The file declares a document type (DOCTYPE), which models do not use."),
            say("Remove the DOCTYPE and its entities, and write the texts out."),
        )


def _refuse_deep_nesting(root: Node, file: str) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in node]
        if not level:
            return
    raise _refused(
        file,
        line_of(level[0]),
        say("Elements are nested more than {limit} levels deep.", limit=MAX_DEPTH),
        say("Move inner sub-processes into processes of their own, and call them."),
    )


def _refused(file: str, line: int, what: Sentence, advice: Sentence) -> ModelError:
    return ModelError([Problem(file, "", "", line, "error", "xml", what, advice)])
