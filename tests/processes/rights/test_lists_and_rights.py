"""A list shows exactly the rows that a user may open: the clauses of `visibility` against the
rights of `access`, for all users and things."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import Connection, select
from sqlalchemy import Table as SqlTable
from sqlalchemy.sql import ColumnElement
from uuid_utils.compat import uuid7

from engine.storage.tables import instance, task
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope, TaskFacts, allows, relations_to_case, relations_to_task
from processes.rights.visibility import (
    held_tasks,
    visible_follow_ups,
    visible_instances,
    visible_recommendations,
    visible_tasks,
)
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import Data
from tests.processes.made_cases import a_case, a_recommendation, a_task, an_instance

KINDS = ("coordinator", "supervisor", "admin", "process-owner", "contact", "head", "nobody")
OFFERS = ("institution:kemhan", "institution-head:kemhan", "coordinator", "supervisor", "hr")


def somebody(kind: str, clearance: str, code: str = "kemhan") -> Scope:
    """Everybody is called by what they are."""
    served = frozenset({code} if kind == "contact" else ())
    headed = frozenset({code} if kind == "head" else ())
    roles = frozenset({kind} if kind in KINDS[:4] else ())
    groups = {f"institution:{one}" for one in served} | {
        f"institution-head:{one}" for one in headed
    }
    return Scope(uuid7(), f"{kind}-{code}", kind, clearance, roles, served, headed, roles | groups)


EVERYBODY = [
    somebody(kind, clearance, code)
    for kind, clearance in product(KINDS, CLASSIFICATIONS)
    for code in (("kemhan", "kemenkeu") if kind in ("contact", "head") else ("kemhan",))
]


@dataclass(frozen=True)
class Thing:
    """A row that is there, and what its rights depend on."""

    id: UUID
    institution: str
    classification: str
    process: str = "follow_up"
    offered: str = ""


OF_KEMHAN = ("institution:kemhan", "institution-head:kemhan")


@pytest.fixture
def connection(small: Data) -> Iterator[Connection]:
    with small.transaction() as opened:
        yield opened


def seen(connection: Connection, table: SqlTable, clause: ColumnElement[bool]) -> set[UUID]:
    return set(connection.scalars(select(table.c.id).where(clause)))


def may_read(who: Scope, thing: Thing) -> bool:
    case = relations_to_case(who, [thing.institution], thing.classification)
    return allows(who, "read_case", case)


def named(who: Scope) -> str:
    return f"{who.username} cleared for {who.clearance}"


def test_a_follow_up_is_listed_for_whom_it_opens(connection: Connection) -> None:
    things = [
        Thing(a_case(connection, code, classification=level)[0], code, level)
        for code, level in product(("kemhan", "kemenkeu"), CLASSIFICATIONS)
    ]
    for who in EVERYBODY:
        listed = seen(connection, follow_up, visible_follow_ups(who))
        assert listed == {one.id for one in things if may_read(who, one)}, named(who)


def test_an_issued_recommendation_is_listed_for_whom_it_opens(connection: Connection) -> None:
    things = [
        Thing(a_recommendation(connection, {code: role}, classification=level)[0], code, level)
        for code, level in product(("kemhan", "kemenkeu"), CLASSIFICATIONS)
        for role in ("lead", "supporting", "information")
    ]
    for who in EVERYBODY:
        listed = seen(connection, recommendation, visible_recommendations(who))
        assert listed == {one.id for one in things if may_read(who, one)}, named(who)


def test_a_draft_is_seen_by_those_asked_once_it_went_round_and_by_overseers_at_once(
    connection: Connection,
) -> None:
    drafts = {
        (role, registered): a_recommendation(
            connection, {"kemhan": role}, registered=registered, issued=False
        )[0]
        for role in ("lead", "supporting", "information")
        for registered in (False, True)
    }
    for who in EVERYBODY:
        listed = seen(connection, recommendation, visible_recommendations(who))
        asked = {drafts[role, True] for role in ("lead", "supporting")}
        ours = who.institutions == {"kemhan"}
        expected = set(drafts.values()) if who.oversees else asked if ours else set()
        assert listed == expected, named(who)


def test_an_instance_is_listed_for_whom_its_case_opens_and_of_no_case_for_keepers(
    connection: Connection,
) -> None:
    things = []
    for code, level in product(("kemhan", "kemenkeu"), CLASSIFICATIONS):
        part = a_case(connection, code, classification=level)[1]
        whole = a_recommendation(connection, {code: "lead"}, classification=level)[1]
        things += [Thing(an_instance(connection, part, "follow_up"), code, level)]
        things += [Thing(an_instance(connection, whole, "recommendation"), code, level)]
    free = an_instance(connection, uuid7(), "leave")
    for who in EVERYBODY:
        listed = seen(connection, instance, visible_instances(who))
        expected = {one.id for one in things if may_read(who, one)} | (
            {free} if who.keeps else set()
        )
        assert listed == expected, named(who)


def tasks_of_everything(connection: Connection) -> list[Thing]:
    """Tasks of follow-ups, recommendations and of no case, offered to each group."""
    things = []
    for code, level in product(("kemhan", "kemenkeu"), CLASSIFICATIONS):
        part = a_case(connection, code, classification=level)[1]
        whole = a_recommendation(connection, {code: "lead"}, classification=level)[1]
        for process, of in (("follow_up", part), ("recommendation", whole)):
            for offered in OFFERS:
                id = a_task(connection, of, process_key=process, offered_to=(f"group:{offered}",))
                things.append(Thing(id, code, level, process, offered))
    for offered in ("coordinator", "supervisor", "hr", *OF_KEMHAN):
        id = a_task(connection, uuid7(), process_key="leave", offered_to=(f"group:{offered}",))
        things.append(Thing(id, "", "ordinary", "leave", offered))
    return things


def relations(who: Scope, thing: Thing) -> frozenset[str]:
    facts = TaskFacts(thing.process, True, None, (), (thing.offered,))
    case = relations_to_case(who, [thing.institution], thing.classification)
    return relations_to_task(who, facts, case if thing.process != "leave" else ())


def test_a_task_is_listed_for_whom_it_opens(connection: Connection) -> None:
    things = tasks_of_everything(connection)
    for who in EVERYBODY:
        listed = seen(connection, task, visible_tasks(who))
        opens = {one.id for one in things if allows(who, "read_task", relations(who, one))}
        assert listed == opens, named(who)


def test_the_inbox_holds_what_is_offered_and_opens_and_nothing_else(
    connection: Connection,
) -> None:
    things = tasks_of_everything(connection)
    for who in EVERYBODY:
        offered = {
            one.id
            for one in things
            if one.offered in who.groups and allows(who, "read_task", relations(who, one))
        }
        assert seen(connection, task, held_tasks(who)) == offered, named(who)


def test_a_coordinator_sees_no_task_of_a_case_above_the_clearance(connection: Connection) -> None:
    """Said apart, for it went unnoticed once: of follow-up and recommendation alike."""
    low = somebody("coordinator", "ordinary")
    for level in CLASSIFICATIONS[1:]:
        _, part = a_case(connection, "kemhan", classification=level)
        _, whole = a_recommendation(connection, {"kemhan": "lead"}, classification=level)
        for of, process in ((part, "follow_up"), (whole, "recommendation")):
            a_task(connection, of, process_key=process, offered_to=("group:coordinator",))
    open_to_all = a_task(
        connection, a_case(connection, "kemhan")[1], offered_to=("group:institution:kemhan",)
    )
    assert seen(connection, task, visible_tasks(low)) == {open_to_all}
    assert seen(connection, task, held_tasks(low)) == set()


def test_a_task_that_is_older_than_the_row_of_its_case_is_listed(connection: Connection) -> None:
    """A case's row and its first task may be written in either order."""
    new = a_task(connection, uuid7(), offered_to=("group:coordinator",))
    for clearance in CLASSIFICATIONS:
        who = somebody("coordinator", clearance)
        assert seen(connection, task, held_tasks(who)) == {new}
        assert seen(connection, task, visible_tasks(who)) == {new}
