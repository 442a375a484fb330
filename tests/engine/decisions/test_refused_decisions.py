"""The refusal of an unreadable decision: its place, its error, and the advice."""

from __future__ import annotations

import pytest

from engine.decisions import read_decisions
from engine.decisions.dmn.parts import CODE
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from tests.engine.decisions.drawings import (
    decision,
    drawing,
    formula,
    input_data,
    knowledge,
)
from tests.engine.decisions.tables import dmn

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
        ('<output id="out_y"', '<output id="out_z" name="y"/><output id="out_y" label="Level"',
         ("out_y", "Level"), 5,
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


def test_a_finding_stands_in_the_line_of_the_text_and_not_of_its_cell() -> None:
    content = dmn(["x"], ["y"], [["oops", "1"]]).decode()
    [problem] = problems_of(content.replace("<text>oops", "\n\n<text>oops").encode())
    assert (problem.element_id, problem.line) == ("r1c1", 11)


@pytest.mark.parametrize(
    ("missing", "instead"),
    [("inputEntry", ""), ("outputEntry", ""), ("inputEntry", "twice"), ("outputEntry", "twice")],
)
def test_a_row_has_one_cell_for_each_column(missing: str, instead: str) -> None:
    content = dmn(["x"], ["y"], ROW).decode()
    cell = content[content.index(f"<{missing}") :]
    cell = cell[: cell.index(f"</{missing}>") + len(missing) + 3]
    [problem] = problems_of(content.replace(cell, cell * 2 if instead else "").encode())
    assert str(problem.what) == "Rule 1 does not have a cell for each column."
    assert problem.element_id == "r1"


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
