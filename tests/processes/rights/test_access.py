"""The rights of design section 7: the relations of a user to a thing, and their rights."""

from __future__ import annotations

from typing import get_args
from uuid import UUID

import pytest

from engine.sentences.errors import Forbidden, NotFound
from processes.rights.access import (
    ACTS,
    Scope,
    Standing,
    TaskFacts,
    allows,
    may,
    relations_to_case,
    relations_to_task,
    scope_of,
)
from processes.rights.grants import granted
from tests.processes.conftest import Data, person, scope

COORDINATOR = Scope(
    UUID(int=1),
    "koordinator",
    "K",
    "secret",
    roles=frozenset({"coordinator"}),
    groups=frozenset({"coordinator"}),
)
SUPERVISOR = Scope(
    UUID(int=2),
    "pimpinan",
    "P",
    "top_secret",
    roles=frozenset({"supervisor"}),
    groups=frozenset({"supervisor"}),
)
OWNER = Scope(
    UUID(int=3),
    "pemilik",
    "O",
    "top_secret",
    roles=frozenset({"process-owner"}),
    groups=frozenset({"process-owner"}),
)
ADMIN = Scope(
    UUID(int=4),
    "admin",
    "A",
    "top_secret",
    roles=frozenset({"admin"}),
    groups=frozenset({"admin"}),
)
CONTACT = Scope(
    UUID(int=5),
    "kemhan",
    "C",
    "restricted",
    served=frozenset({"kemhan"}),
    groups=frozenset({"institution:kemhan"}),
)
HEAD = Scope(
    UUID(int=6),
    "kemhan-head",
    "H",
    "restricted",
    headed=frozenset({"kemhan"}),
    groups=frozenset({"institution-head:kemhan"}),
)
EVERYBODY = (COORDINATOR, SUPERVISOR, OWNER, ADMIN, CONTACT, HEAD)


def offered(process: str, *groups: str, assignee: str | None = None) -> TaskFacts:
    return TaskFacts(process, True, assignee, candidate_groups=groups)


def test_a_scope_carries_the_groups_tasks_are_offered_to(data: Data) -> None:
    grants = granted("supervisor", rank="deputi", contact_of="kemhan", head_of="kemenkeu")
    user_id = person(data, "bersama", grants, clearance="secret")

    found = scope(data, user_id)

    assert found.groups == {"supervisor", "institution:kemhan", "institution-head:kemenkeu"}
    assert found.institutions == {"kemhan", "kemenkeu"}
    assert found.headed == {"kemenkeu"}
    assert found.cleared_for == ("ordinary", "restricted", "secret")
    assert found.principals == {
        "user:bersama",
        "group:supervisor",
        "group:institution:kemhan",
        "group:institution-head:kemenkeu",
    }


def test_nobody_who_does_not_exist_has_a_scope(small: Data) -> None:
    with small.reading() as connection, pytest.raises(NotFound):
        scope_of(connection, UUID(int=99))


@pytest.mark.parametrize(
    ("who", "institution", "classification", "relations"),
    [
        (COORDINATOR, "kemhan", "secret", {"coordinator"}),
        (COORDINATOR, "kemhan", "top_secret", set()),
        (SUPERVISOR, "kemhan", "top_secret", {"supervisor"}),
        (CONTACT, "kemhan", "restricted", {"contact"}),
        (CONTACT, "kemhan", "secret", set()),
        (CONTACT, "kemenkeu", "ordinary", set()),
        (HEAD, "kemhan", "ordinary", {"head"}),
        (HEAD, "kemenkeu", "ordinary", set()),
        (OWNER, "kemhan", "ordinary", set()),
        (ADMIN, "kemhan", "ordinary", set()),
    ],
)
def test_a_case_is_open_to_overseers_and_its_institution_within_the_clearance(
    who: Scope, institution: str, classification: str, relations: set[str]
) -> None:
    assert relations_to_case(who, [institution], classification) == relations


def test_another_institutions_case_does_not_exist_and_ones_own_is_not_decided_by_a_reader() -> None:
    with pytest.raises(NotFound):
        may(CONTACT, "read_case", relations_to_case(CONTACT, ["kemenkeu"], "ordinary"))
    own = relations_to_case(CONTACT, ["kemhan"], "ordinary")
    may(CONTACT, "read_case", own)
    with pytest.raises(Forbidden):
        may(CONTACT, "extend_deadline", own)


def test_an_act_at_large_without_the_role_is_forbidden_not_hidden() -> None:
    with pytest.raises(Forbidden):
        may(CONTACT, "manage_users")


def test_only_owners_and_administrators_deploy_and_start_by_key() -> None:
    for act in ("deploy", "start_by_key", "edit_processes", "repair"):
        assert [who for who in EVERYBODY if allows(who, act)] == [OWNER, ADMIN], act


def test_the_lists_of_all_cases_are_for_coordinators_and_supervisors() -> None:
    for act in ("read_recommendations", "read_inventory"):
        assert [who for who in EVERYBODY if allows(who, act)] == [COORDINATOR, SUPERVISOR], act
    assert [who for who in EVERYBODY if allows(who, "read_escalations")] == [
        COORDINATOR,
        SUPERVISOR,
        HEAD,
    ]


def test_an_unassigned_task_is_completed_by_whom_it_is_offered_to_and_nobody_else() -> None:
    task = offered("follow_up", "institution:kemhan")
    completers = []
    for who in EVERYBODY:
        case = relations_to_case(who, ["kemhan"], "ordinary")
        relations = relations_to_task(who, task, case)
        if allows(who, "complete_task", relations):
            completers.append(who)

    assert completers == [CONTACT]


def test_an_assigned_task_is_its_assignees_alone_but_the_institution_still_sees_it() -> None:
    task = offered("follow_up", "institution:kemhan", assignee="rekan")
    relations = relations_to_task(CONTACT, task, {"contact"})

    may(CONTACT, "read_task", relations)
    with pytest.raises(Forbidden):
        may(CONTACT, "complete_task", relations)


def test_the_head_and_the_supervisor_reassign_and_only_the_supervisor_extends() -> None:
    task = offered("follow_up", "institution:kemhan", assignee="rekan")
    for who, case, extends in ((HEAD, {"head"}, False), (SUPERVISOR, {"supervisor"}, True)):
        relations = relations_to_task(who, task, case)
        assert allows(who, "reassign_task", relations)
        assert allows(who, "extend_deadline", relations) is extends


def test_leadership_passes_on_its_own_peoples_work_and_not_what_others_do_in_its_case() -> None:
    theirs = relations_to_task(HEAD, offered("follow_up", "coordinator"), {"head"})
    may(HEAD, "read_task", theirs)
    for act in ("delegate_task", "reassign_task"):
        with pytest.raises(Forbidden):
            may(HEAD, act, theirs)


@pytest.mark.parametrize("keeper", [OWNER, ADMIN])
def test_keepers_work_in_instances_that_are_no_cases_and_cannot_decide_in_real_ones(
    keeper: Scope,
) -> None:
    may(keeper, "complete_task", relations_to_task(keeper, offered("leave_request", "hr")))
    with pytest.raises(NotFound):
        relations = relations_to_task(keeper, offered("follow_up", "institution:kemhan"))
        may(keeper, "complete_task", relations)


def test_a_task_of_another_model_does_not_exist_for_those_it_is_not_offered_to() -> None:
    with pytest.raises(NotFound):
        may(CONTACT, "read_task", relations_to_task(CONTACT, offered("leave_request", "hr")))


def test_a_group_does_not_open_a_task_of_a_case_above_the_clearance() -> None:
    secret = relations_to_case(CONTACT, ["kemhan"], "secret")

    relations = relations_to_task(CONTACT, offered("follow_up", "institution:kemhan"), secret)

    assert relations == frozenset()


def test_one_institutions_comment_on_a_draft_is_not_the_others_task() -> None:
    other = offered("recommendation", "institution:kemenkeu")
    case = relations_to_case(CONTACT, ["kemhan", "kemenkeu"], "ordinary")

    assert relations_to_task(CONTACT, other, case) == frozenset()
    assert relations_to_task(HEAD, other, {"head"}) == frozenset()
    assert relations_to_task(COORDINATOR, other, {"coordinator"}) == {"coordinator"}


def test_who_was_slower_is_told_so_and_not_that_there_was_no_task() -> None:
    done = TaskFacts(
        "leave_request", False, "faster", candidate_groups=["institution:kemhan"], ended_by="faster"
    )

    assert allows(CONTACT, "complete_task", relations_to_task(CONTACT, done))


def test_a_reading_token_reads_and_nothing_more() -> None:
    reader = Scope(
        UUID(int=2), "pimpinan", "P", "top_secret", roles=frozenset({"supervisor"}), read_only=True
    )
    may(reader, "read_case", {"supervisor"})
    with pytest.raises(Forbidden):
        may(reader, "extend_deadline", {"supervisor"})


def test_every_act_names_known_standings_and_acts_upon_things_name_relations() -> None:
    """At large nobody is a holder or keeper, and towards a thing nobody is an administrator."""
    assert all(rule.who <= set(get_args(Standing)) for rule in ACTS.values())
    upon_things = {who for rule in ACTS.values() if rule.about_thing for who in rule.who}
    at_large = {who for rule in ACTS.values() if not rule.about_thing for who in rule.who}
    towards_a_case = {"coordinator", "supervisor", "contact", "head", "former"}
    assert upon_things == {"holder", "keeper", "superior"} | towards_a_case
    assert at_large.isdisjoint({"holder", "keeper", "superior"})
