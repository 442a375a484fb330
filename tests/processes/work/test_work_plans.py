"""The lists of work, of mail, of accounts and of what runs find their rows by an index: the planner
of both databases is asked about the very statements, among thousands of rows of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, Table, insert, select, text, true
from uuid_utils.compat import uuid7

from engine.sentences.sentence import say
from engine.storage import tables
from engine.storage.cases.incidents import dump_sentence
from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.rights.grants import granted
from processes.rights.visibility import held_tasks, kept_instances, visible_tasks
from processes.storage.desk import incident_list
from processes.storage.notices import mail_rows
from processes.storage.people import saved_lists, user_list
from processes.storage.programs import instance_list
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.notices import escalation, mail
from processes.storage.tables.people import user
from processes.storage.tables.recommendations import recommendation
from processes.storage.work import board, task_rows
from processes.storage.work.narrowing import Narrowing
from tests.engine.storage.test_plans import Sent, plan
from tests.engine.storage.test_plans import sent as sent
from tests.processes.cases.test_list_plans import _part, _whole
from tests.processes.conftest import NOW, Data, person, scope

MANY: Final = 12_000
EACH: Final = range(MANY)
KEY: Final = "loan"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Crowd:
    """A database with thousands of everything, and who reads it."""

    connection: Connection
    contact: Any
    supervisor: Any
    owner: Any


@pytest.fixture
def crowd(data: Data) -> Iterator[Crowd]:
    """Half of the tasks, an eighth of the escalations and one incident in a hundred are open; the
    mail of a day is a hundredth of all."""
    ids = {
        "contact": person(data, "kemhan", granted(contact_of="kemhan")),
        "supervisor": person(data, "supervisor", granted("supervisor")),
        "owner": person(data, "owner", granted("process-owner")),
    }
    for number in range(4):
        person(data, f"koordinator-{number}")
    readers = {name: scope(data, id) for name, id in ids.items()}
    with data.transaction() as connection:
        for table, rows in _tables().items():
            connection.execute(insert(table), rows)
    with data.transaction() as connection:
        connection.execute(text("ANALYZE"))
        yield Crowd(connection, **readers)


def _tables() -> dict[Table, list[Row]]:
    wholes = [_whole(number) for number in EACH]
    parts = [
        _part(number, one["id"]) | {"institution": "kemhan" if number % 500 == 0 else "kemenkeu"}
        for number, one in enumerate(wholes)
    ]
    tasks = [_task(number, one["instance_id"]) for number, one in enumerate(parts)]
    people = [_user(number) for number in EACH]
    return {
        recommendation: wholes,
        follow_up: parts,
        tables.task: tasks,
        tables.task_candidate: [
            {"principal": _group(number), "task_id": one["id"], "sort_at": one["due_at"]}
            for number, one in enumerate(tasks)
            if one["status"] == "open"
        ],
        escalation: [
            _escalation(number, ended, one, whole["id"], part["id"])
            for number, (one, whole, part) in enumerate(zip(tasks, wholes, parts, strict=True))
            for ended in (True, number % 4 != 0)
        ],
        mail: [_mail(number) for number in EACH],
        user: people,
        saved_lists.saved_list: [_saved(number, one["id"]) for number, one in enumerate(people)],
        tables.instance: [_instance(number) for number in EACH],
        tables.incident: [_incident(number) for number in EACH],
    }


def _group(number: int) -> str:
    return "group:institution:kemhan" if number % 500 == 0 else f"group:unit-{number % 300}"


def _task(number: int, instance: UUID) -> Row:
    return {
        "id": uuid7(), "instance_id": instance, "definition_id": uuid7(), "process_key":
        "follow_up", "business_key": None, "element_id": "report", "name": "Susun laporan",
        "token": uuid7(), "path": "", "round": 1,
        "status": "open" if number % 2 == 0 else "completed", "assignee": None,
        "candidate_users": [], "candidate_groups": [_group(number).removeprefix("group:")],
        "form_ref": None, "priority": 50, "created_at": NOW,
        "due_at": NOW + timedelta(hours=number - MANY // 2), "held_since": NOW, "repairing": False,
    }  # fmt: skip


def _escalation(number: int, ended: bool, task: Row, whole: UUID, part: UUID) -> Row:
    return {
        "id": uuid7(), "recommendation_id": whole, "follow_up_id": part,
        "instance_id": task["instance_id"], "task_id": task["id"], "element_id": "report",
        "element_name": "Susun laporan", "level": number % 7 % 5, "level_name": "Tingkat",
        "due_at": task["due_at"], "overdue": 1, "planned": NOW, "fired": NOW, "late_seconds": 0,
        "holder": "-", "told": [], "no_recipient": False,
        "ended_at": NOW if ended else None,
    }  # fmt: skip


def _mail(number: int) -> Row:
    return {
        "id": uuid7(), "kind": "notice", "to_user": f"user-{number % 2_000:05}", "to_address":
        "a@example.go.id", "locale": "id", "subject": "", "body": "", "state":
        "failed" if number % 400 == 0 else "sent", "tries": 1, "message_id": f"<{number}@x>",
        "created_at": NOW + timedelta(minutes=number),
    }  # fmt: skip


def _user(number: int) -> Row:
    return {
        "id": uuid7(), "username": f"user-{number:05}", "name": f"Orang {number:05}",
        "created_at": NOW,
    }  # fmt: skip


def _saved(number: int, of: UUID) -> Row:
    return {
        "id": uuid7(), "user_id": of, "list": "follow_ups", "name": f"Daftar {number}",
        "query": "time=late", "created_at": NOW,
    }  # fmt: skip


def _instance(number: int) -> Row:
    return {
        "id": uuid7(), "definition_id": uuid7(), "key": KEY if number % 4 == 0 else "other",
        "business_key": f"B-{number}" if number % 8 == 0 else None,
        "status": "completed" if number % 3 == 0 else "active", "version": 1, "last_seq": 1,
        "last_hash": b"\0" * 32, "started_at": NOW + timedelta(minutes=number),
        "started_by": f"user-{number:05}", "ended_at": NOW if number % 3 == 0 else None,
    }  # fmt: skip


def _incident(number: int) -> Row:
    told = dump_sentence(say("It failed."))
    return {
        "id": uuid7(), "instance_id": uuid7(), "definition_id": uuid7(), "process_key": KEY,
        "element_id": "ask", "element_name": f"Tanya {number}", "what": told, "advice": told,
        "command": {"kind": "complete"}, "by": None, "received_at": NOW,
        "at": NOW + timedelta(minutes=number), "tries": 1, "open": number % 100 == 0,
    }  # fmt: skip


Ask = Callable[[Crowd, Cursor[Any] | None], Sequence[Any]]
DAY: Final = timedelta(days=1)


def outbox(sort: Sort = mail_rows.NEWEST, **wanted: Any) -> Ask:
    return lambda crowd, at: mail_rows.page(
        crowd.connection, mail_rows.Wanted(**wanted), sort, at=at, limit=26
    )


def instances(sort: Sort = instance_list.OLDEST, **wanted: Any) -> Ask:
    return lambda crowd, at: instance_list.page(
        crowd.connection, kept_instances(crowd.owner), KEY,
        instance_list.Wanted(**wanted), sort, at, 26,
    )  # fmt: skip


def incidents(sort: Sort = incident_list.NEWEST, **wanted: Any) -> Ask:
    return lambda crowd, at: incident_list.page(
        crowd.connection, incident_list.Wanted(**wanted), sort, at, 26
    )


def accounts(sort: Sort, **wanted: Any) -> Ask:
    return lambda crowd, at: user_list.page(
        crowd.connection, at=_named(crowd, at), limit=26, sort=sort, **wanted
    )


def _named(crowd: Crowd, at: Cursor[Any] | None) -> Cursor[str] | None:
    if at is None:
        return None
    name = crowd.connection.scalar(select(user.c.username).where(user.c.id == at.key))
    return Cursor(str(name), at.back)


def inbox(**wanted: Any) -> Ask:
    def ask(crowd: Crowd, at: Cursor[Any] | None) -> Sequence[Any]:
        clause = held_tasks(crowd.contact) & Narrowing(**wanted).clause
        listed = task_rows.held(crowd.contact.principals, clause)
        return task_rows.page(crowd.connection, listed, task_rows.ANY, _due(crowd, at), 26)

    return ask


def waiting(**wanted: Any) -> Ask:
    def ask(crowd: Crowd, at: Cursor[Any] | None) -> Sequence[Any]:
        clause = visible_tasks(crowd.supervisor) & Narrowing(**wanted).clause
        listed = task_rows.of_cases("supervisor", (), clause)
        return task_rows.page(crowd.connection, listed, task_rows.ANY, _due(crowd, at), 26)

    return ask


def _due(crowd: Crowd, at: Cursor[Any] | None) -> Cursor[Any] | None:
    if at is None:
        return None
    c = tables.task.c
    due = crowd.connection.scalar(select(c.due_at).where(c.id == at.key))
    return Cursor((due, at.key), at.back)


def escalations(levels: tuple[int, int | None] = (1, None), **wanted: Any) -> Ask:
    def ask(crowd: Crowd, at: Cursor[Any] | None) -> Sequence[Any]:
        place = None if at is None else board.place_of(crowd.connection, at.key)
        here = None if at is None or place is None else Cursor(place, at.back)
        clause = visible_tasks(crowd.supervisor) & Narrowing(**wanted).clause
        return board.page(crowd.connection, clause, levels, here, 26)

    return ask


def both_ways(orders: Mapping[str, Any], ask: Callable[[Sort], Ask], of: str) -> dict[str, Ask]:
    return {
        f"{of} by {by} {'down' if down else 'up'}": ask(Sort(by, down))
        for by in orders
        for down in (False, True)
    }


ASKED: Final[dict[str, Ask]] = {
    "the inbox of a contact": inbox(),
    "the inbox by an institution": inbox(institution="kemhan"),
    "what waits for others": waiting(),
    "what waits of a coordinator": waiting(coordinator="koordinator-0"),
    "the board": escalations(),
    "the board at one level": escalations((3, 3)),
    "the board by an institution": escalations(institution="kemhan"),
    "the board of a coordinator": escalations(coordinator="koordinator-0"),
    **both_ways(mail_rows.ORDERS, outbox, "mail"),
    "failed mail": outbox(state="failed"),
    "mail to somebody": outbox(recipient="user-00017"),
    "mail of a day": outbox(written_from=NOW, written_to=NOW + DAY),
    **both_ways(user_list.ORDERS, accounts, "accounts"),
    "accounts of an institution": accounts(user_list.BY_USERNAME, institution="kemhan"),
    **both_ways(instance_list.ORDERS, instances, "instances"),
    "instances by a part of the key": instances(searched="B-1"),
    "instances of somebody": instances(searched="Orang 00040"),
    "instances of a day": instances(since=NOW, until=NOW + DAY),
    **both_ways(incident_list.ORDERS, incidents, "incidents"),
    "incidents of a process": incidents(key=KEY),
    "incidents by a word": incidents(searched="tanya"),
    "incidents of a day": incidents(since=NOW, until=NOW + DAY),
}
LARGE: Final = "task|task_candidate|escalation|mail|instance|incident|recommendation|follow_up"
WHOLE: Final = re.compile(
    rf"Seq Scan on (?:{LARGE}|saved_list)\b|SCAN (?:{LARGE}|saved_list)$", re.M
)
"""A table read through without an index. Accounts are thousands: a search may read them all."""


def test_every_order_and_filter_finds_its_rows_by_an_index(sent: Sent, crowd: Crowd) -> None:
    whole = []
    for asked, ask in ASKED.items():
        first = ask(crowd, None)
        assert first, f"{asked}: otherwise nothing is proven"
        for at in (None, Cursor(first[-1].id), Cursor(first[-1].id, back=True)):
            sent.clear()
            ask(crowd, at)
            plans = [plan(crowd.connection, *one) for one in list(sent)]
            whole += [f"{asked}:\n{one}" for one in plans if WHOLE.search(one)]
    assert not whole, "\n\n".join(whole)


def test_what_is_counted_or_kept_under_a_name_is_found_by_an_index(
    sent: Sent, crowd: Crowd
) -> None:
    reader = crowd.connection.scalars(select(saved_lists.saved_list.c.user_id).limit(1)).one()
    sent.clear()
    assert saved_lists.of(crowd.connection, reader, "follow_ups")
    assert saved_lists.number(crowd.connection, reader) == 1
    everything = instance_list.Wanted()
    assert instance_list.count(crowd.connection, true(), KEY, everything, 5_000) == 2_000
    assert incident_list.count(crowd.connection, incident_list.Wanted()) == 120
    for statement, parameters in list(sent):
        found = plan(crowd.connection, statement, parameters)
        assert not WHOLE.search(found), found
