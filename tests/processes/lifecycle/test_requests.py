"""Requests that come as messages: the step that takes them records them, from any side."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict
from processes.acts.service import Service
from processes.cases.follow_up import follow_up_acts, follow_ups
from processes.cases.recommendation import recommendation_case
from tests.processes.stories.world import World

WISH = {"deadline": "2026-07-31", "reason": "Tender diulang.", "letter_number": "P-1/2026"}
AT_ONCE = 4


def requests(world: World, case: UUID) -> list[tuple[date, str, str | None, str | None]]:
    """The requests of a case as the register has them."""
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("asdep"), case, world.clock.now)
    return [
        (one.requested_deadline, one.reason, one.letter_number, one.requested_by)
        for one in found.extensions
    ]


def test_a_request_sent_by_a_program_is_there_for_the_decider_and_survives_the_decision(
    world: World,
) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    world.service.engine.deliver("extension_requested", str(case), WISH, wait=False, by="kemhan")
    asked = [(date(2026, 7, 31), "Tender diulang.", "P-1/2026", "kemhan")]
    assert requests(world, case) == asked
    world.do("deputi", "decide_extension", case, decision="denied", reason="Belum perlu.")
    assert requests(world, case) == asked


def test_page_and_program_write_the_same_in_one_step(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    before = len(world.service.engine.history(world.instance(case)))
    follow_up_acts.request_extension(
        world.service,
        world.person("kemhan"),
        case,
        deadline=date(2026, 7, 31),
        reason="Tender diulang.",
        letter_number="P-1/2026",
    )
    assert requests(world, case) == [(date(2026, 7, 31), "Tender diulang.", "P-1/2026", "kemhan")]
    assert len(world.service.engine.history(world.instance(case))) == before + 1


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({**WISH, "deadline": "2026-04-30"}, "deadline"),
        ({**WISH, "deadline": ""}, "deadline"),
        ({"deadline": "2026-07-31"}, "reason"),
    ],
)
def test_a_request_that_says_too_little_opens_no_decision(
    small_world: World, wish: dict[str, str], field: str
) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    with pytest.raises(BadInput) as refused:
        world.service.engine.deliver("extension_requested", str(case), wish, wait=False)
    assert set(refused.value.fields) == {field}
    assert world.waits_for(case) == ["acknowledge"]
    assert requests(world, case) == []


def test_requests_at_the_same_moment_open_one_decision(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    outcomes = at_once(world, lambda service: _asked(world, service, case))
    assert sorted(outcomes) == ["refused"] * (AT_ONCE - 1) + ["taken"]
    assert world.waits_for(case) == ["acknowledge", "decide_extension"]
    assert len(requests(world, case)) == 1


def test_proposals_at_the_same_moment_open_one_decision(world: World) -> None:
    id = world.issued()
    outcomes = at_once(world, lambda service: _proposed(service, id))
    assert sorted(outcomes) == ["refused"] * (AT_ONCE - 1) + ["taken"]
    assert world.waits_for(id) == ["decide_withdrawal"]
    with world.service.reading() as connection:
        found = recommendation_case.detail(connection, world.person("asdep"), id, world.clock.now)
    assert [
        (one.proposed_reason, one.proposed_by) for one in found.decisions if one.approved is None
    ] == [("Keliru.", "coordinator")]


def at_once(world: World, ask: Callable[[Service], str]) -> list[str]:
    """What comes of asking from several threads that start together, over both services."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> str:
        start.wait()
        return ask(world.services[number % 2])

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def _asked(world: World, service: Service, case: UUID) -> str:
    try:
        follow_up_acts.request_extension(
            service,
            world.person("kemhan"),
            case,
            deadline=date(2026, 7, 31),
            reason="Tender diulang.",
            letter_number="",
        )
    except Conflict:
        return "refused"
    return "taken"


def _proposed(service: Service, id: UUID) -> str:
    try:
        service.engine.deliver(
            "withdrawal_proposed", str(id), {"reason": "Keliru."}, wait=False, by="coordinator"
        )
    except Conflict:
        return "refused"
    return "taken"
