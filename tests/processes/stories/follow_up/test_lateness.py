"""The recipients of notices about lateness at each stage, and the end of these notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from processes.cases.follow_up import follow_up_acts, follow_ups
from processes.storage.cases import follow_up_detail
from processes.storage.cases.follow_up_detail import Escalation
from processes.work import escalations
from tests.processes.stories.world import ACCEPTED, PLAN, World

INSTITUTION = ["Pengingat", "PIC & pimpinan K/L", "Asdep", "Deputi", "Menko"]
COORDINATOR = ["Pengingat", "Asdep", "Deputi"]
SUPERVISOR = ["Pengingat", "Deputi", "Menko"]


def question(world: World, case: UUID) -> None:
    world.do(
        "kemhan", "acknowledge", case, response="clarification", contact="R", explanation="Apa?"
    )


def disagreement(world: World, case: UUID) -> None:
    world.do("kemhan", "acknowledge", case, response="disagree", contact="R", explanation="Bukan.")


def planned(world: World, case: UUID) -> None:
    world.do("kemhan", "acknowledge", case, **ACCEPTED)


def implementing(world: World, case: UUID) -> None:
    planned(world, case)
    world.do("kemhan", "plan", case, **PLAN)


def reporting(world: World, case: UUID) -> None:
    world.to_report("kemhan", case)


def evaluating(world: World, case: UUID) -> None:
    reporting(world, case)
    world.hand_in("kemhan", case)


def deciding(world: World, case: UUID) -> None:
    evaluating(world, case)
    world.evaluate(
        case, "cannot_be_followed_up", notes="Perkara.", reason="court", basis="Putusan 1"
    )


def extending(world: World, case: UUID) -> None:
    follow_up_acts.request_extension(
        world.service,
        world.person("kemhan"),
        case,
        deadline=date(2026, 12, 1),
        reason="Tender.",
        letter_number="",
    )


STAGES: dict[str, tuple[Callable[[World, UUID], None], list[str]]] = {
    "acknowledge": (lambda world, case: None, INSTITUTION),
    "answer_clarification": (question, COORDINATOR),
    "review_disagreement": (disagreement, COORDINATOR),
    "plan": (planned, INSTITUTION),
    "implement": (implementing, INSTITUTION),
    "report": (reporting, INSTITUTION),
    "evaluate": (evaluating, COORDINATOR),
    "decide_not_feasible": (deciding, SUPERVISOR),
    "decide_extension": (extending, SUPERVISOR),
}


def told(world: World, case: UUID, element: str) -> list[Escalation]:
    """What was escalated about the open task `element`, in order."""
    with world.service.reading() as connection:
        found = follow_up_detail.escalations(connection, world.instance(case))
    return [one for one in found if one.element_id == element]


@pytest.mark.parametrize("element", list(STAGES))
def test_every_task_of_a_follow_up_climbs_its_ladder_when_it_is_late(
    small_world: World, element: str
) -> None:
    world = small_world
    prepare, ladder = STAGES[element]
    case = world.follow_up(world.issued(), "kemhan")
    prepare(world, case)
    due_at = world.task(case, element).due_at
    assert due_at is not None
    world.wait_until(due_at)
    assert [one.level_name for one in told(world, case, element)] == ladder[:1]
    world.wait_days(45)
    rungs = told(world, case, element)
    assert list(dict.fromkeys(one.level_name for one in rungs)) == ladder
    overdue = [one.overdue for one in rungs]
    assert overdue == sorted(set(overdue)), "each rung is told once"
    assert all(one.late_seconds == 0 and not one.no_recipient for one in rungs)
    if ladder is INSTITUTION:
        assert {one.holder for one in rungs} == {"Kemhan"}, "by name, not by group"
    assert [one.ended_at is None for one in rungs] == [False] * (len(rungs) - 1) + [True]


def test_leaders_get_one_digest_a_day_and_never_a_mail_for_each_case(world: World) -> None:
    for _ in range(2):
        world.issued(supporting=["kemenkeu"])
    world.wait_until(world.at(date(2026, 2, 13)))
    for leader in ("kemhan-head", "asdep", "deputi", "menko"):
        mails = world.mails(leader)
        assert mails, leader
        assert {mail.kind for mail in mails} == {"digest"}
        days = [mail.digest_day for mail in mails]
        assert len(days) == len(set(days))
    newest = [mail for mail in world.mails("menko") if mail.state == "shown"][-1]
    assert newest.body.count("REK-2026-0001") == 2, "two institutions are late with it"
    assert newest.body.count("REK-2026-0002") == 2
    assert "working days overdue" in newest.body
    holder = [mail for mail in world.mails("kemhan") if mail.subject.startswith("Overdue")]
    assert {mail.kind for mail in holder} == {"notice"}


def test_nothing_more_is_told_once_the_late_task_is_done(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    world.wait_until(world.at(date(2026, 1, 13)))
    with world.service.reading() as connection:
        board = escalations.page(connection, world.person("asdep"), world.clock.now)
    assert {row.escalation.task.follow_up_id for row in board.items} >= {case}
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    with world.service.reading() as connection:
        board = escalations.page(connection, world.person("asdep"), world.clock.now)
        detail = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    assert case not in {row.escalation.task.follow_up_id for row in board.items}
    assert detail.cell.level is None
    before = len(told(world, case, "acknowledge"))
    world.wait_days(10)
    assert len(told(world, case, "acknowledge")) == before


def test_two_late_tasks_of_one_case_keep_separate_ladders(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    extending(world, case)
    world.wait_days(30)
    assert (
        list(dict.fromkeys(x.level_name for x in told(world, case, "acknowledge"))) == INSTITUTION
    )
    assert (
        list(dict.fromkeys(x.level_name for x in told(world, case, "decide_extension")))
        == SUPERVISOR
    )
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    first, second = found.late
    assert (first.level, second.level) == (True, False), "whose level lists show stands first"
    assert {first.task.element_id, second.task.element_id} == {"acknowledge", "decide_extension"}
    both = told(world, case, "acknowledge") + told(world, case, "decide_extension")
    highest = max(both, key=lambda one: (one.level, one.id))
    assert (first.task.id, found.cell.level) == (highest.task_id, highest.level)


def test_the_reminder_of_a_comment_goes_to_those_who_have_not_answered(small_world: World) -> None:
    world = small_world
    recommendation = world.propose()
    world.register(recommendation, comment_deadline="2026-03-02")
    world.comment("kemhan", recommendation, stance="agree")
    world.wait_until(world.at(date(2026, 3, 2)))
    reminders = [mail for mail in world.mails() if mail.subject.startswith("Reminder")]
    assert {mail.to_user for mail in reminders} == {"kemenperin"}


def test_after_downtime_each_ladder_tells_once_what_holds_now(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    world.clock.advance(days=60)
    world.service.engine.run_due()
    (only,) = told(world, case, "acknowledge")
    assert only.level_name == "Menko"
    assert only.late_seconds > 50 * 86400
    assert only.planned is not None


def test_a_case_nobody_serves_is_told_to_the_administrators(small_world: World) -> None:
    world = small_world
    case = world.follow_up(
        world.issued(lead=["kemhan"], supporting=["brin"], proceed_without_users=True), "brin"
    )
    world.wait_days(3)
    reminders = told(world, case, "acknowledge")
    assert [one.no_recipient for one in reminders] == [True]
    assert any(mail.subject.startswith("Nobody to tell") for mail in world.mails("admin"))
