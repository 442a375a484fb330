"""Core statements, compiled once per dialect and run on the driver's own cursor.

Reason: compiling, caching and executing inside SQLAlchemy costs more CPU than the rest of a step.
SQLAlchemy's own processors still convert the bound types (UUID, JSON, UTC times). Errors of the
driver become SQLAlchemy's errors here, so callers need not know how a statement ran.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import ClauseElement, Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Processor = Callable[[Any], Any]
Values = Mapping[str, Any]


class Sent:
    """A statement that was sent. Inside `together` its answer exists only after the block."""

    __slots__ = ("_compiled", "_cursor")

    def __init__(self, cursor: Any, compiled: _Compiled) -> None:
        self._cursor = cursor
        self._compiled = compiled

    @property
    def rowcount(self) -> int:
        """The number of changed rows."""
        return int(self._cursor.rowcount)

    def first(self) -> tuple[Any, ...] | None:
        """The first row, or None."""
        row = self._cursor.fetchone()
        return None if row is None else self._compiled.read(row)

    def rest(self) -> list[tuple[Any, ...]]:
        """All rows that are not read yet."""
        return [self._compiled.read(row) for row in self._cursor.fetchall()]


class _Compiled:
    """One statement in one dialect: its text and the conversion of its values."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = cast(SQLCompiler, statement.compile(dialect=dialect))
        self.text = compiled.string
        self.errors: type[Exception] = dialect.loaded_dbapi.Error
        self.positional = compiled.positiontup is not None
        self.fixed = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }
        self.into: list[tuple[str, Processor | None]] = [
            (name, _bind_type(compiled, name).bind_processor(dialect))
            for name in compiled.positiontup or compiled.binds
        ]
        columns: Iterable[Any] = getattr(statement, "exported_columns", ())
        self.out: list[Processor | None] = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ]

    def bind(self, values: Values) -> Any:
        """Parameters in the driver's form."""
        if self.fixed:
            values = {**self.fixed, **values}
        if self.positional:
            return [into(values[name]) if into else values[name] for name, into in self.into]
        return {name: into(values[name]) if into else values[name] for name, into in self.into}

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            [out(value) if out else value for out, value in zip(self.out, row, strict=True)]
        )


def _bind_type(compiled: SQLCompiler, name: str) -> Any:
    return compiled.binds[name].type.dialect_impl(compiled.dialect)


class Hot:
    """A statement of the hot path. Its parameters are the names of its `bindparam`s or columns."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def _for(self, connection: Connection) -> _Compiled:
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _Compiled(self._statement, connection.dialect)
        return compiled

    def one(self, connection: Connection, values: Values) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return self._execute(_kept_cursor(connection), connection, values).first()

    def all(self, connection: Connection, values: Values) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._execute(_kept_cursor(connection), connection, values).rest()

    def run(self, connection: Connection, values: Values) -> None:
        """Execute a statement without a result."""
        self._execute(_kept_cursor(connection), connection, values)

    def send(self, connection: Connection, values: Values) -> Sent:
        """Execute; inside `together` the answer can be read only after the block."""
        return self._execute(_driver(connection).cursor(), connection, values)

    def _execute(self, cursor: Any, connection: Connection, values: Values) -> Sent:
        compiled = self._for(connection)
        try:
            cursor.execute(compiled.text, compiled.bind(values))
        except compiled.errors as error:
            raise _wrapped(connection, compiled.text, error) from error
        return Sent(cursor, compiled)

    def run_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Execute once for each entry of `rows`; nothing for an empty list."""
        if len(rows) < 2:
            for row in rows:
                self.run(connection, row)
            return
        compiled = self._for(connection)
        cursor = _kept_cursor(connection)
        try:
            cursor.executemany(compiled.text, [compiled.bind(row) for row in rows])
        except compiled.errors as error:
            raise _wrapped(connection, compiled.text, error) from error


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send the statements that run inside to PostgreSQL in one round trip; an error is raised at
    the end."""
    if connection.dialect.name != "postgresql":
        yield
        return
    errors = connection.dialect.loaded_dbapi.Error
    try:
        with _driver(connection).pipeline():
            yield
    except errors as error:
        raise _wrapped(connection, "", error) from error


def run_text(connection: Connection, text: str) -> None:
    """Execute a statement without parameters."""
    try:
        _driver(connection).execute(text)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, text, error) from error


def roll_back(connection: Connection) -> None:
    """End a transaction that SQLite still holds open: it keeps one after a failed COMMIT."""
    raw = _driver(connection)
    if raw is not None and raw.in_transaction:
        raw.rollback()


def _kept_cursor(connection: Connection) -> Any:
    """A cursor for results that are read at once. Making a psycopg cursor takes as long as a small
    statement, so each connection keeps one. A SQLite cursor costs nothing, but holds a reading
    transaction open while it exists."""
    if connection.dialect.name == "sqlite":
        return _driver(connection).cursor()
    kept = connection.info.get("cursor")
    if kept is None:
        kept = connection.info["cursor"] = _driver(connection).cursor()
    return kept


def _driver(connection: Connection) -> Any:
    """The driver's own connection: sqlite3's or psycopg's."""
    return connection.connection.dbapi_connection


def _wrapped(connection: Connection, text: str, error: Exception) -> BaseException:
    lost = connection.dialect.is_disconnect(cast(Any, error), cast(Any, _driver(connection)), None)
    wrapped = DBAPIError.instance(
        text,
        None,
        error,
        cast(Any, connection.dialect.loaded_dbapi.Error),
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
    if lost:
        connection.invalidate(error)
    return wrapped
