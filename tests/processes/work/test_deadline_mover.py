"""Moving one deadline after a change of a calendar: as it is planned, and when it is too late."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import Conflict
from engine.time.calendar import Calendar
from processes.cases.follow_up import follow_ups
from processes.storage.days.calendars import NamedDay
from processes.work import calendar_changes, tasks
from processes.work.deadline_mover import Move, move_from
from tests.processes.conftest import NOW
from tests.processes.stories.world import ACCEPTED, World

DUE, MOVED = date(2026, 1, 8), date(2026, 1, 9)
"""A task of three working days from Monday 5 January; and with Wednesday as a holiday."""
HOLIDAY = NamedDay(date(2026, 1, 7), "Libur mendadak", "holiday", "SKB perubahan 2026")


def test_a_move_is_written_so_that_it_can_be_read_back() -> None:
    move = Move(UUID(int=7), NOW, date(2026, 3, 30))
    assert move.written() == {"was_due": NOW.isoformat(), "would_be": "2026-03-30"}
    assert move_from(UUID(int=7), move.written()) == move


@pytest.mark.parametrize("missing", ["was_due", "would_be"])
def test_a_move_without_one_of_its_dates_is_none(missing: str) -> None:
    written = Move(UUID(int=7), NOW, date(2026, 3, 30)).written()
    del written[missing]
    with pytest.raises(KeyError):
        move_from(UUID(int=7), written)


def decree(world: World) -> int:
    """The administrator names the day; of how many deadlines the moving is planned."""
    return len(
        calendar_changes.change_and_move(world.service, world.person("admin"), "common", HOLIDAY)
    )


def due_of(world: World, task: UUID) -> date:
    due_at = world.service.engine.task(task).due_at
    assert due_at is not None
    return Calendar().due_date_of(due_at)


def left_and_done(world: World) -> tuple[int, int]:
    """How many moves were overtaken, and how many were made."""
    with world.service.reading() as connection:
        found = calendar_changes.progress(connection, world.person("admin"), "common")
    assert found is not None
    return found.count.left, found.count.done


def test_a_deadline_moves_with_the_decree_as_its_reason(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    task = world.task(case, "acknowledge").id
    assert decree(world) == 1
    assert due_of(world, task) == DUE, "each is moved by an act of its own"
    world.run()
    assert due_of(world, task) == MOVED
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    [event] = [one for one in found.events if one.kind == "extend"]
    assert (event.by, event.details["reason"]) == (
        "admin", "Libur mendadak (SKB perubahan 2026)",
    )  # fmt: skip
    assert left_and_done(world) == (0, 1)


def test_a_deadline_that_somebody_moved_meanwhile_stays_where_they_put_it(
    small_world: World,
) -> None:
    world = small_world
    task = world.task(world.follow_up(world.issued(supporting=[]), "kemhan"), "acknowledge").id
    decree(world)
    tasks.extend(world.service, world.person("asdep"), task, date(2026, 1, 20), "Rapat.")
    world.run()
    assert due_of(world, task) == date(2026, 1, 20)
    assert left_and_done(world) == (1, 0)


def test_a_task_that_was_done_meanwhile_is_left_alone(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    task = world.task(case, "acknowledge").id
    decree(world)
    tasks.complete(world.service, world.person("kemhan"), task, ACCEPTED)
    world.run()
    assert due_of(world, task) == DUE
    assert left_and_done(world) == (1, 0)


def test_no_second_change_is_begun_while_deadlines_are_on_their_way(small_world: World) -> None:
    world = small_world
    world.issued(supporting=[])
    decree(world)
    with pytest.raises(Conflict):
        decree(world)
    world.run()
    assert decree(world) == 0, "that day is named already"
