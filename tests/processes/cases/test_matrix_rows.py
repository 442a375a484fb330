"""A cell of the matrix: which date is worked towards, what was claimed when, what is kept of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from processes.register.states import Stage
from processes.storage.cases.lists import matrix_rows
from processes.storage.cases.lists.matrix_rows import Cell
from processes.work import tasks
from tests.processes.conftest import NOW
from tests.processes.stories.world import ACCEPTED, World

DEADLINE = date(2026, 4, 30)


def cell(**changed: Any) -> Cell:
    values: dict[str, Any] = {one.name: None for one in fields(Cell)}
    values |= {
        "id": UUID(int=1), "recommendation_id": UUID(int=2), "institution": "kemhan",
        "short_name": "Kemhan", "role": "lead", "status": Stage.PLAN, "status_since": NOW,
        "round": 2, "deadline": DEADLINE,
    }  # fmt: skip
    return Cell(**{**values, **changed})


def later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("rework", "due"),
    [
        (None, DEADLINE),
        (DEADLINE - timedelta(days=1), DEADLINE - timedelta(days=1)),
        (DEADLINE, DEADLINE),
        (DEADLINE + timedelta(days=1), DEADLINE + timedelta(days=1)),
    ],
)
def test_the_date_of_returned_work_counts_and_else_that_of_the_case(
    rework: date | None, due: date
) -> None:
    assert cell(rework_deadline=rework).due == due


@pytest.mark.parametrize(
    ("claimed", "verdict", "found", "round"),
    [
        (None, None, None, 2),
        (later(1), None, None, 2),
        (later(1), "not_yet_conforms", later(2), 1),
        (later(3), "not_yet_conforms", later(2), 2),
        (later(1), "not_followed_up", later(2), 1),
        (later(1), "conforms", later(2), 2),
        (later(1), "cannot_be_followed_up", later(2), 2),
    ],
)
def test_a_claim_belongs_to_the_round_it_was_made_in(
    claimed: datetime | None, verdict: str | None, found: datetime | None, round: int
) -> None:
    one = cell(claimed_at=claimed, verdict=verdict, verdict_at=found)
    assert one.claimed_round == round


def test_what_is_kept_of_a_cell_is_plain_and_says_how_late_it_was() -> None:
    kept = cell(claimed_at=later(1), claimed_status="conforms", level=2).snapshot(5)
    assert kept["id"] == str(UUID(int=1))
    assert (kept["overdue"], kept["deadline"], kept["status"]) == (5, "2026-04-30", "plan")
    assert kept["claimed_at"] == later(1).isoformat()
    assert (kept["level"], kept["verdict"], kept["short_name"]) == (2, None, "Kemhan")
    assert not {"recommendation_id", "work_due_at"} & set(kept), "of the moment, not of the case"


# --- as it is read ------------------------------------------------------------------------------


def read(world: World, id: UUID) -> list[Cell]:
    with world.service.reading() as connection:
        cells = matrix_rows.of_recommendation(connection, id)
        assert [matrix_rows.of_follow_up(connection, one.id) for one in cells] == cells
    return cells


def test_the_leads_stand_first_and_then_institutions_by_their_code(small_world: World) -> None:
    id = small_world.issued(lead=["kemhan"], supporting=["tni", "kemenkeu", "kemenperin"])
    assert [(one.institution, one.role) for one in read(small_world, id)] == [
        ("kemhan", "lead"), ("kemenkeu", "supporting"), ("kemenperin", "supporting"),
        ("tni", "supporting"),
    ]  # fmt: skip


def test_a_cell_says_until_when_the_open_work_is_due(small_world: World) -> None:
    world = small_world
    id = world.issued(supporting=[])
    case = world.follow_up(id, "kemhan")
    assert read(world, id)[0].work_due_at == world.task(case, "acknowledge").due_at
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    assert read(world, id)[0].work_due_at == world.task(case, "plan").due_at
    world.do("kemhan", "plan", case, unit="Ditjen", activities=[{"activity": "Tender"}])
    world.do("kemhan", "implement", case, percent=100, narrative="Selesai.", done="yes")
    world.hand_in("kemhan", case)
    world.evaluate(case, "conforms")
    [ended] = read(world, id)
    assert (ended.work_due_at, ended.status) == (None, Stage.CLOSED)


def test_a_cell_tells_the_highest_level_that_still_stands(small_world: World) -> None:
    world = small_world
    id = world.issued(supporting=[])
    case = world.follow_up(id, "kemhan")
    assert read(world, id)[0].level is None
    world.wait_until(world.at(date(2026, 1, 8)))
    assert read(world, id)[0].level == 0, "a reminder before the deadline"
    world.wait_until(world.at(date(2026, 1, 22)))
    [late] = read(world, id)
    assert late.level is not None
    assert late.level > 1
    assert late.level_name
    tasks.extend(
        world.service, world.person("asdep"), world.task(case, "acknowledge").id,
        date(2026, 2, 27), "Libur.",
    )  # fmt: skip
    assert read(world, id)[0].level is None, "its deadline was moved"
