"""Submitted answers: read as typed, or refused with advice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from engine.models.forms import Answers, Form, read_form
from engine.sentences.sentence import Sentence


def form(*components: Mapping[str, object]) -> Form:
    content = {"id": "f", "type": "default", "components": list(components)}
    return read_form(json.dumps(content).encode(), "f.form")


def field(kind: str, key: str = "x", **settings: object) -> dict[str, object]:
    return {"type": kind, "key": key, "id": f"id_{key}", "label": key.upper(), **settings}


def choices(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.title()} for value in values]


def value(component: Mapping[str, object], raw: object) -> object:
    answers = form(component).read({"x": raw})
    assert answers.errors == {}
    return answers.values["x"]


def error(component: Mapping[str, object], raw: object) -> str:
    answers = form(component).read({"x": raw})
    [sentence] = answers.errors.values()
    return sentence.render()


class TestTexts:
    def test_blanks_around_are_dropped_and_line_ends_are_plain(self) -> None:
        assert value(field("textarea"), ["  first\r\nsecond  "]) == "first\nsecond"

    def test_characters_no_keyboard_writes_are_dropped(self) -> None:
        assert value(field("textfield"), "a\x00b\ud800c") == "abc"

    def test_nothing_written_is_none(self) -> None:
        assert value(field("textfield"), ["   "]) is None

    @pytest.mark.parametrize("kind", ["textfield", "textarea"])
    def test_a_required_text_wants_something_to_see(self, kind: str) -> None:
        required = field(kind, validate={"required": True})
        for unseen in ("\u200b", " \u00ad ", "\u2800\n\u3164", "\ufeff\u202e\u2066", "\U000e0041"):
            assert error(required, [unseen]) == "Write “X”."
            assert value(field(kind), unseen) is None
        for seen in ("\u200bA", "\u2764\ufe0f", "\u0633\u200c\u0641"):
            assert value(required, seen) == seen

    def test_lengths(self) -> None:
        limited = field("textfield", validate={"minLength": 2, "maxLength": 4})
        assert value(limited, "abc") == "abc"
        assert error(limited, "a") == "Write “X” in at least 2 characters."
        assert error(limited, "abcde") == "Write “X” in at most 4 characters; there are 5."

    def test_a_text_has_an_end_even_if_the_form_sets_none(self) -> None:
        assert "at most 1000" in error(field("textfield"), "a" * 1_001)

    def test_a_pattern_is_searched_as_the_editor_does(self) -> None:
        numbered = field("textfield", validate={"pattern": "^B-[0-9]+"})
        assert value(numbered, "B-12/2025") == "B-12/2025"
        assert "in the form that is asked for" in error(numbered, "12")

    def test_mail_addresses_and_telephone_numbers(self) -> None:
        mail = field("textfield", validate={"validationType": "email"})
        phone = field("textfield", validate={"validationType": "phone"})
        assert value(mail, "ani@kemhan.go.id") == "ani@kemhan.go.id"
        assert value(phone, "+62 21 3521234") == "+62 21 3521234"
        assert "e-mail address" in error(mail, "ani at kemhan")
        assert "telephone number" in error(phone, "later")

    def test_what_is_no_text_at_all_counts_as_nothing(self) -> None:
        for raw in ({"a": 1}, [["a"]], True, 10**5000):
            assert value(field("textfield"), raw) is None


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [("1.234,5", 1234.5), ("80", 80), ("2,50", 2.5), (7, 7), (7.5, 7.5), (["12"], 12)],
    )
    def test_as_people_write_them(self, typed: object, kept: float) -> None:
        assert value(field("number"), typed) == kept

    def test_whole_numbers_are_kept_whole(self) -> None:
        assert isinstance(value(field("number"), "80,0"), int)

    @pytest.mark.parametrize(
        "typed", ["many", "1,2,3", "--1", True, 1e300, "9" * 40, 2**63, str(2**63)]
    )
    def test_what_is_no_number_is_told(self, typed: object) -> None:
        assert error(field("number"), typed) == "Write “X” as a number, for example 1.234,5."

    def test_a_number_too_long_to_be_written_is_told_too(self) -> None:
        assert error(field("number"), 10**5000).startswith("Write “X” as a number")

    def test_limits(self) -> None:
        percent = field("number", validate={"min": 0, "max": 100}, decimalDigits=1)
        assert value(percent, "99,5") == 99.5
        assert error(percent, "-1") == "Write “X” as 0 or more."
        assert error(percent, "101") == "Write “X” as 100 or less."
        assert error(percent, "1,25") == "Write “X” with at most 1 decimals."

    @pytest.mark.parametrize("typed", ["1.125", "1,125"])
    def test_what_can_be_read_in_two_ways_is_refused_with_both(self, typed: str) -> None:
        told = error(field("number"), typed)
        assert told == "“X” can be read in two ways: write 1125 or 1.125."

    def test_what_would_be_kept_as_another_number_is_refused(self) -> None:
        told = error(field("number"), "123456789012345678,25")
        assert told == "Write “X” with at most 15 digits."
        assert value(field("number"), "12345678901234,5") == 12345678901234.5

    def test_a_fourth_decimal_that_only_tells_three_apart_is_not_kept(self) -> None:
        exact = field("number", serializeToString=True)
        assert value(exact, "1.1250") == "1.125"
        assert value(exact, "1.1255") == "1.1255"

    def test_whole_numbers_only(self) -> None:
        assert error(field("number", decimalDigits=0), "1,5") == "Write “X” as a whole number."

    def test_long_numbers_may_be_kept_as_text(self) -> None:
        exact = field("number", serializeToString=True)
        assert value(exact, "12345678901234567,25") == "12345678901234567.25"


class TestDates:
    @pytest.mark.parametrize("typed", ["9/12/2025", "9 Des 2025", "9 December 2025", "2025-12-09"])
    def test_are_kept_in_one_spelling(self, typed: str) -> None:
        assert value(field("datetime", dateLabel="Date"), [typed]) == "2025-12-09"

    @pytest.mark.parametrize("typed", ["12/9", "31/2/2025", "tomorrow", "9/12/25"])
    def test_what_is_no_date_is_told_with_an_example(self, typed: str) -> None:
        wrong = error(field("datetime", dateLabel="Letter date"), typed)
        assert wrong == "Write “Letter date” as a date, for example 31/12/2026."


class TestChoices:
    def test_one_of_several(self) -> None:
        for kind in ("radio", "select"):
            stance = field(kind, values=choices("yes", "no"))
            assert value(stance, ["yes"]) == "yes"
            assert error(stance, "perhaps") == "Choose “X” from the list."

    def test_several_each_once(self) -> None:
        for kind in ("checklist", "taglist"):
            many = field(kind, values=choices("a", "b"))
            assert value(many, ["b", "a", "b", ""]) == ["b", "a"]
            assert value(many, None) == []
            assert error(many, ["a", "z"]) == "Choose “X” from the list."

    def test_choices_from_outside(self) -> None:
        lead = form(field("checklist", valuesKey="institutions"))
        options = {"institutions": [("kemhan", "Kemhan"), ("polri", "Polri")]}
        assert lead.read({"x": ["polri"]}, options=options).values == {"x": ["polri"]}
        assert "x" in lead.read({"x": ["kemlu"]}, options=options).errors
        assert lead.read({"x": ["kemlu"]}).errors == {}

    def test_a_box(self) -> None:
        box = field("checkbox")
        for raw, kept in ((["on"], True), (True, True), (["false", "true"], True), (None, False)):
            assert value(box, raw) is kept
        assert value(box, "off") is False


class TestFiles:
    def test_are_lists_of_upload_ids(self) -> None:
        assert value(field("filepicker", multiple=True), ["u1", "u2", "u1"]) == ["u1", "u2"]

    def test_one_file_only_unless_several_are_asked_for(self) -> None:
        assert error(field("filepicker"), ["u1", "u2"]) == "Choose one file only for “X”."

    def test_an_id_that_cannot_be_one_is_refused(self) -> None:
        assert error(field("filepicker"), "../../etc/passwd") == "Choose the files of “X” again."


class TestRequired:
    @pytest.mark.parametrize(
        ("component", "sentence"),
        [
            (field("textfield"), "Write “X”."),
            (field("number"), "Write “X”."),
            (field("datetime", dateLabel="X"), "Write “X”, for example 31/12/2026."),
            (field("radio", values=choices("a")), "Choose “X”."),
            (field("checklist", values=choices("a")), "Choose “X”."),
            (field("checkbox"), "Tick “X”."),
            (field("filepicker"), "Add a file for “X”."),
        ],
        ids=lambda component: component["type"] if isinstance(component, dict) else "",
    )
    def test_what_is_missing_is_asked_for_in_its_own_words(
        self, component: dict[str, object], sentence: str
    ) -> None:
        required = {**component, "validate": {"required": True}}
        assert error(required, None) == sentence
        assert value(component, None) in (None, [], False)

    def test_zero_is_an_answer(self) -> None:
        assert value(field("number", validate={"required": True}), "0") == 0


class TestHiddenFields:
    EVALUATE = (
        field(
            "radio", "verdict", values=choices("conforms", "not_yet"), validate={"required": True}
        ),
        field(
            "textarea",
            "notes",
            validate={"required": True},
            conditional={"hide": '=verdict = "conforms"'},
        ),
        field("number", "days", conditional={"hide": "=notes = null"}),
    )

    def read(self, **submitted: object) -> Answers:
        return form(*self.EVALUATE).read(submitted)

    def test_a_hidden_field_is_not_required_and_its_value_is_dropped(self) -> None:
        answers = self.read(verdict="conforms", notes="left over")
        assert answers.errors == {}
        assert answers.values == {"verdict": "conforms", "notes": None, "days": None}

    def test_a_shown_field_is_required(self) -> None:
        assert set(self.read(verdict="not_yet").errors) == {"notes"}

    def test_before_the_choice_is_made_only_the_choice_is_asked_for(self) -> None:
        assert set(self.read(notes="written too early").errors) == {"verdict"}
        assert [item.key for item in form(*self.EVALUATE).visible({})] == ["verdict"]

    def test_a_field_hidden_by_a_hidden_field_is_dropped_too(self) -> None:
        assert self.read(verdict="conforms", notes="x", days="3").values["days"] is None
        assert self.read(verdict="not_yet", notes="x", days="3").values["days"] == 3

    def test_an_error_in_a_hidden_field_does_not_count(self) -> None:
        assert self.read(verdict="conforms", days="many").errors == {}

    def test_a_hidden_group_hides_what_it_holds(self) -> None:
        group = {
            "type": "group",
            "id": "g",
            "components": [field("textfield", "inner", validate={"required": True})],
            "conditional": {"hide": "=closed"},
        }
        asked = form(field("checkbox", "closed"), group)
        assert asked.read({"closed": "on", "inner": "x"}).values == {"closed": True, "inner": None}
        assert set(asked.read({}).errors) == {"inner"}

    def test_conditions_in_a_circle_come_to_an_end(self) -> None:
        circle = form(
            field("textfield", "a", conditional={"hide": '=b = "x"'}),
            field("textfield", "b", conditional={"hide": '=a = "x"'}),
        )
        assert circle.read({"a": "x", "b": "x"}).errors == {}

    def test_what_is_visible_can_be_asked_for_rendering(self) -> None:
        shown = form(*self.EVALUATE).visible({"verdict": "conforms"})
        assert [item.key for item in shown] == ["verdict"]


PLAN = form(
    {
        "type": "dynamiclist",
        "id": "list",
        "path": "activities",
        "label": "Activities",
        "validate": {"required": True},
        "components": [
            field("textfield", "activity", validate={"required": True}),
            field("datetime", "due", dateLabel="Due"),
            field(
                "textfield",
                "unit",
                validate={"required": True},
                conditional={"hide": "=due = null"},
            ),
        ],
    }
)


class TestRows:
    def test_a_form_post_and_json_mean_the_same(self) -> None:
        posted = PLAN.read(
            {
                "activities[0].activity": ["Train"],
                "activities[0].due": ["9/12/2025"],
                "activities[0].unit": ["HR"],
                "activities[1].activity": ["Buy"],
            }
        )
        rows: Sequence[Mapping[str, object]] = [
            {"activity": "Train", "due": "2025-12-09", "unit": "HR"},
            {"activity": "Buy"},
        ]
        assert posted.errors == {}
        assert posted == PLAN.read({"activities": rows})
        assert posted.values["activities"] == [
            {"activity": "Train", "due": "2025-12-09", "unit": "HR"},
            {"activity": "Buy", "due": None, "unit": None},
        ]

    def test_empty_rows_at_the_end_are_dropped(self) -> None:
        answers = PLAN.read({"activities[0].activity": ["Train"], "activities[1].activity": [" "]})
        assert answers.errors == {}
        assert answers.values["activities"] == [{"activity": "Train", "due": None, "unit": None}]

    def test_numbers_left_out_close_up(self) -> None:
        answers = PLAN.read({"activities[7].activity": ["B"], "activities[2].activity": ["A"]})
        rows = answers.values["activities"]
        assert isinstance(rows, list)
        assert [row["activity"] for row in rows if isinstance(row, dict)] == ["A", "B"]

    def test_errors_name_row_and_field(self) -> None:
        answers = PLAN.read({"activities": [{"activity": "A"}, {"due": "soon"}]})
        assert set(answers.errors) == {"activities[1].due", "activities[1].activity"}

    def test_conditions_look_at_their_own_row(self) -> None:
        answers = PLAN.read({"activities": [{"activity": "A", "due": "2025-12-09"}]})
        assert set(answers.errors) == {"activities[0].unit"}

    def test_a_required_list_needs_a_row(self) -> None:
        sentence = PLAN.read({}).errors["activities"]
        assert sentence.render() == "Fill in at least one row of “Activities”."

    def test_nobody_posts_a_million_rows(self) -> None:
        answers = PLAN.read({"activities": [{"activity": "A"}] * 501})
        assert answers.errors["activities"].render() == "Write at most 500 rows."

    @pytest.mark.parametrize("raw", ["text", 3, [1, None], {"a": 1}])
    def test_rows_that_are_none_are_no_crash(self, raw: object) -> None:
        assert PLAN.read({"activities": raw}).errors


def test_unknown_keys_are_dropped_and_every_key_of_the_form_is_there() -> None:
    asked = form(field("textfield", "a"), field("checkbox", "b"))
    assert asked.read({"a": ["x"], "typename": "evil"}).values == {"a": "x", "b": False}
    assert asked.keys == ("a", "b")


def test_a_locked_field_is_shown_and_never_taken() -> None:
    asked = form(field("textfield", "a", readonly=True), field("textfield", "b"))
    assert asked.read({"a": "changed", "b": "x"}).values == {"b": "x"}
    assert asked.keys == ("b",)


def test_errors_are_sentences_with_the_label_as_a_fact() -> None:
    answers = form(field("textfield", validate={"required": True})).read({})
    assert answers.errors == {"x": Sentence("Write “{label}”.", {"label": "X"})}
