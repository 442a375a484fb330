"""A draft that changes after its comments, and the further rounds it goes through."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, NotFound
from processes.cases.recommendation import recommendation_case
from processes.cases.recommendation.draft_changes import DraftChanges
from processes.cases.recommendation.recommendation_case import Detail
from processes.work import tasks
from tests.processes.stories.world import REGISTRATION, World


def commented(world: World) -> UUID:
    """Registered for Kemhan and Kemenperin; both agree."""
    id = world.propose()
    world.register(id)
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, id, stance="agree")
    return id


def detail(world: World, id: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return recommendation_case.detail(connection, world.person(who), id, world.clock.now)


def refused(world: World, id: UUID, **changes: Any) -> set[str]:
    task, answers = world.task(id, "finalise"), {**world.draft(id), **changes}
    with pytest.raises(BadInput) as complaint:
        tasks.complete(world.service, world.person("coordinator"), task.id, answers)
    return set(complaint.value.fields)


def test_everything_of_a_draft_changes_and_is_issued_as_it_was_finalised(world: World) -> None:
    id = commented(world)
    world.finalise(
        id,
        title="Percepat sertifikasi",
        final_text="Percepat sertifikasi komponen.",
        expected_outcome="Sertifikat terbit.",
        priority="high",
        classification="restricted",
        deadline_date="2026-06-30",
        cycle="quarter",
        lead=["kemenperin"],
        supporting=["kemhan"],
        rollup_rule="lead",
    )
    assert world.waits_for(id) == ["approve"], "nobody is new, so nobody is asked again"
    world.do("asdep", "approve", id, approved="yes")
    world.do("coordinator", "send_out", id, letter_number="R-1/2026",
             letter_date=world.today().isoformat(), signatory="Deputi")  # fmt: skip
    case = world.recommendation(id)
    assert (case.title, case.final_text) == (
        "Percepat sertifikasi",
        "Percepat sertifikasi komponen.",
    )
    assert (case.priority, case.classification, case.cycle) == ("high", "restricted", "quarter")
    assert (case.rollup_rule, case.deadline) == ("lead", date(2026, 6, 30))
    assert {(row.institution, row.role, row.deadline) for row in world.follow_ups(id)} == {
        ("kemenperin", "lead", date(2026, 6, 30)),
        ("kemhan", "supporting", date(2026, 6, 30)),
    }


def test_new_institutions_alone_comment_in_a_further_round_and_all_answers_stay(
    world: World,
) -> None:
    id = world.propose()
    world.register(id)
    world.comment("kemhan", id, stance="disagree", notes="Terlalu luas.")
    world.comment("kemenperin", id, stance="agree")
    answer = {"institution": "kemhan", "accepted": "yes", "reason": "Dipersempit."}
    world.finalise(
        id,
        final_text="Sempit.",
        responses=[answer],
        supporting=["kemenperin", "kemenkeu"],
        information=["tni"],
        comment_deadline="2026-02-02",
    )
    assert world.waits_for(id) == ["comment"]
    assert world.task(id, "comment").candidate_groups == ["institution:kemenkeu"]
    case = world.recommendation(id)
    assert (case.status, case.round, case.comment_deadline) == ("comment", 2, date(2026, 2, 2))
    assert (case.text, case.final_text) == ("Sempit.", None), "it is a draft again"
    world.comment("kemenkeu", id, stance="agree_with_notes", notes="Sebut anggaran.")
    assert world.waits_for(id) == ["finalise"]
    assert refused(world, id, responses=[answer]) == {"responses"}
    reply = {"institution": "kemenkeu", "accepted": "no", "reason": "Sudah ada."}
    world.finalise(id, responses=[reply])
    assert world.waits_for(id) == ["approve"]
    told = [(one.round, one.institution, one.reason) for one in detail(world, id).comments]
    assert told == [
        (1, "kemhan", "Dipersempit."), (1, "kemenperin", None), (2, "kemenkeu", "Sudah ada."),
    ]  # fmt: skip
    world.do("asdep", "approve", id, approved="yes")
    world.do("coordinator", "send_out", id, letter_number="R-1/2026",
             letter_date=world.today().isoformat(), signatory="Deputi")  # fmt: skip
    assert {row.institution for row in world.follow_ups(id)} == {"kemhan", "kemenperin", "kemenkeu"}


def test_a_further_round_ends_at_its_own_deadline_and_not_at_the_former_one(world: World) -> None:
    id = world.propose()
    world.register(id)
    world.wait_until(world.at(date(2026, 1, 20)))
    assert world.waits_for(id) == ["finalise"], "the first round is over"
    new = {"supporting": ["kemenperin", "kemenkeu"]}
    assert refused(world, id, **new) == {"comment_deadline"}
    assert refused(world, id, **new, comment_deadline="2026-01-20") == {"comment_deadline"}
    assert refused(world, id, **new, comment_deadline="2026-05-01") == {"comment_deadline"}
    world.finalise(id, **new, comment_deadline="2026-02-02")
    assert world.waits_for(id) == ["comment"], "its boundary does not fire at once"
    world.wait_until(world.at(date(2026, 2, 2)))
    assert world.waits_for(id) == ["comment"], "that day still counts"
    world.wait_until(world.at(date(2026, 2, 3)))
    assert world.waits_for(id) == ["finalise"]


def test_rounds_follow_one_another_also_after_the_supervisor_has_refused(world: World) -> None:
    id = commented(world)
    world.finalise(id, final_text="Satu.")
    world.do("asdep", "approve", id, approved="no", notes="Tambah Kemenkeu.")
    world.finalise(id, supporting=["kemenperin", "kemenkeu"], comment_deadline="2026-02-02")
    world.comment("kemenkeu", id, stance="agree")
    world.finalise(id, supporting=["kemenkeu", "tni"], comment_deadline="2026-02-09")
    assert world.recommendation(id).round == 3
    world.comment("tni", id, stance="agree")
    world.finalise(id, final_text="Tiga.")
    assert world.waits_for(id) == ["approve"]
    assert world.recommendation(id).final_text == "Tiga."


def test_a_withdrawal_ends_a_further_round(world: World) -> None:
    from tests.processes.stories.recommendation.test_withdrawal import withdraw

    id = commented(world)
    world.finalise(id, supporting=["kemenkeu"], comment_deadline="2026-02-02")
    withdraw(world, id)
    assert (world.recommendation(id).status, world.waits_for(id)) == ("withdrawn", [])


def test_who_is_left_out_of_the_draft_is_told_and_reads_it_no_more(world: World) -> None:
    id = commented(world)
    before = len(world.mails("kemenperin"))
    world.finalise(id, supporting=[])
    told = world.mails("kemenperin")[before:]
    assert [mail.subject.split(":")[0] for mail in told] == [
        "The draft is not addressed to your institution any more"
    ]
    assert (
        len(world.mails("kemhan")) == 0 or "not addressed" not in world.mails("kemhan")[-1].subject
    )
    with pytest.raises(NotFound):
        detail(world, id, "kemenperin")
    assert [one.institution for one in detail(world, id).comments] == ["kemhan", "kemenperin"]
    world.do("asdep", "approve", id, approved="no", notes="Sebut tahun.")
    world.finalise(id, final_text="Dengan tahun.")
    assert world.waits_for(id) == ["approve"], "what was left out stays left out"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"supporting": ["kemhan"]}, {"supporting"}),
        ({"information": ["kemhan"]}, {"information"}),
        ({"information": ["kemenperin"]}, {"information"}),
        ({"lead": []}, {"lead"}),
        ({"lead": ["nobody"]}, {"lead"}),
        ({"deadline_date": "2026-01-05"}, {"deadline_date"}),
        ({"title": " \u200b"}, {"title"}),
        ({"rollup_rule": "percent"}, {"rollup_percent"}),
    ],
)
def test_a_final_draft_that_cannot_be_carried_out_is_refused_with_the_field(
    small_world: World, changes: dict[str, Any], fields: set[str]
) -> None:
    id = commented(small_world)
    assert refused(small_world, id, **changes) >= fields
    assert small_world.recommendation(id).status == "comment"


def test_what_changed_since_the_round_is_told_to_new_commenters_and_to_the_supervisor(
    small_world: World,
) -> None:
    world = small_world
    id = commented(world)

    def changes(who: str) -> DraftChanges:
        with world.service.reading() as connection:
            found = recommendation_case.draft(connection, world.person(who), id).changes
        assert found
        return found

    world.finalise(id, title="Baru", supporting=["kemenkeu"], comment_deadline="2026-02-02")
    told = changes("kemenkeu")
    assert told.round == 1
    assert [(one.name, one.before["title"], one.now["title"]) for one in told.fields] == [
        ("title", REGISTRATION["title"], "Baru")
    ]
    assert {(one.institution, one.before, one.now) for one in told.roles} == {
        ("kemenkeu", None, "supporting"), ("kemenperin", "supporting", None),
    }  # fmt: skip
    world.comment("kemenkeu", id, stance="agree")
    world.finalise(id, deadline_kind="working_days", deadline_days=40)
    told = changes("asdep")
    assert (told.round, [one.name for one in told.fields], told.roles) == (2, ["deadline"], [])
    world.do("asdep", "approve", id, approved="no", notes="Kembalikan tenggatnya.")
    world.wait_until(world.at(date(2026, 1, 8)))
    world.finalise(id)
    assert [one.name for one in changes("asdep").fields] == ["deadline"], "since the comments"
    world.do("asdep", "approve", id, approved="no", notes="Tanggal saja.")
    world.finalise(id, deadline_kind="date", deadline_date=REGISTRATION["deadline_date"])
    assert changes("asdep").fields == [], "the draft is as it was commented on"


def test_a_draft_is_not_classified_above_the_clearance_of_who_finalises_it(world: World) -> None:
    id = world.propose()
    world.register(id)
    world.comment("kemhan", id, stance="agree")
    world.comment("kemenperin", id, stance="agree")
    world.lower_clearance("coordinator", "restricted")
    with pytest.raises(BadInput) as refused:
        world.finalise(id, final_text="Teks.", responses=[], classification="secret")
    assert set(refused.value.fields) == {"classification"}
    world.finalise(id, final_text="Teks.", responses=[], classification="restricted")
    assert world.recommendation(id).classification == "restricted"


def test_contacts_who_may_not_read_a_secret_receive_no_letter_of_it(world: World) -> None:
    id = world.propose()
    world.register(id, classification="secret")
    world.comment("kemhan", id, stance="agree")
    world.comment("kemenperin", id, stance="agree")
    world.lower_clearance("kemhan", "ordinary")
    with pytest.raises(BadInput) as refused:
        world.finalise_and_send(id)
    assert set(refused.value.fields) == {"proceed_without_users"}
