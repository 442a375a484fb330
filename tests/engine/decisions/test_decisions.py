"""Decision tables: reading DMN as the editors write it, hit policies, results, refusals by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.decisions import Match, map_result, read_decisions
from engine.language import LanguageError, Namespace
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem
from tests.engine.decisions.tables import DMN_13, dmn, table

SHARED = [["< 10", "1"], ["< 5", "2"], ["-", "3"]]
EVERY_NAMESPACE = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    DMN_13,
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
]


def problems_of(content: bytes) -> list[Problem]:
    with pytest.raises(ModelError) as caught:
        read_decisions(content, "level.dmn")
    return caught.value.problems


def problem_of(content: bytes) -> Problem:
    [problem] = problems_of(content)
    return problem


@pytest.mark.parametrize("namespace", EVERY_NAMESPACE)
def test_tables_of_every_version_of_dmn_are_read(namespace: str) -> None:
    [found] = read_decisions(dmn(["x:number"], ["y"], SHARED[:1], namespace=namespace), "level.dmn")
    assert (found.id, found.name, found.hit_policy) == ("level", "Tingkat", "UNIQUE")
    assert found.single({"x": 3}) == {"y": 1}


def test_a_unique_table_gives_its_one_match() -> None:
    found = table(["x:number"], ["y"], [["< 5", '"low"'], [">= 5", '"high"']])
    assert found.decide({"x": 7}) == [Match("r2", 2, {"y": "high"})]


def test_two_matches_of_a_unique_table_are_an_error_that_names_the_rules() -> None:
    with pytest.raises(LanguageError, match=r"Tingkat: rules 1, 2, 3 match at the same time"):
        table(["x:number"], ["y"], SHARED).decide({"x": 1})


def test_a_first_table_gives_its_first_match() -> None:
    found = table(["x:number"], ["y"], SHARED, 'hitPolicy="FIRST"')
    assert found.single({"x": 7}) == {"y": 1}
    assert found.single({"x": 70}) == {"y": 3}


def test_a_first_table_does_not_work_out_later_rules() -> None:
    found = table(["x:number"], ["y"], [["1", "5"], ["-", "1 / x"]], 'hitPolicy="FIRST"')
    assert found.single({"x": 1}) == {"y": 5}


def test_a_collect_table_gives_all_matches_in_order() -> None:
    found = table(["x:number"], ["y"], SHARED, 'hitPolicy="COLLECT"')
    assert [match.outputs["y"] for match in found.decide({"x": 1})] == [1, 2, 3]


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)]
)
def test_a_collect_table_can_aggregate(aggregation: str, value: int) -> None:
    attributes = f'hitPolicy="COLLECT" aggregation="{aggregation}"'
    assert table(["x:number"], ["y"], SHARED, attributes).single({"x": 1}) == {"y": value}


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", None), ("MIN", None), ("COUNT", {"y": 0})]
)
def test_without_a_match_only_a_count_has_a_result(aggregation: str, value: object) -> None:
    attributes = f'hitPolicy="COLLECT" aggregation="{aggregation}"'
    assert table(["x:number"], ["y"], [["1", "1"]], attributes).single({"x": 2}) == value


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 5), ("MIN", 2), ("MAX", 3), ("COUNT", 2)]
)
def test_an_empty_result_counts_in_no_total(aggregation: str, value: int) -> None:
    attributes = f'hitPolicy="COLLECT" aggregation="{aggregation}"'
    rows = [["-", "2"], ["-", ""], ["-", "3"]]
    assert table(["x:number"], ["y"], rows, attributes).single({"x": 1}) == {"y": value}


def test_no_match_is_no_result() -> None:
    found = table(["x:number"], ["y"], [["1", "1"]])
    assert found.decide({"x": 2}) == []
    assert found.single({"x": 2}) is None


def test_output_cells_are_values_lists_and_expressions() -> None:
    found = table(
        ["overdue:number"],
        ["next_look:number", "recipients:string", "done:boolean", "when:date", "empty"],
        [["-", "overdue + 5", '["holder","kl_head"]', "false", 'date("2026-03-17")', ""]],
    )
    assert found.single({"overdue": 14}) == {
        "next_look": 19,
        "recipients": ["holder", "kl_head"],
        "done": False,
        "when": date(2026, 3, 17),
        "empty": None,
    }


def test_inputs_are_expressions_over_the_case_and_functions() -> None:
    found = table(["case.lead", "today()", "len(items)"], ["y"], [['"tni"', "-", "> 1", "1"]])
    names = {"case": Namespace({"lead": "tni"}), "items": [1, 2]}
    assert found.single(names, {"today": lambda: date(2026, 3, 17)}) == {"y": 1}


def test_a_missing_value_is_an_error_that_names_the_table_and_what_is_near() -> None:
    with pytest.raises(
        LanguageError, match=r"Tingkat: There is no value called priority"
    ) as caught:
        table(["priority"], ["y"], [["-", "1"]]).decide({"prioritas": "high"})
    assert "prioritas" in str(caught.value.advice)


def test_a_cell_that_fails_is_named_with_its_rule() -> None:
    with pytest.raises(LanguageError, match="Tingkat: rule 1: 1 is divided by zero"):
        table(["x:number"], ["y"], [["-", "1 / x"]]).decide({"x": 0})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", 0.3), ("0.7 - 0.1", 0.6), ("1.1 * 3", 3.3), ("0.3 / 0.1", 3), ("7 // 2", 3),
        ("x % 4", 3), ("2 ** 3", 8), ('date("2026-03-17") + duration("P1D")', date(2026, 3, 18)),
        ('date("2026-03-17") - date("2026-03-01")', timedelta(days=16)), ("'a' + 'b'", "ab"),
    ],
)  # fmt: skip
def test_cells_calculate_in_decimals_and_with_dates(text: str, value: object) -> None:
    assert table(["x"], ["y"], [["-", text]]).single({"x": 7}) == {"y": value}
    if isinstance(value, float):
        found = table(["x:number"], ["y"], [[text, "true"]])
        assert found.single({"x": value}) == {"y": True}, "in a cell that compares too"


@pytest.mark.parametrize(
    "language",
    ["feel", "FEEL", "s-feel", "python", "juel", "https://www.omg.org/spec/DMN/20191111/FEEL/",
     ""],
)  # fmt: skip
def test_the_languages_that_editors_write_beside_a_cell_are_read(language: str) -> None:
    content = dmn(["x"], ["y"], [["-", "1"]]).decode()
    for written in ("<inputExpression", "<outputEntry"):
        spoken = content.replace(written, f'{written} expressionLanguage="{language}"')
        assert read_decisions(spoken.encode(), "level.dmn")[0].single({"x": 1}) == {"y": 1}


def test_a_computed_output_must_fit_its_column() -> None:
    with pytest.raises(LanguageError, match="does not fit the column y"):
        table(["x"], ["y:number"], [["-", "x"]]).decide({"x": "text"})


def test_a_single_output_without_name_is_called_like_the_decision() -> None:
    content = dmn(["x"], ["y"], [["-", "1"]]).replace(b' name="y"', b"")
    assert read_decisions(content, "level.dmn")[0].single({"x": 1}) == {"level": 1}


def test_a_files_own_types_are_followed() -> None:
    around = '<itemDefinition name="tPriority"><typeRef>string</typeRef></itemDefinition>'
    rows = [['"high"', "1"], ["5", "2"]]
    problem = problem_of(dmn(["x:tPriority"], ["y"], rows, around=around))
    assert problem.element_id == "r2c1"


MATCHES = [Match("r1", 1, {"y": 1}), Match("r2", 2, {"y": date(2026, 3, 17)})]


@pytest.mark.parametrize(
    ("how", "matches", "value"),
    [
        ("singleEntry", MATCHES[:1], 1),
        ("singleResult", MATCHES[:1], {"y": 1}),
        ("collectEntries", MATCHES, [1, "2026-03-17"]),
        ("resultList", MATCHES, [{"y": 1}, {"y": "2026-03-17"}]),
        ("singleEntry", [], None),
        ("singleResult", [], None),
        ("collectEntries", [], []),
        ("resultList", [], []),
    ],
)
def test_results_are_mapped_to_json(how: str, matches: list[Match], value: object) -> None:
    assert map_result(matches, how) == value


@pytest.mark.parametrize(
    ("how", "matches"),
    [
        ("singleEntry", MATCHES),
        ("singleResult", MATCHES),
        ("singleEntry", [Match("r1", 1, {"y": 1, "z": 2})]),
        ("somehow", MATCHES),
    ],
)
def test_more_than_was_asked_for_is_an_error(how: str, matches: list[Match]) -> None:
    with pytest.raises(LanguageError):
        map_result(matches, how)


def test_other_hit_policies_are_refused_by_name() -> None:
    problem = problem_of(dmn(["x"], ["y"], [["-", "1"]], attributes='hitPolicy="C+"'))
    assert "C+" in str(problem.what)
    assert "RULE ORDER" in str(problem.advice)


REQUIREMENT = '<informationRequirement><requiredDecision href="#a"/></informationRequirement>'


@pytest.mark.parametrize(
    ("written", "instead", "words"),
    [
        ("DMN/20191111", "DMN/2099", "no DMN 1.1 to 1.5"),
        ("<decision ", "<inputData ", "not well-formed"),
        ('id="level"', "", "no id of its own"),
        ('aggregation=""', 'aggregation="SUM"', "aggregation SUM"),
        ("<text>x</text>", "<text> </text>", "nothing to compare"),
        ("<text>x</text>", "<text>= x</text>", "FEEL"),
        ("<text>x</text>", "<text>Applicant Age</text>", "cannot be read"),
        ('typeRef="number"', 'typeRef="context"', "The type context"),
        ("<inputExpression", '<inputExpression expressionLanguage="groovy"', "groovy"),
        ("decisionTable", "context", "no decision table but: context"),
        ("decisionTable", "literalExpression", "Formula: There is nothing to evaluate"),
        ("<decisionTable", f"{REQUIREMENT}<decisionTable", "needs a, which is not in this file"),
        ("<rule ", "<rule/><rule ", "a cell for each column"),
        ("<output ", "<annotation ", "The table has no output"),
        ("<output ", '<output name="y"/><output ', "no name of its own"),
        ('"r1c2"><text>1', '"r1c2"><text>one', "one is not a column"),
        ('typeRef="" />', 'typeRef="string" />', "1 does not fit the column y"),
        ("<?xml", "<!DOCTYPE definitions><?xml", "document type"),
        ("<definitions", "<!DOCTYPE definitions><definitions", "document type"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(written: str, instead: str, words: str) -> None:
    content = dmn(["x:number"], ["y"], [["-", "1"]], attributes='aggregation=""').decode()
    problems = problems_of(content.replace(written, instead).encode())
    assert any(words in str(problem.what) for problem in problems)
    assert all(problem.file == "level.dmn" and str(problem.advice) for problem in problems)


def test_every_wrong_cell_is_reported_with_its_id_its_column_and_its_line() -> None:
    content = dmn(["x:number", "z:string"], ["y"], [["1", '"a"', "1"], ["a b", "5", "oops"]])
    problems = problems_of(content)
    assert [(p.element_id, p.element_name, p.line) for p in problems] == [
        ("r2c1", "x", 13), ("r2c2", "z", 14), ("r2c3", "y", 15),
    ]  # fmt: skip


def test_a_value_that_is_not_among_those_listed_for_the_column_is_refused() -> None:
    content = dmn(["x:string"], ["y"], [['"hgih"', "1"]], listed='"normal","high"')
    problem = problem_of(content)
    assert '"hgih" is not among the values' in str(problem.what)
    assert '"normal", "high"' in str(problem.advice)


def test_a_file_without_decision_is_refused() -> None:
    content = f'<definitions xmlns="{DMN_13}"/>'.encode()
    assert "no decision" in str(problem_of(content).what)


def test_an_aggregation_of_several_outputs_is_refused() -> None:
    attributes = 'hitPolicy="COLLECT" aggregation="SUM"'
    problem = problem_of(dmn(["x"], ["y", "z"], [["-", "1", "2"]], attributes=attributes))
    assert "one output" in str(problem.what)


def test_two_decisions_with_one_id_are_refused() -> None:
    one = dmn(["x"], ["y"], [["-", "1"]]).decode()
    decision = one[one.index("<decision ") : one.index("</definitions>")]
    doubled = one.replace("</definitions>", f"{decision}</definitions>")
    assert {problem.element_id for problem in problems_of(doubled.encode())} == {"level"}


def test_a_file_with_too_many_cells_is_refused_before_they_are_read() -> None:
    content = dmn([f"x{n}" for n in range(19)], ["y"], [["-"] * 19 + ["1"]] * 1_001)
    assert "20000 cells" in str(problem_of(content).what)


def test_rules_share_one_budget() -> None:
    bomb = "[i for i in range(5000)]"
    found = table(["x"], ["y"], [["-", f"x or {bomb}"]] * 20, 'hitPolicy="COLLECT"')
    with pytest.raises(LanguageError, match="too many steps"):
        found.decide({"x": None})
