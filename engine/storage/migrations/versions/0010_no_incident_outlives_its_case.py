"""An incident ends with its case: those that outlived theirs are closed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

incident = sa.table(
    "incident",
    sa.column("id", ID),
    sa.column("instance_id", ID),
    sa.column("command", DATA),
    sa.column("open", sa.Boolean),
)
instance = sa.table("instance", sa.column("id", ID), sa.column("status", sa.String))


def upgrade() -> None:
    connection = op.get_bind()
    ended = sa.select(incident.c.id, incident.c.command, instance.c.status).where(
        incident.c.open, incident.c.instance_id == instance.c.id, instance.c.status != "active"
    )
    outlived = [
        found.id
        for found in connection.execute(ended)
        # What was sent before a natural end may still reach somebody.
        if found.command["kind"] != "send" or found.status == "withdrawn"
    ]
    for id in outlived:
        connection.execute(sa.update(incident).where(incident.c.id == id).values(open=False))


def downgrade() -> None:
    """Closed they stay: nothing is left to repair."""
