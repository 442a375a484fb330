"""Accounts of programs, and tokens that work on topics"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BEFORE = "act in ('rights', 'mail', 'link', 'reopen')"
AFTER = "act in ('rights', 'mail', 'link', 'reopen', 'topics')"
ONLY_PERSONS = (
    "kind = 'person' OR (password_hash IS NULL AND email = '' AND clearance = 'ordinary')"
)


def upgrade() -> None:
    # The checks belong to the added columns, so SQLite needs no new table. A new table would delete
    # all rows that refer to a user.
    kind = sa.Column(
        "kind",
        sa.String(length=7),
        sa.CheckConstraint("kind in ('person', 'service')", name=op.f("ck_user_kind")),
        sa.CheckConstraint(ONLY_PERSONS, name=op.f("ck_user_service")),
        nullable=False,
        server_default="person",
    )
    op.add_column("user", kind)
    op.add_column("token", sa.Column("topics", DATA, nullable=True))
    both = sa.CheckConstraint(
        "(topics IS NULL) = (case_topics IS NULL)", name=op.f("ck_token_topics")
    )
    op.add_column("token", sa.Column("case_topics", DATA, both, nullable=True))
    _change_acts(AFTER)


def downgrade() -> None:
    # The rows of programs are deleted with their accounts; nobody else could use them.
    op.execute("DELETE FROM token WHERE topics IS NOT NULL")
    op.execute("DELETE FROM approval WHERE act = 'topics'")
    op.execute("UPDATE \"user\" SET active = false WHERE kind = 'service'")
    _change_acts(BEFORE)
    op.drop_column("token", "case_topics")
    op.drop_column("token", "topics")
    op.drop_column("user", "kind")


def _change_acts(check: str) -> None:
    """The acts that may wait for a second administrator."""
    with op.batch_alter_table("approval") as batch:
        batch.drop_constraint(op.f("ck_approval_act"), type_="check")
        batch.create_check_constraint(op.f("ck_approval_act"), check)
