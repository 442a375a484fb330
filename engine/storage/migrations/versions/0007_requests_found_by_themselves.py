"""A request is found by its id alone: a caller that repeats it may not know its instance"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = "ux_event_request"
ASKED = sa.text("request_id IS NOT NULL")


def _index(*columns: str) -> None:
    op.drop_index(NAME, table_name="event")
    op.create_index(
        NAME, "event", [*columns], unique=True, postgresql_where=ASKED, sqlite_where=ASKED
    )


def upgrade() -> None:
    _index("request_id", "instance_id")


def downgrade() -> None:
    _index("instance_id", "request_id")
