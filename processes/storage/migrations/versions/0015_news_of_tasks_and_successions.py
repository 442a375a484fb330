"""The tasks that a digest tells of, and follow-ups that went to a successor"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0015"
down_revision = "0014"
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
    op.create_table(
        "succession",
        sa.Column("id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("institution", sa.String(40), nullable=False),
        sa.Column("successor", sa.String(40), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("carried_into", ID),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name="fk_succession_follow_up_id_follow_up"
        ),
        sa.ForeignKeyConstraint(
            ["carried_into"], ["follow_up.id"], name="fk_succession_carried_into_follow_up"
        ),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.code"], name="fk_succession_institution_institution"
        ),
        sa.ForeignKeyConstraint(
            ["successor"], ["institution.code"], name="fk_succession_successor_institution"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_succession"),
    )
    op.create_index(
        "ix_succession_institution_follow_up_id", "succession", ["institution", "follow_up_id"]
    )
    op.create_index("ix_succession_follow_up_id_id", "succession", ["follow_up_id", "id"])


def downgrade() -> None:
    op.drop_table("succession")
    op.drop_table("mail_task")
