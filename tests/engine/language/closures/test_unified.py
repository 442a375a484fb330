"""The calls of models made for Camunda: methods of Java's values, and `execution`."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.language import LanguageError, compile_expression, compile_script

NAMES = {
    "items": ["a", "b"], "none": [], "text": "abc", "blank": "", "group": {"a": 1}, "nothing": None,
    "amount": 5, "day": date(2026, 3, 17), "at": datetime(2026, 3, 17, tzinfo=UTC),
    "business_key": "A-1", "order id": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${items.size()}", 2), ("${none.size()}", 0), ("${text.size()}", 3),
        ("${group.size()}", 1),
        ("${items.size() > 1 && !items.isEmpty()}", True), ("${none.isEmpty()}", True),
        ("${blank.isEmpty()}", True), ("${group.isEmpty()}", False),
        ("${items.contains('a')}", True), ("${items.contains('z')}", False),
        ("${text.contains('bc')}", True), ("${[day].contains('2026-03-17')}", True),
        ("${text.equals('abc')}", True), ("${!text.equals(items)}", True),
        ("${amount.equals(5)}", True), ("${amount.equals(nothing)}", False),
        ("${day.equals('2026-03-17')}", True), ("${at.equals(day)}", False),
        ("${items.equals(['a', 'b'])}", True), ("items.size()", 2),
        ("${execution.getVariable('amount')}", 5), ("${execution.getVariable('order id')}", 7),
        ("${execution.getVariable('amount') > 4 ? 'much' : 'little'}", "much"),
        ("${empty execution.getVariable('unheard')}", True),
        ("${execution.getVariable('items').size()}", 2),
        ("${execution.hasVariable('nothing')}", True),
        ("${execution.hasVariable('unheard')}", False),
        ("${execution.processBusinessKey}", "A-1"), ("${execution.businessKey}", "A-1"),
        ("${execution.getProcessBusinessKey() == execution.getBusinessKey()}", True),
        ("[execution for execution in items]", ["a", "b"]),
        ("[execution.upper() for execution in items]", ["A", "B"]),
    ],
)  # fmt: skip
def test_what_a_model_made_for_camunda_asks_is_answered(source: str, value: object) -> None:
    assert compile_expression(source).evaluate(NAMES) == value


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("${execution.getVariable('amount') + other}", {"amount", "other"}),
        ("${execution.hasVariable('amount')}", {"amount"}),
        ("${execution.processBusinessKey}", {"business_key"}),
        ("${execution.getBusinessKey()}", {"business_key"}),
    ],
)
def test_a_variable_read_through_the_execution_is_a_name_that_is_read(
    source: str, names: set[str]
) -> None:
    assert compile_expression(source).names == names


def test_a_script_reads_through_the_execution_too() -> None:
    script = compile_script("total = execution.getVariable('amount') + 1")
    assert script.names == {"amount"}
    assert script.run({"amount": 5}) == {"amount": 5, "total": 6}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("execution.getVariable(name)", "execution.getVariable() names no variable that is known"
         ' beforehand. Write the name itself, in quotes: execution.getVariable("amount").'),
        ("execution.getVariable('a' + b)", "names no variable"),
        ("execution.getVariable(f'{b}')", "names no variable"),
        ("execution.getVariable()", "names no variable"),
        ("execution.getVariable(5)", "names no variable"),
        ("execution.hasVariable('a', 'b')", "execution.hasVariable() names no variable"),
        ("execution.setVariable('a', 1)", "execution.setVariable is not read here."),
        ("execution.getVariableLocal('a')", "execution.getVariableLocal is not read here."),
        ("execution.id", "execution.id is not read here."),
        ("execution.getBusinessKey(1)", "execution.getBusinessKey is not read here."),
        ("nothing.size()", "Ask first whether there is a value: x is not None."),
        ("nothing.equals(1)", "Ask first whether there is a value: x is not None."),
        ("amount.size()", ".size() cannot be used on this value here. There are: equals."),
        ("group.contains('a')", ".contains() cannot be used on this value here."),
        ("text.contains(5)", "cannot contain"),
        ("items.contains()", "has no result"),
        ("items.upper()", ".upper() cannot be used on this value here. There are: contains, copy,"
         " count, equals, index, isEmpty, size."),
        ("text.append('d')", "Change lists and mappings in a script task."),
    ],
)  # fmt: skip
def test_what_is_not_read_says_what_to_write(source: str, words: str) -> None:
    with pytest.raises(LanguageError) as refused:
        compile_expression(source).evaluate(NAMES)
    assert words in str(refused.value)
