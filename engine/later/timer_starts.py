"""Timers that start processes: armed for the newest version of each process only.

The transaction that stores a version arms its timers and ends the timers of the version before.
Each occurrence is one job. It stores the next occurrence, and the start as a job of its own, so
each occurrence starts one instance, however many workers there are. A start that fails is an
incident of the instance that would have started, and delays no later start. To store, end or run
these timers a transaction holds the row of the newest version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.execution.step import Failure, StepFailed, Stepper
from engine.language import LanguageError
from engine.language.functions import owner_functions
from engine.language.moments.cron import Cron
from engine.language.moments.periods import Cycle, Duration
from engine.language.timers import timer_value
from engine.models.elements import Element
from engine.records.commands import Occur
from engine.records.payloads import Beginning, Starting
from engine.sentences.errors import ModelError, NotFound
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from engine.storage.later import jobs
from engine.storage.later.jobs import job_row
from engine.storage.models import definitions
from engine.storage.settings import read_setting, remove_setting, write_setting

STARTS: Final = UUID("7d1c6c2e-4a5b-5a2f-9f0e-3b8e0c6a1d57")
"""Namespace of the token in a process's jobs: the token identifies the process."""
Value = datetime | Duration | Cycle | Cron | None


def arm(stepper: Stepper, connection: Connection, fresh: Iterable[UUID], now: datetime) -> bool:
    """Arm the timers of new versions, in the transaction that stores them; return whether there are
    any. Raises ModelError for a timer that cannot be computed."""
    rows = []
    for id in fresh:
        version, program = stepper.programs.with_version(connection, id)
        _end(connection, version.key, Beginning.kind)
        remove_setting(connection, _retired(version.key))
        for start, number in program.timed_starts:
            wanted = Beginning(version.key, id, start.id, number, now)
            try:
                value, zone = _value(stepper, connection, start, number, now)
                due = _first(value, now, zone)
            except LanguageError as error:
                raise ModelError([_problem(version.key, start, error)]) from error
            rows += _armed(wanted, due)
    jobs.add(connection, rows)
    return bool(rows)


def occur(
    stepper: Stepper, connection: Connection, wanted: Occur, newest: UUID | None, now: datetime
) -> None:
    """Store the start of an occurrence, and the next occurrence; do nothing if the timer has ended.
    The caller holds the newest version. Raises StepFailed for a time that cannot be computed."""
    if newest != wanted.version or retired(connection, wanted.key) is not None:
        return
    version, program = stepper.programs.with_version(connection, wanted.version)
    start = program.element(wanted.element)
    try:
        value, zone = _value(stepper, connection, start, wanted.number, now)
        following = _again(value, now, wanted.armed_at, zone)
    except LanguageError as error:
        failure = Failure(start.id, start.name, error.what, error.advice)
        raise StepFailed(wanted, wanted.id, failure, version) from error
    again = Beginning(wanted.key, wanted.version, wanted.element, wanted.number, wanted.armed_at)
    rows = [_start(wanted, value, now, zone), *_armed(again, following)]
    jobs.add(connection, rows)


def retire(connection: Connection, key: str, by: str, now: datetime) -> None:
    """Stop the timers of the process until a newer version is released, including starts that are
    stored but not begun. Raises NotFound."""
    if definitions.hold_newest(connection, key) is None:
        raise NotFound(say("There is no process {key}.", key=key))
    _end(connection, key, Beginning.kind, Starting.kind)
    write_setting(connection, _retired(key), json.dumps([by, now.isoformat()]))


def retired(connection: Connection, key: str) -> tuple[str, datetime] | None:
    """The person who retired the process, and the time; None if nobody did since its newest
    version."""
    stored = read_setting(connection, _retired(key))
    if stored is None:
        return None
    by, at = json.loads(stored)
    return by, datetime.fromisoformat(at)


def _retired(key: str) -> str:
    return f"retired:{uuid5(STARTS, key)}"


def _end(connection: Connection, key: str, *kinds: str) -> None:
    jobs.drop(connection, kinds, uuid5(STARTS, key))


def _value(
    stepper: Stepper, connection: Connection, start: Element, number: int, now: datetime
) -> tuple[Value, ZoneInfo]:
    """The present value of a start event's timer, without a case and without variables. Raises
    LanguageError."""
    timer = start.event.each[number].timer if start.event else None
    assert timer is not None, "only start events with a timer are armed"
    calendar = stepper.around.case(connection, None)[1]
    said: object = timer.literal
    if timer.expression is not None:
        said = timer.expression.evaluate({}, owner_functions(now, calendar, None))
    return timer_value(timer.kind, said, calendar.zone), calendar.zone


def _first(value: Value, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The first due time of a timer; earlier occurrences are not repeated."""
    if isinstance(value, Duration):
        return value.add_to(now, zone)
    if isinstance(value, datetime):
        return value if value >= now else None
    return _again(value, now, now, zone)


def _again(value: Value, now: datetime, armed_at: datetime, zone: ZoneInfo) -> datetime | None:
    """The next due time; None for a timer that fires once or has come to its end."""
    if isinstance(value, Cron):
        return value.after(now, zone)
    if isinstance(value, Cycle):
        return value.occurrence(value.first_after(now, armed_at, zone), armed_at, zone)
    return None


def _armed(wanted: Beginning, due: datetime | None) -> list[dict[str, Any]]:
    if due is None:
        return []
    return [job_row(wanted.kind, due, wanted.encode(), token=uuid5(STARTS, wanted.key))]


def _start(wanted: Occur, value: Value, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The start of an occurrence. An overdue cycle starts one instance; its history holds the
    number of missed occurrences."""
    told: dict[str, Any] = {
        "element": wanted.element,
        "planned": wanted.planned.isoformat(),
        "late_seconds": max(0, round((now - wanted.planned).total_seconds())),
    }
    if isinstance(value, Cycle):
        following = value.first_after(wanted.planned, wanted.armed_at, zone)
        told["missed"] = value.missed(following, now, wanted.armed_at, zone)
    begun = Starting(wanted.key, wanted.id, None, {}, None, wanted.element, told)
    return job_row(begun.kind, now, begun.encode(), token=uuid5(STARTS, wanted.key))


def _problem(key: str, start: Element, error: LanguageError) -> Problem:
    return Problem(
        key, start.id, start.name, start.line, "error", "timer", error.what, error.advice
    )
