"""An institution that asks first, or disagrees."""

from __future__ import annotations

from uuid import UUID

import pytest

from processes.cases.follow_up import follow_ups
from tests.processes.stories.world import ACCEPTED, World


def test_clarification_may_be_asked_for_twice(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    for question in ("Kapasitas mana?", "Tahun anggaran mana?"):
        world.do(
            "kemhan",
            "acknowledge",
            follow_up,
            response="clarification",
            contact="Rina",
            explanation=question,
        )
        assert world.case(follow_up).status == "clarification"
        world.do("coordinator", "answer_clarification", follow_up, answer=f"Jawab: {question}")
    world.do("kemhan", "acknowledge", follow_up, **ACCEPTED)
    assert world.waits_for(follow_up) == ["plan"]
    with world.service.reading() as connection:
        detail = follow_ups.detail(connection, world.person("kemhan"), follow_up, world.clock.now)
    said = [(one.explanation, one.reply) for one in detail.exchanges]
    assert said == [
        ("Kapasitas mana?", "Jawab: Kapasitas mana?"),
        ("Tahun anggaran mana?", "Jawab: Tahun anggaran mana?"),
        (None, None),
    ]


def disagree(world: World) -> UUID:
    """A follow-up whose institution does not agree."""
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.do(
        "kemhan",
        "acknowledge",
        follow_up,
        response="disagree",
        contact="Rina",
        explanation="Bukan kewenangan kami.",
    )
    assert world.waits_for(follow_up) == ["review_disagreement"]
    return follow_up


@pytest.mark.parametrize(
    ("review", "waits_for", "stage"),
    [
        ("rejected", "plan", "plan"),
        ("changed", "acknowledge", "acknowledge"),
        ("accepted", "decide_not_feasible", "decide"),
    ],
)
def test_a_disagreement_is_rejected_changes_the_text_or_is_accepted(
    world: World, review: str, waits_for: str, stage: str
) -> None:
    follow_up = disagree(world)
    changed = {"changed_text": "Hanya untuk pabrik amunisi."} if review == "changed" else {}
    world.do(
        "coordinator",
        "review_disagreement",
        follow_up,
        review=review,
        consideration="Sudah dibahas.",
        **changed,
    )
    assert world.waits_for(follow_up) == [waits_for]
    assert world.case(follow_up).status == stage
    with world.service.reading() as connection:
        detail = follow_ups.detail(connection, world.person("kemhan"), follow_up, world.clock.now)
    assert detail.text == changed.get("changed_text", detail.recommendation.final_text)


def test_an_accepted_disagreement_closes_only_when_a_supervisor_approves(world: World) -> None:
    follow_up = disagree(world)
    world.do(
        "coordinator",
        "review_disagreement",
        follow_up,
        review="accepted",
        consideration="Kewenangan pindah.",
    )
    world.do("deputi", "decide_not_feasible", follow_up, approved="yes", consideration="Setuju.")
    case = world.case(follow_up)
    assert (case.status, case.verdict) == ("closed", "cannot_be_followed_up")
    assert world.status(follow_up) == "completed"
