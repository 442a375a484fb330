"""An act on a case or the machine is kept whole or not at all, with the rights of that moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, func, select

from engine.later.repairs import Failed
from engine.sentences.errors import Conflict, Forbidden, ModelError
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from processes.cases.recommendation import recommendation_drafts, recommendations
from processes.desk import repairs
from processes.people import leaving
from processes.programs import engine_acts, steering
from processes.programs.engine_acts import Correlation
from processes.rights import audit
from processes.rights.access import operator
from processes.storage.rights.audit import AuditEntry
from processes.storage.tables.recommendations import recommendation
from processes.work import task_drafts, tasks
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    flow,
    process,
    start,
    timer,
    user_task,
)
from tests.engine.models_of_tests import CALCULATION
from tests.processes.stories.world import World

LOAN = bpmn(
    process(
        "loan",
        start(),
        user_task("look", camunda_dueDate="${date('2026-06-01')}"),
        end(),
        boundary(
            "late",
            "look",
            timer("${due_at if due_at.year < 2027 else days(1 / 0, due_at)}", "timeDate"),
        ),
        flow("start", "look"),
        flow("look", "end"),
        flow("late", "end"),
    )
)
"""The time of its timer cannot be told once the deadline lies in 2027."""


def entries(world: World) -> Sequence[AuditEntry]:
    """The record, newest first."""
    with world.service.reading() as connection:
        return audit.read(connection, operator())


def stuck(world: World) -> UUID:
    """The incident of a process that divides by what was entered: nothing."""
    engine = world.service.engine
    engine.deploy(CALCULATION, "owner")
    (task,) = engine.tasks(instance_id=engine.start("calculation"))
    incident = engine.complete(task.id, {"count": 0}, "kemhan").incident
    assert incident is not None
    return incident


def test_an_extension_whose_step_fails_leaves_nothing(world: World) -> None:
    engine, owner = world.service.engine, world.person("owner")
    engine.deploy({"loan.bpmn": LOAN}, "owner")
    instance = engine.start("loan")
    (before,) = engine.tasks(instance_id=instance)
    told = engine.history(instance)

    with pytest.raises(Failed) as failed:
        tasks.extend(world.service, owner, before.id, date(2027, 1, 4), "Tender diulang.")

    assert isinstance(failed.value, Conflict)
    assert engine.tasks(instance_id=instance) == [before]
    assert engine.history(instance) == told
    assert engine.incidents() == []
    tasks.extend(world.service, owner, before.id, date(2026, 12, 4), "Tender diulang.")


def test_a_retry_that_fails_again_is_noted_and_recorded_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident, owner = stuck(world), world.person("owner")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no record")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(audit, "record", broken)
        repairs.retry(world.service, owner, incident)
    assert [one.tries for one in world.service.engine.incidents()] == [1]

    assert not repairs.retry(world.service, owner, incident).done
    assert [one.tries for one in world.service.engine.incidents()] == [2]
    assert [e.details for e in entries(world) if e.act == "retry_incident"] == [{"done": False}]


def test_a_draft_whose_process_fails_to_begin_is_not_there(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, coordinator = small_world, small_world.person("coordinator")

    def fails(*_: object, **__: object) -> None:
        wrong = say("It fails.")
        raise ModelError([Problem("recommendation", "", "", 0, "error", "start", wrong, wrong)])

    with monkeypatch.context() as patch:
        patch.setattr("engine.face.act.starting.start", fails)
        with pytest.raises(ModelError):
            recommendations.propose(world.service, coordinator)
    assert world.service.engine.tasks() == []
    with world.service.reading() as connection:
        assert _drafts(connection) == 0


def _drafts(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(recommendation)) or 0


def test_a_form_that_is_sent_twice_begins_one_recommendation(world: World) -> None:
    coordinator, id = world.person("coordinator"), world.propose()
    first = recommendation_drafts.begin(world.service, coordinator, id)
    assert recommendation_drafts.begin(world.service, coordinator, id) == first
    assert world.task(id, "register").id == first
    with world.service.reading() as connection:
        assert _drafts(connection) == 1


def test_whoever_has_left_acts_no_more_by_what_they_could_do_before(world: World) -> None:
    """Their scopes were read before their accounts were closed."""
    incident, engine = stuck(world), world.service.engine
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    service, owner, kemhan = world.service, world.person("owner"), world.person("kemhan")
    coordinator = world.person("coordinator")
    engine.deploy({"loan.bpmn": LOAN}, "owner")
    loan = engine.start("loan")
    waiting = world.follow_up(world.issued(), "kemhan")
    for gone in ("owner", "kemhan", "coordinator"):
        leaving.close_account(service, operator(), world.person(gone).user_id)
    acts: Mapping[str, Any] = {
        "start": lambda: engine_acts.start(service, owner, "loan", {}),
        "cancel": lambda: engine_acts.cancel(service, owner, loan, "Selesai."),
        "deliver": lambda: engine_acts.deliver(service, owner, Correlation("paid", "A-17")),
        "deploy": lambda: engine_acts.deploy(service, owner, {"loan.bpmn": LOAN}, "Lagi."),
        "choose": lambda: steering.start(service, owner, loan, "look"),
        "retry": lambda: repairs.retry(service, owner, incident),
        "discard": lambda: repairs.discard(service, owner, incident),
        "draft": lambda: task_drafts.save(service, kemhan, task.id, {}),
        "assign": lambda: engine_acts.set_assignee(service, kemhan, task.id, None),
        "propose": lambda: recommendations.propose(service, coordinator),
        "withdraw": lambda: recommendations.propose_withdrawal(
            service, coordinator, world.case(waiting).recommendation_id, "Ganda."
        ),
    }
    before = len(entries(world))
    for name, act in acts.items():
        with pytest.raises(Forbidden):
            act()
        assert len(entries(world)) == before, name
    assert [one.id for one in engine.incidents()] == [incident]
