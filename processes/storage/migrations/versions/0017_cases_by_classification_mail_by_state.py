"""Cases found by their classification, mail of one state in the order of writing"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_recommendation_classification_instance_id",
        "recommendation",
        ["classification", "instance_id"],
    )
    op.create_index("ix_mail_state_created_at_id", "mail", ["state", "created_at", "id"])
    op.drop_index("ix_mail_state_id", "mail")


def downgrade() -> None:
    op.create_index("ix_mail_state_id", "mail", ["state", "id"])
    op.drop_index("ix_mail_state_created_at_id", "mail")
    op.drop_index("ix_recommendation_classification_instance_id", "recommendation")
