"""Changes of the institutions of an issued recommendation: which one waits, and its decision.

Owns the statements on `recipients_change` besides adding one. Knows neither readers nor rules.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, update

from processes.storage.cases.recommendation_detail import RecipientsChange, recipients_changes
from processes.storage.tables.recommendations import recipients_change

_WAITS = and_(recipients_change.c.approved.is_(None), recipients_change.c.lapsed_at.is_(None))


def pending(connection: Connection, recommendation_id: UUID) -> RecipientsChange | None:
    """The change that is not decided yet."""
    return _last(connection, _of(recommendation_id), _WAITS)


def approved_last(connection: Connection, recommendation_id: UUID) -> RecipientsChange | None:
    """The change that was approved last."""
    return _last(connection, _of(recommendation_id), recipients_change.c.approved)


def of_institution(
    connection: Connection, recommendation_id: UUID, code: str
) -> tuple[RecipientsChange | None, RecipientsChange | None]:
    """The change that added an institution, and the one that took it out."""
    made = recipients_changes.where(
        connection, and_(_of(recommendation_id), recipients_change.c.approved)
    )
    joined = (one for one in made if any(row["institution"] == code for row in one.added))
    left = (one for one in made if code in one.taken_out)
    return next(joined, None), next(left, None)


def decide(
    connection: Connection,
    change_id: UUID,
    *,
    approved: bool,
    reason: str | None,
    at: datetime,
    by: str | None,
) -> None:
    """Write the decision beside the proposal."""
    connection.execute(
        update(recipients_change)
        .where(recipients_change.c.id == change_id)
        .values(approved=approved, decision_reason=reason, at=at, by=by)
    )


def lapse(connection: Connection, change_id: UUID, at: datetime) -> None:
    """End a change that waits: its recommendation has ended."""
    connection.execute(
        update(recipients_change).where(recipients_change.c.id == change_id).values(lapsed_at=at)
    )


def _of(recommendation_id: UUID) -> ColumnElement[bool]:
    return recipients_change.c.recommendation_id == recommendation_id


def _last(connection: Connection, *having: ColumnElement[bool]) -> RecipientsChange | None:
    found = recipients_changes.where(connection, and_(*having))
    return found[-1] if found else None
