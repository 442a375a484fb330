"""Failures forced into a transaction: before any of its statements, or at its commit.

Owns the driver's connections of the writing pool. It works below SQLAlchemy, so it also gets the
statements of the hot path. Knows the meaning of no statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

import psycopg
from sqlalchemy import event

from engine.sentences.sentence import say
from engine.storage.database.unit_of_work import Database, Repeat

Fault = Callable[[], Exception]
_REFUSED: Final = "DO $$ BEGIN RAISE 'forced' USING ERRCODE = 'query_canceled'; END $$"


class Watch(Protocol):
    """What a watched connection tells before it sends anything."""

    def refuses(self) -> bool: ...

    def commit(self) -> None: ...


class Failing:
    """Counts what is sent to the database, and lets one thing of it fail when told to."""

    def __init__(self, database: Database) -> None:
        self.statements = 0
        self.commits = 0
        self._at: int | None = None
        self._at_commit = False
        self._fault: Fault = driver_error(database)
        database.hurry()
        event.listen(database._writer, "do_connect", _opener(database, self))
        database.dispose()

    def refuses(self) -> bool:
        """Whether the statement that is about to be sent fails."""
        self.statements += 1
        return self.statements == self._at

    def commit(self) -> None:
        if self._at_commit:
            self._at_commit = False
            raise self._fault()
        self.commits += 1

    @contextmanager
    def at(self, statement: int) -> Iterator[None]:
        """The statement of this number fails, from 1."""
        self._at = statement
        try:
            yield
        finally:
            self._at = None

    @contextmanager
    def at_commit(self, fault: Fault | None = None) -> Iterator[None]:
        """The next commit fails, after which the one that follows it does not."""
        usual, self._fault = self._fault, fault or self._fault
        self._at_commit = True
        try:
            yield
        finally:
            self._fault, self._at_commit = usual, False

    def count(self) -> None:
        """Count from here."""
        self.statements = self.commits = 0


def driver_error(database: Database) -> Fault:
    """What the driver raises when the server cannot do it: no plain exception, which would be a
    defect of ours."""
    if database.is_sqlite:
        return lambda: sqlite3.OperationalError("forced")
    return lambda: psycopg.OperationalError("forced")


def again() -> Exception:
    """What has the whole of an act run once more, as a deadlock does."""
    return Repeat(say("The database cannot be reached. Nothing was lost; please try again."))


def _opener(database: Database, watch: Watch) -> Callable[..., Any]:
    """How the pool opens a connection that is watched."""
    base = _SqliteConnection if database.is_sqlite else _PostgresConnection
    watched: Any = type("Watched", (base,), {"watch": watch})

    def open_it(_dialect: object, _record: object, given: list[Any], named: dict[str, Any]) -> Any:
        if database.is_sqlite:
            named["factory"] = watched
            return None
        return watched.connect(*given, cursor_factory=_PostgresCursor, **named)

    return open_it


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, *given: Any) -> Any:
        self._ask()
        return super().execute(*given)

    def executemany(self, *given: Any) -> Any:
        self._ask()
        return super().executemany(*given)

    def _ask(self) -> None:
        if self.connection.watch.refuses():  # type: ignore[attr-defined]
            raise sqlite3.OperationalError("forced")


class _SqliteConnection(sqlite3.Connection):
    watch: Watch

    def cursor(self, factory: Any = _SqliteCursor) -> Any:
        return super().cursor(factory)

    def commit(self) -> None:
        self.watch.commit()
        super().commit()


class _PostgresCursor(psycopg.Cursor[Any]):
    """The server itself refuses, so that in a pipeline it is known only at its end."""

    def execute(self, *given: Any, **named: Any) -> Any:
        if self.connection.watch.refuses():  # type: ignore[attr-defined]
            return super().execute(_REFUSED, prepare=False)
        return super().execute(*given, **named)

    def executemany(self, *given: Any, **named: Any) -> Any:
        if self.connection.watch.refuses():  # type: ignore[attr-defined]
            return super().execute(_REFUSED, prepare=False)
        return super().executemany(*given, **named)


class _PostgresConnection(psycopg.Connection[Any]):
    watch: Watch

    def commit(self) -> None:
        self.watch.commit()
        super().commit()
