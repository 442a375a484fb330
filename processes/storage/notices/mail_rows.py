"""Writing mail into the outbox, and reading it for sending.

Owns the SQL on `mail` and `mail_item`. Knows neither the texts of mails nor the way of sending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    true,
    union,
    update,
)
from uuid_utils.compat import uuid7

from engine.records.states import TaskStatus
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from engine.storage.later.jobs import job_row
from engine.storage.tables import job, task
from processes.ground.paging import Cursor
from processes.ground.payloads import SendMail, SendResetLink
from processes.ground.sorting import Sort
from processes.register.states import MailState
from processes.register.vocabulary import MailKind
from processes.storage import sorted_rows
from processes.storage.sorted_rows import Order
from processes.storage.tables.meetings import meeting
from processes.storage.tables.notices import escalation, mail, mail_item, mail_task
from processes.storage.tables.people import user
from processes.storage.tables.recommendations import recommendation
from processes.storage.upsert import insert_once


@dataclass(frozen=True, slots=True)
class Mail:
    """A row of the outbox. Subject and body of a digest are empty until it is sent."""

    id: UUID
    kind: MailKind
    to_user: str | None
    to_address: str | None
    locale: str
    subject: str
    body: str
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    meeting_id: UUID | None
    digest_day: date | None
    state: MailState
    tries: int
    error: str | None
    message_id: str
    created_at: datetime
    sent_at: datetime | None


COLUMNS = [mail.c[name] for name in Mail.__slots__]


@dataclass(frozen=True, slots=True)
class NewMail:
    """A new mail for the outbox. `to_address` empty: the person has none, so it is only shown."""

    kind: MailKind
    to_user: str
    to_address: str
    locale: str
    subject: str = ""
    body: str = ""
    recommendation_id: UUID | None = None
    follow_up_id: UUID | None = None
    meeting_id: UUID | None = None
    digest_day: date | None = None


_insert = Hot(insert(mail))
_digest = Hot(
    select(mail.c.id).where(
        mail.c.to_user == bindparam("to_user"), mail.c.digest_day == bindparam("digest_day")
    )
)
_find = Hot(select(*COLUMNS).where(mail.c.id == bindparam("id", type_=ID)))


def insert_mail(connection: Connection, new: NewMail, domain: str, now: datetime) -> UUID:
    """Queue a mail; return its id, which is also its stable Message-ID."""
    row = _row(new, domain, now)
    _insert.run(connection, row)
    return UUID(str(row["id"]))


def digest_of(
    connection: Connection, new: NewMail, domain: str, now: datetime
) -> tuple[UUID, bool]:
    """The digest of one person and day, and whether it was made now."""
    about = {"to_user": new.to_user, "digest_day": new.digest_day}
    known = _digest.one(connection, about)  # on most days it exists already
    made = known is None and insert_once(connection, mail, _row(new, domain, now))
    found = known or _digest.one(connection, about)
    assert found is not None, "it is there or was inserted"
    return found[0], made


def _row(new: NewMail, domain: str, now: datetime) -> dict[str, object]:
    id = uuid7()
    values: dict[str, object] = {name: getattr(new, name) for name in NewMail.__slots__}
    values |= {"id": id, "state": MailState.QUEUED, "tries": 0, "created_at": now}
    values |= {"error": None, "sent_at": None}
    return values | {
        "to_address": new.to_address or None,
        "message_id": f"<outbox-{id}@{domain}>",
    }


def add_item(connection: Connection, mail_id: UUID, escalation_id: UUID) -> None:
    """Add an escalation to a digest."""
    connection.execute(insert(mail_item), {"mail_id": mail_id, "escalation_id": escalation_id})


def queue(connection: Connection, mail_id: UUID, now: datetime) -> None:
    """Store the job that sends a mail, outside any step. The caller wakes the engine after the
    commit, else the mail is sent at the next heartbeat."""
    wanted = SendMail(mail_id)
    connection.execute(insert(job).values(job_row(wanted.kind, now, wanted.encode())))


def queue_reset(connection: Connection, user_id: UUID, due_at: datetime) -> None:
    """Store the job that sends a link to a user who forgot the password."""
    wanted = SendResetLink(user_id)
    connection.execute(insert(job).values(job_row(wanted.kind, due_at, wanted.encode())))


def find(connection: Connection, mail_id: UUID) -> Mail | None:
    """One mail."""
    row = _find.one(connection, {"id": mail_id})
    return None if row is None else Mail(*row)


class Columns(TypedDict, total=False):
    """The columns of a mail that may change."""

    state: MailState
    subject: str
    body: str
    tries: int
    error: str | None
    sent_at: datetime | None


def named_task(connection: Connection, username: str, task_id: UUID) -> bool:
    """Whether a mail to somebody names a task: by its address, or in the list of a digest."""
    listed = select(mail_task.c.mail_id).where(
        mail_task.c.mail_id == mail.c.id, mail_task.c.task_id == task_id
    )
    named = mail.c.body.contains(str(task_id), autoescape=True) | listed.exists()
    told = select(mail.c.id).where(mail.c.to_user == username, named).limit(1)
    return connection.execute(told).first() is not None


def change(connection: Connection, mail_id: UUID, **columns: Unpack[Columns]) -> None:
    """Change columns of a mail."""
    changed = update(mail).where(mail.c.id == bindparam("this_mail", type_=ID))
    connection.execute(changed, {"this_mail": mail_id, **columns})


@dataclass(frozen=True, slots=True)
class Item:
    """A present escalation in a digest."""

    escalation_id: UUID
    recommendation_id: UUID | None
    follow_up_id: UUID | None
    meeting_id: UUID | None
    agreement_id: UUID | None
    level: int
    level_name: str
    task_name: str
    due_at: datetime
    held_since: datetime
    holder: str
    instance_id: UUID


def count_failed(connection: Connection) -> int:
    """The number of mails that failed for good."""
    failed = select(func.count()).select_from(mail).where(mail.c.state == MailState.FAILED)
    return connection.execute(failed).scalar_one()


def open_items(connection: Connection, mail_id: UUID) -> list[Item]:
    """What of a digest still stands: its task open, its deadline not moved, nothing higher told
    meanwhile; highest level first."""
    e = escalation
    rows = connection.execute(
        select(
            e.c.id,
            e.c.recommendation_id,
            e.c.follow_up_id,
            e.c.meeting_id,
            e.c.agreement_id,
            e.c.level,
            e.c.level_name,
            e.c.element_name,
            e.c.due_at,
            task.c.held_since,
            e.c.holder,
            e.c.instance_id,
        )
        .select_from(mail_item)
        .join(e, e.c.id == mail_item.c.escalation_id)
        .join(task, task.c.id == e.c.task_id)
        .where(
            mail_item.c.mail_id == mail_id,
            e.c.ended_at.is_(None),
            task.c.status == TaskStatus.OPEN,
            task.c.due_at == e.c.due_at,
        )
        .order_by(e.c.level.desc(), e.c.overdue.desc(), e.c.id)
    )
    return [Item(*tuple(row)) for row in rows]


ORDERS: Final = {
    "newest": (mail.c.created_at, mail.c.id),
}
"""What the outbox can be sorted by: an index."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the outbox is narrowed to; None or empty: nothing. `recipient`: a part of a name or
    username; `written_from`, `written_to`: between which moments."""

    state: str | None = None
    recipient: str = ""
    written_from: datetime | None = None
    written_to: datetime | None = None

    @property
    def clause(self) -> ColumnElement[bool]:
        """Rows of `mail` that are wanted."""
        clauses: list[ColumnElement[bool]] = [true()]
        if self.state is not None:
            clauses.append(mail.c.state == self.state)
        if self.recipient:
            # Some thousands of accounts are read through; their mail is found by an index.
            names = (user.c.name, user.c.username)
            called = or_(*(c.icontains(self.recipient, autoescape=True) for c in names))
            clauses.append(mail.c.to_user.in_(select(user.c.username).where(called)))
        if self.written_from is not None:
            clauses.append(mail.c.created_at >= self.written_from)
        if self.written_to is not None:
            clauses.append(mail.c.created_at <= self.written_to)
        return and_(*clauses)


EVERYTHING: Final = Wanted()
NEWEST: Final = Sort("newest", descending=True)


def page(
    connection: Connection,
    wanted: Wanted = EVERYTHING,
    sort: Sort = NEWEST,
    *,
    at: Cursor[UUID] | None = None,
    limit: int,
) -> list[Mail]:
    """The outbox in an order of `ORDERS`."""
    question = select(*COLUMNS).where(wanted.clause)
    order = Order(ORDERS[sort.by], sort.descending)
    return [Mail(*row) for row in sorted_rows.read(connection, question, order, at, limit)]


def about_others_than(
    connection: Connection, ids: Sequence[UUID], classifications: Sequence[str]
) -> frozenset[UUID]:
    """Those of these mails that concern a case of none of these classifications: the case of the
    mail, or one of those in a digest. Mails about a follow-up name its recommendation."""
    questions = [
        question
        for case, column in ((recommendation, "recommendation_id"), (meeting, "meeting_id"))
        for question in _above(case, column, ids, classifications)
    ]
    return frozenset(connection.scalars(union(*questions)))


def _above(
    case: Table, column: str, ids: Sequence[UUID], classifications: Sequence[str]
) -> list[Select[Any]]:
    other = case.c.classification.not_in(classifications)
    direct = (
        select(mail.c.id).join(case, case.c.id == mail.c[column]).where(mail.c.id.in_(ids), other)
    )
    listed = (
        select(mail_item.c.mail_id)
        .join(escalation, escalation.c.id == mail_item.c.escalation_id)
        .join(case, case.c.id == escalation.c[column])
        .where(mail_item.c.mail_id.in_(ids), other)
    )
    tasks = (
        select(mail_task.c.mail_id)
        .join(case, case.c.id == mail_task.c[column])
        .where(mail_task.c.mail_id.in_(ids), other)
    )
    return [direct, listed, tasks]
