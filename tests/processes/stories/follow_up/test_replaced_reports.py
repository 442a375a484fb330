"""A report that is taken back before it is evaluated, saved and loaded between all steps."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.time.calendar import Calendar
from processes.cases.follow_up import corrections, follow_up_acts, follow_ups
from processes.cases.follow_up.follow_ups import Detail
from processes.work import task_drafts, tasks
from tests.processes.stories.recommendation.test_withdrawal import withdraw
from tests.processes.stories.world import World


def reported(world: World) -> tuple[UUID, UUID]:
    """A recommendation, and its follow-up that waits for the evaluation."""
    recommendation = world.issued()
    follow_up = world.follow_up(recommendation, "kemhan")
    world.to_report("kemhan", follow_up)
    world.hand_in("kemhan", follow_up)
    return recommendation, follow_up


def take_back(
    world: World, follow_up: UUID, reason: str = "Nomor keliru.", who: str = "kemhan"
) -> None:
    corrections.replace_report(world.service, world.person(who), follow_up, reason)
    world.run()


def seen(world: World, follow_up: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return follow_ups.detail(connection, world.person(who), follow_up, world.clock.now)


def ask_for_time(world: World, follow_up: UUID) -> None:
    follow_up_acts.request_extension(
        world.service, world.person("kemhan"), follow_up, deadline=date(2026, 7, 31),
        reason="Tender diulang.", letter_number="",
    )  # fmt: skip
    world.run()


def test_a_report_taken_back_is_asked_for_again_and_the_next_one_is_evaluated(world: World) -> None:
    _, follow_up = reported(world)
    take_back(world, follow_up)
    assert world.waits_for(follow_up) == ["report"]
    assert world.case(follow_up).status == "report"
    assert world.case(follow_up).claimed_status is None, "the claim was taken back with it"
    world.hand_in("kemhan", follow_up, letter_number="B/13/2026")
    world.evaluate(follow_up, "conforms")
    found = seen(world, follow_up)
    first, second = found.reports
    assert (first.replaced_by, first.replaced_reason) == ("kemhan", "Nomor keliru.")
    assert first.receipt_number != second.receipt_number
    assert second.replaced_at is None
    assert [one.report_id for one in found.evaluations] == [second.id]
    assert world.status(follow_up) == "completed"


def test_whoever_takes_it_back_goes_on_with_what_was_reported_files_included(world: World) -> None:
    _, follow_up = reported(world)
    take_back(world, follow_up)
    task = world.task(follow_up, "report")
    assert task.assignee == "kemhan"
    with world.service.reading() as connection:
        draft = world.services[0].engine.once(connection).draft(task.id, "kemhan")
    assert draft is not None
    assert draft.data["letter_number"] == ["B/12/2026"]
    assert draft.data["summary"] == ["Kapasitas naik 20 persen."]
    [file] = draft.data["evidence"]
    answers = {name: values[0] for name, values in draft.data.items() if name != "evidence"}
    tasks.complete(world.service, world.person("kemhan"), task.id, {**answers, "evidence": [file]})
    first, second = seen(world, follow_up).reports
    named = {one.report_id: (one.name, one.sha256) for one in seen(world, follow_up).evidence}
    assert named[first.id] == named[second.id], "each report keeps its file"


def test_a_head_takes_it_back_and_its_sender_goes_on(world: World) -> None:
    _, follow_up = reported(world)
    take_back(world, follow_up, who="kemhan-head")
    assert world.task(follow_up, "report").assignee == "kemhan"


def test_draft_and_claim_of_the_evaluator_pass_to_the_next_evaluation_and_they_are_told(
    world: World,
) -> None:
    _, follow_up = reported(world)
    coordinator = world.person("coordinator")
    first = world.task(follow_up, "evaluate")
    tasks.claim(world.service, coordinator, first.id)
    task_drafts.save(world.service, coordinator, first.id, {"notes": ["Lampiran 2 kurang."]})
    take_back(world, follow_up)
    assert [one.subject for one in world.mails("coordinator")][-1].startswith("Report taken back")
    world.wait_days(2)  # the daily cleaning comes in between
    world.hand_in("kemhan", follow_up)
    second = world.task(follow_up, "evaluate")
    assert (second.id != first.id, second.assignee) == (True, "coordinator")
    with world.service.reading() as connection:
        engine = world.services[0].engine.once(connection)
        kept = engine.draft(second.id, "coordinator")
        others = engine.draft(second.id, "asdep")
    assert kept is not None
    assert kept.data["notes"] == ["Lampiran 2 kurang."]
    assert others is None
    saved = task_drafts.save(world.service, coordinator, second.id, {"notes": ["Lengkap."]})
    assert saved.draft.version > kept.version, "a page that waits for its save is not misled"
    world.evaluate(follow_up, "not_yet_conforms", notes="K.", rework_deadline="2026-03-01")
    world.do("kemhan", "implement", follow_up, percent=100, narrative="Selesai.", done="yes")
    world.hand_in("kemhan", follow_up)
    third = world.task(follow_up, "evaluate")
    assert third.assignee is None, "the next round is anybody's"
    with world.service.reading() as connection:
        assert world.services[0].engine.once(connection).draft(third.id, "coordinator") is None


def test_without_a_holder_everybody_is_told_and_anybody_evaluates_the_next_one(
    world: World,
) -> None:
    _, follow_up = reported(world)
    take_back(world, follow_up)
    assert [one.subject for one in world.mails("coordinator")][-1].startswith("Report taken back")
    world.hand_in("kemhan", follow_up)
    assert world.task(follow_up, "evaluate").assignee is None


def test_the_corrected_report_has_three_working_days_at_least(world: World) -> None:
    _, follow_up = reported(world)
    take_back(world, follow_up)
    assert world.task(follow_up, "report").due_at == Calendar().end_of(date(2026, 4, 30))
    world.hand_in("kemhan", follow_up)
    world.wait_until(world.at(date(2026, 4, 30)))
    take_back(world, follow_up)
    assert world.task(follow_up, "report").due_at == Calendar().end_of(date(2026, 5, 6))
    assert world.case(follow_up).rework_deadline == date(2026, 5, 6)
    world.hand_in("kemhan", follow_up)
    world.evaluate(follow_up, "conforms")
    assert world.case(follow_up).rework_deadline is None


def test_what_cannot_be_taken_back_is_refused_by_name(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    with pytest.raises(Conflict, match="No report is handed in yet"):
        take_back(world, follow_up)
    world.to_report("kemhan", follow_up)
    with pytest.raises(Conflict, match="No report is handed in yet"):
        take_back(world, follow_up)
    world.hand_in("kemhan", follow_up)
    with pytest.raises(BadInput) as refused:
        take_back(world, follow_up, " ")
    assert set(refused.value.fields) == {"reason"}
    with pytest.raises(Forbidden):
        take_back(world, follow_up, who="coordinator")
    with pytest.raises(NotFound):
        take_back(world, follow_up, who="kemenperin")
    take_back(world, follow_up)
    with pytest.raises(Conflict, match="No report is handed in yet"):
        take_back(world, follow_up)
    world.hand_in("kemhan", follow_up)
    why = {"notes": "P.", "reason": "court", "basis": "Putusan."}
    world.evaluate(follow_up, "cannot_be_followed_up", **why)
    world.do("deputi", "decide_not_feasible", follow_up, approved="no", consideration="Bisa.")
    assert world.waits_for(follow_up) == ["evaluate"]
    with pytest.raises(Conflict, match="already been evaluated"):
        take_back(world, follow_up)
    world.evaluate(follow_up, "not_yet_conforms", notes="K.", rework_deadline="2026-03-01")
    with pytest.raises(Conflict, match="No report is handed in yet"):
        take_back(world, follow_up)
    world.do("kemhan", "implement", follow_up, percent=100, narrative="Selesai.", done="yes")
    world.hand_in("kemhan", follow_up)
    world.evaluate(follow_up, "conforms")
    with pytest.raises(Conflict, match="has ended"):
        take_back(world, follow_up)


def test_a_disagreement_that_was_accepted_and_refused_has_no_report_to_take_back(
    world: World,
) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    against = {"response": "disagree", "contact": "Rina", "explanation": "Bukan wewenang."}
    world.do("kemhan", "acknowledge", follow_up, **against)
    accepted = {"review": "accepted", "consideration": "Benar."}
    world.do("coordinator", "review_disagreement", follow_up, **accepted)
    world.do("deputi", "decide_not_feasible", follow_up, approved="no", consideration="Bisa.")
    assert world.waits_for(follow_up) == ["evaluate"]
    with pytest.raises(Conflict, match="No report is handed in yet"):
        take_back(world, follow_up)


def test_a_message_past_the_act_meets_the_same_rules(world: World) -> None:
    _, follow_up = reported(world)
    why = {"notes": "P.", "reason": "court", "basis": "Putusan."}
    world.evaluate(follow_up, "cannot_be_followed_up", **why)
    world.do("deputi", "decide_not_feasible", follow_up, approved="no", consideration="Bisa.")
    with pytest.raises(BadInput, match="already been evaluated"):
        world.service.engine.deliver(
            "report_replaced", str(follow_up), {"reason": "Keliru."}, wait=False, by="kemhan"
        )
    assert world.waits_for(follow_up) == ["evaluate"]


def test_an_extension_is_decided_while_the_report_is_corrected(world: World) -> None:
    _, follow_up = reported(world)
    ask_for_time(world, follow_up)
    take_back(world, follow_up)
    assert world.waits_for(follow_up) == ["decide_extension", "report"]
    world.do(
        "deputi", "decide_extension", follow_up, decision="granted", reason="Cukup.",
        new_deadline="2026-07-15",
    )  # fmt: skip
    assert world.task(follow_up, "report").due_at == Calendar().end_of(date(2026, 7, 15))
    world.hand_in("kemhan", follow_up)
    world.evaluate(follow_up, "conforms")
    assert world.status(follow_up) == "completed"


def test_a_withdrawal_ends_a_report_that_is_being_corrected(world: World) -> None:
    recommendation, follow_up = reported(world)
    ask_for_time(world, follow_up)
    take_back(world, follow_up)
    withdraw(world, recommendation)
    assert world.case(follow_up).status == "withdrawn"
    assert world.waits_for(follow_up) == []
    with pytest.raises(Conflict, match="has ended"):
        take_back(world, follow_up)
    before = len(world.mails())
    world.wait_days(60)
    assert len(world.mails()) == before, "nothing is heard of it any more"


def test_a_late_evaluation_is_not_escalated_while_the_report_is_corrected(world: World) -> None:
    _, follow_up = reported(world)
    world.wait_days(40)
    take_back(world, follow_up)
    told = [one.subject for one in world.mails("coordinator")]
    world.wait_days(10)
    assert [one.subject for one in world.mails("coordinator")] == told


def test_who_handed_the_report_in_hears_that_a_colleague_took_it_back(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    case = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    before = len(world.mails())
    take_back(world, case, who="kemhan-2")
    told = [one for one in world.mails()[before:] if one.to_user == "kemhan"]
    assert [one.subject.partition(":")[0] for one in told] == ["Report taken back"]
    assert "A colleague of your institution has taken back the report" in told[0].body
    assert "waits for you" in told[0].body, "with the task that opens again"
