"""Nobody reads the answer of another person to the same question, on any way in; and nobody reads
the decisions of a case of the register in the variables of its process."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from processes.cases.follow_up import follow_up_acts
from processes.rights.scope import scope_of
from processes.storage.cases import follow_up_rows
from processes.storage.people import users
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    extensions,
    process,
    start,
    sub_process,
    user_task,
)
from tests.web.api.conftest import Api
from tests.web.conftest import Office, text

ENGINE = "/engine-rest"
SECRET = "Anggaran kami dipotong."
EACH = Part(
    '<multiInstanceLoopCharacteristics isSequential="{}" camunda:collection="${{groups}}"'
    ' camunda:elementVariable="group"/>'
)
FIELDS = extensions(
    Part(
        '<camunda:formData><camunda:formField id="comment" label="Tanggapan" type="string"/>'
        '<camunda:formField id="group" label="Kelompok" type="string"/></camunda:formData>'
    )
)
GROUPS = ["institution:kemhan", "institution:kemenperin"]


def asking(sequential: bool) -> dict[str, bytes]:
    """A process of one's own that asks every institution for a comment."""
    marker = Part(EACH.xml.format(str(sequential).lower()))
    task = user_task("comment", FIELDS, marker, camunda_candidateGroups="${group}")
    return {"asking.bpmn": bpmn(process("asking", start(), task, user_task("after"), end()))}


@pytest.fixture(params=[False, True], ids=["at once", "one by one"])
def answered(request: pytest.FixtureRequest, office: Office) -> str:
    """The task of kemenperin after kemhan has answered."""
    engine = office.service.engine
    engine.deploy(asking(request.param), "owner")
    case = engine.start("asking", {"groups": GROUPS}, by="owner")
    [mine] = [t for t in engine.tasks(instance_id=case) if GROUPS[0] in t.candidate_groups]
    engine.complete(mine.id, {"comment": SECRET}, "kemhan")
    assert engine.data(case)["comment"] == SECRET, "else there is nothing to be seen"
    [theirs] = engine.tasks(instance_id=case)
    return str(theirs.id)


def shown(answer: Any) -> str:
    assert answer.status_code in (200, 204, 404), answer.get_data(as_text=True)
    return text(answer)


def test_a_form_shows_nothing_of_what_another_institution_has_answered(
    office: Office, office_api: Api, answered: str
) -> None:
    pages = office.enter("kemenperin")
    variables = office_api.get("kemenperin", f"{ENGINE}/task/{answered}/form-variables")
    assert variables["group"]["value"] == GROUPS[1]
    assert variables["comment"]["value"] is None
    page = shown(pages.get(f"/tasks/{answered}"))
    assert "Tanggapan" in page
    assert SECRET not in page
    for path in (f"task/{answered}", "task", "process-instance", "history/process-instance"):
        assert SECRET not in shown(office_api.call("kemenperin", "GET", f"{ENGINE}/{path}")), path
    body = {"variables": {"comment": {"value": "Setuju."}}, "withVariablesInReturn": True}
    done = office_api.post("kemenperin", f"{ENGINE}/task/{answered}/complete", body)
    assert done.get_json() == {"comment": {"value": "Setuju.", "type": "String", "valueInfo": {}}}


def test_a_form_of_ones_own_round_shows_what_it_knows(office: Office, office_api: Api) -> None:
    model = process("noting", start(), user_task("note", FIELDS, camunda_assignee="owner"), end())
    engine = office.service.engine
    engine.deploy({"noting.bpmn": bpmn(model)}, "owner")
    case = engine.start("noting", {"comment": "Dari awal.", "hidden": SECRET}, by="owner")
    [task] = engine.tasks(instance_id=case)
    page = shown(office.enter("owner").get(f"/tasks/{task.id}"))
    assert "Dari awal." in page
    assert SECRET not in page
    office_api.complete("owner", str(task.id))
    assert engine.data(case) == {"comment": "Dari awal.", "hidden": SECRET, "group": None}


def test_an_emptied_field_is_null_and_one_that_is_left_alone_stays(office: Office) -> None:
    model = process("noting", start(), user_task("note", FIELDS, camunda_assignee="owner"), end())
    engine = office.service.engine
    engine.deploy({"noting.bpmn": bpmn(model)}, "owner")
    case = engine.start("noting", {"comment": "Dari awal.", "group": "x"}, by="owner")
    [task] = engine.tasks(instance_id=case)
    person = office.enter("owner")
    person.get(f"/tasks/{task.id}")
    person.post(f"/tasks/{task.id}/complete", {"comment": "", "group": "x"})
    assert engine.data(case) == {"comment": None, "group": "x"}


def test_what_a_later_task_of_the_same_run_does_not_show_is_not_emptied_by_it(
    office: Office,
) -> None:
    steps = (user_task("fill", FIELDS, camunda_candidateGroups="${group}"),
             user_task("revise", FIELDS, camunda_candidateGroups="${group}"))  # fmt: skip
    marker = Part(EACH.xml.format("true"))
    each = sub_process("each", start("s"), *steps, end("e"), marker)
    model = process("noting", start(), each, user_task("after"), end())
    engine = office.service.engine
    engine.deploy({"noting.bpmn": bpmn(model)}, "owner")
    case = engine.start("noting", {"groups": GROUPS[:1]}, by="owner")
    person = office.enter("kemhan")
    for comment in (SECRET, ""):
        [task] = engine.tasks(instance_id=case)
        person.get(f"/tasks/{task.id}")
        person.post(f"/tasks/{task.id}/complete", {"comment": comment, "group": GROUPS[0]})
    assert engine.data(case)["comment"] == SECRET


def test_a_field_asked_anew_that_is_left_empty_leaves_its_variable(office: Office) -> None:
    anew = Part(FIELDS.xml.replace(
        "</camunda:formData>", "</camunda:formData><camunda:properties>"
        '<camunda:property name="askAnew" value="comment"/></camunda:properties>'))  # fmt: skip
    model = process("noting", start(), user_task("note", anew, camunda_assignee="owner"), end())
    engine = office.service.engine
    engine.deploy({"noting.bpmn": bpmn(model)}, "owner")
    case = engine.start("noting", {"comment": "Dari awal."}, by="owner")
    [task] = engine.tasks(instance_id=case)
    person = office.enter("owner")
    assert "Dari awal." not in shown(person.get(f"/tasks/{task.id}"))
    person.post(f"/tasks/{task.id}/complete", {"comment": "", "group": "x"})
    assert engine.data(case) == {"comment": "Dari awal.", "group": "x"}


# --- cases of the register ------------------------------------------------------------------------


def follow_up_of(office: Office, institution: str) -> follow_up_rows.FollowUp:
    with office.service.reading() as connection:
        rows = follow_up_rows.of_recommendation(connection, office.cases.first)
        [one] = [row for row in rows if row.institution == institution]
        found = follow_up_rows.find(connection, one.id)
    assert found is not None
    return found


def test_the_reason_of_a_request_is_in_no_later_form_of_the_case(
    office: Office, office_api: Api
) -> None:
    case = follow_up_of(office, "kemenperin")
    with office.service.reading() as connection:
        person = users.by_username(connection, "kemenperin")
        assert person is not None
        scope = scope_of(connection, person.id)
    follow_up_acts.request_extension(
        office.service, scope, case.id, deadline=date(2026, 12, 1), reason=SECRET,
        letter_number="B-77/2026",
    )  # fmt: skip
    engine = office.service.engine
    assert not {"reason", "deadline", "letter_number"} & engine.data(case.instance_id).keys()
    for task in engine.tasks(instance_id=case.instance_id):
        who = "kemenperin" if task.element_id == "report" else "asdep"
        variables = office_api.get(who, f"{ENGINE}/task/{task.id}/form-variables")
        assert {name: one["value"] for name, one in variables.items() if one["value"]} == {}
        assert SECRET not in shown(office.enter(who).get(f"/tasks/{task.id}")).split("<form")[-1]


def test_a_second_round_preselects_no_verdict_of_the_first(office: Office, office_api: Api) -> None:
    with office.service.reading() as connection:
        rows = follow_up_rows.of_recommendation(connection, office.cases.second)
    [returned] = [row for row in rows if row.institution == "kemhan"]
    engine = office.service.engine
    assert engine.data(returned.instance_id)["verdict"] == "not_yet_conforms"
    answers = {"done": "yes", "percent": 100, "narrative": "Selesai."}
    [task] = [t for t in engine.tasks(instance_id=returned.instance_id)
              if t.element_id == "implement"]  # fmt: skip
    variables = office_api.get("kemhan", f"{ENGINE}/task/{task.id}/form-variables")
    assert variables["done"]["value"] is None, "what was answered before is asked anew"
    engine.complete(task.id, answers, "kemhan")
    assert engine.data(returned.instance_id)["done"] == "yes"


def test_completing_a_task_of_a_case_gives_back_what_was_sent_and_nothing_else(
    office: Office, office_api: Api
) -> None:
    case = follow_up_of(office, "kemhan")
    task = office.task("acknowledge").removeprefix("/tasks/")
    answers = {"response": {"value": "accepted"}, "contact": {"value": "Rina"}}
    body = {"variables": answers, "withVariablesInReturn": True}
    done = office_api.post("kemhan", f"{ENGINE}/task/{task}/complete", body)
    assert done.get_json() == {"response": {"value": "accepted", "type": "String", "valueInfo": {}}}
    assert "response" in office.service.engine.data(case.instance_id)


def test_who_names_a_variable_on_completing_is_not_told_what_it_holds(
    office: Office, office_api: Api
) -> None:
    model = process("asking", start(), user_task("note", FIELDS, camunda_assignee="kemhan"),
                    user_task("after"), end())  # fmt: skip
    engine = office.service.engine
    engine.deploy({"asking.bpmn": bpmn(model)}, "owner")
    case = engine.start("asking", {"hidden": SECRET}, by="owner")
    [task] = engine.tasks(instance_id=case)
    sent = {"comment": {"value": "Setuju."}, "hidden": {"value": "x"}}
    body = {"variables": sent, "withVariablesInReturn": True}
    done = office_api.post("kemhan", f"{ENGINE}/task/{task.id}/complete", body)
    assert done.get_json().keys() == {"comment"}
    assert engine.data(case)["hidden"] == SECRET, "a form takes in only what it asks for"
