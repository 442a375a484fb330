"""Ordered compilations with their files, templates that an office brought, and two indexes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID, UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _orders()
    _templates()
    op.create_index("ix_recommendation_letter_number_id", "recommendation", ["letter_number", "id"])
    op.create_index("ix_report_at_follow_up_id", "report", ["at", "follow_up_id"])


def _orders() -> None:
    op.create_table(
        "compilation_order",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("selection", DATA, nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("classification", sa.String(40), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'making', 'ready', 'refused', 'empty', 'expired')",
            name=op.f("ck_compilation_order_state"),
        ),
        sa.CheckConstraint(
            "classification in ('ordinary', 'restricted', 'secret', 'top_secret')",
            name=op.f("ck_compilation_order_classification"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_compilation_order"),
    )
    op.create_index("ix_compilation_order_user_id_id", "compilation_order", ["user_id", "id"])
    op.create_index(
        "ix_compilation_order_state_expires_at", "compilation_order", ["state", "expires_at"]
    )
    op.create_table(
        "compilation_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["compilation_order.id"],
            name="fk_compilation_file_order_id_compilation_order",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_compilation_file"),
    )
    op.create_index("ix_compilation_file_order_id", "compilation_file", ["order_id"])
    op.create_index("ix_compilation_file_sha256", "compilation_file", ["sha256"])


def _templates() -> None:
    op.create_table(
        "document_template",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document_template"),
    )
    op.create_index(
        "ix_document_template_kind_language_id", "document_template", ["kind", "language", "id"]
    )
    op.create_index("ix_document_template_sha256", "document_template", ["sha256"])
    op.create_table(
        "template_choice",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("template_id", ID, nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["document_template.id"],
            name="fk_template_choice_template_id_document_template",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_template_choice"),
    )
    op.create_index(
        "ix_template_choice_kind_language_id", "template_choice", ["kind", "language", "id"]
    )


def downgrade() -> None:
    op.drop_index("ix_report_at_follow_up_id", "report")
    op.drop_index("ix_recommendation_letter_number_id", "recommendation")
    for table in ("template_choice", "document_template", "compilation_file", "compilation_order"):
        op.drop_table(table)
