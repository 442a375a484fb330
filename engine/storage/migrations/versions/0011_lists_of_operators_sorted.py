"""Running instances and open incidents sorted by each of their columns"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RUNNING = ("ended_at IS NULL", "ended_at IS NULL")
OPEN = ("open", "open = 1")
OF_INSTANCES = ("started_at", "business_key", "started_by")
OF_INCIDENTS = ("at", "process_key", "element_name", "tries")


def upgrade() -> None:
    for by in OF_INSTANCES:
        _create(f"ix_instance_running_{by}", "instance", ["key", by, "id"], RUNNING)
    for by in OF_INCIDENTS:
        _create(f"ix_incident_open_{by}", "incident", [by, "id"], OPEN)
    _open_incidents(*OPEN)


def _open_incidents(on_postgresql: str, on_sqlite: str) -> None:
    """The former index was never used on SQLite, where a question says `open = 1`."""
    op.drop_index("ix_incident_open", "incident")
    _create("ix_incident_open", "incident", ["id"], (on_postgresql, on_sqlite))


def _create(name: str, table: str, columns: list[str], rows: tuple[str, str]) -> None:
    on_postgresql, on_sqlite = map(sa.text, rows)
    op.create_index(name, table, columns, postgresql_where=on_postgresql, sqlite_where=on_sqlite)


def downgrade() -> None:
    _open_incidents("open", "open")
    for by in OF_INCIDENTS:
        op.drop_index(f"ix_incident_open_{by}", "incident")
    for by in OF_INSTANCES:
        op.drop_index(f"ix_instance_running_{by}", "instance")
