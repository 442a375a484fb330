"""Incidents: a failed step, kept with its command so that no input is lost.

Retry repeats the stored command under its first author and time. Discard gives the input back to
its author as the draft of the task, which opens again. The incident of a failed start belongs to
the instance that would have started, under its id made beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.execution.leases import gone, held, refuse_stuck
from engine.execution.starting import start
from engine.execution.step import Done, Failure, StepFailed, Stepper, event_row
from engine.later import delivery, timer_starts
from engine.records import history
from engine.records.commands import (
    Command,
    Complete,
    Occur,
    OfferExternal,
    Send,
    Start,
    Worked,
    load,
)
from engine.records.payloads import Message, Origin
from engine.records.states import InstanceStatus, Outcome
from engine.sentences.errors import REFUSALS, Conflict, NotFound
from engine.sentences.sentence import Sentence, say
from engine.storage.cases import drafts, incidents, instances, steps, worklist
from engine.storage.cases.incidents import Incident
from engine.storage.clock_time import read_time
from engine.storage.later import externals, jobs
from engine.storage.later.externals import ExternalTask
from engine.storage.models import definitions


@dataclass(frozen=True, slots=True)
class Received:
    """The input was accepted. `incident` is set if it waits for a repair."""

    incident: UUID | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """The result of a retry, with the new failure if it failed. Else the incident is closed."""

    outcome: Outcome
    failure: Failure | None = None

    @property
    def done(self) -> bool:
        """Whether what had failed is done, or can be done by workers."""
        return self.outcome in (Outcome.DONE, Outcome.OFFERED)


class Failed(Conflict):
    """The model or a handler failed in a step of an act: nothing of the act was done."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(
            say(
                "Nothing was changed: the process fails at {element}. {what}",
                element=failure.element_name or failure.element_id, what=failure.what,
            )
        )  # fmt: skip
        self.failure = failure


class Kept(Exception):
    """The model or a handler failed: nothing was done, and this incident keeps the command."""

    def __init__(self, incident: UUID) -> None:
        super().__init__(str(incident))
        self.incident = incident


def record(stepper: Stepper, failed: StepFailed, job_id: UUID | None = None) -> UUID:
    """Store an incident for a failed step, and delete the job that ran it, if any. A command that a
    worker sent twice gets one incident. An instance that has ended meanwhile gets none.

    Raises NotFound, Conflict if the worker no longer holds its task, Conflict without a job for an
    ended instance: then no incident is stored."""
    incident_id = uuid7()

    def work(connection: Connection) -> UUID:
        head = steps.lock(connection, failed.instance_id)
        command, version = failed.command, failed.version
        if head is None and version is None:
            return incident_id
        if job_id is not None and not jobs.take(connection, job_id):
            return incident_id
        if head is not None and _leaves_nothing(head, command):
            if job_id is None:
                raise _ended()
            return incident_id
        if isinstance(command, Complete) and not worklist.is_open(connection, command.task_id):
            raise worklist.ended(connection, command.task_id)
        if isinstance(command, Worked | OfferExternal):
            before = _of_task(connection, command)
            if before is not None:
                return before
        if head is None:  # it has not started: there is no history, and nothing to lock
            assert version is not None
            now = stepper.clock.at(*read_time(connection))
            incidents.insert(
                connection, _row(incident_id, version.id, version.key, failed, None, now)
            )
            return incident_id
        now = stepper.clock.at(head.database_now, head.clock)
        task_id = command.task_id if isinstance(command, Complete) else None
        kept = _row(incident_id, head.definition_id, head.key, failed, task_id, now)
        incidents.insert(connection, kept)
        if task_id is not None:
            worklist.mark_repairing(connection, task_id, True)
        if isinstance(command, Worked | OfferExternal):
            stuck = {"incident_id": incident_id, "leased_until": None}
            externals.change(connection, command.token, **stuck)
        details = {"element": failed.failure.element_id, "incident": str(incident_id)}
        _append(connection, head, now, "incident", command.by, details)
        return incident_id

    return stepper.around.database.repeat(work)


def _leaves_nothing(head: steps.Head, command: Command) -> bool:
    """Whether nothing can be repaired: the instance has ended. What it sent before a natural end
    may still reach somebody; a deleted one leaves nothing behind."""
    if isinstance(command, Send):
        return head.status == InstanceStatus.WITHDRAWN
    return head.status != InstanceStatus.ACTIVE


def _of_task(connection: Connection, command: Worked | OfferExternal) -> UUID | None:
    """The incident that already keeps this command about an external task. Read under the lock of
    the instance, because another incident may have come between the failure and its record."""
    found = externals.locked(connection, command.token)
    if found is None:
        raise gone()
    before = kept_before(connection, found[0], command)
    if before is None and isinstance(command, Worked):
        held(connection, command)
    return before


def kept_before(
    connection: Connection, task: ExternalTask, command: Worked | OfferExternal
) -> UUID | None:
    """The open incident of an external task that keeps this very command."""
    incident = incidents.by_id(connection, task.incident_id) if task.incident_id else None
    if incident is None:
        return None
    kept = _stored(incident)
    is_same = kept.request_id == command.request_id and (
        command.request_id is not None or isinstance(command, OfferExternal)
    )
    return incident.id if is_same and kept.kind == command.kind else None


def _row(
    incident_id: UUID,
    definition_id: UUID,
    process_key: str,
    failed: StepFailed,
    task_id: UUID | None,
    now: datetime,
) -> dict[str, Any]:
    failure, command = failed.failure, failed.command
    return {
        "id": incident_id,
        "instance_id": failed.instance_id,
        "definition_id": definition_id,
        "process_key": process_key,
        "element_id": failure.element_id,
        "element_name": failure.element_name,
        "task_id": task_id,
        "what": incidents.dump_sentence(failure.what),
        "advice": incidents.dump_sentence(failure.advice),
        "command": command.dump(),
        "by": command.by,
        "received_at": command.received_at or now,
        "at": now,
        "tries": 1,
        "open": True,
    }


def retry(
    stepper: Stepper, connection: Connection, incident_id: UUID, by: str
) -> tuple[Outcome, Done | None]:
    """Repeat the stored command; return what it came to, and the step.

    Raises NotFound, Conflict if the incident is closed or its instance has ended, StepFailed if the
    command fails again: then nothing is stored."""
    incident = _opened(connection, incident_id)
    command = _stored(incident)
    if isinstance(command, Send | Start | Occur):
        return Outcome.DONE, _outside(stepper, connection, incident, command)
    head = steps.lock(connection, incident.instance_id)
    assert head is not None, "an incident outlives no instance"
    if head.status != InstanceStatus.ACTIVE:
        raise _ended()
    if isinstance(command, OfferExternal):
        return Outcome.OFFERED, _offered(stepper, connection, head, incident, command, by)
    if not incidents.still_open(connection, incident_id):
        raise _closed()
    done: Done | None = None
    with suppress(Conflict, NotFound):  # overtaken meanwhile: nothing is left to repeat
        done = stepper.perform(connection, head, command, alone=True)
    incidents.close(connection, incident_id)
    if isinstance(command, Worked):  # an escalation leaves its task to be done
        topics = externals.free(connection, command.token)
        if done is not None:
            return Outcome.DONE, done.also(topics)
        if topics:
            return Outcome.OFFERED, Done(head, None, topics=topics)
    if incident.task_id is not None:
        worklist.mark_repairing(connection, incident.task_id, False)
    return (Outcome.DONE if done else Outcome.OVERTAKEN), done


def give_up(
    stepper: Stepper,
    connection: Connection,
    head: steps.Head,
    task: ExternalTask,
    message: str,
    by: str | None,
) -> UUID:
    """Store the incident of an external task without retries left, on a locked instance."""
    drawn = stepper.programs.of(connection, task.definition_id).elements.get(task.element_id)
    failure = Failure(
        task.element_id,
        (drawn.name if drawn else "") or task.element_id,
        _given_up(message, closed=head.key in stepper.around.cases.processes),
        say("Have the worker mended, then retry: the external task is given out again."),
    )
    incident_id, now = uuid7(), stepper.clock.at(head.database_now, head.clock)
    failed = StepFailed(OfferExternal(token=task.id, by=by), head.id, failure)
    incidents.insert(connection, _row(incident_id, head.definition_id, head.key, failed, None, now))
    externals.change(connection, task.id, retries=0, incident_id=incident_id, leased_until=None)
    details = {"element": task.element_id, "incident": str(incident_id)}
    _append(connection, head, now, "incident", by, details)
    return incident_id


def _given_up(message: str, closed: bool) -> Sentence:
    """The sentence of an incident. For a case it leaves out the worker's message, which only
    readers of the case may see."""
    if closed or not message:
        return say("The worker gave up.")
    return say("The worker gave up: “{message}”", message=message)


def set_retries(
    stepper: Stepper, connection: Connection, task_id: UUID, retries: int, by: str | None
) -> str:
    """Set the retries of an external task, inside the caller's transaction; return its topic.
    Raises Conflict if the task's completion waits for a repair."""
    head, found = externals.lock_instance(connection, task_id), None
    if head is not None:
        found = externals.locked(connection, task_id)
    if head is None or found is None:
        raise gone()
    task, _ = found
    incident = incidents.by_id(connection, task.incident_id) if task.incident_id else None
    if incident is not None and not isinstance(_stored(incident), OfferExternal):
        refuse_stuck(task)
    if retries == 0:
        if incident is None:
            give_up(stepper, connection, head, task, task.error_message or "", by)
    elif incident is not None:
        _offered(
            stepper, connection, head, incident, OfferExternal(token=task_id, retries=retries), by
        )
    else:
        externals.change(connection, task_id, retries=retries)
    return task.topic


def _offered(
    stepper: Stepper,
    connection: Connection,
    head: steps.Head,
    incident: Incident,
    command: OfferExternal,
    by: str | None,
) -> Done:
    """Give an external task out again."""
    if not incidents.close(connection, incident.id):
        raise _closed()
    topics = externals.free(connection, command.token, retries=command.retries)
    now = stepper.clock.at(head.database_now, head.clock)
    details = {"element": incident.element_id, "incident": str(incident.id)}
    _append(connection, head, now, command.kind, by, details)
    return Done(head, None, topics=topics)


def _outside(
    stepper: Stepper, connection: Connection, incident: Incident, command: Send | Start | Occur
) -> Done | None:
    """Repeat a command that is no step of the incident's instance. Only the instance that receives
    it is locked; a second repair at the same moment waits for the row of the incident."""
    newest = None
    if isinstance(command, Occur):
        newest = definitions.hold_newest(connection, command.key)
    if not incidents.close(connection, incident.id):
        raise _closed()
    match command:
        case Send():
            return _send(stepper, connection, incident, command)
        case Start():
            return start(stepper, connection, command, command.received_at, alone=True)
        case Occur():
            now = stepper.clock.at(*read_time(connection))
            timer_starts.occur(stepper, connection, command, newest, now)
            return None


def _send(
    stepper: Stepper, connection: Connection, incident: Incident, command: Send
) -> Done | None:
    """Send a message again, to the token that waits for it now."""
    origin = Origin(incident.instance_id, incident.element_id, incident.element_name)
    message = Message.of(command, origin)
    try:
        return delivery.route(stepper, connection, message, wait=True, at=command.received_at)
    except REFUSALS as error:
        raise delivery.undelivered(message, error) from error


def _stored(incident: Incident) -> Command:
    stored: Mapping[str, Any] = {
        **incident.command,
        "received_at": incident.received_at.isoformat(),
    }
    return load(stored)


def failed_again(connection: Connection, incident_id: UUID, failure: Failure) -> None:
    """Note that a retry has failed, and at what."""
    incidents.count_try(
        connection, incident_id, failure.element_id, failure.element_name, failure.what,
        failure.advice,
    )  # fmt: skip


def discard(stepper: Stepper, connection: Connection, incident_id: UUID, by: str) -> frozenset[str]:
    """Close the incident without repeating its command. A task opens again with the input as its
    draft; an external task is offered again, and its topic is returned. Raises Conflict for an
    external task without retries left."""
    incident = _opened(connection, incident_id)
    head = steps.lock(connection, incident.instance_id)
    if not incidents.close(connection, incident_id):
        raise _ended() if _has_ended(connection, incident) else _closed()
    if head is None:  # of a start: no instance exists whose history could record it
        return frozenset()
    now = stepper.clock.at(head.database_now, head.clock)
    command, topics = load(incident.command), frozenset[str]()
    if isinstance(command, OfferExternal):
        raise Conflict(say("Its worker is waited for: retry it, or end the case."))
    if isinstance(command, Worked):
        topics = externals.free(connection, command.token)
    if isinstance(command, Complete):
        worklist.mark_repairing(connection, command.task_id, False)
        if command.by is not None:
            drafts.save(connection, command.task_id, command.by, command.data, now, aside=True)
    _append(connection, head, now, "discard", by, {"incident": str(incident_id)})
    return topics


def _opened(connection: Connection, incident_id: UUID) -> Incident:
    incident = incidents.by_id(connection, incident_id)
    if incident is None:
        raise NotFound(say("There is no such incident."))
    if not incident.open:
        raise _ended() if _has_ended(connection, incident) else _closed()
    return incident


def _has_ended(connection: Connection, incident: Incident) -> bool:
    with suppress(NotFound):  # of a start: there is no instance
        return instances.get(connection, incident.instance_id).ended_at is not None
    return False


def _ended() -> Conflict:
    return Conflict(say("Its case has ended: nothing is left to repeat."))


def _closed() -> Conflict:
    return Conflict(
        say("Closed already: somebody took care of it, or the case went on without it.")
    )


def _append(
    connection: Connection,
    head: steps.Head,
    now: datetime,
    kind: str,
    by: str | None,
    details: Mapping[str, Any],
) -> None:
    body = history.body_of((), (), (), {}, details)
    steps.append(connection, head, event_row(head, now, kind, by, None, body))
