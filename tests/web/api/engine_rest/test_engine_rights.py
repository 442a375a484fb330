"""The rights over the engine's API are those of the pages, and no others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from processes.storage.cases import follow_up_rows
from processes.storage.tables.people import user
from tests.web.api.conftest import Api
from tests.web.api.models import REVIEW
from tests.web.conftest import Office

ENGINE = "/engine-rest"
LISTS = ("task", "process-instance", "history/process-instance")


def instance_of(office: Office, recommendation: UUID, institution: str) -> str:
    """The instance of one institution's follow-up."""
    with office.service.reading() as connection:
        rows = follow_up_rows.of_recommendation(connection, recommendation)
    return str(next(row.instance_id for row in rows if row.institution == institution))


def instances(api: Api, who: str) -> set[str]:
    return {one["id"] for one in api.get(who, f"{ENGINE}/process-instance")}


def test_every_role_comes_as_far_as_its_standing_lets_it(office_api: Api) -> None:
    for who, models, incidents in (
        ("owner", 200, 200),
        ("admin", 200, 200),
        ("coordinator", 200, 403),
        ("asdep", 200, 403),
        ("kemhan", 403, 403),
        ("kemhan-head", 403, 403),
    ):
        for path in ("deployment", "process-definition", "process-definition/key/follow_up"):
            answer = office_api.call(who, "GET", f"{ENGINE}/{path}")
            assert answer.status_code == models, (who, path)
        assert office_api.call(who, "GET", f"{ENGINE}/incident").status_code == incidents, who


@pytest.mark.parametrize("who", ["coordinator", "asdep", "kemhan", "kemhan-head"])
def test_only_owners_and_administrators_deploy_start_and_send(office_api: Api, who: str) -> None:
    refused = [
        office_api.deploy(who, REVIEW),
        office_api.post(who, f"{ENGINE}/process-definition/key/review/start"),
        office_api.post(who, f"{ENGINE}/message", {"messageName": "x", "businessKey": "y"}),
    ]
    for answer in refused:
        assert answer.status_code == 403
        assert answer.get_json()["type"] == "AuthorizationException"


def test_an_institution_finds_its_own_cases_and_tasks_only(office: Office, office_api: Api) -> None:
    mine = instance_of(office, office.cases.first, "kemhan")
    theirs = instance_of(office, office.cases.first, "kemenperin")
    assert mine in instances(office_api, "kemhan")
    assert theirs not in instances(office_api, "kemhan")
    tasks = office_api.get("kemhan", f"{ENGINE}/task")
    assert {one["processInstanceId"] for one in tasks} <= instances(office_api, "kemhan")
    for path in (
        f"process-instance/{theirs}",
        f"history/process-instance/{theirs}",
        f"history/activity-instance?processInstanceId={theirs}",
    ):
        assert office_api.call("kemhan", "GET", f"{ENGINE}/{path}").status_code == 404, path
    for one in LISTS:
        query = {"processInstanceId": theirs, "processInstanceIds": theirs}
        assert office_api.get("kemhan", f"{ENGINE}/{one}", **query) == [], one
        assert office_api.get("kemhan", f"{ENGINE}/{one}/count", **query) == {"count": 0}, one


def test_a_task_of_another_institution_does_not_exist(office: Office, office_api: Api) -> None:
    theirs = office.task("report", "kemenperin").removeprefix("/tasks/")
    nobodys = theirs[:-4] + "0000"
    for id in (theirs, nobodys):
        for path in ("", "/form-variables"):
            answer = office_api.call("kemhan", "GET", f"{ENGINE}/task/{id}{path}")
            assert answer.status_code == 404
        for act in ("claim", "unclaim", "assignee", "complete"):
            answer = office_api.post("kemhan", f"{ENGINE}/task/{id}/{act}")
            assert answer.status_code == 404, act
            assert answer.get_json() == {
                "type": "InvalidRequestException",
                "message": "There is no such thing, or it is not open to you. "
                "Check the address and the id in it.",
                "code": None,
            }


def test_overseers_read_every_case_within_their_clearance(office: Office, office_api: Api) -> None:
    secret = instance_of(office, office.cases.second, "kemhan")
    assert secret in instances(office_api, "asdep")
    everything = len(instances(office_api, "asdep"))
    counted = office_api.get("asdep", f"{ENGINE}/process-instance/count")
    assert counted == {"count": everything}
    with office.service.transaction() as connection:
        connection.execute(
            update(user).where(user.c.username == "asdep").values(clearance="ordinary")
        )
    assert secret not in instances(office_api, "asdep")
    assert office_api.get("asdep", f"{ENGINE}/process-instance/count") == {
        "count": len(instances(office_api, "asdep"))
    }
    assert office_api.call("asdep", "GET", f"{ENGINE}/process-instance/{secret}").status_code == 404


def test_whoever_reads_a_case_does_not_decide_it(office: Office, office_api: Api) -> None:
    task = office.task("acknowledge").removeprefix("/tasks/")
    answers: dict[str, Any] = {"variables": {"response": {"value": "accepted"}}}
    for who in ("asdep", "coordinator", "kemhan-head"):
        answer = office_api.post(who, f"{ENGINE}/task/{task}/complete", answers)
        assert answer.status_code == 403, who
    case = instance_of(office, office.cases.first, "kemhan")
    for who in ("asdep", "kemhan"):
        answer = office_api.call(who, "DELETE", f"{ENGINE}/process-instance/{case}")
        assert answer.status_code == 403, who


def test_whoever_keeps_the_machine_finds_no_case(office: Office, office_api: Api) -> None:
    case = instance_of(office, office.cases.first, "kemhan")
    task = office.task("acknowledge").removeprefix("/tasks/")
    for who in ("owner", "admin"):
        for one in LISTS:
            assert office_api.get(who, f"{ENGINE}/{one}") == []
            assert office_api.get(who, f"{ENGINE}/{one}/count") == {"count": 0}
        for path in (f"process-instance/{case}", f"task/{task}"):
            assert office_api.call(who, "GET", f"{ENGINE}/{path}").status_code == 404
        assert (
            office_api.call(who, "DELETE", f"{ENGINE}/process-instance/{case}").status_code == 404
        )
        assert office_api.post(who, f"{ENGINE}/task/{task}/complete").status_code == 404


def test_owners_keep_every_instance_that_is_no_case_and_others_find_their_tasks(
    office_api: Api,
) -> None:
    office_api.deploy("owner", REVIEW)
    instance = office_api.start("owner", "review", due=None)
    assert office_api.get("admin", f"{ENGINE}/process-instance/{instance}")["id"] == instance
    task = office_api.task("coordinator", instance)
    assert office_api.get("kemhan", f"{ENGINE}/task", processInstanceId=instance) == []
    for who in ("coordinator", "kemhan"):
        answer = office_api.call(who, "GET", f"{ENGINE}/process-instance/{instance}")
        assert answer.status_code == 404, who
    body = {"withVariablesInReturn": True}
    done = office_api.post("coordinator", f"{ENGINE}/task/{task['id']}/complete", body)
    assert done.status_code == 200
    assert done.get_json() == {}, "what an instance holds is told to those who may read it"


def test_a_case_completed_by_a_program_runs_the_same_handlers(
    office: Office, office_api: Api
) -> None:
    task = office.task("acknowledge").removeprefix("/tasks/")
    wrong = office_api.complete("kemhan", task)
    assert wrong.status_code == 400
    assert "response: " in wrong.get_json()["message"]
    done = office_api.complete("kemhan", task, response="accepted", contact="Rina")
    assert done.status_code == 204
    with office.service.reading() as connection:
        rows = follow_up_rows.of_recommendation(connection, office.cases.first)
    row = next(one for one in rows if one.institution == "kemhan")
    assert (row.status, row.contact) == ("plan", "Rina")


def test_form_variables_of_a_case_give_what_its_form_asks(office: Office, office_api: Api) -> None:
    task = office.task("acknowledge").removeprefix("/tasks/")
    form, _ = office.service.engine.form(UUID(task))
    assert form is not None
    data = office_api.get("kemhan", f"{ENGINE}/task/{task}/form-variables")
    assert set(data) == set(form.keys)


def test_of_a_recommendation_an_institution_learns_no_other_ones_answer(
    office: Office, office_api: Api
) -> None:
    found = office_api.get(
        "kemhan", f"{ENGINE}/process-instance", processDefinitionKey="recommendation"
    )
    for one in found:
        query = {"processInstanceId": one["id"]}
        past = office_api.get("kemhan", f"{ENGINE}/history/activity-instance", **query)
        assert [visit for visit in past if visit["activityType"] == "userTask"] == []
    assert found
