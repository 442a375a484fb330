"""Where a task stands in a list by its deadline, and how its reader stands to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import NotFound
from engine.time.calendar import DEFAULT_ZONE, Calendar, Timing
from processes.work import inbox, tasks
from processes.work.inbox import Group
from tests.engine.models.building import bpmn, end, process, start, user_task
from tests.processes.stories.world import ACCEPTED, World

WEDNESDAY = date(2026, 1, 7)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), DEFAULT_ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    return Calendar().end_of(day)


def group_of(due_at: datetime | None, now: datetime) -> Group:
    return inbox.group_at(due_at, inbox.group_ends(Calendar(), now))


# --- today is Wednesday 7 January 2026 ----------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "overdue", "group"),
    [
        (date(2026, 1, 5), 2, "late"),
        (date(2026, 1, 6), 1, "late"),
        (date(2026, 1, 7), 0, "today"),
        (date(2026, 1, 8), -1, "next"),
        (date(2026, 1, 9), -2, "week"),
        (date(2026, 1, 11), -2, "week"),
        (date(2026, 1, 12), -3, "later"),
    ],
)
def test_a_task_is_late_due_today_next_this_week_or_later(
    due: date, overdue: int, group: Group
) -> None:
    timing = Calendar().timing(end_of(due), at(WEDNESDAY))
    assert (timing.overdue, group_of(end_of(due), at(WEDNESDAY))) == (overdue, group)
    assert timing.late == (group == "late")


def test_a_task_without_a_deadline_stands_last() -> None:
    assert group_of(None, at(WEDNESDAY)) == "later"


def test_a_listed_task_without_a_deadline_is_never_late(small_world: World) -> None:
    world = small_world
    asking = user_task("ask", camunda_candidateGroups="coordinator")
    model = bpmn(process("asking", start(), asking, end()))
    world.service.engine.deploy({"asking.bpmn": model}, "owner")
    world.service.engine.start("asking", {}, "A-1", "owner")
    world.wait_until(world.at(date(2026, 6, 1)))
    with world.service.reading() as connection:
        [found] = inbox.tasks(
            connection, world.person("coordinator"), "mine", world.clock.now
        ).items
    assert (found.task.due_at, found.timing, found.group) == (None, None, "later")


def test_the_groups_stand_in_the_order_in_which_they_are_due() -> None:
    named = [group for group, _ in inbox.group_ends(Calendar(), at(WEDNESDAY))]
    assert [*named, "later"] == list(inbox.GROUPS) == ["late", "today", "next", "week", "later"]


@pytest.mark.parametrize(("minutes", "group"), [(-1, "today"), (0, "late"), (1, "late")])
def test_a_deadline_within_a_day_is_late_from_its_minute_on(
    minutes: int, group: Literal["today", "late"]
) -> None:
    now = at(WEDNESDAY, 12)
    due_at = now - timedelta(minutes=minutes)
    assert group_of(due_at, now) == group
    assert Calendar().timing(due_at, now) == Timing(0, group), "no working day has passed yet"


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2026, 1, 11), "today"),
        (date(2026, 1, 10), "today"),
        (date(2026, 1, 9), "today"),
        (date(2026, 1, 8), "next"),
        (date(2026, 1, 7), "week"),
        (date(2026, 1, 4), "week"),
        (date(2026, 1, 2), "later"),
    ],
)
def test_a_sunday_belongs_to_the_friday_before_it_and_ends_its_week(
    day: date, group: Group
) -> None:
    assert group_of(end_of(date(2026, 1, 11)), at(day)) == group


def test_the_day_is_that_of_the_calendar_not_of_the_clock() -> None:
    """23.30 in London is the next morning in Jakarta."""
    late_evening = datetime(2026, 1, 6, 23, 30, tzinfo=UTC)
    assert group_of(end_of(WEDNESDAY), late_evening) == "today"
    assert Calendar().timing(end_of(WEDNESDAY), late_evening) == Timing(0, "today")


# --- how somebody stands to a task --------------------------------------------------------------


def stands(world: World, who: str, task: UUID) -> set[str]:
    with world.service.reading() as connection:
        return set(inbox.task_access(connection, world.person(who), task))


@pytest.mark.parametrize(
    ("who", "relations"),
    [
        ("kemhan", {"holder", "contact"}),
        ("kemhan-head", {"head", "superior"}),
        ("coordinator", {"coordinator"}),
        ("asdep", {"supervisor"}),
    ],
)
def test_a_task_of_an_institution_is_its_contacts(
    small_world: World, who: str, relations: set[str]
) -> None:
    task = small_world.task(small_world.follow_up(small_world.issued(), "kemhan"), "acknowledge")
    assert stands(small_world, who, task.id) == relations


@pytest.mark.parametrize("who", ["kemenperin", "kemenkeu", "owner", "admin"])
def test_for_others_there_is_no_such_task(small_world: World, who: str) -> None:
    task = small_world.task(small_world.follow_up(small_world.issued(), "kemhan"), "acknowledge")
    for id in (task.id, uuid4()):
        with pytest.raises(NotFound):
            stands(small_world, who, id)


def test_what_a_colleague_has_taken_is_not_held_by_anybody_else(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    tasks.claim(world.service, world.person("kemhan-2"), task.id)
    assert stands(world, "kemhan-2", task.id) == {"holder", "contact"}
    assert stands(world, "kemhan", task.id) == {"contact"}


def test_of_a_finished_task_all_it_was_offered_to_are_holders(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    case = world.follow_up(world.issued(), "kemhan")
    task = world.task(case, "acknowledge")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    for who in ("kemhan", "kemhan-2"):
        assert "holder" in stands(world, who, task.id), "so that the slower one is told who it was"


def test_the_comment_asked_of_one_institution_is_no_business_of_another(
    small_world: World,
) -> None:
    world = small_world
    id = world.propose()
    world.register(id)
    asked = {one.candidate_groups[0]: one.id for one in world.open_tasks(id)}
    assert stands(world, "kemhan", asked["institution:kemhan"]) == {"holder", "contact"}
    with pytest.raises(NotFound):
        stands(world, "kemhan", asked["institution:kemenperin"])
    with pytest.raises(NotFound):
        stands(world, "kemhan-head", asked["institution:kemenperin"])


@pytest.mark.parametrize("who", ["kemhan", "kemhan-head", "coordinator", "asdep", "owner"])
def test_a_list_says_of_each_task_the_same_as_its_page(small_world: World, who: str) -> None:
    world = small_world
    world.issued()
    world.propose()
    scope = world.person(who)
    with world.service.reading() as connection:
        for tab in inbox.TABS:
            for one in inbox.tasks(connection, scope, tab, world.clock.now).items:
                task = one.task
                assert inbox.relations_of(scope, task) == inbox.task_access(
                    connection, scope, task.id
                )
