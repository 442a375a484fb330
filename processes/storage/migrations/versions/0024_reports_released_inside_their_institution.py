"""Reports that their institution's head releases before they are handed in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


RELEASED = ("report", "written_report")


def upgrade() -> None:
    op.add_column("institution", sa.Column("approval_since", UtcDateTime, nullable=True))
    op.add_column("report", sa.Column("handed_in_at", UtcDateTime, nullable=True))
    op.execute("UPDATE report SET handed_in_at = at")
    op.drop_index("ix_report_at_follow_up_id", "report")
    op.create_index(
        "ix_report_handed_in_at_follow_up_id", "report", ["handed_in_at", "follow_up_id"]
    )
    for name in ("handed_in_at", "sent_back_at"):
        op.add_column("written_report", sa.Column(name, UtcDateTime, nullable=True))
    op.execute("UPDATE written_report SET handed_in_at = at")
    op.create_table(
        "report_release",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=True),
        sa.Column("written_report_id", ID, nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "(report_id IS NULL) <> (written_report_id IS NULL)",
            name=op.f("ck_report_release_of_one"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"], [f"{table}.id"], name=f"fk_report_release_{table}_id_{table}"
            )
            for table in RELEASED
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_release"),
    )
    for table in RELEASED:
        op.create_index(f"ix_report_release_{table}_id_id", "report_release", [f"{table}_id", "id"])


def downgrade() -> None:
    op.drop_table("report_release")
    op.drop_index("ix_report_handed_in_at_follow_up_id", "report")
    op.create_index("ix_report_at_follow_up_id", "report", ["at", "follow_up_id"])
    # One that nobody has released counts as taken back.
    op.execute(
        "UPDATE report SET replaced_at = at, replaced_reason = '-'"
        " WHERE handed_in_at IS NULL AND replaced_at IS NULL"
    )
    op.drop_column("report", "handed_in_at")
    op.drop_column("written_report", "sent_back_at")
    op.drop_column("written_report", "handed_in_at")
    op.drop_column("institution", "approval_since")
