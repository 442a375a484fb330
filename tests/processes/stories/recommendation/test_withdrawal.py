"""A withdrawn recommendation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import Conflict
from processes.cases.follow_up import follow_up_acts
from processes.cases.recommendation import recommendation_case, recommendations
from tests.processes.stories.world import ACCEPTED, PLAN, PROGRESS, World

STAGES = ("acknowledge", "answer_clarification", "plan", "implement", "report", "evaluate")


def bring_to(world: World, follow_up: UUID, stage: str) -> None:
    """Let the institution work until its follow-up waits for `stage`."""
    if stage == "answer_clarification":
        question = {"response": "clarification", "contact": "Rina", "explanation": "Apa?"}
        world.do("kemhan", "acknowledge", follow_up, **question)
        return
    acts: dict[str, Callable[[], object]] = {
        "acknowledge": lambda: world.do("kemhan", "acknowledge", follow_up, **ACCEPTED),
        "plan": lambda: world.do("kemhan", "plan", follow_up, **PLAN),
        "implement": lambda: world.do("kemhan", "implement", follow_up, **PROGRESS),
        "report": lambda: world.hand_in("kemhan", follow_up),
    }
    for element, act in acts.items():
        if element == stage:
            return
        act()


def withdraw(world: World, recommendation: UUID) -> None:
    """Proposed by the coordinator, decided by a supervisor."""
    recommendations.propose_withdrawal(
        world.service, world.person("coordinator"), recommendation, "Kebijakan berubah."
    )
    world.do(
        "deputi",
        "decide_withdrawal",
        recommendation,
        withdraw="yes",
        reason="Setuju dicabut.",
        letter_number="C-1/2026",
    )


@pytest.mark.parametrize("stage", STAGES)
def test_withdrawal_ends_a_follow_up_at_every_stage_with_an_extension_pending(
    world: World, stage: str
) -> None:
    recommendation = world.issued()
    follow_up = world.follow_up(recommendation, "kemhan")
    bring_to(world, follow_up, stage)
    follow_up_acts.request_extension(
        world.service,
        world.person("kemhan"),
        follow_up,
        deadline=date(2026, 7, 1),
        reason="Butuh waktu.",
        letter_number="",
    )
    assert world.waits_for(follow_up) == sorted([stage, "decide_extension"])
    withdraw(world, recommendation)
    assert world.status(recommendation) == "completed"
    assert world.recommendation(recommendation).status == "withdrawn"
    for case in world.follow_ups(recommendation):
        assert case.status == "withdrawn"
        assert world.status(case.id) == "completed"
        assert world.waits_for(case.id) == []
    told = [mail.subject for mail in world.mails("kemhan")]
    assert any(subject.startswith("Recommendation withdrawn") for subject in told)
    before = len(world.mails())
    world.wait_days(60)
    assert len(world.mails()) == before, "nothing is heard of it any more"


def test_withdrawal_is_refused_and_may_be_proposed_again(world: World) -> None:
    recommendation = world.issued()
    coordinator = world.person("coordinator")
    recommendations.propose_withdrawal(world.service, coordinator, recommendation, "Coba.")
    with pytest.raises(Conflict):
        recommendations.propose_withdrawal(world.service, coordinator, recommendation, "Lagi.")
    world.do("deputi", "decide_withdrawal", recommendation, withdraw="no", reason="Tidak perlu.")
    assert world.recommendation(recommendation).status == "issued"
    withdraw(world, recommendation)
    with world.service.reading() as connection:
        detail = recommendation_case.detail(
            connection, coordinator, recommendation, world.clock.now
        )
    decided = [(one.proposed_reason, one.approved) for one in detail.decisions]
    assert ("Coba.", False) in decided
    assert ("Kebijakan berubah.", True) in decided


def test_a_closed_follow_up_stays_closed(world: World) -> None:
    recommendation = world.issued()
    done = world.follow_up(recommendation, "kemhan")
    world.finish("kemhan", done)
    withdraw(world, recommendation)
    assert world.case(done).status == "closed"
    assert world.case(world.follow_up(recommendation, "kemenperin")).status == "withdrawn"


def test_a_draft_can_be_withdrawn_before_it_is_issued(world: World) -> None:
    recommendation = world.propose()
    withdraw(world, recommendation)
    assert world.recommendation(recommendation).status == "withdrawn"
    assert world.waits_for(recommendation) == []


def test_a_follow_up_that_had_not_begun_when_it_was_withdrawn_ends_itself(
    small_world: World,
) -> None:
    world = small_world
    # The starts of the follow-ups are late: the worker was down between issuing and withdrawing.
    running, world.run = world.run, lambda: 0  # type: ignore[method-assign]  # the worker is down
    recommendation = world.issued()
    withdraw(world, recommendation)
    world.run = running  # type: ignore[method-assign]  # and up again
    world.run()
    for case in world.follow_ups(recommendation):
        assert case.status == "withdrawn"
        assert world.status(case.id) == "completed"
