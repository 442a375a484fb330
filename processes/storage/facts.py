"""Facts of a case: one row each, under an id in time order, never overwritten.

Owns writing and reading of a fact as one dataclass, which has the columns of its table. Knows no
rule. Additions to a fact (a reply, a receipt, a decision) are functions of the module that reads
it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Table, insert, select

F = TypeVar("F")


@dataclass(frozen=True)
class Facts(Generic[F]):
    """The facts of one table. `kind`: a slotted dataclass with its columns; `owner`: the column by
    which they are found."""

    table: Table
    owner: Column[Any]
    kind: type[F]

    def __call__(self, connection: Connection, *ids: UUID) -> list[F]:
        """All facts of these owners, oldest first."""
        return self.where(connection, self.owner.in_(ids))

    def where(self, connection: Connection, clause: ColumnElement[bool]) -> list[F]:
        """All facts that fulfil `clause`, oldest first."""
        columns = [self.table.c[name] for name in self._names]
        rows = connection.execute(select(*columns).where(clause).order_by(self.table.c.id))
        return [self.kind(*row) for row in rows]

    def add(self, connection: Connection, *facts: F) -> None:
        """Store facts."""
        rows = [{name: getattr(fact, name) for name in self._names} for fact in facts]
        # Values beside the statement, not in it: building a statement with values costs more than
        # running it.
        if rows:
            connection.execute(insert(self.table), rows)

    @property
    def _names(self) -> tuple[str, ...]:
        names: tuple[str, ...] = self.kind.__slots__  # type: ignore[attr-defined]  # slotted
        return names


def newest(connection: Connection, table: Table, *having: ColumnElement[bool]) -> UUID | None:
    """Id of the newest row with these values; None if there is none."""
    found: UUID | None = connection.execute(
        select(table.c.id).where(*having).order_by(table.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    return found
