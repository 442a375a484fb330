"""The content of lists: the rights as clauses, the same as those on a single thing."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Connection, Table, select
from uuid_utils.compat import uuid7

from engine.sentences.errors import NotFound
from engine.storage.tables import instance, task
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.rights.visibility import (
    held_tasks,
    visible_follow_ups,
    visible_instances,
    visible_recommendations,
    visible_tasks,
)
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.work.inbox import task_access
from tests.processes.conftest import Data, person, scope
from tests.processes.made_cases import a_case, a_recommendation, a_task, an_instance


def seen(connection: Connection, table: Table, clause: ColumnElement[bool]) -> set[UUID]:
    return set(connection.execute(select(table.c.id).where(clause)).scalars())


def contact(data: Data, code: str, clearance: str = "ordinary") -> Scope:
    return scope(data, person(data, code, granted(contact_of=code), clearance=clearance))


def coordinator(data: Data, clearance: str) -> Scope:
    return scope(data, person(data, f"ko-{clearance}", granted("coordinator"), clearance=clearance))


def test_an_institution_sees_its_own_follow_ups_within_its_clearance(data: Data) -> None:
    kemhan = contact(data, "kemhan")
    with data.transaction() as connection:
        own, _ = a_case(connection, "kemhan")
        a_case(connection, "kemhan", classification="restricted")
        a_case(connection, "kemenkeu")

        assert seen(connection, follow_up, visible_follow_ups(kemhan)) == {own}


def test_overseers_see_every_institution_but_not_above_their_clearance(data: Data) -> None:
    low, high = coordinator(data, "ordinary"), coordinator(data, "top_secret")
    with data.transaction() as connection:
        ordinary = {a_case(connection, "kemhan")[0], a_case(connection, "kemenkeu")[0]}
        secret, _ = a_case(connection, "kemhan", classification="secret")

        assert seen(connection, follow_up, visible_follow_ups(low)) == ordinary
        assert seen(connection, follow_up, visible_follow_ups(high)) == ordinary | {secret}


def test_the_clause_holds_in_a_query_that_joins_the_recommendation_itself(data: Data) -> None:
    kemhan = contact(data, "kemhan")
    with data.transaction() as connection:
        own, _ = a_case(connection, "kemhan")
        a_case(connection, "kemhan", classification="secret")
        joined = (
            select(follow_up.c.id)
            .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
            .where(visible_follow_ups(kemhan))
        )

        assert connection.execute(joined).scalars().all() == [own]


def test_administrators_and_owners_see_no_case(data: Data) -> None:
    admin = scope(data, person(data, "admin", granted("admin"), clearance="top_secret"))
    owner = scope(data, person(data, "owner", granted("process-owner"), clearance="top_secret"))
    with data.transaction() as connection:
        a_case(connection, "kemhan")
        for who in (admin, owner):
            assert seen(connection, follow_up, visible_follow_ups(who)) == set()
            assert seen(connection, recommendation, visible_recommendations(who)) == set()


def test_a_draft_is_seen_once_it_went_round_and_by_the_merely_informed_once_issued(
    data: Data,
) -> None:
    kemhan, brin = contact(data, "kemhan"), contact(data, "brin")
    roles = {"kemhan": "lead", "brin": "information"}
    with data.transaction() as connection:
        a_recommendation(connection, roles, registered=False, issued=False)
        round_, _ = a_recommendation(connection, roles, issued=False)
        issued, _ = a_recommendation(connection, roles)
        a_recommendation(connection, {"kemenkeu": "lead"})
        a_recommendation(connection, roles, classification="secret")

        for_kemhan = seen(connection, recommendation, visible_recommendations(kemhan))
        for_brin = seen(connection, recommendation, visible_recommendations(brin))

    assert for_kemhan == {round_, issued}
    assert for_brin == {issued}


def test_the_inbox_holds_what_is_offered_to_ones_groups_within_the_clearance(data: Data) -> None:
    kemhan = contact(data, "kemhan")
    ours = "group:institution:kemhan"
    with data.transaction() as connection:
        mine = a_task(connection, a_case(connection, "kemhan")[1], offered_to=(ours,))
        secret = a_case(connection, "kemhan", classification="secret")[1]
        a_task(connection, secret, offered_to=(ours,))
        a_task(connection, a_case(connection, "kemenkeu")[1], offered_to=("group:coordinator",))
        other_model = a_task(connection, uuid7(), process_key="leave", offered_to=("user:kemhan",))

        assert seen(connection, task, held_tasks(kemhan)) == {mine, other_model}


def test_a_real_case_is_worked_on_by_whom_it_concerns_whomever_its_model_offers_it_to(
    data: Data,
) -> None:
    """Its page answers 404 to anybody else; a list that names it would lead there."""
    kemhan, brin = contact(data, "kemhan"), contact(data, "brin")
    owner = scope(data, person(data, "owner", granted("process-owner")))
    everybody = ("group:institution:kemhan", "group:institution:brin", "group:process-owner")
    roles = {"kemhan": "lead", "brin": "information"}
    with data.transaction() as connection:
        part = a_task(connection, a_case(connection, "kemhan")[1], offered_to=everybody)
        whole, draft = (
            a_task(
                connection,
                a_recommendation(connection, roles, issued=issued)[1],
                process_key="recommendation",
                offered_to=everybody,
            )
            for issued in (True, False)
        )
        orphan = a_task(connection, uuid7(), offered_to=everybody)
        other_model = a_task(connection, uuid7(), process_key="leave", offered_to=everybody)

        for clause in (held_tasks, visible_tasks):
            assert seen(connection, task, clause(kemhan)) == {part, whole, draft, other_model}
            assert seen(connection, task, clause(brin)) == {whole, other_model}
            assert seen(connection, task, clause(owner)) == {other_model}
        for who in (kemhan, brin, owner):
            for one in (part, whole, draft, orphan, other_model):
                assert (one in seen(connection, task, held_tasks(who))) == opens(
                    connection, who, one
                ), "the list and the page say the same"


def opens(connection: Connection, who: Scope, task_id: UUID) -> bool:
    """Whether the page of the task is there for them."""
    try:
        task_access(connection, who, task_id)
    except NotFound:
        return False
    return True


def test_a_secret_recommendations_own_tasks_are_not_offered_below_the_clearance(
    data: Data,
) -> None:
    low, high = coordinator(data, "ordinary"), coordinator(data, "secret")
    with data.transaction() as connection:
        _, instance_id = a_recommendation(connection, {}, classification="secret")
        task_id = a_task(
            connection,
            instance_id,
            process_key="recommendation",
            offered_to=("group:coordinator",),
        )

        assert seen(connection, task, held_tasks(low)) == set()
        assert seen(connection, task, held_tasks(high)) == {task_id}


def test_whose_case_it_is_sees_who_holds_its_tasks(data: Data) -> None:
    kemhan, kemenkeu = contact(data, "kemhan"), contact(data, "kemenkeu")
    boss = coordinator(data, "ordinary")
    with data.transaction() as connection:
        evaluate = a_task(
            connection, a_case(connection, "kemhan")[1], offered_to=("group:coordinator",)
        )
        a_task(connection, uuid7(), process_key="leave", offered_to=("group:hr",))

        assert seen(connection, task, visible_tasks(kemhan)) == {evaluate}
        assert seen(connection, task, visible_tasks(boss)) == {evaluate}
        assert seen(connection, task, visible_tasks(kemenkeu)) == set()


def test_keepers_see_tasks_and_instances_of_no_case_only(data: Data) -> None:
    owner = scope(data, person(data, "owner", granted("process-owner"), clearance="top_secret"))
    with data.transaction() as connection:
        real = a_case(connection, "kemhan")[1]
        an_instance(connection, real, "follow_up")
        a_task(connection, real, offered_to=("group:institution:kemhan",))
        other = an_instance(connection, uuid7(), "leave")
        orphan = an_instance(connection, uuid7(), "follow_up")
        leave = a_task(connection, other, process_key="leave", offered_to=("group:hr",))

        assert seen(connection, task, visible_tasks(owner)) == {leave}
        assert seen(connection, instance, visible_instances(owner)) == {other, orphan}


def test_instances_of_cases_are_seen_with_their_cases(data: Data) -> None:
    kemhan = contact(data, "kemhan")
    with data.transaction() as connection:
        own = an_instance(connection, a_case(connection, "kemhan")[1], "follow_up")
        an_instance(connection, a_case(connection, "kemenkeu")[1], "follow_up")
        an_instance(connection, uuid7(), "leave")

        assert seen(connection, instance, visible_instances(kemhan)) == {own}


# --- clearance ----------------------------------------------------------------------------------

PEOPLE = {
    "coordinator": ("coordinator", granted("coordinator")),
    "supervisor": ("supervisor", granted("supervisor", rank="deputi")),
    "contact": ("institution:kemhan", granted(contact_of="kemhan")),
    "head": ("institution-head:kemhan", granted(head_of="kemhan")),
}
"""Who may see cases, and the group to which their tasks are offered."""


@pytest.mark.parametrize("clearance", CLASSIFICATIONS)
@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_sees_anything_above_their_clearance_in_any_list(
    who: str, clearance: str, small: Data
) -> None:
    group, grants = PEOPLE[who]
    reader = scope(small, person(small, who, grants, clearance=clearance))
    wholes, parts, instances, tasks = (list[UUID](), list[UUID](), list[UUID](), list[UUID]())
    with small.transaction() as connection:
        for classification in CLASSIFICATIONS:
            whole = a_recommendation(connection, {"kemhan": "lead"}, classification=classification)
            part = a_case(connection, "kemhan", classification=classification)
            wholes.append(whole[0])
            parts.append(part[0])
            for key, (_, instance_id) in (("recommendation", whole), ("follow_up", part)):
                instances.append(an_instance(connection, instance_id, key))
                offered = (f"group:{group}",)
                tasks.append(a_task(connection, instance_id, process_key=key, offered_to=offered))
        cleared = CLASSIFICATIONS.index(clearance) + 1

        assert seen(connection, follow_up, visible_follow_ups(reader)) == {*parts[:cleared]}
        found = seen(connection, recommendation, visible_recommendations(reader))
        assert found & {*wholes} == {*wholes[:cleared]}
        assert seen(connection, task, held_tasks(reader)) == {*tasks[: 2 * cleared]}
        assert seen(connection, task, visible_tasks(reader)) == {*tasks[: 2 * cleared]}
        found = seen(connection, instance, visible_instances(reader))
        assert found == {*instances[: 2 * cleared]}


def test_leadership_sees_what_is_offered_to_its_people_and_does_not_hold_it(data: Data) -> None:
    head = scope(data, person(data, "head", granted(head_of="kemhan")))
    with data.transaction() as connection:
        of, instance_id = a_recommendation(connection, {"kemhan": "lead", "brin": "supporting"})
        ours, theirs = (
            a_task(connection, instance_id, process_key="recommendation", offered_to=(group,))
            for group in ("group:institution:kemhan", "group:institution:brin")
        )

        assert seen(connection, recommendation, visible_recommendations(head)) == {of}
        assert seen(connection, task, visible_tasks(head)) == {ours}
        assert seen(connection, task, held_tasks(head)) == set()
        assert theirs != ours
