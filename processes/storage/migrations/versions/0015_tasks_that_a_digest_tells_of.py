"""The tasks that a digest tells of: what waits for a decision, and deadlines that moved"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None

NEWS = "news in ('opened', 'handed', 'given_back', 'taken', 'moved')"


def upgrade() -> None:
    op.create_table(
        "mail_task",
        sa.Column("mail_id", ID, nullable=False),
        sa.Column("task_id", ID, nullable=False),
        sa.Column("news", sa.String(40), nullable=False),
        sa.Column("recommendation_id", ID, nullable=False),
        sa.Column("follow_up_id", ID),
        sa.Column("was_due", UtcDateTime),
        sa.Column("given_by", sa.String(120), nullable=False),
        sa.Column("given_to", sa.String(120), nullable=False),
        sa.CheckConstraint(NEWS, name=op.f("ck_mail_task_news")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_mail_task_mail_id_mail"),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name="fk_mail_task_recommendation_id_recommendation",
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name="fk_mail_task_follow_up_id_follow_up"
        ),
        sa.PrimaryKeyConstraint("mail_id", "task_id", "news", name="pk_mail_task"),
    )


def downgrade() -> None:
    op.drop_table("mail_task")
