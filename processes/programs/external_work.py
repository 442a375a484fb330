"""The acts of external workers on service tasks: fetch, finish, give back.

Owns the rights of these acts. A worker knows only the topics of its token; of real cases only
topics that an administrator has allowed. Process owners and administrators read the tasks that they
keep. They repair every task, as they repair every incident, including one that they may not read if
they name it. Any other task does not exist for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.later.repairs import Received
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask, TopicWanted
from engine.workers.acts import MOST
from engine.workers.work_data import Work
from processes.acts.acting import Acting, act, kept
from processes.acts.service import Service
from processes.rights.access import CASE_PROCESSES, Scope, may
from processes.rights.scope import anew
from processes.rights.visibility import visible_externals
from processes.storage.programs import engine_externals, engine_models
from processes.storage.programs.engine_externals import ExternalRow, ExternalsWanted
from processes.storage.programs.engine_tasks import Window


def listed(
    connection: Connection, scope: Scope, wanted: ExternalsWanted, window: Window
) -> list[ExternalRow]:
    """A window of the external tasks that the reader may read."""
    may(scope, "read_topics")
    return engine_externals.listed(connection, visible_externals(scope), wanted, window)


def count(connection: Connection, scope: Scope, wanted: ExternalsWanted) -> int:
    """The number of these tasks."""
    may(scope, "read_topics")
    return engine_externals.count(connection, visible_externals(scope), wanted)


def topic_names(connection: Connection, scope: Scope, wanted: ExternalsWanted) -> list[str]:
    """The topics of these tasks."""
    may(scope, "read_topics")
    return engine_externals.topic_names(connection, visible_externals(scope), wanted)


def one(connection: Connection, scope: Scope, id: UUID) -> ExternalRow:
    """One external task. Raises `NotFound`, also for one that is done."""
    found = listed(connection, scope, ExternalsWanted(ids=[id]), Window(most=1))
    if not found:
        raise _unknown()
    return found[0]


def error_details(connection: Connection, scope: Scope, id: UUID) -> str | None:
    """The worker's long description of the task's last failure. Raises `NotFound`."""
    one(connection, scope, id)
    return externals.error_details(connection, id)


def fetch(
    service: Service, scope: Scope, worker: str, topics: Sequence[TopicWanted], most: int
) -> list[Work]:
    """Lease up to `most` tasks to a worker. Raises `BadInput` for a topic that its token lacks,
    `Conflict` if the token's topics were extended meanwhile."""
    _check_topics(scope, topics)
    narrowed = [replace(wanted, except_keys=_closed(scope, wanted.topic)) for wanted in topics]
    if any(wanted.process_keys is not None for wanted in narrowed):
        with service.reading() as connection:
            narrowed = [_by_version(connection, wanted) for wanted in narrowed]

    def ask(connection: Connection, now: datetime) -> None:
        holds = anew(connection, scope, now)
        _check_topics(holds, topics)
        if any(_closed(holds, one.topic) - set(one.except_keys) for one in narrowed):
            raise Conflict(say("What this token is allowed has just changed. Fetch again."))

    return service.engine.external.fetch(worker, narrowed, most, scope.username, ask=ask)


def _check_topics(scope: Scope, topics: Sequence[TopicWanted]) -> None:
    may(scope, "work_topics")
    for wanted in topics:
        if wanted.topic not in scope.topics:
            raise BadInput(say("This token is not for the topic {topic}.", topic=wanted.topic))


def details_of(service: Service, tasks: Sequence[ExternalTask]) -> dict[UUID, str]:
    """The long failure descriptions of those of the fetched tasks that have failed before."""
    failed = [task.id for task in tasks if task.retries is not None]
    if not failed:
        return {}
    with service.reading() as connection:
        told = {id: externals.error_details(connection, id) for id in failed}
    return {id: text for id, text in told.items() if text}


@kept(Received)
def complete(
    act: Acting,
    id: UUID,
    worker: str,
    data: Mapping[str, Any],
    local_data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """Complete a task; `local_data` are variables of its activity. A second completion by the same
    worker changes nothing. Raises `NotFound`, `BadInput`, and `Conflict` for a worker that does not
    hold it."""
    _may_work(act, act.lock_external(id))
    act.engine.external.complete(id, worker, data, local_data, act.by, request_id=request_id)
    return Received()


@act
def fail(
    act: Acting,
    id: UUID,
    worker: str,
    message: str,
    details: str,
    retries: int,
    wait: timedelta,
) -> None:
    """Report that the work failed; while retries are left the task is offered again after `wait`.
    Raises the errors of `complete`."""
    # Without retries left it becomes an incident of its case.
    _may_work(act, act.hold_external(id) if retries else act.lock_external(id))
    act.engine.external.fail(id, worker, message, details, retries, wait, act.by)


@kept(Received)
def throw_error(
    act: Acting,
    id: UUID,
    worker: str,
    code: str,
    message: str,
    data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """Raise a BPMN error at the task. Raises the errors of `complete`."""
    _may_work(act, act.lock_external(id))
    external = act.engine.external
    external.throw_error(id, worker, code, message, data, act.by, request_id=request_id)
    return Received()


@kept(Received)
def escalate(
    act: Acting,
    id: UUID,
    worker: str,
    code: str,
    data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """Raise an escalation at the task. Raises the errors of `complete`."""
    _may_work(act, act.lock_external(id))
    act.engine.external.escalate(id, worker, code, data, act.by, request_id=request_id)
    return Received()


@act
def lease(act: Acting, id: UUID, worker: str, lasts: timedelta) -> None:
    """Lease this task, if nobody else holds it. Raises the errors of `complete`."""
    _may_work(act, act.hold_external(id))
    act.engine.external.lease(id, worker, lasts)


@act
def extend(act: Acting, id: UUID, worker: str, lasts: timedelta) -> None:
    """Set the end of the lease to `lasts` from now. Raises the errors of `complete`."""
    _may_work(act, act.hold_external(id))
    act.engine.external.extend(id, worker, lasts)


@act
def release(act: Acting, id: UUID) -> None:
    """End a task's lease, or its wait, so that it is offered at once. Raises `NotFound`, `Conflict`
    for one that has an incident."""
    task = act.hold_external(id)
    act.may("release_task")
    if act.scope.is_service:
        _refuse_anothers(act, task)
    act.engine.external.release(id)
    if not act.scope.is_service:
        _record(act, "release_external_task", [id])


@act
def set_retries(
    act: Acting, ids: Sequence[UUID], retries: int, lists: Sequence[ExternalsWanted] = ()
) -> None:
    """Set the retries of these tasks, and of those of the lists that the reader may read. This
    opens or closes incidents. Raises `NotFound` if one of the ids does not exist, `Conflict`,
    `BadInput` beyond `MOST`; then no task is changed."""
    act.may("repair")
    window = Window(most=MOST + 1)
    rows = [row for one in lists for row in listed(act.connection, act.scope, one, window)]
    all_ids = list(dict.fromkeys([*ids, *(row.task.id for row in rows)]))
    if len(all_ids) > MOST:
        raise BadInput(say("These are more than {n} tasks; set them in parts.", n=MOST))
    if all_ids:
        lock_cases(act, all_ids)
        act.may("repair")
        act.engine.external.set_retries(all_ids, retries, act.by)
        _record(act, "set_retries", all_ids, retries=retries)


def lock_cases(act: Acting, ids: Sequence[UUID]) -> None:
    """Lock the instances of these tasks, in the common order of locks."""
    for instance_id in dict.fromkeys(externals.instances_of(act.connection, ids).values()):
        act.lock(instance_id)


@act
def set_priority(act: Acting, id: UUID, priority: int) -> None:
    """Set the priority of a task: higher priorities are offered first. Raises `NotFound`."""
    act.hold_external(id)
    act.may("repair")
    act.engine.external.set_priority(id, priority)
    _record(act, "set_priority", [id], priority=priority)


def _may_work(act: Acting, task: ExternalTask | None) -> None:
    """Return if the task belongs to this worker, or is done: the worker may repeat a finished act,
    and the engine checks that."""
    act.may("work_topics")
    _refuse_anothers(act, task)


def _refuse_anothers(act: Acting, task: ExternalTask | None) -> None:
    if task is not None and not _is_open_to(act.scope, task):
        raise _unknown()


def _is_open_to(scope: Scope, task: ExternalTask) -> bool:
    return task.topic in scope.topics and task.process_key not in _closed(scope, task.topic)


def _closed(scope: Scope, topic: str) -> frozenset[str]:
    """The processes whose tasks of a topic this worker does not get."""
    return frozenset() if topic in scope.case_topics else CASE_PROCESSES


def _by_version(connection: Connection, wanted: TopicWanted) -> TopicWanted:
    """The same topic, narrowed by the process that draws the element, which may be a called one."""
    if wanted.process_keys is None:
        return wanted
    ids = set(engine_models.definition_ids(connection, wanted.process_keys))
    if wanted.definition_ids is not None:
        ids &= set(wanted.definition_ids)
    return replace(wanted, process_keys=None, definition_ids=ids)


def _unknown() -> NotFound:
    return NotFound(say("There is no such thing, or it is not open to you."))


def _record(act: Acting, name: str, ids: Sequence[UUID], **details: object) -> None:
    """One audit entry: `external_task:<id>` for a single task, else the number of tasks, with all
    ids as details."""
    subject = f"external_task:{ids[0]}" if len(ids) == 1 else f"external_tasks:{len(ids)}"
    told = details if len(ids) == 1 else {**details, "ids": [str(id) for id in ids]}
    act.record(name, subject, **told)
