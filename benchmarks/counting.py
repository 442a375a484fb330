"""Counts SQL statements at the drivers, below our code and SQLAlchemy's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Engine

_issued = 0


def _count(statement: Any) -> None:
    global _issued
    _issued += not str(statement).startswith("BEGIN")


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, statement: str, *rest: Any) -> Any:
        _count(statement)
        return super().execute(statement, *rest)

    def executemany(self, statement: str, *rest: Any) -> Any:
        _count(statement)
        return super().executemany(statement, *rest)


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, factory: Any = _SqliteCursor) -> Any:
        return super().cursor(factory)

    def execute(self, statement: str, *rest: Any) -> Any:
        return self.cursor().execute(statement, *rest)


class _PsycopgCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, *rest: Any, **options: Any) -> Any:
        _count(query)
        return super().execute(query, *rest, **options)

    def executemany(self, query: Any, params_seq: Any, *, returning: bool = False) -> None:
        _count(query)
        super().executemany(query, params_seq, returning=returning)


def _put_in(dialect: Any, _record: Any, _positional: Any, options: dict[str, Any]) -> None:
    if dialect.name == "sqlite":
        options["factory"] = _SqliteConnection
    else:
        options["cursor_factory"] = _PsycopgCursor


@contextmanager
def counting() -> Iterator[Callable[[], int]]:
    """The number of statements that connections opened inside have sent so far, without BEGIN.

    A statement for several rows at once counts as one, as on the network.
    """
    event.listen(Engine, "do_connect", _put_in)
    try:
        yield lambda: _issued
    finally:
        event.remove(Engine, "do_connect", _put_in)
