"""Every case of a database, loaded and saved again without a step in between."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from engine.execution.border import Live
from engine.execution.border.state.codec import VERSION
from engine.execution.programs import Programs
from engine.storage import tables
from engine.storage.cases import steps


def resaved(connection: Connection) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of each case as they lie there, and as they are saved after loading. A case of a
    former form is folded first: what lies there is then what folding saves."""
    programs = Programs()
    find = programs.finder(connection)
    ids = connection.scalars(select(tables.instance.c.id)).all()
    for definition, body in steps.stored(connection, ids).values():
        program = programs.of(connection, definition)
        saved = Live.load(program, body, find).dump()
        if body[:1] != VERSION:
            body, saved = saved, Live.load(program, saved, find).dump()
        yield body, saved
