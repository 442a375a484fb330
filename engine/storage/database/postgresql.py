"""Connections to PostgreSQL: straight to the server, or through a pooler in transaction mode.

A pooler such as PgBouncer gives a connection of the server to somebody else after each
transaction. So nothing may outlive one: no prepared statement, no limit that was set once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from engine.storage.database.hot import run_text

POOLER = "pooler"
"""In the query of a URL, `pooler=transaction`: it leads to a pooler in that mode."""
WANTED = "target_session_attrs"
IDLE_IN_TRANSACTION_SECONDS = 30
"""PostgreSQL ends a transaction that a frozen process holds open for longer."""


def connections(
    url: URL, *, reading: bool, pooled: bool, lock_seconds: float, **more: Any
) -> Engine:
    """For writing or for reading only; `more` goes to SQLAlchemy."""
    if url.query.get(WANTED) == "read-write":
        # The same server of several; but a connection that only reads would find none.
        url = url.update_query_dict({WANTED: "primary"})
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        # Reading begins no transaction, for each statement sees the newest anyway. That saves two
        # round trips, and psycopg its prepared statements, which a rollback takes away.
        isolation_level="AUTOCOMMIT" if reading and not pooled else None,
        pool_pre_ping=False,
        connect_args={
            "connect_timeout": 5,
            # A host that is gone says nothing any more: noticed within half a minute.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 25_000,
            **_kept(reading, lock_seconds, pooled=pooled),
        },
        **more,
    )
    if pooled:
        limits = _limits(reading, lock_seconds, of_all="").items()
        begin = "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in limits)
        event.listen(engine, "begin", lambda connection: run_text(connection, begin))
    return engine


def _kept(reading: bool, lock_seconds: float, *, pooled: bool) -> dict[str, Any]:
    """What a connection is told once, when it is opened."""
    if pooled:
        return {"prepare_threshold": None}
    limits = _limits(reading, lock_seconds, of_all="default_").items()
    return {"options": " ".join(f"-c {name}={value}" for name, value in limits)}


def _limits(reading: bool, lock_seconds: float, *, of_all: str) -> dict[str, str]:
    """What the server holds us to, in one transaction or (`default_`) in all of a connection."""
    return {
        "lock_timeout": f"{lock_seconds * 1000:.0f}",
        "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS * 1000}",
        "timezone": "UTC",
        f"{of_all}transaction_read_only": "on" if reading else "off",
    }
