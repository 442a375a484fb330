"""Connections to PostgreSQL: directly to the server, or through a pooler in transaction mode.

A pooler such as PgBouncer gives a server connection to another client after each transaction. So
no prepared statement and no setting may outlive a transaction: its name would stand for a statement
of somebody else. A pooler of which nobody said anything shows all the same: the number of a server
process that it tells its clients is not that of the server behind it.
"""

from __future__ import annotations

from typing import Any

from psycopg import Error, connect
from sqlalchemy import URL, Engine, create_engine, event

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say
from engine.storage.database.hot import run_text
from engine.storage.database.statements import COMPILED

POOLER = "pooler"
"""In the query of a URL, `pooler=transaction`: the URL leads to a pooler in that mode."""
WANTED = "target_session_attrs"
IDLE_IN_TRANSACTION_SECONDS = 30
"""Time after which PostgreSQL ends the open transaction of a frozen process."""


class PoolerFound(Unavailable):
    """A connection leads to a pooler, and nobody knew when the database was opened."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "A pooler stands before the database and was not there at the start: statements "
                "could be mixed up, so none is sent. Start this program anew."
            )
        )


def leads_to_pooler(url: URL) -> bool:
    """Whether a pooler answers there. One short connection; False if nobody answers."""
    driven = _driven(url)
    words, named = driven.get_dialect()().create_connect_args(driven)
    given: dict[str, Any] = {**named, "connect_timeout": 5, "prepare_threshold": None}
    try:
        # A connection of the driver: SQLAlchemy would ask the server several things first.
        with connect(*words, **given) as raw:
            return _is_pooled(raw)
    except Error:
        return False  # who opens the database meets the error itself


def _is_pooled(raw: Any) -> bool:
    [[of_server]] = raw.execute("SELECT pg_backend_pid()", prepare=False).fetchall()
    raw.rollback()
    return bool(of_server != raw.info.backend_pid)


def _refuse_pooler(raw: Any, _record: object) -> None:
    if _is_pooled(raw):
        raise PoolerFound


def _driven(url: URL) -> URL:
    if url.query.get(WANTED) == "read-write":
        # Choose the same server among several; a read-only session would not count as writable.
        url = url.update_query_dict({WANTED: "primary"})
    return url.set(drivername="postgresql+psycopg")


def connections(
    url: URL, *, reading: bool, pooled: bool, lock_seconds: float, **more: Any
) -> Engine:
    """Connections for writing, or for reading only; `more` goes to SQLAlchemy."""
    engine = create_engine(
        _driven(url),
        # Reading begins no transaction: each statement reads the newest data anyway. That saves two
        # round trips, and it keeps psycopg's prepared statements, which a rollback would remove.
        isolation_level="AUTOCOMMIT" if reading and not pooled else None,
        pool_pre_ping=False,
        execution_options=COMPILED,
        connect_args={
            "connect_timeout": 5,
            # A lost host sends nothing: these settings detect it within half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25_000,
            **_kept(reading, lock_seconds, pooled=pooled),
        },
        **more,
    )
    if not pooled:
        event.listen(engine, "connect", _refuse_pooler)
    else:
        limits = _limits(reading, lock_seconds, of_all="").items()
        begin = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in limits)
        event.listen(engine, "begin", lambda connection: run_text(connection, begin))
    return engine


def _kept(reading: bool, lock_seconds: float, *, pooled: bool) -> dict[str, Any]:
    """The settings of a connection, sent once when it opens."""
    if pooled:
        return {"prepare_threshold": None}
    limits = _limits(reading, lock_seconds, of_all="default_").items()
    return {"options": " ".join(f"-c {name}={value}" for name, value in limits)}


def _limits(reading: bool, lock_seconds: float, *, of_all: str) -> dict[str, str]:
    """The server's limits for one transaction, or (`default_`) for all transactions of a
    connection."""
    return {
        "lock_timeout": f"{lock_seconds * 1000:.0f}",
        "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS * 1000}",
        "timezone": "UTC",
        f"{of_all}transaction_read_only": "on" if reading else "off",
    }
