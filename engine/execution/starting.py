"""Starting an instance: a step on a row that does not exist yet, so there is nothing to lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine import history
from engine.cases import begins_elsewhere
from engine.errors import BadInput, ModelError, NotFound
from engine.execution.border import NOTHING, Fault, HandlerFailed, Live
from engine.execution.host import StepHost
from engine.execution.rows import Owner, difference
from engine.execution.step import Done, Stepper, event_body, event_row, passed_on
from engine.handlers import Refusal
from engine.models.problems import Problem
from engine.states import InstanceStatus
from engine.storage import instances, steps
from engine.storage.clock_time import read_time
from engine.storage.counters import delta_row
from engine.storage.definitions import Version
from engine.storage.steps import Head
from engine.words import say


@dataclass(frozen=True, slots=True)
class Start:
    """What starts: the process key, the id made beforehand, and the start data. `at`: the start
    event that what happened belongs to, None for the usual one; `details`: what the history says of
    it."""

    key: str
    id: UUID
    data: Mapping[str, Any]
    business_key: str | None = None
    by: str | None = None
    at: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def start(stepper: Stepper, connection: Connection, wanted: Start, at: datetime | None) -> Done:
    """Insert and run the instance inside the caller's transaction.

    An id that exists already is returned as it is. Raises NotFound for an unknown key or a start
    event that the newest version has not, BadInput
    when a handler refuses and for a case that the register has not, ModelError when the model or a
    handler fails before the first wait (nothing is stored then).
    """
    existing = steps.lock(connection, wanted.id)
    if existing is not None:
        return Done(existing, None, [])
    version, program = stepper.programs.newest(connection, wanted.key)
    if wanted.at not in (None, *(one.id for one in program.starts)):
        gone = say("{key} has no start event {event} any more.", key=wanted.key, event=wanted.at)
        raise NotFound(gone)
    database_now, stored = read_time(connection)
    now = at or stepper.clock.at(database_now, stored)
    head = Head(
        wanted.id, version.id, version.key, wanted.business_key, InstanceStatus.ACTIVE, 0, 0,
        history.NO_HASH, now, database_now, stored,
    )  # fmt: skip
    host = stepper.host(connection, head, now, wanted.by)
    if wanted.key in stepper.around.cases.processes and host.family is None:
        raise BadInput(begins_elsewhere(wanted.key))
    try:
        live = Live.start(program, dict(wanted.data), host, wanted.at)
        live.compact()
        state = live.dump()
    except Fault as fault:
        raise ModelError([_problem(version, fault)]) from fault
    except Refusal as refusal:
        raise BadInput(refusal.sentence, refusal.fields) from refusal
    except HandlerFailed as failed:
        raise _handler_failed(version, failed) from failed.cause
    return _save(stepper, head, live, state, host, wanted.details)


def _problem(version: Version, fault: Fault) -> Problem:
    return Problem(
        version.key, fault.element_id, fault.element_name, 0, "error", "start", fault.what,
        fault.advice,
    )  # fmt: skip


def _handler_failed(version: Version, failed: HandlerFailed) -> Exception:
    passed = passed_on(failed.cause)
    if passed is not None:
        return passed
    what = say("The service behind this element failed.")
    advice = say("Ask the operator to look at the log, then start it again.")
    place = (version.key, failed.element_id, failed.element_name, 0)
    return ModelError([Problem(*place, "error", "start", what, advice)])


def _save(
    stepper: Stepper,
    head: Head,
    live: Live,
    state: bytes,
    host: StepHost,
    details: Mapping[str, Any],
) -> Done:
    owner = Owner(head.id, head.definition_id, head.key, head.business_key, host.now, host.by, None)
    changes = difference(NOTHING, live.waiting(), owner)
    changes.new_jobs += host.jobs
    changes.new_jobs += host.kept_for(changes.new_subscriptions)
    status = InstanceStatus.COMPLETED if live.ended else InstanceStatus.ACTIVE
    changes.deltas.append(delta_row(f"instances:{head.definition_id}", status, 1))
    body = event_body(live, None, details)
    event = event_row(head, host.now, "start", host.by, None, body)
    row = {
        "id": head.id,
        "definition_id": head.definition_id,
        "key": head.key,
        "business_key": head.business_key,
        "status": status,
        "version": 1,
        "last_seq": event["seq"],
        "last_hash": event["hash"],
        "started_at": host.now,
        "started_by": host.by,
        "ended_at": host.now if live.ended else None,
    }
    steps.create(host.connection, row, state, event, changes)
    return Done(head, None if live.ended else live, [job["due_at"] for job in changes.new_jobs])


def start_committed(stepper: Stepper, wanted: Start) -> UUID:
    """Start in a transaction of its own; a start that raced with itself returns the first."""
    try:
        done = stepper.around.database.repeat(
            lambda connection: start(stepper, connection, wanted, None)
        )
    except IntegrityError:
        if not _exists(stepper, wanted.id):
            raise
        return wanted.id
    stepper.committed(done)
    return wanted.id


def _exists(stepper: Stepper, instance_id: UUID) -> bool:
    with stepper.around.database.read() as connection:
        return instances.exists(connection, instance_id)
