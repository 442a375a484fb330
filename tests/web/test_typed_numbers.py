"""Numbers typed and shown are one number, in both languages of the pages and across them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from engine.models.forms import parse_number, read_form
from tests.web.conftest import Office, text
from web.forms.answers_shown import Context, words_of
from web.forms.numbers import entries_of
from web.forms.view import FieldView, Known, fields_of
from web.translations import language
from web.words.formatting import Formats, decimal_mark, field_number
from web.words.number_sentences import in_words

AMOUNT = {"type": "number", "id": "f1", "key": "amount", "label": "Jumlah", "defaultValue": 250000}
SHARE = {"type": "number", "id": "f3", "key": "share", "label": "Porsi"}
PARTS = {"type": "dynamiclist", "id": "f2", "path": "parts", "components": [SHARE]}
MODEL = {"id": "money", "type": "default", "components": [AMOUNT, PARTS]}
FORM = read_form(json.dumps(MODEL).encode(), "money.form")
CODES = ("id", "en")
numbers = st.one_of(
    st.integers(-(10**17), 10**17).map(Decimal),
    st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3),
    st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=5),
)


def formats(code: str) -> Formats:
    return Formats(language(code), ZoneInfo("Asia/Jakarta"))


def drawn(code: str, values: dict[str, object]) -> FieldView:
    return fields_of(FORM, Known(values, formats(code)))[0]


def sent(code: str, **entries: str) -> dict[str, object]:
    """What a form drawn in that language is read as."""
    posted = MultiDict({"_language": code, **entries})
    return dict(FORM.read(entries_of(FORM, posted, "id")).values)


@given(numbers, st.sampled_from(CODES))
def test_what_stands_in_a_field_is_sent_back_as_the_same_number(number: Decimal, code: str) -> None:
    typed = field_number(number, code)
    assert parse_number(typed, decimal_mark(code)) == number


@given(numbers, st.sampled_from(CODES), st.sampled_from(CODES))
def test_a_draft_begun_in_one_language_is_finished_in_the_other(
    number: Decimal, begun: str, finished: str
) -> None:
    number = number.normalize()
    posted = MultiDict({"_language": begun, "amount": field_number(number, begun)})
    draft = entries_of(FORM, posted, "id")
    again = drawn(finished, dict(draft)).value
    posted = MultiDict({"_language": finished, "amount": again})
    (kept,) = entries_of(FORM, posted, "id")["amount"]
    assert parse_number(kept) == number


@pytest.mark.parametrize(("code", "shown"), [("id", "250.000"), ("en", "250,000")])
def test_a_default_is_shown_and_sent_back_as_itself(code: str, shown: str) -> None:
    field = drawn(code, {})
    assert field.value == shown
    assert sent(code, amount=shown)["amount"] == 250_000
    assert sent(code, **{"parts[0].share": shown})["parts"] == [{"share": 250_000}]


@pytest.mark.parametrize(
    ("code", "typed", "both"),
    [("en", "1.125", ("1,125", "1.1250")), ("id", "1,125", ("1.125", "1,1250"))],
)
def test_what_can_be_read_in_two_ways_is_refused_with_both_readings_that_can_be_typed(
    code: str, typed: str, both: tuple[str, str]
) -> None:
    posted = MultiDict({"_language": code, "amount": typed})
    answers = FORM.read(entries_of(FORM, posted, code))
    facts = answers.errors["amount"].facts
    written = tuple(
        field_number(Decimal(str(facts[name])), code) for name in ("grouped", "decimal")
    )
    assert written == both
    assert [sent(code, amount=one)["amount"] for one in both] == [1125, 1.125]


def test_a_page_drawn_in_english_is_read_in_english_after_indonesian_was_chosen() -> None:
    posted = MultiDict({"_language": "en", "amount": "250,000"})
    assert entries_of(FORM, posted, "id")["amount"] == ["250000"]
    assert entries_of(FORM, MultiDict({"_language": "xx", "amount": "250.000"}), "id")[
        "amount"
    ] == ["250000"]


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (0, "id", "nol"),
        (11, "id", "sebelas"),
        (1_000, "id", "seribu"),
        (250_000, "id", "dua ratus lima puluh ribu"),
        (1_001_116, "id", "satu juta seribu seratus enam belas"),
        (1.125, "id", "satu koma satu dua lima"),
        (-7, "id", "minus tujuh"),
        (250_000, "en", "two hundred and fifty thousand"),
        (1_005, "en", "one thousand and five"),
        (42, "en", "forty-two"),
        (1.05, "en", "one point zero five"),
        (10**18, "en", ""),
    ],
)
def test_a_number_is_echoed_in_words(number: float, code: str, words: str) -> None:
    assert in_words(number, code) == words


@pytest.mark.parametrize(
    ("code", "words"),
    [("id", "1,125 (satu koma satu dua lima)"), ("en", "1.125 (one point one two five)")],
)
def test_the_check_says_a_number_with_every_digit_and_in_words(code: str, words: str) -> None:
    (told,) = words_of(FORM, {"amount": 1.125}, Context(formats(code), {}, {}))
    assert told.text == words
    (told,) = words_of(FORM, {"amount": 3.14159}, Context(formats("en"), {}, {}))
    assert told.text.startswith("3.14159 ")


def test_the_percentage_of_a_report_is_typed_checked_and_shown_as_one_number(
    office: Office,
) -> None:
    task, person = office.task("implement"), office.enter("kemhan")
    person.post("/account", {"locale": "en"})
    page = text(person.get(task))
    assert re.search(r'name="_language" value="en"', page)
    entries = {"_language": "en", "percent": "60.000", "narrative": "Dua jalur.", "done": "false"}
    refused = person.post(f"{task}/check", entries)
    assert refused.status_code == 422
    assert "write 60,000 or 60" in text(refused)
    person.post(f"{task}/draft", {**entries, "percent": "60.5"})
    person.post("/account", {"locale": "id"})
    assert 'value="60,5"' in text(person.get(task))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("number?name=a&a=250.000&id=field-a", "dua ratus lima puluh ribu"),
        ("number?name=a&a=1,125&id=field-a", "<span data-echo></span>"),
        ("date?name=a&a=18/1/2026&id=field-a", "Minggu, 18 Januari 2026"),
        ("date?name=a&a=18/1/2026&id=field-a", 'data-takes="15/1/2026"'),
        ("date?name=a&a=19/1/2026&id=field-a", "<span data-echo>Senin, 19 Januari 2026</span>"),
    ],
)
def test_the_words_under_a_field_come_while_it_is_filled_in(
    office: Office, address: str, said: str
) -> None:
    assert said in text(office.enter("kemhan").get(f"/echo/{address}"))


def test_there_is_an_echo_of_dates_and_numbers_only(office: Office) -> None:
    assert office.enter("kemhan").get("/echo/files?name=a").status_code == 404
