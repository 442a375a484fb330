"""The reason of a failure is stored as a sentence that can be translated"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.sentences.sentence import Sentence
from engine.storage.cases.incidents import dump_sentence, load_sentence
from engine.storage.database.types import DATA, ID

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Earlier texts stay as they are.
    _convert(sa.Text(), DATA, lambda text: dump_sentence(Sentence("{text}", {"text": text})))


def downgrade() -> None:
    _convert(DATA, sa.Text(), lambda stored: str(load_sentence(stored)))


def _convert(before: Any, after: Any, read: Callable[[Any], Any]) -> None:
    """Give the column another type: SQLite cannot change a type in place."""
    op.add_column("job", sa.Column("why", after))
    job = sa.table("job", sa.column("id", ID), sa.column("error", before), sa.column("why", after))
    connection = op.get_bind()
    failed = sa.select(job.c.id, job.c.error).where(job.c.error.is_not(None))
    for id, error in connection.execute(failed).all():
        connection.execute(job.update().where(job.c.id == id).values(why=read(error)))
    op.drop_column("job", "error")
    op.execute("ALTER TABLE job RENAME COLUMN why TO error")
