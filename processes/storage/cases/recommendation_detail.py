"""All facts of the register about one recommendation, each as a value.

Owns the shape of each fact, for writing and reading, and the questions for all of them. The caller
has checked the rights; the handlers own the rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Text, case, func, select

from processes.register.states import MeetingState, OverallDecision
from processes.register.vocabulary import Classification, Stance
from processes.storage.cases.follow_up_detail import Decision, Remaining
from processes.storage.cases.record import Question, Source
from processes.storage.facts import Facts
from processes.storage.notices.mail_rows import Mail
from processes.storage.tables.meetings import meeting, meeting_recommendation
from processes.storage.tables.notices import mail
from processes.storage.tables.recommendations import (
    comment,
    compilation,
    decision,
    overall_evaluation,
    recipients_change,
    remaining,
)


@dataclass(frozen=True, slots=True)
class Comment:
    """An institution's comment on the draft, and the coordinator's answer."""

    id: UUID
    recommendation_id: UUID
    round: int
    institution: str
    stance: Stance
    notes: str | None
    proposed_change: str | None
    at: datetime
    by: str | None
    accepted: bool | None = None
    reason: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class RecipientsChange:
    """A change of institutions after the issue. `added`: rows of institution, role and deadline,
    which a copy has none of; `taken_out`: codes; `approved` None: not decided; `lapsed_at`: when
    the recommendation ended before that."""

    id: UUID
    recommendation_id: UUID
    added: list[dict[str, Any]]
    taken_out: list[str]
    letter_number: str
    reason: str
    proposed_at: datetime
    proposed_by: str | None
    approved: bool | None = None
    decision_reason: str | None = None
    at: datetime | None = None
    by: str | None = None
    lapsed_at: datetime | None = None

    @property
    def institutions(self) -> set[str]:
        """Codes of all institutions that it names."""
        return {*self.taken_out, *(one["institution"] for one in self.added)}

    @property
    def is_pending(self) -> bool:
        """Whether a supervisor still has to decide."""
        return self.approved is None and self.lapsed_at is None


@dataclass(frozen=True, slots=True)
class OverallEvaluation:
    """The conclusion from all follow-ups, and the next step."""

    id: UUID
    recommendation_id: UUID
    conclusion: str
    achievement: str
    obstacles: str | None
    decision: OverallDecision
    new_deadline: date | None
    remaining_treatment: str | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Compilation:
    """The matrix when an overall evaluation began: see `matrix_rows.Cell.snapshot`."""

    id: UUID
    recommendation_id: UUID
    matrix: list[dict[str, Any]]
    at: datetime


BEGINNING: Final = 3_000
"""So many characters of minutes stand beside a form; their own page has the rest."""


@dataclass(frozen=True, slots=True)
class Covering:
    """A rakor that covers a recommendation. `beginning`: of its minutes, one character more than
    `BEGINNING` where there is more. `attendance`, `minutes`, `created_by`: of one that was recorded
    in the case of this recommendation; those of others are about many, and stand on their page."""

    id: UUID
    recommendation_id: UUID
    number: str | None
    title: str
    classification: Classification
    state: MeetingState
    held_on: date | None
    place: str | None
    chair: str | None
    invitation: str | None
    agreed_in_words: list[dict[str, str | None]] | None
    minutes_at: datetime | None
    beginning: str | None
    attendance: str | None
    minutes: str | None
    created_by: str | None


def _if_recorded(column: Column[Any]) -> ColumnElement[Any]:
    recorded = meeting.c.state == MeetingState.RECORDED
    return case((recorded, column)).label(column.name)


_OF_RAKOR = (
    meeting.c.id,
    meeting_recommendation.c.recommendation_id,
    *(meeting.c[name] for name in list(Covering.__slots__)[2:-4]),
    func.substr(meeting.c.minutes, 1, BEGINNING + 1, type_=Text).label("beginning"),
    *(_if_recorded(meeting.c[name]) for name in list(Covering.__slots__)[-3:]),
)
_covering = (
    select(*_OF_RAKOR)
    .join(meeting_recommendation, meeting_recommendation.c.meeting_id == meeting.c.id)
    .subquery("covering")
)
"""All of them, for a question that is about one recommendation."""


def covering(
    connection: Connection, visible: ColumnElement[bool], recommendation_id: UUID
) -> list[Covering]:
    """Every visible rakor that covers a recommendation, oldest first."""
    table = meeting_recommendation
    rows = connection.execute(
        select(*_OF_RAKOR)
        .join(table, table.c.meeting_id == meeting.c.id)
        .where(table.c.recommendation_id == recommendation_id, visible)
        .order_by(meeting.c.id)
    )
    return [Covering(*row) for row in rows]


comments = Facts(comment, comment.c.recommendation_id, Comment)
evaluations = Facts(overall_evaluation, overall_evaluation.c.recommendation_id, OverallEvaluation)
compilations = Facts(compilation, compilation.c.recommendation_id, Compilation)
recipients_changes = Facts(
    recipients_change, recipients_change.c.recommendation_id, RecipientsChange
)
decisions = Facts(decision, decision.c.recommendation_id, Decision)

_WRITTEN = (
    Source(Comment, comment.c.recommendation_id),
    Source(Decision, decision.c.recommendation_id),
    Source(OverallEvaluation, overall_evaluation.c.recommendation_id),
    Source(Remaining, remaining.c.recommendation_id),
    Source(RecipientsChange, recipients_change.c.recommendation_id),
)
WRITTEN = Question(*_WRITTEN)
"""People's comments, decisions and conclusions."""
DISCUSSED = Question(*_WRITTEN, Source(Covering, _covering.c.recommendation_id))
"""The same, with every rakor about it, for readers inside the ministry."""
WHOLE = Question(
    *_WRITTEN,
    Source(Compilation, compilation.c.recommendation_id),
    Source(Mail, mail.c.recommendation_id, mail.c.follow_up_id.is_(None)),
    Source(Covering, _covering.c.recommendation_id),
)
"""All facts, for readers inside the ministry."""
