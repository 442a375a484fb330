"""The bare step: the statements of a completion without any computation, directly to the driver.

No engine on this database can be faster: state read and written, task rows, candidates, timers, one
event, one commit, the same durability.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import psycopg

from benchmarks.measure import Subject

ROWS = 50
BODY = os.urandom(700)
"""Bytes, about the stored size of the cost model's state."""
TABLES = (
    "CREATE TABLE instance (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, hash {bytes})",
    "CREATE TABLE state (id INTEGER PRIMARY KEY, body {bytes})",
    "CREATE TABLE task (id INTEGER PRIMARY KEY, instance_id INTEGER, status TEXT, due TEXT)",
    "CREATE TABLE candidate (principal TEXT, task_id INTEGER, PRIMARY KEY (principal, task_id))",
    "CREATE TABLE job (id INTEGER PRIMARY KEY, due TEXT, instance_id INTEGER, payload TEXT)",
    "CREATE TABLE event (instance_id INTEGER, seq INTEGER, body {bytes},"
    " PRIMARY KEY (instance_id, seq))",
    "CREATE INDEX job_due ON job (due, id)",
    "CREATE INDEX job_instance ON job (instance_id)",
    "CREATE INDEX task_instance ON task (instance_id, status)",
)


class Cursor(Protocol):
    """The methods that both drivers offer."""

    def execute(self, statement: Any, parameters: Sequence[Any] = ..., /) -> Any: ...


def on_sqlite(name: str, file: Path) -> Subject:
    """On SQLite, WAL, synchronous FULL."""
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    _create(database, "BLOB", "?")
    return Subject(name, _stepper(database, "?", "BEGIN IMMEDIATE", ""), database.close)


def on_postgresql(name: str, url: str) -> Subject:
    """On PostgreSQL with its default durability."""
    database = psycopg.connect(url, autocommit=True)
    _create(database, "bytea", "%s")
    return Subject(name, _stepper(database, "%s", "BEGIN", " FOR UPDATE"), database.close)


def _create(database: Any, bytes_type: str, place: str) -> None:
    for table in TABLES:
        database.execute(table.format(bytes=bytes_type))
    for id in range(ROWS):
        database.execute(f"INSERT INTO instance VALUES ({place}, 1, {place})", (id, BODY[:32]))
        database.execute(f"INSERT INTO state VALUES ({place}, {place})", (id, BODY))
        database.execute(f"INSERT INTO task VALUES ({place}, {place}, 'open', '2026')", (id, id))


def _stepper(database: Any, place: str, begin: str, lock: str) -> Any:
    numbers = count(ROWS)
    statements = [line.replace("?", place) for line in STEP]
    statements[0] += lock

    def act() -> None:
        number = next(numbers)
        id, before = number % ROWS, number - ROWS
        values: tuple[tuple[Any, ...], ...] = (
            (id,),
            (id,),
            (BODY[:32], id),
            (BODY, id),
            (before,),
            (before,),
            (number, id),
            ("group:authors", number),
            (id,),
            (2 * number, id),
            (2 * number + 1, id),
            (id, number, BODY[:200]),
        )
        database.execute(begin)
        for statement, parameters in zip(statements, values, strict=True):
            database.execute(statement, parameters)
        database.execute("COMMIT")

    return act


STEP = (
    "SELECT version, hash FROM instance WHERE id = ?",
    "SELECT body FROM state WHERE id = ?",
    "UPDATE instance SET version = version + 1, hash = ? WHERE id = ?",
    "UPDATE state SET body = ? WHERE id = ?",
    "UPDATE task SET status = 'completed' WHERE id = ?",
    "DELETE FROM candidate WHERE task_id = ?",
    "INSERT INTO task VALUES (?, ?, 'open', '2026')",
    "INSERT INTO candidate VALUES (?, ?)",
    "DELETE FROM job WHERE instance_id = ?",
    "INSERT INTO job VALUES (?, '2026', ?, '{}')",
    "INSERT INTO job VALUES (?, '2026', ?, '{}')",
    "INSERT INTO event VALUES (?, ?, ?)",
)
