"""Moves of deadlines"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.storage.database.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deadline_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("change_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column(
            "was_due", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("would_be", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column(
            "planned_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
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


def downgrade() -> None:
    op.drop_table("deadline_move")
