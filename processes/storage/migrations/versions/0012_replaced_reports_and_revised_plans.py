"""Reports that were replaced, plans that were revised, who evaluates a follow-up"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ADDED = {
    "report": (
        ("replaced_at", UtcDateTime(timezone=True)),
        ("replaced_by", sa.String(length=200)),
        ("replaced_reason", sa.Text()),
    ),
    "plan": (("reason", sa.Text()),),
    "follow_up": (("evaluator", sa.String(length=200)),),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, type in columns:
            op.add_column(table, sa.Column(name, type))


def downgrade() -> None:
    for table, columns in ADDED.items():
        for name, _ in columns:
            op.drop_column(table, name)
