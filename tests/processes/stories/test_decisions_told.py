"""Who proposed something is told what was decided, and who knows of a case how it ends."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import delete

from engine.storage.tables import subscription
from processes.cases.recommendation import recommendation_case, recommendations
from processes.storage.cases.remaining_rows import WITHDRAWAL
from processes.storage.notices.mail_rows import Mail
from tests.processes.stories.recommendation.test_changed_recipients import added, propose
from tests.processes.stories.recommendation.test_changed_recipients import (
    decide as decide_recipients,
)
from tests.processes.stories.recommendation.test_closing import before_its_end, evaluate
from tests.processes.stories.recommendation.test_withdrawal import withdraw
from tests.processes.stories.world import World

PROPOSAL = {"notes": "Perkara berjalan.", "reason": "court", "basis": "Putusan 12/2026"}


def letters(world: World, to: str, since: int) -> list[Mail]:
    return [one for one in world.mails()[since:] if one.to_user == to and one.kind == "notice"]


def subjects(world: World, to: str, since: int) -> list[str]:
    return [one.subject.split(":")[0] for one in letters(world, to, since)]


def propose_withdrawal(world: World, id: UUID, who: str = "coordinator") -> None:
    recommendations.propose_withdrawal(world.service, world.person(who), id, "Usang.")
    world.run()


@pytest.mark.parametrize(
    ("answer", "subject", "said"),
    [
        ("yes", "Change of institutions approved", "takes effect now"),
        ("no", "Change of institutions refused", "Reason: Belum perlu."),
    ],
)
def test_who_proposed_a_change_of_institutions_is_told_the_decision_with_its_reason(
    world: World, answer: str, subject: str, said: str
) -> None:
    id = world.issued()
    propose(world, id, added("kemenkeu"))
    before = len(world.mails())
    reason = {"reason": "Belum perlu."} if answer == "no" else {}
    decide_recipients(world, id, answer, **reason)
    (letter,) = letters(world, "coordinator", before)
    assert letter.subject.startswith(f"{subject}: REK-2026-0001 · ")
    assert said in letter.body
    assert f"/recommendations/{id}" in letter.body


def test_above_ordinary_the_reason_of_a_decision_stays_on_the_page(small_world: World) -> None:
    world = small_world
    id = world.issued(classification="secret")
    propose(world, id, added("kemenkeu"))
    before = len(world.mails())
    decide_recipients(world, id, "no", reason="Belum perlu.")
    (letter,) = letters(world, "coordinator", before)
    assert "Belum perlu" not in letter.body


@pytest.mark.parametrize(("answer", "word"), [("yes", "approved"), ("no", "refused")])
def test_who_proposed_a_withdrawal_is_told_the_decision_with_its_reason(
    small_world: World, answer: str, word: str
) -> None:
    world = small_world
    id = world.issued()
    propose_withdrawal(world, id)
    before = len(world.mails())
    world.do("deputi", "decide_withdrawal", id, withdraw=answer, reason="Menunggu Perpres.")
    assert subjects(world, "coordinator", before) == [f"Withdrawal {word}"]
    assert "Reason: Menunggu Perpres." in letters(world, "coordinator", before)[0].body


def test_who_decides_on_a_proposal_of_their_own_is_told_nothing(small_world: World) -> None:
    world = small_world
    id = world.issued()
    propose_withdrawal(world, id, "deputi")
    before = len(world.mails())
    world.do("deputi", "decide_withdrawal", id, withdraw="no", reason="Tidak jadi.")
    assert world.mails()[before:] == []


def test_of_what_cannot_be_followed_up_institution_and_evaluator_hear_the_decision(
    small_world: World,
) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    world.hand_in("kemhan", follow_up)
    world.evaluate(follow_up, "cannot_be_followed_up", **PROPOSAL)
    before = len(world.mails())
    world.do("deputi", "decide_not_feasible", follow_up, approved="no", consideration="Belum.")
    assert subjects(world, "kemhan", before) == ["Evaluated again"]
    assert subjects(world, "coordinator", before) == ["New task, Evaluasi laporan"]
    world.evaluate(follow_up, "cannot_be_followed_up", **PROPOSAL)
    before = len(world.mails())
    world.do("deputi", "decide_not_feasible", follow_up, approved="yes", consideration="Sudah.")
    closed = ["Closed as it cannot be followed up"]
    assert subjects(world, "kemhan", before) == closed
    assert subjects(world, "coordinator", before) == closed


def test_who_accepted_a_disagreement_hears_that_it_ended_the_follow_up(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.do("kemhan", "acknowledge", follow_up, response="disagree", contact="Rina",
             explanation="Bukan tugas kami.")  # fmt: skip
    world.do("coordinator", "review_disagreement", follow_up, review="accepted",
             consideration="Benar.")  # fmt: skip
    before = len(world.mails())
    world.do("deputi", "decide_not_feasible", follow_up, approved="yes", consideration="Setuju.")
    assert subjects(world, "coordinator", before) == ["Closed as it cannot be followed up"]
    assert subjects(world, "kemhan", before) == ["Closed as it cannot be followed up"]


def test_who_was_asked_to_comment_on_a_draft_hears_that_it_was_withdrawn(world: World) -> None:
    id = world.propose()
    world.register(id)
    world.comment("kemhan", id, stance="agree")
    propose_withdrawal(world, id)
    before = len(world.mails())
    world.do("deputi", "decide_withdrawal", id, withdraw="yes", reason="Usang.")
    for who in ("kemhan", "kemenperin"):
        (letter,) = letters(world, who, before)
        assert letter.subject.startswith("Draft withdrawn")
        assert f"/recommendations/{id}" in letter.body
        with world.service.reading() as connection:
            recommendation_case.detail(connection, world.person(who), id, world.clock.now)


def test_nobody_hears_of_a_draft_that_nobody_was_asked_about(small_world: World) -> None:
    world = small_world
    id = world.propose()
    propose_withdrawal(world, id)
    before = len(world.mails())
    world.do("deputi", "decide_withdrawal", id, withdraw="yes", reason="Salah buat.")
    assert {one.to_user for one in world.mails()[before:]} == {"coordinator"}


def test_who_got_a_copy_hears_that_the_recommendation_was_withdrawn(small_world: World) -> None:
    world = small_world
    id = world.issued(information=["kemenkeu"])
    before = len(world.mails())
    withdraw(world, id)
    assert subjects(world, "kemenkeu", before) == ["Recommendation withdrawn"]
    assert "got a copy" in letters(world, "kemenkeu", before)[0].body


def test_a_follow_up_that_could_not_be_withdrawn_is_told_in_words_of_its_own(
    small_world: World,
) -> None:
    world = small_world
    id = before_its_end(world)
    evaluate(world, id)
    left = world.follow_up(id, "kemenkeu")
    with world.service.transaction() as connection:  # as its process were redrawn without it
        connection.execute(
            delete(subscription).where(
                subscription.c.message == WITHDRAWAL, subscription.c.key == str(left)
            )
        )
    before = len(world.mails())
    world.do("asdep", "decide_remaining", id, remaining_approved="yes")
    assert world.case(left).treatment == "left_to_finish"
    (letter,) = [one for one in letters(world, "asdep", before) if one.follow_up_id == left]
    assert "It was to be withdrawn, but its process cannot be ended from outside." in letter.body
    assert "The follow-up is due on Thursday, 30 April 2026." in letter.body
