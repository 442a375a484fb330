"""The matrix: what can be picked out of it, how its numbers add up, and for whom it is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Forbidden
from processes.cases.follow_up import follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.papers import inventory
from processes.papers.inventory import PICKS, Matrix
from processes.register.groups import Group
from processes.register.states import ENDED, RUNNING, Stage
from processes.storage.cases.lists.matrix_counts import SPECIAL
from tests.processes.stories.world import ACCEPTED, PLAN, World


def matrix(world: World, who: str = "asdep", **asked: Any) -> Matrix:
    with world.service.reading() as connection:
        return inventory.matrix(connection, world.person(who), world.clock.now, **asked)


def picked(world: World, pick: str) -> set[str]:
    """Institutions whose position a pick leaves, which its number must say too."""
    found = matrix(world, pick=pick)
    left = {
        institution
        for (_, institution), one in found.positions.items()
        if one.cell.id in found.picked
    }
    assert found.totals[pick] == len(found.picked) == sum(one.picked for one in found.counts)
    return left


def speak(world: World, case: UUID) -> None:
    said = Said("Sudah.", "Sesjen", world.today())
    follow_up_acts.record_statement(world.service, world.person("coordinator"), case, said)


# --- picks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "late", "escalated"),
    [
        (date(2026, 1, 8), set(), set()),
        (date(2026, 1, 9), {"kemenperin"}, {"kemenperin"}),
    ],
)
def test_late_is_whose_open_work_is_past_its_deadline(
    small_world: World, day: date, late: set[str], escalated: set[str]
) -> None:
    world = small_world
    world.do("kemhan", "acknowledge", world.follow_up(world.issued(), "kemhan"), **ACCEPTED)
    world.wait_until(world.at(day))
    assert picked(world, "late") == late, "to be acknowledged by 8 January"
    assert picked(world, "escalated") == escalated


def test_an_escalation_ends_with_the_work_it_was_about(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.wait_until(world.at(date(2026, 1, 12)))
    assert picked(world, "escalated") == {"kemhan"}
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    assert picked(world, "escalated") == set()
    assert picked(world, "late") == set()


def test_spoken_is_of_whom_something_was_said_that_no_report_confirms(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    ours, theirs = (world.follow_up(recommendation, one) for one in ("kemhan", "kemenperin"))
    for case in (ours, theirs):
        speak(world, case)
    world.to_report("kemhan", ours)
    world.hand_in("kemhan", ours)
    assert picked(world, "spoken") == {"kemenperin"}
    assert set(matrix(world).spoken) == {theirs}
    speak(world, ours)
    assert picked(world, "spoken") == {"kemhan", "kemenperin"}


def test_a_stage_leaves_those_that_stand_there(small_world: World) -> None:
    world = small_world
    recommendation = world.issued(supporting=["kemenperin", "kemenkeu"])
    for institution in ("kemhan", "kemenkeu"):
        case = world.follow_up(recommendation, institution)
        world.do(institution, "acknowledge", case, **ACCEPTED)
    world.do("kemenkeu", "plan", world.follow_up(recommendation, "kemenkeu"), **PLAN)
    stands = {"acknowledge": {"kemenperin"}, "plan": {"kemhan"}, "implement": {"kemenkeu"}}
    for stage in RUNNING:
        assert picked(world, stage) == stands.get(stage, set()), stage


def test_a_group_leaves_those_that_came_so_far(small_world: World) -> None:
    world = small_world
    recommendation = world.issued(supporting=["kemenperin", "kemenkeu"])
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    returned = world.follow_up(recommendation, "kemenkeu")
    world.to_report("kemenkeu", returned)
    world.hand_in("kemenkeu", returned)
    world.evaluate(returned, "not_yet_conforms", notes="Bukti?", rework_deadline="2026-03-31")
    stands = {"open": {"kemenperin"}, "conforms": {"kemhan"}, "back_at_work": {"kemenkeu"}}
    for group in Group:
        assert picked(world, group) == stands.get(group, set()), group
    assert matrix(world, pick=Stage.CLOSED).picked == {world.follow_up(recommendation, "kemhan")}


def test_every_pick_is_offered_with_its_number_but_ends_by_their_group_alone(
    small_world: World,
) -> None:
    small_world.issued()
    assert list(matrix(small_world).totals) == [*SPECIAL, *Group, *RUNNING]
    assert list(PICKS) == [*SPECIAL, *Group, *Stage]
    assert set(PICKS) - set(matrix(small_world).totals) == {*ENDED} - {*Group}


@pytest.mark.parametrize("pick", ["", "soon", "Late"])
def test_a_pick_that_is_not_offered_is_refused_by_its_field(small_world: World, pick: str) -> None:
    with pytest.raises(BadInput) as refused:
        matrix(small_world, pick=pick)
    assert set(refused.value.fields) == {"pick"}


# --- what it shows ------------------------------------------------------------------------------


def test_without_a_pick_every_position_of_the_page_is_left(small_world: World) -> None:
    for _ in range(2):
        small_world.issued()
    found = matrix(small_world, limit=1)
    assert len(found.rows) == 1
    assert found.picked == {one.cell.id for one in found.positions.values()}
    assert len(found.picked) == 2
    assert (found.total, sum(found.groups.values()), sum(found.stages.values())) == (4, 4, 4)


def test_the_columns_are_the_institutions_of_the_page_by_their_short_names(
    small_world: World,
) -> None:
    small_world.issued(supporting=["tni", "kkip"], proceed_without_users=True)
    assert list(matrix(small_world).institutions.items()) == [
        ("kemhan", "Kemhan"), ("tni", "Mabes TNI"), ("kkip", "Sekretariat KKIP"),
    ]  # fmt: skip


def test_a_draft_stands_in_no_matrix(small_world: World) -> None:
    id = small_world.propose()
    small_world.register(id)
    found = matrix(small_world)
    assert (found.rows, found.total, found.first, found.last) == ([], 0, None, None)
    assert set(found.totals.values()) == {0}


def test_a_case_above_the_clearance_is_neither_shown_nor_counted(small_world: World) -> None:
    world = small_world
    world.issued()
    world.issued(classification="secret")
    world.lower_clearance("asdep", "restricted")
    assert (matrix(world).total, len(matrix(world).rows)) == (2, 1)
    assert matrix(world, "deputi").total == 4


@pytest.mark.parametrize("who", ["kemhan", "kemhan-head", "owner", "admin"])
def test_the_matrix_is_for_those_who_oversee(small_world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        matrix(small_world, who)


# --- every position, however many ----------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 2, 3])
def test_every_position_of_every_page_is_read_once_in_the_order_of_the_matrix(
    world: World, step: int
) -> None:
    for _ in range(3):
        world.issued()
    with world.service.reading() as connection:
        read = list(inventory.picked(connection, world.person("asdep"), world.clock.now, step=step))
    rows = matrix(world).rows
    assert [one.position.cell.id for one in read] == [cell.id for row in rows for cell in row.cells]
    assert {one.of.id for one in read} == {row.id for row in rows}


def test_a_pick_leaves_the_same_positions_on_the_page_and_in_the_whole(world: World) -> None:
    for _ in range(3):
        speak(world, world.follow_up(world.issued(), "kemhan"))
    asked: dict[str, Any] = {"pick": SPECIAL[-1]}
    with world.service.reading() as connection:
        read = inventory.picked(connection, world.person("asdep"), world.clock.now, step=2, **asked)
        assert {one.position.cell.id for one in read} == set(matrix(world, **asked).picked)


def test_the_whole_matrix_is_for_those_who_read_its_page(small_world: World) -> None:
    with small_world.service.reading() as connection, pytest.raises(Forbidden):
        next(inventory.picked(connection, small_world.person("kemhan"), small_world.clock.now))
    with small_world.service.reading() as connection, pytest.raises(BadInput):
        next(
            inventory.picked(
                connection, small_world.person("asdep"), small_world.clock.now, pick="nothing"
            )
        )
