"""Changing a working calendar: naming a day, and moving the deadlines that depend on it.

Owns the right to do so, and the comparison of a deadline in two calendars. A day is never deleted:
it is taken back as a working day, with the decree for it. A deadline moves only if its model counts
it so: the expression of the model is evaluated with the old and with the new calendar. An extended
deadline, and a fixed date, stay. `processes.work.deadline_mover` moves each deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.execution.border import Fault
from engine.face.questions import Questions
from engine.language import Expression, LanguageError, Namespace
from engine.language.functions import owner_functions
from engine.language.moments.days import day_of
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import SATURDAY, Calendar
from processes.acts import bulk
from processes.acts.acting import Acting, act
from processes.acts.service import Service
from processes.days.calendars import COMMON, ZONE, working_calendar, zone_of
from processes.ground.paging import PAGE, Page
from processes.lifecycle.case import case_of
from processes.register.states import Fate
from processes.rights.access import Scope, may
from processes.storage import bulk as bulk_rows
from processes.storage.bulk import Count
from processes.storage.days import calendars as table
from processes.storage.days.calendars import DAY_KINDS, NamedDay
from processes.storage.days.open_deadlines import OpenDeadline, open_deadlines
from processes.storage.operation.settings import write_setting
from processes.storage.work.bulk_parts import ListedPart
from processes.work import listed_parts
from processes.work.deadline_mover import MOVES, Move, move_from

DueDate = Callable[[UUID, str], Expression | None]
"""(definition id, element id) -> the expression of that task's deadline, if it has one."""
DataOf = Callable[[UUID], Mapping[str, Any]]
"""Task id -> the variables that the task sees."""
KNOWN: Final = frozenset({"case", "task", "business_key"})
"""Names that a deadline reads without the variables of its instance."""


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """An open deadline that a change of a calendar moves, as dates in its zone."""

    task: OpenDeadline
    due: date
    would_be: date


@act
def keep_zone(act: Acting, zone: ZoneInfo) -> None:
    """Make every process on this database count in that zone; do nothing if they already do."""
    act.may("manage_settings")
    if zone_of(act.connection) != zone:
        write_setting(act.connection, ZONE, zone.key, "tindak", act.real_now)
        table.renew_editions(act.connection)


@act
def change_day(act: Acting, code: str, change: NamedDay) -> None:
    """Name a day as holiday or joint leave, or take one back as a working day, citing the decree.
    Deadlines stay; `change_and_move` moves those that depend on the day.

    Raises `BadInput` with the fields `day`, `name`, `kind`, `decree`; `NotFound`, `Forbidden`.
    """
    act.may("manage_calendar")
    check_change(act.connection, code, change)
    table.put_day(act.connection, code, change, act.by, act.now)
    day = change.day.isoformat()
    act.record("change_day", _subject(code), day=day, kind=change.kind, decree=change.decree)


def check_change(connection: Connection, code: str, change: NamedDay) -> None:
    """Raises the errors of `change_day`, except for rights."""
    if code not in table.calendars(connection):
        raise NotFound(say("There is no such calendar."))
    wrong: dict[str, Sentence] = {}
    if change.kind not in DAY_KINDS:
        wrong["kind"] = say("Choose one of the offered values.")
    if change.kind == "working" and change.day.weekday() >= SATURDAY:
        wrong["day"] = say("Saturdays and Sundays are never working days here.")
    if is_blank(change.name):
        wrong["name"] = say("Write the name of the day.")
    if is_blank(change.decree):
        wrong["decree"] = say("Cite the decree, for example its number and year.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


def due_dates(ask: Questions) -> DueDate:
    """A function that gives the deadline by the deployed models."""

    def due_date(definition_id: UUID, element_id: str) -> Expression | None:
        element = ask.program(definition_id).model.elements.get(element_id)
        return element.due_date if element else None

    return due_date


def data_of(ask: Questions) -> DataOf:
    """A function that gives the variables by the stored states."""

    def data(task_id: UUID) -> Mapping[str, Any]:
        try:
            return ask.task_data(task_id)
        except (NotFound, Conflict, Fault):  # done meanwhile, or it cannot be read: it stays
            return {}

    return data


def moved_deadlines(
    connection: Connection,
    scope: Scope,
    code: str,
    change: NamedDay,
    due_date: DueDate,
    data: DataOf,
) -> list[MovedDeadline]:
    """The open deadlines that `change` would move, the nearest first; changes nothing.

    Reads every open task by this calendar that is due on that day or later. Raises the errors of
    `change_day`.
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
    found = open_deadlines(connection, code, also_of_nobody=code == COMMON, after=start)
    compared = [_compare(connection, task, due_date, data, before, after) for task in found]
    return [one for one in compared if one is not None]


def change_and_move(
    service: Service, scope: Scope, code: str, change: NamedDay
) -> list[MovedDeadline]:
    """Change a day, and in the same transaction plan to move each deadline that depends on it;
    return the planned moves. Each move is then an act of its own (`processes.acts.bulk`).

    Raises Conflict if somebody else changed the calendar meanwhile, or while deadlines are still
    being moved.
    """
    with service.reading() as connection:  # reading models may be slow
        edition = table.edition_of(connection, code)
        due_date, data = due_dates(service.engine), data_of(service.engine)
        planned = moved_deadlines(connection, scope, code, change, due_date, data)
    _change(service, scope, code, change, edition, planned)
    return planned


@act
def _change(
    act: Acting, code: str, change: NamedDay, edition: UUID, planned: Sequence[MovedDeadline]
) -> None:
    _check_settled(act.connection, code, edition)
    change_day.within(act, code, change)
    moves = [Move(one.task.task_id, one.task.due_at, one.would_be) for one in planned]
    reason = f"{change.name} ({change.decree})"
    facts = {"day": change.day.isoformat()}
    bulk.plan(
        act, MOVES, _subject(code), reason, facts, [(one.task_id, one.written()) for one in moves]
    )


def _check_settled(connection: Connection, code: str, edition: UUID) -> None:
    """The comparison must still be valid: it would miss a deadline that is being moved to another
    day."""
    if table.locked_edition(connection, code) != edition:
        raise Conflict(say("Somebody else has just changed this calendar. Look at it again."))
    moving = bulk_rows.newest(connection, MOVES, _subject(code))
    if moving is not None and bulk_rows.count(connection, moving.id).waiting:
        raise Conflict(
            say("The deadlines of the last change are still being moved. Try again in a moment.")
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of the moves after a change of `day`."""

    day: date
    count: Count
    act_id: UUID


def progress(connection: Connection, scope: Scope, code: str) -> Progress | None:
    """The state of the moves after the newest change of a calendar with moves."""
    may(scope, "manage_calendar")
    found = bulk_rows.newest(connection, MOVES, _subject(code))
    if found is None:
        return None
    day = date.fromisoformat(found.facts["day"])
    return Progress(day, bulk_rows.count(connection, found.id), found.id)


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """A deadline that was to move, from one day to another; as days in the zone of deadlines."""

    part: ListedPart
    due: date
    would_be: date

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.part.id


def moves(
    connection: Connection,
    scope: Scope,
    of: Progress | None,
    fate: Fate | None = None,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[PlannedMove]:
    """The moves after the newest change of a calendar with moves, or those of one `fate`."""
    may(scope, "manage_calendar")
    found = listed_parts.page(connection, of, fate, after=after, before=before, limit=limit)
    days = Calendar(zone=zone_of(connection))
    return Page([_planned(part, days) for part in found.items], found.more, found.earlier)


def _planned(part: ListedPart, days: Calendar) -> PlannedMove:
    move = move_from(part.task_id, part.facts)
    return PlannedMove(part, days.due_date_of(move.was_due), move.would_be)


def _subject(code: str) -> str:
    return f"calendar:{code}"


def _compare(
    connection: Connection,
    task: OpenDeadline,
    due_date: DueDate,
    data: DataOf,
    before: Calendar,
    after: Calendar,
) -> MovedDeadline | None:
    expression = due_date(task.definition_id, task.element_id)
    if expression is None or "working_days" not in expression.calls:
        return None
    facts, _ = case_of(connection, task.business_key)
    read = {} if expression.names <= KNOWN else data(task.task_id)
    names = {**read, "case": Namespace(facts), "business_key": task.business_key}
    due = before.due_date_of(task.due_at)
    counted = _evaluate(expression, names, task, before)
    would_be = _evaluate(expression, names, task, after)
    if counted != due or would_be is None or would_be == due:
        return None
    return MovedDeadline(task, due, would_be)


def _evaluate(
    expression: Expression, names: Mapping[str, object], task: OpenDeadline, calendar: Calendar
) -> date | None:
    """The date by the model; None if it cannot be computed again."""
    names = {**names, "task": Namespace({"created": task.created_at.astimezone(calendar.zone)})}
    functions = owner_functions(task.created_at, calendar, None)
    try:
        return day_of(expression.evaluate(names, functions), calendar)
    except LanguageError:
        return None
