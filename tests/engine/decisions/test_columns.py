"""The columns of decision tables: their kinds, and the values that their cells can tell apart."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from engine.decisions.dmn.types import Types, read_types
from engine.decisions.domains import ANY_MOMENT, Domain, are_mixed, family_of
from engine.decisions.kinds import KINDS, kind_of
from engine.decisions.unary import ANYTHING, Column, parse_unary
from engine.language import LanguageError
from engine.language.spans import Months
from engine.xml.tree import parse_xml
from tests.engine.decisions.drawings import drawing

DAY, MOMENT, NOON = date(2026, 3, 17), datetime(2026, 3, 17, 2, tzinfo=UTC), time(12)
EVERY: dict[str, tuple[Any, ...]] = {
    "text": ("a", ""), "number": (1, 2.0, 2.5), "whole": (1, 2.0),
    "true or false": (True, False), "day": (DAY,),
    "moment": (MOMENT,), "time": (NOON,), "days": (timedelta(days=1),), "months": (Months(3),),
}  # fmt: skip

NAMED: dict[str, tuple[str, str]] = {
    "": ("Any", ""), "Any": ("Any", ""), "any": ("Any", ""), "string": ("string", "text"),
    "boolean": ("boolean", "true or false"), "number": ("number", "number"),
    "double": ("number", "number"), "decimal": ("number", "number"), "float": ("number", "number"),
    "integer": ("integer", "whole"), "long": ("integer", "whole"), "int": ("integer", "whole"),
    "short": ("integer", "whole"), "date": ("date", "day"), "dateTime": ("dateTime", "moment"),
    "datetime": ("dateTime", "moment"), "date and time": ("dateTime", "moment"),
    "time": ("time", "time"), "dayTimeDuration": ("dayTimeDuration", "days"),
    "days and time duration": ("dayTimeDuration", "days"),
    "yearMonthDuration": ("yearMonthDuration", "months"),
    "years and months duration": ("yearMonthDuration", "months"),
}  # fmt: skip


@pytest.mark.parametrize("reference", NAMED)
def test_a_type_takes_the_values_of_its_kind_and_nothing_and_no_others(reference: str) -> None:
    name, fitting = NAMED[reference]
    for written in (reference, f"feel:{reference}"):
        assert kind_of(written, {}).name == name
    kind = KINDS[reference]
    fits = {repr(value) for value in EVERY.get(fitting, ())}
    for value in [one for some in EVERY.values() for one in some]:
        assert kind.fits(value) is (not fitting or repr(value) in fits), (reference, value)
    assert kind.given(None, "x") is kind.literal(None, "x") is None
    assert NAMED.keys() == KINDS.keys()


@pytest.mark.parametrize(
    ("reference", "text", "value"),
    [
        ("date", "2026-03-17", DAY), ("dateTime", "2026-03-17T02:00:00Z", MOMENT),
        ("time", "12:00:00", NOON), ("dayTimeDuration", "P1D", timedelta(days=1)),
        ("yearMonthDuration", "P3M", Months(3)), ("string", "2026-03-17", "2026-03-17"),
        ("", "2026-03-17", "2026-03-17"),
    ],
)  # fmt: skip
def test_text_of_the_data_becomes_a_time_where_the_column_wants_one(
    reference: str, text: str, value: object
) -> None:
    assert KINDS[reference].given(text, "x") == value


def test_a_cell_is_of_its_kind_as_it_stands_and_a_list_in_each_entry() -> None:
    assert KINDS["number"].literal([1, None, 2.5], "x") == [1, None, 2.5]
    for kind, wrong in (("number", [1, "a"]), ("date", "2026-03-17"), ("number", True)):
        with pytest.raises(LanguageError, match="does not fit the column x"):
            KINDS[kind].literal(wrong, "x")


def test_a_type_of_the_file_is_followed_to_the_one_it_is_made_of() -> None:
    own = {"tA": "tB", "tB": "feel:number", "loop": "pool", "pool": "loop", "my:own": "tB"}
    for reference in ("tA", "x:tB", "my:own"):
        assert kind_of(reference, own).name == "number"
    for lost in ("loop", "tC", "x:tC"):
        with pytest.raises(LanguageError, match=f"The type {lost} cannot"):
            kind_of(lost, own)


ITEMS = """<itemDefinition name="tState"><typeRef> string </typeRef>
<allowedValues><text>"a","b"</text></allowedValues></itemDefinition>
<itemDefinition name="tOwn"><typeRef>tState</typeRef></itemDefinition>
<itemDefinition name="tMany" isCollection="true"><typeRef>string</typeRef>
<allowedValues><text>"c"</text></allowedValues></itemDefinition>
<itemDefinition name="tLoan"><itemComponent name="term in months"><typeRef>number</typeRef>
<itemComponent name="inner"/></itemComponent></itemDefinition>"""


def test_the_types_of_a_file_say_what_they_are_made_of_allow_and_hold() -> None:
    types = read_types(parse_xml(drawing(ITEMS), "m.dmn"))
    assert types.bases == {"tState": "string", "tOwn": "tState", "tMany": "Any", "tLoan": "Any"}
    assert types.allowed == {"tState": '"a","b"'}
    assert types.parts == {"term in months", "inner"}
    assert types.allowed_in("tOwn") == types.allowed_in("tState") == '"a","b"'
    assert types.allowed_in("tLoan") == types.allowed_in("string") == types.allowed_in("") == ""
    assert Types({"a": "b", "b": "a"}, {}, frozenset()).allowed_in("a") == ""


# --- which values cells tell apart --------------------------------------------------------------

US = timedelta(microseconds=1)
APART: dict[str, tuple[list[Any], list[list[Any]]]] = {
    "string": (["b", "a"], [["", "a", "a~", "b", "b~"]]),
    "number": ([1, 3.5], [[0, 1, 2, 3.5, 4]]),
    "integer": ([1, 3], [[0, 1, 2, 3, 4]]),
    "boolean": ([True], [[False], [True]]),
    "date": ([DAY], [[DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]]),
    "dateTime": ([MOMENT], [[MOMENT - US, MOMENT, MOMENT + US]]),
    "time": ([NOON], [[time.min, NOON, time(12, 0, 0, 1)]]),
    "dayTimeDuration": ([timedelta(1)], [[timedelta(1) - US, timedelta(1), timedelta(1) + US]]),
    "yearMonthDuration": ([Months(3)], [[Months(2), Months(3), Months(4)]]),
}  # fmt: skip


@pytest.mark.parametrize("kind", APART)
def test_a_column_holds_its_constants_one_value_of_each_gap_and_nothing(kind: str) -> None:
    constants, groups = APART[kind]
    assert Domain.of(KINDS[kind], constants).groups == (*map(tuple, groups), (None,))


@pytest.mark.parametrize(
    ("kind", "constants", "values"),
    [
        ("number", [], [0]), ("number", [1, 2], [0, 1, 1.5, 2, 3]),
        ("number", [0.25, 0.75], [0, 0.25, 0.5, 0.75, 1]), ("integer", [1, 2], [0, 1, 2, 3]),
        ("integer", [1.5], [1, 1.5, 2]), ("string", [], [""]), ("string", [""], ["", "~"]),
        ("string", ["a", "a\0"], ["", "a", "a\0", "a\0~"]),
        ("string", ["a", "a\x01"], ["", "a", "a\0", "a\x01", "a\x01~"]),
        ("date", [], [date(2000, 1, 1)]), ("date", [date.max], [date(9999, 12, 30), date.max]),
        ("date", [date.min], [date.min, date(1, 1, 2)]),
        ("dateTime", [], [datetime(2000, 1, 1, tzinfo=UTC)]), ("time", [], [time.min]),
        ("time", [time.max], [time.min, time.max]),
        ("time", [time.min], [time.min, time(0, 0, 0, 1)]),
        ("dayTimeDuration", [], [timedelta(0)]), ("yearMonthDuration", [], [Months(0)]),
    ],
)  # fmt: skip
def test_a_gap_without_a_value_has_none(kind: str, constants: list[Any], values: list[Any]) -> None:
    assert Domain.of(KINDS[kind], constants).values == [*values, None]


def test_a_column_of_any_kind_holds_values_of_all() -> None:
    domain = Domain.of(KINDS["Any"], [5, "a", True, DAY])
    assert domain.groups == (
        ("", "a", "a~"), (4, 5, 6), (DAY - timedelta(1), DAY, DAY + timedelta(1)), (ANY_MOMENT,),
        (time.min,), (timedelta(0),), (Months(0),), (False,), (True,), (None,),
    )  # fmt: skip


def test_listed_values_are_all_there_are() -> None:
    assert Domain.listed(["a", 1]).values == ["a", 1, None]


@pytest.mark.parametrize(
    ("kind", "cell", "holds"),
    [
        ("number", "-", [0, 1, 2, 3.5, 4, None]), ("number", "1", [1]),
        ("number", "> 1", [2, 3.5, 4]), ("number", "<= 1", [0, 1]),
        ("number", "(1..3.5]", [2, 3.5]), ("number", "not(1)", [0, 2, 3.5, 4, None]),
        ("string", '"a", "b"', ["a", "b"]), ("string", '> "a"', ["a~", "b", "b~"]),
        ("boolean", "true", [True]), ("boolean", "not(true)", [False, None]),
        ("boolean", "null", [None]),
    ],
)  # fmt: skip
def test_a_cell_holds_for_the_values_it_matches_bit_by_bit(
    kind: str, cell: str, holds: list[Any]
) -> None:
    domain = Domain.of(KINDS[kind], APART[kind][0])
    test = ANYTHING if cell == "-" else parse_unary(cell, Column("x", KINDS[kind], frozenset()))
    bits = domain.where(test)
    found = [value for place, value in enumerate(domain.values) if bits >> place & 1]
    assert (found, bits >> len(domain.values)) == (holds, 0)


def test_a_value_that_cannot_be_compared_with_a_cell_is_not_among_its_own() -> None:
    domain = Domain.of(KINDS["Any"], [5, "a"])
    above = parse_unary("> 5", Column("x", KINDS["Any"], frozenset()))
    bits = domain.where(above)
    assert [value for place, value in enumerate(domain.values) if bits >> place & 1] == [6]


@pytest.mark.parametrize(
    ("value", "family"),
    [("a", "text"), (1, "number"), (2.5, "number"), (True, ""), (None, ""), (DAY, "day"),
     (MOMENT, "moment"), (NOON, "time"), (timedelta(1), "days"), (Months(1), "months")],
)  # fmt: skip
def test_values_have_an_order_within_their_family(value: object, family: str) -> None:
    assert family_of(value) == family


@pytest.mark.parametrize(
    ("constants", "mixed"),
    [([], False), ([1, "a", True, None], False), ([DAY, "2026-03-17"], True), ([DAY, MOMENT], True),
     ([DAY, 1], False), ([1, 2.5], False), ([NOON, "a", 1], True)],
)  # fmt: skip
def test_dates_beside_other_texts_or_dates_are_not_told_apart(
    constants: list[object], mixed: bool
) -> None:
    assert are_mixed(constants) is mixed
