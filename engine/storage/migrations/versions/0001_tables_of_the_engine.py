"""Tables of the engine"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.storage.database.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_counter")),
    )
    op.create_table(
        "counter_delta",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_delta")),
    )
    op.create_table(
        "definition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("calls", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shipped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_definition_key_number")),
    )
    op.create_table(
        "definition_file",
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("definition_id", "name", name=op.f("pk_definition_file")),
    )
    op.create_table(
        "deployment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "draft",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column(
            "saved_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("key", "name", name=op.f("pk_draft")),
    )
    op.create_table(
        "event",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("request_id", sa.String(length=200), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "seq", name=op.f("pk_event")),
    )
    op.create_index("ux_event_request", "event", ["instance_id", "request_id"], unique=True)
    op.create_table(
        "external_task",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("inputs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_external_task")),
    )
    op.create_table(
        "file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_file")),
    )
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_name", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("advice", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("command", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column(
            "received_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_instance_id", "incident", ["instance_id", "open"], unique=False)
    op.create_index(
        "ix_incident_open",
        "incident",
        ["id"],
        unique=False,
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open"),
    )
    op.create_table(
        "instance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("business_key", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "started_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("started_by", sa.String(length=200), nullable=True),
        sa.Column(
            "ended_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.CheckConstraint(
            "status IN ('active', 'completed', 'withdrawn', 'failed')",
            name=op.f("ck_instance_status"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_index(
        "ix_instance_business_key", "instance", ["business_key", "status"], unique=False
    )
    op.create_index("ix_instance_key_status_id", "instance", ["key", "status", "id"], unique=False)
    op.create_table(
        "instance_state",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_instance_state")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "due_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("instance_id", sa.Uuid(), nullable=True),
        sa.Column("token", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("status IN ('ready', 'dead')", name=op.f("ck_job_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("ix_job_instance_id", "job", ["instance_id"], unique=False)
    op.create_index(
        "ix_job_ready_due",
        "job",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'ready'"),
        sqlite_where=sa.text("status = 'ready'"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "dropped_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_name_key_id", "message", ["name", "key", "id"], unique=False)
    op.create_table(
        "series",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_series")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "subscription",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_subscription")),
    )
    op.create_index("ix_subscription_message_key", "subscription", ["message", "key"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("process_key", sa.String(length=200), nullable=False),
        sa.Column("business_key", sa.String(length=255), nullable=True),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token", sa.Uuid(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("assignee", sa.String(length=200), nullable=True),
        sa.Column("candidate_users", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("candidate_groups", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("form_ref", sa.String(length=255), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "created_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "due_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "follow_up_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "held_since", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("repairing", sa.Boolean(), nullable=False),
        sa.Column(
            "ended_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'completed', 'cancelled')", name=op.f("ck_task_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_instance_id", "task", ["instance_id", "status"], unique=False)
    op.create_index(
        "ix_task_open_due",
        "task",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "task_candidate",
        sa.Column("principal", sa.String(length=255), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column(
            "sort_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("principal", "task_id", name=op.f("pk_task_candidate")),
    )
    op.create_index(
        "ix_task_candidate_principal_sort", "task_candidate", ["principal", "sort_at"], unique=False
    )
    op.create_index("ix_task_candidate_task_id", "task_candidate", ["task_id"], unique=False)
    op.create_table(
        "task_draft",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "saved_at", engine.storage.database.types.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("task_id", "owner", name=op.f("pk_task_draft")),
    )


def downgrade() -> None:
    op.drop_table("task_draft")
    op.drop_index("ix_task_candidate_task_id", table_name="task_candidate")
    op.drop_index("ix_task_candidate_principal_sort", table_name="task_candidate")
    op.drop_table("task_candidate")
    op.drop_index(
        "ix_task_open_due",
        table_name="task",
        postgresql_where=sa.text("status = 'open'"),
        sqlite_where=sa.text("status = 'open'"),
    )
    op.drop_index("ix_task_instance_id", table_name="task")
    op.drop_table("task")
    op.drop_index("ix_subscription_message_key", table_name="subscription")
    op.drop_table("subscription")
    op.drop_table("setting")
    op.drop_table("series")
    op.drop_index("ix_message_name_key_id", table_name="message")
    op.drop_table("message")
    op.drop_index(
        "ix_job_ready_due",
        table_name="job",
        postgresql_where=sa.text("status = 'ready'"),
        sqlite_where=sa.text("status = 'ready'"),
    )
    op.drop_index("ix_job_instance_id", table_name="job")
    op.drop_table("job")
    op.drop_table("instance_state")
    op.drop_index("ix_instance_key_status_id", table_name="instance")
    op.drop_index("ix_instance_business_key", table_name="instance")
    op.drop_table("instance")
    op.drop_index(
        "ix_incident_open",
        table_name="incident",
        postgresql_where=sa.text("open"),
        sqlite_where=sa.text("open"),
    )
    op.drop_index("ix_incident_instance_id", table_name="incident")
    op.drop_table("incident")
    op.drop_table("file")
    op.drop_table("external_task")
    op.drop_index("ux_event_request", table_name="event")
    op.drop_table("event")
    op.drop_table("draft")
    op.drop_table("deployment")
    op.drop_table("definition_file")
    op.drop_table("definition")
    op.drop_table("counter_delta")
    op.drop_table("counter")
