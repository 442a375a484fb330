"""Minutes that a recommendation held for itself become a rakor over it alone"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from engine.storage.database.types import DATA, ID, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = ("prepare", "approve", "invite", "invited", "minutes", "sign", "signed", "cancelled")
STATES = ("prepare", "approve", "invite", "invited", "minutes", "sign", "signed", "recorded",
          "cancelled")  # fmt: skip
ADDED = (("invitation", sa.Text()), ("agreed_in_words", DATA))
ZONE = ZoneInfo("Asia/Jakarta")
"""Of the year that a number bears."""


def _table(name: str, /, **columns: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(column, type) for column, type in columns.items()))


OLD = _table(
    "recommendation_meeting", id=ID, recommendation_id=ID, held_on=sa.Date(), place=sa.Text(),
    invitation=sa.Text(), chair=sa.Text(), minutes=sa.Text(), attendance=sa.Text(),
    agreements=DATA, at=UtcDateTime(), by=sa.Text(),
)  # fmt: skip
RAKOR = _table(
    "meeting", id=ID, number=sa.Text(), state=sa.Text(), title=sa.Text(),
    classification=sa.Text(), held_on=sa.Date(), place=sa.Text(), chair=sa.Text(),
    created_at=UtcDateTime(), created_by=sa.Text(), held_at=UtcDateTime(), attendance=sa.Text(),
    minutes=sa.Text(), minutes_at=UtcDateTime(), invitation=sa.Text(), agreed_in_words=DATA,
)  # fmt: skip
PAST = _table(
    "meeting_past", meeting_id=ID, valid_from=UtcDateTime(), state=sa.Text(), held_on=sa.Date()
)
COVERED = _table("meeting_recommendation", meeting_id=ID, recommendation_id=ID)
READERS = _table(
    "meeting_institution", meeting_id=ID, institution=sa.Text(), sent_at=UtcDateTime(),
    version=sa.Integer(),
)  # fmt: skip
WHOLE = _table("recommendation", id=ID, title=sa.Text(), classification=sa.Text())
ADDRESSED = _table("recommendation_institution", recommendation_id=ID, institution=sa.Text())
PARTS = _table("follow_up", recommendation_id=ID, institution=sa.Text())
SERIES = _table("series", name=sa.Text(), year=sa.Integer(), last=sa.Integer())


def upgrade() -> None:
    _change_states(STATES)
    if _on_sqlite():
        _made_again("meeting", "instance_id CHAR(32) NOT NULL", "instance_id CHAR(32)")
    else:
        op.alter_column("meeting", "instance_id", existing_type=ID, nullable=True)
    for name, type in ADDED:
        op.add_column("meeting", sa.Column(name, type, nullable=True))
    connection = op.get_bind()
    asked = sa.select(OLD, WHOLE.c.title, WHOLE.c.classification).join_from(
        OLD, WHOLE, WHOLE.c.id == OLD.c.recommendation_id
    )
    for row in connection.execute(asked.order_by(OLD.c.id)).mappings().all():
        _record(connection, row)
    op.drop_table("recommendation_meeting")


def _record(connection: sa.Connection, old: Mapping[Any, Any]) -> None:
    same = ("id", "title", "classification", "held_on", "place", "chair", "attendance", "minutes",
            "invitation")  # fmt: skip
    at, whole = old["at"], old["recommendation_id"]
    new = {name: old[name] for name in same} | {
        "number": _number(connection, at), "state": "recorded", "created_at": at,
        "created_by": old["by"], "held_at": at, "minutes_at": at,
        "agreed_in_words": old["agreements"],
    }  # fmt: skip
    connection.execute(sa.insert(RAKOR), new)
    then = {"meeting_id": old["id"], "valid_from": at, "state": "recorded"}
    connection.execute(sa.insert(PAST), then | {"held_on": old["held_on"]})
    about = {"meeting_id": old["id"], "recommendation_id": whole}
    connection.execute(sa.insert(COVERED), about)
    addressed = sa.union(
        *(
            sa.select(table.c.institution).where(table.c.recommendation_id == whole)
            for table in (ADDRESSED, PARTS)
        )
    )
    readers = [
        {"meeting_id": old["id"], "institution": code, "sent_at": at, "version": 0}
        for code in sorted(connection.scalars(addressed))
    ]
    if readers:
        connection.execute(sa.insert(READERS), readers)


def _number(connection: sa.Connection, at: datetime) -> str:
    """The next of the year in which the minutes were written: from here on they can be cited."""
    year = at.astimezone(ZONE).year
    mine = (SERIES.c.name == "meeting") & (SERIES.c.year == year)
    last = connection.scalar(sa.select(SERIES.c.last).where(mine))
    if last is None:
        connection.execute(sa.insert(SERIES), {"name": "meeting", "year": year, "last": 1})
    else:
        connection.execute(sa.update(SERIES).where(mine).values(last=last + 1))
    return f"RAK-{year}-{(last or 0) + 1:04d}"


def downgrade() -> None:
    op.create_table(
        "recommendation_meeting",
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
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["recommendation.id"],
            name=op.f("fk_recommendation_meeting_recommendation_id_recommendation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_meeting")),
    )
    op.create_index(
        op.f("ix_recommendation_meeting_recommendation_id_id"),
        "recommendation_meeting",
        ["recommendation_id", "id"],
    )
    op.execute(
        "INSERT INTO recommendation_meeting"
        " SELECT m.id, c.recommendation_id, m.held_on, m.place, m.invitation, m.chair, m.minutes,"
        " m.attendance, m.agreed_in_words, m.minutes_at, m.created_by FROM meeting m"
        " JOIN meeting_recommendation c ON c.meeting_id = m.id WHERE m.state = 'recorded'"
    )
    recorded = "(SELECT id FROM meeting WHERE state = 'recorded')"
    op.execute(f"DELETE FROM signed_scan WHERE document = 'minutes' AND about IN {recorded}")
    for table in ("meeting_past", "meeting_institution", "meeting_recommendation"):
        op.execute(f"DELETE FROM {table} WHERE meeting_id IN {recorded}")
    op.execute("DELETE FROM meeting WHERE state = 'recorded'")
    for name, _ in reversed(ADDED):
        op.drop_column("meeting", name)
    if _on_sqlite():
        _made_again("meeting", "instance_id CHAR(32)", "instance_id CHAR(32) NOT NULL")
    else:
        op.alter_column("meeting", "instance_id", existing_type=ID, nullable=False)
    _change_states(BEFORE)


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _check(states: Iterable[str]) -> str:
    listed = ", ".join(f"'{one}'" for one in states)
    return f"state in ({listed})"


def _change_states(states: Iterable[str]) -> None:
    was = STATES if states is BEFORE else BEFORE
    for name in ("meeting", "meeting_past"):
        if _on_sqlite():
            _made_again(name, _check(was), _check(states))
            continue
        op.drop_constraint(op.f(f"ck_{name}_state"), name, type_="check")
        op.create_check_constraint(op.f(f"ck_{name}_state"), name, _check(states))


def _made_again(name: str, before: str, after: str) -> None:
    """SQLite changes neither checks nor NOT NULL. Other rows refer to such a table, which a renamed
    copy would lose: so it is dropped and made again under its name, with the references looked at
    in the end."""
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
