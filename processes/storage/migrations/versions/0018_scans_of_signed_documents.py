"""Scans of signed documents: which file signs which document"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_scan",
        sa.Column("id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("about", ID, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "document in ('reminder_letter', 'receipt')", name=op.f("ck_signed_scan_document")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name="fk_signed_scan_follow_up_id_follow_up"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_signed_scan"),
    )
    op.create_index("ix_signed_scan_about_id", "signed_scan", ["about", "id"])
    op.create_index("ix_signed_scan_sha256", "signed_scan", ["sha256"])


def downgrade() -> None:
    op.drop_table("signed_scan")
