"""On SQLite the primary key stores the rows of every step: fewer pages in every commit"""

from __future__ import annotations

from collections.abc import Callable

from alembic import op
from sqlalchemy import text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAMES = ("task", "task_candidate", "subscription", "job", "event", "counter_delta")
WITHOUT = " WITHOUT ROWID"


def upgrade() -> None:
    _rebuild(lambda table: table + WITHOUT)


def downgrade() -> None:
    _rebuild(lambda table: table.rstrip().removesuffix(WITHOUT))


def _rebuild(change: Callable[[str], str]) -> None:
    """Make each table again from its own CREATE statement, as SQLite's documentation describes."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    stored = "SELECT sql FROM sqlite_master WHERE tbl_name = :name AND type = :type AND sql > ''"
    for name in NAMES:
        (table,) = connection.scalars(text(stored), {"name": name, "type": "table"})
        indexes = connection.scalars(text(stored), {"name": name, "type": "index"}).all()
        op.execute(f"ALTER TABLE {name} RENAME TO old_{name}")
        op.execute(text(change(table)))
        op.execute(f"INSERT INTO {name} SELECT * FROM old_{name}")
        op.execute(f"DROP TABLE old_{name}")
        for index in indexes:
            op.execute(text(index))
