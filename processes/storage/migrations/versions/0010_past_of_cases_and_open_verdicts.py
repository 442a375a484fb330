"""A dated row for each change of a case, and verdicts that no constraint lists"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STAGES = (
    "acknowledge", "clarification", "disagreement", "plan", "implement", "report", "evaluate",
    "decide", "closed", "withdrawn",
)  # fmt: skip
STATES = (
    "draft", "comment", "finalise", "approve", "send_out", "issued", "evaluate", "closed",
    "withdrawn",
)  # fmt: skip
VERDICTS = ("conforms", "not_yet_conforms", "not_followed_up", "cannot_be_followed_up")
OPENED = (
    ("follow_up", "claimed_status"),
    ("follow_up", "verdict"),
    ("report", "claimed_status"),
    ("evaluation", "verdict"),
)
AFTER_RESPONSE = {
    "accepted": "plan",
    "clarification": "clarification",
    "disagree": "disagreement",
}
AFTER_REPLY = {
    "answered": "acknowledge",
    "rejected": "plan",
    "changed": "acknowledge",
    "accepted": "decide",
}
AFTER_VERDICT = {
    "conforms": "evaluate",
    "not_yet_conforms": "implement",
    "not_followed_up": "plan",
    "cannot_be_followed_up": "decide",
}


def upgrade() -> None:
    _create("follow_up", STAGES, [
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("rework_deadline", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("claimed_status", sa.String(length=40), nullable=True),
        sa.Column("claimed_percent", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=40), nullable=True),
    ])  # fmt: skip
    _create("recommendation", STATES, [
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("rollup_rule", sa.String(length=40), nullable=True),
        sa.Column("rollup_percent", sa.Integer(), nullable=True),
    ])  # fmt: skip
    for table, column in OPENED:
        _drop_check(table, column)
    connection = op.get_bind()
    _fill(connection, "follow_up_past", _follow_ups(connection))
    _fill(connection, "recommendation_past", _recommendations(connection))


def downgrade() -> None:
    for table, column in OPENED:
        _add_check(table, column)
    op.drop_table("recommendation_past")
    op.drop_table("follow_up_past")


def _create(case: str, states: Iterable[str], columns: list[sa.Column[Any]]) -> None:
    name, listed = f"{case}_past", ", ".join(f"'{state}'" for state in states)
    op.create_table(
        name,
        sa.Column(f"{case}_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_to", UtcDateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        *columns,
        sa.CheckConstraint(f"status in ({listed})", name=op.f(f"ck_{name}_status")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f(f"ck_{name}_span")),
        sa.ForeignKeyConstraint(
            [f"{case}_id"], [f"{case}.id"], name=op.f(f"fk_{name}_{case}_id_{case}")
        ),
        sa.PrimaryKeyConstraint(f"{case}_id", "valid_from", name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        f"uq_{name}_now",
        name,
        [f"{case}_id"],
        unique=True,
        sqlite_where=sa.text("valid_to is null"),
        postgresql_where=sa.text("valid_to is null"),
    )


def _check(column: str) -> str:
    listed = ", ".join(f"'{verdict}'" for verdict in VERDICTS)
    return f"{column} in ({listed})"


def _drop_check(table: str, column: str) -> None:
    name = f"ck_{table}_{column}"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        return
    # Rows of other tables refer to these: replacing the table would delete them. SQLite documents
    # this way for a constraint that does not affect the stored form.
    found = re.compile(rf",\s*CONSTRAINT {name} CHECK \({column} in \([^)]*\)\)")
    _rewrite(table, lambda sql: found.subn("", sql, count=1))


def _add_check(table: str, column: str) -> None:
    name = f"ck_{table}_{column}"
    if op.get_bind().dialect.name != "sqlite":
        op.create_check_constraint(op.f(name), table, _check(column))
        return
    constraint = f",\n\tCONSTRAINT {name} CHECK ({_check(column)})\n)"
    end = re.compile(r"\s*\)\s*$")
    _rewrite(table, lambda sql: end.subn(lambda _: constraint, sql, count=1))


def _rewrite(table: str, change: Any) -> None:
    connection = op.get_bind()
    where = "FROM sqlite_master WHERE type = 'table' AND name = :name"
    sql = connection.execute(sa.text(f"SELECT sql {where}"), {"name": table}).scalar_one()
    changed, count = change(sql)
    assert count == 1, f"{table} is as an earlier version made it"
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
        {"sql": changed, "name": table},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


# --- what is known of the past ------------------------------------------------------------------


class Told(NamedTuple):
    """A fact that changed a case. `columns`: the columns that it set."""

    at: datetime
    columns: Mapping[str, Any]


def _fill(connection: sa.Connection, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    kept = [dict(row) for row in rows]
    types: dict[str, Any] = {"valid_from": UtcDateTime(), "valid_to": UtcDateTime()}
    target = sa.table(
        name,
        *(
            sa.column(c.name, types.get(c.name, sa.Uuid() if c.name.endswith("_id") else c.type))
            for c in table.columns
        ),
    )
    if kept:
        connection.execute(sa.insert(target), kept)


def _rows(
    connection: sa.Connection, name: str, *columns: tuple[str, Any]
) -> Iterator[dict[str, Any]]:
    """The rows of a table at this revision."""
    table = sa.table(name, *(sa.column(column, kind) for column, kind in columns))
    for row in connection.execute(sa.select(table)).mappings():
        yield dict(row)


ID, WORD, AT, DAY = sa.Uuid(), sa.String(), UtcDateTime(), sa.Date()


def _dated(
    owner: str, present: Mapping[str, Any], began: datetime, told: Iterable[Told]
) -> Iterator[dict[str, Any]]:
    """Dated rows of one case: `told` from its beginning on, and at the end its present row."""
    columns: dict[str, Any] = {}
    at: datetime | None = None
    for one in sorted(told, key=lambda one: one.at):
        moment = max(one.at, began)
        after = {**columns, **one.columns}
        if at is not None and moment > at and after != columns:
            yield {owner: present["id"], "valid_from": at, "valid_to": moment, **columns}
            at = moment
        columns, at = after, at or moment
    assert at is not None, "every case has begun"
    yield {owner: present["id"], "valid_from": at, "valid_to": None, **columns}


def _follow_ups(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    told = _told_of_follow_ups(connection)
    names = (
        "status", "round", "deadline", "rework_deadline", "kind", "claimed_status",
        "claimed_percent", "verdict",
    )  # fmt: skip
    present = _rows(
        connection, "follow_up", ("id", ID), ("status", WORD), ("status_since", AT),
        ("round", sa.Integer()), ("deadline", DAY), ("rework_deadline", DAY), ("kind", WORD),
        ("claimed_status", WORD), ("claimed_percent", sa.Integer()), ("verdict", WORD),
        ("issued_at", AT),
    )  # fmt: skip
    for row in present:
        granted = any("deadline" in one.columns for one in told[row["id"]])
        start = dict.fromkeys(names) | {
            "status": "acknowledge",
            "round": 1,
            # The first deadline is known only if no other was granted since.
            "deadline": None if granted else row["deadline"],
        }
        facts = [Told(row["issued_at"], start), *told[row["id"]]]
        last = max([row["status_since"], *(one.at for one in facts)])
        now = Told(last, {name: row[name] for name in names})
        yield from _dated("follow_up_id", row, row["issued_at"], [*facts, now])


def _told_of_follow_ups(connection: sa.Connection) -> dict[Any, list[Told]]:
    found: dict[Any, list[Told]] = defaultdict(list)

    def tell(row: Mapping[str, Any], at: datetime | None, **columns: Any) -> None:
        if at is not None:
            found[row["follow_up_id"]].append(Told(at, columns))

    mine = ("follow_up_id", ID)
    for row in _rows(
        connection, "exchange", mine, ("response", WORD), ("at", AT), ("result", WORD),
        ("replied_at", AT),
    ):  # fmt: skip
        tell(row, row["at"], status=AFTER_RESPONSE[row["response"]])
        if row["result"] is not None:
            tell(row, row["replied_at"], status=AFTER_REPLY[row["result"]])
    for row in _rows(connection, "plan", mine, ("position", sa.Integer()), ("at", AT)):
        if row["position"] == 1:
            tell(row, row["at"], status="implement")
    for row in _rows(
        connection, "progress", mine, ("percent", sa.Integer()), ("done", sa.Boolean()), ("at", AT)
    ):
        stage = "report" if row["done"] else "implement"
        tell(row, row["at"], status=stage, claimed_status=None, claimed_percent=row["percent"])
    for row in _rows(connection, "report", mine, ("claimed_status", WORD), ("at", AT)):
        tell(row, row["at"], status="evaluate", claimed_status=row["claimed_status"])
    for row in _rows(
        connection, "evaluation", mine, ("verdict", WORD), ("round", sa.Integer()),
        ("rework_deadline", DAY), ("at", AT),
    ):  # fmt: skip
        verdict = row["verdict"]
        back = verdict in ("not_yet_conforms", "not_followed_up")
        tell(
            row, row["at"], status=AFTER_VERDICT[verdict], verdict=verdict,
            rework_deadline=row["rework_deadline"], round=row["round"] + back,
        )  # fmt: skip
    for row in _rows(
        connection, "decision", mine, ("kind", WORD), ("approved", sa.Boolean()), ("at", AT)
    ):
        if row["kind"] == "not_feasible":
            verdict = "cannot_be_followed_up" if row["approved"] else None
            tell(
                row, row["at"], status="decide" if row["approved"] else "evaluate", verdict=verdict
            )
    for row in _rows(
        connection, "extension", mine, ("decision", WORD), ("new_deadline", DAY), ("decided_at", AT)
    ):
        if row["decision"] == "granted":
            tell(row, row["decided_at"], deadline=row["new_deadline"], rework_deadline=None)
    return found


def _recommendations(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    told = _told_of_recommendations(connection)
    names = ("status", "deadline", "rollup_rule", "rollup_percent")
    present = _rows(
        connection, "recommendation", ("id", ID), ("status", WORD), ("deadline", DAY),
        ("rollup_rule", WORD), ("rollup_percent", sa.Integer()), ("created_at", AT),
        ("registered_at", AT), ("issued_at", AT), ("closed_at", AT),
    )  # fmt: skip
    for row in present:
        facts = [Told(row["created_at"], dict.fromkeys(names) | {"status": "draft"})]
        for at, status in ((row["registered_at"], "comment"), (row["issued_at"], "issued")):
            if at is not None:
                facts.append(Told(at, {"status": status}))
        facts += told[row["id"]]
        last = max([row["closed_at"] or row["created_at"], *(one.at for one in facts)])
        now = Told(last, {name: row[name] for name in names})
        yield from _dated("recommendation_id", row, row["created_at"], [*facts, now])


def _told_of_recommendations(connection: sa.Connection) -> dict[Any, list[Told]]:
    found: dict[Any, list[Told]] = defaultdict(list)

    def tell(row: Mapping[str, Any], at: datetime | None, **columns: Any) -> None:
        if at is not None:
            found[row["recommendation_id"]].append(Told(at, columns))

    mine = ("recommendation_id", ID)
    for row in _rows(connection, "comment", mine, ("answered_at", AT)):
        tell(row, row["answered_at"], status="approve")
    for row in _rows(
        connection, "decision", mine, ("kind", WORD), ("approved", sa.Boolean()), ("at", AT)
    ):
        if row["kind"] == "issue":
            tell(row, row["at"], status="send_out" if row["approved"] else "finalise")
    for row in _rows(connection, "meeting", mine, ("at", AT)):
        tell(row, row["at"], status="evaluate")
    for row in _rows(
        connection,
        "overall_evaluation",
        mine,
        ("decision", WORD),
        ("new_deadline", DAY),
        ("at", AT),
    ):
        if row["decision"] == "monitor":
            tell(row, row["at"], status="issued", deadline=row["new_deadline"], rollup_rule="all")
    return found
