"""What programs outside do at service tasks: fetch them, finish them, give them back.

Owns the rights of it. A worker knows the topics of its token and nothing else: of real cases only
those that an administrator has allowed there. Process owners and administrators see what they
keep. They repair every task, as they do every incident: of one that they may not read too, when
they name it. Else a task outside of that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput, NotFound
from engine.execution.work_data import Work
from engine.external_acts import MOST
from engine.incidents import Received
from engine.storage import externals
from engine.storage.externals import ExternalTask, TopicWanted
from engine.words import say
from processes import audit
from processes.access import CASE_PROCESSES, Scope, may
from processes.service import Service
from processes.storage import engine_externals, engine_models
from processes.storage.engine_externals import ExternalRow, ExternalsWanted
from processes.storage.engine_tasks import Window
from processes.visibility import visible_externals


def listed(
    connection: Connection, scope: Scope, wanted: ExternalsWanted, window: Window
) -> list[ExternalRow]:
    """A window of the external tasks the reader may see."""
    may(scope, "read_topics")
    return engine_externals.listed(connection, visible_externals(scope), wanted, window)


def count(connection: Connection, scope: Scope, wanted: ExternalsWanted) -> int:
    """How many there are."""
    may(scope, "read_topics")
    return engine_externals.count(connection, visible_externals(scope), wanted)


def topic_names(connection: Connection, scope: Scope, wanted: ExternalsWanted) -> list[str]:
    """The topics of those tasks."""
    may(scope, "read_topics")
    return engine_externals.topic_names(connection, visible_externals(scope), wanted)


def one(connection: Connection, scope: Scope, id: UUID) -> ExternalRow:
    """One external task. Raises `NotFound`, for one that is done too."""
    found = listed(connection, scope, ExternalsWanted(ids=[id]), Window(most=1))
    if not found:
        raise _unknown()
    return found[0]


def error_details(connection: Connection, scope: Scope, id: UUID) -> str | None:
    """What the worker said at length when the task failed last. Raises `NotFound`."""
    one(connection, scope, id)
    return externals.error_details(connection, id)


def fetch(
    service: Service, scope: Scope, worker: str, topics: Sequence[TopicWanted], most: int
) -> list[Work]:
    """Lease up to `most` tasks to a worker. Raises `BadInput` for a topic its token is not for."""
    may(scope, "work_topics")
    for wanted in topics:
        if wanted.topic not in scope.topics:
            raise BadInput(say("This token is not for the topic {topic}.", topic=wanted.topic))
    narrowed = [replace(wanted, except_keys=_closed(scope, wanted.topic)) for wanted in topics]
    if any(wanted.process_keys is not None for wanted in narrowed):
        with service.reading() as connection:
            narrowed = [_by_version(connection, wanted) for wanted in narrowed]
    return service.engine.external.fetch(worker, narrowed, most, scope.username)


def details_of(service: Service, tasks: Sequence[ExternalTask]) -> dict[UUID, str]:
    """What was said at length of those of the fetched tasks that have failed before."""
    failed = [task.id for task in tasks if task.retries is not None]
    if not failed:
        return {}
    with service.reading() as connection:
        told = {id: externals.error_details(connection, id) for id in failed}
    return {id: text for id, text in told.items() if text}


def complete(
    service: Service,
    scope: Scope,
    id: UUID,
    worker: str,
    data: Mapping[str, Any],
    local_data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """Finish a task; `local_data` are variables of its activity. The same worker finishing it again
    changes nothing. Raises `NotFound`, `BadInput`, and `Conflict` for who does not hold it."""
    _work(service, scope, id)
    return service.engine.external.complete(
        id, worker, data, local_data, scope.username, request_id=request_id
    )


def fail(
    service: Service,
    scope: Scope,
    id: UUID,
    worker: str,
    message: str,
    details: str,
    retries: int,
    wait: timedelta,
) -> None:
    """Report that the work failed; it is given out again after `wait`, while retries are left.
    Raises like `complete`."""
    _work(service, scope, id)
    service.engine.external.fail(id, worker, message, details, retries, wait, scope.username)


def throw_error(
    service: Service,
    scope: Scope,
    id: UUID,
    worker: str,
    code: str,
    message: str,
    data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """Raise a BPMN error at the task. Raises like `complete`."""
    _work(service, scope, id)
    return service.engine.external.throw_error(
        id, worker, code, message, data, scope.username, request_id=request_id
    )


def escalate(
    service: Service,
    scope: Scope,
    id: UUID,
    worker: str,
    code: str,
    data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """Raise an escalation at the task. Raises like `complete`."""
    _work(service, scope, id)
    return service.engine.external.escalate(
        id, worker, code, data, scope.username, request_id=request_id
    )


def lease(service: Service, scope: Scope, id: UUID, worker: str, lasts: timedelta) -> None:
    """Lease this one task, which nobody else holds. Raises like `complete`."""
    _work(service, scope, id)
    service.engine.external.lease(id, worker, lasts)


def extend(service: Service, scope: Scope, id: UUID, worker: str, lasts: timedelta) -> None:
    """Hold a task for that long from now. Raises like `complete`."""
    _work(service, scope, id)
    service.engine.external.extend(id, worker, lasts)


def release(service: Service, scope: Scope, id: UUID) -> None:
    """Take a task from whoever holds it, or from its wait, so that it is given out at once. Raises
    `NotFound`, `Conflict` for one that has an incident."""
    may(scope, "release_task")
    is_worker = "worker" in scope.standing
    if is_worker:
        _own(service, scope, id)
    service.engine.external.release(id)
    if not is_worker:
        _record(service, scope, "release_external_task", [id])


def set_retries(
    service: Service,
    scope: Scope,
    ids: Sequence[UUID],
    retries: int,
    lists: Sequence[ExternalsWanted] = (),
) -> None:
    """Say how often these tasks, and those of the lists that the reader sees, may still fail; an
    incident is opened or closed by it. Raises `NotFound` if one of the ids is not there,
    `Conflict`, `BadInput` beyond `MOST`, and then changes none."""
    may(scope, "repair")
    with service.reading() as connection:
        window = Window(most=MOST + 1)
        rows = [row for one in lists for row in listed(connection, scope, one, window)]
    all_ids = list(dict.fromkeys([*ids, *(row.task.id for row in rows)]))
    if len(all_ids) > MOST:
        raise BadInput(say("These are more than {n} tasks; set them in parts.", n=MOST))
    if all_ids:
        service.engine.external.set_retries(all_ids, retries, scope.username)
        _record(service, scope, "set_retries", all_ids, retries=retries)


def set_priority(service: Service, scope: Scope, id: UUID, priority: int) -> None:
    """Say how early a task is given out: those of a higher priority first. Raises `NotFound`."""
    may(scope, "repair")
    service.engine.external.set_priority(id, priority)
    _record(service, scope, "set_priority", [id], priority=priority)


def _work(service: Service, scope: Scope, id: UUID) -> None:
    """Return if the task is one of this worker, or done: what was done may be repeated by whoever
    did it, and of that the engine knows more."""
    may(scope, "work_topics")
    _own(service, scope, id)


def _own(service: Service, scope: Scope, id: UUID) -> None:
    with service.reading() as connection:
        found = externals.by_id(connection, id)
    if found is not None and not _is_open_to(scope, found):
        raise _unknown()


def _is_open_to(scope: Scope, task: ExternalTask) -> bool:
    return task.topic in scope.topics and task.process_key not in _closed(scope, task.topic)


def _closed(scope: Scope, topic: str) -> frozenset[str]:
    """The processes whose tasks of a topic this worker is not given."""
    return frozenset() if topic in scope.case_topics else CASE_PROCESSES


def _by_version(connection: Connection, wanted: TopicWanted) -> TopicWanted:
    """Narrowed by the process an element is drawn in, which may be a called one."""
    if wanted.process_keys is None:
        return wanted
    ids = set(engine_models.definition_ids(connection, wanted.process_keys))
    if wanted.definition_ids is not None:
        ids &= set(wanted.definition_ids)
    return replace(wanted, process_keys=None, definition_ids=ids)


def _unknown() -> NotFound:
    return NotFound(say("There is no such thing, or it is not open to you."))


def _record(
    service: Service, scope: Scope, act: str, ids: Sequence[UUID], **details: object
) -> None:
    """One entry: `external_task:<id>` of a single one, else their number, with all ids beside."""
    subject = f"external_task:{ids[0]}" if len(ids) == 1 else f"external_tasks:{len(ids)}"
    told = details if len(ids) == 1 else {**details, "ids": [str(id) for id in ids]}
    with service.transaction() as connection:
        now = service.engine.on(connection).now()
        audit.record(connection, scope.username, act, subject, now=now, details=told)
