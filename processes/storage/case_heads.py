"""What every mention of a case shows: number, title, classification, institution.

Owns two questions by key. Asked by mails and by `case_of`; screens ask their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, literal, null, select

from processes.storage.follow_up import follow_up
from processes.storage.people import institution
from processes.storage.register import recommendation


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case in short; institution and verdict belong to a follow-up."""

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

    @property
    def path(self) -> str:
        """The page of the case, from the root of the site."""
        if self.follow_up_id is not None:
            return f"/follow-ups/{self.follow_up_id}"
        return f"/recommendations/{self.recommendation_id}"


_RECOMMENDATION = (recommendation.c.number, recommendation.c.title, recommendation.c.classification)


def of_follow_up(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a follow-up."""
    row = connection.execute(
        select(
            recommendation.c.id,
            follow_up.c.id.label("follow_up_id"),
            *_RECOMMENDATION,
            follow_up.c.institution,
            institution.c.short_name,
            follow_up.c.verdict,
            follow_up.c.status.label("own_status"),
            recommendation.c.status,
        )
        .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        .join(institution, institution.c.code == follow_up.c.institution)
        .where(follow_up.c.id == id)
    ).one_or_none()
    return None if row is None else CaseHead(*row)


def of_recommendation(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a recommendation."""
    row = connection.execute(
        select(
            recommendation.c.id,
            literal(None).label("follow_up_id"),
            *_RECOMMENDATION,
            null().label("institution"),
            null().label("short_name"),
            null().label("verdict"),
            recommendation.c.status.label("own_status"),
            recommendation.c.status,
        ).where(recommendation.c.id == id)
    ).one_or_none()
    return None if row is None else CaseHead(*row)
