"""The rights of each kind of person: the table of acts, read person by person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Forbidden, NotFound
from processes.rights.access import ACTS, Scope, TaskFacts, allows, may, relations_to_task
from processes.rights.scope import OPERATOR, operator, stranger


def somebody(
    *roles: str, served: str = "", headed: str = "", groups: str = "", clearance: str = "ordinary"
) -> Scope:
    return Scope(
        UUID(int=7), "ani", "Ani", clearance, roles=frozenset(roles),
        served=frozenset(served.split()), headed=frozenset(headed.split()),
        groups=frozenset(groups.split()),
    )  # fmt: skip


def at_large(who: Scope) -> set[str]:
    return {act for act, rule in ACTS.items() if not rule.about_thing and allows(who, act)}


def upon(relation: str) -> set[str]:
    """What somebody may do to a thing to which they stand so, whoever they are at large."""
    return {
        act for act, rule in ACTS.items() if rule.about_thing and allows(EMPLOYEE, act, {relation})
    }


def acts(names: str) -> set[str]:
    return set(names.split())


EMPLOYEE = somebody()
CONTACT = somebody(served="kemhan")
HEAD = somebody(headed="kemhan")
PROGRAMS = {"work_topics"}
"""What no person may."""
EVERYBODY = acts(
    "read_account change_account change_own_mail make_token end_session read_own_work read_calendar"
    " read_help upload_file read_version save_lists"
)
OVERSEEING = acts("read_recommendations read_inventory read_institutions read_processes")
TOGETHER = acts("read_agreements read_meetings read_requests")
ASKING = acts("ask_reports order_compilation read_compilations")
LATE = acts("read_escalations remind_many")
OWNING = acts(
    "read_processes edit_processes deploy start_by_key send_message read_incidents repair"
    " read_topics release_task"
)
ADMINISTERING = acts(
    "read_institutions read_users read_outbox read_system read_audit manage_users change_mail"
    " read_approvals approve_request refuse_request manage_institutions manage_calendar"
    " manage_settings resend_mail make_service_token name_stand_in manage_templates read_templates"
    " set_approval"
)


@pytest.mark.parametrize(
    ("who", "more"),
    [
        (EMPLOYEE, set()),
        (CONTACT, TOGETHER | {"read_copies"}),
        (HEAD, LATE | TOGETHER | {"read_copies", "name_stand_in", "set_approval"}),
        (somebody("coordinator"), OVERSEEING | LATE | TOGETHER | ASKING | acts("draft_letters"
         " start_recommendation start_meeting")),
        (somebody("supervisor"), OVERSEEING | LATE | TOGETHER | ASKING
         | acts("draft_letters name_stand_in")),
        (somebody("process-owner"), OWNING),
        (somebody("admin"), OWNING | ADMINISTERING),
        (operator(), OWNING | ADMINISTERING),
    ],
    ids=["employee", "contact", "head", "coordinator", "supervisor", "owner", "admin", "operator"],
)  # fmt: skip
def test_at_large_each_role_has_its_acts_beside_those_of_everybody(
    who: Scope, more: set[str]
) -> None:
    assert at_large(who) == EVERYBODY | more


@pytest.mark.parametrize(
    ("relation", "names"),
    [
        ("holder", "read_task complete_task claim_task delegate_task"),
        ("superior", "delegate_task reassign_task"),
        ("keeper", "read_task complete_task claim_task delegate_task reassign_task extend_deadline"
                   " read_instance cancel_instance choose_activity"),
        ("contact", "read_task read_case comment_case request_extension read_instance"
                    " replace_report revise_plan read_agreement read_meeting read_request"
                     " report_unasked"),
        ("head", "read_task remind_holder read_case comment_case request_extension read_instance"
                 " replace_report revise_plan read_agreement read_meeting read_request"
                     " report_unasked"),
        ("coordinator", "read_task remind_holder read_case comment_case record_statement"
                        " set_follow_up_kind propose_withdrawal read_reminder_letter"
                        " send_reminder_letter file_signed_scan read_instance choose_activity"
                        " propose_recipients read_agreement record_in_meeting read_meeting"
                        " change_meeting choose_covered read_request drop_request"),
        ("supervisor", "read_task reassign_task remind_holder extend_deadline read_case"
                       " comment_case propose_withdrawal read_reminder_letter"
                       " send_reminder_letter file_signed_scan read_instance propose_recipients"
                       " withdraw_follow_up read_agreement read_meeting change_meeting read_request"
                       " drop_request"),
    ],
)  # fmt: skip
def test_to_a_thing_one_may_do_what_ones_relation_to_it_includes(relation: str, names: str) -> None:
    assert upon(relation) == acts(names)


def test_a_program_does_its_work_and_nothing_else_whatever_it_is_said_to_be() -> None:
    program = replace(
        somebody("admin", "coordinator", served="kemhan", headed="kemhan", groups="admin"),
        topics=frozenset({"invoice"}),
    )
    relations = {"holder", "keeper", "superior", "coordinator", "supervisor", "contact", "head"}
    assert program.standing == {"worker"}
    assert program.principals == frozenset()
    assert {act for act in ACTS if allows(program, act, relations)} == acts(
        "read_version work_topics read_topics release_task"
    )


def test_a_role_gives_nothing_upon_a_thing_to_which_its_bearer_has_no_relation() -> None:
    lord = somebody("coordinator", "supervisor", "admin", "process-owner", headed="kemhan")
    for act, rule in ACTS.items():
        if rule.about_thing:
            with pytest.raises(NotFound):
                may(lord, act)


def test_a_relation_to_a_thing_gives_nothing_at_large() -> None:
    with pytest.raises(Forbidden):
        may(EMPLOYEE, "manage_users", {"admin", "keeper"})


def test_with_a_token_that_only_reads_nobody_changes_anything() -> None:
    everything = somebody("coordinator", "supervisor", "admin", "process-owner", headed="kemhan")
    reader = Scope(
        **{name: getattr(everything, name) for name in everything.__slots__} | {"read_only": True}
    )
    relations = {"holder", "keeper", "superior", "coordinator", "supervisor", "contact", "head"}
    reading = {act for act in ACTS if allows(reader, act, relations)}
    assert reading == {act for act in ACTS if act.startswith("read_")}
    assert {act for act in ACTS if allows(everything, act, relations)} == set(ACTS) - PROGRAMS


def test_the_password_is_asked_again_for_what_would_hand_over_an_account() -> None:
    admin = somebody("admin")
    confirmed = replace(admin, confirmed=3)
    asked = set()
    for act in at_large(admin):
        may(confirmed, act)
        try:
            may(admin, act)
        except BadInput as error:
            assert set(error.fields) == {"password"}
            asked.add(act)
    assert asked == acts(
        "change_own_mail make_token end_session change_mail approve_request make_service_token"
    )


# --- how somebody stands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "standing"),
    [
        (EMPLOYEE, set()), (CONTACT, {"contact"}), (HEAD, {"head"}),
        (somebody("admin", served="a", headed="b"), {"admin", "contact", "head"}),
    ],
)  # fmt: skip
def test_at_large_one_stands_as_ones_roles_and_institutions_say(
    who: Scope, standing: set[str]
) -> None:
    assert who.standing == standing | {"anybody"}


def test_only_those_at_the_console_are_no_account() -> None:
    console = operator("cron")
    assert (console.operates, console.username, console.user_id) == (True, "cron", OPERATOR)
    assert operator().username == "system"
    assert not EMPLOYEE.operates
    assert (console.clearance, console.oversees, console.keeps) == ("ordinary", False, True)
    assert console.groups == {"admin"}
    may(console, "approve_request")


@pytest.mark.parametrize(
    ("role", "oversees", "keeps"),
    [
        ("coordinator", True, False), ("supervisor", True, False), ("process-owner", False, True),
        ("admin", False, True),
    ],
)  # fmt: skip
def test_two_roles_see_all_cases_and_two_see_all_else(
    role: str, oversees: bool, keeps: bool
) -> None:
    assert (somebody(role).oversees, somebody(role).keeps) == (oversees, keeps)


@pytest.mark.parametrize(
    ("clearance", "reads"),
    [
        ("ordinary", 1), ("restricted", 2), ("secret", 3), ("top_secret", 4),
    ],
)  # fmt: skip
def test_a_clearance_reads_itself_and_what_is_below_it(clearance: str, reads: int) -> None:
    every = ("ordinary", "restricted", "secret", "top_secret")
    assert somebody(clearance=clearance).cleared_for == every[:reads]


# --- how somebody stands to a task --------------------------------------------------------------

ANI = somebody(groups="hr")


def a_task(process: str = "leave", **values: Any) -> TaskFacts:
    return TaskFacts(process, **{"is_open": True, "assignee": None, **values})


@pytest.mark.parametrize(
    ("task", "holds"),
    [
        (a_task(assignee="ani"), True),
        (a_task(assignee="budi"), False),
        (a_task(assignee="budi", candidate_users=["ani"], candidate_groups=["hr"]), False),
        (a_task(candidate_users=["ani"]), True),
        (a_task(candidate_groups=["hr"]), True),
        (a_task(candidate_users=["budi"], candidate_groups=["finance"]), False),
        (a_task(is_open=False, assignee="budi", candidate_groups=["hr"]), True),
        (a_task(is_open=False, assignee="budi", candidate_users=["ani"]), True),
        (a_task(is_open=False, assignee="ani", ended_by="budi"), True),
        (a_task(is_open=False, assignee=None, ended_by="ani"), True),
        (a_task(is_open=False, assignee="budi", ended_by="budi"), False),
    ],
)  # fmt: skip
def test_a_task_is_its_assignees_alone_while_it_is_open_else_all_to_whom_it_was_offered(
    task: TaskFacts, holds: bool
) -> None:
    assert relations_to_task(ANI, task) == ({"holder"} if holds else set())


@pytest.mark.parametrize(
    ("process", "groups", "relations"),
    [
        ("follow_up", "institution:kemhan", {"contact", "head", "coordinator", "superior"}),
        ("follow_up", "coordinator", {"contact", "head", "coordinator"}),
        ("recommendation", "institution:kemhan", {"head", "coordinator", "superior"}),
        ("recommendation", "institution:brin", {"contact", "coordinator"}),
        ("recommendation", "coordinator", {"coordinator"}),
        ("recommendation", "institution:kemenkeu", {"coordinator"}),
    ],
)  # fmt: skip
def test_of_a_recommendation_an_institution_has_its_own_tasks_of_a_follow_up_all(
    process: str, groups: str, relations: set[str]
) -> None:
    """The leadership of one institution is a contact of another, and both are asked."""
    who = somebody("coordinator", served="brin", headed="kemhan")
    task = a_task(process, candidate_groups=[groups])
    assert relations_to_task(who, task, {"contact", "head", "coordinator"}) == relations


def test_a_task_of_a_case_to_which_one_has_no_relation_is_not_there_even_for_its_assignee() -> None:
    mine = a_task("follow_up", assignee="ani", candidate_users=["ani"])
    assert relations_to_task(ANI, mine) == set()
    assert relations_to_task(ANI, mine, {"contact"}) == {"holder", "contact"}


def test_a_stranger_has_no_right_at_all() -> None:
    assert at_large(stranger()) == set()
    assert not stranger().operates
    task = TaskFacts("sick_leave", True, None, candidate_users=["ani"], candidate_groups=["admin"])
    assert relations_to_task(stranger(), task) == frozenset()
