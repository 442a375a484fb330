"""Decisions that are formulas: S-FEEL's arithmetic, logic with three values, names with blanks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decisions import map_result
from engine.language import LanguageError
from engine.sentences.errors import ModelError
from tests.engine.decisions.drawings import (
    decision,
    decisions,
    drawing,
    formula,
    input_data,
    knowledge,
    rules,
)
from tests.engine.decisions.test_decisions import problem_of


def worked_out(text: str, kind: str = "", **names: object) -> object:
    """What the formula gives with these names."""
    found = decisions(decision("f", formula(text), variable="f", kind=kind))
    return found["f"].value(names)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10 + 20 / -5 - 3", 3),
        ("0.1 + 0.2", 0.3),
        ("1.1 * 1.1", 1.21),
        ("(1 + 0.03 / 12) ** -36", 0.914034191133165),
        ("10 ** -5", 1e-05),
        ("10 / 0", None),
        ("1.5 / 0", None),
        ("null + 1", None),
        ("1 - null", None),
        ("-null", None),
        ("null.part", None),
        ('"Rec" + "-" + "7"', "Rec-7"),
        ('"a" + null', None),
        ("not(true)", False),
        ("not(null)", None),
        ("null > 1", None),
        ("null = null", True),
        ("1 = true", False),
        ("0 != false", True),
        ('"a" = "a"', True),
        ("2 = 1 + 1", True),
        ('date("2026-03-17") < date("2026-04-01")', True),
        ("5 // null", None), ("null % 5", None), ("5 // 0", None), ("5 % 0", None),
        ("5 % 0.0", None), ("0 / 5", 0), ("7 // 2", 3), ("7 % 4", 3), ("null * 2", None),
        ("-(2 + 3)", -5), ("+5", 5), ("1 < 2 and 2 < 3", True), ("1 < 2 < 3", True),
        ("not(1)", None), ("not(false)", True), ("null < 1", None), ("1 >= null", None),
        ("null != 1", True), ("true = true", True), ("true != 1", True), ("1.5 = 1.5", True),
        ('"a" < "b"', True), ("1 in [1, 2]", True), ("1 if null = null else 2", 1),
        ("null.part.inner", None), ("7.5 - 0.1", 7.4), ("3 * 1.1", 3.3), ("1 / 3 * 3", 1.0),
        ("0.3 / 0.1", 3), ("1.21 ** 0.5", 1.1),
    ],
)  # fmt: skip
def test_formulas_calculate_as_feel_does(text: str, value: object) -> None:
    found = worked_out(text)
    assert found == pytest.approx(value)
    assert isinstance(found, bool) is isinstance(value, bool)


@pytest.mark.parametrize("left", [True, False, None])
@pytest.mark.parametrize("right", [True, False, None])
def test_logic_has_three_values(left: bool | None, right: bool | None) -> None:
    both = False if False in (left, right) else None if None in (left, right) else True
    either = True if True in (left, right) else None if None in (left, right) else False
    assert worked_out("A and B", A=left, B=right) is both
    assert worked_out("A or B", A=left, B=right) is either


MONEY = st.integers(-10_000, 10_000).map(lambda cents: cents / 100)


@given(MONEY, MONEY)
def test_money_is_added_and_multiplied_without_a_cent_too_much(a: float, b: float) -> None:
    assert worked_out("a + b", a=a, b=b) == float(Decimal(str(a)) + Decimal(str(b)))
    assert worked_out("a * b", a=a, b=b) == float(Decimal(str(a)) * Decimal(str(b)))


def test_names_with_blanks_are_read_when_they_are_drawn() -> None:
    found = decisions(
        decision("greet", formula('"Hello " + Full  Name + Name'), "input:n", "input:f"),
        input_data("f", "Full Name"),
        input_data("n", "Name"),
    )
    names = {"Full Name": "Ani B.", "Name": "!"}
    assert found["greet"].value(names) == "Hello Ani B.!"
    assert found["greet"].names >= names.keys()


def test_parts_of_a_structure_may_have_blanks_too() -> None:
    structure = (
        '<itemDefinition name="tLoan"><itemComponent name="term in months">'
        "<typeRef>number</typeRef></itemComponent></itemDefinition>"
    )
    years = "loan.term in months / 12"
    parts = (structure, input_data("loan"), knowledge("k", ["loan"], years, name="years of"))
    for text, needs in ((years, ()), ("years of(loan)", ("knowledge:k",))):
        found = decisions(*parts, decision("y", formula(text), *needs))
        assert found["y"].value({"loan": {"term in months": 24}}) == 2


def test_a_text_that_looks_like_a_name_stays_a_text() -> None:
    found = decisions(decision("y", formula('"Full Name"')), input_data("f", "Full Name"))
    assert found["y"].value({}) == "Full Name"


def test_a_formula_gives_its_value_under_the_name_of_its_variable() -> None:
    found = decisions(decision("y", formula("6 * 7"), variable="answer", kind="number"))["y"]
    assert found.single({}) == {"answer": 42}
    assert map_result(found.decide({}), "singleEntry") == 42


def test_a_result_of_another_type_than_was_drawn_is_an_error() -> None:
    with pytest.raises(LanguageError, match=r"Decision f: \"a\" does not fit"):
        worked_out('"a"', "number")


@pytest.mark.parametrize(
    ("own", "variable", "fits"),
    [("", "", "a"), ("string", "", "a"), ("", "string", "a"), ("string", "number", "a"),
     ("number", "string", 1)],
)  # fmt: skip
def test_a_formula_is_of_its_own_type_else_of_that_of_its_variable(
    own: str, variable: str, fits: object
) -> None:
    logic = formula("x").replace("<literalExpression", f'<literalExpression typeRef="{own}"')
    found = decisions(decision("f", logic, variable="f", kind=variable))["f"]
    assert found.value({"x": fits}) == fits
    if own or variable:
        with pytest.raises(LanguageError, match="does not fit the column f"):
            found.value({"x": True})


def test_input_data_is_checked_and_dates_arrive_as_text() -> None:
    found = decisions(
        decision("late", formula('due < date("2026-03-17")'), "input:i"),
        input_data("i", "due", "date"),
    )
    assert found["late"].value({"due": "2026-03-16"}) is True
    with pytest.raises(LanguageError, match="not a date"):
        found["late"].decide({"due": "soon"})


def test_input_data_outside_the_allowed_values_is_an_error() -> None:
    status = (
        '<itemDefinition name="tStatus"><typeRef>string</typeRef>'
        '<allowedValues><text>"open","closed"</text></allowedValues></itemDefinition>'
    )
    found = decisions(
        status,
        decision("y", formula('"It is " + status'), "input:s"),
        input_data("s", "status", "tStatus"),
    )
    assert found["y"].value({"status": "open"}) == "It is open"
    with pytest.raises(LanguageError, match='"lost" is not among the values'):
        found["y"].decide({"status": "lost"})


def test_a_formula_calls_the_knowledge_it_is_drawn_with() -> None:
    found = decisions(
        decision("pay", formula("Monthly Payment(amount, 0.12) + fee"), "knowledge:k"),
        knowledge(
            "k",
            ["p", "yearly rate"],
            "p * monthly(yearly rate)",
            "knowledge:m",
            name="Monthly Payment",
        ),
        knowledge("m", ["r"], "r / 12", name="monthly"),
    )
    assert found["pay"].value({"amount": 600, "fee": 1.5}) == 7.5


@pytest.mark.parametrize(
    ("call", "words"),
    [("twice(1, 2)", "twice is given 2 values"), ("thrice(1)", "no function called thrice")],
)
def test_knowledge_is_called_by_its_name_with_all_its_parameters(call: str, words: str) -> None:
    parts = (
        decision("y", formula(call), "knowledge:k"),
        knowledge("k", ["x"], "2 * x", name="twice"),
    )
    with pytest.raises((LanguageError, ModelError), match=words):
        decisions(*parts)["y"].decide({})


def test_knowledge_and_those_who_call_it_may_call_the_functions_of_the_step_too() -> None:
    parts = (
        decision("y", formula("next(1) + now()"), "knowledge:k", "knowledge:gone"),
        knowledge("k", ["x"], "max(x, now())", "knowledge:gone", name="next"),
    )
    assert decisions(*parts)["y"].value({}, {"now": lambda: 5}) == 10


def test_knowledge_that_calls_itself_is_refused() -> None:
    parts = (
        decision("y", formula("f(1)"), "knowledge:f"),
        knowledge("f", ["x"], "g(x)", "knowledge:g"),
        knowledge("g", ["x"], "f(x)", "knowledge:f"),
    )
    with pytest.raises(ModelError, match="each other in a circle"):
        decisions(*parts)


def test_knowledge_reads_nothing_but_its_parameters() -> None:
    parts = (decision("y", formula("f(1)"), "knowledge:f"), knowledge("f", ["x"], "x + secret"))
    assert "no parameter called secret" in str(problem_of(drawing(*parts)).what)


def test_calls_that_multiply_end_within_the_budget() -> None:
    chain = [
        knowledge(f"f{n}", ["x"], f"f{n + 1}(x) + f{n + 1}(x)", f"knowledge:f{n + 1}")
        for n in range(20)
    ]
    found = decisions(
        decision("y", formula("f0(1)"), "knowledge:f0"), *chain, knowledge("f20", ["x"], "x")
    )
    with pytest.raises(LanguageError, match="too many steps"):
        found["y"].decide({})


@pytest.mark.parametrize(
    "text",
    [
        "items[1]",
        "{a: 1}",
        "[x * 2 for x in items]",
        "a[b = 2]",
        "open('x')",
        "().__class__",
        "__x",
    ],
)
def test_what_feel_reads_otherwise_or_nobody_may_write_is_refused(text: str) -> None:
    assert problem_of(drawing(decision("f", formula(text)))).element_id == "f"


@pytest.mark.parametrize("text", ["-3 ** 2", "- x ** 2", "2 ** 3 ** 2", "1 - 2 ** -3 ** 2"])
def test_powers_that_languages_read_differently_are_refused(text: str) -> None:
    assert "two ways" in str(problem_of(drawing(decision("f", formula(text)))).what)


@pytest.mark.parametrize(
    ("text", "value"),
    [("(-3) ** 2", 9), ("-(3 ** 2)", -9), ("(2 ** 3) ** 2", 64), ("2 ** -1", 0.5)],
)
def test_powers_with_brackets_are_read(text: str, value: object) -> None:
    assert worked_out(text) == value


def test_what_cannot_be_read_is_shown_as_it_was_written() -> None:
    parts = (decision("y", formula("Full Name +* 2")), input_data("f", "Full Name"))
    assert "Full Name +* 2" in str(problem_of(drawing(*parts)).what)


@pytest.mark.parametrize("name", ["5", "=", "+ x", '"a"', " ", "(", "and", "true"])
def test_what_is_no_name_changes_no_text(name: str) -> None:
    found = decisions(
        decision("y", formula('5 + 5 = 10 and true and "a" = "a"')), input_data("i", name)
    )
    assert found["y"].value({}) is True


@pytest.mark.parametrize(
    "name", ["a+b", "x(y", "Nilai (Rp)", "class", "from", "naïve–name", "c'd", "q?"]
)
def test_names_of_any_spelling_are_read(name: str) -> None:
    text = f'"{name}" + str({name} + 1)'
    found = decisions(decision("y", formula(text), "input:i"), input_data("i", name))
    assert found["y"].value({name: 1}) == f"{name}2"


PIECES = [
    "1", "0", "2.5", "1e308", "10**17", "null", "true", "x", "Full Name", '"a"', "[1, 2]", "(", ")",
    "+", "-", "*", "/", "**", "%", "=", "!=", "<", ">=", "and", "or", "not(", "date(", "duration(",
    '"P1D"', '"2026-03-17"', ",", ".", "in", "if", "else", "[", "]", "min(", "x.y", "__class__",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join))
def test_any_text_is_worked_out_or_refused_in_words(text: str) -> None:
    parts = [input_data("i", "Full Name"), decision("f", formula(text))]
    parts.append(decision("t", rules(["x"], ["y"], [text, text])))
    for part in parts[1:]:
        try:
            [found] = decisions(parts[0], part).values()
            found.value({"x": 5, "Full Name": "Ani"})
        except (LanguageError, ModelError) as error:
            assert str(error)


def test_dates_may_be_given_as_values_of_python_too() -> None:
    assert worked_out("d.year", d=date(2026, 3, 17)) == 2026


# --- names with blanks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Full Name", "Ani B."), ("Full   Name", "Ani B."), ("Full\nName", "Ani B."),
        ("Full", "F"), ("Full + Name", "FN"), ("Name", "N"), ('"Full Name"', "Full Name"),
        ("Full Name = Full Name", True), ("Full Name == Full Name", True), ("Full != Name", True),
        ("len(Full Name)", 6), ("Full Names", None), ("XFull Name", None), ("class", 1),
        ("class + class", 2), ("max(class, 2)", 2), ("class = 1 and (class = 1)", True),
        ("(class = 1)", True), ("if_ = 1", None), ("(Full = \"F\") and not (Name = \"x\")", True),
        ("max(1, 2) = 2", True), ("(max(1, 2) = 2)", True), ("null = null and (null = null)", True),
        ("case.Nilai (Rp)", 7),
    ],
)  # fmt: skip
def test_a_name_of_any_spelling_is_read_where_it_stands_whole(text: str, value: object) -> None:
    names = {"Full Name": "Ani B.", "Full": "F", "Name": "N", "class": 1, "Nilai (Rp)": 0}
    drawn = [input_data(f"i{place}", name) for place, name in enumerate(names)]
    found = [*drawn, decision("y", formula(text))]
    if value is None:
        with pytest.raises((LanguageError, ModelError)):
            decisions(*found)["y"].value(names)
        return
    assert decisions(*found)["y"].value({**names, "case": {"Nilai (Rp)": 7}}) == value


def test_an_argument_by_name_keeps_its_single_equals_sign() -> None:
    found = decisions(decision("y", formula("sorted([1, 3, 2], reverse=true)")))
    assert found["y"].value({}) == [3, 2, 1]
    text = 'date and time("2026-03-17T09:00:00Z") = date_and_time("2026-03-17T16:00:00+07:00")'
    assert decisions(decision("y", formula(text)))["y"].value({}) is True


def test_a_name_that_is_not_there_is_shown_as_it_is_written() -> None:
    found = decisions(decision("y", formula("Full Name + 1")), input_data("i", "Full Name"))
    with pytest.raises(LanguageError, match="There is no value called Full Name here"):
        found["y"].value({})
    assert found["y"].names == {"Full Name"}
