"""A command whose step fails is kept for repair: no page and no answer says that it was done."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine.face.act import Act
from engine.later.repairs import Kept
from processes.acts.acting import DOORS
from processes.follow_up import decisions
from processes.recommendation import handlers
from tests.engine.models.building import (
    bpmn,
    catch,
    end,
    event,
    node,
    process,
    properties,
    script_task,
    start,
)
from tests.web.api.conftest import Api
from tests.web.api.engine_rest.test_choosing import running
from tests.web.api.engine_rest.test_executions import EXECUTION, trigger, waiting_at
from tests.web.cases.test_follow_up_pages import WISH, english, returned, words
from tests.web.conftest import Office

WEB = Path(__file__).parents[3] / "web"
BEING_REPAIRED = "being repaired"
WAYS = (
    catch("hear", properties(correlationKey="A-17"), event("message", "told")),
    node("receiveTask", "hear"),
)
BEHIND = (script_task("divide", "x = 1 / 0"), end())


@pytest.fixture(autouse=True)
def speak_english(office: Office) -> None:
    english(office, "kemhan", "coordinator", "owner")


def fail(*_: Any, **__: Any) -> None:
    """A step that fails; what was asked for is kept."""
    raise Kept(uuid7())


def test_a_request_that_nobody_can_decide_yet_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, case = office.enter("kemhan"), returned(office)
    monkeypatch.setattr(decisions, "extensions", None)
    page = words(person.post(f"{case}/extension/send", WISH, follow_redirects=True))
    assert BEING_REPAIRED in page
    assert "The request is sent" not in page
    assert len(office.service.engine.incidents("follow_up")) == 1


def test_a_proposal_that_no_supervisor_has_yet_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator, case = office.enter("coordinator"), f"/recommendations/{office.cases.first}"
    monkeypatch.setattr(handlers, "Answers", None)
    sent = {"reason": "Dasar hukumnya diganti."}
    page = words(coordinator.post(f"{case}/withdrawal", sent, follow_redirects=True))
    assert BEING_REPAIRED in page
    assert "The proposal is sent" not in page
    assert len(office.service.engine.incidents("recommendation")) == 1


def test_an_instance_that_runs_on_is_not_called_ended(
    office: Office, office_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, owner = running(office), office.enter("owner")
    monkeypatch.setattr(Act, "cancel", fail)
    page = words(owner.post(f"/instances/{case}/end", {"reason": "Batal."}, follow_redirects=True))
    assert "The instance has not ended" in page
    assert "The instance has ended" not in page
    answer = office_api.call("owner", "DELETE", f"/engine-rest/process-instance/{case}")
    assert answer.status_code == 204
    assert answer.headers["Tindak-Incident"]


def test_a_case_that_waits_for_repair_is_not_said_to_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, owner = running(office), office.enter("owner")
    [choice] = office.service.engine.choices(case)
    monkeypatch.setattr(Act, "signal", fail)
    address = f"/instances/{case}/activities/{choice.token}/complete"
    page = words(owner.post(address, follow_redirects=True))
    assert "the case does not go on yet" in page
    assert "The case goes on." not in page


@pytest.mark.parametrize("way", ["message", "trigger", "signal"])
def test_a_program_is_told_of_the_incident_behind_its_message(office_api: Api, way: str) -> None:
    element = WAYS[way == "signal"]
    office_api.deploy("owner", {"hears.bpmn": bpmn(process("hears", start(), element, *BEHIND))})
    instance = office_api.start("owner", "hears", "A-17")
    waiting = waiting_at(office_api, instance, "hear")
    body: dict[str, object] = {"messageName": "told", "correlationKeys": {"k": {"value": "A-17"}}}
    path, sent = {
        "message": ("/engine-rest/message", {**body, "resultEnabled": True}),
        "trigger": (trigger(waiting, "told"), {}),
        "signal": (f"{EXECUTION}/{waiting}/signal", {}),
    }[way]
    answer = office_api.post("owner", path, sent)
    assert answer.status_code == (200 if way == "message" else 204)
    [stuck] = office_api.service.engine.incidents("hears")
    assert UUID(answer.headers["Tindak-Incident"]) == stuck.id


def kept_acts() -> set[str]:
    """Acts that may be kept as an incident, as the web calls them."""
    doors = (name for name, door in DOORS.items() if door._kept is not None)
    found = {".".join(name.split(".")[-2:]) for name in doors}
    return found | {"engine_acts.deliver", "engine_acts.signal"}


def thrown_away(tree: ast.AST) -> Iterator[str]:
    """What is called with nobody looking at what came of it."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            yield ast.unparse(one.value.func)


def test_no_door_of_the_web_throws_away_what_came_of_a_kept_act() -> None:
    acts = kept_acts()
    assert {"tasks.complete", "engine_acts.cancel", "steering.complete"} <= acts
    careless = {
        (file.name, call)
        for file in WEB.rglob("*.py")
        if "node_modules" not in file.parts
        for call in thrown_away(ast.parse(file.read_text("utf-8")))
        if call in acts
    }
    assert careless == set()
