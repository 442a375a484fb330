"""The rounds of comments on a draft, and changes of institutions after the issue"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PENDING = "approved is null and lapsed_at is null"
ONCE = "uq_comment_recommendation_id_institution"
ONCE_IN_A_ROUND = "uq_comment_recommendation_id_round_institution"


def upgrade() -> None:
    op.add_column("recommendation", _round())
    op.add_column(
        "recommendation_institution",
        sa.Column("taken_out_at", UtcDateTime(timezone=True), nullable=True),
    )
    with op.batch_alter_table("comment") as batch:
        batch.add_column(_round())
        batch.drop_constraint(op.f(ONCE), type_="unique")
        batch.create_unique_constraint(
            op.f(ONCE_IN_A_ROUND), ["recommendation_id", "round", "institution"]
        )
    _create_draft_round()
    _create_recipients_change()


def downgrade() -> None:
    op.drop_table("recipients_change")
    op.drop_table("draft_round")
    with op.batch_alter_table("comment") as batch:
        batch.drop_constraint(op.f(ONCE_IN_A_ROUND), type_="unique")
        batch.create_unique_constraint(op.f(ONCE), ["recommendation_id", "institution"])
        batch.drop_column("round")
    op.drop_column("recommendation_institution", "taken_out_at")
    op.drop_column("recommendation", "round")


def _round() -> sa.Column[int]:
    return sa.Column("round", sa.Integer(), nullable=False, server_default="1")


def _create_draft_round() -> None:
    op.create_table(
        "draft_round",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("content", DATA, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_draft_round_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "round", name=op.f("pk_draft_round")),
        sqlite_with_rowid=False,
    )


def _create_recipients_change() -> None:
    op.create_table(
        "recipients_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("added", DATA, nullable=False),
        sa.Column("taken_out", DATA, nullable=False),
        sa.Column("letter_number", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("lapsed_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recipients_change_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients_change")),
    )
    op.create_index(
        op.f("ix_recipients_change_recommendation_id_id"),
        "recipients_change",
        ["recommendation_id", "id"],
    )
    op.create_index(
        "uq_recipients_change_pending",
        "recipients_change",
        ["recommendation_id"],
        unique=True,
        sqlite_where=sa.text(PENDING),
        postgresql_where=sa.text(PENDING),
    )
