"""One follow-up as people read it: the case in full.

Every question takes the `Scope`. Changes nothing: the handlers of a case write its facts, and
`processes.cases.follow_up.follow_up_acts` writes the few that no element records.
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
from processes.cases import carried, standing_in
from processes.cases.carried import Former
from processes.cases.follow_up.follow_up_list import timing_of
from processes.cases.follow_up.follow_up_times import Late, Moved, late_of, moves_of
from processes.cases.timeline import Facts, TimelineEntry, timeline
from processes.cases.written import Handed, HandedProgress, written
from processes.days.calendars import calendar_of
from processes.notices import tellings
from processes.register.states import ENDED, DecisionKind, RecommendationState, Reply, Stage
from processes.rights import groups
from processes.rights.access import Scope, may, relations_to_case
from processes.storage.cases import (
    follow_up_detail,
    follow_up_rows,
    past,
    recipients_change_rows,
    withdrawal_rows,
)
from processes.storage.cases.follow_up_detail import (
    Activity,
    Decision,
    Escalation,
    Evaluation,
    Exchange,
    Extension,
    Progress,
    Remaining,
    Statement,
)
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.lists import matrix_rows
from processes.storage.cases.lists.matrix_rows import Cell
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation
from processes.storage.cases.recommendation_detail import RecipientsChange
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.cases.record import Record
from processes.storage.cases.withdrawal_rows import Revoked
from processes.storage.files.evidence import Evidence
from processes.storage.notices.mail_rows import Mail
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.storage.people import successions, users
from processes.storage.tables.releases import CaseRelease
from processes.storage.tables.reports import Report
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask


@dataclass(frozen=True, slots=True)
class Work:
    """The documents and decisions of one follow-up for its reader. Of a report classified above the
    reader's clearance only that it was `handed_in` is known. `earlier_plans`: the versions of the
    action plan before the newest, the latest first; `relations`: the reader's relations to the
    follow-up, for `allows`; `people`: username -> name of everybody in it.
    """

    case: FollowUp
    recommendation: Recommendation
    relations: frozenset[str]
    exchanges: Sequence[Exchange]
    plan: Sequence[Activity]
    earlier_plans: Sequence[Sequence[Activity]]
    progress: Sequence[Progress]
    handed_in: Sequence[Handed]
    on_progress: Sequence[HandedProgress]
    evaluations: Sequence[Evaluation]
    decisions: Sequence[Decision]
    extensions: Sequence[Extension]
    statements: Sequence[Statement]
    evidence: Sequence[Evidence]
    remaining: Sequence[Remaining]
    unsent: Report | None
    """A report that waits for the institution's head to release it: for its own people."""
    people: Mapping[str, str]

    @property
    def settled(self) -> Remaining | None:
        """What the supervisor agreed to when the recommendation ended over this follow-up."""
        agreed = [one for one in self.remaining if one.approved_at is not None]
        return agreed[-1] if agreed else None

    @property
    def withdrawal(self) -> Decision | None:
        """The supervisor's decision to withdraw this follow-up alone."""
        found = [one for one in self.decisions if one.kind is DecisionKind.WITHDRAWAL]
        return found[-1] if found else None

    @property
    def text(self) -> str:
        """What this institution is asked: the text changed for it, else the final one."""
        changed = [one.changed_text for one in self.exchanges if one.result == Reply.CHANGED]
        return next(
            (text for text in reversed(changed) if text),
            self.recommendation.final_text or self.recommendation.text,
        )

    @property
    def reports(self) -> Sequence[Report]:
        """The reports that the reader may read, oldest first, those taken back included."""
        return [one.report for one in self.handed_in if one.report is not None]

    @property
    def newest(self) -> Handed | None:
        """The report that counts: the newest, unless it was taken back."""
        last = self.handed_in[-1] if self.handed_in else None
        return last if last is not None and last.counts else None

    @property
    def unread(self) -> Handed | None:
        """The report that counts, if it is classified above the reader's clearance."""
        return self.newest if self.newest is not None and self.newest.report is None else None

    @property
    def pending_extension(self) -> Extension | None:
        """The request that waits for a decision."""
        waiting = [one for one in self.extensions if one.decision is None]
        return waiting[-1] if waiting and self.case.status not in ENDED else None


@dataclass(frozen=True, slots=True)
class Detail(Work):
    """One follow-up in full. `calendar`: the working days of its institution; `events`: the steps
    of its instance, oldest first; `moves`: of its deadline, oldest first; `late`: its late tasks,
    the one whose level stands first; `left`: the change that took its institution out;
    `revoked`: the decision that withdrew the whole recommendation; `former`: what it goes on from;
    `following`: the recommendation into which it is or was carried over."""

    calendar: Calendar
    cell: Cell
    tasks: Sequence[OpenTask]
    timing: Timing | None
    moves: Sequence[Moved]
    late: Sequence[Late]
    reminders: Sequence[ReminderLetter]
    timeline: Sequence[TimelineEntry]
    events: Sequence[Event]
    left: RecipientsChange | None
    revoked: Revoked | None
    former: Sequence[Former]
    following: ListedRecommendation | None


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
    releases = _releases(record, written.relations, scope, case.id)
    named = _authors(written) | _named(events, mails, tasks)
    unsent = _written_inside(record, written.relations, scope, case.id)
    named |= {name for one in unsent for name in (one.by, one.replaced_by) if name}
    named |= {one.by for one in releases if one.by}
    people = users.names_of(connection, named)
    reminders = _reminders(record, scope, case.id)
    escalated = record.of(Escalation, case.id)
    calendar = calendar_of(connection, case.institution)
    joined, left = recipients_change_rows.of_institution(
        connection, case.recommendation_id, case.institution
    )
    revoked = _revoked(connection, written)
    facts = Facts(
        issued_at=case.issued_at,
        issued_by=joined.by if joined else written.recommendation.issued_by,
        joined=joined,
        left=left,
        revoked=revoked,
        closed_at=case.closed_at,
        status=case.status,
        group=case.group,
        exchanges=written.exchanges,
        plan=record.of(Activity, case.id),
        progress=written.progress,
        handed_in=written.handed_in,
        on_progress=written.on_progress,
        unsent=unsent,
        releases=releases,
        heads=groups.of_heads(case.institution),
        evaluations=written.evaluations,
        extensions=written.extensions,
        statements=written.statements,
        decisions=written.decisions,
        settled=written.settled,
        left_to_finish_at=case.left_to_finish_at,
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
        timeline=standing_in.signed(connection, timeline(facts)),
        events=events,
        left=left,
        revoked=revoked,
        former=carried.into_follow_up(connection, scope, case.id)
        if written.recommendation.predecessor_id
        else [],
        following=carried.next_of(connection, scope, case),
    )


def _revoked(connection: Connection, found: Work) -> Revoked | None:
    """Why it ended with the whole recommendation, if it did."""
    whole_too = found.recommendation.status is RecommendationState.WITHDRAWN
    if found.case.status is not Stage.WITHDRAWN or not whole_too:
        return None
    return withdrawal_rows.revoked(connection, found.recommendation.id)


def _work(
    case: FollowUp,
    recommendation: Recommendation,
    relations: frozenset[str],
    record: Record,
    scope: Scope,
) -> Work:
    handed_in = written(record, scope, case.id)
    plan = record.of(Activity, case.id)
    newest, *earlier = _versions(plan) or [[]]
    return Work(
        case=case,
        recommendation=recommendation,
        relations=relations,
        exchanges=record.of(Exchange, case.id),
        plan=newest,
        earlier_plans=earlier,
        progress=record.of(Progress, case.id),
        handed_in=handed_in.handed_in,
        on_progress=handed_in.on_progress,
        evaluations=handed_in.evaluations,
        decisions=record.of(Decision, case.id),
        extensions=record.of(Extension, case.id),
        statements=record.of(Statement, case.id),
        evidence=handed_in.evidence,
        remaining=record.of(Remaining, case.id),
        unsent=_unsent(record, relations, scope, case.id),
        people={},
    )


def _is_own(relations: frozenset[str]) -> bool:
    """Whether the reader works for the institution of the follow-up."""
    return not relations.isdisjoint({"contact", "head"})


def _written_inside(
    record: Record, relations: frozenset[str], scope: Scope, id: UUID
) -> list[Report]:
    """The reports that were not handed in as they were sent, for people of their institution."""
    found = record.of(Report, id) if _is_own(relations) else []
    cleared = scope.cleared_for
    return [one for one in found if one.handed_in_at != one.at and one.classification in cleared]


def _releases(
    record: Record, relations: frozenset[str], scope: Scope, id: UUID
) -> list[CaseRelease]:
    """What the head answered. That a report was sent back is known inside the institution alone,
    and why to whoever is cleared for the report."""
    found = [one for one in record.of(CaseRelease, id) if one.released or _is_own(relations)]
    return [
        one if one.classification in scope.cleared_for else replace(one, notes=None)
        for one in found
    ]


def _unsent(record: Record, relations: frozenset[str], scope: Scope, id: UUID) -> Report | None:
    if not _is_own(relations):
        return None
    written = record.of(Report, id)
    last = written[-1] if written else None
    if last is None or last.handed_in or last.replaced_at is not None:
        return None
    return last if last.classification in scope.cleared_for else None


def _versions(plan: Sequence[Activity]) -> list[list[Activity]]:
    """The versions of an action plan, the newest first, each in its order."""
    numbers = sorted({row.version for row in plan}, reverse=True)
    return [[row for row in plan if row.version == number] for number in numbers]


def _reminders(record: Record, scope: Scope, id: UUID) -> list[ReminderLetter]:
    """Letters to the institution; only the ministry reads drafts."""
    found = record.of(ReminderLetter, id)
    return [one for one in found if scope.oversees or one.sent_at is not None]


def _authors(found: Work) -> set[str]:
    """Usernames of the authors of the shown texts, answers and decisions."""
    facts = (
        *found.exchanges, *found.progress, *found.evaluations, *found.decisions,
        *found.extensions, *found.handed_in, *found.on_progress, *found.statements, *found.plan,
        *(row for version in found.earlier_plans for row in version),
    )  # fmt: skip
    names = ("by", "replied_by", "requested_by", "decided_by", "replaced_by")
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
