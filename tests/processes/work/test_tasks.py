"""What people do with tasks besides completing them: who may, until when, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.storage.cases.worklist import Task
from engine.time.calendar import Calendar
from processes.cases.follow_up import follow_ups
from processes.work import tasks
from tests.processes.stories.world import ACCEPTED, REPORT, World

DUE = date(2026, 1, 8)
"""The third working day after the issue: to acknowledge by."""
UNSEEN = " \u200b"


@pytest.fixture
def case(small_world: World) -> UUID:
    """The follow-up of Kemhan, issued on Monday 5 January, to be done by 30 April."""
    return small_world.follow_up(small_world.issued(), "kemhan")


def extend(
    world: World,
    task: Task,
    due: date | None,
    reason: str = "Libur.",
    who: str = "asdep",
    *,
    case_too: bool = False,
) -> None:
    tasks.extend(world.service, world.person(who), task.id, due, reason, case_too=case_too)


def due_of(world: World, task: Task) -> date:
    due_at = world.service.engine.task(task.id).due_at
    assert due_at is not None
    return Calendar().due_date_of(due_at)


# --- moving a deadline --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "reason", "fields"),
    [
        (None, "Libur.", {"due"}),
        (DUE, "Libur.", {"due"}),
        (DUE - timedelta(days=1), "Libur.", {"due"}),
        (DUE + timedelta(days=1), UNSEEN, {"reason"}),
        (None, "", {"due", "reason"}),
    ],
)
def test_a_deadline_moves_to_a_later_day_for_a_reason_one_can_read(
    small_world: World, case: UUID, due: date | None, reason: str, fields: set[str]
) -> None:
    task = small_world.task(case, "acknowledge")
    with pytest.raises(BadInput) as refused:
        extend(small_world, task, due, reason)
    assert set(refused.value.fields) == fields
    assert due_of(small_world, task) == DUE


def test_a_deadline_moves_by_one_day_at_least(small_world: World, case: UUID) -> None:
    task = small_world.task(case, "acknowledge")
    extend(small_world, task, DUE + timedelta(days=1))
    assert due_of(small_world, task) == DUE + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "possible"), [(date(2026, 1, 14), False), (date(2026, 1, 15), True)]
)
def test_a_deadline_that_has_passed_moves_to_a_day_that_is_still_to_come(
    small_world: World, case: UUID, day: date, possible: bool
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    world.wait_until(world.at(date(2026, 1, 14)))
    if possible:
        extend(world, task, day)
        assert due_of(world, task) == day
        return
    with pytest.raises(BadInput) as refused:
        extend(world, task, day)
    assert str(refused.value.fields["due"]) == "This date must lie in the future."


@pytest.mark.parametrize(
    ("due", "deadline", "grants"),
    [
        (date(2026, 4, 30), date(2026, 4, 30), 0),
        (date(2026, 5, 1), date(2026, 5, 1), 1),
    ],
)
def test_the_case_gets_the_date_only_where_its_own_would_come_before(
    small_world: World, case: UUID, due: date, deadline: date, grants: int
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    extend(world, task, due, case_too=True)
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    assert (found.case.deadline, len(found.extensions)) == (deadline, grants)
    for one in found.extensions:
        assert (one.decision, one.new_deadline, one.decided_by) == ("granted", due, "asdep")
        assert (one.reason, one.letter_number) == ("Libur.", None)


def test_the_deadline_of_a_case_is_never_moved_unsaid(small_world: World, case: UUID) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    with pytest.raises(BadInput) as refused:
        extend(world, task, date(2026, 5, 1))
    assert set(refused.value.fields) == {"case_too"}
    assert (due_of(world, task), world.case(case).deadline) == (DUE, date(2026, 4, 30))


def test_the_date_that_counts_is_that_of_returned_work(small_world: World, case: UUID) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    world.evaluate(case, "not_yet_conforms", notes="Data kurang.", rework_deadline="2026-03-20")
    task = world.task(case, "implement")
    with pytest.raises(BadInput) as refused:
        extend(world, task, date(2026, 4, 10))
    assert set(refused.value.fields) == {"case_too"}
    assert "20 Mar 2026" in str(refused.value.fields["case_too"]) or "2026-03-20" in str(
        refused.value.fields["case_too"]
    )
    extend(world, task, date(2026, 4, 10), case_too=True)
    assert (world.case(case).deadline, world.case(case).rework_deadline) == (
        date(2026, 4, 10),
        None,
    )


def test_more_time_for_the_coordinator_moves_no_deadline_of_the_institution(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    extend(world, world.task(case, "evaluate"), date(2026, 6, 30))
    assert world.case(case).deadline == date(2026, 4, 30)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("coordinator", Forbidden), ("kemhan", Forbidden), ("kemhan-head", Forbidden),
        ("kemenperin", NotFound), ("owner", NotFound),
    ],
)  # fmt: skip
def test_only_supervisors_move_the_deadline_of_a_real_case(
    small_world: World, case: UUID, who: str, refusal: type[Exception]
) -> None:
    task = small_world.task(case, "acknowledge")
    with pytest.raises(refusal):
        extend(small_world, task, date(2026, 1, 20), who=who)


# --- reminding ----------------------------------------------------------------------------------


def remind(world: World, task: Task, who: str = "coordinator") -> list[str]:
    return [user.username for user in tasks.remind(world.service, world.person(who), task.id)]


def test_a_reminder_reaches_all_it_was_offered_to_and_once_taken_only_its_holder(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(case, "acknowledge")
    assert sorted(remind(world, task)) == ["kemhan", "kemhan-2"]
    tasks.claim(world.service, world.person("kemhan-2"), task.id)
    assert remind(world, task) == ["kemhan-2"]


def test_a_reminder_is_a_mail_and_an_entry_in_the_history(small_world: World, case: UUID) -> None:
    world = small_world
    before = len(world.mails("kemhan"))
    remind(world, world.task(case, "acknowledge"), "asdep")
    assert len(world.mails("kemhan")) == before + 1
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    [event] = [one for one in found.events if one.kind == "remind"]
    assert (event.by, event.details["told"]) == ("asdep", ["kemhan"])


def test_what_is_done_needs_no_reminder(small_world: World, case: UUID) -> None:
    task = small_world.task(case, "acknowledge")
    small_world.do("kemhan", "acknowledge", case, **ACCEPTED)
    with pytest.raises(Conflict) as refused:
        remind(small_world, task)
    assert str(refused.value) == "This task is not open any more."


def test_where_nobody_would_be_told_the_reminder_is_refused(small_world: World) -> None:
    world = small_world
    id = world.issued(supporting=["polri"], proceed_without_users=True)
    task = world.task(world.follow_up(id, "polri"), "acknowledge")
    with pytest.raises(Conflict) as refused:
        remind(world, task)
    assert "No active account" in str(refused.value)


@pytest.mark.parametrize(
    ("who", "refusal"), [("kemhan", Forbidden), ("kemenperin", NotFound), ("admin", NotFound)]
)
def test_whoever_holds_a_task_reminds_nobody_of_it(
    small_world: World, case: UUID, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        remind(small_world, small_world.task(case, "acknowledge"), who)


# --- taking, giving back, passing on ------------------------------------------------------------


def assignee(world: World, task: Task) -> str | None:
    return world.service.engine.task(task.id).assignee


def test_giving_back_what_nobody_has_taken_changes_nothing(small_world: World, case: UUID) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    tasks.give_back(world.service, world.person("kemhan"), task.id)
    assert assignee(world, task) is None
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    assert [one for one in found.events if one.kind == "assign"] == []


def test_a_task_somebody_has_is_neither_taken_nor_given_back_by_another(
    small_world: World, case: UUID
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    world.colleague("kemhan-2", "kemhan")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    for act in (tasks.claim, tasks.give_back):
        with pytest.raises(Forbidden):
            act(world.service, world.person("kemhan-2"), task.id)
    assert assignee(world, task) == "kemhan"


def test_nobody_gets_a_task_of_a_case_above_their_clearance(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    world.lower_clearance("kemhan-2", "restricted")
    case = world.follow_up(world.issued(classification="secret"), "kemhan")
    task = world.task(case, "acknowledge")
    with world.service.reading() as connection:
        possible = tasks.colleagues(connection, world.person("kemhan-head"), task.id)
    assert [user.username for user in possible] == ["kemhan"]
    with pytest.raises(BadInput) as refused:
        tasks.pass_on(world.service, world.person("kemhan"), task.id, "kemhan-2")
    assert set(refused.value.fields) == {"to"}


def test_a_supervisor_hands_a_task_to_another_but_never_out_of_its_institution(
    small_world: World, case: UUID
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    with pytest.raises(BadInput):
        tasks.pass_on(world.service, world.person("asdep"), task.id, "kemenperin")
    tasks.pass_on(world.service, world.person("asdep"), task.id, "kemhan")
    assert assignee(world, task) == "kemhan"
    with pytest.raises(Forbidden):
        tasks.pass_on(world.service, world.person("coordinator"), task.id, "kemhan")


# --- completing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("coordinator", Forbidden), ("asdep", Forbidden), ("kemhan-head", Forbidden),
        ("kemenperin", NotFound), ("owner", NotFound), ("admin", NotFound),
    ],
)  # fmt: skip
def test_only_those_it_was_offered_to_complete_a_task(
    small_world: World, case: UUID, who: str, refusal: type[Exception]
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    for complete in (tasks.complete, tasks.hand_in):
        with pytest.raises(refusal):
            complete(world.service, world.person(who), task.id, ACCEPTED)
    assert world.waits_for(case)[0] == "acknowledge"


def test_answers_that_the_form_does_not_take_are_refused_by_field(
    small_world: World, case: UUID
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    for answers, fields in (
        ({}, {"response", "contact"}),
        ({"response": "accepted"}, {"contact"}),
        ({"response": "maybe", "contact": "Rina"}, {"response"}),
        ({"response": "disagree", "contact": "Rina"}, {"explanation"}),
    ):
        with pytest.raises(BadInput) as refused:
            tasks.complete(world.service, world.person("kemhan"), task.id, answers)
        assert set(refused.value.fields) == fields
    assert world.case(case).status == "acknowledge"


def test_the_same_request_again_completes_nothing_twice(small_world: World, case: UUID) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    for _ in range(2):
        outcome = tasks.complete(
            world.service, world.person("kemhan"), task.id, ACCEPTED, request_id="r-1"
        )
        assert [one.element_id for one in outcome.next] == ["plan"]
    with world.service.reading() as connection:
        found = follow_ups.work(connection, world.person("kemhan"), case)
    assert len(found.exchanges) == 1


def test_the_slower_one_is_told_that_it_is_done(small_world: World, case: UUID) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    world.colleague("kemhan-2", "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    with pytest.raises(Conflict):
        tasks.complete(world.service, world.person("kemhan-2"), task.id, ACCEPTED)


def test_only_a_report_comes_to_a_receipt(small_world: World, case: UUID) -> None:
    world = small_world
    done = world.do("kemhan", "acknowledge", case, **ACCEPTED)
    assert done.receipt_number is None
    world.do("kemhan", "plan", case, unit="Ditjen", activities=[{"activity": "Tender"}])
    world.do("kemhan", "implement", case, percent=100, narrative="Selesai.", done="yes")
    handed_in = world.hand_in("kemhan", case, **REPORT)
    assert handed_in.receipt_number == "TT-2026-0001"
    assert [one.element_id for one in handed_in.next] == ["evaluate"]
