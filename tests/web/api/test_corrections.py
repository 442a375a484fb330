"""What an institution corrects through the API: the acts of its pages, with the same refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.api.conftest import Api
from tests.web.api.test_v1 import V1, follow_up
from tests.web.conftest import Office

REASON = {"reason": "Lampiran kurang."}
PLAN: dict[str, Any] = {
    "revises": 1,
    "unit": "Biro Perencanaan",
    "activities": [
        {"activity": "Tender kedua", "due": "2026-09-30"},
        {"activity": "Uji coba", "unit": "Balai", "target": "2 lokasi"},
    ],
    "reason": "Tender pertama gagal.",
}


@pytest.fixture
def case(office: Office, office_api: Api) -> str:
    """Kemenkeu's follow-up, whose report waits for its evaluation."""
    id = follow_up(office_api, "kemenkeu", office.cases.second)
    return f"{V1}/follow-ups/{id}"


def test_a_report_is_taken_back_and_handed_in_again_by_a_program(
    office: Office, office_api: Api, case: str
) -> None:
    answer = office_api.post("kemenkeu", f"{case}/report-replacement", REASON)
    assert answer.status_code == 200
    taken = answer.get_json()
    assert taken["incident"] is None
    task = office_api.get("kemenkeu", f"/engine-rest/task/{taken['task']}")
    assert (task["taskDefinitionKey"], task["assignee"]) == ("report", "kemenkeu")
    [handed] = office_api.get("coordinator", case)["handed_in"]
    assert handed["receipt_number"] == office.cases.receipt
    assert handed["replaced_at"]
    answers = {**taken["answers"], "summary": "Lengkap dengan lampiran."}
    assert answers["evidence"], "the files come along"
    done = office_api.complete("kemenkeu", taken["task"], **answers)
    assert done.status_code == 204, done.get_data(as_text=True)
    assert [
        bool(one["replaced_at"]) for one in office_api.get("coordinator", case)["handed_in"]
    ] == [True, False]


def test_a_plan_is_revised_once_however_often_the_call_is_sent(office_api: Api, case: str) -> None:
    answer = office_api.post("kemenkeu", f"{case}/plan", PLAN)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = answer.get_json()
    assert found["plan_version"] == 2
    assert [(row["activity"], row["due"]) for row in found["plan"]] == [
        ("Tender kedua", "2026-09-30"),
        ("Uji coba", None),
    ]
    again = office_api.post("kemenkeu", f"{case}/plan", PLAN)
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")
    assert "Version 2" in again.get_json()["title"]
    assert office_api.get("kemenkeu", case)["plan_version"] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
        ({"activities": []}, "activities"),
        ({"activities": [{"activity": "x" * 501}]}, "activities[0].activity"),
        ({"activities": [{"activity": "Uji", "due": "2026-02-31"}]}, "activities[0].due"),
        ({"activities": [{"unit": "Balai"}]}, "activities.0.activity"),
        ({"unit": "\x00"}, "unit"),
        ({"revises": "1"}, "revises"),
        ({"version": 1}, "version"),
    ],
)
def test_a_plan_is_held_to_the_form_that_the_page_shows(
    office_api: Api, case: str, changes: dict[str, Any], field: str
) -> None:
    answer = office_api.post("kemenkeu", f"{case}/plan", {**PLAN, **changes})
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert list(answer.get_json()["errors"]) == [field]
    assert office_api.get("kemenkeu", case)["plan_version"] == 1


@pytest.mark.parametrize("reason", ["", " ", "x" * 2_001])
def test_a_report_stays_where_the_reason_is_missing_or_too_long(
    office_api: Api, case: str, reason: str
) -> None:
    answer = office_api.post("kemenkeu", f"{case}/report-replacement", {"reason": reason})
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["reason"]
    [handed] = office_api.get("coordinator", case)["handed_in"]
    assert handed["replaced_at"] is None


@pytest.mark.parametrize("act", ["report-replacement", "plan"])
def test_only_the_institution_itself_corrects(office_api: Api, case: str, act: str) -> None:
    body = PLAN if act == "plan" else REASON
    for who, status in (("kemhan", 404), ("coordinator", 403), ("owner", 404), (None, 401)):
        assert office_api.post(who, f"{case}/{act}", body).status_code == status, who
    reads = {"Authorization": f"Bearer {office_api.token('kemenkeu', 'read')}"}
    answer = office_api.call(None, "POST", f"{case}/{act}", headers=reads, json=body)
    assert answer.status_code == 403


def test_a_body_that_is_no_json_is_refused(office_api: Api, case: str) -> None:
    answer = office_api.call(
        "kemenkeu", "POST", f"{case}/plan", data="{", content_type="text/plain"
    )
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
