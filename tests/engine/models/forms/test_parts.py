"""Dates and numbers as people type them; the small language of hide conditions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.forms import TwoReadings, parse_date, parse_number, spelled
from engine.models.forms.conditions import ConditionError, parse_condition


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            "9/12/2025",
            "09-12-2025",
            "9.12.2025",
            "9 Des 2025",
            "9 des. 2025",
            "9 Desember 2025",
            "9 DEC 2025",
            "9 December 2025",
            "9-Des-2025",
            "2025-12-09",
        ],
    )
    def test_spellings_of_the_ninth_of_december(self, text: str) -> None:
        assert parse_date(text) == date(2025, 12, 9)

    @pytest.mark.parametrize(
        "text", ["", "9/13/2025", "31 Juni 2025", "9 Foo 2025", "9/12/25", "2025-12-9", "0/0/0000"]
    )
    def test_what_is_no_date(self, text: str) -> None:
        assert parse_date(text) is None

    @given(st.dates())
    def test_every_date_survives_the_way_it_is_shown(self, day: date) -> None:
        assert parse_date(f"{day.day}/{day.month}/{day.year:04}") == day
        assert parse_date(day.isoformat()) == day

    @given(st.text(max_size=30))
    def test_no_text_breaks_it(self, text: str) -> None:
        assert parse_date(text) is None or isinstance(parse_date(text), date)


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1234", "1234"),
            ("1234,5", "1234.5"),
            ("1234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"),
            ("1.234.567", "1234567"),
            ("1,234,567.89", "1234567.89"),
            ("0.125", "0.125"),
            ("1 234,5", "1234.5"),
            ("-3,5", "-3.5"),
            (",5", "0.5"),
        ],
    )
    def test_comma_and_dot(self, text: str, number: str) -> None:
        assert parse_number(text) == Decimal(number)

    @pytest.mark.parametrize("text", ["1.125", "1,125", "-1.125", "+1,125", "1 .125"])
    def test_a_single_mark_before_three_digits_can_be_read_in_two_ways(self, text: str) -> None:
        sign = -1 if text.startswith("-") else 1
        both = TwoReadings(grouped=sign * Decimal(1125), decimal=sign * Decimal("1.125"))
        assert parse_number(text) == both
        assert parse_number(text, "." if "." in text else ",") == both, "it is the decimal mark"
        assert parse_number(text, "," if "." in text else ".") == both.grouped

    @pytest.mark.parametrize("text", ["0.125", "1234.567", "1.1250", "12.34", "1.234.567", "1234"])
    def test_what_can_be_read_in_one_way_is_the_same_number_in_every_language(
        self, text: str
    ) -> None:
        found = parse_number(text)
        assert isinstance(found, Decimal)
        assert parse_number(text, ".") == parse_number(text, ",") == found

    @given(
        st.decimals(-(10**17), 10**17, allow_nan=False, places=None),
        st.sampled_from(["", ".", ","]),
    )
    def test_what_is_spelled_is_read_back_whatever_the_language(
        self, number: Decimal, mark: str
    ) -> None:
        number = round(number, 6).normalize()
        assert parse_number(spelled(number), mark) == number

    @pytest.mark.parametrize(
        "text", ["", ".", "1.2.3", "1,23,456", "5,", "1.234.5", "12a", "1e5", "nan", "٣"]
    )
    def test_what_is_no_number(self, text: str) -> None:
        assert parse_number(text) is None

    @given(st.text(alphabet="0123456789.,+- ", max_size=40))
    def test_no_text_breaks_it(self, text: str) -> None:
        number = parse_number(text)
        assert not isinstance(number, Decimal) or number.is_finite()


class TestConditions:
    @pytest.mark.parametrize(
        ("text", "values", "hidden"),
        [
            ('=verdict = "conforms"', {"verdict": "conforms"}, True),
            ('=verdict = "conforms"', {"verdict": "not_yet"}, False),
            ('=verdict = "conforms"', {}, True),
            ('=verdict != "conforms"', {}, True),
            ('=a = "x" and b = "y"', {"b": "z"}, False),
            ("=percent = 0", {}, False),
            ("=percent < 100", {"percent": 80}, True),
            ("=percent < 100", {"percent": None}, False),
            ("=percent >= 99.5", {"percent": 99.5}, True),
            ("=done = true", {"done": True}, True),
            ("=done = true", {"done": 1}, False),
            ("=done", {"done": True}, True),
            ("=notes = null", {"notes": None}, True),
            ('=a = "x" and b = 2', {"a": "x", "b": 2}, True),
            ('=a = "x" and b = 2', {"a": "x", "b": 3}, False),
            ('=a = "x" or b = 2 and c = 3', {"a": "x"}, True),
            ('=a="or"', {"a": "or"}, True),
        ],
    )
    def test_what_hides(self, text: str, values: dict[str, object], hidden: bool) -> None:
        assert parse_condition(text).holds(values) is hidden

    @pytest.mark.parametrize(
        "text",
        ["", "=", "=not(a)", "=a = b", "=a.b = 1", "=(a = 1)", "=a = 1 and", "=1 = a", "=true"],
    )
    def test_what_is_more_than_that_is_refused(self, text: str) -> None:
        with pytest.raises(ConditionError):
            parse_condition(text)

    @pytest.mark.parametrize("text", ["=count(a) > 1", '=a = "x', "=a in [1, 2]", "=a = 1 2"])
    def test_so_is_anything_that_is_half_of_it(self, text: str) -> None:
        with pytest.raises(ConditionError):
            parse_condition(text)

    def test_a_condition_knows_what_it_reads(self) -> None:
        assert parse_condition("=a = 1 or b > 2 and a < 3").keys == {"a", "b"}
