"""Answers are read into values, or refused with every wrong field."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.ports.handlers import Refusal
from processes.lifecycle.form_answers import Answers


def refused(form: Answers) -> set[str]:
    """The fields that are complained about."""
    with pytest.raises(Refusal) as complaint:
        form.finish()
    return set(complaint.value.fields)


def test_every_wrong_field_is_named_at_once() -> None:
    form = Answers({"day": "tomorrow", "percent": 101, "choice": "maybe", "files": ["x"]})
    form.required("text")
    form.day("day")
    form.whole("percent", 0, 100)
    form.choice("choice", ("a", "b"))
    form.uploads("files")
    assert refused(form) == {"text", "day", "percent", "choice", "files"}


@pytest.mark.parametrize("value", [None, "", "  ", "\u200b \u3164", [], {}])
def test_nothing_written_is_no_text(value: object) -> None:
    form = Answers({"text": value})
    assert form.text("text") is None
    form.required("text")
    assert refused(form) == {"text"}


@pytest.mark.parametrize("value", [7, 7.0, "7"])
def test_a_whole_number_may_come_as_number_or_text(value: object) -> None:
    form = Answers({"n": value})
    assert form.whole("n", 0, 100) == 7
    form.finish()


@pytest.mark.parametrize("value", [None, "", "seven", 7.5, -1, 101, "inf", "nan"])
def test_anything_else_is_no_whole_number_in_range(value: object) -> None:
    form = Answers({"n": value})
    form.whole("n", 0, 100)
    assert refused(form) == {"n"}


def test_good_answers_are_read_into_their_types() -> None:
    form = Answers(
        {
            "day": "2026-01-05",
            "list": ["a", "b", "a"],
            "files": ["01a204fb-ff11-74b2-a0b3-2057e1be6235"],
            "rows": [{"x": "1"}, {"x": ""}, "noise"],
            "tick": True,
            "agreed": "yes",
        }
    )
    assert form.day("day") == date(2026, 1, 5)
    assert form.words("list") == ["a", "b"]
    assert form.uploads("files") == [UUID("01a204fb-ff11-74b2-a0b3-2057e1be6235")]
    assert [row.text("x") for row in form.rows("rows")] == ["1"]
    assert form.ticked("tick")
    assert form.yes("agreed")
    form.finish()


@pytest.mark.parametrize("value", ["2026-01-04T17:30:00Z", "2026-01-05 noon", "5/1/2026", 5])
def test_a_day_is_a_date_and_not_the_first_figures_of_a_moment(value: object) -> None:
    form = Answers({"day": value})
    assert form.day("day") is None
    assert refused(form) == {"day"}


def test_a_row_complains_where_its_field_stands() -> None:
    form = Answers({"rows": [{"a": "x", "b": ""}]})
    for row in form.rows("rows"):
        row.required("b")
    assert refused(form) == {"rows[0].b"}
