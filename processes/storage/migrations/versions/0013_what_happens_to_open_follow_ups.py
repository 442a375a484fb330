"""What happens to follow-ups that are open when their recommendation ends"""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STAGES = (
    "acknowledge", "clarification", "disagreement", "plan", "implement", "report", "evaluate",
    "decide", "closed", "withdrawn",
)  # fmt: skip
KINDS = ("issue", "withdrawal", "not_feasible")
TREATMENTS = ("carried_over", "withdrawn", "left_to_finish")
LEFT = "left_to_finish"
ID = sa.Uuid()
whole = sa.table(
    "recommendation",
    sa.column("id", ID),
    sa.column("status", sa.String()),
    sa.column("closed_at", UtcDateTime()),
)
part = sa.table(
    "follow_up",
    sa.column("id", ID),
    sa.column("recommendation_id", ID),
    sa.column("status", sa.String()),
    sa.column("treatment", sa.String()),
)
past = sa.table(
    "follow_up_past",
    sa.column("follow_up_id", ID),
    sa.column("valid_from", UtcDateTime()),
    sa.column("valid_to", UtcDateTime()),
    sa.column("status", sa.String()),
    sa.column("round", sa.Integer()),
    sa.column("deadline", sa.Date()),
    sa.column("rework_deadline", sa.Date()),
    sa.column("kind", sa.String()),
    sa.column("claimed_status", sa.String()),
    sa.column("claimed_percent", sa.Integer()),
    sa.column("verdict", sa.String()),
    sa.column("treatment", sa.String()),
)
REFERENCES = (("successor_id", "recommendation"), ("carried_into_id", "follow_up"))


def upgrade() -> None:
    for table in ("follow_up", "follow_up_past"):
        _change_check(table, "status", STAGES, (*STAGES, "carried_over"))
        op.add_column(table, sa.Column("treatment", sa.String(length=40), nullable=True))
        _add_check(table, "treatment", TREATMENTS)
    for column, other in REFERENCES:
        _add_reference("follow_up", column, other)
        op.create_index(op.f(f"ix_follow_up_{column}"), "follow_up", [column])
    _index_running(("closed", "withdrawn", "carried_over"))
    _change_check("decision", "kind", KINDS, (*KINDS, "remaining"))
    op.add_column("decision", sa.Column("lapsed_at", UtcDateTime(timezone=True), nullable=True))
    _create_remaining()
    _leave_to_finish(op.get_bind())


def downgrade() -> None:
    """Raises if somebody has used what is taken away, for it has no other form."""
    op.drop_table("remaining")
    op.drop_column("decision", "lapsed_at")
    _change_check("decision", "kind", (*KINDS, "remaining"), KINDS)
    _index_running(("closed", "withdrawn"))
    for column, other in reversed(REFERENCES):
        op.drop_index(op.f(f"ix_follow_up_{column}"), "follow_up")
        _drop_reference("follow_up", column, other)
    for table in ("follow_up_past", "follow_up"):
        _drop_check(table, "treatment", TREATMENTS)
        op.drop_column(table, "treatment")
        _change_check(table, "status", (*STAGES, "carried_over"), STAGES)


def _leave_to_finish(connection: sa.Connection) -> None:
    """Recommendations were closed over open follow-ups before anybody was asked: those go on, and
    are left to finish since then."""
    rows = connection.execute(
        sa.select(part.c.id, whole.c.closed_at, past.c.valid_from)
        .join(whole, whole.c.id == part.c.recommendation_id)
        .join(past, (past.c.follow_up_id == part.c.id) & past.c.valid_to.is_(None))
        .where(whole.c.status == "closed", part.c.status.not_in(["closed", "withdrawn"]))
    ).all()
    for id, closed_at, valid_from in rows:
        connection.execute(sa.update(part).where(part.c.id == id).values(treatment=LEFT))
        now = (past.c.follow_up_id == id) & past.c.valid_to.is_(None)
        if closed_at is not None and valid_from < closed_at:
            row = connection.execute(sa.select(past).where(now)).mappings().one()
            connection.execute(sa.update(past).where(now).values(valid_to=closed_at))
            later = {**row, "valid_from": closed_at, "treatment": LEFT}
            connection.execute(sa.insert(past).values(later))
        else:
            connection.execute(sa.update(past).where(now).values(treatment=LEFT))


def _create_remaining() -> None:
    op.create_table(
        "remaining",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("treatment", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_listed("treatment", TREATMENTS), name=op.f("ck_remaining_treatment")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_remaining_{column}_{other}")
            )
            for column, other in (
                ("recommendation_id", "recommendation"),
                ("evaluation_id", "overall_evaluation"),
                ("follow_up_id", "follow_up"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remaining")),
        sa.UniqueConstraint(
            "evaluation_id", "follow_up_id", name=op.f("uq_remaining_evaluation_id_follow_up_id")
        ),
    )
    for column in ("recommendation_id", "follow_up_id"):
        op.create_index(op.f(f"ix_remaining_{column}_id"), "remaining", [column, "id"])


def _index_running(ended: tuple[str, ...]) -> None:
    op.drop_index("ix_follow_up_runs", "follow_up")
    where = sa.text(f"status not in ({', '.join(map(repr, ended))})")
    op.create_index(
        "ix_follow_up_runs",
        "follow_up",
        ["deadline", "id"],
        postgresql_where=where,
        sqlite_where=where,
    )


# --- constraints, which SQLite cannot change ----------------------------------------------------


def _listed(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(map(repr, values))})"


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _change_check(table: str, column: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    _drop_check(table, column, before)
    _add_check(table, column, after)


def _drop_check(table: str, column: str, values: tuple[str, ...]) -> None:
    name = f"ck_{table}_{column}"
    if not _on_sqlite():
        op.drop_constraint(op.f(name), table, type_="check")
        return
    text = re.escape(f"CONSTRAINT {name} CHECK ({_listed(column, values)})")
    _rewrite(table, lambda sql: re.subn(rf",\s*{text}", "", sql, count=1))


def _add_check(table: str, column: str, values: tuple[str, ...]) -> None:
    name = f"ck_{table}_{column}"
    if not _on_sqlite():
        op.create_check_constraint(op.f(name), table, _listed(column, values))
        return
    text = f",\n\tCONSTRAINT {name} CHECK ({_listed(column, values)})\n)"
    _rewrite(table, lambda sql: re.subn(r"\s*\)(?=[^()]*$)", lambda _: text, sql, count=1))


def _add_reference(table: str, column: str, other: str) -> None:
    kind = "CHAR(32)" if _on_sqlite() else "UUID"
    name = f"fk_{table}_{column}_{other}"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT {name} REFERENCES {other} (id)"
    )


def _drop_reference(table: str, column: str, other: str) -> None:
    if not _on_sqlite():
        op.drop_column(table, column)
        return
    reference = rf"\s+CONSTRAINT fk_{table}_{column}_{other} REFERENCES {other} \(id\)"
    _rewrite(table, lambda sql: re.subn(reference, "", sql, count=1))
    op.drop_column(table, column)


def _rewrite(table: str, change: Callable[[str], tuple[str, int]]) -> None:
    """Rows of other tables refer to these: replacing the table would delete them. SQLite documents
    this way for a constraint that does not affect the stored form."""
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
