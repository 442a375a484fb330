"""The board of a supervisor: what stands on it, in what order, and what each row tells."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import Forbidden
from engine.time.calendar import Calendar, Timing
from processes.cases.follow_up import follow_up_list
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.work.narrowing import Narrowing
from processes.work import escalations, tasks
from processes.work.escalations import BoardRow
from tests.processes.stories.world import ACCEPTED, PLAN, World


def board(world: World, who: str = "asdep", **asked: Any) -> list[BoardRow]:
    with world.service.reading() as connection:
        found = escalations.page(connection, world.person(who), world.clock.now, **asked)
    return list(found.items)


def late(world: World, day: date, *, institution: str = "kemhan") -> UUID:
    """A case that should have been acknowledged by Thursday 8 January, looked at on a day."""
    case = world.follow_up(world.issued(lead=[institution], supporting=[]), institution)
    world.wait_until(world.at(day))
    return case


# --- what stands on it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "overdue"),
    [
        (date(2026, 1, 8), []),
        (date(2026, 1, 9), [1]),
        (date(2026, 1, 12), [2]),
        (date(2026, 1, 19), [6]),
    ],
)
def test_a_task_stands_on_the_board_from_its_first_working_day_late(
    small_world: World, day: date, overdue: list[int]
) -> None:
    late(small_world, day)
    found = [row.timing for row in board(small_world)]
    assert found == [Timing(days, "late") for days in overdue], "16 January is a holiday"


def test_a_reminder_before_the_deadline_is_shown_only_when_asked_for(small_world: World) -> None:
    late(small_world, date(2026, 1, 8))
    assert board(small_world) == []
    [row] = board(small_world, from_level=0)
    assert row.escalation.level == 0


def test_the_highest_level_stands_first(small_world: World) -> None:
    world = small_world
    first = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.wait_until(world.at(date(2026, 1, 14)))
    second = world.follow_up(world.issued(lead=["kemenkeu"], supporting=[]), "kemenkeu")
    world.wait_until(world.at(date(2026, 1, 22)))
    rows = board(world)
    levels = [row.escalation.level for row in rows]
    assert levels == sorted(levels, reverse=True)
    assert rows[0].escalation.task.institution == "kemhan"
    highest = levels[0]
    assert {row.escalation.level for row in board(world, from_level=highest)} == {highest}
    assert {world.case(one).status for one in (first, second)} == {"acknowledge"}


def test_a_task_that_is_done_leaves_the_board(small_world: World) -> None:
    case = late(small_world, date(2026, 1, 12))
    small_world.do("kemhan", "acknowledge", case, **ACCEPTED)
    assert board(small_world) == []


def test_a_task_whose_deadline_was_moved_leaves_the_board_until_it_is_late_again(
    small_world: World,
) -> None:
    world = small_world
    case = late(world, date(2026, 1, 12))
    task = world.task(case, "acknowledge")
    tasks.extend(world.service, world.person("asdep"), task.id, date(2026, 1, 14), "Rapat.")
    assert board(world) == []
    world.wait_until(world.at(date(2026, 1, 15)))
    assert [row.timing for row in board(world)] == [Timing(1, "late")]


# --- what a row tells ---------------------------------------------------------------------------


def test_a_row_tells_who_has_the_task_and_what_was_done_about_it_last(small_world: World) -> None:
    world = small_world
    case = late(world, date(2026, 1, 12))
    [row] = board(world)
    assert (row.holder, row.last_act) == ("", None)
    task = world.task(case, "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    tasks.remind(world.service, world.person("asdep"), task.id)
    [row] = board(world)
    assert row.holder == "Kemhan"
    assert row.last_act is not None
    assert (row.last_act.kind, row.last_act.by, row.last_act.name) == ("remind", "asdep", "Asdep")
    assert row.last_act.at == world.clock.now


@pytest.mark.parametrize(
    ("who", "relations"),
    [("asdep", {"supervisor"}), ("coordinator", {"coordinator"}),
     ("kemhan-head", {"head", "superior"})],
)  # fmt: skip
def test_a_row_tells_how_its_reader_stands_to_it(
    small_world: World, who: str, relations: set[str]
) -> None:
    late(small_world, date(2026, 1, 12))
    [row] = board(small_world, who)
    assert row.relations == relations


def test_leadership_sees_the_late_work_of_its_own_institution_alone(small_world: World) -> None:
    world = small_world
    late(world, date(2026, 1, 6))
    late(world, date(2026, 1, 14), institution="kemenkeu")
    assert len(board(world)) == 2
    rows = board(world, "kemhan-head")
    assert [row.escalation.task.institution for row in rows] == ["kemhan"]


def test_a_case_above_the_clearance_is_not_on_the_board(small_world: World) -> None:
    world = small_world
    world.issued(supporting=[], classification="secret")
    world.wait_until(world.at(date(2026, 1, 12)))
    world.lower_clearance("asdep", "restricted")
    assert (board(world), len(board(world, "deputi"))) == ([], 1)


@pytest.mark.parametrize("who", ["kemhan", "owner", "admin"])
def test_the_board_is_for_leaders_and_coordinators(small_world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        board(small_world, who)
    with small_world.service.reading() as connection, pytest.raises(Forbidden):
        escalations.next_deadline(connection, small_world.person(who), small_world.clock.now)


def test_where_nothing_is_late_the_nearest_deadline_is_told(small_world: World) -> None:
    world = small_world
    late(world, date(2026, 1, 6))
    with world.service.reading() as connection:

        def nearest(who: str) -> date | None:
            scope, now = world.person(who), world.clock.now
            found = escalations.next_deadline(connection, scope, now)
            return None if found is None else Calendar().due_date_of(found)

        assert nearest("asdep") == date(2026, 1, 8)
        assert nearest("kemhan-head") == date(2026, 1, 8)


def test_levels_are_told_by_the_names_of_the_table(small_world: World) -> None:
    world = small_world
    late(world, date(2026, 1, 23))
    with world.service.reading() as connection:
        found = escalations.levels(connection, world.person("asdep"))
    assert {row.escalation.level: row.escalation.level_name for row in board(world)}.items() <= (
        found.items()
    )
    assert list(found) == sorted(found)


def test_within_a_level_the_longest_late_stands_first_on_every_page(world: World) -> None:
    late(world, date(2026, 1, 6))
    late(world, date(2026, 1, 7), institution="kemenperin")
    late(world, date(2026, 1, 13), institution="kemenkeu")
    rows = board(world)
    assert len(rows) == 3
    places = [(-row.escalation.level, row.escalation.task.due_at) for row in rows]
    assert places == sorted(places)
    assert len({place[0] for place in places}) > 1, "otherwise one level only is looked at"
    one_by_one, after = [], None
    for _ in rows:
        [row] = board(world, limit=1, after=after)
        one_by_one.append(row.id)
        after = row.id
    assert one_by_one == [row.id for row in rows]
    assert board(world, limit=1, after=after) == []
    assert [row.id for row in board(world, limit=2, before=after)] == one_by_one[:2]


def test_the_board_and_its_numbers_are_narrowed_alike(world: World) -> None:
    first = world.issued(title="Peta jalan")
    world.issued(title="Neraca gas", supporting=["kemenkeu"])
    world.wait_until(world.at(date(2026, 1, 14)))
    asking = world.person("asdep")
    for wanted, number in (
        (Narrowing(), 4),
        (Narrowing(institution="kemhan"), 2),
        (Narrowing(searched="neraca"), 2),
        (Narrowing(recommendation_id=first), 2),
        (Narrowing(coordinator="coordinator"), 4),
        (Narrowing(coordinator="asdep"), 0),
        (Narrowing(institution="kemhan", searched="neraca"), 1),
    ):
        assert len(board(world, narrowing=wanted)) == number, wanted
        with world.service.reading() as connection:
            counts = escalations.counts(connection, asking, wanted)
        assert sum(one.number for one in counts.values() if one) == number, wanted


def test_a_row_tells_the_last_obstacle_reported_and_when_it_is_looked_at_next(
    small_world: World,
) -> None:
    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    world.do("kemhan", "plan", case, **PLAN)
    for obstacles in ("Tender diulang.", "", "Anggaran ditahan."):
        narrative = {"percent": 10, "narrative": "Berjalan.", "done": "no"}
        world.do("kemhan", "implement", case, obstacles=obstacles, **narrative)
    world.do("kemhan", "implement", case, percent=20, narrative="Berjalan.", done="no")
    world.wait_until(world.at(date(2026, 5, 13)))
    mine = Narrowing(institution="kemhan")
    [row] = board(world, narrowing=mine)
    assert row.obstacle is not None
    assert row.obstacle.text == "Anggaran ditahan."
    assert row.next_look is not None
    level = row.escalation.level
    world.wait_until(row.next_look + timedelta(minutes=1))
    [later] = board(world, narrowing=mine)
    assert later.escalation.level >= level
    assert later.escalation.fired >= row.next_look


def test_no_level_is_offered_whose_list_is_empty(small_world: World) -> None:
    world = small_world
    late(world, date(2026, 1, 23))
    world.lower_clearance("asdep", "ordinary")
    with world.service.reading() as connection:
        assert escalations.levels(connection, world.person("kemenperin")) == {}
        every = escalations.levels(connection, world.person("asdep"))
        parts = escalations.levels(connection, world.person("asdep"), of_follow_ups=True)
        assert set(every) == {row.escalation.level for row in board(world, from_level=0)}
        for level in parts:
            found = follow_up_list.page(
                connection, world.person("asdep"), Wanted(level=level), world.clock.now
            )
            assert found.items, level
