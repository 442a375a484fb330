"""What people do with tasks: complete, take, pass on, remind, move the deadline.

Each command asks `processes.access` first and then the engine, which checks whether the act is
possible in the state the case is in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput, Conflict
from engine.incidents import Received
from engine.invisible import is_blank
from engine.storage import worklist
from engine.storage.worklist import Task
from engine.words import say
from processes import letters
from processes.access import Scope, allows, may
from processes.calendars import common_calendar
from processes.common import recipients
from processes.common.about import calendar_for, lateness_of, subject_of
from processes.inbox import task_access, task_and_access
from processes.service import Service
from processes.storage import case_heads, follow_up_rows, mail_rows, task_rows
from processes.storage.case_heads import CaseHead
from processes.storage.facts import add
from processes.storage.follow_up import extension
from processes.storage.task_rows import OpenTask
from processes.storage.users import User


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of completing a task. `incident`: it was received and waits for repair; `next`:
    what the case waits for now; `receipt_number`: of a report just handed in."""

    incident: UUID | None
    next: Sequence[OpenTask]
    receipt_number: str | None


def complete(
    service: Service,
    scope: Scope,
    task_id: UUID,
    answers: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Outcome:
    """Complete a task with the answers of its form; the same request id again changes nothing.

    Raises `NotFound`, `Forbidden`, `Conflict` (who was faster, when), `BadInput` (fields).
    """
    received = hand_in(service, scope, task_id, answers, request_id=request_id)
    with service.reading() as connection:
        task = worklist.get(connection, task_id)
        return Outcome(
            received.incident,
            task_rows.of_instances(connection, [task.instance_id]),
            _receipt(connection, task) if received.incident is None else None,
        )


def hand_in(
    service: Service,
    scope: Scope,
    task_id: UUID,
    answers: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Received:
    """The same for whoever does not ask what came of it."""
    _allowed(service, scope, task_id, "complete_task")
    return service.engine.complete(task_id, answers, scope.username, request_id=request_id)


def _receipt(connection: Connection, task: Task) -> str | None:
    """The receipt of the report this ended task handed in, if it did."""
    if task.process_key != "follow_up" or task.ended_at is None:
        return None
    head = case_heads.of_instance(connection, task.process_key, task.instance_id)
    if head is None or head.follow_up_id is None:
        return None
    return follow_up_rows.receipt_given_at(connection, head.follow_up_id, task.ended_at)


def claim(service: Service, scope: Scope, task_id: UUID) -> None:
    """Take an open task that nobody has."""
    _allowed(service, scope, task_id, "claim_task")
    service.engine.claim(task_id, scope.username)


def give_back(service: Service, scope: Scope, task_id: UUID) -> None:
    """Give a task one has taken back to everybody it was offered to."""
    task = _allowed(service, scope, task_id, "complete_task")
    if task.assignee is not None:
        service.engine.assign(task_id, None, scope.username)


def pass_on(service: Service, scope: Scope, task_id: UUID, to: str, reason: str = "") -> None:
    """Hand a task to a colleague: by whoever has it, the institution's leadership, or a
    supervisor. Only somebody it was offered to may get it, so that it stays in its institution.

    Raises `BadInput` with the field `to`.
    """
    with service.reading() as connection:
        relations = task_access(connection, scope, task_id)
        act = "delegate_task" if allows(scope, "delegate_task", relations) else "reassign_task"
        may(scope, act, relations)
        possible = colleagues(connection, scope, task_id)
    if to not in {user.username for user in possible}:
        wrong = say("Choose one of the people this task was offered to.")
        raise BadInput(say("Please correct the marked fields."), {"to": wrong})
    service.engine.assign(task_id, to, scope.username, reason)


def colleagues(connection: Connection, scope: Scope, task_id: UUID) -> list[User]:
    """To whom a task can be passed on: active people it was offered to who may read its case, by
    name. Left out is whoever has it: its assignee, or the asker who could take it. Raises
    `NotFound`."""
    task_access(connection, scope, task_id)
    task = worklist.get(connection, task_id)
    having = task.assignee or scope.username
    head = _head(connection, task)
    offered = recipients.offered_to(connection, task)
    secrecy = head.classification if head else "ordinary"
    return [
        user for user in offered if recipients.cleared(user, secrecy) and user.username != having
    ]


def extend(service: Service, scope: Scope, task_id: UUID, due: date | None, reason: str) -> None:
    """Move the deadline of an open task; of an institution's own work the follow-up's deadline
    moves along when it would come before the task's. `due` None: what was typed is no date.

    Raises `BadInput` with the fields `due` and `reason`.
    """
    task = _allowed(service, scope, task_id, "extend_deadline")
    with service.reading() as connection:
        now = service.engine.now_on(connection)
        calendar = common_calendar(connection)
    wrong = {}
    before = calendar.due_date_of(task.due_at) if task.due_at else None
    if due is None:
        wrong["due"] = say("Please write a date, for example 31/12/2026.")
    elif due <= calendar.today(now):
        wrong["due"] = say("This date must lie in the future.")
    elif before is not None and due <= before:
        wrong["due"] = say("The new deadline must be later than the present one.")
    if is_blank(reason):
        wrong["reason"] = say("Write the reason.")
    if wrong or due is None:
        raise BadInput(say("Please correct the marked fields."), wrong)
    service.engine.extend(task_id, due, reason.strip(), scope.username)
    if task.process_key == "follow_up" and _of_institution(task):
        _extend_case(service, scope, task, due, reason.strip())


def _of_institution(task: Task) -> bool:
    return any(group.startswith(recipients.INSTITUTION) for group in task.candidate_groups)


def _extend_case(service: Service, scope: Scope, task: Task, due: date, reason: str) -> None:
    """Keep the grant beside those that were asked for, and let later tasks have the date too."""

    def write(connection: Connection, at: datetime) -> None:
        head = _head(connection, task)
        case = head and head.follow_up_id and follow_up_rows.find(connection, head.follow_up_id)
        if not case or due <= case.deadline:
            return
        add(
            connection,
            extension,
            follow_up_id=case.id,
            requested_deadline=due,
            reason=reason,
            requested_at=at,
            requested_by=scope.username,
            decision="granted",
            new_deadline=due,
            decision_reason=reason,
            decided_at=at,
            decided_by=scope.username,
        )
        follow_up_rows.set_columns(connection, case.id, deadline=due, rework_deadline=None)

    service.engine.note(task.instance_id, "deadline", scope.username, {}, write)


def to_remind(connection: Connection, scope: Scope, task_id: UUID) -> list[User]:
    """Whom a reminder would reach now. Raises `NotFound`, `Forbidden`."""
    may(scope, "remind_holder", task_access(connection, scope, task_id))
    task = worklist.get(connection, task_id)
    head = _head(connection, task)
    secrecy = head.classification if head else "ordinary"
    found = recipients.of_escalation(connection, ["holder"], task, secrecy)
    return [recipient.user for recipient in found]


def remind(service: Service, scope: Scope, task_id: UUID) -> int:
    """Ask whoever has a task to act, by mail and in the history; returns how many were told.

    Raises `Conflict` when the task is not open or nobody could be told.
    """
    task = _allowed(service, scope, task_id, "remind_holder")
    if task.status != "open":
        raise Conflict(say("This task is not open any more."))
    told: list[str] = []

    def write(connection: Connection, at: datetime) -> Mapping[str, Any]:
        told[:] = _remind_all(service, connection, scope, task, at)
        return {"told": told}

    details = {"task": str(task_id), "element": task.element_id}
    service.engine.note(task.instance_id, "remind", scope.username, details, write)
    service.engine.wake()
    return len(told)


def _remind_all(
    service: Service, connection: Connection, scope: Scope, task: Task, at: datetime
) -> list[str]:
    head = _head(connection, task)
    if head is None or task.due_at is None:
        raise Conflict(say("Nobody can be reminded of a task without case or deadline."))
    people = recipients.of_escalation(connection, ["holder"], task, head.classification)
    if not people:
        raise Conflict(say("No active account has this task, so nobody can be reminded."))
    notifier = service.notifier
    late = lateness_of(connection, task, calendar_for(connection, head), at)
    about = subject_of(head, f"/tasks/{task.id}")
    letter = letters.asked_to_hurry(about, late, notifier.paper, scope.name)
    for person in people:
        mail_rows.queue(connection, notifier.put(connection, person.user, letter, head, at), at)
    return [person.user.username for person in people]


def _allowed(service: Service, scope: Scope, task_id: UUID, act: str) -> Task:
    """The task, if the asker may do `act` with it. Raises `NotFound`, `Forbidden`."""
    with service.reading() as connection:
        task, relations = task_and_access(connection, scope, task_id)
    may(scope, act, relations)
    return task


def _head(connection: Connection, task: Task) -> CaseHead | None:
    return case_heads.of_instance(connection, task.process_key, task.instance_id)
