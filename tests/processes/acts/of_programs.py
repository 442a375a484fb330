"""Examples of the acts on the machine: instances, incidents, jobs, and external tasks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update

from engine.execution.step import Failure
from engine.records.states import JobStatus
from engine.sentences.sentence import say
from engine.storage import tables
from engine.storage.later.externals import TopicWanted
from processes.programs.engine_acts import Correlation
from processes.storage.authentication import sessions
from tests.engine.models.building import ad_hoc, bpmn, end, process, start, user_task
from tests.processes.acts.examples import (
    ASSIGNMENT,
    CANDIDATE_GROUP,
    CASE_TOPIC,
    TOPIC,
    Example,
    Removal,
    Scene,
    membership,
    role,
)
from tests.processes.acts.of_cases import HOLDS
from tests.processes.acts.stage import Stage

OWNER: Final = role("process-owner")
ADMIN: Final = role("admin")
MINUTES: Final = timedelta(minutes=5)
SCALES: Final = "scales-1"
"""The worker that has fetched what there is to weigh."""
SURVEY: Final = {
    "survey.bpmn": bpmn(
        process("survey", start(), ad_hoc("work", user_task("ask")), user_task("after"), end())
    )
}
"""Waits until somebody chooses what is done next."""

Make = Callable[[Stage], Scene]


def _upon(act: str, by: str, scene: Make, *rests_on: Removal, upon_case: bool = True) -> Example:
    return Example(f"processes.{act}", by, scene, rests_on, upon_case=upon_case)


def _plain(act: str, by: str, scene: Make, *rests_on: Removal) -> Example:
    return _upon(act, by, scene, *rests_on, upon_case=False)


# --- instances ------------------------------------------------------------------------------------


def _by_key(_stage: Stage) -> Scene:
    return Scene(("paid", {}), {"business_key": "order-2"})


def _begun_twice(stage: Stage) -> Scene:
    return Scene((stage.of["paid"], "Begun twice."), {}, stage.of["paid"])


def _newest(stage: Stage) -> Scene:
    [version] = [one for one in stage.engine.versions() if one.key == "paid"]
    return Scene((version.id, {}), {"business_key": "order-2"})


def _assigned(stage: Stage) -> Scene:
    task = stage.world.task(stage.of["late"], "plan")
    about = stage.of["recommendation"]
    return Scene((task.id, "rina"), {}, task.instance_id, task.id, about)


def _paid(stage: Stage) -> Scene:
    return Scene((Correlation("paid", "order-1"), None), {}, stage.of["paid"])


def _chosen(stage: Stage) -> tuple[UUID, UUID]:
    """An instance with a choice, and the token of that choice."""
    stage.engine.deploy(SURVEY, "owner", "Trial.")
    case = stage.engine.start("survey", {}, by="owner")
    [choice] = stage.engine.choices(case)
    return case, choice.token


def _choose(stage: Stage) -> Scene:
    case, token = _chosen(stage)
    return Scene((case, "ask"), {"token": token}, case)


def _enough(stage: Stage) -> Scene:
    case, token = _chosen(stage)
    stage.engine.start_activity(case, "ask", by="owner")
    [task] = stage.engine.tasks(case)
    stage.engine.complete(task.id, {}, "owner")
    return Scene((case, token), {}, case)


def _own_task(stage: Stage) -> Scene:
    """A task that is offered to coordinators, in a model of an owner's own."""
    [task] = stage.engine.tasks(stage.of["divided"])
    return Scene((task.id, {"count": 4}), {}, stage.of["divided"], task.id)


# --- incidents and jobs ---------------------------------------------------------------------------


def _mended(stage: Stage) -> Scene:
    """What a worker gave up; retried, it is given out again."""
    task = _fetched(stage)
    incident = stage.engine.external.fail(task, SCALES, "Out of order.", retries=0, by="scales")
    assert incident is not None
    return Scene((incident,), {}, stage.of["weigh"])


def _failed_again(stage: Stage) -> Scene:
    failure = Failure("divide", "Divide", say("It failed."), say("Mend it."))
    return Scene((stage.of["incident"], failure), {}, stage.of["broken"])


def _broken(stage: Stage) -> Scene:
    return Scene((stage.of["incident"],), {}, stage.of["broken"])


def _dead(stage: Stage) -> Scene:
    id, now = uuid4(), stage.world.clock.now
    row = {
        "id": id, "kind": "mail", "due_at": now, "payload": {}, "status": JobStatus.DEAD,
        "attempts": 9,
    }  # fmt: skip
    with stage.service.transaction() as connection:
        connection.execute(insert(tables.job).values(row))
    return Scene((id,))


# --- work for programs outside --------------------------------------------------------------------


def _fetched(stage: Stage) -> UUID:
    """The external task that the worker holds."""
    [work] = stage.engine.external.fetch(
        SCALES, [TopicWanted(topic="weigh", lease=MINUTES)], 1, "scales"
    )
    return work.task.id


def _held(*args: Any, **kwargs: Any) -> Make:
    """The same, and what else the act is given."""
    return lambda stage: Scene((_fetched(stage), SCALES, *args), kwargs, stage.of["weigh"])


def _known(*args: Any) -> Make:
    return lambda stage: Scene((_fetched(stage), *args), {}, stage.of["weigh"])


def _several(stage: Stage) -> Scene:
    return Scene(([_fetched(stage)], 3), {}, stage.of["weigh"])


def _of_topic(stage: Stage) -> Scene:
    scene = _mended(stage)
    with stage.service.reading() as connection:
        [id] = connection.scalars(select(tables.external_task.c.token))
    return Scene(("weigh", [id], 3), {}, scene.case)


def _in_a_case(stage: Stage) -> Scene:
    """A task as a real case would have it, at which the program may work."""
    scene = _held(MINUTES)(stage)
    with stage.service.transaction() as connection:
        connection.execute(update(tables.external_task).values(process_key="follow_up"))
        allowed = update(sessions.token).where(sessions.token.c.topics.is_not(None))
        connection.execute(allowed.values(case_topics=["weigh"]))
    return scene


EXAMPLES: Final = (
    _upon("work.tasks.complete", "owner", _own_task, OWNER),
    _upon(
        "work.tasks.complete",
        "coordinator",
        _own_task,
        role("coordinator"),
        ASSIGNMENT,
        CANDIDATE_GROUP,
    ),
    _plain("programs.engine_acts.start", "owner", _by_key, OWNER),
    _plain("programs.engine_acts.start_version", "owner", _newest, OWNER),
    _upon("programs.engine_acts.cancel", "owner", _begun_twice, OWNER),
    _upon("programs.engine_acts._deliver", "owner", _paid, OWNER),
    _upon("programs.engine_acts.set_assignee", "kemhan", _assigned, membership("kemhan"), *HOLDS),
    _upon("programs.steering.start", "owner", _choose, OWNER),
    _upon("programs.steering.complete", "owner", _enough, OWNER),
    _upon("desk.repairs._retry", "owner", _mended, OWNER),
    _upon("desk.repairs._retry", "admin", _mended, ADMIN),
    _upon("desk.repairs._note_failure", "owner", _failed_again, OWNER),
    _upon("desk.repairs.discard", "owner", _broken, OWNER),
    _plain("desk.repairs.revive", "owner", _dead, OWNER),
    _upon("programs.external_work.complete", "scales", _held({"weight": 4}, {}), TOPIC),
    _upon(
        "programs.external_work.throw_error", "scales", _held("REFUSED", "Too dirty.", {}), TOPIC
    ),
    _upon("programs.external_work.escalate", "scales", _held("HEAVY", {}), TOPIC),
    _upon("programs.external_work.fail", "scales", _held("Stuck.", "", 0, timedelta(0)), TOPIC),
    _plain("programs.external_work.lease", "scales", _held(MINUTES), TOPIC),
    _plain("programs.external_work.extend", "scales", _held(MINUTES), TOPIC),
    _plain("programs.external_work.extend", "scales", _in_a_case, TOPIC, CASE_TOPIC),
    _plain("programs.external_work.release", "scales", _known(), TOPIC),
    _plain("programs.external_work.release", "owner", _known(), OWNER),
    _upon("programs.external_work.set_retries", "owner", _several, OWNER),
    _plain("programs.external_work.set_priority", "owner", _known(7), OWNER),
    _upon("programs.topics._try_again", "owner", _of_topic, OWNER),
)
