"""Through a pooler in transaction mode a connection keeps nothing from one transaction to the next,
and the limits on the server still hold. With a real pooler: `tests/world`."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from engine import Engine, Unavailable
from engine.ports.handlers import NewJob, Step
from engine.scheduler import HEARTBEAT_SECONDS, UNTOLD_SECONDS, Scheduler
from engine.storage.database.unit_of_work import Database
from tests.engine.models_of_tests import RECORDED, only_task

REPEATS = 12
"""More than psycopg sends a statement before it prepares it (5)."""
KEPT = (
    "SELECT (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_settings"
    " WHERE name IN ('lock_timeout', 'default_transaction_read_only') AND source <> 'default')"
)


@pytest.fixture
def pooled_url(postgres_url: str) -> str:
    return f"{postgres_url}{'&' if '?' in postgres_url else '?'}pooler=transaction"


@pytest.mark.parametrize("pooled", [False, True])
def test_every_transaction_is_held_to_the_same_limits(
    postgres_url: str, pooled_url: str, pooled: bool
) -> None:
    database = Database(pooled_url if pooled else postgres_url)
    for way in (database.write, database.read, database.aside):
        with way() as connection:
            shown = {
                name: connection.scalar(text(f"SHOW {name}"))
                for name in ("lock_timeout", "idle_in_transaction_session_timeout", "timezone")
            }
        assert shown == {
            "lock_timeout": "2s", "idle_in_transaction_session_timeout": "30s", "timezone": "UTC"
        }  # fmt: skip
    with database.read() as connection, pytest.raises(DBAPIError, match="read-only transaction"):
        connection.execute(text("CREATE TABLE x (y INTEGER)"))
    database.dispose()


def test_nothing_outlives_a_transaction(pooled_url: str, postgres_url: str) -> None:
    database = Database(pooled_url)
    for way in (database.write, database.read, database.aside):
        for _ in range(REPEATS):
            with way() as connection:
                connection.execute(text("SELECT 1"))
    for pool in (database._writer, database._reader, database._aside):
        [kept] = pool.raw_connection().driver_connection.execute(KEPT).fetchall()
        assert kept == (0, 0)
    database.dispose()


def test_nobody_listens_but_work_of_other_processes_is_looked_for_often(pooled_url: str) -> None:
    engine = Engine.open(pooled_url, {"record": lambda step: None})
    assert not engine.database.tells_others
    assert Scheduler(engine)._pause() == UNTOLD_SECONDS < HEARTBEAT_SECONDS
    engine.close()


def test_a_case_is_worked_to_its_end(pooled_url: str) -> None:
    def record(step: Step) -> None:
        step.enqueue(NewJob("mail", {}))

    engine = Engine.open(pooled_url, {"record": record})
    engine.deploy(RECORDED, "owner")
    for _ in range(REPEATS):
        case = engine.start("recorded")
        engine.complete(only_task(engine, case).id, {}, "ani")
        assert engine.broken_history(case) is None
        assert engine.instance(case).status == "completed"
    engine.close()


def test_where_no_pooler_stands_none_is_found(postgres_url: str) -> None:
    database = Database(postgres_url)
    assert not database.is_pooled
    with database.read() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    database.dispose()


def test_a_server_out_of_reach_is_told_as_before(postgres_url: str) -> None:
    nowhere = make_url(postgres_url).set(host="127.0.0.1", port=1).difference_update_query(["host"])
    database = Database(nowhere.render_as_string(hide_password=False))
    with pytest.raises(Unavailable, match="cannot be reached"), database.read():
        pass
    database.dispose()
