"""When a follow-up was left to finish that was to be carried over"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import UtcDateTime

revision = "0029"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("follow_up", sa.Column("left_to_finish_at", UtcDateTime, nullable=True))


def downgrade() -> None:
    op.drop_column("follow_up", "left_to_finish_at")
