"""Starting an instance: a step on a row that does not exist yet, so no lock is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from engine.execution.border import NOTHING, Fault, HandlerFailed, Live, Program
from engine.execution.effects import read_by
from engine.execution.rows import Owner, difference
from engine.execution.step import (
    Done,
    Failure,
    StepFailed,
    Stepper,
    event_body,
    event_row,
    failure_of,
    passed_on,
    refusal_at,
)
from engine.execution.step_host import StepHost
from engine.execution.telling import tell
from engine.ports.cases import begins_elsewhere
from engine.records import history
from engine.records.commands import Start
from engine.records.states import InstanceStatus
from engine.sentences.errors import BadInput, ModelError, NotFound
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from engine.storage.cases import steps
from engine.storage.cases.steps import Head
from engine.storage.clock_time import read_time
from engine.storage.counters import delta_row
from engine.storage.database.unit_of_work import Repeat
from engine.storage.models.definitions import Version

START_AGAIN = say("Ask the operator to look at the log, then start it again.")


def start(
    stepper: Stepper,
    connection: Connection,
    wanted: Start,
    at: datetime | None,
    *,
    alone: bool = False,
) -> Done:
    """Insert and run the instance inside the caller's transaction.

    An existing id is returned without change. Raises NotFound for an unknown key or a start event
    that the newest version lacks, BadInput if a handler refuses or the register lacks the case,
    ModelError if the model or a handler fails before the first wait (then nothing is stored).
    `alone`: no caller waits for the answer, so every error except an unknown key is StepFailed.
    """
    existing = steps.lock(connection, wanted.id)
    if existing is not None:
        return Done(existing, None)
    version, program = stepper.programs.newest(connection, wanted.key)
    try:
        return _begin(stepper, connection, wanted, at, version, program)
    except (Fault, HandlerFailed) as failed:
        passed = passed_on(failed, alone)
        if passed is not None:
            raise passed from failed
        if not alone:
            raise ModelError([_problem(version, failure_of(failed, START_AGAIN))]) from failed
        failure = failure_of(failed)
    except (BadInput, NotFound) as refused:
        if not alone:
            raise
        begun = next((one for one in program.starts if one.id == wanted.at), program.usual_start)
        failure = refusal_at(begun.id, begun.name, refused)
    raise StepFailed(wanted, wanted.id, failure, version)


def _begin(
    stepper: Stepper,
    connection: Connection,
    wanted: Start,
    at: datetime | None,
    version: Version,
    program: Program,
) -> Done:
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
    form = program.start_form(wanted.at)
    read = read_by(form, wanted.data, host).values if form is not None else {}
    live = Live.start(program, {**wanted.data, **read}, host, wanted.at)
    live.compact()
    return _save(stepper, head, live, live.dump(), host, wanted.details)


def _problem(version: Version, failure: Failure) -> Problem:
    place = (version.key, failure.element_id, failure.element_name, 0)
    return Problem(*place, "error", "start", failure.what, failure.advice)


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
    tell(host, NOTHING, live.waiting())
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
    try:
        steps.create(host.connection, row, state, event, changes)
    except IntegrityError as error:
        if not steps.is_taken(error):
            raise
        raise Repeat(say("This case is being started by somebody else.")) from error
    return Done.of(head, None if live.ended else live, changes)
