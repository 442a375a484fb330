"""An index for the total size of the uploads of one account"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_upload_owner", "upload", ["owner"])


def downgrade() -> None:
    op.drop_index("ix_upload_owner", table_name="upload")
