"""A model carries the English of its texts, and the check lists what has none."""

from __future__ import annotations

import orjson

from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from engine.models.texts import english_of, texts_of
from tests.engine.models.building import bpmn, end, process, properties, start, user_task

FORM = {
    "id": "leave_form",
    "title": "Izin",
    "title_en": "Leave",
    "components": [
        {"type": "textfield", "id": "a", "key": "reason", "label": "Alasan", "label_en": "Reason"},
        {
            "type": "radio", "id": "b", "key": "kind", "label": "Jenis",
            "properties": {"label_en": "Kind", "sick_en": "Sick"},
            "values": [
                {"value": "sick", "label": "Sakit"},
                {"value": "other", "label": "Lain", "label_en": "Other"},
            ],
        },
    ],
}  # fmt: skip
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
  namespace="d"><decision id="level" name="Tingkat"><decisionTable id="t" hitPolicy="FIRST">
  <input id="i"><inputExpression id="e" typeRef="number"><text>overdue</text></inputExpression>
  </input><output id="o" name="level_name" typeRef="string"/>
  <output id="p" name="level_name_en" typeRef="string"/>
  <rule id="r"><inputEntry id="x"><text></text></inputEntry>
  <outputEntry id="y"><text>"Pengingat dini"</text></outputEntry>
  <outputEntry id="z"><text>"Early reminder"</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""


def files(**english: str) -> dict[str, bytes]:
    """A process with one task of this English, its form and a table."""
    task = user_task("approve", properties(**english), name="Setujui", camunda_formRef="leave_form")
    return {
        "leave.bpmn": bpmn(process("leave", start(name=""), task, end(name=""), name="Cuti")),
        "leave.form": orjson.dumps(FORM),
        "level.dmn": TABLE,
    }


def lacking(given: dict[str, bytes], translated: frozenset[str] | None) -> dict[str, str]:
    """File -> what the check says of its English."""
    found = check_bundle(read_bundle(given), Known(translated=translated))
    return {one.file: str(one.what) for one in found if one.code == "no-english"}


def test_names_labels_choices_titles_and_levels_bring_their_english_along() -> None:
    assert english_of(read_bundle(files(name_en="Approve"))) == {
        "Setujui": "Approve", "Izin": "Leave", "Alasan": "Reason", "Jenis": "Kind",
        "Sakit": "Sick", "Lain": "Other", "Pengingat dini": "Early reminder",
    }  # fmt: skip


def test_every_text_of_a_model_that_people_read_is_asked_for_its_english() -> None:
    assert {"Cuti", "Setujui", "Izin", "Sakit", "Pengingat dini"} <= set(
        texts_of(read_bundle(files()))
    )


def test_the_check_lists_texts_without_english_by_file() -> None:
    missing = lacking(files(), frozenset())
    assert missing == {"leave.bpmn": "Texts without English: 2 (Cuti; Setujui)."}
    assert lacking(files(name_en="Approve"), frozenset({"Cuti"})) == {}


def test_it_is_no_error_and_only_asked_where_english_is_shown() -> None:
    [found] = [
        one
        for one in check_bundle(read_bundle(files()), Known(translated=frozenset()))
        if one.code == "no-english"
    ]
    assert found.severity == "warning"
    assert lacking(files(), None) == {}
