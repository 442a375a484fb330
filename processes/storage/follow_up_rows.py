"""One follow-up row as a value, and the questions handlers ask about it.

Owns the reading and changing of `follow_up`. Knows neither who may see it nor any rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, update

from engine.storage.hot import Hot
from engine.storage.types import ID
from processes.rounds import of_claim
from processes.storage import recommendation_rows
from processes.storage.facts import newest
from processes.storage.follow_up import exchange, extension, follow_up, plan, report
from processes.storage.recommendation_rows import Recommendation
from processes.storage.register import recommendation
from processes.vocabulary import ENDED


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The columns of `follow_up`; `deadline` is met until 24.00 of that day."""

    id: UUID
    recommendation_id: UUID
    institution: str
    role: str
    instance_id: UUID
    kind: str | None
    status: str
    status_since: datetime
    round: int
    deadline: date
    rework_deadline: date | None
    contact: str | None
    claimed_status: str | None
    claimed_percent: int | None
    claimed_at: datetime | None
    verdict: str | None
    verdict_at: datetime | None
    issued_at: datetime
    closed_at: datetime | None

    @property
    def claimed_round(self) -> int:
        """The round in which was claimed what is claimed."""
        return of_claim(self.round, self.claimed_at, self.verdict, self.verdict_at)


COLUMNS = [follow_up.c[name] for name in FollowUp.__slots__]


_with_recommendation = Hot(
    select(*COLUMNS, *recommendation_rows.COLUMNS)
    .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
    .where(follow_up.c.id == bindparam("id", type_=ID))
)


def find(connection: Connection, id: UUID) -> FollowUp | None:
    """The follow-up with this id."""
    row = connection.execute(select(*COLUMNS).where(follow_up.c.id == id)).one_or_none()
    return None if row is None else FollowUp(*row)


def with_recommendation(connection: Connection, id: UUID) -> tuple[FollowUp, Recommendation] | None:
    """The follow-up with this id, and the recommendation it belongs to."""
    row = _with_recommendation.one(connection, {"id": id})
    if row is None:
        return None
    width = len(COLUMNS)
    return FollowUp(*row[:width]), Recommendation(*row[width:])


def of_instance(connection: Connection, instance_id: UUID) -> FollowUp | None:
    """The follow-up that this instance owns."""
    mine = follow_up.c.instance_id == instance_id
    row = connection.execute(select(*COLUMNS).where(mine)).one_or_none()
    return None if row is None else FollowUp(*row)


def of_recommendation(connection: Connection, recommendation_id: UUID) -> list[FollowUp]:
    """All follow-ups of a recommendation, lead institutions first, then by institution."""
    rows = connection.execute(
        select(*COLUMNS)
        .where(follow_up.c.recommendation_id == recommendation_id)
        .order_by(follow_up.c.role, follow_up.c.institution)
    )
    return [FollowUp(*row) for row in rows]


def open_ids(connection: Connection, recommendation_id: UUID) -> list[UUID]:
    """Follow-ups of a recommendation that have neither been closed nor withdrawn."""
    rows = connection.execute(
        select(follow_up.c.id)
        .where(follow_up.c.recommendation_id == recommendation_id, follow_up.c.status.not_in(ENDED))
        .order_by(follow_up.c.id)
    )
    return list(rows.scalars())


def insert_all(connection: Connection, rows: Iterable[FollowUp]) -> None:
    """Insert follow-ups; (recommendation, institution) is unique."""
    values = [{name: getattr(row, name) for name in FollowUp.__slots__} for row in rows]
    if values:
        connection.execute(insert(follow_up), values)


def set_stage(
    connection: Connection, case: FollowUp, status: str, now: datetime, **values: object
) -> None:
    """Set the stage together with other columns; `status_since` moves only when it changes."""
    since = case.status_since if status == case.status else now
    connection.execute(
        update(follow_up)
        .where(follow_up.c.id == case.id)
        .values(status=status, status_since=since, **values)
    )


def set_columns(connection: Connection, id: UUID, **values: object) -> None:
    """Set columns other than the stage."""
    connection.execute(update(follow_up).where(follow_up.c.id == id).values(**values))


def next_plan_version(connection: Connection, id: UUID) -> int:
    """1 for the first action plan, one more for each revision."""
    last = connection.execute(
        select(func.max(plan.c.version)).where(plan.c.follow_up_id == id)
    ).scalar_one()
    return (last or 0) + 1


def open_exchange(connection: Connection, id: UUID, response: str) -> UUID | None:
    """The newest exchange of this kind that has no reply yet."""
    return newest(
        connection, exchange, exchange.c.follow_up_id, id, response=response, replied_at=None
    )


def newest_report(connection: Connection, id: UUID) -> UUID | None:
    """The report that was handed in last."""
    return newest(connection, report, report.c.follow_up_id, id)


def pending_extension(connection: Connection, id: UUID) -> UUID | None:
    """The extension request that is not decided yet."""
    return newest(connection, extension, extension.c.follow_up_id, id, decision=None)


def granted_deadline(connection: Connection, id: UUID) -> date | None:
    """The date of the extension granted last."""
    found: date | None = connection.execute(
        select(extension.c.new_deadline)
        .where(extension.c.follow_up_id == id, extension.c.decision == "granted")
        .order_by(extension.c.decided_at.desc(), extension.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found


def receipt_given_at(connection: Connection, id: UUID, moment: datetime) -> str | None:
    """The receipt of the report handed in at exactly this moment, the time of one step."""
    found: str | None = connection.execute(
        select(report.c.receipt_number)
        .where(report.c.follow_up_id == id, report.c.at == moment)
        .order_by(report.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found
