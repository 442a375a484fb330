"""All facts of the register about cases, of many kinds in one statement.

Owns that statement: one SELECT for each kind of fact, united. A page shows a dozen kinds, each with
a few rows in its own table; a statement for each kind cost more than the rest of the page. The
caller has checked the rights.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Integer,
    String,
    Text,
    Uuid,
    bindparam,
    literal_column,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.elements import KeyedColumnElement
from sqlalchemy.types import TypeEngine

from engine.storage.database.hot import Hot
from engine.storage.database.types import DATA, ID, UtcDateTime
from processes.storage.tables.recommendations import Member

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """The table, or the question, of a kind of facts; it has a column for each field of `kind`.
    `owner`: the column of the case; `only`: a filter of the rows."""

    kind: type[Any]
    owner: KeyedColumnElement[Any]
    only: ColumnElement[bool] | None = None

    @property
    def columns(self) -> list[KeyedColumnElement[Any]]:
        """The columns read for each fact."""
        return [self.owner.table.c[field.name] for field in fields(self.kind)]


class Record:
    """The facts that were read, by kind and case."""

    def __init__(self) -> None:
        self._found: dict[tuple[type[Any], UUID], list[Any]] = defaultdict(list)

    def add(self, kind: type[Any], owner: UUID, fact: object) -> None:
        """Add one fact; facts come in the order of time."""
        self._found[kind, owner].append(fact)

    def of(self, kind: type[T], owner: UUID) -> list[T]:
        """The facts of this kind about a case, oldest first."""
        return cast(list[T], self._found.get((kind, owner), []))


class Question:
    """The statement for the facts of these kinds, built once. Kinds share columns: a fact uses
    columns of its types, and the others stay empty."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._types = _shared([_types(one) for one in sources])
        self._places = [_places(_types(one), self._types) for one in sources]
        self._members = [[_member_of(column) for column in one.columns] for one in sources]
        self._of_one = Hot(self._united(lambda owner: owner == bindparam("id", type_=ID)))
        several = bindparam("ids", type_=ID, expanding=True)
        self._of_several = self._united(lambda owner: owner.in_(several))

    def of_one(self, connection: Connection, id: UUID) -> Record:
        """The facts about one case."""
        return self._read(self._of_one.all(connection, {"id": id}))

    def of_several(self, connection: Connection, ids: Sequence[UUID]) -> Record:
        """The facts about some cases."""
        found = connection.execute(self._of_several, {"ids": ids}).all()
        return self._read([tuple(row) for row in found])

    def _read(self, rows: Sequence[tuple[Any, ...]]) -> Record:
        record = Record()
        for number, owner, _, *values in rows:
            kind, places = self._sources[number].kind, self._places[number]
            members = self._members[number]
            record.add(
                kind,
                owner,
                kind(*(member(values[p]) for member, p in zip(members, places, strict=True))),
            )
        return record

    def _united(self, of_owner: Any) -> CompoundSelect[Any]:
        parts = []
        for number, source in enumerate(self._sources):
            stored = [_as_stored(column) for column in source.columns]
            own = dict(zip(self._places[number], stored, strict=True))
            question = select(
                literal_column(str(number), Integer).label("source"),
                source.owner.label("owner"),
                source.owner.table.c.id.label("fact"),
                *(
                    own.get(place, sql_cast(null(), type)).label(f"c{place}")
                    for place, type in enumerate(self._types)
                ),
            ).where(of_owner(source.owner))
            parts.append(question if source.only is None else question.where(source.only))
        return union_all(*parts).order_by("source", "fact")


SHARED: Sequence[tuple[type[TypeEngine[Any]], TypeEngine[Any]]] = (
    (String, Text()),
    (Uuid, ID),
    (UtcDateTime, UtcDateTime()),
    (Date, Date()),
    (Boolean, Boolean()),
    (Integer, Integer()),
)
"""Kind of column -> the type of the shared columns; every other kind uses JSON."""


def _types(source: Source) -> list[TypeEngine[Any]]:
    return [
        next((shared for kind, shared in SHARED if isinstance(column.type, kind)), DATA)
        for column in map(_as_stored, source.columns)
    ]


def _as_stored(column: KeyedColumnElement[Any]) -> ColumnElement[Any]:
    """A state as its value, because one column holds states of many kinds."""
    return type_coerce(column, Text()) if isinstance(column.type, Member) else column


def _member_of(column: KeyedColumnElement[Any]) -> Callable[[Any], Any]:
    """The conversion of this column's values."""
    if not isinstance(column.type, Member):
        return _as_it_is
    kind: type[StrEnum] = column.type.kind
    return lambda value: None if value is None else kind(value)


def _as_it_is(value: Any) -> Any:
    return value


def _shared(each: Sequence[Sequence[TypeEngine[Any]]]) -> list[TypeEngine[Any]]:
    """For each type, as many columns as the fact with the most of that type."""
    every = [shared for _, shared in SHARED] + [DATA]
    return [
        shared
        for shared in every
        for _ in range(max(sum(one is shared for one in types) for types in each))
    ]


def _places(own: Sequence[TypeEngine[Any]], shared: Sequence[TypeEngine[Any]]) -> list[int]:
    """The place of each of a fact's columns among the shared ones."""
    free = list(enumerate(shared))
    places = []
    for wanted in own:
        found = next(one for one in free if one[1] is wanted)
        free.remove(found)
        places.append(found[0])
    return places
