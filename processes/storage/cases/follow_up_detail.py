"""All facts of the register about follow-ups, each as a value.

Owns the shape of each fact, for writing and reading, and the questions for all facts of a case. The
caller has checked the rights; the handlers own the rules.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, false, func, select

from processes.register.states import (
    DecisionKind,
    ExtensionDecision,
    Reply,
    Response,
    Treatment,
)
from processes.storage.cases.record import Question, Source
from processes.storage.facts import Facts
from processes.storage.files.evidence import Evidence, evidence
from processes.storage.notices.mail_rows import Mail
from processes.storage.notices.reminder_letters import ReminderLetter, reminder_letter
from processes.storage.tables import follow_ups as t
from processes.storage.tables.agreements import meeting_statement
from processes.storage.tables.notices import escalation, mail
from processes.storage.tables.recommendations import decision, remaining
from processes.storage.tables.releases import CaseRelease, of_letters, of_reports
from processes.storage.tables.reports import Report, report
from processes.storage.tables.written_reports import ProgressReport, progress_report


@dataclass(frozen=True, slots=True)
class Exchange:
    """An institution's answer to the acknowledgement, and the coordinator's reply."""

    id: UUID
    follow_up_id: UUID
    response: Response
    contact: str | None
    agenda_number: str | None
    received_on: date | None
    explanation: str | None
    at: datetime
    by: str | None
    reply: str | None = None
    result: Reply | None = None
    changed_text: str | None = None
    replied_at: datetime | None = None
    replied_by: str | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """A row of an action plan; the newest version counts. `reason`: why it revises the one
    before."""

    id: UUID
    follow_up_id: UUID
    version: int
    position: int
    responsible_unit: str
    activity: str
    unit: str | None
    target: str | None
    due: str | None
    at: datetime
    by: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The work done in a period."""

    id: UUID
    follow_up_id: UUID
    round: int
    percent: int
    narrative: str
    obstacles: str | None
    support_needed: str | None
    done: bool
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The coordinator's verdict on a report."""

    id: UUID
    follow_up_id: UUID
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
    follow_up_id: UUID
    requested_deadline: date
    reason: str
    letter_number: str | None
    requested_at: datetime
    requested_by: str | None
    decision: ExtensionDecision | None = None
    new_deadline: date | None = None
    decision_reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """An oral statement: shown as unconfirmed until a report comes."""

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
    """A supervisor's yes or no; None while it is only proposed. `follow_up_id`: for a decision
    about one of the recommendation's follow-ups."""

    id: UUID
    recommendation_id: UUID
    kind: DecisionKind
    follow_up_id: UUID | None = None
    proposed_reason: str | None = None
    proposed_at: datetime | None = None
    proposed_by: str | None = None
    approved: bool | None = None
    reason: str | None = None
    letter_number: str | None = None
    at: datetime | None = None
    by: str | None = None
    lapsed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remaining:
    """What an overall evaluation proposes for a follow-up that is still open. `approved_at`: when
    the supervisor agreed."""

    id: UUID
    recommendation_id: UUID
    evaluation_id: UUID
    follow_up_id: UUID
    treatment: Treatment
    reason: str
    at: datetime
    by: str | None
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Escalation:
    """One firing of a task's escalation timer. `late_seconds`: seconds between the planned time and
    the firing."""

    id: UUID
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    instance_id: UUID
    task_id: UUID
    element_id: str
    element_name: str
    level: int
    level_name: str
    due_at: datetime | None
    overdue: int
    holder: str
    planned: datetime | None
    fired: datetime
    late_seconds: int
    told: list[dict[str, Any]]
    no_recipient: bool
    ended_at: datetime | None = None
    meeting_id: UUID | None = None
    agreement_id: UUID | None = None


exchanges = Facts(t.exchange, t.exchange.c.follow_up_id, Exchange)
activities = Facts(t.plan, t.plan.c.follow_up_id, Activity)
progress = Facts(t.progress, t.progress.c.follow_up_id, Progress)
evaluations = Facts(t.evaluation, t.evaluation.c.follow_up_id, Evaluation)
extensions = Facts(t.extension, t.extension.c.follow_up_id, Extension)
statements = Facts(t.statement, t.statement.c.follow_up_id, Statement)
decisions = Facts(decision, decision.c.follow_up_id, Decision)
treatments = Facts(remaining, remaining.c.recommendation_id, Remaining)
escalations = Facts(escalation, escalation.c.instance_id, Escalation)

_WRITTEN = (
    Source(Exchange, t.exchange.c.follow_up_id),
    Source(Activity, t.plan.c.follow_up_id),
    Source(Progress, t.progress.c.follow_up_id),
    Source(Report, report.c.follow_up_id),
    Source(Evaluation, t.evaluation.c.follow_up_id),
    Source(Extension, t.extension.c.follow_up_id),
    Source(Statement, t.statement.c.follow_up_id),
    Source(Decision, decision.c.follow_up_id),
    Source(Remaining, remaining.c.follow_up_id),
    Source(Evidence, evidence.c.follow_up_id),
    Source(ProgressReport, progress_report.c.follow_up_id),
)
WRITTEN = Question(*_WRITTEN)
"""People's texts, reports and decisions."""
WHOLE = Question(
    *_WRITTEN,
    Source(Escalation, escalation.c.follow_up_id),
    Source(ReminderLetter, reminder_letter.c.follow_up_id),
    Source(Mail, mail.c.follow_up_id),
    Source(CaseRelease, of_reports.c.follow_up_id),
    Source(CaseRelease, of_letters.c.follow_up_id),
)
"""The same, with escalations, mails, and what the institution's head answered about reports."""


def statements_with_report(
    connection: Connection, ids: Collection[UUID]
) -> list[tuple[Statement, datetime | None, bool]]:
    """What was said about these follow-ups, oldest first, each with when the newest report of its
    follow-up came that was not taken back, and whether it was said on behalf of the institution."""
    newest = select(func.max(report.c.handed_in_at)).where(
        report.c.follow_up_id == t.statement.c.follow_up_id, report.c.replaced_at.is_(None)
    )
    rows = connection.execute(
        select(
            *[t.statement.c[name] for name in Statement.__slots__],
            newest.scalar_subquery(),
            func.coalesce(meeting_statement.c.on_behalf, false()),
        )
        .outerjoin(meeting_statement, meeting_statement.c.statement_id == t.statement.c.id)
        .where(t.statement.c.follow_up_id.in_(ids))
        .order_by(t.statement.c.id)
    )
    return [(Statement(*row[:-2]), row[-2], bool(row[-1])) for row in rows]
