"""Requests for reports, and the written reports on progress that answer them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CLASSIFICATIONS = "classification in ('ordinary', 'restricted', 'secret', 'top_secret')"
URGENCIES = "urgency in ('ordinary', 'urgent', 'very_urgent')"
STATES = "state in ('sending', 'asked', 'answered', 'dropped')"
NOT_DUE = "not_due in ('final_report', 'closed', 'withdrawn', 'carried_over', 'let_off')"
INDEXES = (
    ("report_request_part", ("request_id", "institution", "id")),
    ("report_request_part", ("institution", "request_id", "state")),
    ("report_request_case", ("follow_up_id", "part_id")),
    ("written_report", ("part_id", "id")),
    ("written_answer", ("follow_up_id", "id")),
    ("written_answer", ("written_report_id", "id")),
)


def _of(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{key}"], name=f"fk_{table}_{column}_{other}"
    )


def upgrade() -> None:
    op.add_column("evidence", sa.Column("answer_id", ID))
    op.create_index("ix_evidence_answer_id", "evidence", ["answer_id"])
    op.create_table(
        "report_request",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("unasked", sa.Boolean(), nullable=False),
        sa.Column("letter_number", sa.String(200)),
        sa.Column("letter_date", sa.Date()),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.CheckConstraint(CLASSIFICATIONS, name=op.f("ck_report_request_classification")),
        sa.PrimaryKeyConstraint("id", name="pk_report_request"),
        sa.UniqueConstraint("number", name="uq_report_request_number"),
    )
    _create_parts()
    _create_letters()
    for table, columns in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def _create_parts() -> None:
    part = "report_request_part"
    op.create_table(
        part,
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("institution", sa.String(40), nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("recommendation_id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_since", UtcDateTime, nullable=False),
        sa.Column("dropped_reason", sa.Text()),
        sa.Column("dropped_by", sa.String(200)),
        sa.CheckConstraint(STATES, name=op.f("ck_report_request_part_state")),
        _of(part, "request_id", "report_request"),
        _of(part, "institution", "institution", "code"),
        _of(part, "recommendation_id", "recommendation"),
        _of(part, "follow_up_id", "follow_up"),
        sa.PrimaryKeyConstraint("id", name="pk_report_request_part"),
        sa.UniqueConstraint("instance_id", name="uq_report_request_part_instance_id"),
    )
    op.create_table(
        "report_request_case",
        sa.Column("part_id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("not_due", sa.String(40)),
        sa.Column("not_due_since", UtcDateTime),
        sa.CheckConstraint(NOT_DUE, name=op.f("ck_report_request_case_not_due")),
        _of("report_request_case", "part_id", part),
        _of("report_request_case", "follow_up_id", "follow_up"),
        sa.PrimaryKeyConstraint("part_id", "follow_up_id", name="pk_report_request_case"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "report_request_past",
        sa.Column("part_id", ID, nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("valid_to", UtcDateTime),
        sa.Column("state", sa.String(40), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_report_request_past_state")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_report_request_past_span")),
        _of("report_request_past", "part_id", part),
        sa.PrimaryKeyConstraint("part_id", "valid_from", name="pk_report_request_past"),
        sqlite_with_rowid=False,
    )
    now = sa.text("valid_to is null")
    op.create_index(
        "uq_report_request_past_now", "report_request_past", ["part_id"], unique=True,
        sqlite_where=now, postgresql_where=now,
    )  # fmt: skip


def _create_letters() -> None:
    op.create_table(
        "written_report",
        sa.Column("id", ID, nullable=False),
        sa.Column("part_id", ID, nullable=False),
        sa.Column("institution", sa.String(40), nullable=False),
        sa.Column("receipt_number", sa.String(40)),
        sa.Column("receipt_at", UtcDateTime),
        sa.Column("letter_number", sa.String(200), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=False),
        sa.Column("urgency", sa.String(40), nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("signatory", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.CheckConstraint(URGENCIES, name=op.f("ck_written_report_urgency")),
        sa.CheckConstraint(CLASSIFICATIONS, name=op.f("ck_written_report_classification")),
        _of("written_report", "part_id", "report_request_part"),
        _of("written_report", "institution", "institution", "code"),
        sa.PrimaryKeyConstraint("id", name="pk_written_report"),
        sa.UniqueConstraint("receipt_number", name="uq_written_report_receipt_number"),
    )
    op.create_table(
        "written_answer",
        sa.Column("id", ID, nullable=False),
        sa.Column("written_report_id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text()),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_written_answer_percent")),
        _of("written_answer", "written_report_id", "written_report"),
        _of("written_answer", "follow_up_id", "follow_up"),
        sa.PrimaryKeyConstraint("id", name="pk_written_answer"),
    )


def downgrade() -> None:
    for table in (
        "written_answer", "written_report", "report_request_past", "report_request_case",
        "report_request_part", "report_request",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_index("ix_evidence_answer_id", "evidence")
    op.drop_column("evidence", "answer_id")
