"""One follow-up as people see it: the case in full, and the receipt of a report.

Every question takes the `Scope`. Must not change anything: facts of a case are written by its
handlers, the few that no element carries by `processes.follow_up_acts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import NotFound
from engine.history import Event
from engine.storage import instances
from engine.words import say
from processes.access import Scope, may, relations_to_case
from processes.follow_up_list import overdue_of
from processes.states import ENDED
from processes.storage import (
    evidence,
    follow_up_detail,
    follow_up_rows,
    institutions,
    mail_rows,
    matrix_rows,
    recommendation_rows,
    reminder_letters,
    task_rows,
    users,
)
from processes.storage.evidence import Evidence
from processes.storage.follow_up_detail import (
    Activity,
    Decision,
    Evaluation,
    Exchange,
    Extension,
    Progress,
    Report,
    Statement,
)
from processes.storage.follow_up_rows import FollowUp
from processes.storage.mail_rows import Mail
from processes.storage.matrix_rows import Cell
from processes.storage.recommendation_rows import Recommendation
from processes.storage.reminder_letters import ReminderLetter
from processes.storage.task_rows import OpenTask
from processes.timeline import Entry, Facts, timeline
from processes.written import written


@dataclass(frozen=True, slots=True)
class Detail:
    """One follow-up in full. `relations`: how the reader stands to it, for `allows`; `events`: the
    steps of its instance, oldest first; `people`: username -> name of everybody in it."""

    case: FollowUp
    cell: Cell
    recommendation: Recommendation
    relations: frozenset[str]
    tasks: Sequence[OpenTask]
    overdue: int | None
    exchanges: Sequence[Exchange]
    plan: Sequence[Activity]
    progress: Sequence[Progress]
    reports: Sequence[Report]
    evaluations: Sequence[Evaluation]
    decisions: Sequence[Decision]
    extensions: Sequence[Extension]
    statements: Sequence[Statement]
    evidence: Sequence[Evidence]
    reminders: Sequence[ReminderLetter]
    timeline: Sequence[Entry]
    events: Sequence[Event]
    people: Mapping[str, str]

    @property
    def text(self) -> str:
        """What this institution is asked: the text changed for it, else the final one."""
        changed = [one.changed_text for one in self.exchanges if one.result == "changed"]
        return next(
            (text for text in reversed(changed) if text),
            self.recommendation.final_text or self.recommendation.text,
        )

    @property
    def pending_extension(self) -> Extension | None:
        """The request that waits for a decision."""
        waiting = [one for one in self.extensions if one.decision is None]
        return waiting[-1] if waiting and self.case.status not in ENDED else None


def detail(
    connection: Connection,
    scope: Scope,
    id: UUID,
    now: datetime,
    names: Mapping[str, str] | None = None,
) -> Detail:
    """One follow-up. `names`: element id -> name on its diagram. Raises `NotFound`.

    A report classified above the reader's clearance is left out, with its files and evaluation.
    """
    case, recommendation, relations = readable(connection, scope, id)
    tasks = task_rows.of_instances(connection, [case.instance_id])
    handed_in = written(connection, scope, id)
    events = instances.events(connection, case.instance_id)
    mails = mail_rows.about(connection, [id])
    facts = Facts(
        issued_at=case.issued_at,
        issued_by=recommendation.issued_by,
        closed_at=case.closed_at,
        status=case.status,
        exchanges=follow_up_detail.exchanges(connection, id),
        plan=follow_up_detail.activities(connection, id),
        progress=follow_up_detail.progress(connection, id),
        reports=handed_in.reports,
        evaluations=handed_in.evaluations,
        extensions=follow_up_detail.extensions(connection, id),
        statements=follow_up_detail.statements(connection, id),
        decisions=follow_up_detail.decisions(connection, id),
        escalations=follow_up_detail.escalations(connection, case.instance_id),
        evidence=handed_in.evidence,
        mails=mails,
        reminders=_reminders(connection, scope, id),
        events=events,
        names=names or {},
        people=_people(connection, events, mails, tasks),
    )
    newest = max((row.version for row in facts.plan), default=0)
    return Detail(
        case=case,
        cell=_cell(connection, case),
        recommendation=recommendation,
        relations=relations,
        tasks=tasks,
        overdue=overdue_of(connection, tasks[0] if tasks else None, case.institution, now),
        exchanges=facts.exchanges,
        plan=[row for row in facts.plan if row.version == newest],
        progress=facts.progress,
        reports=facts.reports,
        evaluations=facts.evaluations,
        decisions=facts.decisions,
        extensions=facts.extensions,
        statements=facts.statements,
        evidence=facts.evidence,
        reminders=facts.reminders,
        timeline=timeline(facts),
        events=facts.events,
        people=facts.people,
    )


def _reminders(connection: Connection, scope: Scope, id: UUID) -> list[ReminderLetter]:
    """Letters to the institution; what is only drafted is the ministry's own business."""
    found = reminder_letters.of_follow_up(connection, id)
    return [one for one in found if scope.oversees or one.sent_at is not None]


def _people(
    connection: Connection,
    events: Sequence[Event],
    mails: Sequence[Mail],
    tasks: Sequence[OpenTask],
) -> dict[str, str]:
    """Everybody who did something, was told something or has a task, by username."""
    usernames = {event.by for event in events}
    usernames |= {str(event.details["to"]) for event in events if event.kind == "assign"}
    usernames |= {mail.to_user for mail in mails} | {task.assignee for task in tasks}
    return users.names_of(connection, [name for name in usernames if name])


def _cell(connection: Connection, case: FollowUp) -> Cell:
    found = matrix_rows.of_recommendation(connection, case.recommendation_id)
    return next(cell for cell in found if cell.id == case.id)


def readable(
    connection: Connection, scope: Scope, id: UUID, act: str = "read_case"
) -> tuple[FollowUp, Recommendation, frozenset[str]]:
    """A follow-up the asker may do `act` with. Raises `NotFound`, `Forbidden`."""
    case = follow_up_rows.find(connection, id)
    if case is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    recommendation = recommendation_rows.find(connection, case.recommendation_id)
    assert recommendation is not None, "a follow-up belongs to a recommendation"
    relations = relations_to_case(scope, [case.institution], recommendation.classification)
    may(scope, act, relations)
    return case, recommendation, relations


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a report was handed in, with its files. `institution`: full name of its sender."""

    report: Report
    case: FollowUp
    recommendation: Recommendation
    evidence: Sequence[Evidence]
    institution: str


def receipt(connection: Connection, scope: Scope, number: str) -> Receipt:
    """A receipt by its number. Raises `NotFound`."""
    report = follow_up_detail.report_by_receipt(connection, number)
    if report is None or report.classification not in scope.cleared_for:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    case, recommendation, _ = readable(connection, scope, report.follow_up_id)
    files = evidence.evidence_of(connection, case.id)
    mine = [one for one in files if one.report_id == report.id]
    sender = institutions.by_code(connection, case.institution)
    return Receipt(report, case, recommendation, mine, sender.name if sender else case.institution)
