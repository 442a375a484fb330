"""Verdicts that are not "conforms"."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput
from processes.acts.reading import opened
from processes.cases.follow_up import follow_ups
from processes.papers import compilation
from processes.work import task_page, tasks
from tests.processes.stories.world import PLAN, PROGRESS, World


def handed_in(world: World) -> UUID:
    """A follow-up whose report waits for its evaluation."""
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    world.hand_in("kemhan", follow_up)
    return follow_up


def test_a_report_returned_twice_is_worked_on_until_its_own_deadline(world: World) -> None:
    follow_up = handed_in(world)
    world.wait_until(world.at(date(2026, 6, 1)))  # long after the deadline of 30 April
    for round in (1, 2):
        rework = world.today() + timedelta(days=20)
        world.evaluate(
            follow_up, "not_yet_conforms", notes="Lampirkan data.", rework_deadline=str(rework)
        )
        case = world.case(follow_up)
        assert (case.status, case.round, case.rework_deadline) == ("implement", round + 1, rework)
        task = world.task(follow_up, "implement")
        assert task.due_at is not None
        assert task.due_at > world.clock.now, "returned work is not born late"
        world.do("kemhan", "implement", follow_up, **PROGRESS)
        world.hand_in("kemhan", follow_up, letter_number=f"B/{round}/2026")
    world.evaluate(follow_up, "conforms")
    assert world.case(follow_up).status == "closed"
    with world.service.reading() as connection:
        detail = follow_ups.detail(
            connection, world.person("coordinator"), follow_up, world.clock.now
        )
    assert [one.round for one in detail.reports] == [1, 2, 3]
    assert [one.verdict for one in detail.evaluations] == [
        "not_yet_conforms",
        "not_yet_conforms",
        "conforms",
    ]


def test_an_empty_report_sends_the_institution_back_to_its_plan(world: World) -> None:
    follow_up = handed_in(world)
    world.evaluate(follow_up, "not_followed_up", notes="Belum ada kegiatan.")
    assert world.waits_for(follow_up) == ["plan"]
    world.do("kemhan", "plan", follow_up, **PLAN)
    with world.service.reading() as connection:
        detail = follow_ups.detail(connection, world.person("kemhan"), follow_up, world.clock.now)
    assert {row.version for row in detail.plan} == {2}
    assert detail.case.round == 2


def test_cannot_be_followed_up_is_refused_and_later_approved(world: World) -> None:
    follow_up = handed_in(world)
    proposal = {"notes": "Perkara berjalan.", "reason": "court", "basis": "Putusan 12/2026"}
    world.evaluate(follow_up, "cannot_be_followed_up", **proposal)
    assert world.case(follow_up).status == "decide"
    world.do("deputi", "decide_not_feasible", follow_up, approved="no", consideration="Belum.")
    assert world.waits_for(follow_up) == ["evaluate"]
    assert world.case(follow_up).verdict is None, "a refused proposal is no verdict"
    world.evaluate(follow_up, "cannot_be_followed_up", **proposal)
    world.do("deputi", "decide_not_feasible", follow_up, approved="yes", consideration="Sudah.")
    case = world.case(follow_up)
    assert (case.status, case.verdict) == ("closed", "cannot_be_followed_up")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"verdict": "not_yet_conforms", "notes": "Kurang."}, "rework_deadline"),
        (
            {"verdict": "not_yet_conforms", "notes": "x", "rework_deadline": "2026-01-05"},
            "rework_deadline",
        ),
        ({"verdict": "not_followed_up"}, "notes"),
        ({"verdict": "cannot_be_followed_up", "notes": "x", "basis": "y"}, "reason"),
    ],
)
def test_a_verdict_that_lacks_its_grounds_is_refused_with_the_field(
    small_world: World, answers: dict[str, str], field: str
) -> None:
    world = small_world
    follow_up = handed_in(world)
    task = world.task(follow_up, "evaluate")
    with pytest.raises(BadInput) as refused:
        tasks.complete(world.service, world.person("coordinator"), task.id, answers)
    assert field in refused.value.fields
    assert world.waits_for(follow_up) == ["evaluate"]
    assert world.case(follow_up).verdict is None


def test_whoever_may_not_read_a_report_reads_no_verdict_on_it_either(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    follow_up = world.follow_up(recommendation, "kemhan")
    world.to_report("kemhan", follow_up)
    world.hand_in("kemhan", follow_up, classification="secret")
    world.evaluate(
        follow_up, "not_yet_conforms", notes="Angka rahasia.", rework_deadline="2026-05-29"
    )
    world.lower_clearance("kemhan", "ordinary")
    for who, count, notes in (("kemhan", 0, ""), ("kemhan-head", 1, "Angka rahasia.")):
        reader = world.person(who)
        with opened(world.service, reader) as at:
            detail = follow_ups.detail(at.connection, reader, follow_up, at.now)
            paper = compilation.of(at.connection, reader, recommendation, at.now)
            page = task_page.page(at, world.task(follow_up, "implement").id)
        assert len(detail.evaluations) == len(detail.reports) == count
        assert [len(part.evaluations) for part in paper.parts] == [count]
        assert any("Evaluated" in str(one.sentence) for one in detail.timeline) == bool(count)
        assert page.returned is not None
        assert (page.returned.verdict, page.returned.notes) == ("not_yet_conforms", notes)
