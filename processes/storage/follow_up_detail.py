"""Everything the register holds about follow-ups, each fact as a value.

Owns these values and the questions for all of a case. Rights are checked before anything is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, Connection, Table, func, select

from processes.storage import follow_up as t
from processes.storage.evidence import Evidence, evidence
from processes.storage.mail_rows import Mail
from processes.storage.notices import escalation, mail
from processes.storage.record import Question, Source
from processes.storage.register import decision
from processes.storage.reminder_letters import ReminderLetter, reminder_letter

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Exchange:
    """An institution's answer at acknowledging, and the coordinator's reply to it."""

    id: UUID
    response: str
    contact: str | None
    agenda_number: str | None
    received_on: date | None
    explanation: str | None
    at: datetime
    by: str | None
    reply: str | None
    result: str | None
    changed_text: str | None
    replied_at: datetime | None
    replied_by: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of an action plan; the newest version counts."""

    version: int
    position: int
    responsible_unit: str
    activity: str
    unit: str | None
    target: str | None
    due: str | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done in a period."""

    id: UUID
    round: int
    percent: int
    narrative: str
    obstacles: str | None
    support_needed: str | None
    done: bool
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """An official written report with its receipt."""

    id: UUID
    follow_up_id: UUID
    round: int
    receipt_number: str | None
    receipt_at: datetime | None
    letter_number: str
    letter_date: date
    urgency: str
    classification: str
    subject: str
    signatory: str
    summary: str
    claimed_status: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The coordinator's verdict on a report."""

    id: UUID
    report_id: UUID | None
    round: int
    verdict: str
    notes: str | None
    reason: str | None
    basis: str | None
    rework_deadline: date | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Extension:
    """A request for a later deadline, and its decision."""

    id: UUID
    requested_deadline: date
    reason: str
    letter_number: str | None
    requested_at: datetime
    requested_by: str | None
    decision: str | None
    new_deadline: date | None
    decision_reason: str | None
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said but not written: shown as unconfirmed until a report comes."""

    id: UUID
    follow_up_id: UUID
    text: str
    said_by: str
    said_on: date
    occasion: str | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A supervisor's yes or no; None while it is only proposed."""

    id: UUID
    kind: str
    proposed_reason: str | None
    proposed_at: datetime | None
    proposed_by: str | None
    approved: bool | None
    reason: str | None
    letter_number: str | None
    at: datetime | None
    by: str | None


@dataclass(frozen=True, slots=True)
class Escalation:
    """One firing of a task's escalation timer. `late_seconds`: fired after it was planned."""

    id: UUID
    task_id: UUID
    element_id: str
    element_name: str
    level: int
    level_name: str
    overdue: int
    holder: str
    planned: datetime | None
    fired: datetime
    late_seconds: int
    told: list[dict[str, Any]]
    no_recipient: bool
    ended_at: datetime | None


def facts_of(table: Table, owner: Column[Any], kind: Callable[..., T]) -> Callable[..., list[T]]:
    """The question for all rows of `table` whose `owner` is given, oldest first."""
    names = kind.__slots__  # type: ignore[attr-defined]  # every kind here is a slotted dataclass
    columns = [table.c[name] for name in names]
    order = [table.c.id]

    def ask(connection: Connection, *ids: UUID) -> list[T]:
        rows = connection.execute(select(*columns).where(owner.in_(ids)).order_by(*order))
        return [kind(*row) for row in rows]

    return ask


escalations = facts_of(escalation, escalation.c.instance_id, Escalation)

_WRITTEN = (
    Source(Exchange, t.exchange.c.follow_up_id),
    Source(Activity, t.plan.c.follow_up_id),
    Source(Progress, t.progress.c.follow_up_id),
    Source(Report, t.report.c.follow_up_id),
    Source(Evaluation, t.evaluation.c.follow_up_id),
    Source(Extension, t.extension.c.follow_up_id),
    Source(Statement, t.statement.c.follow_up_id),
    Source(Decision, decision.c.follow_up_id),
    Source(Evidence, evidence.c.follow_up_id),
)
WRITTEN = Question(*_WRITTEN)
"""What people wrote, handed in and decided."""
WHOLE = Question(
    *_WRITTEN,
    Source(Escalation, escalation.c.follow_up_id),
    Source(ReminderLetter, reminder_letter.c.follow_up_id),
    Source(Mail, mail.c.follow_up_id),
)
"""The same with whom it was told to."""


def statements_with_report(
    connection: Connection, ids: Collection[UUID]
) -> list[tuple[Statement, datetime | None]]:
    """What was said about these follow-ups, oldest first, each with when the newest report of its
    follow-up came."""
    newest = select(func.max(t.report.c.at)).where(
        t.report.c.follow_up_id == t.statement.c.follow_up_id
    )
    rows = connection.execute(
        select(*[t.statement.c[name] for name in Statement.__slots__], newest.scalar_subquery())
        .where(t.statement.c.follow_up_id.in_(ids))
        .order_by(t.statement.c.id)
    )
    return [(Statement(*row[:-1]), row[-1]) for row in rows]


def report_by_receipt(connection: Connection, number: str) -> Report | None:
    """The report a receipt was given for."""
    names = [t.report.c[name] for name in Report.__slots__]
    row = connection.execute(
        select(*names).where(t.report.c.receipt_number == number)
    ).one_or_none()
    return None if row is None else Report(*row)
