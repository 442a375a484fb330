"""A digest tells of tasks of owners' own processes too: they belong to no recommendation"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mail_task") as table:
        table.alter_column("recommendation_id", nullable=True)


def downgrade() -> None:
    op.execute("delete from mail_task where recommendation_id is null")
    with op.batch_alter_table("mail_task") as table:
        table.alter_column("recommendation_id", nullable=False)
