"""A draft stores the content that its first change replaced"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Existing drafts count as based on the present version.
FILL = """
UPDATE draft SET base = (
    SELECT f.sha256 FROM definition_file f JOIN definition d ON d.id = f.definition_id
    WHERE d.key = draft.key AND f.name = draft.name
    AND d.number = (SELECT max(o.number) FROM definition o WHERE o.key = d.key)
)
"""


def upgrade() -> None:
    op.add_column("draft", sa.Column("base", sa.String(length=64)))
    op.execute(FILL)


def downgrade() -> None:
    op.drop_column("draft", "base")
