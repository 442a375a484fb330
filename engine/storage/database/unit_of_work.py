"""Connections and transactions: the only module that begins, commits and rolls back.

Two databases, one contract. PostgreSQL waits for row locks; SQLite has one writer behind a fair
in-process lock. In both a request waits at most `LOCK_SECONDS` and then gets `Unavailable`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool, StaticPool

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say
from engine.storage.database import postgresql
from engine.storage.database.fair_lock import FairLock
from engine.storage.database.hot import roll_back, run_text
from engine.storage.database.statements import COMPILED

T = TypeVar("T")

LOCK_SECONDS = 2.0
"""Seconds that a request waits for a lock before it gets Unavailable (design: never polls)."""
ATTEMPTS = 4
"""Number of repetitions of a whole transaction after a deadlock or a lost connection."""

ASIDE_POOL = 2
"""Connections for short transactions beside a running step (numbers of a series)."""

_REPEATABLE = {"40001", "40P01"}  # serialization failure, deadlock (PostgreSQL SQLSTATE)
_BUSY = {"55P03", "57014"}  # lock not available, statement cancelled


def _dumps(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


class Database:
    """The one way to the data: `write()` and `read()` give a connection in a transaction."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        given = make_url(url)
        self.url = given.difference_update_query([postgresql.POOLER])
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.is_pooled = not self.is_sqlite and (
            postgresql.POOLER in given.query or postgresql.leads_to_pooler(self.url)
        )
        self._write_lock = FairLock()
        if self.is_sqlite:
            self.is_memory = self.url.database in (None, "", ":memory:")
            self._writer = self._sqlite(writing=True, pool_size=1)
            self._reader = self._writer if self.is_memory else self._sqlite(False, pool_size)
            self._only_writer: Connection | None = None
        else:
            self.is_memory = False
            self._writer = self._postgresql(pool_size)
            self._reader = self._postgresql(pool_size, reading=True)
            self._aside = self._postgresql(ASIDE_POOL)

    def _sqlite(self, writing: bool, pool_size: int) -> Engine:
        pooling: dict[str, Any] = (
            {"poolclass": StaticPool}
            if self.is_memory
            else {"poolclass": QueuePool, "pool_size": pool_size, "max_overflow": 0}
        )
        engine = create_engine(
            self.url,
            connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS},
            json_serializer=_dumps,
            json_deserializer=orjson.loads,
            execution_options=COMPILED,
            **pooling,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        begin = "BEGIN IMMEDIATE" if writing else "BEGIN"
        event.listen(engine, "begin", lambda connection: run_text(connection, begin))
        return engine

    def _postgresql(self, pool_size: int, *, reading: bool = False) -> Engine:
        return postgresql.connections(
            self.url,
            reading=reading,
            pooled=self.is_pooled,
            lock_seconds=LOCK_SECONDS,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=LOCK_SECONDS,
            json_serializer=_dumps,
            json_deserializer=orjson.loads,
        )

    @property
    def tells_others(self) -> bool:
        """Whether other processes get reports of stored work. Behind a pooler none can listen,
        because it gives the server connection to another client after each transaction."""
        return not (self.is_sqlite or self.is_pooled)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction: committed when the block ends, rolled back when the block raises.

        Raises `Unavailable` if the lock or the database is not available in time.
        """
        if not self.is_sqlite:
            with self._translated(), self._writer.begin() as connection:
                yield connection
            return
        if not self._write_lock.acquire(LOCK_SECONDS):
            raise _busy()
        try:
            with self._translated():
                # Kept between transactions: asking the pool for it costs a tenth of a step.
                if self._only_writer is None:
                    self._only_writer = self._writer.connect()
                try:
                    with self._only_writer.begin():
                        yield self._only_writer
                finally:
                    roll_back(self._only_writer)
        finally:
            self._write_lock.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading only: SQLite does not keep writes on it, PostgreSQL refuses
        them."""
        if self.is_memory:
            with self.write() as connection:
                yield connection
            return
        with self._translated(), self._reader.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A short separate transaction beside a running one; PostgreSQL only, because SQLite has
        one writer. It has its own pool, so that steps cannot take its connections from each
        other."""
        with self._translated(), self._aside.begin() as connection:
            yield connection

    def repeat(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a writing transaction; run all of it again after a deadlock, a
        serialization failure or a lost connection. `work` must be safe to repeat."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.write() as connection:
                    return work(connection)
            except Repeat as repeat:
                if attempt == ATTEMPTS:
                    raise _out_of_reach() from repeat.__cause__
                time.sleep(random.uniform(0, 0.02 * attempt))
        raise AssertionError("unreachable")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise _busy() from error
        except DBAPIError as error:
            if error.connection_invalidated:  # the idle ones are lost too
                self._close_idle()
            raise _meaning(error) from error

    def hurry(self) -> None:
        """From now on a commit need not survive a power cut. Use it to fill a database that is
        filled again after an interruption: then SQLite's file may be damaged, and PostgreSQL may
        lack the last commits."""
        quick = "PRAGMA synchronous=OFF" if self.is_sqlite else "SET synchronous_commit = off"

        def relax(raw: Any, _record: object) -> None:
            raw.execute(quick)
            raw.commit()

        self.dispose()
        for pool in (self._writer,) if self.is_sqlite else (self._writer, self._aside):
            event.listen(pool, "connect", relax)

    def dispose(self) -> None:
        """Close all connections."""
        if self.is_sqlite and self._only_writer is not None:
            self._only_writer.close()
            self._only_writer = None
        self._close_idle()

    def _close_idle(self) -> None:
        self._writer.dispose()
        self._reader.dispose()
        if not self.is_sqlite:
            self._aside.dispose()


class Repeat(Unavailable):
    """The transaction was rolled back through no fault of its own: all of it may run again."""


def _meaning(error: DBAPIError) -> Exception:
    state = getattr(error.orig, "sqlstate", None)
    if state in _REPEATABLE or error.connection_invalidated:
        return Repeat(_out_of_reach().sentence)
    if state in _BUSY or (isinstance(error, OperationalError) and "locked" in str(error.orig)):
        return _busy()
    if isinstance(error, OperationalError | InterfaceError):
        return _out_of_reach()
    return error


def _busy() -> Unavailable:
    return Unavailable(say("The system is busy with this case. Please try again in a moment."))


def _out_of_reach() -> Unavailable:
    return Unavailable(
        say("The database cannot be reached. Nothing was lost; please try again."), 5
    )


def _prepare_sqlite(raw: Any, _record: object) -> None:
    raw.isolation_level = None  # this module sends BEGIN itself
    cursor = raw.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    # A larger log is folded into the file less often, so each page is written once instead of many
    # times.
    cursor.execute("PRAGMA wal_autocheckpoint=4000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
