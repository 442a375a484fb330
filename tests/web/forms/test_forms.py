"""Forms of the shipped models as fields of a page: usable without JavaScript, with entries kept
after an error.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from werkzeug.datastructures import MultiDict

from engine.models.forms import Form, read_form
from engine.sentences.sentence import say
from web.forms.answers_shown import Context, words_of
from web.forms.kept import Kept
from web.forms.submission import redrawn, texts_of
from web.forms.view import FieldView, Known, Upload, fields_of, problems_of
from web.translations import language
from web.translations.update import read
from web.words.formatting import Formats

PROCESSES = Path(__file__).parents[3] / "processes"
FORMATS = Formats(language("id"), ZoneInfo("Asia/Jakarta"))
INSTITUTIONS = {"institutions": [("kemhan", "Kemhan"), ("polri", "Polri")]}


def form_of(name: str) -> Form:
    (file,) = PROCESSES.glob(f"*/{name}.form")
    return read_form(file.read_bytes(), file.name)


def draw(name: str, values: dict[str, object] | None = None, **known: object) -> list[FieldView]:
    return list(fields_of(form_of(name), Known(values or {}, FORMATS, **known)))  # type: ignore[arg-type]


def named(fields: list[FieldView], name: str) -> FieldView:
    flat = [f for one in fields for f in (one, *one.children, *(c for r in one.rows for c in r))]
    return next(field for field in flat if field.name == name)


@pytest.mark.parametrize("file", sorted(PROCESSES.glob("*/*.form")), ids=lambda file: file.stem)
def test_every_field_of_every_shipped_form_is_drawn_with_a_label(file: Path) -> None:
    form = form_of(file.stem)
    drawn = draw(file.stem)
    for key in form.keys:
        assert named(drawn, key).label


def test_every_example_of_a_date_can_be_read_in_one_way_only() -> None:
    examples = re.findall(r"\b(\d{1,2})/(\d{1,2})/\d{4}", str([m.id for m in read("id")]))
    assert examples
    assert all(int(day) > 12 for day, month in examples), "9/12 is September to some readers"


def test_days_and_numbers_in_an_error_are_written_as_the_page_writes_them() -> None:
    wrong = say("{day}, {n}", day=date(2026, 12, 15), n=1200)
    field = named(draw("report", errors={"letter_date": wrong}), "letter_date")
    assert field.error == "Sel, 15 Des 2026, 1.200"


def test_a_date_is_a_text_field_that_shows_how_to_write_it_and_echoes_what_was_understood() -> None:
    field = named(draw("report", {"letter_date": ["9 des 2025"]}), "letter_date")
    assert field.kind == "date"
    assert "31/12/2026" in field.hint
    assert field.value == "9 des 2025"
    assert field.echo.words == "Selasa, 9 Desember 2025"


def test_a_stored_date_comes_back_day_first() -> None:
    assert named(draw("report", {"letter_date": "2025-12-09"}), "letter_date").value == "9/12/2025"


def test_what_cannot_be_understood_stays_as_it_was_typed() -> None:
    field = named(draw("report", {"letter_date": ["31/31/2025"]}), "letter_date")
    assert (field.value, field.echo.words) == ("31/31/2025", "")


def test_a_field_that_matters_for_some_answers_only_says_for_which() -> None:
    field = named(draw("acknowledge"), "explanation")
    assert field.condition is not None
    assert field.condition.rule == [[("response", "=", "accepted")]]
    assert "Minta penjelasan lebih dulu / Tidak sependapat" in field.condition.words


def test_an_error_is_shown_at_its_field_and_listed_in_the_order_of_the_page() -> None:
    errors = {"contact": say("Write the contact."), "response": say("Choose a response.")}
    drawn = draw("acknowledge", errors=errors)
    assert [problem.id for problem in problems_of(drawn)] == ["field-response", "field-contact"]
    label = named(drawn, "contact").label
    assert problems_of(drawn)[1].words == f"{label}: Write the contact.", "two may say the same"


def test_an_error_in_a_row_is_shown_in_that_row() -> None:
    values: dict[str, object] = {
        "activities[0].activity": ["satu"],
        "activities[1].activity": [""],
        "activities[1].unit": ["Biro"],
    }
    drawn = draw("plan", values, errors={"activities[1].activity": say("Write the activity.")})
    [problem] = problems_of(drawn)
    assert problem.id == "field-activities-1-activity"
    assert problem.words.startswith(f"{named(drawn, 'activities').label} 2: ")


def test_a_list_starts_with_one_empty_row() -> None:
    assert len(named(draw("plan"), "activities").rows) == 1


def test_a_row_can_be_added_and_removed_without_losing_what_was_typed() -> None:
    texts = {"unit": ["Biro"], "activities[0].activity": ["satu"]}
    grown = redrawn("add:activities", texts)
    assert grown is not None
    assert len(named(draw("plan", dict(grown)), "activities").rows) == 2
    shrunk = redrawn("remove:activities:1", {**grown, "activities[1].activity": ["dua"]})
    assert shrunk == texts


def test_what_was_entered_is_kept_by_label_and_choices_too() -> None:
    kept = Kept(INSTITUTIONS, language("id"))
    registered = kept.of(
        form_of("register"),
        {"title": ["Judul"], "text": [" "], "priority": ["high"], "lead": ["polri", "kemhan"]},
    )
    assert [words for _, words in registered] == ["Judul", "Tinggi", "Polri; Kemhan"]
    ticked = {"proceed_without_users": ["true"], "letter_date": ["31/31/2026"]}
    assert [words for _, words in kept.of(form_of("send_out"), ticked)] == ["31/31/2026", "Ya"]
    assert kept.of(form_of("send_out"), {"letter_number": [""]}) == []


def test_a_file_can_be_taken_away_again() -> None:
    kept = redrawn("remove_file:evidence:b", {"evidence": ["a", "b"]})
    assert kept == {"evidence": ["a"]}


def test_the_buttons_that_send_do_not_redraw() -> None:
    assert redrawn("complete", {}) is None


def test_the_names_of_the_page_itself_are_no_answers() -> None:
    posted = MultiDict([("csrf_token", "x"), ("act", "save"), ("contact", "Rina")])
    assert texts_of(posted) == {"contact": ["Rina"]}


def test_up_to_five_choices_are_shown_at_once_and_institutions_as_a_list_to_search() -> None:
    assert named(draw("acknowledge"), "response").kind == "radio"
    lead = named(draw("register", options=INSTITUTIONS), "lead")
    assert (lead.kind, [option.value for option in lead.options]) == (
        "checklist",
        ["kemhan", "polri"],
    )


def test_uploaded_files_are_listed_with_the_field_and_unknown_ones_are_not() -> None:
    upload = Upload("u1", "surat.pdf", 1000, "/uploads/u1")
    drawn = draw("report", {"evidence": ["u1", "gone"]}, uploads={"u1": upload})
    assert named(drawn, "evidence").files == (upload,)


def test_answers_in_words_leave_out_hidden_and_empty_fields_and_spell_dates_out() -> None:
    form = form_of("decide_extension")
    values = {"decision": "granted", "new_deadline": "2026-03-27", "reason": "Audit"}
    words = words_of(form, values, Context(FORMATS, {}, {}))
    assert [(one.label, one.text) for one in words] == [
        ("Putusan", "Dikabulkan"),
        ("Tenggat baru", "Jumat, 27 Maret 2026"),
        ("Alasan", "Audit"),
    ]
    denied = words_of(form, {**values, "decision": "denied"}, Context(FORMATS, {}, {}))
    assert [one.label for one in denied] == ["Putusan", "Alasan"]
