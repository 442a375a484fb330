"""An index of the follow-ups that have not ended, which most lists ask for"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RUNS = "status not in ('closed', 'withdrawn')"


def upgrade() -> None:
    where = sa.text(RUNS)
    op.create_index(
        "ix_follow_up_runs",
        "follow_up",
        ["deadline", "id"],
        postgresql_where=where,
        sqlite_where=where,
    )


def downgrade() -> None:
    op.drop_index("ix_follow_up_runs", "follow_up")
