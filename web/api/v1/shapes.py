"""The answers of `/api/v1`, member by member: the words of the domain, times in UTC, dates as
dates.

Owns names and types; the use cases of `processes` return the values. A member without a value is
null. Working days are counted by the institution's own calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Annotated, Any, TypeVar, get_type_hints
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, WithJsonSchema, create_model
from pydantic_core import PydanticCustomError

from engine.time.calendar import Timing
from processes.register.groups import Group
from processes.register.report_requests import NotDue, ReportRequestState
from processes.register.states import MailState, RecommendationState, Stage, Treatment
from processes.register.verdicts import VERDICTS
from processes.register.vocabulary import (
    Classification,
    Cycle,
    FollowUpKind,
    OwingRole,
    Priority,
    RollupRule,
)
from processes.storage.tables import reports


def _known(verdict: str) -> str:
    if verdict not in VERDICTS:
        known = ", ".join(VERDICTS)
        raise PydanticCustomError("finding", "Input should be one of {known}", {"known": known})
    return verdict


Finding = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": list(VERDICTS)})
]
"""A verdict, or an institution's claim; the list of values is data."""


class Read(BaseModel):
    """Made from an object with members of the same names."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


S = TypeVar("S", bound=Read)


def of_fact(kind: type, *, without: Collection[str] = ()) -> Callable[[type[S]], type[S]]:
    """Give a shape the members of a stored fact that it does not name itself: a further field of
    the fact is answered without a line here."""
    members: dict[str, Any] = {
        name: (member, ...) for name, member in get_type_hints(kind).items() if name not in without
    }

    def with_members(shape: type[S]) -> type[S]:
        more = {name: member for name, member in members.items() if name not in shape.model_fields}
        return create_model(
            shape.__name__,
            __base__=shape,
            __doc__=shape.__doc__,
            __module__=shape.__module__,
            **more,
        )

    return with_members


def standing_in_time(timing: Timing | None) -> dict[str, object]:
    """The two members that say how something stands to its deadline. Both are needed: over a
    weekend what is late is so by no working day."""
    if timing is None:
        return {"overdue_working_days": None, "late": False}
    return {"overdue_working_days": timing.overdue, "late": timing.late}


class FollowUpBrief(Read):
    """One institution's position on one recommendation; `id` is that of its follow-up; `group`: how
    far it came, each position is in exactly one; `treatment`: what was decided when its
    recommendation ended over it."""

    id: UUID
    institution: str
    short_name: str
    role: OwingRole
    kind: FollowUpKind | None
    status: Stage
    status_since: datetime
    round: int
    deadline: date
    rework_deadline: date | None
    claimed_status: Finding | None
    claimed_percent: int | None
    claimed_at: datetime | None
    verdict: Finding | None
    verdict_at: datetime | None
    closed_at: datetime | None
    treatment: Treatment | None
    group: Group
    level: int | None
    level_name: str | None


class RecommendationListed(Read):
    """A recommendation in a list. `groups`: group -> how many follow-ups, together the `total`;
    `done` of them conform, `outstanding` of them have not ended, which a closed recommendation may
    have too; `overdue_working_days` and `late` are those of the latest one still
    open, which is `latest_institution`'s."""

    id: UUID
    number: str | None
    title: str
    status: RecommendationState
    priority: Priority
    classification: Classification
    deadline: date | None
    issued_at: datetime | None
    predecessor_id: UUID | None
    groups: dict[Group, int]
    done: int
    outstanding: int
    total: int
    overdue_working_days: int | None
    late: bool
    latest_institution: str | None
    institutions: list[FollowUpBrief]


class RecommendationPage(Read):
    """`next`: the `after` of the following page; null on the last."""

    items: list[RecommendationListed]
    next: UUID | None


class Recipient(Read):
    """An institution that a change adds; a copy for information has no deadline."""

    institution: str
    role: str
    deadline: date | None


class RecipientsChange(Read):
    """A change of institutions after the issue; `approved` null: not decided; `lapsed_at`: when the
    recommendation ended before that."""

    added: list[Recipient]
    taken_out: list[str]
    letter_number: str
    reason: str
    proposed_at: datetime
    approved: bool | None
    at: datetime | None
    lapsed_at: datetime | None


class Recommendation(RecommendationListed):
    """A recommendation in full. `text`: the draft for comments, `final_text`: the one after them;
    `round`: of comments, the present or last one; `addressed_to`: code of an institution -> its
    role; `recipients_changes`: for readers inside the ministry."""

    text: str
    final_text: str | None
    round: int
    comment_deadline: date | None
    expected_outcome: str | None
    source_meeting: str | None
    source_date: date | None
    legal_basis: str | None
    rpjmn_reference: str | None
    cycle: Cycle
    rollup_rule: RollupRule
    rollup_percent: int | None
    letter_number: str | None
    letter_date: date | None
    signatory: str | None
    created_at: datetime
    closed_at: datetime | None
    addressed_to: dict[str, str]
    recipients_changes: list[RecipientsChange]
    successors: list[UUID]


class Work(Read):
    """An open task: what is waited for, and who has it (`assignee` null: any of the groups)."""

    id: UUID
    name: str
    assignee: str | None
    candidate_groups: list[str]
    due_at: datetime | None
    held_since: datetime


class FollowUpListed(FollowUpBrief):
    """A follow-up in a list. `work`: what it waits for, null after its end."""

    recommendation_id: UUID
    number: str | None
    title: str
    classification: Classification
    priority: Priority
    overdue_working_days: int | None
    late: bool
    work: Work | None


class FollowUpPage(Read):
    """`next`: the `after` of the following page; null on the last."""

    items: list[FollowUpListed]
    next: UUID | None


class Activity(Read):
    """A row of the newest action plan."""

    position: int
    responsible_unit: str
    activity: str
    unit: str | None
    target: str | None
    due: str | None


@of_fact(reports.Report, without={"id", "follow_up_id", "receipt_at", "urgency", "classification"})
class Report(Read):
    """An official written report with its receipt."""

    claimed_status: Finding


class Handed(Read):
    """That a report was handed in, whether the caller may read it or not. `replaced_at`: when its
    institution took it back, so that it does not count any more."""

    round: int
    receipt_number: str | None
    at: datetime
    replaced_at: datetime | None
    readable: bool


class Evaluation(Read):
    """The coordinator's verdict on a report."""

    round: int
    verdict: Finding
    notes: str | None
    reason: str | None
    rework_deadline: date | None
    at: datetime
    by: str | None


class TimelineEntry(Read):
    """One thing that happened; `sentence` in the language asked for."""

    at: datetime
    by: str | None
    kind: str
    sentence: str
    text: str | None


class FollowUp(FollowUpListed):
    """A follow-up in full, its timeline newest first. `plan_version`: which version of the action
    plan is in force."""

    text: str
    contact: str | None
    issued_at: datetime
    plan_version: int | None
    plan: list[Activity]
    reports: list[Report]
    handed_in: list[Handed]
    evaluations: list[Evaluation]
    timeline: list[TimelineEntry]


class TakenBack(Read):
    """A report was taken back. `task`: in which the caller goes on with it, null where it is
    somebody else's; `answers`: what was handed in, for its completion; `incident`: a step failed,
    so the report counts until it is repaired."""

    task: UUID | None
    answers: dict[str, Any]
    incident: UUID | None


class Act(Read):
    """What somebody last did about it: remind, extend, assign or claim."""

    kind: str
    by: str | None
    at: datetime


class Message(Read):
    """A mail about an escalation: `state` null where none was written; `at`: when it was sent, or
    when a digest that waits goes out."""

    name: str
    state: MailState | None
    at: datetime | None


class RequestListed(Read):
    """A request for reports in a list. `unasked`: an institution reports of itself, so there is no
    letter; `states`: state -> how many institutions, together the `total`; `answered` of them have
    handed in, `open` of them still owe it."""

    id: UUID
    number: str
    unasked: bool
    letter_number: str | None
    letter_date: date | None
    subject: str
    deadline: date
    classification: Classification
    at: datetime
    by: str | None
    states: dict[ReportRequestState, int]
    total: int
    answered: int
    open: int
    overdue_working_days: int | None
    late: bool


class RequestPage(Read):
    """`next`: the `after` of the following page; null on the last."""

    items: list[RequestListed]
    next: UUID | None


class AskedAbout(Read):
    """A follow-up about which an institution is asked; `not_due`: why it owes no answer any
    more."""

    follow_up_id: UUID
    recommendation_id: UUID
    number: str | None
    title: str
    not_due: NotDue | None


class RequestLetter(Read):
    """The letter that answers a request."""

    letter_number: str
    letter_date: date
    subject: str
    signatory: str
    classification: Classification
    at: datetime
    by: str | None


class RequestPart(Read):
    """What a request came to with one institution. `due`: its own date, later than the request's
    where it was extended; `letter`: null too where the caller is not cleared for it, then the
    `receipt_number` alone tells of it; `work`: null where nothing waits."""

    id: UUID
    institution: str
    short_name: str
    state: ReportRequestState
    state_since: datetime
    due: date
    overdue_working_days: int | None
    late: bool
    about: list[AskedAbout]
    receipt_number: str | None
    letter: RequestLetter | None
    dropped_reason: str | None
    dropped_by: str | None
    work: Work | None


class Request(RequestListed):
    """A request in full, with a page of its institutions. `next`: the `after` of the following
    ones; null on the last page."""

    text: str
    institutions: list[RequestPart]
    next: UUID | None


class Escalation(Read):
    """A late task whose escalation stands; `told`: names of those it is for; `messages`: what
    became of the mail to each of them."""

    id: UUID
    level: int
    level_name: str
    fired: datetime
    told: list[str]
    messages: list[Message]
    overdue_working_days: int
    late: bool
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    number: str | None
    title: str | None
    institution: str | None
    work: Work
    last_act: Act | None


class EscalationPage(Read):
    """`next`: the `after` of the following page; null on the last."""

    items: list[Escalation]
    next: UUID | None


class Institution(Read):
    """An institution of the registry; `valid_to`: last day on which new work goes to it."""

    code: str
    name: str
    short_name: str
    kind: str
    is_kl: bool
    calendar_code: str
    valid_from: date | None
    valid_to: date | None
    successor_code: str | None


class Institutions(Read):
    """The whole registry, by short name."""

    items: list[Institution]
