"""Human tasks: the facts fixed when one opens, and its deadline.

Owns the record a token of a user task carries: its row id, when it opened, its deadline and every
attribute whose value depends on the data. Constants are not stored, they are read from the model.
The record is `keys.OfTask`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from engine.execution.border.flow.flow_node import constant_or_none
from engine.execution.border.tree.expressions import blaming, text_of, value_of
from engine.execution.border.tree.faults import Fault, short, shown
from engine.execution.border.tree.kernel import Token
from engine.execution.border.tree.keys import OfTask, OfToken
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
    record = token.internal_data[OfToken.TASK] = {
        OfTask.ROW: str(uuid7()),
        OfTask.CREATED: top.host.now.isoformat(),
        OfTask.ROUND: round_number,
    }
    if element.due_date is not None and (due := due_of(token)) is not None:
        record[OfTask.DUE] = due  # first: the other attributes may read it
    record.update(_attributes(token, element))


def _attributes(token: Token, element: Element) -> dict[str, object]:
    """The evaluated attributes that are no constants."""
    found: dict[str, object] = {}
    if (name := token.task_spec.library.names.get(element.id)) is not None:
        found[OfTask.NAME] = shown(text_of(token, name))
    for key, expression in (
        (OfTask.ASSIGNEE, element.assignee),
        (OfTask.PRIORITY, element.priority),
    ):
        if expression is not None and not expression.is_constant:
            found[key] = plain(element, value_of(token, expression))
    for key, several in (
        (OfTask.USERS, element.candidate_users),
        (OfTask.GROUPS, element.candidate_groups),
    ):
        if any(not expression.is_constant for expression in several):
            names = names_of(value_of(token, expression) for expression in several)
            found[key] = [short(element, name) for name in names]
    if element.follow_up_date is not None:
        found[OfTask.FOLLOW_UP] = moment_of(token, element.follow_up_date, say("follow-up date"))
    return {key: value for key, value in found.items() if value is not None}


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
            opened = datetime.fromisoformat(token.internal_data[OfToken.TASK][OfTask.CREATED])
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


def candidates(
    record: dict[str, Any], key: str, several: tuple[Expression, ...]
) -> tuple[str, ...]:
    """The stored names, or the constant names of the model."""
    if key in record:
        return tuple(record[key])
    return tuple(names_of(constant_or_none(expression) for expression in several))


def row_id(token: Token) -> UUID:
    """The id of the task's row."""
    return UUID(token.internal_data[OfToken.TASK][OfTask.ROW])
