"""Several links at once, and failed attempts since the last sign-in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.storage.database.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("uq_invitation_user_id", table_name="invitation")
    op.create_index("ix_invitation_user_id", "invitation", ["user_id"])
    op.create_table(
        "failed_sign_in",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "last_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_failed_sign_in_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_failed_sign_in")),
    )


def downgrade() -> None:
    op.drop_table("failed_sign_in")
    # One link for each user again, because nobody knows which of several has reached its owner.
    op.execute("DELETE FROM invitation")
    op.drop_index("ix_invitation_user_id", table_name="invitation")
    op.create_index("uq_invitation_user_id", "invitation", ["user_id"], unique=True)
