"""Acts over many, of which the moves of deadlines after a change of a calendar are the first"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KIND = "move_deadlines"
STATES = {"waiting": "waiting", "moved": "done", "left": "left"}
OPERATOR = UUID(int=0)

move = sa.table(
    "deadline_move",
    sa.column("id", ID),
    sa.column("change_id", ID),
    sa.column("calendar_code", sa.String()),
    sa.column("day", sa.Date()),
    sa.column("reason", sa.Text()),
    sa.column("task_id", ID),
    sa.column("was_due", UtcDateTime()),
    sa.column("would_be", sa.Date()),
    sa.column("state", sa.String()),
    sa.column("planned_at", UtcDateTime()),
    sa.column("by", sa.String()),
)
act = sa.table(
    "bulk_act",
    sa.column("id", ID),
    sa.column("kind", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("reason", sa.Text()),
    sa.column("facts", DATA),
    sa.column("user_id", ID),
    sa.column("by", sa.String()),
    sa.column("token_id", ID),
    sa.column("at", UtcDateTime()),
)
part = sa.table(
    "bulk_part",
    sa.column("id", ID),
    sa.column("act_id", ID),
    sa.column("about", ID),
    sa.column("facts", DATA),
    sa.column("state", sa.String()),
)
job = sa.table("job", sa.column("id", ID), sa.column("kind"), sa.column("payload", DATA))
user = sa.table("user", sa.column("id", ID), sa.column("username", sa.String()))


def upgrade() -> None:
    _create_acts()
    acts: dict[UUID, dict[str, Any]] = {}
    parts = []
    for row in op.get_bind().execute(sa.select(move)):
        acts[row.change_id] = {
            "id": row.change_id,
            "kind": KIND,
            "subject": f"calendar:{row.calendar_code}",
            "reason": row.reason,
            "facts": {"day": row.day.isoformat()},
            "user_id": _id_of(row.by),
            "by": row.by,
            "token_id": None,
            "at": row.planned_at,
        }
        facts = {"was_due": row.was_due.isoformat(), "would_be": row.would_be.isoformat()}
        parts.append(
            {
                "id": row.id,
                "act_id": row.change_id,
                "about": row.task_id,
                "facts": facts,
                "state": STATES[row.state],
            }
        )
    _insert(act, acts.values())
    _insert(part, parts)
    _rename_jobs(("move_deadline", "move_id"), ("bulk_part", "part_id"))
    op.drop_table("deadline_move")


def downgrade() -> None:
    _create_moves()
    before = {new: old for old, new in STATES.items()} | {"refused": "left"}
    found = op.get_bind().execute(
        sa.select(part, act.c.subject, act.c.reason, act.c.facts.label("of"), act.c.at, act.c.by)
        .join(act, act.c.id == part.c.act_id)
        .where(act.c.kind == KIND)
    )
    rows = [
        {
            "id": row.id,
            "change_id": row.act_id,
            "calendar_code": row.subject.removeprefix("calendar:"),
            "day": date.fromisoformat(row.of["day"]),
            "reason": row.reason,
            "task_id": row.about,
            "was_due": datetime.fromisoformat(row.facts["was_due"]).astimezone(UTC),
            "would_be": date.fromisoformat(row.facts["would_be"]),
            "state": before[row.state],
            "planned_at": row.at,
            "by": row.by,
        }
        for row in found
    ]
    _insert(move, rows)
    _rename_jobs(("bulk_part", "part_id"), ("move_deadline", "move_id"))
    op.drop_table("bulk_part")
    op.drop_table("bulk_act")


def _id_of(username: str) -> UUID:
    """The user whose rights are asked again; the operator has no account."""
    asked = sa.select(user.c.id).where(user.c.username == username)
    return op.get_bind().execute(asked).scalar_one_or_none() or OPERATOR


def _insert(table: sa.TableClause, rows: Iterable[dict[str, Any]]) -> None:
    if values := [*rows]:
        op.get_bind().execute(sa.insert(table), values)


def _rename_jobs(before: tuple[str, str], after: tuple[str, str]) -> None:
    """Give waiting jobs their new name. The table belongs to the engine, which may not have been
    migrated first."""
    bind = op.get_bind()
    if not sa.inspect(bind).has_table("job"):
        return
    found = bind.execute(sa.select(job.c.id, job.c.payload).where(job.c.kind == before[0])).all()
    for row in found:
        payload = {after[1]: row.payload[before[1]]}
        renamed = sa.update(job).where(job.c.id == row.id).values(kind=after[0], payload=payload)
        bind.execute(renamed)


def _create_acts() -> None:
    op.create_table(
        "bulk_act",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", DATA, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("token_id", ID, nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
    )
    op.create_index(op.f("ix_bulk_act_subject_kind_at"), "bulk_act", ["subject", "kind", "at"])
    op.create_table(
        "bulk_part",
        sa.Column("id", ID, nullable=False),
        sa.Column("act_id", ID, nullable=False),
        sa.Column("about", ID, nullable=False),
        sa.Column("facts", DATA, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'left', 'refused')", name=op.f("ck_bulk_part_state")
        ),
        sa.ForeignKeyConstraint(
            ["act_id"], ["bulk_act.id"], name=op.f("fk_bulk_part_act_id_bulk_act")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_part")),
    )
    op.create_index(op.f("ix_bulk_part_act_id_state"), "bulk_part", ["act_id", "state"])


def _create_moves() -> None:
    op.create_table(
        "deadline_move",
        sa.Column("id", ID, nullable=False),
        sa.Column("change_id", ID, nullable=False),
        sa.Column("calendar_code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("task_id", ID, nullable=False),
        sa.Column("was_due", UtcDateTime(timezone=True), nullable=False),
        sa.Column("would_be", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("planned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting', 'moved', 'left')", name=op.f("ck_deadline_move_state")
        ),
        sa.ForeignKeyConstraint(
            ["calendar_code"],
            ["calendar.code"],
            name=op.f("fk_deadline_move_calendar_code_calendar"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_move")),
    )
    op.create_index(
        op.f("ix_deadline_move_calendar_code_planned_at"),
        "deadline_move",
        ["calendar_code", "planned_at"],
    )
    op.create_index(
        op.f("ix_deadline_move_change_id_state"), "deadline_move", ["change_id", "state"]
    )
