"""The escalation ladder: a timer whose decision table says when to look next.

Owns the next look. The table reads `stage` (id of the late task), `priority` and `overdue` (working
days, negative before the deadline). Its result `next_look` is a working day relative to the
deadline; an empty one means never again. The host says the time of day (`engine.time.looks`).
"""

from __future__ import annotations

from datetime import date, datetime, time

from engine.decisions import rung_of
from engine.execution.border.events.timers import Firing, planned_of
from engine.execution.border.flow.people import utc
from engine.execution.border.tree.decisions import single_row
from engine.execution.border.tree.expressions import blaming
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.records import TaskRecord, TimerRecord


def arm(timer: Token, table: str, tasks: list[TaskRecord]) -> None:
    """Store the next look in the timer's token; the timer sleeps without a deadline or a next
    rung."""
    due = earliest_due(timer, tasks)
    look = None if due is None else next_look(timer, table, due)
    timer.record.timer = record = TimerRecord()
    record.due = utc(look) if look else None


def earliest_due(timer: Token, tasks: list[TaskRecord]) -> date | None:
    """The deadline of the guarded task; of several items the first one."""
    moments = [task.due for task in tasks if task.due is not None]
    if not moments:
        return None
    return timer.top.host.calendar.due_date_of(min(map(datetime.fromisoformat, moments)))


def next_look(timer: Token, table: str, due: date) -> datetime | None:
    """The next moment to look, never in the past; None if the table has no further rung."""
    host = timer.top.host
    today = host.calendar.today(host.now)
    rung = rung_after(timer, table, host.calendar.overdue(due, today))
    if rung is None:
        return None
    at = _time_of(timer)
    day = host.calendar.day_of(due, rung)
    look = host.calendar.moment(day, at)
    if look > host.now:
        return look
    return host.calendar.moment(host.calendar.next_working(today), at)


def rung_after(timer: Token, table: str, overdue: int) -> int | None:
    """The working day, relative to the deadline, of the rung after `overdue`. Raises Fault."""
    row = single_row(timer, table, ladder_names(timer, overdue))
    with blaming(timer.task_spec.element):
        return rung_of(row)


def ladder_names(timer: Token, overdue: int) -> dict[str, object]:
    """The names that an escalation table reads besides the data."""
    return names_of(timer, timer.task_spec.element.attached_to, overdue)


def names_of(token: Token, stage: object, overdue: object) -> dict[str, object]:
    """The same names for a token behind the timer."""
    host = token.top.host
    priority = host.case.get("priority", host.looks.priority)
    return {"stage": stage, "priority": priority, "overdue": overdue}


def fire(timer: Token, table: str, tasks: list[TaskRecord]) -> tuple[Firing, int]:
    """The due look and the working days that the task is late; the next look is armed.

    Rungs that passed while the service was down are counted as missed.
    """
    host = timer.top.host
    planned = planned_of(timer)
    due = earliest_due(timer, tasks)
    if due is None:
        arm(timer, table, tasks)
        return Firing(planned, host.now), 0
    overdue = host.calendar.overdue(due, host.calendar.today(host.now))
    planned_overdue = host.calendar.overdue(due, host.calendar.today(planned))
    missed = rungs_between(timer, table, planned_overdue, overdue)
    arm(timer, table, tasks)
    return Firing(planned, host.now, missed), overdue


def rungs_between(timer: Token, table: str, planned: int, overdue: int) -> int:
    """The number of rungs after the planned one and up to today."""
    missed = 0
    rung = rung_after(timer, table, planned)
    while rung is not None and planned < rung <= overdue:
        missed, planned = missed + 1, rung
        rung = rung_after(timer, table, planned)
    return missed


def _time_of(timer: Token) -> time:
    host = timer.top.host
    return host.looks.time_of(host.business_key or str(timer.id))
