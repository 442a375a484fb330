"""A model beyond any limit is refused in words before it costs anything."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import FrameType

import pytest

from benchmarks.scaled import KINDS
from benchmarks.scaled.making import Files
from engine.decisions import DecisionTable
from engine.decisions.dmn.file import MAX_RULES
from engine.decisions.overlaps import overlap_problems
from engine.decisions.unary import UnaryTest
from engine.deployment.examining import examine
from engine.language.budget import Run
from engine.models import bundle as bundle_module
from engine.models.bundle import read_bundle
from engine.models.checks import Known
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem, errors_of
from engine.xml import tree
from engine.xml.bounds import BEHIND, MAX_PREFIXES, Malformed, check_bounds


def refused(files: Files, words: str) -> Problem:
    """The error of these words, which says where it is and what to do."""
    found = errors_of(examine(files, {}, Known(topics={})).problems)
    [problem, *_] = [one for one in found if words in str(one.what)]
    assert problem.file in files
    assert problem.line > 0 or problem.element_id or problem.code in ("json", "form")
    assert str(problem.what).strip() and str(problem.advice).strip()
    return problem


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [
        ("attributes", 200_000, "more than 200 attributes"),
        ("foreign attributes", 200_000, "more than 200 attributes"),
        ("attributes in all", 200_100, "more than 200000 attributes"),
        ("prefixes", 60_000, "more than 200 attributes"),
        ("nested prefixes", 60_000, "attributes"),
        ("elements", 100_000, "more than 60000 XML elements"),
        ("comments", 2_000_000, "10 MB"),
        ("depth", 200, "100 levels"),
        ("deep depth", 100_000, "100 levels"),
    ],
)
def test_xml_out_of_bounds_is_refused_before_a_tree_is_built(
    kind: str, count: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*_: object) -> None:
        raise AssertionError("a tree was built")

    monkeypatch.setattr(tree.etree, "fromstring", build)
    refused(KINDS[kind][1](count), words)


def test_prefixes_are_counted_where_they_reach() -> None:
    one = b'<a%d xmlns:p%d="u">'
    opened = b"".join(one % (n, n) for n in range(90))
    wide = b" ".join(b'xmlns:q%d="u"' % n for n in range(MAX_PREFIXES - 89))
    with pytest.raises(ModelError, match="prefixes are declared in one place"):
        check_bounds(opened + b"<b " + wide + b"/>", "m.bpmn")
    beside = b"".join(b'<a xmlns:p%d="u"/>' % n for n in range(MAX_PREFIXES * 3))
    check_bounds(b"<all>" + beside + b"</all>", "m.bpmn")


def test_what_the_counting_parser_does_not_read_is_read_by_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the two differ about what is XML, what stands behind was not counted."""

    def stop(content: bytes, file: str) -> None:
        raise Malformed(3, 4)

    monkeypatch.setattr(tree, "check_bounds", stop)
    with pytest.raises(ModelError, match="not well-formed"):
        tree.parse_xml(b"<a/>", "m.bpmn")
    with pytest.raises(ModelError, match="ends before all elements are closed"):
        tree.parse_xml(b"<a> " + b" " * BEHIND + b"</a>", "m.bpmn")


@pytest.mark.parametrize("encoding", ["shift_jis", "utf-7", "none-such"])
def test_an_encoding_that_cannot_be_counted_in_is_refused_in_words(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a/>'
    with pytest.raises(ModelError) as error:
        tree.parse_xml(text.encode("ascii"), "m.bpmn")
    [problem] = error.value.problems
    assert "encoding" in str(problem.what) and "UTF-8" in str(problem.advice)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_the_encodings_that_editors_write_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><a name="Überprüfung"/>'
    assert tree.parse_xml(text.encode(encoding), "m.bpmn").get("name") == "Überprüfung"


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [
        ("tasks", 3_000, "6000 BPMN elements"),
        ("exclusive ways", 501, "500 flows lead out"),
        ("parallel ways", 501, "500 flows lead out"),
        ("flows without id", 501, "500 flows lead out"),
        ("parameters", 1_000, "extended by more than 1000 entries"),
        ("properties", 1_000, "extended by more than 1000 entries"),
        ("embedded fields", 1_000, "extended by more than 1000 entries"),
        ("embedded choices", 1_000, "extended by more than 1000 entries"),
        ("listeners", 1_001, "extended by more than 1000 entries"),
        ("candidate groups", 5_000, "longer than 20000 bytes"),
        ("instructions", 1_100, "too many ${...}"),
        ("sum", 5_000, "too deep"),
        ("names", 4_000, "longer than 20000 bytes"),
        ("juel", 8_000, "longer than 20000 bytes"),
        ("juel questions", 110, "too deep"),
        ("juel questions", 2_400, "too deep"),
        ("script lines", 5_000, "longer than 20000 bytes"),
        ("rules UNIQUE apart", 4_000, "more than 2000 rules"),
        ("rules FIRST", 4_000, "more than 2000 rules"),
        ("columns", 201, "more than 200 columns"),
        ("listed values", 10_000, "too long"),
        ("conditions", 500, "more than 1000000 characters"),
        ("ladder rows", 1_000, "too many rules to be followed"),
        ("allowed values", 1_001, "more than 1000 values"),
        ("decisions", 201, "more than 200 decisions"),
        ("required inputs", 2_000, "more than 2000 drawn parts"),
        ("fields", 501, "too large"),
        ("components that are none", 501, "no object"),
        ("choices", 2_001, "more than 2000 choices"),
        ("deep groups", 50, "too deeply nested"),
        ("deep groups", 200, "too deeply nested"),
        ("long condition", 2_000, "cannot check the condition"),
        ("long pattern", 1_000, "bounded time"),
        ("nested pattern", 200, "bounded time"),
        ("deep JSON", 500, "not a form"),
        ("deep JSON", 100_000, "not well-formed JSON"),
    ],
)
def test_too_many_of_a_kind_are_refused_in_words(kind: str, count: int, words: str) -> None:
    refused(KINDS[kind][1](count), words)


def test_a_form_of_nothing_but_rubbish_has_no_more_findings_than_fields() -> None:
    found = examine(KINDS["components that are none"][1](200_000), {}, Known(topics={})).problems
    assert len(found) <= 600


LINEAR = {
    "tasks": 100,
    "exclusive gateways": 100,
    "parallel gateways": 100,
    "mesh of gateways": 200,
    "flows without id": 60,
    "links": 75,
    "one link": 75,
    "boundary timers": 75,
    "timers behind timers": 50,
    "sub-processes": 75,
    "event sub-processes": 75,
    "lanes": 150,
    "data references": 150,
    "circle of calls": 50,
    "flows of processes with findings": 50,
    "parameters": 100,
    "rules UNIQUE ranges": 100,
    "listed values": 100,
    "chain of decisions": 40,
    "fields": 50,
}
"""Kind -> a number of it that is within the bounds four times over."""


@pytest.mark.parametrize(("kind", "count"), LINEAR.items())
def test_four_times_as_many_cost_little_more_than_four_times_the_work(
    kind: str, count: int
) -> None:
    make = KINDS[kind][1]
    assert calls_made(make(count * 4)) < 5 * calls_made(make(count))


def calls_made(files: Files) -> int:
    """How many functions a check calls, those of the libraries included: the same on any machine,
    however busy."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    bundle_module._read_contents.cache_clear()
    sys.setprofile(count)
    try:
        examine(files, {}, Known(topics={}))
    finally:
        sys.setprofile(None)
    return calls


def test_the_largest_unique_table_is_compared_without_a_walk_over_all_values() -> None:
    """Each cell is asked about the few values it can tell apart."""
    bundle = read_bundle(KINDS["rules UNIQUE apart"][1](MAX_RULES))
    [table] = bundle.decisions.values()
    asked = 0

    def counted(test: UnaryTest) -> UnaryTest:
        def matches(run: Run, value: object) -> bool:
            nonlocal asked
            asked += 1
            return test.matches(run, value)

        return replace(test, matches=matches)

    assert isinstance(table, DecisionTable)
    rules = tuple(replace(r, tests=tuple(map(counted, r.tests))) for r in table.rules)
    assert overlap_problems(replace(table, rules=rules)) == []
    assert asked < MAX_RULES * 10
