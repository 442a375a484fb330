"""Requests for approval"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.storage.database.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("details", engine.storage.database.types.DATA, nullable=False),
        sa.Column("proposed_by", sa.String(length=60), nullable=False),
        sa.Column(
            "proposed_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "expires_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column(
            "decided_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "act in ('rights', 'mail', 'link', 'reopen')", name=op.f("ck_approval_act")
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'approved', 'refused', 'withdrawn')",
            name=op.f("ck_approval_state"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_approval_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_user_id"), "approval", ["user_id", "state"])
    op.create_index(op.f("ix_approval_state"), "approval", ["state", "id"])


def downgrade() -> None:
    op.drop_table("approval")
