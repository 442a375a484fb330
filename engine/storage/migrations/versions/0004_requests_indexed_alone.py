"""Only events that carry out a request are in the index of requests: most carry out none"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NAME = "ux_event_request"
COLUMNS = ["instance_id", "request_id"]


def upgrade() -> None:
    asked = sa.text("request_id IS NOT NULL")
    op.drop_index(NAME, table_name="event")
    op.create_index(NAME, "event", COLUMNS, unique=True, postgresql_where=asked, sqlite_where=asked)


def downgrade() -> None:
    op.drop_index(NAME, table_name="event")
    op.create_index(NAME, "event", COLUMNS, unique=True)
