"""Changing a working calendar: who sees beforehand what would move, and what then moves.

Owns the comparison of a deadline counted in two calendars. A deadline moves only if its model
counts it so: the expression of the model is evaluated with the old and with the new calendar, and
one that somebody extended, or that is a set date, stays where it is. Must not know how the engine
moves a deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine import Engine
from engine.calendar import Calendar
from engine.errors import Conflict
from engine.language import Expression, LanguageError, Namespace
from engine.language.days import day_of
from engine.language.functions import owner_functions
from engine.words import say
from processes.access import Scope, may
from processes.calendars import COMMON, change_day, check_change, working_calendar, zone_of
from processes.case import case_of
from processes.storage import calendars as table
from processes.storage import deadline_moves
from processes.storage.calendars import NamedDay
from processes.storage.deadline_moves import Progress
from processes.storage.open_deadlines import OpenDeadline, open_deadlines

DueDate = Callable[[UUID, str], Expression | None]
"""(definition id, element id) -> the expression of that task's deadline, if it has one."""


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """An open deadline that a change of a calendar moves, as dates in its zone."""

    task: OpenDeadline
    due: date
    would_be: date


def due_dates(engine: Engine) -> DueDate:
    """What the deployed models say."""

    def due_date(definition_id: UUID, element_id: str) -> Expression | None:
        element = engine.program(definition_id).model.elements.get(element_id)
        return element.due_date if element else None

    return due_date


def moved_deadlines(
    connection: Connection, scope: Scope, code: str, change: NamedDay, due_date: DueDate
) -> list[MovedDeadline]:
    """Which open deadlines would move if `change` were made, the nearest first; changes nothing.

    Reads every open task of the calendar's cases that is due on that day or later. Raises as
    `calendars.change_day` does.
    """
    may(scope, "manage_calendar")
    check_change(connection, code, change)
    named = {row.day: row for row in table.days_of(connection, code)}
    zone = zone_of(connection)
    before = working_calendar(named.values(), zone)
    after = working_calendar({**named, change.day: change}.values(), zone)
    if before.is_working(change.day) == after.is_working(change.day):
        return []
    start = before.moment(change.day, datetime.min.time())
    found = open_deadlines(connection, code, also_recommendations=code == COMMON, after=start)
    compared = [_compare(connection, task, due_date, before, after) for task in found]
    return [one for one in compared if one is not None]


def change_and_move(
    engine: Engine, scope: Scope, code: str, change: NamedDay
) -> list[MovedDeadline]:
    """Change a day, and plan in the same transaction to move each deadline that followed from it;
    those planned. Jobs move them, one step per case (`processes.deadline_mover`).

    Raises Conflict when somebody else changed it meanwhile, or while deadlines are being moved.
    """
    with engine.reading() as connection:
        edition = table.edition_of(connection, code)
        planned = moved_deadlines(connection, scope, code, change, due_dates(engine))
    with engine.transaction() as connection:
        now = engine.on(connection).now()
        _check_settled(connection, code, edition)
        change_day(connection, scope, code, change, now=now)
        deadline_moves.plan(connection, _moves(planned, scope, code, change), now)
    engine.wake()
    return planned


def _check_settled(connection: Connection, code: str, edition: UUID) -> None:
    """What was compared must still be so: a deadline on its way to another day would be missed."""
    if table.locked_edition(connection, code) != edition:
        raise Conflict(say("Somebody else has just changed this calendar. Look at it again."))
    moving = deadline_moves.progress(connection, code)
    if moving is not None and moving.waiting:
        raise Conflict(
            say("The deadlines of the last change are still being moved. Try again in a moment.")
        )


def _moves(
    planned: Sequence[MovedDeadline], scope: Scope, code: str, change: NamedDay
) -> list[dict[str, object]]:
    change_id = uuid7()
    return [
        {
            "id": uuid7(),
            "change_id": change_id,
            "calendar_code": code,
            "day": change.day,
            "reason": f"{change.name} ({change.decree})",
            "task_id": one.task.task_id,
            "was_due": one.task.due_at,
            "would_be": one.would_be,
            "by": scope.username,
        }
        for one in planned
    ]


def progress(connection: Connection, scope: Scope, code: str) -> Progress | None:
    """How far the moving after the newest change of a calendar has come."""
    may(scope, "manage_calendar")
    return deadline_moves.progress(connection, code)


def _compare(
    connection: Connection,
    task: OpenDeadline,
    due_date: DueDate,
    before: Calendar,
    after: Calendar,
) -> MovedDeadline | None:
    expression = due_date(task.definition_id, task.element_id)
    if expression is None or "working_days" not in expression.calls:
        return None
    facts, _ = case_of(connection, task.business_key)
    due = before.due_date_of(task.due_at)
    counted = _evaluate(expression, facts, task, before)
    would_be = _evaluate(expression, facts, task, after)
    if counted != due or would_be is None or would_be == due:
        return None
    return MovedDeadline(task, due, would_be)


def _evaluate(
    expression: Expression, facts: dict[str, object], task: OpenDeadline, calendar: Calendar
) -> date | None:
    """The date the model gives; None if it reads more than the case and the task tell."""
    names = {
        "case": Namespace(facts),
        "task": Namespace({"created": task.created_at.astimezone(calendar.zone)}),
        "business_key": task.business_key,
    }
    functions = owner_functions(task.created_at, calendar, None)
    try:
        return day_of(expression.evaluate(names, functions), calendar)
    except LanguageError:
        return None
