"""One follow-up as its readers see it: what it asks, what was handed in, what is kept from whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import Conflict, Forbidden, NotFound
from engine.time.calendar import Timing
from processes.acts import reading
from processes.cases import statements
from processes.cases.follow_up import (
    corrections,
    follow_up_acts,
    follow_up_list,
    follow_up_models,
    follow_ups,
    receipts,
)
from processes.cases.follow_up.follow_up_acts import Said
from processes.cases.follow_up.follow_ups import Detail, Work
from processes.composition import shipped_files
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.work import tasks
from tests.processes.stories.world import ACCEPTED, PLAN, World

IN_COURT = {"notes": "Di pengadilan.", "reason": "court", "basis": "Perkara 1/2026"}
DRAFTED = "Percepat kapasitas industri strategis nasional."


@pytest.fixture
def case(small_world: World) -> UUID:
    return small_world.follow_up(small_world.issued(), "kemhan")


def detail(world: World, case: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return follow_ups.detail(connection, world.person(who), case, world.clock.now)


def work(world: World, case: UUID, who: str = "coordinator") -> Work:
    with world.service.reading() as connection:
        return follow_ups.work(connection, world.person(who), case)


def disagree(world: World, case: UUID, result: str, **answers: Any) -> None:
    """Kemhan disagrees; the coordinator weighs it."""
    world.do("kemhan", "acknowledge", case, response="disagree", contact="R", explanation="Berat.")
    world.do(
        "coordinator", "review_disagreement", case, review=result, consideration="Wajib.", **answers
    )


# --- what is asked ------------------------------------------------------------------------------


def test_an_institution_is_asked_the_final_text(small_world: World, case: UUID) -> None:
    assert work(small_world, case, "kemhan").text == DRAFTED


def test_a_text_changed_for_one_institution_is_changed_for_it_alone(small_world: World) -> None:
    recommendation = small_world.issued()
    ours = small_world.follow_up(recommendation, "kemhan")
    disagree(small_world, ours, "changed", changed_text="Naik bertahap.")
    theirs = small_world.follow_up(recommendation, "kemenperin")
    assert work(small_world, ours, "kemhan").text == "Naik bertahap."
    assert work(small_world, theirs, "kemenperin").text == DRAFTED


def test_of_several_changes_of_the_text_the_last_one_counts(small_world: World, case: UUID) -> None:
    for text in ("Naik bertahap.", "Naik 10 persen."):
        disagree(small_world, case, "changed", changed_text=text)
    assert work(small_world, case).text == "Naik 10 persen."


def test_a_disagreement_that_was_rejected_changes_no_text(small_world: World, case: UUID) -> None:
    disagree(small_world, case, "rejected")
    assert work(small_world, case).text == DRAFTED


# --- what stands --------------------------------------------------------------------------------


def test_only_the_newest_version_of_a_plan_is_shown_and_the_timeline_tells_both(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    world.evaluate(case, "not_followed_up", notes="Belum ada isi.", rework_deadline="2026-03-31")
    rows = [{"activity": "Ulang peta jalan"}, {"activity": "Tender"}]
    world.do("kemhan", "plan", case, **{**PLAN, "activities": rows})
    found = detail(world, case)
    assert [one.activity for one in found.plan] == ["Ulang peta jalan", "Tender"]
    told = [str(entry.sentence) for entry in found.timeline]
    assert {"Action plan, version 1", "Action plan, version 2"} <= set(told)


@pytest.mark.parametrize(
    ("verdict", "answers", "stage"),
    [
        ("not_yet_conforms", {"notes": "Bukti?", "rework_deadline": "2026-03-31"}, "implement"),
        ("not_followed_up", {"notes": "Kosong.", "rework_deadline": "2026-03-31"}, "plan"),
        (
            "cannot_be_followed_up",
            IN_COURT,
            "decide",
        ),
        ("conforms", {}, "closed"),
    ],
)
def test_a_verdict_leads_where_its_kind_says(
    small_world: World, case: UUID, verdict: str, answers: dict[str, Any], stage: str
) -> None:
    small_world.to_report("kemhan", case)
    small_world.hand_in("kemhan", case)
    small_world.evaluate(case, verdict, **answers)
    found = detail(small_world, case)
    assert (found.cell.status, found.cell.verdict) == (stage, verdict)
    assert found.evaluations[-1].verdict == verdict


def test_a_case_that_has_ended_is_not_overdue_and_has_no_task(
    small_world: World, case: UUID
) -> None:
    small_world.finish("kemhan", case)
    small_world.wait_until(small_world.at(date(2026, 6, 1)))
    found = detail(small_world, case)
    assert (found.tasks, found.timing, found.late) == ([], None, [])
    assert found.pending_extension is None


@pytest.mark.parametrize(
    ("day", "timing"),
    [
        (date(2026, 1, 7), Timing(-1, "before")),
        (date(2026, 1, 8), Timing(0, "today")),
        (date(2026, 1, 9), Timing(1, "late")),
        (date(2026, 1, 11), Timing(1, "late")),
        (date(2026, 1, 12), Timing(2, "late")),
    ],
)
def test_a_case_is_late_by_the_working_days_of_the_work_that_is_open(
    small_world: World, case: UUID, day: date, timing: Timing
) -> None:
    small_world.wait_until(small_world.at(day))
    found = detail(small_world, case)
    assert found.timing == timing, "to be acknowledged by 8 January"
    assert [one.timing for one in found.late] == ([timing] if timing.late else [])


def test_everybody_who_did_something_is_told_by_name(small_world: World, case: UUID) -> None:
    small_world.to_report("kemhan", case)
    found = detail(small_world, case)
    assert found.people["kemhan"] == "Kemhan"
    assert work(small_world, case).people == {"kemhan": "Kemhan"}


def test_whoever_was_given_a_task_is_told_by_name_before_doing_anything(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(case, "acknowledge")
    tasks.pass_on(world.service, world.person("kemhan"), task.id, "kemhan-2")
    tasks.pass_on(world.service, world.person("asdep"), task.id, "kemhan")
    found = detail(world, case)
    assert found.people["kemhan-2"] == "Kemhan-2"
    told = [str(entry.sentence) for entry in found.timeline]
    assert any(one.endswith("passed on to Kemhan-2") for one in told)


# --- what is kept from whom ---------------------------------------------------------------------


@pytest.mark.parametrize("who", ["kemenperin", "kemenkeu", "owner", "admin"])
def test_a_case_of_others_is_not_there(small_world: World, case: UUID, who: str) -> None:
    for ask in (detail, work):
        with pytest.raises(NotFound):
            ask(small_world, case, who)
    with pytest.raises(NotFound):
        detail(small_world, uuid4(), "coordinator")


def test_a_report_above_the_clearance_is_left_out_with_its_files_and_its_evaluation(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case, classification="secret")
    world.evaluate(case, "not_yet_conforms", notes="Rahasia.", rework_deadline="2026-03-31")
    world.colleague("kemhan-2", "kemhan")
    world.lower_clearance("kemhan-2", "restricted")
    cleared, other = detail(world, case, "kemhan"), detail(world, case, "kemhan-2")
    assert (len(cleared.reports), len(cleared.evaluations), len(cleared.evidence)) == (1, 1, 1)
    assert (other.reports, other.evaluations, other.evidence) == ([], [], [])
    [kept] = other.handed_in
    assert (kept.receipt_number, kept.files, kept.judged) == ("TT-2026-0001", 1, True)
    told = " ".join(f"{entry.sentence} {entry.text}" for entry in other.timeline)
    assert "TT-2026-0001: classified above your clearance" in told
    assert "B/12/2026" not in told
    assert "Rahasia." not in told


def receipt(world: World, number: str, who: str) -> receipts.Receipt:
    with world.service.reading() as connection:
        return receipts.receipt(connection, world.person(who), number)


def test_a_receipt_names_its_sender_in_full_and_holds_the_files_of_its_report_alone(
    small_world: World, case: UUID
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    world.evaluate(case, "not_yet_conforms", notes="Bukti?", rework_deadline="2026-03-31")
    world.do("kemhan", "implement", case, percent=100, narrative="Lengkap.", done="yes")
    world.hand_in("kemhan", case, letter_number="B/13/2026")
    for number, letter in (("TT-2026-0001", "B/12/2026"), ("TT-2026-0002", "B/13/2026")):
        found = receipt(world, number, "kemhan")
        assert found.report is not None
        assert found.report.letter_number == letter
        assert found.institution == "Kementerian Pertahanan"
        assert [one.report_id for one in found.evidence] == [found.report.id]


@pytest.mark.parametrize("who", ["kemenperin", "owner"])
def test_a_receipt_is_there_only_for_those_who_may_read_the_case(
    small_world: World, case: UUID, who: str
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case, classification="secret")
    with pytest.raises(NotFound):
        receipt(world, "TT-2026-0001", who)
    with pytest.raises(NotFound):
        receipt(world, "TT-2026-0002", "kemhan")


@pytest.mark.parametrize("who", ["kemhan", "kemhan-head", "coordinator"])
def test_a_receipt_never_vanishes_for_who_may_read_its_report_no_more_not_even_for_its_author(
    small_world: World, case: UUID, who: str
) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case, classification="secret")
    world.lower_clearance(who, "restricted")
    found = receipt(world, "TT-2026-0001", who)
    assert (found.handed.receipt_number, found.handed.files) == ("TT-2026-0001", 1)
    assert (found.report, found.evidence) == (None, [])


def test_a_receipt_says_that_it_was_replaced_and_by_which(small_world: World, case: UUID) -> None:
    world = small_world
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    corrections.replace_report(world.service, world.person("kemhan"), case, "Nomor keliru.")
    found = receipt(world, "TT-2026-0001", "coordinator")
    assert found.handed.replaced_at == world.clock.now
    assert found.successor is None
    world.hand_in("kemhan", case)
    found = receipt(world, "TT-2026-0001", "coordinator")
    assert found.successor is not None
    assert found.successor.receipt_number == "TT-2026-0002"
    assert receipt(world, "TT-2026-0002", "coordinator").handed.replaced_at is None


# --- what was only said -------------------------------------------------------------------------


def spoken(world: World, *cases: UUID) -> list[bool]:
    """Of everything that was said about these, whether it is confirmed."""
    with world.service.reading() as connection:
        assert statements.unconfirmed(connection, cases) == {
            one.statement.follow_up_id
            for one in statements.said(connection, cases)
            if not one.confirmed
        }
        return [one.confirmed for one in statements.said(connection, cases)]


def record(world: World, case: UUID) -> None:
    said = Said("Sudah.", "Sesjen", world.today())
    follow_up_acts.record_statement(world.service, world.person("coordinator"), case, said)


def test_a_report_that_was_taken_back_confirms_nothing(small_world: World, case: UUID) -> None:
    world = small_world
    record(world, case)
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    assert spoken(world, case) == [True]
    assert listed_as_spoken(world) == set()
    corrections.replace_report(world.service, world.person("kemhan"), case, "Nomor keliru.")
    assert spoken(world, case) == [False]
    assert listed_as_spoken(world) == {case}
    world.hand_in("kemhan", case)
    assert spoken(world, case) == [True]


def listed_as_spoken(world: World) -> set[UUID]:
    """The follow-ups in the list of those with something only said so far."""
    with world.service.reading() as connection:
        reader = world.person("coordinator")
        found = follow_up_list.page(connection, reader, Wanted(spoken=True), world.clock.now)
    return {one.listed.cell.id for one in found.items}


def test_a_report_confirms_what_was_said_before_it_and_nothing_said_after(
    small_world: World, case: UUID
) -> None:
    world = small_world
    record(world, case)
    world.to_report("kemhan", case)
    assert spoken(world, case) == [False]
    world.hand_in("kemhan", case)
    assert spoken(world, case) == [True]
    record(world, case)
    assert spoken(world, case) == [True, False]


def test_the_report_of_another_institution_confirms_nothing(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    ours, theirs = (world.follow_up(recommendation, one) for one in ("kemhan", "kemenperin"))
    record(world, ours)
    world.to_report("kemenperin", theirs)
    world.hand_in("kemenperin", theirs)
    assert spoken(world, ours, theirs) == [False]
    assert spoken(world) == []


# --- the version it runs on ---------------------------------------------------------------------


def test_the_drawing_is_that_of_the_version_the_case_runs_on(
    small_world: World, case: UUID
) -> None:
    world, files = small_world, shipped_files("follow_up")
    before = files["follow_up.bpmn"]
    files["follow_up.bpmn"] = before.replace(b"Susun rencana aksi", b"Tulis rencana aksi")
    world.service.engine.deploy(files, "owner")
    for who in ("kemhan", "coordinator"):
        with reading.opened(world.service, world.person(who)) as at:
            assert follow_up_models.drawing(at, case) == before
            found = follow_ups.detail(at.connection, at.scope, case, at.now)
            assert follow_up_models.version_of(at, found.case).names["plan"] == "Susun rencana aksi"
    with reading.opened(world.service, world.person("kemenkeu")) as at, pytest.raises(NotFound):
        follow_up_models.drawing(at, case)


def test_a_request_for_a_later_deadline_has_the_form_of_that_version(
    small_world: World, case: UUID
) -> None:
    with reading.opened(small_world.service, small_world.person("kemhan")) as at:
        found, _, _ = follow_ups.readable(at.connection, at.scope, case, "request_extension")
        form = follow_up_models.extension_form(at, found)
    assert set(form.keys) == {"deadline", "reason", "letter_number"}


def test_a_version_without_that_form_takes_no_request(small_world: World) -> None:
    world, files = small_world, shipped_files("follow_up")
    name = b'name="form" value="extension_request"'
    assert name in files["follow_up.bpmn"]
    files["follow_up.bpmn"] = files["follow_up.bpmn"].replace(
        name, b'name="other" value="extension_request"'
    )
    world.service.engine.deploy(files, "owner")
    case = world.follow_up(world.issued(), "kemhan")
    with reading.opened(world.service, world.person("kemhan")) as at:
        found, _, _ = follow_ups.readable(at.connection, at.scope, case)
        with pytest.raises(Conflict):
            follow_up_models.extension_form(at, found)


def test_reading_a_case_is_no_right_to_do_anything_with_it(small_world: World, case: UUID) -> None:
    with small_world.service.reading() as connection:
        for who, act in (
            ("kemhan", "record_statement"),
            ("asdep", "set_follow_up_kind"),
            ("coordinator", "request_extension"),
        ):
            with pytest.raises(Forbidden):
                follow_ups.readable(connection, small_world.person(who), case, act)
    small_world.do("kemhan", "acknowledge", case, **ACCEPTED)
