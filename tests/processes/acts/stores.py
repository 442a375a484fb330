"""A whole database, read and restored without the product: every table, whoever created it.

Owns its own connections beside those of the product. Knows the purpose of no table.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.types.string import TextLoader

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


class Store(Protocol):
    """A database as it stands. `apart`: tables that are written beside the transactions of acts."""

    apart: frozenset[str]

    def mark(self) -> object:
        """Equal to an earlier one while nothing was committed."""

    def rows(self) -> Rows:
        """Everything, by table."""

    def keep(self) -> Any:
        """A copy that `restore` puts back."""

    def restore(self, kept: Any) -> None:
        """Everything as it was."""

    def close(self) -> None:
        """Close its connections."""


class SqliteStore:
    """A file."""

    apart = frozenset[str]()

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._raw.execute("PRAGMA synchronous=OFF")

    def mark(self) -> object:
        """Moves with every commit of another connection that changes anything."""
        return self._raw.execute("PRAGMA data_version").fetchone()

    def rows(self) -> Rows:
        names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        tables = [name for (name,) in self._raw.execute(names)]
        return {name: self._raw.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables}

    def keep(self) -> sqlite3.Connection:
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._raw.backup(kept)
        return kept

    def restore(self, kept: sqlite3.Connection) -> None:
        kept.backup(self._raw)

    def close(self) -> None:
        self._raw.close()


class PostgresStore:
    """A database of the test's server, whose superuser this is. Numbers of a series are taken in a
    short transaction of their own there, and may have gaps."""

    apart = frozenset({"series"})

    def __init__(self, url: str) -> None:
        plain = url.replace("+psycopg", "", 1)
        self._raw: psycopg.Connection[Any] = psycopg.connect(plain, autocommit=True)
        self._raw.adapters.register_loader("json", TextLoader)
        self._raw.execute("SET timezone = 'UTC'")
        found = self._raw.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        )
        self._tables = [name for (name,) in found]
        self._mark = " UNION ALL ".join(
            f"SELECT '{name}', coalesce(sum(hashtextextended({_told(name)}::text, 0)), 0), count(*)"
            f' FROM "{name}" AS one'
            for name in self._tables
        ).encode()

    def mark(self) -> dict[str, object]:
        """Of what each table holds, but for those apart."""
        return {name: of for name, of in self._marks().items() if name not in self.apart}

    def _marks(self) -> dict[str, object]:
        return {name: of for name, *of in self._raw.execute(self._mark)}

    def rows(self) -> Rows:
        return {name: self._rows(name) for name in self._tables}

    def _rows(self, table: str) -> list[Row]:
        return self._raw.execute(f'SELECT * FROM "{table}"'.encode()).fetchall()

    def keep(self) -> tuple[dict[str, object], Rows]:
        return self._marks(), self.rows()

    def restore(self, kept: tuple[dict[str, object], Rows]) -> None:
        marks, rows = kept
        now = self._marks()
        with self._raw.transaction():
            self._raw.execute("SET LOCAL session_replication_role = 'replica'")  # no foreign keys
            for name in self._tables:
                if now[name] != marks[name]:
                    self._put_back(name, rows[name])

    def _put_back(self, table: str, rows: list[Row]) -> None:
        self._raw.execute(f'DELETE FROM "{table}"'.encode())
        if rows:
            places = ", ".join(["%s"] * len(rows[0]))
            statement = f'INSERT INTO "{table}" VALUES ({places})'.encode()
            self._raw.cursor().executemany(statement, rows)

    def close(self) -> None:
        self._raw.close()


def _told(table: str) -> str:
    """What tells a row from another: the content of a file is long, and its digest says it."""
    return "one.sha256" if table == "file" else "one"
