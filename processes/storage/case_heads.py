"""What every mention of a case shows: number, title, classification, institution.

Owns two questions, each by the id of the case or of the instance that owns it. Asked by mails and
by rights on tasks; screens ask their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal, null, or_, select

from engine.storage.hot import Hot
from engine.storage.types import ID
from processes.storage.follow_up import follow_up
from processes.storage.people import institution
from processes.storage.register import recommendation, recommendation_institution
from processes.vocabulary import OWING_ROLES


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case in short; institution, verdict and round belong to a follow-up."""

    recommendation_id: UUID
    follow_up_id: UUID | None
    number: str | None
    title: str
    classification: str
    institution: str | None
    institution_name: str | None
    verdict: str | None
    status: str
    recommendation_status: str
    round: int

    @property
    def path(self) -> str:
        """The page of the case, from the root of the site."""
        if self.follow_up_id is not None:
            return f"/follow-ups/{self.follow_up_id}"
        return f"/recommendations/{self.recommendation_id}"


_RECOMMENDATION = (recommendation.c.number, recommendation.c.title, recommendation.c.classification)


_follow_up = (
    select(
        recommendation.c.id,
        follow_up.c.id.label("follow_up_id"),
        *_RECOMMENDATION,
        follow_up.c.institution,
        institution.c.short_name,
        follow_up.c.verdict,
        follow_up.c.status.label("own_status"),
        recommendation.c.status,
        follow_up.c.round,
    )
    .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
    .join(institution, institution.c.code == follow_up.c.institution)
)
_recommendation = select(
    recommendation.c.id,
    null().label("follow_up_id"),
    *_RECOMMENDATION,
    null().label("institution"),
    null().label("short_name"),
    null().label("verdict"),
    recommendation.c.status.label("own_status"),
    recommendation.c.status,
    literal(1).label("round"),
)
_by_id = bindparam("id", type_=ID)
_OF_FOLLOW_UP = Hot(_follow_up.where(follow_up.c.id == _by_id))
_OF_RECOMMENDATION = Hot(_recommendation.where(recommendation.c.id == _by_id))
_OF_INSTANCE = {
    "follow_up": Hot(_follow_up.where(follow_up.c.instance_id == _by_id)),
    "recommendation": Hot(_recommendation.where(recommendation.c.instance_id == _by_id)),
}


def of_follow_up(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a follow-up."""
    return _head(_OF_FOLLOW_UP, connection, id)


def of_recommendation(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a recommendation."""
    return _head(_OF_RECOMMENDATION, connection, id)


def of_instance(connection: Connection, process_key: str, instance_id: UUID) -> CaseHead | None:
    """The head of the case that an instance owns, whatever its business key says; None if it owns
    none."""
    question = _OF_INSTANCE.get(process_key)
    return None if question is None else _head(question, connection, instance_id)


def _head(question: Hot, connection: Connection, id: UUID) -> CaseHead | None:
    row = question.one(connection, {"id": id})
    return None if row is None else CaseHead(*row)


def institutions_of(connection: Connection, head: CaseHead) -> list[str]:
    """The codes of the institutions a case belongs to by now: that of a follow-up; of a
    recommendation those asked for comments once it is registered, and those it is sent to for
    information once it is issued."""
    if head.institution is not None:
        return [head.institution]
    return addressed(connection, head.recommendation_id)


def addressed(connection: Connection, recommendation_id: UUID) -> list[str]:
    """The same of a recommendation."""
    table = recommendation_institution
    rows = connection.execute(
        select(table.c.institution)
        .join(recommendation, recommendation.c.id == table.c.recommendation_id)
        .where(
            table.c.recommendation_id == recommendation_id,
            recommendation.c.registered_at.is_not(None),
            or_(recommendation.c.issued_at.is_not(None), table.c.role.in_(OWING_ROLES)),
        )
    )
    return list(rows.scalars())
