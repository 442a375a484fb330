"""Played in a copy of the tree in which the report has a field `pages`."""

from __future__ import annotations

from tests.web.api.conftest import Api, office_api  # noqa: F401  (a fixture)
from tests.web.cases.test_follow_up_pages import english, words
from tests.web.conftest import Office
from tests.web.work.test_task_pages import REPORT, upload

SHOWN = "Number of pages 3,412"


def test_the_field_is_asked_for_stored_and_shown_wherever_a_report_is(
    office: Office,
    office_api: Api,  # noqa: F811
) -> None:
    english(office, "kemenperin", "coordinator")
    person, task = office.enter("kemenperin"), office.task("report")
    assert "Number of pages" in words(person.get(task))
    answers = {**REPORT, "pages": "3412", "evidence": upload(person, task)}
    assert "3,412" in words(person.post(f"{task}/check", answers, follow_redirects=True))
    done = words(person.post(f"{task}/complete", answers, follow_redirects=True))
    office.service.engine.run_due()
    receipt = next(word for word in done.split() if word.startswith("TT-"))
    [case] = office_api.get("kemenperin", "/api/v1/follow-ups", stage="evaluate")["items"]
    coordinator = office.enter("coordinator")
    for page in (
        coordinator.get(f"/follow-ups/{case['id']}"),
        coordinator.get(f"/receipts/{receipt}"),
        coordinator.get(f"/recommendations/{office.cases.first}/compilation"),
        coordinator.get(office.task("evaluate", "kemenperin")),
    ):
        assert SHOWN in words(page), page.request.path
    found = office_api.get("coordinator", f"/api/v1/follow-ups/{case['id']}")
    assert found["reports"][0]["pages"] == 3412


def test_the_schema_of_the_api_names_it(office: Office) -> None:
    schema = office.stranger().get("/api/v1/openapi.json").get_json()
    [report] = [
        one for name, one in schema["components"]["schemas"].items() if name.endswith("Report")
    ]
    assert "pages" in report["properties"]
