"""One follow-up as people read it: the case in full, and the receipt of a report.

Every question takes the `Scope`. Changes nothing: the handlers of a case write its facts, and
`processes.cases.follow_up_acts` writes the few that no element records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.records.history import Event
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.cases import instances
from engine.time.calendar import Calendar, Timing
from processes.cases.follow_up_list import timing_of
from processes.cases.follow_up_times import Late, Moved, late_of, moves_of
from processes.cases.timeline import Facts, TimelineEntry, timeline
from processes.cases.written import written
from processes.days.calendars import calendar_of
from processes.notices import tellings
from processes.register.states import ENDED, Reply
from processes.rights.access import Scope, may, relations_to_case
from processes.storage.cases import follow_up_detail, follow_up_rows, matrix_rows, past
from processes.storage.cases.follow_up_detail import (
    Activity,
    Decision,
    Escalation,
    Evaluation,
    Exchange,
    Extension,
    Progress,
    Statement,
)
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.matrix_rows import Cell
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.cases.record import Record
from processes.storage.files import evidence
from processes.storage.files.evidence import Evidence
from processes.storage.notices.mail_rows import Mail
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.storage.people import institutions, successions, users
from processes.storage.tables.reports import Report
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask


@dataclass(frozen=True, slots=True)
class Work:
    """The documents and decisions of one follow-up for its reader. A report classified above the
    reader's clearance is left out, with its files and evaluation. `relations`: the reader's
    relations to the follow-up, for `allows`; `people`: username -> name of everybody in it.
    """

    case: FollowUp
    recommendation: Recommendation
    relations: frozenset[str]
    exchanges: Sequence[Exchange]
    plan: Sequence[Activity]
    progress: Sequence[Progress]
    reports: Sequence[Report]
    evaluations: Sequence[Evaluation]
    decisions: Sequence[Decision]
    extensions: Sequence[Extension]
    statements: Sequence[Statement]
    evidence: Sequence[Evidence]
    people: Mapping[str, str]

    @property
    def text(self) -> str:
        """What this institution is asked: the text changed for it, else the final one."""
        changed = [one.changed_text for one in self.exchanges if one.result == Reply.CHANGED]
        return next(
            (text for text in reversed(changed) if text),
            self.recommendation.final_text or self.recommendation.text,
        )

    @property
    def pending_extension(self) -> Extension | None:
        """The request that waits for a decision."""
        waiting = [one for one in self.extensions if one.decision is None]
        return waiting[-1] if waiting and self.case.status not in ENDED else None


@dataclass(frozen=True, slots=True)
class Detail(Work):
    """One follow-up in full. `calendar`: the working days of its institution; `events`: the steps
    of its instance, oldest first; `moves`: of its deadline, oldest first; `late`: its late tasks,
    the one whose level stands first."""

    calendar: Calendar
    cell: Cell
    tasks: Sequence[OpenTask]
    timing: Timing | None
    moves: Sequence[Moved]
    late: Sequence[Late]
    reminders: Sequence[ReminderLetter]
    timeline: Sequence[TimelineEntry]
    events: Sequence[Event]


def work(connection: Connection, scope: Scope, id: UUID) -> Work:
    """The documents and decisions of one follow-up, without its events: three statements. Raises
    `NotFound`."""
    case, recommendation, relations = readable(connection, scope, id)
    record = follow_up_detail.WRITTEN.of_one(connection, id)
    found = _work(case, recommendation, relations, record, scope)
    return replace(found, people=users.names_of(connection, _authors(found)))


def detail(
    connection: Connection,
    scope: Scope,
    id: UUID,
    now: datetime,
    names: Mapping[str, str] | None = None,
) -> Detail:
    """One follow-up in full. `names`: element id -> name on its diagram. Raises `NotFound`."""
    case, recommendation, relations = readable(connection, scope, id)
    return whole(connection, scope, (case, recommendation, relations), now, names or {})


def whole(
    connection: Connection, scope: Scope, found: Found, now: datetime, names: Mapping[str, str]
) -> Detail:
    """The same of a follow-up that `readable` has found: at most ten questions in all."""
    case = found[0]
    record = follow_up_detail.WHOLE.of_one(connection, case.id)
    written = _work(*found, record, scope)
    tasks = task_rows.of_instances(connection, [case.instance_id])
    events = instances.events(connection, case.instance_id)
    mails = record.of(Mail, case.id)
    named = _authors(written) | _named(events, mails, tasks)
    people = users.names_of(connection, named)
    reminders = _reminders(record, scope, case.id)
    escalated = record.of(Escalation, case.id)
    calendar = calendar_of(connection, case.institution)
    facts = Facts(
        issued_at=case.issued_at,
        issued_by=written.recommendation.issued_by,
        closed_at=case.closed_at,
        status=case.status,
        group=case.group,
        exchanges=written.exchanges,
        plan=record.of(Activity, case.id),
        progress=written.progress,
        reports=written.reports,
        evaluations=written.evaluations,
        extensions=written.extensions,
        statements=written.statements,
        decisions=written.decisions,
        escalations=escalated,
        evidence=written.evidence,
        mails=mails,
        reminders=reminders,
        events=events,
        names=names,
        people=people,
        told=tellings.of(connection, escalated),
    )
    values = {field.name: getattr(written, field.name) for field in fields(Work)}
    return Detail(
        **{**values, "people": people},
        calendar=calendar,
        cell=matrix_rows.of_follow_up(connection, case.id),
        tasks=tasks,
        timing=timing_of(tasks[0], calendar, now) if tasks else None,
        moves=moves_of(past.follow_up_then(connection, case.id)),
        late=late_of(tasks, escalated, calendar, now),
        reminders=reminders,
        timeline=timeline(facts),
        events=events,
    )


def _work(
    case: FollowUp,
    recommendation: Recommendation,
    relations: frozenset[str],
    record: Record,
    scope: Scope,
) -> Work:
    handed_in = written(record, scope, case.id)
    plan = record.of(Activity, case.id)
    newest = max((row.version for row in plan), default=0)
    return Work(
        case=case,
        recommendation=recommendation,
        relations=relations,
        exchanges=record.of(Exchange, case.id),
        plan=[row for row in plan if row.version == newest],
        progress=record.of(Progress, case.id),
        reports=handed_in.reports,
        evaluations=handed_in.evaluations,
        decisions=record.of(Decision, case.id),
        extensions=record.of(Extension, case.id),
        statements=record.of(Statement, case.id),
        evidence=handed_in.evidence,
        people={},
    )


def _reminders(record: Record, scope: Scope, id: UUID) -> list[ReminderLetter]:
    """Letters to the institution; only the ministry reads drafts."""
    found = record.of(ReminderLetter, id)
    return [one for one in found if scope.oversees or one.sent_at is not None]


def _authors(found: Work) -> set[str]:
    """Usernames of the authors of the shown texts, answers and decisions."""
    facts = (
        *found.exchanges, *found.progress, *found.evaluations, *found.decisions,
        *found.extensions, *found.reports, *found.statements,
    )  # fmt: skip
    names = ("by", "replied_by", "requested_by", "decided_by")
    return {name for fact in facts for field in names if (name := getattr(fact, field, None))}


def _named(events: Sequence[Event], mails: Sequence[Mail], tasks: Sequence[OpenTask]) -> set[str]:
    """Usernames of the other people: authors of events, recipients of mails, holders of tasks."""
    usernames = {event.by for event in events}
    usernames |= {str(event.details["to"]) for event in events if event.kind == "assign"}
    usernames |= {mail.to_user for mail in mails} | {task.assignee for task in tasks}
    return {name for name in usernames if name}


Found = tuple[FollowUp, Recommendation, frozenset[str]]
"""A follow-up, its recommendation, and the reader's relations to it."""


def readable(connection: Connection, scope: Scope, id: UUID, act: str = "read_case") -> Found:
    """A follow-up on which the user may do `act`. Raises `NotFound`, `Forbidden`."""
    found = follow_up_rows.with_recommendation(connection, id)
    if found is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    case, recommendation = found
    had = successions.had(connection, id, scope.succeeded) if scope.succeeded else ()
    secrecy = recommendation.classification
    relations = relations_to_case(scope, [case.institution], secrecy, had)
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
    code = successions.holder_at(connection, case.id, case.institution, report.at)
    sender = institutions.by_code(connection, code)
    return Receipt(report, case, recommendation, mine, sender.name if sender else code)
