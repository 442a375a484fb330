"""`/api/v1/escalations`: what is late and was escalated, highest level first."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from processes.work import escalations
from processes.work.escalations import LATE, BoardRow
from web.api.caller import reading
from web.api.v1 import shapes
from web.api.v1.common import PageQuery, merged, work_of
from web.api.v1.openapi import as_json, noun

api = noun("escalations", "/escalations", "What is late, and who was told.")


class EscalationQuery(PageQuery):
    """Which escalations."""

    from_level: int = Field(LATE, ge=0, le=9, description="This level or higher; 0: reminders.")


@api.get("", responses={200: shapes.EscalationPage})
def listed(query: EscalationQuery) -> dict[str, Any]:
    """What stands escalated, highest level first."""
    at = reading()
    page = escalations.page(
        at.connection, at.scope, at.now,
        from_level=query.from_level, after=query.after, limit=query.limit,
    )  # fmt: skip
    next_one = page.last.id if page.last else None
    items = [_shape(row) for row in page.items]
    return as_json(shapes.EscalationPage(items=items, next=next_one))


def _shape(row: BoardRow) -> shapes.Escalation:
    escalation = row.escalation
    return merged(
        shapes.Escalation,
        escalation,
        escalation.task,
        told=[str(person["name"]) for person in escalation.told],
        messages=[shapes.Message.model_validate(one) for one in row.told],
        **shapes.standing_in_time(row.timing),
        work=work_of(escalation.task),
        last_act=row.last_act,
    )
