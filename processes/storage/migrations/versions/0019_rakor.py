"""The rakor, and notices and scans of one"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

STATES = ("prepare", "approve", "invite", "invited", "minutes", "sign", "signed", "cancelled")
CLASSES = ("ordinary", "restricted", "secret", "top_secret")
ONE = "recommendation_id"
NOTICES = ("escalation", "mail", "mail_task")
"""Tables of notices: each is of a recommendation, or of a rakor."""
OPTIONAL = ("escalation", "mail_task")
"""Those of them that were always of a recommendation."""


def upgrade() -> None:
    # The table named `meeting` held the minutes of one recommendation.
    _carry("meeting", "recommendation_meeting")
    _create_meeting()
    _create_past()
    _create_covered()
    _create_positions()
    for name in OPTIONAL:
        _let_be_null(name, ONE, nullable=True)
    for name in NOTICES:
        op.add_column(name, sa.Column("meeting_id", ID, nullable=True))
        _refer(name)
    op.create_index("ix_mail_meeting_id_id", "mail", ["meeting_id", "id"])
    _scans(("reminder_letter", "receipt", "minutes"), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM signed_scan WHERE document = 'minutes'")
    _scans(("reminder_letter", "receipt"), nullable=False)
    op.execute(
        "DELETE FROM mail_item WHERE escalation_id IN"
        " (SELECT id FROM escalation WHERE recommendation_id IS NULL)"
    )
    for name in OPTIONAL:
        op.execute(f"DELETE FROM {name} WHERE recommendation_id IS NULL")
    op.drop_index("ix_mail_meeting_id_id", "mail")
    for name in NOTICES:
        if not _on_sqlite():
            op.drop_constraint(f"fk_{name}_meeting_id_meeting", name, type_="foreignkey")
        op.drop_column(name, "meeting_id")
    for name in OPTIONAL:
        _let_be_null(name, ONE, nullable=False)
    for name in (
        "meeting_change", "meeting_position", "meeting_institution", "meeting_recommendation",
        "meeting_past", "meeting",
    ):  # fmt: skip
        op.drop_table(name)
    _carry("recommendation_meeting", "meeting")


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _one_of(table: str, column: str, values: Iterable[str]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} in ({listed})", name=op.f(f"ck_{table}_{column}"))


def _foreign(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.{key}"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def _carry(before: str, after: str) -> None:
    """The rows of one table in a table of another name: names of constraints follow it."""
    op.create_table(
        after,
        sa.Column("id", ID, nullable=False),
        sa.Column("recommendation_id", ID, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("invitation", sa.Text(), nullable=True),
        sa.Column("chair", sa.String(200), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Text(), nullable=True),
        sa.Column("agreements", DATA, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        _foreign(after, "recommendation_id", "recommendation"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{after}")),
    )
    op.execute(f"INSERT INTO {after} SELECT * FROM {before}")
    op.drop_table(before)
    op.create_index(op.f(f"ix_{after}_recommendation_id_id"), after, ["recommendation_id", "id"])


def _create_meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", ID, nullable=False),
        sa.Column("instance_id", ID, nullable=False),
        sa.Column("number", sa.String(40), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("hour", sa.String(40), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("chair", sa.String(200), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=True),
        sa.Column("guests", sa.Text(), nullable=True),
        sa.Column("letter_number", sa.String(200), nullable=True),
        sa.Column("previous_id", ID, nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=True),
        sa.Column("invited_at", UtcDateTime, nullable=True),
        sa.Column("held_at", UtcDateTime, nullable=True),
        sa.Column("attendance", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Text(), nullable=True),
        sa.Column("press_statement", sa.Text(), nullable=True),
        sa.Column("minutes_at", UtcDateTime, nullable=True),
        sa.Column("signed_at", UtcDateTime, nullable=True),
        sa.Column("signed_by", sa.String(200), nullable=True),
        _one_of("meeting", "state", STATES),
        _one_of("meeting", "classification", CLASSES),
        _foreign("meeting", "previous_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_meeting_instance_id")),
        sa.UniqueConstraint("number", name=op.f("uq_meeting_number")),
    )
    for columns in (
        ["state", "id"], ["classification", "instance_id"], ["held_on", "id"], ["previous_id"]
    ):  # fmt: skip
        op.create_index(op.f(f"ix_meeting_{'_'.join(columns)}"), "meeting", columns)


def _create_past() -> None:
    op.create_table(
        "meeting_past",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("valid_from", UtcDateTime, nullable=False),
        sa.Column("valid_to", UtcDateTime, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        _one_of("meeting_past", "state", STATES),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_meeting_past_span")),
        _foreign("meeting_past", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("meeting_id", "valid_from", name=op.f("pk_meeting_past")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_meeting_past_now",
        "meeting_past",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("valid_to is null"),
        postgresql_where=sa.text("valid_to is null"),
    )


def _create_covered() -> None:
    op.create_table(
        "meeting_recommendation",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("recommendation_id", ID, nullable=False),
        _foreign("meeting_recommendation", "meeting_id", "meeting"),
        _foreign("meeting_recommendation", "recommendation_id", "recommendation"),
        sa.PrimaryKeyConstraint(
            "meeting_id", "recommendation_id", name=op.f("pk_meeting_recommendation")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_meeting_recommendation_recommendation_id_meeting_id"),
        "meeting_recommendation",
        ["recommendation_id", "meeting_id"],
    )
    op.create_table(
        "meeting_institution",
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("institution", sa.String(40), nullable=False),
        sa.Column("letter_number", sa.String(200), nullable=True),
        sa.Column("sent_at", UtcDateTime, nullable=True),
        sa.Column("answered_at", UtcDateTime, nullable=True),
        sa.Column("attendance", sa.String(40), nullable=True),
        sa.Column("attended_by", sa.Text(), nullable=True),
        _one_of("meeting_institution", "attendance", ("present", "represented", "absent")),
        _foreign("meeting_institution", "meeting_id", "meeting"),
        _foreign("meeting_institution", "institution", "institution", "code"),
        sa.PrimaryKeyConstraint("meeting_id", "institution", name=op.f("pk_meeting_institution")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_meeting_institution_institution_meeting_id"),
        "meeting_institution",
        ["institution", "meeting_id"],
    )


def _create_positions() -> None:
    op.create_table(
        "meeting_position",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=True),
        sa.Column("requests", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        _foreign("meeting_position", "meeting_id", "meeting"),
        _foreign("meeting_position", "follow_up_id", "follow_up"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_position")),
        sa.UniqueConstraint(
            "meeting_id", "follow_up_id", name=op.f("uq_meeting_position_meeting_id_follow_up_id")
        ),
    )
    op.create_index(
        op.f("ix_meeting_position_follow_up_id_id"), "meeting_position", ["follow_up_id", "id"]
    )
    op.create_table(
        "meeting_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("meeting_id", ID, nullable=False),
        sa.Column("was_on", sa.Date(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("by", sa.String(200), nullable=True),
        _foreign("meeting_change", "meeting_id", "meeting"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
    )
    op.create_index(op.f("ix_meeting_change_meeting_id_id"), "meeting_change", ["meeting_id", "id"])


def _scans(documents: Iterable[str], *, nullable: bool) -> None:
    listed = ", ".join(f"'{one}'" for one in documents)
    with op.batch_alter_table("signed_scan") as batch:
        batch.drop_constraint(op.f("ck_signed_scan_document"), type_="check")
        batch.create_check_constraint(op.f("ck_signed_scan_document"), f"document in ({listed})")
        batch.alter_column("follow_up_id", existing_type=ID, nullable=nullable)


def _let_be_null(name: str, column: str, *, nullable: bool) -> None:
    """SQLite writes such a table anew. Other rows refer to it, which a renamed copy would lose: so
    it is dropped and made again under its name, with the references looked at in the end."""
    if not _on_sqlite():
        op.alter_column(name, column, existing_type=ID, nullable=nullable)
        return
    loose, strict = f"{column} CHAR(32)", f"{column} CHAR(32) NOT NULL"
    before, after = (f"{strict},", f"{loose},") if nullable else (f"{loose},", f"{strict},")
    _made_again(name, before, after)


def _refer(name: str) -> None:
    """The added column refers to a rakor."""
    if _on_sqlite():
        column = "meeting_id CHAR(32)"
        _made_again(name, column, f"{column} REFERENCES meeting (id)")
    else:
        op.create_foreign_key(f"fk_{name}_meeting_id_meeting", name, "meeting", ["meeting_id"],
                              ["id"])  # fmt: skip


def _made_again(name: str, before: str, after: str) -> None:
    connection = op.get_bind()
    made = sa.text("SELECT sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL")
    table, *indexes = [row[0] for row in connection.execute(made, {"name": name})]
    assert before in table, f"{name} is not as it was: {table}"
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE kept_{name} AS SELECT * FROM {name}")
    op.execute(f"DROP TABLE {name}")
    op.execute(table.replace(before, after, 1))
    op.execute(f"INSERT INTO {name} SELECT * FROM kept_{name}")
    op.execute(f"DROP TABLE kept_{name}")
    for index in indexes:
        op.execute(index)
