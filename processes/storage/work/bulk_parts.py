"""The parts of an act on many, one by one: which task each was about, and what became of it.

Owns the list behind the numbers of `processes.storage.bulk.count`; both divide the parts alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select, true

from engine.storage.tables import task
from processes.ground.paging import Cursor
from processes.register.states import Fate, PartState
from processes.storage.bulk import bulk_part
from processes.storage.keyset import along, beyond
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution

FATES: Final = {fate.value: fate for fate in Fate}


@dataclass(frozen=True, slots=True)
class ListedPart:
    """One part. `institution`: short name; None for a task that is no institution's."""

    id: UUID
    task_id: UUID
    facts: Mapping[str, Any]
    task_name: str
    institution: str | None
    fate: Fate


def page(
    connection: Connection,
    act_id: UUID,
    failed: Set[UUID],
    fate: Fate | None,
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedPart]:
    """A page of the parts of an act, in the order in which they were planned; `fate`: of those
    alone; `failed`: what `count` found stuck."""
    place, part = (bulk_part.c.id,), bulk_part.c
    rows = connection.execute(
        select(part.id, part.about, part.facts, task.c.name, institution.c.short_name, part.state)
        .join(task, task.c.id == part.about)
        .outerjoin(follow_up, follow_up.c.instance_id == task.c.instance_id)
        .outerjoin(institution, institution.c.code == follow_up.c.institution)
        .where(part.act_id == act_id, _of(fate, failed), beyond(place, at))
        .order_by(*along(place, at))
        .limit(limit)
    )
    return [ListedPart(*row[:-1], _fate(row.id, row.state, failed)) for row in rows]


def _of(fate: Fate | None, failed: Set[UUID]) -> ColumnElement[bool]:
    if fate is None:
        return true()
    if fate is Fate.FAILED:
        return and_(bulk_part.c.state == PartState.LEFT, bulk_part.c.id.in_(failed))
    of_state = bulk_part.c.state == PartState(fate.value)
    return and_(of_state, bulk_part.c.id.not_in(failed)) if fate is Fate.LEFT else of_state


def _fate(id: UUID, state: PartState, failed: Set[UUID]) -> Fate:
    is_failed = state is PartState.LEFT and id in failed
    return Fate.FAILED if is_failed else FATES[PartState(state).value]
