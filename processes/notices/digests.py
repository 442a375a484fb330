"""Digests: what one person reads once a day instead of a mail for each case.

Owns what a digest says. It is written when it is sent, so that it lists only what still stands. It
begins with what waits for the reader's own decision, as the product's first page does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence
from engine.time.calendar import Calendar
from processes.ground.counting import MOST
from processes.notices.about import calendar_for, of_case
from processes.notices.places import OfCase, OfOwner, Place
from processes.notices.texts import digest_letters
from processes.notices.texts.digest_letters import DigestItem, Waiting
from processes.notices.texts.letters import Lateness, Letter, Stationery
from processes.notices.texts.task_letters import TaskLine, in_digest
from processes.rights.scope import Scope, scope_of_user
from processes.rights.visibility import held_tasks, visible_tasks
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import digest_tasks, mail_rows
from processes.storage.notices.digest_tasks import StandingTask
from processes.storage.notices.mail_rows import Item, Mail
from processes.storage.people import users
from processes.storage.work import board, task_rows
from processes.storage.work.task_rows import ANY, OpenTask

LISTED: Final = 50
"""Most tasks that are named in a digest; the page it leads to has all of them."""
DIGEST_AT: Final = time(7, 0)
"""Time of the leaders' digest on a working day, in the calendar's zone."""
DIGEST_CLOSES_BEFORE: Final = timedelta(minutes=30)
"""A later notice goes into the next digest: nothing may be added while one is being sent."""


def digest_time(now: datetime, calendar: Calendar) -> datetime:
    """The time of the next digest that still takes a notice of `now`."""
    today = calendar.today(now)
    at = calendar.moment(today, DIGEST_AT)
    if calendar.is_working(today) and now < at - DIGEST_CLOSES_BEFORE:
        return at
    return calendar.moment(calendar.next_working(today), DIGEST_AT)


def compose(connection: Connection, mail: Mail, paper: Stationery) -> Letter | None:
    """The digest for its day; None if nothing of it stands any more."""
    day = mail.digest_day
    assert day is not None, "a digest is for a day"
    reader = _reader(connection, mail.to_user)
    items = [
        _item(connection, item, day, paper) for item in mail_rows.open_items(connection, mail.id)
    ]
    waiting = _waiting(connection, reader, paper)
    news = _news(connection, mail, paper, decides=bool(waiting.count))
    if not (items or waiting.count or news):
        return None
    unsigned = _letters_to_sign(connection, reader)
    return digest_letters.digest(items, day, paper, unsigned, waiting, news)


def _reader(connection: Connection, username: str | None) -> Scope | None:
    person = users.by_username(connection, username) if username else None
    return scope_of_user(connection, person) if person and person.active else None


# --- what waits for a decision ------------------------------------------------------------------


def _waiting(connection: Connection, reader: Scope | None, paper: Stationery) -> Waiting:
    """The open tasks that a supervisor may decide, most urgent first."""
    if reader is None or not reader.deciding:
        return digest_letters.NOTHING_WAITS
    listed = task_rows.held(reader.deciding, held_tasks(reader))
    found = task_rows.page(connection, listed, ANY, None, LISTED)
    [(_, count)] = task_rows.counts(connection, [listed], [], MOST)
    heads = case_heads.of_instances(
        connection, [(one.process_key, one.instance_id) for one in found]
    )
    entries = [
        _entry(connection, one, _place(connection, heads.get(one.instance_id), one), paper)
        for one in found
    ]
    return Waiting(entries, count)


def _place(connection: Connection, head: CaseHead | None, of: OpenTask | StandingTask) -> Place:
    """The case of a task, or the owner's own process that it is of."""
    if head is not None:
        return OfCase(head)
    return OfOwner(connection, of.process_key)


def _entry(connection: Connection, task: OpenTask, place: Place, paper: Stationery) -> Sentence:
    due = place.calendar(connection).due_date_of(task.due_at) if task.due_at else None
    about = place.of_task(task.id, paper.addresses)
    return in_digest(TaskLine("opened", about, task.name, due), paper)


# --- news of tasks ------------------------------------------------------------------------------


def _news(
    connection: Connection, mail: Mail, paper: Stationery, *, decides: bool
) -> Sequence[Sentence]:
    """The news of tasks; what a leader has to decide stands above already."""
    found = digest_tasks.standing(connection, mail.id)
    mine = ("opened", "handed", "given_back") if decides else ()
    told = [one for one in found if one.told.news not in mine]
    return [_news_entry(connection, one, paper) for one in told]


def _news_entry(connection: Connection, one: StandingTask, paper: Stationery) -> Sentence:
    told = one.told
    head = case_heads.of_notice(
        connection,
        one.instance_id,
        told.follow_up_id,
        told.recommendation_id,
        told.meeting_id,
        told.agreement_id,
    )
    place = _place(connection, head, one)
    calendar = place.calendar(connection)
    line = TaskLine(
        told.news,
        place.of_task(told.task_id, paper.addresses),
        one.name,
        calendar.due_date_of(one.due_at) if one.due_at else None,
        calendar.due_date_of(told.was_due) if told.was_due else None,
        told.given_by,
        told.given_to,
    )
    return in_digest(line, paper)


# --- escalations --------------------------------------------------------------------------------


def _letters_to_sign(connection: Connection, reader: Scope | None) -> int:
    """The number of letters that wait in the ministry for a signature; institutions do not get
    it."""
    if reader is None or not reader.oversees:
        return 0
    return board.letters_awaiting(connection, visible_tasks(reader))


def _item(connection: Connection, item: Item, day: date, paper: Stationery) -> DigestItem:
    """One escalation in the digest for `day`; lateness is counted up to that day."""
    head = case_heads.of_notice(
        connection,
        item.instance_id,
        item.follow_up_id,
        item.recommendation_id,
        item.meeting_id,
        item.agreement_id,
    )
    assert head is not None, "an escalation belongs to a case"
    calendar = calendar_for(connection, head)
    late = Lateness(
        task_name=item.task_name,
        due=calendar.due_date_of(item.due_at),
        timing=calendar.timing(item.due_at, calendar.moment(day, time.min)),
        holder=item.holder,
        since=calendar.today(item.held_since),
    )
    return DigestItem(of_case(head, paper.addresses), late, item.level_name)
