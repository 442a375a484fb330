"""The facts of a case for the page of its task.

Owns two statements by key: the text for the institution, and the reason why work came back. Knows
nothing of rights: `processes.work.task_page` has checked them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, case, func, or_, select

from processes.register.rounds import sent_back
from processes.storage.tables.follow_ups import evaluation, exchange, follow_up
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report


@dataclass(frozen=True, slots=True)
class Returned:
    """The evaluation that sent the work back. `rework_deadline`: the date that counts since; None
    if it gave none, or if a later decision about the deadline replaced it. `deadline`: the date of
    the follow-up without it."""

    verdict: str
    notes: str
    rework_deadline: date | None
    deadline: date
    at: datetime
    by: str


def text_of(connection: Connection, follow_up_id: UUID) -> str:
    """The recommended text: the text changed for this institution, else the final or draft text."""
    changed = (
        select(func.nullif(exchange.c.changed_text, ""))
        .where(exchange.c.follow_up_id == follow_up.c.id, exchange.c.changed_text.is_not(None))
        .order_by(exchange.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    text = func.coalesce(changed, recommendation.c.final_text, recommendation.c.text)
    return str(
        connection.execute(
            select(text)
            .join(follow_up, follow_up.c.recommendation_id == recommendation.c.id)
            .where(follow_up.c.id == follow_up_id)
        ).scalar_one()
    )


def returned(
    connection: Connection, follow_up_id: UUID, cleared_for: Collection[str]
) -> Returned | None:
    """The newest evaluation, if it sent the work back; with its notes only if the reader may read
    their report."""
    readable = or_(report.c.id.is_(None), report.c.classification.in_(cleared_for))
    row = connection.execute(
        select(
            evaluation.c.verdict,
            case((readable, func.coalesce(evaluation.c.notes, "")), else_=""),
            follow_up.c.rework_deadline,
            follow_up.c.deadline,
            evaluation.c.at,
            evaluation.c.by,
        )
        .join(follow_up, follow_up.c.id == evaluation.c.follow_up_id)
        .outerjoin(report, report.c.id == evaluation.c.report_id)
        .where(evaluation.c.follow_up_id == follow_up_id)
        .order_by(evaluation.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Returned(*row) if row is not None and sent_back(row.verdict) else None
