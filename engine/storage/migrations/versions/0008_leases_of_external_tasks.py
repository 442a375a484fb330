"""External workers fetch external tasks: holder and end of the lease, and failures"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

FREE = sa.text("incident_id IS NULL AND leased_until IS NULL")
LEASED = sa.text("incident_id IS NULL AND leased_until IS NOT NULL")
KEPT = "instance_id, token, topic, element_id, created_at"


def upgrade() -> None:
    op.rename_table("external_task", "old_external_task")
    _drop_primary_key()
    op.create_table(
        "external_task",
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("token", ID, nullable=False),
        sa.Column("definition_id", ID, nullable=False),
        sa.Column("process_key", sa.String(200), nullable=False),
        sa.Column("business_key", sa.String(255)),
        sa.Column("element_id", sa.String(255), nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("worker", sa.String(255)),
        sa.Column("leased_at", UtcDateTime),
        sa.Column("leased_until", UtcDateTime),
        sa.Column("retries", sa.Integer),
        sa.Column("error_message", sa.Text),
        sa.Column("error_details", sa.Text),
        sa.Column("incident_id", ID),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_external_task")),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"""INSERT INTO external_task
            ({KEPT}, definition_id, process_key, business_key, priority)
        SELECT old.instance_id, old.token, old.topic, old.element_id, old.created_at,
            instance.definition_id, instance.key, instance.business_key, 0
        FROM old_external_task AS old JOIN instance ON instance.id = old.instance_id"""
    )
    op.drop_table("old_external_task")
    op.create_index("ux_external_task_token", "external_task", ["token"], unique=True)
    op.create_index(
        "ix_external_task_topic",
        "external_task",
        ["topic", sa.text("priority DESC"), "created_at", "token"],
        postgresql_where=FREE,
        sqlite_where=FREE,
    )
    op.create_index(
        "ix_external_task_leased_until",
        "external_task",
        ["topic", "leased_until"],
        postgresql_where=LEASED,
        sqlite_where=LEASED,
    )
    op.create_table(
        "worker",
        sa.Column("worker", sa.String(255), nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("seen_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("worker", "topic", name=op.f("pk_worker")),
    )
    op.create_index("ix_worker_topic", "worker", ["topic", "seen_at"])


def downgrade() -> None:
    op.drop_table("worker")
    op.rename_table("external_task", "new_external_task")
    _drop_primary_key("new_external_task")
    for name in ("ux_external_task_token", "ix_external_task_topic",
                 "ix_external_task_leased_until"):  # fmt: skip
        op.drop_index(name, table_name="new_external_task")
    op.create_table(
        "external_task",
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("token", ID, nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("element_id", sa.String(255), nullable=False),
        sa.Column("inputs", DATA, nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_external_task")),
    )
    op.execute(
        f"INSERT INTO external_task ({KEPT}, inputs) SELECT {KEPT}, '{{}}' FROM new_external_task"
    )
    op.drop_table("new_external_task")


def _drop_primary_key(table: str = "old_external_task") -> None:
    """PostgreSQL keeps the name of the constraint with the renamed table."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_external_task", table, type_="primary")
