"""The drafts that somebody has commented on.

Owns one question. The caller passes the clause of visible recommendations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, exists, not_, select

from processes.ground.paging import Cursor
from processes.register.states import RecommendationState
from processes.register.vocabulary import Classification
from processes.storage.keyset import along, beyond
from processes.storage.tables.recommendations import comment, recommendation


@dataclass(frozen=True, slots=True)
class Commented:
    """A recommendation, and what this person said of its draft."""

    id: UUID
    number: str | None
    title: str
    status: RecommendationState
    classification: Classification
    institution: str
    stance: str
    at: datetime
    accepted: bool | None


def page(
    connection: Connection,
    visible: ColumnElement[bool],
    by: str,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[Commented]:
    """Newest recommendation first, along the index of comments by their author. Each once, with
    what they said last: somebody comments in each round, and for each of their institutions."""
    r, c, key = recommendation.c, comment.c, (comment.c.recommendation_id,)
    later = comment.alias("later").c
    said_again = exists().where(
        later.by == by, later.recommendation_id == c.recommendation_id, later.id > c.id
    )
    rows = connection.execute(
        select(r.id, r.number, r.title, r.status, r.classification)
        .add_columns(c.institution, c.stance, c.at, c.accepted)
        .join(comment, c.recommendation_id == r.id)
        .where(c.by == by, visible, not_(said_again), beyond(key, at, descending=True))
        .order_by(*along(key, at, descending=True))
        .limit(limit)
    )
    return [Commented(*row) for row in rows]
