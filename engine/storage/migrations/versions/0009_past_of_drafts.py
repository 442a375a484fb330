"""Drafts keep what was saved over; a task tells who passed it on, and why"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_draft_past",
        sa.Column("task_id", ID, nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("data", DATA, nullable=False),
        sa.Column("saved_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "owner", "version", name=op.f("pk_task_draft_past")),
    )
    op.add_column("task", sa.Column("passed_by", sa.String(200)))
    op.add_column("task", sa.Column("passed_reason", sa.Text))


def downgrade() -> None:
    op.drop_column("task", "passed_reason")
    op.drop_column("task", "passed_by")
    op.drop_table("task_draft_past")
