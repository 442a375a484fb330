"""What is said of a decision that cannot be read: where it stands, what is wrong, what to write."""

from __future__ import annotations

import pytest

from engine.errors import ModelError
from engine.language import LanguageError
from engine.language.decisions import Match, map_result, read_decisions
from engine.language.decisions.parts import CODE
from engine.models.problems import Problem
from tests.engine.language.drawings import (
    decision,
    decisions,
    drawing,
    formula,
    input_data,
    knowledge,
    rules,
)
from tests.engine.language.tables import dmn, table

ROW = [["-", "1"]]
NOT_A_COLUMN = 'If text is meant, write it in quotes: "one".'
ONE_VALUE = 'Write what the column is compared with: "a", "b" or > 5 or [1..5] or not(3).'


def problems_of(content: bytes) -> list[Problem]:
    with pytest.raises(ModelError) as refused:
        read_decisions(content, "level.dmn")
    return refused.value.problems


def told(problem: Problem) -> tuple[str, str, int, str]:
    return (
        problem.element_id,
        problem.element_name,
        problem.line,
        f"{problem.what} {problem.advice}",
    )


@pytest.mark.parametrize(
    ("written", "instead", "element", "line", "words"),
    [
        ("DMN/20191111", "DMN/2099", ("", ""), 2,
         "The file is no DMN 1.1 to 1.5 model. Save it with a DMN editor as DMN 1.3."),
        ('<decision id="level"', "<decision", ("", "Tingkat"), 3,
         "The decision has no id of its own. Give each decision an id: processes ask for it by this"
         " id."),
        ("<text>x</text>", "<text> </text>", ("in_x", "x"), 4,
         "The column says nothing to compare. Write the name of a value, such as priority."),
        ("<text>x</text>", "<text>= x</text>", ("in_x", "x"), 4,
         "Column x: A text that begins with '=' is FEEL, which is not read here. Leave the '=' out:"
         " write amount > 1000, or ${amount > 1000}."),
        ('typeRef="number"', 'typeRef="context"', ("in_x", "x"), 4,
         "Column x: The type context cannot be used in a column. Choose string, boolean, number,"
         " integer, date, dateTime, time or a duration."),
        ("<inputExpression", '<inputExpression expressionLanguage="urn:groovy/"', ("in_x", "x"), 4,
         "Column x: The language urn:groovy is not read here. Write FEEL values or Python syntax,"
         " and remove the language."),
        ("<inputExpression", '<inputExpression expressionLanguage="http://x.org/Groovy/"',
         ("in_x", "x"), 4,
         "Column x: The language groovy is not read here. Write FEEL values or Python syntax, and"
         " remove the language."),
        ("decisionTable", "context", ("level", "Tingkat"), 3,
         "The decision holds no decision table but: context Draw a decision table, or calculate in"
         " a script task."),
        ("decisionTable", "unheard", ("level", "Tingkat"), 3,
         "The decision holds no decision table but: - Draw a decision table, or calculate in a"
         " script task."),
        ('<output id="out_y" name="y" typeRef="" />', "", ("level", "Tingkat"), 3,
         "The table has no output. Add a column for the result."),
        ('<output id="out_y"', '<output id="out_z" label="Z" name="y"/><output id="out_y"',
         ("out_y", "y"), 5,
         "The output has no name of its own. Give each output a name: results are found by it."),
        ('hitPolicy="UNIQUE"', 'hitPolicy="C+"', ("level", "Tingkat"), 3,
         "The hit policy C+ is not supported. Choose one of: UNIQUE, FIRST, PRIORITY, ANY, COLLECT,"
         " RULE ORDER, OUTPUT ORDER."),
        ('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="AVERAGE"', ("level", "Tingkat"), 3,
         "The aggregation AVERAGE is not supported here. Choose the hit policy COLLECT with SUM,"
         " MIN, MAX or COUNT."),
        ('hitPolicy="UNIQUE"', 'hitPolicy="UNIQUE" aggregation="SUM"', ("level", "Tingkat"), 3,
         "The aggregation SUM is not supported here. Choose the hit policy COLLECT with SUM, MIN,"
         " MAX or COUNT."),
        ('"r1c2"><text>1', '"r1c2"><text>one', ("r1c2", "y"), 10,
         f"Column y: one is not a column of this table. {NOT_A_COLUMN}"),
        ('"r1c1"><text>-', '"r1c1"><text>one', ("r1c1", "x"), 9,
         f"Column x: one is not a column of this table. {NOT_A_COLUMN}"),
        ('"r1c1"><text>-', '"r1c1"><text>1,,2', ("r1c1", "x"), 9,
         f"Column x: A value is missing in the cell. {ONE_VALUE}"),
        ('"r1c1"><text>-', '"r1c1"><text>[1..5] 7', ("r1c1", "x"), 9,
         f"Column x: 7 is not expected here. {ONE_VALUE}"),
        ('"r1c1"><text>-', '"r1c1"><text>x > 5', ("r1c1", "x"), 9,
         f"Column x: A cell holds no whole condition. {ONE_VALUE}"),
        ('"r1c1"><text>-', '"r1c1"><text>[1, 2]', ("r1c1", "x"), 9,
         'Column x: A list in a cell is written without brackets. Write: "a", "b".'),
        ('"r1c1"><text>-', '"r1c1"><text>[5..1]', ("r1c1", "x"), 9,
         "Column x: The range begins after its end. Write the smaller value first."),
        ('"r1c1"><text>-', '"r1c1"><text>[1..5', ("r1c1", "x"), 9,
         "Column x: A range is not closed. Write: [1..5]."),
        ('"r1c1"><text>-', '"r1c1"><text>"a"', ("r1c1", "x"), 9,
         'Column x: "a" does not fit the column x. Give a number, without quotes: 5 or 2.5.'),
        ('typeRef="" />', 'typeRef="string" />', ("r1c2", "y"), 10,
         'Column y: 1 does not fit the column y. Give text, in quotes: "high".'),
        ("<rule ", '<rule id="r0"/><rule ', ("r0", ""), 8,
         "Rule 1 does not have a cell for each column. Open and save the table with a DMN editor."),
    ],
)  # fmt: skip
def test_a_finding_names_its_element_its_line_and_what_to_write(
    written: str, instead: str, element: tuple[str, str], line: int, words: str
) -> None:
    content = dmn(["x:number"], ["y"], ROW, attributes='hitPolicy="UNIQUE"').decode()
    problem, *_ = problems_of(content.replace(written, instead).encode())
    assert told(problem) == (*element, line, words)
    assert (problem.severity, problem.file) == ("error", "level.dmn")
    assert problem.code == ("dmn" if "2099" in instead else CODE)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([decision("a", formula("1"), "decision:gone")],
         "The decision needs gone, which is not in this file. Draw both decisions in one file, or"
         " ask the other in a task before."),
        ([decision("a", formula("1"), "decision:b", name="Apple"),
          decision("b", formula("1"), "decision:a", name="Pear")],
         "The decisions need each other in a circle: Apple, Pear, Apple Remove one of the arrows"
         " between them."),
        ([decision("a", formula("g(1)"))],
         "Formula: There is no function called g. There are: abs, all, any, bool, date,"
         " date_and_time, days, dict, ...."),
        ([decision("a", formula("mx(1)"))],
         "Formula: There is no function called mx. Did you mean max?"),
        ([decision("a", formula("1")), knowledge("k", ["x"], "secret", name="f")],
         "There is no parameter called secret. There are: x."),
        ([decision("a", formula("1")), knowledge("k", ["x"], "x +", name="f")],
         "Formula: This cannot be read: x + Check brackets, quotes and operators."),
        ([decision("a", formula("1")), knowledge("k", ["x"], "1").replace(formula("1"), "<list/>")],
         "The function holds no formula but: formalParameter, list Write it as a literal expression"
         " with parameters."),
        ([decision("a", formula("1")), '<businessKnowledgeModel id="k" name="k"/>'],
         "The function holds no formula but: - Write it as a literal expression with parameters."),
        ([decision("a", formula("1")),
          knowledge("k", ["x"], "1").replace("Logic>", 'Logic kind="PMML">', 1)],
         "The function holds no formula but: formalParameter, literalExpression Write it as a"
         " literal expression with parameters."),
        ([decision("a", formula("-3 ** 2"))],
         "Formula: This power can be read in two ways. Put brackets around what comes first:"
         " (a ** b) ** c, -(a ** b)."),
        ([input_data("i")], "The file holds no decision. Draw a decision with a table."),
    ],
)  # fmt: skip
def test_a_drawing_that_cannot_be_used_says_which_part_of_it(parts: list[str], words: str) -> None:
    [problem] = problems_of(drawing(*parts))
    assert f"{problem.what} {problem.advice}" == words
    assert problem.line == (2 if "no decision." in words else 3 + (problem.element_id == "k"))


def test_a_priority_without_an_order_and_a_sum_of_two_columns_are_refused() -> None:
    [unordered] = problems_of(dmn(["x"], ["y"], ROW, attributes='hitPolicy="PRIORITY"'))
    assert str(unordered.what) == "The hit policy PRIORITY needs the order of the results."
    two = dmn(
        ["x"], ["y", "z"], [["-", "1", "2"]], attributes='hitPolicy="COLLECT" aggregation="SUM"'
    )
    [summed] = problems_of(two)
    assert f"{summed.what} {summed.advice}" == (
        "A table with an aggregation has one output. Remove the other outputs, or the aggregation."
    )


# --- what is said in a run ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "rows", "x", "words"),
    [
        ("UNIQUE", [["-", "1"], ["> 1", "2"]], 2,
         "Decision table Tingkat: rules 1, 2 match at the same time. Change the rules so that one"
         " matches, or choose the hit policy FIRST."),
        ("ANY", [["-", "1"], ["> 1", "2"]], 2,
         "Decision table Tingkat: rules 1, 2 match with different results. Let them say the same,"
         " or choose the hit policy FIRST or PRIORITY."),
        ("FIRST", [["> 9", "1"], ["-", "1 / x"]], 0,
         "Decision table Tingkat: rule 2: 1 is divided by zero. Ask first whether the divisor is"
         " 0."),
        ("FIRST", [["-", "x"]], "a",
         'Decision table Tingkat: "a" does not fit the column x. Give a number, without quotes: 5'
         " or 2.5."),
    ],
)  # fmt: skip
def test_a_table_that_cannot_answer_says_which_rules_are_at_fault(
    policy: str, rows: list[list[str]], x: object, words: str
) -> None:
    with pytest.raises(LanguageError) as refused:
        table(["x:number"], ["y"], rows, f'hitPolicy="{policy}"').decide({"x": x})
    assert (str(refused.value), refused.value.line) == (words, 1)


def test_a_value_outside_the_list_of_its_author_is_told_with_the_list() -> None:
    status = (
        '<itemDefinition name="tStatus"><typeRef>string</typeRef>'
        '<allowedValues><text>"open","closed"</text></allowedValues></itemDefinition>'
    )
    drawn = decision("y", formula("status"), "input:s", name="State")
    found = decisions(status, drawn, input_data("s", "status", "tStatus"))["y"]
    assert found.value({"status": None}) is None, "nothing is always allowed"
    with pytest.raises(LanguageError) as refused:
        found.decide({"status": "lost"})
    assert str(refused.value) == (
        'Decision State: "lost" is not among the values of the column status. The column lists:'
        ' "open", "closed".'
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("twice(1)", "twice is given 1 values. Give one for each parameter: x, of."),
        ("twice()", "twice is given 0 values. Give one for each parameter: x, of."),
        ("(-2.0) ** 0.5", "The number is too large or has no value. Keep whole numbers below 10**18"
                          " and do not take roots of negative numbers."),
        ("1.5 ** 10001", "The exponent 10001 is too large. Use exponents up to 10000."),
        ('duration("P999999D") * 1e300', "The duration is out of range. Calculate with shorter"
                                         " durations."),
        ('date("9999-12-31") + duration("P1D")', "The date is out of range. Use dates between the"
                                                 " years 1 and 9999."),
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_worked_out_says_why(text: str, words: str) -> None:
    with pytest.raises((LanguageError, ModelError)) as refused:
        drawn = decision("y", formula(f"{text} + one * 0"), "knowledge:k")
        decisions(drawn, knowledge("k", ["x", "of"], "x", name="twice"))["y"].decide({"one": 1})
    assert words in str(refused.value)


TWO = [Match("r1", 1, {"y": 1}), Match("r2", 2, {"y": 2})]


@pytest.mark.parametrize(
    ("how", "matches", "words"),
    [
        ("somehow", TWO, "A decision result cannot be mapped as somehow. Choose one of:"
                         " singleEntry, singleResult, collectEntries, resultList."),
        ("singleEntry", TWO, "2 rules match, but one result is asked for. Use a hit policy with one"
                             " result, or map the result as a list."),
        ("collectEntries", [Match("r1", 1, {"y": 1, "z": 2})],
         "The table has several outputs, but one value is asked for. Map the result as singleResult"
         " or resultList."),
    ],
)  # fmt: skip
def test_a_result_that_cannot_be_mapped_says_how_it_could(
    how: str, matches: list[Match], words: str
) -> None:
    with pytest.raises(LanguageError) as refused:
        map_result(matches, how)
    assert str(refused.value) == words


def test_a_result_of_no_rule_belongs_to_none() -> None:
    total = 'hitPolicy="COLLECT" aggregation="SUM"'
    assert table(["x"], ["y"], [["-", "2"], ["-", "3"]], total).decide({"x": 1}) == [
        Match("", 0, {"y": 5})
    ]
    assert decisions(decision("f", formula("6 * 7")))["f"].decide({}) == [Match("", 0, {"f": 42})]
    counted = rules(["x"], ["n"], ["1", "1"], policy="COLLECT").replace(
        'hitPolicy="COLLECT"', 'hitPolicy="COLLECT" aggregation="COUNT"'
    )
    assert decisions(decision("c", counted))["c"].decide({"x": 2}) == [Match("", 0, {"n": 0})]
