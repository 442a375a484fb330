"""Uploaded XML is parsed within limits, or refused with a line and a sentence."""

from __future__ import annotations

import pytest

from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from engine.xml.bounds import MAX_DEPTH, MAX_FILE_BYTES
from engine.xml.tree import canonical_xml, line_of, parse_xml

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<a b="&c;">&c;</a>"""


def refusal(content: bytes) -> Problem:
    with pytest.raises(ModelError) as caught:
        parse_xml(content, "m.bpmn")
    [problem] = caught.value.problems
    return problem


def test_a_well_formed_file_gives_its_root_without_comments() -> None:
    root = parse_xml(b"<a>\n<!-- aside --><b/></a>", "m.bpmn")
    assert [child.tag for child in root] == ["b"]
    assert line_of(root[0]) == 2


def test_broken_xml_is_told_with_its_line() -> None:
    problem = refusal(b"<a>\n<b>\n</a>")
    assert (problem.file, problem.line, problem.code) == ("m.bpmn", 3, "xml")
    assert "not well-formed" in problem.what.render()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<a>\n<b>\n</a>", "closed under another name"),
        (b"<a>\n<b>", "ends before"),
        (b"\n no XML", "holds none"),
        (b"<a/>\n<b/>", "after its end"),
        (b"<a>\xff</a>", "encoding"),
        (b"<a>&nbsp;</a>", "entity"),
        (b"<x:a/>", "prefix"),
        (b"<a b/>", "not well-formed XML."),
    ],
)
def test_what_the_parser_found_is_told_in_sentences_that_can_be_translated(
    content: bytes, words: str
) -> None:
    """A sentence with a fact in it would carry the parser's English, and its line once more."""
    what = refusal(content).what
    assert words in what.render()
    assert not what.facts


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"\x00\x01", b"PK\x03\x04", "<a>é".encode("utf-16")]
)
def test_what_is_no_xml_at_all_is_one_problem(content: bytes) -> None:
    assert refusal(content).severity == "error"


def test_entities_and_document_types_are_refused() -> None:
    assert "DOCTYPE" in refusal(BOMB).what.render()


def test_a_document_type_hidden_by_another_encoding_is_refused_too() -> None:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'
    assert "DOCTYPE" in refusal(text.encode("utf-16")).what.render()


def test_nesting_ends_at_the_limit() -> None:
    parse_xml(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH, "m.bpmn")
    deeper = MAX_DEPTH + 1
    assert "levels deep" in refusal(b"<a>" * deeper + b"</a>" * deeper).what.render()


def test_nesting_beyond_what_the_parser_itself_bears_is_refused() -> None:
    assert refusal(b"<a>" * 100_000).severity == "error"


def test_a_file_over_ten_megabytes_is_refused_unparsed() -> None:
    assert "10 MB" in refusal(b"<a>" + b" " * MAX_FILE_BYTES + b"</a>").what.render()


def test_a_file_of_countless_elements_is_refused() -> None:
    assert "XML elements" in refusal(b"<a>" + b"<b/>" * 100_000 + b"</a>").what.render()


def test_layout_and_comments_do_not_change_the_canonical_form() -> None:
    one = canonical_xml(b'<a x="1" y="2"><b>text</b></a>', "m.bpmn")
    two = canonical_xml(b"<a y='2' x='1'>\n  <!-- aside -->\n  <b>text</b>\n</a>", "m.bpmn")
    assert one == two
