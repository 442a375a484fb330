"""Forms are read from the editor's JSON; rules that the server could not check are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

import pytest

from engine.models.bpmn import read_bpmn
from engine.models.forms import Choice, Form, embedded_form, read_form, walk
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from tests.engine.models.building import Part, bpmn, end, extensions, process, start, user_task


def content(*components: Mapping[str, object]) -> bytes:
    return json.dumps({"id": "f", "components": list(components)}, indent=1).encode()


def read(*components: Mapping[str, object]) -> Form:
    return read_form(content(*components), "f.form")


def refused(*components: Mapping[str, object]) -> Problem:
    return refusal(content(*components))


def refusal(text: bytes) -> Problem:
    with pytest.raises(ModelError) as caught:
        read_form(text, "f.form")
    return caught.value.problems[0]


def test_a_field_is_read_with_everything_a_page_needs() -> None:
    asked = read(
        {
            "type": "number",
            "id": "field_percent",
            "key": "percent",
            "label": "Persen",
            "description": "0 sampai 100",
            "defaultValue": 10,
            "decimalDigits": 0,
            "appearance": {"suffixAdorner": "%"},
            "validate": {"required": True, "min": 0, "max": "100"},
        }
    )
    [percent] = asked.fields
    assert (percent.key, percent.label, percent.description) == (
        "percent",
        "Persen",
        "0 sampai 100",
    )
    assert percent.required
    assert (percent.minimum, percent.maximum) == (Decimal(0), Decimal(100))
    assert (percent.decimals, percent.default, percent.suffix) == (0, 10, "%")


def test_choices_are_listed_or_come_from_outside() -> None:
    listed = {
        "type": "radio",
        "key": "a",
        "values": [{"value": "y", "label": "Ya"}, {"value": "n"}],
    }
    outside = {"type": "select", "key": "b", "valuesKey": "institutions"}
    computed = {"type": "taglist", "key": "c", "valuesExpression": "=institutions"}
    first, second, third = read(listed, outside, computed).fields
    assert first.choices == (Choice("y", "Ya"), Choice("n", "n"))
    assert second.options_key == third.options_key == "institutions"
    assert second.choices_with({"institutions": [("k", "Kemhan")]}) == (Choice("k", "Kemhan"),)


def test_groups_lists_and_texts_keep_their_structure() -> None:
    asked = read(
        {"type": "text", "id": "t", "text": "**Dear** ${name}"},
        {
            "type": "group",
            "id": "g",
            "label": "Letter",
            "components": [{"type": "textfield", "key": "a"}],
        },
        {
            "type": "dynamiclist",
            "id": "l",
            "path": "rows",
            "defaultRepetitions": 3,
            "allowAddRemove": False,
            "components": [{"type": "textfield", "key": "b"}],
        },
    )
    text, group, rows = asked.fields
    assert text.text == "**Dear** ${name}"
    assert [child.key for child in group.children] == ["a"]
    assert (rows.key, rows.rows, rows.growing) == ("rows", 3, False)
    assert [child.key for child in rows.children] == ["b"]
    assert [item.id for item in walk(asked.fields)] == ["t", "g", "a", "l"]


def test_buttons_are_left_out() -> None:
    assert read({"type": "button", "action": "submit"}).fields == ()


@pytest.mark.parametrize("kind", ["html", "iframe", "expression", "table", "image", "", "wizard"])
def test_components_the_server_cannot_check_are_refused_by_name(kind: str) -> None:
    problem = refused({"type": kind, "key": "a", "id": "c1"})
    assert problem.element_id == "c1"
    assert (kind or "component") in problem.what.render()


@pytest.mark.parametrize(
    "settings",
    [
        {"label": '="Dear " + name'},
        {"description": "{{ hint }}"},
        {"validate": {"required": "=other = 1"}},
        {"validate": {"minLength": "=limit"}},
        {"validate": {"maxLength": "many"}},
        {"validate": {"pattern": "(?=a)b"}},
        {"validate": {"pattern": "(a"}},
        {"conditional": {"hide": "=count(rows) > 2"}},
        {"conditional": {"hide": '=other = "x"'}},
        {"readonly": "=locked"},
        {"key": "letter.number"},
        {"key": "class"},
        {"key": "case"},
        {"key": ""},
        {"key": "nama unit"},
    ],
    ids=str,
)
def test_settings_the_server_cannot_keep_are_refused(settings: dict[str, object]) -> None:
    problem = refused({"type": "textfield", "key": "a", "id": "c1", **settings})
    assert (problem.element_id, problem.code, problem.severity) == ("c1", "form", "error")
    assert problem.advice.render()


@pytest.mark.parametrize(
    "component",
    [
        {"type": "datetime", "key": "a", "subtype": "time"},
        {"type": "datetime", "key": "a", "disallowPassedDates": True},
        {"type": "select", "key": "a"},
        {"type": "select", "key": "a", "valuesExpression": "=concatenate(a, b)"},
        {"type": "group", "path": "letter", "components": []},
        {"type": "dynamiclist", "path": "", "components": []},
        {"type": "dynamiclist", "path": "r", "components": [{"type": "group", "components": []}]},
        {"type": "text", "text": "${name +}"},
        {"type": "text", "text": "{{ name }}"},
    ],
    ids=str,
)
def test_components_that_ask_for_too_much_are_refused(component: dict[str, object]) -> None:
    assert refused(component).code == "form"


def test_two_fields_of_one_key_are_refused() -> None:
    twice = {"type": "textfield", "key": "a", "id": "second"}
    assert refused({"type": "number", "key": "a", "id": "first"}, twice).element_id == "second"


def test_a_row_may_use_a_key_of_the_form_again() -> None:
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "components": [{"type": "textfield", "key": "a"}],
    }
    assert read({"type": "textfield", "key": "a"}, rows).keys == ("a", "rows")


def test_a_finding_has_the_line_of_its_component() -> None:
    text = content({"type": "textfield", "key": "ok"}, {"type": "html", "id": "bad", "key": "h"})
    problem = refusal(text)
    assert b'"bad"' in text.splitlines()[problem.line - 1]


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[]", b'"x"', b'{"id": "f"}', b'{"components": []}', b"\xff", b'{"a":' * 5000],
)
def test_what_is_no_form_is_one_clear_problem(text: bytes) -> None:
    assert refusal(text).severity == "error"


def test_a_form_over_a_megabyte_is_refused_unread() -> None:
    assert "1 MB" in refusal(b" " * (1024 * 1024 + 1)).what.render()


def test_a_form_nested_without_end_is_refused() -> None:
    nested: dict[str, object] = {"type": "textfield", "key": "a"}
    for _ in range(200):
        nested = {"type": "group", "components": [nested]}
    assert "nested" in refused(nested).what.render()


def test_embedded_fields_become_a_form_like_any_other() -> None:
    data = Part(
        '<camunda:formData><camunda:formField id="amount" label="Amount" type="long"/>'
        '<camunda:formField id="when" type="date"/>'
        '<camunda:formField id="how" type="enum"><camunda:value id="a" name="By air"/>'
        "</camunda:formField></camunda:formData>"
    )
    model = bpmn(process("p", start(), user_task("t", extensions(data)), end()))
    asked = embedded_form(read_bpmn(model, "m").processes[0].elements["t"])
    assert asked is not None
    answers = asked.read({"amount": "12", "when": "9/12/2025", "how": ["a"]})
    assert answers.values == {"amount": 12, "when": "2025-12-09", "how": "a"}
    assert embedded_form(read_bpmn(model, "m").processes[0].elements["start"]) is None
