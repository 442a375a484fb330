"""One recommendation row as a value, and the handlers' questions about it.

Owns reading and changing `recommendation` and its addressees; each change leaves a dated row
(`past`). Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from processes.register.states import (
    RecommendationDeed,
    RecommendationState,
    recommendation_moved,
)
from processes.register.vocabulary import (
    ROLES,
    Classification,
    Cycle,
    DeadlineKind,
    InstitutionRole,
    Priority,
    RollupRule,
)
from processes.storage import search
from processes.storage.cases import past
from processes.storage.tables import people
from processes.storage.tables.recommendations import (
    recommendation,
    recommendation_institution,
)
from processes.storage.upsert import insert_once


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The columns of `recommendation`. `text`: the draft for comments; `final_text`: the text that
    is approved after them; `round`: of comments, the present or the last one."""

    id: UUID
    instance_id: UUID
    number: str | None
    status: RecommendationState
    title: str
    text: str
    final_text: str | None
    round: int
    expected_outcome: str | None
    source_meeting: str | None
    source_date: date | None
    legal_basis: str | None
    rpjmn_reference: str | None
    priority: Priority
    classification: Classification
    deadline: date | None
    deadline_kind: DeadlineKind | None
    deadline_days: int | None
    comment_deadline: date | None
    cycle: Cycle
    rollup_rule: RollupRule
    rollup_percent: int | None
    letter_number: str | None
    letter_date: date | None
    signatory: str | None
    issued_at: datetime | None
    issued_by: str | None
    closed_at: datetime | None
    predecessor_id: UUID | None
    created_at: datetime
    created_by: str | None
    registered_at: datetime | None


class Columns(TypedDict, total=False):
    """The columns of a recommendation that may change besides its state."""

    number: str
    title: str
    text: str
    final_text: str | None
    round: int
    expected_outcome: str | None
    source_meeting: str | None
    source_date: date | None
    legal_basis: str | None
    rpjmn_reference: str | None
    priority: Priority
    classification: Classification
    deadline: date | None
    deadline_kind: DeadlineKind
    deadline_days: int | None
    comment_deadline: date
    cycle: Cycle
    rollup_rule: RollupRule
    rollup_percent: int | None
    letter_number: str
    letter_date: date
    signatory: str
    issued_at: datetime
    issued_by: str | None
    closed_at: datetime
    predecessor_id: UUID
    registered_at: datetime


COLUMNS = [recommendation.c[name] for name in Recommendation.__slots__]
SEARCHED: Final = frozenset({"number", "title", "letter_number"})
"""The columns whose words find a recommendation."""


def find(connection: Connection, id: UUID) -> Recommendation | None:
    """The recommendation with this id."""
    row = connection.execute(select(*COLUMNS).where(recommendation.c.id == id)).one_or_none()
    return None if row is None else Recommendation(*row)


def of_instance(connection: Connection, instance_id: UUID) -> Recommendation | None:
    """The recommendation that this instance owns."""
    mine = recommendation.c.instance_id == instance_id
    row = connection.execute(select(*COLUMNS).where(mine)).one_or_none()
    return None if row is None else Recommendation(*row)


def instance_of(connection: Connection, id: UUID) -> UUID | None:
    """The instance of the recommendation with this id, begun or not."""
    found: UUID | None = connection.scalar(
        select(recommendation.c.instance_id).where(recommendation.c.id == id)
    )
    return found


def next_instances(connection: Connection, id: UUID) -> list[UUID]:
    """Instances of the recommendations drafted from this one."""
    found = connection.execute(
        select(recommendation.c.instance_id).where(recommendation.c.predecessor_id == id)
    )
    return list(found.scalars())


def insert_draft(
    connection: Connection,
    id: UUID,
    instance_id: UUID,
    by: str | None,
    now: datetime,
    **columns: Unpack[Columns],
) -> None:
    """Insert a draft whose process runs (or will run) as `instance_id`."""
    connection.execute(
        insert(recommendation).values(
            id=id,
            instance_id=instance_id,
            status=RecommendationState.DRAFT,
            created_at=now,
            created_by=by,
            **columns,
        )
    )
    _note(connection, id, now, columns)


def insert_draft_once(
    connection: Connection, id: UUID, instance_id: UUID, by: str, now: datetime
) -> None:
    """Insert an empty draft under an id made beforehand; an existing one stays as it is."""
    row = {
        "id": id, "instance_id": instance_id, "status": RecommendationState.DRAFT, "title": "",
        "text": "", "created_at": now, "created_by": by,
    }  # fmt: skip
    if insert_once(connection, recommendation, row):
        past.note_recommendation(connection, id, now)


def move(
    connection: Connection,
    case: Recommendation,
    deed: RecommendationDeed,
    now: datetime,
    **columns: Unpack[Columns],
) -> None:
    """Move a recommendation to the target state of a deed, and set other columns. Raises `Refusal`
    for an impossible move."""
    to = recommendation_moved(case.status, deed)
    connection.execute(
        update(recommendation).where(recommendation.c.id == case.id).values(status=to, **columns)
    )
    _note(connection, case.id, now, columns)


def change(connection: Connection, id: UUID, now: datetime, **columns: Unpack[Columns]) -> None:
    """Change columns other than the state."""
    connection.execute(update(recommendation).where(recommendation.c.id == id).values(**columns))
    _note(connection, id, now, columns)


def _note(connection: Connection, id: UUID, now: datetime, changed: Mapping[str, Any]) -> None:
    """Keep what a changed row looks like now, and the words by which it is found."""
    past.note_recommendation(connection, id, now)
    if not SEARCHED.isdisjoint(changed):
        search.note_recommendation(connection, id)


def replace_institutions(
    connection: Connection, id: UUID, roles: Mapping[str, InstitutionRole]
) -> None:
    """Address a draft to exactly these. `roles`: institution code -> role."""
    table = recommendation_institution
    connection.execute(delete(table).where(table.c.recommendation_id == id))
    _address(connection, id, roles)


def add_institutions(
    connection: Connection, id: UUID, roles: Mapping[str, InstitutionRole]
) -> None:
    """Address a recommendation to these too; who was told for information gets its new role."""
    table = recommendation_institution
    former = (table.c.recommendation_id == id) & table.c.institution.in_(roles)
    connection.execute(delete(table).where(former))
    _address(connection, id, roles)


def take_out(connection: Connection, id: UUID, codes: Collection[str], at: datetime) -> None:
    """These owe nothing any more; they still may read the recommendation."""
    table = recommendation_institution
    former = (table.c.recommendation_id == id) & table.c.institution.in_(codes)
    connection.execute(update(table).where(former).values(taken_out_at=at))


def taken_out(connection: Connection, id: UUID) -> set[str]:
    """The institutions that were taken out after the issue."""
    table = recommendation_institution
    rows = connection.execute(
        select(table.c.institution).where(
            table.c.recommendation_id == id, table.c.taken_out_at.is_not(None)
        )
    )
    return set(rows.scalars())


def _address(connection: Connection, id: UUID, roles: Mapping[str, InstitutionRole]) -> None:
    table = recommendation_institution
    rows = [
        {"recommendation_id": id, "institution": code, "role": role} for code, role in roles.items()
    ]
    if rows:
        connection.execute(insert(table), rows)


def institutions_of(connection: Connection, id: UUID) -> dict[str, InstitutionRole]:
    """Institution code -> role, lead first, then supporting, then for information."""
    return {one.code: one.role for one in addressed(connection, id)}


@dataclass(frozen=True, slots=True)
class Addressed:
    """An addressee of a recommendation."""

    code: str
    role: InstitutionRole
    short_name: str


def addressed(connection: Connection, id: UUID) -> list[Addressed]:
    """The present addressees of a recommendation, leads first, then supporting, then for
    information."""
    table = recommendation_institution
    rows = connection.execute(
        select(table.c.institution, table.c.role, people.institution.c.short_name)
        .join(people.institution, people.institution.c.code == table.c.institution)
        .where(table.c.recommendation_id == id, table.c.taken_out_at.is_(None))
    )
    found = [Addressed(*row) for row in rows]
    return sorted(found, key=lambda one: (ROLES.index(one.role), one.code))
