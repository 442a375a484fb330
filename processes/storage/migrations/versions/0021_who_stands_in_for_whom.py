"""Who stands in for whom"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

GIVEN = ("membership", "user_role")
"""What a stand-in has for a time."""


def upgrade() -> None:
    _create_stand_in()
    for table in GIVEN:
        _add_reference(table)


def downgrade() -> None:
    # Who stands in has no right of their own: it ends.
    for table in GIVEN:
        op.execute(f"DELETE FROM {table} WHERE stand_in_id IS NOT NULL")
        with op.batch_alter_table(table) as batch:
            batch.drop_column("stand_in_id")
    op.drop_table("stand_in")


def _create_stand_in() -> None:
    op.create_table(
        "stand_in",
        sa.Column("id", ID, nullable=False),
        sa.Column("post", sa.String(60), nullable=False),
        sa.Column("rank", sa.String(10), nullable=True),
        sa.Column("holder_id", ID, nullable=True),
        sa.Column("deputy_id", ID, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("letter", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.Column("named_by", sa.String(200), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(200), nullable=True),
        sa.CheckConstraint("rank in ('asdep', 'deputi', 'menko')", name=op.f("ck_stand_in_rank")),
        sa.CheckConstraint("kind in ('plt', 'plh')", name=op.f("ck_stand_in_kind")),
        sa.CheckConstraint(
            "state in ('planned', 'active', 'ended')", name=op.f("ck_stand_in_state")
        ),
        sa.CheckConstraint("to_day >= from_day", name=op.f("ck_stand_in_span")),
        *(
            sa.ForeignKeyConstraint([column], ["user.id"], name=f"fk_stand_in_{column}_user")
            for column in ("holder_id", "deputy_id")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_stand_in"),
    )
    for column in ("post", "deputy_id", "holder_id"):
        op.create_index(f"ix_stand_in_{column}_from_day", "stand_in", [column, "from_day"])


def _add_reference(table: str) -> None:
    kind = "CHAR(32)" if op.get_bind().dialect.name == "sqlite" else "UUID"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN stand_in_id {kind}"
        f" CONSTRAINT fk_{table}_stand_in_id_stand_in REFERENCES stand_in (id)"
    )
