"""From the draft to the next recommendation, if all people do their work in time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from processes.cases.follow_up import receipts
from processes.cases.recommendation import recommendation_case, recommendation_drafts
from processes.papers import compilation
from tests.processes.stories.world import World

CONCLUSION = {"conclusion": "Tercapai.", "achievement": "Kapasitas naik."}


def to_evaluation(world: World, **changes: Any) -> UUID:
    """A recommendation whose institutions all conform."""
    recommendation = world.issued(**changes)
    for institution in ("kemhan", "kemenperin"):
        world.finish(institution, world.follow_up(recommendation, institution))
    return recommendation


def test_everybody_conforms_and_the_recommendation_is_closed(world: World) -> None:
    recommendation = to_evaluation(world)
    assert world.recommendation(recommendation).number == "REK-2026-0001"
    for case in world.follow_ups(recommendation):
        assert (case.status, case.verdict) == ("closed", "conforms")
        assert world.status(case.id) == "completed"
    assert world.waits_for(recommendation) == ["evaluate_overall"]
    world.do("coordinator", "evaluate_overall", recommendation, decision="close", **CONCLUSION)
    assert world.recommendation(recommendation).status == "closed"
    assert world.status(recommendation) == "completed"
    assert world.service.engine.incidents() == []


def test_a_report_gets_its_receipt_and_is_told_what_comes_next(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    outcome = world.hand_in("kemhan", follow_up)
    assert outcome.receipt_number == "TT-2026-0001"
    assert [task.element_id for task in outcome.next] == ["evaluate"]
    with world.service.reading() as connection:
        found = receipts.receipt(connection, world.person("kemhan"), "TT-2026-0001")
    assert found.report is not None
    assert found.report.letter_number == "B/12/2026"
    assert [one.name for one in found.evidence] == ["bukti.pdf"]


def test_the_matrix_is_kept_as_it_stood_when_the_evaluation_began(small_world: World) -> None:
    world = small_world
    recommendation = to_evaluation(world)
    with world.service.reading() as connection:
        paper = compilation.of(
            connection, world.person("coordinator"), recommendation, world.clock.now
        )
    assert paper.snapshot is not None
    kept = {row["institution"]: row["verdict"] for row in paper.snapshot.matrix}
    assert kept == {"kemhan": "conforms", "kemenperin": "conforms"}
    assert [part.reports[0].receipt_number for part in paper.parts] == [
        "TT-2026-0001",
        "TT-2026-0002",
    ]


def test_the_next_recommendation_is_drafted_with_what_stayed_open(world: World) -> None:
    recommendation = world.issued(rollup_rule="lead", rpjmn_reference="RPJMN 2025-2029, bab 4")
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    world.do(
        "coordinator",
        "evaluate_overall",
        recommendation,
        decision="next",
        remaining=[
            {"institution": "kemenperin", "treatment": "carried_over", "reason": "Belum selesai."}
        ],
        **CONCLUSION,
    )
    world.do("asdep", "decide_remaining", recommendation, remaining_approved="yes")
    assert world.recommendation(recommendation).status == "closed"
    with world.service.reading() as connection:
        coordinator = world.person("coordinator")
        detail = recommendation_case.detail(
            connection, coordinator, recommendation, world.clock.now
        )
        (following,) = detail.successors
        draft = recommendation_case.draft(connection, coordinator, following.id)
        begun = recommendation_drafts.prefill(draft)
        next_one = recommendation_case.detail(
            connection, coordinator, following.id, world.clock.now
        )
    assert draft.predecessor == next_one.predecessor
    assert [one.id for one in next_one.chain] == [recommendation, following.id]
    assert begun["supporting"] == ["kemenperin"]
    assert "lead" not in begun, "Kemhan is done"
    assert begun["rpjmn_reference"] == "RPJMN 2025-2029, bab 4"
    assert world.waits_for(following.id) == ["register"]


def test_watching_on_waits_for_those_still_open_until_the_new_deadline(world: World) -> None:
    recommendation = world.issued(rollup_rule="lead")
    world.finish("kemhan", world.follow_up(recommendation, "kemhan"))
    world.do(
        "coordinator",
        "evaluate_overall",
        recommendation,
        decision="monitor",
        new_deadline="2026-06-30",
        **CONCLUSION,
    )
    assert world.waits_for(recommendation) == []
    assert world.recommendation(recommendation).status == "issued"
    world.finish("kemenperin", world.follow_up(recommendation, "kemenperin"))
    assert world.waits_for(recommendation) == ["evaluate_overall"]
