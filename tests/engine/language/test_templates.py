"""Texts with places to fill in."""

from __future__ import annotations

from datetime import date

import pytest

from engine.language import LanguageError, Namespace, compile_template

NAMES = {
    "case": Namespace({"deadline": date(2026, 3, 27), "number": None, "leads": ["kemhan", "tni"]}),
    "done": True,
    "amount": 1.5,
}


def rendered(source: str) -> str:
    return compile_template(source).render(NAMES)


def test_text_without_places_stays_as_it_is() -> None:
    assert rendered("Harga $5, {x} 100 %") == "Harga $5, {x} 100 %"


def test_values_read_as_people_write_them() -> None:
    source = "${case.deadline}|${case.number}|${done}|${not done}|${amount}|#{case.leads}"
    assert rendered(source) == "2026-03-27||true|false|1.5|kemhan, tni"


def test_an_escaped_place_is_text() -> None:
    assert rendered(r"\${done} = ${done}") == "${done} = true"


def test_a_template_tells_what_it_reads() -> None:
    template = compile_template("${case.deadline} ${today()} ${x}")
    assert template.names == {"case", "x"}
    assert template.calls == {"today"}


def test_an_error_knows_its_line_in_the_whole_text() -> None:
    with pytest.raises(LanguageError) as caught:
        rendered("one\ntwo ${done}\nthree ${nope + 1}\n")
    assert caught.value.line == 3


def test_a_place_that_is_not_closed_is_refused() -> None:
    with pytest.raises(LanguageError, match="not closed"):
        compile_template("before\n${done")
