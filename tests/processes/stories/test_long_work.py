"""Work that takes years."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from engine.storage.tables import instance_state
from processes.cases.follow_up import follow_ups
from tests.processes.stories.world import ACCEPTED, PLAN, World


def test_sixty_rounds_of_progress_leave_the_stored_state_as_small_as_it_was(world: World) -> None:
    follow_up = world.follow_up(world.issued(deadline_date="2031-12-31"), "kemhan")
    world.do("kemhan", "acknowledge", follow_up, **ACCEPTED)
    world.do("kemhan", "plan", follow_up, **PLAN)
    sizes = []
    for n in range(60):
        world.do("kemhan", "implement", follow_up, percent=n, narrative=f"Bulan ke-{n}.", done="no")
        sizes.append(stored_bytes(world, follow_up))
    assert sizes[-1] <= sizes[4] + 64
    with world.service.reading() as connection:
        detail = follow_ups.detail(connection, world.person("kemhan"), follow_up, world.clock.now)
    assert [one.percent for one in detail.progress] == list(range(60))
    assert detail.case.claimed_percent == 59
    assert world.waits_for(follow_up) == ["implement"]


def stored_bytes(world: World, case: UUID) -> int:
    """How long the stored state of a case is."""
    with world.service.reading() as connection:
        found = connection.execute(
            select(func.length(instance_state.c.body)).where(
                instance_state.c.instance_id == world.instance(case)
            )
        ).scalar_one()
    return int(found)
