"""What a list of work is narrowed to: an institution, a coordinator, a case, words of it.

Owns the clause on `task`, for every list of work alike. Each part finds its instances by an index
of the register.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, select, union

from engine.storage.tables import task
from processes.storage import search
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What is wanted; None or empty: everything. `institution`: whose follow-up a task belongs to;
    `coordinator`: who began the recommendation; `searched`: words of the case."""

    institution: str | None = None
    coordinator: str | None = None
    recommendation_id: UUID | None = None
    searched: str = ""

    @property
    def clause(self) -> ColumnElement[bool]:
        """Rows of `task` that are wanted."""
        of, clauses = task.c.instance_id, [search.instances(task.c.instance_id, self.searched)]
        if self.institution is not None:
            mine = follow_up.c.institution == self.institution
            clauses.append(of.in_(select(follow_up.c.instance_id).where(mine)))
        if self.coordinator is not None:
            clauses.append(of.in_(_cases(recommendation.c.created_by == self.coordinator)))
        if self.recommendation_id is not None:
            clauses.append(of.in_(_cases(recommendation.c.id == self.recommendation_id)))
        return and_(*clauses)


ALL: Final = Narrowing()


def _cases(wanted: ColumnElement[bool]) -> CompoundSelect[Any]:
    """The instances of recommendations and of their follow-ups."""
    parts: Select[tuple[UUID]] = select(follow_up.c.instance_id).join(
        recommendation, recommendation.c.id == follow_up.c.recommendation_id
    )
    return union(parts.where(wanted), select(recommendation.c.instance_id).where(wanted))
