"""Connections to PostgreSQL: directly to the server, or through a pooler in transaction mode.

A pooler such as PgBouncer gives a server connection to another client after each transaction. So no
prepared statement and no setting may outlive a transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from engine.storage.database.hot import run_text

POOLER = "pooler"
"""In the query of a URL, `pooler=transaction`: the URL leads to a pooler in that mode."""
WANTED = "target_session_attrs"
IDLE_IN_TRANSACTION_SECONDS = 30
"""Time after which PostgreSQL ends the open transaction of a frozen process."""


def connections(
    url: URL, *, reading: bool, pooled: bool, lock_seconds: float, **more: Any
) -> Engine:
    """Connections for writing, or for reading only; `more` goes to SQLAlchemy."""
    if url.query.get(WANTED) == "read-write":
        # Choose the same server among several; a read-only session would not count as writable.
        url = url.update_query_dict({WANTED: "primary"})
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        # Reading begins no transaction: each statement reads the newest data anyway. That saves two
        # round trips, and it keeps psycopg's prepared statements, which a rollback would remove.
        isolation_level="AUTOCOMMIT" if reading and not pooled else None,
        pool_pre_ping=False,
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
    if pooled:
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
