"""Proposals to withdraw a recommendation, and what was decided of them.

Owns the statements on these rows of `decision` besides adding one. Knows neither readers nor rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, update

from processes.register.states import DecisionKind
from processes.storage.facts import newest
from processes.storage.tables.recommendations import decision


def pending(connection: Connection, id: UUID) -> UUID | None:
    """The proposal to withdraw a recommendation that is not decided yet."""
    return newest(
        connection,
        decision,
        decision.c.recommendation_id == id,
        decision.c.kind == DecisionKind.WITHDRAWAL,
        decision.c.approved.is_(None),
        decision.c.lapsed_at.is_(None),
    )


def lapse(connection: Connection, decision_id: UUID, at: datetime) -> str | None:
    """Note that a proposal was not decided in time; return who made it."""
    mine = decision.c.id == decision_id
    connection.execute(update(decision).where(mine).values(lapsed_at=at))
    return connection.scalar(select(decision.c.proposed_by).where(mine))


def decide(
    connection: Connection,
    decision_id: UUID,
    *,
    approved: bool,
    reason: str,
    letter_number: str | None,
    at: datetime,
    by: str | None,
) -> str | None:
    """Write the decision beside the proposal; return who made that."""
    mine = decision.c.id == decision_id
    connection.execute(
        update(decision)
        .where(mine)
        .values(approved=approved, reason=reason, letter_number=letter_number, at=at, by=by)
    )
    return connection.scalar(select(decision.c.proposed_by).where(mine))


@dataclass(frozen=True, slots=True)
class Revoked:
    """Why a whole recommendation was withdrawn, and by which letter, if there was one."""

    reason: str
    letter_number: str | None


def revoked(connection: Connection, id: UUID) -> Revoked | None:
    """The decision that withdrew a recommendation."""
    row = connection.execute(
        select(decision.c.reason, decision.c.letter_number)
        .where(
            decision.c.recommendation_id == id,
            decision.c.kind == DecisionKind.WITHDRAWAL,
            decision.c.follow_up_id.is_(None),
            decision.c.approved,
        )
        .order_by(decision.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Revoked(row.reason or "", row.letter_number)


def of(connection: Connection, id: UUID) -> dict[str, str]:
    """The same in the words of the message to the follow-ups."""
    found = revoked(connection, id)
    if found is None:
        return {"reason": "", "letter_number": ""}
    return {"reason": found.reason, "letter_number": found.letter_number or ""}
