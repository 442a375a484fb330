"""When timers are due: computed once when a token starts to wait, stored in the token.

Owns the record of a waiting timer. Time comes from the step; SpiffWorkflow is never asked and no
clock is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.execution.border.flow.people import utc
from engine.execution.border.tree.expressions import blaming, value_of
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.records import TimerRecord
from engine.language.moments.cron import Cron
from engine.language.moments.periods import Cycle, Duration
from engine.language.timers import timer_value
from engine.models.elements import TimerDefinition
from engine.sentences.sentence import say

MOST_MISSED = 1_000
"""Missed occurrences of a cron expression that are counted after a long stop of the service."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One firing: when it was due, when it came, and how many later occurrences it stands for."""

    planned: datetime
    fired: datetime
    missed: int = 0

    def facts(self) -> dict[str, object]:
        """The value of `timer` in the branch behind the timer."""
        late = (self.fired - self.planned).total_seconds()
        return {
            "planned": utc(self.planned),
            "fired": utc(self.fired),
            "late_seconds": max(int(late), 0),
            "missed": self.missed,
        }


def arm(token: Token, timer: TimerDefinition, *, optional: bool) -> None:
    """Compute when the timer is due and store it in the token. Raises Fault.

    `optional`: a timer without a date sleeps and is no fault (a timer that guards a task).
    """
    now = token.top.host.now
    record = token.record.timer = token.record.timer or TimerRecord()
    armed_at = now if record.armed is None else datetime.fromisoformat(record.armed)
    value = _value(token, timer)
    if isinstance(value, Cycle):
        zone = token.top.host.calendar.zone
        number = record.number or 0
        with blaming(token.task_spec.element):
            due = value.occurrence(number, armed_at, zone)
        record.armed, record.number, record.due = utc(armed_at), number, _iso(due)
        return
    if isinstance(value, Cron):
        record.due = _iso(value.after(now, token.top.host.calendar.zone))
        return
    if value is None and not optional:
        raise Fault(
            token.task_spec.element,
            say("The timer gives no date, so it would wait for ever."),
            say("Make sure that the date it reads is set before."),
        )
    if timer.expression is not None:
        record.armed = utc(armed_at)
    record.due = _iso(_moment(token, value, armed_at))


def _value(token: Token, timer: TimerDefinition) -> datetime | Duration | Cycle | Cron | None:
    """The present value of the timer's text or expression. Raises Fault."""
    zone = token.top.host.calendar.zone
    with blaming(token.task_spec.element):
        if timer.literal is not None:
            return timer_value(timer.kind, timer.literal, zone)
        if timer.expression is None:
            return None
        return timer_value(timer.kind, value_of(token, timer.expression), zone)


def _moment(token: Token, value: Any, armed_at: datetime) -> datetime | None:
    if isinstance(value, Duration):
        with blaming(token.task_spec.element):
            return value.add_to(armed_at, token.top.host.calendar.zone)
    found: datetime | None = value
    return found


def fire(token: Token, timer: TimerDefinition) -> Firing:
    """The due firing; a cycle is armed for its next occurrence in the future.

    Missed occurrences are counted, not repeated.
    """
    host, record, planned = token.top.host, token.record.timer, planned_of(token)
    assert record is not None
    if timer.kind != "cycle":
        return Firing(planned, host.now)
    cycle = _value(token, timer)
    if isinstance(cycle, Cron):
        missed, due = passed_by(cycle, planned, host.now, host.calendar.zone)
        record.due = _iso(due)
        return Firing(planned, host.now, missed)
    if not isinstance(cycle, Cycle):
        record.due = None
        return Firing(planned, host.now)
    if record.number is None or record.armed is None:
        # It was no cycle when it was armed: counted from this firing on.
        record.armed, record.number = utc(planned), -1
    armed_at, zone = datetime.fromisoformat(record.armed), host.calendar.zone
    number = record.number + 1
    missed = cycle.missed(number, host.now, armed_at, zone)
    record.number = number + missed
    with blaming(token.task_spec.element):
        record.due = _iso(cycle.occurrence(number + missed, armed_at, zone))
    return Firing(planned, host.now, missed)


def passed_by(
    cron: Cron, planned: datetime, now: datetime, zone: ZoneInfo
) -> tuple[int, datetime | None]:
    """The number of occurrences missed after the planned one (at most MOST_MISSED), and the next
    one in the future."""
    missed, due = 0, cron.after(planned, zone)
    while due is not None and due <= now and missed < MOST_MISSED:
        missed, due = missed + 1, cron.after(due, zone)
    return missed, cron.after(now, zone) if due is not None and due <= now else due


def due_at(token: Token) -> datetime | None:
    """When the token's timer is due; None while it sleeps or if it has none."""
    record = token.record.timer
    return datetime.fromisoformat(record.due) if record is not None and record.due else None


def planned_of(token: Token) -> datetime:
    """When the timer that fires now was due."""
    planned = due_at(token)
    assert planned is not None
    return planned


def _iso(moment: datetime | None) -> str | None:
    return utc(moment) if moment is not None else None
