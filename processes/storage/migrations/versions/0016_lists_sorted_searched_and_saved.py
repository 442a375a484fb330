"""Lists that are sorted, searched and saved: words, saved lists, and the indexes of both"""

from __future__ import annotations

import re
from collections import defaultdict
from unicodedata import combining, normalize
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import ID, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STANDING = sa.text("ended_at is null")
PLAIN = (
    ("ix_follow_up_status_verdict", "follow_up", ["status", "verdict", "deadline", "id"]),
    ("ix_follow_up_status_since_id", "follow_up", ["status_since", "id"]),
    ("ix_recommendation_deadline_id", "recommendation", ["deadline", "id"]),
    ("ix_recommendation_issued_at_id", "recommendation", ["issued_at", "id"]),
    ("ix_recommendation_priority_id", "recommendation", ["priority", "id"]),
    ("ix_recommendation_created_by_id", "recommendation", ["created_by", "id"]),
    ("ix_comment_by_recommendation_id", "comment", ["by", "recommendation_id"]),
    ("ix_user_name_username", "user", ["name", "username"]),
    ("ix_mail_created_at_id", "mail", ["created_at", "id"]),
)


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column(
            "word",
            sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("about", ID, nullable=False),
    )
    _fill()
    op.create_index("uq_search_word", "search_word", ["word", "about"], unique=True)
    op.create_index("ix_search_word_about", "search_word", ["about"])
    op.create_table(
        "saved_list",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("list", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_list"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name="fk_saved_list_user_id_user", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("user_id", "list", "name", name="uq_saved_list_user_id_list_name"),
    )
    for name, table, columns in PLAIN:
        op.create_index(name, table, columns)
    _standing("level", "due_at", "id")


def downgrade() -> None:
    _standing("level", "id")
    for name, table, _ in reversed(PLAIN):
        op.drop_index(name, table)
    op.drop_table("saved_list")
    op.drop_table("search_word")


def _standing(*columns: str) -> None:
    op.drop_index("ix_escalation_standing", "escalation")
    op.create_index(
        "ix_escalation_standing",
        "escalation",
        list(columns),
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )


def _fill() -> None:
    """The words of what was written before."""
    connection, found = op.get_bind(), defaultdict[UUID, set[str]](set)
    cases = sa.table(
        "recommendation", sa.column("id", ID), sa.column("title"), sa.column("number"),
        sa.column("letter_number"),
    )  # fmt: skip
    reports = sa.table(
        "report", sa.column("follow_up_id", ID), sa.column("letter_number"),
        sa.column("receipt_number"),
    )  # fmt: skip
    letters = sa.select(reports).where(reports.c.receipt_number.is_not(None))
    for id, *texts in [*connection.execute(sa.select(cases)), *connection.execute(letters)]:
        found[id] |= _words(" ".join(text or "" for text in texts))
    rows = [{"word": word, "about": id} for id, words in found.items() for word in sorted(words)]
    target = sa.table("search_word", sa.column("word"), sa.column("about", ID))
    if rows:
        connection.execute(sa.insert(target), rows)


def _words(text: str) -> set[str]:
    plain = normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in plain if not combining(letter))
    every = [re.findall(r"[^\W_]+", written) for written in kept.split()]
    return {"".join(parts[start:])[:40] for parts in every for start in range(len(parts))}
