"""What one pool of connections has compiled, every pool of the process knows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from engine.storage.database.unit_of_work import Database


class Counted(FunctionElement[int]):
    """A one that notes when it is compiled."""

    name = "counted"
    inherit_cache = True
    type = Integer()
    compiled: int = 0


@compiles(Counted)
def _one(element: Counted, compiler: Any, **more: Any) -> str:
    Counted.compiled += 1
    return "1"


def test_a_statement_is_compiled_once_for_reading_and_writing_and_a_second_database(
    database_url: str,
) -> None:
    before = Counted.compiled
    for database in (Database(database_url), Database(database_url)):
        with database.read() as reading:
            assert reading.execute(select(Counted())).scalar_one() == 1
        with database.write() as writing:
            assert writing.execute(select(Counted())).scalar_one() == 1
        database.dispose()
    assert Counted.compiled == before + 1
