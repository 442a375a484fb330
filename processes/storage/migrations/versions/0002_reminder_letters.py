"""Reminder letters"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.storage.database.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("follow_up_id", sa.Uuid(), nullable=False),
        sa.Column("escalation_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("signatory", sa.String(length=40), nullable=False),
        sa.Column("level_name", sa.Text(), nullable=False),
        sa.Column("task_name", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column(
            "drafted_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "replaced_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("letter_number", sa.String(length=200), nullable=True),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column(
            "sent_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("sent_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "signatory in ('asdep', 'deputi', 'menko')", name=op.f("ck_reminder_letter_signatory")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalation.id"],
            name=op.f("fk_reminder_letter_escalation_id_escalation"),
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_reminder_letter_follow_up_id_follow_up"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_letter")),
    )
    op.create_index(
        op.f("ix_reminder_letter_follow_up_id_id"), "reminder_letter", ["follow_up_id", "id"]
    )
    op.create_index(op.f("ix_reminder_letter_task_id_id"), "reminder_letter", ["task_id", "id"])


def downgrade() -> None:
    op.drop_table("reminder_letter")
