"""Asking for more time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.time.calendar import Calendar
from processes.cases.follow_up import follow_up_acts, follow_ups
from tests.processes.stories.world import World


def ask(world: World, follow_up: UUID, deadline: date, who: str = "kemhan") -> None:
    """Somebody asks for a later deadline."""
    follow_up_acts.request_extension(
        world.service,
        world.person(who),
        follow_up,
        deadline=deadline,
        reason="Tender diulang.",
        letter_number="P-1/2026",
    )
    world.run()


def decide(world: World, follow_up: UUID, decision: str, **answers: str) -> None:
    """A supervisor decides."""
    world.do("deputi", "decide_extension", follow_up, decision=decision, reason="Cukup.", **answers)


def test_a_granted_extension_moves_the_deadline_of_the_work_at_hand_and_its_ladder(
    world: World,
) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    ask(world, follow_up, date(2026, 7, 31))
    decide(world, follow_up, "granted", new_deadline="2026-07-15")
    assert world.case(follow_up).deadline == date(2026, 7, 15)
    due_at = world.task(follow_up, "report").due_at
    assert due_at == Calendar().end_of(date(2026, 7, 15))
    world.wait_until(world.at(date(2026, 5, 29)))  # a month after the old deadline
    assert world.mails("kemhan-head") == []
    world.wait_until(world.at(date(2026, 7, 22)))
    assert world.mails("kemhan-head") != [], "the ladder follows the new one"


def test_a_second_request_waits_for_the_first_and_a_later_one_may_be_denied(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    ask(world, follow_up, date(2026, 5, 29))
    with pytest.raises(Conflict):
        ask(world, follow_up, date(2026, 6, 30))
    decide(world, follow_up, "granted", new_deadline="2026-05-29")
    ask(world, follow_up, date(2026, 6, 30))
    decide(world, follow_up, "denied")
    assert world.case(follow_up).deadline == date(2026, 5, 29)
    with world.service.reading() as connection:
        detail = follow_ups.detail(connection, world.person("kemhan"), follow_up, world.clock.now)
    assert [one.decision for one in detail.extensions] == ["granted", "denied"]
    assert detail.pending_extension is None
    assert world.waits_for(follow_up) == ["acknowledge"]


def test_a_deadline_in_the_past_or_before_the_present_one_is_refused(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    with pytest.raises(BadInput) as refused:
        ask(world, follow_up, date(2026, 4, 30))
    assert "deadline" in refused.value.fields
    ask(world, follow_up, date(2026, 5, 29))
    for wrong in ("2026-01-05", "2026-04-30"):
        with pytest.raises(BadInput) as refused:
            decide(world, follow_up, "granted", new_deadline=wrong)
        assert "new_deadline" in refused.value.fields


def test_only_the_institution_itself_may_ask(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    with pytest.raises(NotFound):
        ask(world, follow_up, date(2026, 5, 29), who="kemenperin")
    with pytest.raises(Forbidden):
        ask(world, follow_up, date(2026, 5, 29), who="coordinator")
