"""Tables in the forms of tasks: whether they may be left empty is said by the case."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.web.cases.test_follow_up_pages import english
from tests.web.conftest import Office, text
from tests.web.meetings.test_meetings import invite
from tests.web.work.test_follow_up_tasks import send
from tests.web.work.test_recommendation_tasks import comment_task, commented, compiled, registered


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "kemenkeu", "coordinator", "asdep")


def heading(page: TestResponse, table: str) -> str:
    """The words above a table of the form."""
    found = re.search(rf'<fieldset[^>]* id="field-{table}".*?<legend>(.*?)</legend>', text(page))
    assert found, f"the form has no table {table}"
    return re.sub(r"<[^>]+>", "", found[1])


def test_a_table_that_the_case_has_rows_for_is_not_called_optional(office: Office) -> None:
    commented(office)
    coordinator, task = office.enter("coordinator"), office.task("finalise")
    assert "optional" not in heading(coordinator.get(task), "responses")
    emptied = coordinator.post(f"{task}/check", {"final_text": "Baru."})
    assert emptied.status_code == 422
    assert "optional" not in heading(emptied, "responses"), "nor when it comes back"


def test_a_table_that_may_be_left_empty_is_called_optional(office: Office) -> None:
    registered(office)
    for code in ("kemenkeu", "kemhan"):
        send(office.enter(code), comment_task(office, code), {"stance": "agree"})
    office.service.engine.run_due()
    page = office.enter("coordinator").get(office.task("finalise"))
    assert "(optional)" in heading(page, "responses"), "no comment asks for an answer"


def test_each_institution_that_is_still_open_needs_its_row(office: Office) -> None:
    compiled(office)
    page = office.enter("coordinator").get(office.task("evaluate_overall"))
    assert "optional" not in heading(page, "remaining")


def test_each_follow_up_of_a_rakor_needs_its_row(office: Office) -> None:
    id, kemhan = invite(office), office.enter("kemhan")
    found = re.search(r'href="(/tasks/[0-9a-f-]{36})"', text(kemhan.get(f"/meetings/{id}")))
    assert found
    assert "optional" not in heading(kemhan.get(found[1]), "positions")
