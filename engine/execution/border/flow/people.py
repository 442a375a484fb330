"""Human tasks: the facts fixed when one opens, and its deadline.

Owns the record a token of a user task carries: its row id, when it opened, its deadline and every
attribute whose value depends on the data. Constants are not stored, they are read from the model.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from uuid_utils.compat import uuid7

from engine.execution.border.flow.flow_node import constant_or_none
from engine.execution.border.tree.expressions import blaming, text_of, value_of
from engine.execution.border.tree.faults import Fault, short, shown
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.records import TaskRecord
from engine.language import Expression
from engine.language.moments.periods import Duration
from engine.language.timers import deadline_value
from engine.language.values import show
from engine.models.elements import Element
from engine.sentences.sentence import Sentence, say

DUE_ADVICE = say("Give a date, a date with a time, or nothing.")


def open_task(token: Token) -> None:
    """Fix the facts of a human task that opens. Raises Fault."""
    element = token.task_spec.element
    top = token.top
    round_number = top.rounds[element.id] = top.rounds.get(element.id, 0) + 1
    record = token.record.task = TaskRecord()
    record.row, record.created, record.round = str(uuid7()), top.host.now.isoformat(), round_number
    if (due := due_of(token)) is not None:
        record.due = due  # first: the other attributes may read it
    _fix_attributes(token, element, record)


def task_of(token: Token) -> TaskRecord:
    """The record of the human task that is open at the token."""
    record = token.record.task
    assert record is not None
    return record


def _fix_attributes(token: Token, element: Element, record: TaskRecord) -> None:
    """Evaluate the attributes that are no constants; one that comes out empty is not set."""
    if (template := token.task_spec.library.names.get(element.id)) is not None:
        record.name = shown(text_of(token, template))
    if (assignee := _evaluated(token, element.assignee)) is not None:
        record.assignee = assignee
    if (priority := _evaluated(token, element.priority)) is not None:
        record.priority = priority
    if (users := _evaluated_names(token, element.candidate_users)) is not None:
        record.users = users
    if (groups := _evaluated_names(token, element.candidate_groups)) is not None:
        record.groups = groups
    if (follow_up := _follow_up_of(token)) is not None:
        record.follow_up = follow_up


def _evaluated(token: Token, expression: Expression | None) -> str | int | None:
    """The value of an expression that is no constant. Raises Fault."""
    if expression is None or expression.is_constant:
        return None
    return plain(token.task_spec.element, value_of(token, expression))


def _evaluated_names(token: Token, several: tuple[Expression, ...]) -> list[str] | None:
    """The names that expressions give, if not all are constants. Raises Fault."""
    if all(expression.is_constant for expression in several):
        return None
    names = names_of(value_of(token, expression) for expression in several)
    return [short(token.task_spec.element, name) for name in names]


def _follow_up_of(token: Token) -> str | None:
    expression: Expression | None = token.task_spec.element.follow_up_date
    return None if expression is None else moment_of(token, expression, say("follow-up date"))


def due_of(token: Token) -> str | None:
    """The deadline of a human task, evaluated now, as ISO text in UTC. Raises Fault."""
    expression: Expression | None = token.task_spec.element.due_date
    if expression is None:
        return None
    return moment_of(token, expression, say("due date"))


def moment_of(token: Token, expression: Expression, part: Sentence) -> str | None:
    """A date or time of a task: a date means 24.00 of it; a duration counts from the task's
    opening."""
    element, zone = token.task_spec.element, token.top.host.calendar.zone
    value = value_of(token, expression)
    if value in (None, ""):
        return None
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    with blaming(element):
        moment = deadline_value(value, zone)
        if isinstance(moment, Duration):
            opened = datetime.fromisoformat(task_of(token).created)
            moment = moment.add_to(opened, zone)
    if not isinstance(moment, datetime):
        what = say("The {part} gives {value}, which is no date.", part=part, value=show(value))
        raise Fault(element, what, DUE_ADVICE)
    return utc(moment)


def utc(moment: datetime) -> str:
    """A moment in the stored form: ISO text in UTC."""
    return moment.astimezone(UTC).isoformat()


def plain(element: Element, value: object) -> str | int | None:
    """One name or number. Raises Fault for a value that can be neither."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | list | tuple | dict):
        raise Fault(
            element,
            say("{value} is neither a name nor a number.", value=show(value)),
            say("Name one assignee and one priority; several people are candidates."),
        )
    return value if isinstance(value, int) else short(element, str(value))


def names_of(values: Iterable[object]) -> list[str]:
    """Users or groups: each value may be one name, a list of names or a text with commas."""
    names: list[str] = []
    for value in values:
        parts = value if isinstance(value, list | tuple | set) else str(value or "").split(",")
        names += [str(part).strip() for part in parts if str(part).strip()]
    return list(dict.fromkeys(names))


def candidates(fixed: list[str] | None, several: tuple[Expression, ...]) -> tuple[str, ...]:
    """The names that were fixed, or the constant names of the model."""
    if fixed is not None:
        return tuple(fixed)
    return tuple(names_of(constant_or_none(expression) for expression in several))
