"""Played in a copy of the tree in which there is a verdict `conforms_in_part`."""

from __future__ import annotations

from processes.register.states import Stage
from tests.web.api.conftest import Api, office_api  # noqa: F401  (a fixture)
from tests.web.cases.test_follow_up_pages import case_of, english, words
from tests.web.conftest import Office
from tests.web.work.test_follow_up_tasks import evaluate_of, send

GIVEN = {
    "verdict": "conforms_in_part",
    "notes": "Lengkapi data.",
    "rework_deadline": "1/4/2026",
}


def test_the_verdict_is_offered_given_shown_and_asked_for(
    office: Office,
    office_api: Api,  # noqa: F811
) -> None:
    english(office, "coordinator", "kemenkeu")
    coordinator, task = office.enter("coordinator"), evaluate_of(office)
    assert "Conforms in part, as offered" in words(coordinator.get(task))
    send(coordinator, task, GIVEN)
    office.service.engine.run_due()
    case = case_of(office, office.cases.second, "kemenkeu")
    page = words(office.enter("kemenkeu").get(case))
    assert "Conforms in part" in page
    assert "Verdict: conforms in part" in page
    [found] = office_api.get("coordinator", "/api/v1/follow-ups", verdict="conforms_in_part")[
        "items"
    ]
    assert found["status"] == Stage.IMPLEMENT


def test_the_schema_of_the_api_names_it(office: Office) -> None:
    schema = office.stranger().get("/api/v1/openapi.json")
    assert "conforms_in_part" in schema.get_data(as_text=True)
