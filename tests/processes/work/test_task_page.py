"""The page of one task: what is asked, by when, what came back, and what follows it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import Conflict, Forbidden, NotFound
from engine.time.calendar import Timing
from processes.acts import reading
from processes.cases.follow_up import follow_up_acts
from processes.storage.days import calendars
from processes.storage.days.calendars import NamedDay
from processes.work import task_drafts, task_page, tasks
from processes.work.task_drafts import ORDER, PAGE, Page, Saved
from processes.work.task_page import TaskPage
from tests.processes.stories.world import ACCEPTED, PLAN, World


@pytest.fixture
def case(small_world: World) -> UUID:
    return small_world.follow_up(small_world.issued(), "kemhan")


def page(world: World, task: UUID, who: str = "kemhan") -> TaskPage:
    with reading.opened(world.service, world.person(who)) as at:
        return task_page.page(at, task)


def done(world: World, who: str, element: str, case: UUID, **answers: object) -> UUID:
    """Somebody does a task; its id."""
    task = world.task(case, element).id
    world.do(who, element, case, **answers)
    return task


# --- what is asked ------------------------------------------------------------------------------


def test_a_task_says_what_the_institution_is_asked_and_until_when(
    small_world: World, case: UUID
) -> None:
    found = page(small_world, small_world.task(case, "acknowledge").id)
    assert found.text == "Percepat kapasitas industri strategis nasional."
    assert (found.due, found.timing) == (date(2026, 1, 8), Timing(-3, "before"))
    counted = task_page.counted(found, small_world.clock.now)
    assert [one.day for one in counted.until] == [
        date(2026, 1, 6), date(2026, 1, 7), date(2026, 1, 8),
    ]  # fmt: skip
    assert (counted.since, counted.left, counted.today) == ([], 3, date(2026, 1, 5))
    assert (found.holder, found.ended_by, found.receipt, found.returned) == ("", "", None, None)


def test_days_of_a_deadline_are_counted_as_it_stands_now(small_world: World, case: UUID) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    tasks.extend(world.service, world.person("asdep"), task.id, date(2026, 1, 20), "Libur.")
    counted = task_page.counted(page(world, task.id), world.clock.now).until
    assert counted[-1].day == date(2026, 1, 20)
    assert [one.number for one in counted if one.number is not None] == list(range(1, 11))


def test_days_are_counted_by_the_calendar_of_the_institution(small_world: World) -> None:
    world = small_world
    with world.service.transaction() as connection:
        off = NamedDay(date(2026, 1, 7), "Hari TNI", "joint_leave", "Keputusan Panglima TNI")
        calendars.put_day(connection, "tni", off, "admin", world.clock.now)
    id = world.issued(supporting=["tni"])
    dues = {}
    for institution in ("kemhan", "tni"):
        task = world.task(world.follow_up(id, institution), "acknowledge")
        found = page(world, task.id, institution)
        dues[institution] = found.due
        counted = task_page.counted(found, world.clock.now)
        assert len([one for one in counted.until if one.number is not None]) == counted.left == 3
    assert dues == {"kemhan": date(2026, 1, 8), "tni": date(2026, 1, 9)}


def test_a_task_of_the_recommendation_asks_no_institution_for_anything(small_world: World) -> None:
    id = small_world.propose()
    found = page(small_world, small_world.task(id, "register").id, "coordinator")
    assert (found.text, found.returned, found.receipt) == ("", None, None)


def test_who_has_a_task_and_who_did_it_are_told_by_name(small_world: World, case: UUID) -> None:
    world, task = small_world, small_world.task(case, "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    assert page(world, task.id, "asdep").holder == "Kemhan"
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    assert page(world, task.id, "asdep").ended_by == "Kemhan"


# --- what came back -----------------------------------------------------------------------------


def returned(world: World, case: UUID, **report: str) -> UUID:
    """A report that was sent back; the task in which the institution works on."""
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case, **report)
    world.evaluate(case, "not_yet_conforms", notes="Lampirkan bukti.", rework_deadline="2026-05-29")
    return world.task(case, "implement").id


def test_work_that_was_sent_back_says_why_and_until_when(small_world: World, case: UUID) -> None:
    found = page(small_world, returned(small_world, case)).returned
    assert found is not None
    assert (found.verdict, found.notes, found.by) == (
        "not_yet_conforms", "Lampirkan bukti.", "coordinator",
    )  # fmt: skip
    assert (found.rework_deadline, found.deadline) == (date(2026, 5, 29), date(2026, 4, 30))


def test_notes_on_a_report_above_the_clearance_are_not_told(small_world: World, case: UUID) -> None:
    world = small_world
    task = returned(world, case, classification="secret")
    world.colleague("kemhan-2", "kemhan")
    world.lower_clearance("kemhan-2", "restricted")
    found = page(world, task, "kemhan-2").returned
    assert found is not None
    assert (found.notes, found.rework_deadline) == ("", date(2026, 5, 29))


def test_nothing_is_returned_to_whoever_evaluates(small_world: World, case: UUID) -> None:
    world = small_world
    returned(world, case)
    world.do("kemhan", "implement", case, percent=100, narrative="Lengkap.", done="yes")
    world.hand_in("kemhan", case, letter_number="B/13/2026")
    assert page(world, world.task(case, "evaluate").id, "coordinator").returned is None


# --- what follows -------------------------------------------------------------------------------


def test_after_a_task_the_page_leads_to_the_next_one_of_its_reader(
    small_world: World, case: UUID
) -> None:
    world = small_world
    task = done(world, "kemhan", "acknowledge", case, **ACCEPTED)
    own, other = page(world, task), page(world, task, "coordinator")
    assert [one.element_id for one in own.coming] == ["plan"]
    assert own.yours is not None
    assert own.yours.element_id == "plan"
    assert ([one.element_id for one in other.coming], other.yours) == (["plan"], None)


def test_what_the_ministry_does_next_is_told_to_the_institution_without_a_way_there(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    task = world.task(case, "report").id
    world.hand_in("kemhan", case)
    found = page(world, task)
    assert found.receipt == "TT-2026-0001"
    assert ([one.element_id for one in found.coming], found.yours) == (["evaluate"], None)


def test_after_sending_out_what_follows_is_what_was_begun(small_world: World) -> None:
    world = small_world
    id = world.propose()
    world.register(id)
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, id, stance="agree")
    world.finalise(id, final_text="Naik.", responses=[])
    world.do("asdep", "approve", id, approved="yes")
    task = done(
        world, "coordinator", "send_out", id, letter_number="R-1", letter_date="2026-01-05",
        signatory="Deputi",
    )  # fmt: skip
    coming = page(world, task, "coordinator").coming
    assert [one.element_id for one in coming] == ["acknowledge"] * 2


def test_an_institution_is_not_told_what_another_one_is_asked(small_world: World) -> None:
    world = small_world
    id = world.propose()
    world.register(id)
    [mine] = [
        one.id for one in world.open_tasks(id) if "institution:kemhan" in one.candidate_groups
    ]
    world.comment("kemhan", id, stance="agree")
    assert page(world, mine).coming == [], "kemenperin has not commented"
    assert [one.element_id for one in page(world, mine, "coordinator").coming] == ["comment"]


@pytest.mark.parametrize("who", ["kemenperin", "owner", "admin"])
def test_for_others_there_is_no_such_page(small_world: World, case: UUID, who: str) -> None:
    with pytest.raises(NotFound):
        page(small_world, small_world.task(case, "acknowledge").id, who)


# --- drafts and forms ---------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_and_the_last_one_stays(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(case, "acknowledge").id
    for contact in ("Rina", "Budi"):
        saved = task_drafts.save(world.service, world.person("kemhan"), task, {"contact": contact})
        assert saved.over is None
    last = {"contact": "Budi", PAGE: "", ORDER: 0}
    for who, typed in (("kemhan", last), ("kemhan-2", None)):
        with reading.opened(world.service, world.person(who)) as at:
            draft = task_drafts.own(at, task)
            assert task_drafts.past(at, task) == [], "typed on, on the same page"
        assert (draft.data if draft else None) == typed
        assert (draft.version if draft else None) == (2 if typed else None)


def test_what_another_page_has_saved_is_kept_and_can_be_taken_back(
    small_world: World, case: UUID
) -> None:
    world, task = small_world, small_world.task(case, "acknowledge").id

    def save(contact: str, page: str) -> Saved:
        kemhan, typed = world.person("kemhan"), {"contact": contact}
        return task_drafts.save(world.service, kemhan, task, typed, Page(page))

    def past() -> list[object]:
        with reading.opened(world.service, world.person("kemhan")) as at:
            return [one.data["contact"] for one in task_drafts.past(at, task)]

    first = save("Rina", "one").draft
    assert save("Budi", "two").over == first, "the second page has not seen it"
    assert past() == ["Rina"]
    task_drafts.take_back(world.service, world.person("kemhan"), task, first.version)
    with reading.opened(world.service, world.person("kemhan")) as at:
        draft = task_drafts.own(at, task)
    assert draft is not None
    assert (draft.data["contact"], draft.version) == ("Rina", 3)
    assert past() == ["Budi", "Rina"]


def test_nothing_is_typed_into_a_task_that_is_done_or_somebody_elses(
    small_world: World, case: UUID
) -> None:
    world = small_world
    task = done(world, "kemhan", "acknowledge", case, **ACCEPTED)
    with pytest.raises(Conflict):
        task_drafts.save(world.service, world.person("kemhan"), task, {"contact": "Rina"})
    plan = world.task(case, "plan").id
    for who, refusal in (("coordinator", Forbidden), ("kemenperin", NotFound)):
        with pytest.raises(refusal):
            task_drafts.save(world.service, world.person(who), plan, {})
        with reading.opened(world.service, world.person(who)) as at, pytest.raises(refusal):
            task_page.form_to_send(at, plan)


def test_a_deadline_that_passed_before_the_task_began_counts_no_days(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    world.wait_until(world.at(date(2026, 5, 5)))
    world.do("kemhan", "plan", case, **PLAN)
    found = page(world, world.task(case, "implement").id)
    counted = task_page.counted(found, world.clock.now)
    assert found.due == date(2026, 4, 30)
    assert (counted.until, counted.left) == ([], 0)
    assert counted.since[-1].day == date(2026, 5, 5)


def test_the_days_of_returned_work_are_counted_to_its_own_date(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    world.evaluate(case, "not_yet_conforms", notes="Bukti?", rework_deadline="2026-01-14")
    found = page(world, world.task(case, "implement").id)
    counted = task_page.counted(found, world.clock.now)
    assert found.due == date(2026, 1, 14), "though the case has until 30 April"
    assert (counted.until[-1].day, counted.left) == (date(2026, 1, 14), 7)


def test_what_follows_a_task_is_what_began_with_its_end_not_what_waited_beside_it(
    small_world: World, case: UUID
) -> None:
    follow_up_acts.request_extension(
        small_world.service, small_world.person("kemhan"), case, deadline=date(2026, 7, 31),
        reason="Tender diulang.", letter_number="",
    )  # fmt: skip
    small_world.run()
    task = done(small_world, "kemhan", "acknowledge", case, **ACCEPTED)
    assert small_world.waits_for(case) == ["decide_extension", "plan"]
    assert [one.element_id for one in page(small_world, task).coming] == ["plan"]
    small_world.do("kemhan", "plan", case, **PLAN)
    assert [one.element_id for one in page(small_world, task).coming] == ["implement"]
