"""Each entry of the audit keeps the number of the form its hash was made by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit", sa.Column("form", sa.SmallInteger, nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("audit", "form")
