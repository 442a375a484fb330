"""An institution's head releases its report before it is handed in."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.cases.follow_up import corrections, follow_up_acts, follow_ups
from processes.cases.follow_up.follow_ups import Work
from processes.composition import shipped_files
from processes.files import evidence
from processes.people import institutions, leaving, stand_ins
from processes.people.stand_ins import Wanted
from processes.register.states import Stage
from processes.storage.cases import report_rows
from processes.work import tasks
from processes.work.inbox import task_access
from tests.processes.stories.recommendation.test_closing_in_other_drawings import redrawn
from tests.processes.stories.test_succession import anew, end
from tests.processes.stories.world import REPORT, World


@pytest.fixture
def case(world: World) -> UUID:
    """A follow-up of kemhan that may report; its head releases reports, and an extension is asked
    for, so that the other tracks wait beside."""
    institutions.set_approval(world.service, world.person("kemhan-head"), "kemhan", True)
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    follow_up_acts.request_extension(
        world.service, world.person("kemhan"), follow_up, deadline=date(2026, 6, 30),
        reason="Data menunggu.", letter_number="",
    )  # fmt: skip
    world.run()
    return follow_up


def seen(world: World, who: str, case: UUID) -> Work:
    with world.service.reading() as connection:
        return follow_ups.work(connection, world.person(who), case)


def release(world: World, who: str, case: UUID, answer: str, notes: str = "") -> None:
    world.do(who, "release_report", case, released=answer, corrections=notes)


def test_a_report_is_handed_in_once_the_head_has_released_it(world: World, case: UUID) -> None:
    outcome = world.hand_in("kemhan", case)
    assert outcome.receipt_number is None
    assert world.waits_for(case) == ["decide_extension", "release_report"]
    assert (world.case(case).status, world.case(case).claimed_status) == (Stage.REPORT, None)
    release(world, "kemhan-head", case, "yes")
    assert world.waits_for(case) == ["decide_extension", "evaluate"]
    [report] = seen(world, "coordinator", case).reports
    assert report.receipt_number is not None
    assert (world.case(case).status, world.case(case).claimed_status) == (
        Stage.EVALUATE, "conforms",
    )  # fmt: skip


def test_nobody_outside_knows_of_it_before(world: World, case: UUID) -> None:
    world.hand_in("kemhan", case)
    outside = seen(world, "coordinator", case)
    assert (outside.handed_in, outside.unsent, outside.newest) == ([], None, None)
    assert [one for one in outside.evidence if one.report_id] == []
    inside = seen(world, "kemhan", case)
    assert inside.unsent is not None
    with world.service.reading() as connection:
        sent = report_rows.written_last(connection, case)
        files = [one for one in evidence.table.evidence_of(connection, case) if one.report_id]
    assert sent is not None
    [file] = [one for one in files if one.report_id == sent.id]
    evidence.read(world.service, world.person("kemhan-head"), file.id, address="-")
    with pytest.raises(NotFound):
        evidence.read(world.service, world.person("coordinator"), file.id, address="-")


def test_one_that_is_not_released_is_written_again_from_what_it_said(
    world: World, case: UUID
) -> None:
    world.hand_in("kemhan", case)
    task = world.task(case, "release_report")
    with pytest.raises(BadInput):
        tasks.complete(world.service, world.person("kemhan-head"), task.id, {"released": "no"})
    release(world, "kemhan-head", case, "no", "Sebutkan angkanya.")
    again = world.task(case, "report")
    assert again.assignee == "kemhan"
    draft = world.service.engine.draft(again.id, "kemhan")
    assert draft is not None
    assert draft.data["letter_number"] == [REPORT["letter_number"]]
    assert len(draft.data["evidence"]) == 1
    assert seen(world, "coordinator", case).handed_in == []
    assert seen(world, "kemhan", case).unsent is None
    world.hand_in("kemhan", case)
    release(world, "kemhan-head", case, "yes")
    assert len(seen(world, "coordinator", case).reports) == 1


def test_what_the_head_wants_corrected_stays_inside_and_is_not_proposed_again(
    world: World, case: UUID
) -> None:
    world.hand_in("kemhan", case)
    release(world, "kemhan-head", case, "no", "Sebutkan angkanya.")
    world.hand_in("kemhan", case)
    second = world.service.engine.form_data(world.task(case, "release_report").id)
    assert second.keys().isdisjoint({"released", "corrections"})
    release(world, "kemhan-head", case, "yes")
    judged = world.service.engine.form_data(world.task(case, "evaluate").id)
    assert "Sebutkan angkanya." not in judged.values()


def letters(world: World, who: str, since: int) -> list[str]:
    """The subjects of the letters to somebody since then."""
    found = [one for one in world.mails()[since:] if one.to_user == who and one.kind == "notice"]
    return [one.subject.partition(":")[0] for one in found]


def test_who_wrote_it_is_told_of_either_answer_and_why_stands_on_the_page_alone(
    world: World, case: UUID
) -> None:
    world.colleague("rina", "kemhan", "head")
    world.hand_in("kemhan", case)
    before = len(world.mails())
    release(world, "kemhan-head", case, "no", "Sebutkan angkanya.")
    assert letters(world, "kemhan", before)[0] == "Report not released"
    assert not any("Sebutkan" in one.body for one in world.mails()[before:])
    world.hand_in("kemhan", case)
    before = len(world.mails())
    release(world, "kemhan-head", case, "yes")
    assert letters(world, "kemhan", before) == ["Report released and handed in"]


def test_the_head_reads_of_it_with_its_deadline_in_the_next_digest(
    world: World, case: UUID
) -> None:
    before = len(world.mails())
    world.hand_in("kemhan", case)
    waiting = world.task(case, "release_report")
    world.wait_days(1)
    told = [one for one in world.mails("kemhan-head") if f"/tasks/{waiting.id}" in one.body]
    assert [one.kind for one in told] == ["digest"]
    assert "Deadline: " in told[0].body
    assert not any(str(waiting.id) in one.body for one in world.mails("coordinator")[before:])


def told(world: World, who: str, case: UUID) -> list[tuple[str, str | None]]:
    """What the timeline says to somebody of what came of the report, oldest first."""
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person(who), case, world.clock.now)
    lines = [(one.sentence.render(), one.text) for one in reversed(found.timeline)]
    return [line for line in lines if line[0].startswith("Report ")]


def test_the_timeline_tells_inside_what_was_sent_back_and_outside_what_was_released(
    world: World, case: UUID
) -> None:
    world.colleague("rina", "kemhan")
    world.hand_in("kemhan", case)
    release(world, "kemhan-head", case, "no", "Sebutkan angkanya.")
    assert told(world, "coordinator", case) == []
    world.hand_in("kemhan", case)
    corrections.replace_report(world.service, world.person("kemhan"), case, "Salah berkas.")
    world.run()
    world.hand_in("kemhan", case)
    stand_in(world, "rina")
    release(world, "rina", case, "yes")
    written = ("Report written, to be released by the head of the institution", None)
    released = ("Report released by the head of the institution", None)
    inside, outside = (told(world, who, case) for who in ("kemhan", "coordinator"))
    assert inside[:-2] == [
        written,
        ("Report not released, it goes back to be corrected", "Sebutkan angkanya."),
        written,
        ("Report taken back before it was released", "Salah berkas."),
        written,
    ]
    assert sorted(inside[-2:]) == sorted(outside)
    assert released in outside
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("coordinator"), case, world.clock.now)
    [line] = [one for one in found.timeline if one.sentence.render() == released[0]]
    assert (line.by, line.sign and line.sign.render()) == ("rina", "plh.")


def test_who_has_written_it_does_not_release_it(world: World, case: UUID) -> None:
    world.colleague("rina", "kemhan", "head")
    world.hand_in("rina", case)
    task = world.task(case, "release_report")
    with pytest.raises(Conflict):
        tasks.claim(world.service, world.person("rina"), task.id)
    with pytest.raises(BadInput):
        tasks.complete(world.service, world.person("rina"), task.id, {"released": "yes"})
    assert world.waits_for(case) == ["decide_extension", "release_report"]
    release(world, "kemhan-head", case, "yes")
    assert "evaluate" in world.waits_for(case)


def test_without_anybody_to_release_it_the_report_is_refused_before_sending(
    world: World, case: UUID
) -> None:
    world.lower_clearance("kemhan-head", "ordinary")
    with pytest.raises(BadInput) as refused:
        world.hand_in("kemhan", case, classification="secret")
    assert "stand-in" in str(refused.value.fields["classification"])
    assert "report" in world.waits_for(case)


def stand_in(world: World, deputy: str) -> UUID:
    head, other = (world.person(one).user_id for one in ("kemhan-head", deputy))
    days = (world.today(), date(2026, 4, 1))
    wanted = Wanted("institution-head:kemhan", head, other, "plh", *days, "Prin/7", "Dinas.")
    return stand_ins.name(world.service, world.person("kemhan-head"), wanted)


def test_who_stands_in_releases_what_somebody_else_has_written(world: World, case: UUID) -> None:
    world.colleague("rina", "kemhan")
    stand_in(world, "rina")
    world.hand_in("kemhan", case)
    release(world, "rina", case, "yes")
    assert len(seen(world, "coordinator", case).reports) == 1


def test_a_head_who_leaves_while_a_report_waits_needs_a_stand_in_first(
    world: World, case: UUID
) -> None:
    world.colleague("rina", "kemhan")
    world.hand_in("kemhan", case)
    head = world.person("kemhan-head").user_id
    with pytest.raises(Conflict, match="stand-in"):
        leaving.close_account(world.service, world.person("admin"), head)
    stand_in(world, "rina")
    leaving.close_account(world.service, world.person("admin"), head)
    release(world, "rina", case, "yes")
    assert "evaluate" in world.waits_for(case)


def test_it_is_taken_back_while_it_waits_and_nothing_outside_changes(
    world: World, case: UUID
) -> None:
    world.hand_in("kemhan", case)
    before = world.case(case)
    corrections.replace_report(world.service, world.person("kemhan"), case, "Angka keliru.")
    world.run()
    assert world.waits_for(case) == ["decide_extension", "report"]
    after = world.case(case)
    assert (after.status, after.rework_deadline) == (before.status, before.rework_deadline)
    world.hand_in("kemhan", case)
    release(world, "kemhan-head", case, "yes")
    [only] = seen(world, "kemhan", case).handed_in
    assert only.replaced_at is None


def test_an_extension_granted_while_it_waits_moves_its_deadline(world: World, case: UUID) -> None:
    world.hand_in("kemhan", case)
    before = world.task(case, "release_report").due_at
    world.do(
        "deputi", "decide_extension", case, decision="granted", new_deadline="2026-06-30",
        reason="Cukup.",
    )  # fmt: skip
    after = world.task(case, "release_report").due_at
    assert before is not None and after is not None and after > before
    release(world, "kemhan-head", case, "yes")
    assert world.waits_for(case) == ["evaluate"]


def test_a_withdrawal_ends_what_waits_for_its_release(world: World, case: UUID) -> None:
    world.hand_in("kemhan", case)
    withdraw(world, case)
    assert world.status(case) == "completed"
    assert seen(world, "coordinator", case).handed_in == []


def withdraw(world: World, case: UUID) -> None:
    world.service.engine.deliver(
        "recommendation_withdrawn", str(case), {"kind": "withdrawn", "reason": "Selesai."}
    )
    world.run()


def test_the_head_of_a_successor_releases_what_waits(world: World, case: UUID) -> None:
    world.colleague("kemenkeu-head", "kemenkeu", "head")
    world.hand_in("kemhan", case)
    end(world, "kemhan", "kemenkeu")
    waiting = world.task(case, "release_report")
    assert waiting.candidate_groups == ["institution-head:kemenkeu"]
    refused = {"released": "no", "corrections": "Ubah."}
    tasks.complete(world.service, anew(world, "kemenkeu-head"), waiting.id, refused)
    world.run()
    again = world.task(case, "report")
    assert (again.candidate_groups, again.assignee) == (["institution:kemenkeu"], None)
    assert world.hand_in("kemenkeu", case).receipt_number is not None, "it asks for no release"


def in_three_generations(world: World) -> list[UUID]:
    """A follow-up of each drawing: before a report could be taken back, before it was released,
    and as it is now."""
    files = shipped_files("follow_up")
    release = (
        "needs_release", "release_report", "escalate_release_report", "unreleased_replaced",
        "release_decided",
    )  # fmt: skip
    straight = {"report_to_receipt": ("report", "receipt")}
    replaced = (*release, "report_replaced", "record_replacement")
    cases = []
    for drawing in (
        redrawn("follow_up", replaced, straight),
        redrawn("follow_up", release, straight),
        None,
    ):
        if drawing is not None:
            model = drawing["follow_up.bpmn"].replace(b"record_sent_report", b"record_report")
            drawing = {**drawing, "follow_up.bpmn": model}
        world.service.engine.deploy(drawing or files, "owner")
        cases.append(world.follow_up(world.issued(), "kemhan"))
    return cases


def test_three_generations_run_side_by_side_and_only_the_last_asks_for_a_release(
    small_world: World,
) -> None:
    world = small_world
    cases = in_three_generations(world)
    institutions.set_approval(world.service, world.person("kemhan-head"), "kemhan", True)
    for case in cases:
        world.to_report("kemhan", case)
    receipts = [world.hand_in("kemhan", case).receipt_number for case in cases]
    assert [number is not None for number in receipts] == [True, True, False]
    assert [world.waits_for(case) for case in cases] == [
        ["evaluate"], ["evaluate"], ["release_report"],
    ]  # fmt: skip
    with pytest.raises(Conflict, match="earlier version of the process"):
        corrections.replace_report(world.service, world.person("kemhan"), cases[0], "Keliru.")
    corrections.replace_report(world.service, world.person("kemhan"), cases[1], "Keliru.")
    assert world.hand_in("kemhan", cases[1]).receipt_number is not None
    release(world, "kemhan-head", cases[2], "yes")
    for case in cases:
        world.evaluate(case, "conforms")
    assert {world.case(case).status for case in cases} == {Stage.CLOSED}


def test_an_old_case_needs_nobody_to_release_its_report(small_world: World) -> None:
    world = small_world
    [old, _, new] = in_three_generations(world)
    institutions.set_approval(world.service, world.person("kemhan-head"), "kemhan", True)
    world.lower_clearance("kemhan-head", "ordinary")
    for case in (old, new):
        world.to_report("kemhan", case)
    assert world.hand_in("kemhan", old, classification="secret").receipt_number is not None
    with pytest.raises(BadInput):
        world.hand_in("kemhan", new, classification="secret")


def test_the_release_is_late_when_the_report_is(world: World, case: UUID) -> None:
    world.hand_in("kemhan", case)
    task = world.task(case, "release_report")
    assert task.due_at is not None
    world.wait_until(world.at(date(2026, 4, 29)))
    about = [one for one in world.mails("kemhan") if "release" in one.body or "Setujui" in one.body]
    assert about, "the contact is reminded too"


def test_only_its_head_and_administrators_switch_it(world: World) -> None:
    for who in ("kemhan", "coordinator", "deputi"):
        with pytest.raises(Forbidden):
            institutions.set_approval(world.service, world.person(who), "kemhan", True)
    with pytest.raises(Forbidden):
        institutions.set_approval(world.service, world.person("kemhan-head"), "kemenperin", True)
    with pytest.raises(Conflict, match="stand-in"):
        institutions.set_approval(world.service, world.person("admin"), "kemenperin", True)
    institutions.set_approval(world.service, world.person("admin"), "kemhan", True)
    institutions.set_approval(world.service, world.person("admin"), "kemhan", False)


def test_where_it_is_off_a_report_is_handed_in_as_it_is_sent(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    assert world.hand_in("kemhan", follow_up).receipt_number is not None


def test_a_release_is_the_institutions_own_business(world: World, case: UUID) -> None:
    world.hand_in("kemhan", case)
    task = world.task(case, "release_report")
    with world.service.reading() as connection, pytest.raises(NotFound):
        task_access(connection, world.person("kemenperin"), task.id)
    with pytest.raises(Forbidden):
        release(world, "kemhan", case, "yes")
