"""What a rakor settles, how it is fulfilled, and what is said in it"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NOTICES = ("escalation", "mail_task")
TABLES = (
    "meeting_statement", "agreement_file", "fulfilment_check", "fulfilment", "agreement_past",
    "agreement",
)  # fmt: skip

IN_STATE = (
    "status in ('noted', 'struck', 'fulfil', 'check', 'decide', 'fulfilled', 'void', 'withdrawn')"
)


def upgrade() -> None:
    _create_agreement()
    _create_past()
    _create_fulfilment()
    _create_check()
    _create_statement()
    for table in NOTICES:
        _add_reference(table)
    op.add_column(
        "meeting_institution",
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
    )
    op.add_column("meeting_institution", sa.Column("changed_at", UtcDateTime, nullable=True))
    op.add_column("meeting_institution", sa.Column("changed_by", sa.String(200), nullable=True))


def downgrade() -> None:
    for name in ("changed_by", "changed_at", "version"):
        op.drop_column("meeting_institution", name)
    op.execute(
        "DELETE FROM mail_item WHERE escalation_id IN"
        " (SELECT id FROM escalation WHERE agreement_id IS NOT NULL)"
    )
    for table in NOTICES:
        op.execute(f"DELETE FROM {table} WHERE agreement_id IS NOT NULL")
        _drop_reference(table)
    for table in TABLES:
        op.drop_table(table)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _constraint(table: str) -> str:
    return f"CONSTRAINT fk_{table}_agreement_id_agreement REFERENCES agreement (id)"


def _add_reference(table: str) -> None:
    kind = "CHAR(32)" if _on_sqlite() else "UUID"
    op.execute(f"ALTER TABLE {table} ADD COLUMN agreement_id {kind} {_constraint(table)}")


def _drop_reference(table: str) -> None:
    """Rows of other tables refer to these: replacing the table would delete them. SQLite documents
    this way for a constraint that does not affect the stored form."""
    if _on_sqlite():
        connection = op.get_bind()
        where = "FROM sqlite_master WHERE type = 'table' AND name = :name"
        sql = connection.execute(sa.text(f"SELECT sql {where}"), {"name": table}).scalar_one()
        changed, count = re.subn(r"\s+" + re.escape(_constraint(table)), "", sql, count=1)
        assert count == 1, f"{table} is as an earlier version made it"
        op.execute("PRAGMA writable_schema = ON")
        connection.execute(
            sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :name"),
            {"sql": changed, "name": table},
        )
        op.execute("PRAGMA writable_schema = RESET")
    op.drop_column(table, "agreement_id")


def _create_agreement() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(40), nullable=True),
        sa.Column("institution", sa.String(40), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("recommendation_id", ID, nullable=True),
        sa.Column("follow_up_id", ID, nullable=True),
        sa.Column("page", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("status_since", UtcDateTime, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        sa.Column("ended_at", UtcDateTime, nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(coalesce(holder, '') = 'institution') = (institution is not null)",
            name=op.f("ck_agreement_holder_named"),
        ),
        sa.CheckConstraint(
            "(holder is null) = (deadline is null) and (holder is not null or kind = 'directive')",
            name=op.f("ck_agreement_owed"),
        ),
        sa.CheckConstraint(
            "holder in ('institution', 'coordinator')", name=op.f("ck_agreement_holder")
        ),
        sa.CheckConstraint("kind in ('agreement', 'directive')", name=op.f("ck_agreement_kind")),
        sa.CheckConstraint(
            IN_STATE,
            name=op.f("ck_agreement_status"),
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_up.id"], name=op.f("fk_agreement_follow_up_id_follow_up")
        ),
        sa.ForeignKeyConstraint(
            ["institution"], ["institution.code"], name=op.f("fk_agreement_institution_institution")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agreement_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["page"], ["institution.code"], name=op.f("fk_agreement_page_institution")
        ),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_agreement_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_agreement_instance_id")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_agreement_meeting_id_number")),
    )
    op.create_index(op.f("ix_agreement_follow_up_id_id"), "agreement", ["follow_up_id", "id"])
    op.create_index(
        op.f("ix_agreement_institution_deadline_id"), "agreement", ["institution", "deadline", "id"]
    )
    op.create_index(
        "ix_agreement_owed",
        "agreement",
        ["deadline", "id"],
        postgresql_where=sa.text("status in ('fulfil', 'check', 'decide')"),
        sqlite_where=sa.text("status in ('fulfil', 'check', 'decide')"),
    )
    op.create_index(
        op.f("ix_agreement_recommendation_id_id"), "agreement", ["recommendation_id", "id"]
    )


def _create_past() -> None:
    op.create_table(
        "agreement_past",
        sa.Column("agreement_id", ID, nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("valid_to", UtcDateTime, nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(40), nullable=True),
        sa.Column("institution", sa.String(40), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.CheckConstraint(
            IN_STATE,
            name=op.f("ck_agreement_past_status"),
        ),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_agreement_past_span")),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_past_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "valid_from", name=op.f("pk_agreement_past")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_agreement_past_now",
        "agreement_past",
        ["agreement_id"],
        unique=True,
        sqlite_where=sa.text("valid_to is null"),
        postgresql_where=sa.text("valid_to is null"),
    )


def _create_fulfilment() -> None:
    op.create_table(
        "fulfilment",
        sa.Column("id", ID, nullable=False),
        sa.Column("agreement_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_fulfilment_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment")),
    )
    op.create_index(op.f("ix_fulfilment_agreement_id_id"), "fulfilment", ["agreement_id", "id"])
    op.create_table(
        "agreement_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("fulfilment_id", ID, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["fulfilment_id"],
            ["fulfilment.id"],
            name=op.f("fk_agreement_file_fulfilment_id_fulfilment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_file")),
    )
    op.create_index(
        op.f("ix_agreement_file_fulfilment_id_id"), "agreement_file", ["fulfilment_id", "id"]
    )
    op.create_index(op.f("ix_agreement_file_sha256"), "agreement_file", ["sha256"])


def _create_check() -> None:
    op.create_table(
        "fulfilment_check",
        sa.Column("id", ID, nullable=False),
        sa.Column("agreement_id", ID, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("new_deadline", sa.Date(), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("decided_at", UtcDateTime, nullable=True),
        sa.Column("decided_by", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "outcome in ('fulfilled', 'not_yet', 'void')", name=op.f("ck_fulfilment_check_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_fulfilment_check_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fulfilment_check")),
    )
    op.create_index(
        op.f("ix_fulfilment_check_agreement_id_id"), "fulfilment_check", ["agreement_id", "id"]
    )


def _create_statement() -> None:
    op.create_table(
        "meeting_statement",
        sa.Column("statement_id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("institution", sa.String(40), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution"],
            ["institution.code"],
            name=op.f("fk_meeting_statement_institution_institution"),
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_statement_meeting_id_meeting")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_meeting_statement_statement_id_statement"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_meeting_statement")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_meeting_statement_meeting_id_institution_statement_id"),
        "meeting_statement",
        ["meeting_id", "institution", "statement_id"],
    )
