"""The facts of a follow-up that its model reads, in one question by key.

Owns that question: it runs in every step, so nothing is joined that no expression asks for.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from engine.storage.hot import Hot
from engine.storage.types import ID
from processes.storage.follow_up import follow_up
from processes.storage.register import recommendation

_NAMES = (
    "deadline",
    "rework_deadline",
    "institution",
    "role",
    "recommendation_id",
    "cycle",
    "priority",
    "classification",
    "number",
)
_FACTS = Hot(
    select(
        follow_up.c.deadline,
        follow_up.c.rework_deadline,
        follow_up.c.institution,
        follow_up.c.role,
        follow_up.c.recommendation_id,
        recommendation.c.cycle,
        recommendation.c.priority,
        recommendation.c.classification,
        recommendation.c.number,
    )
    .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
    .where(follow_up.c.id == bindparam("id", type_=ID))
)


def of_follow_up(connection: Connection, id: UUID) -> dict[str, Any] | None:
    """name -> value; the recommendation's id as text, as a correlation key is."""
    row = _FACTS.one(connection, {"id": id})
    if row is None:
        return None
    facts = dict(zip(_NAMES, row, strict=True))
    return {**facts, "recommendation_id": str(facts["recommendation_id"])}
