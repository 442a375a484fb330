"""What the issue of the next recommendation does to follow-ups of those before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from processes.ground.outcomes import Outcome, Tiding
from processes.recommendation import carrying, services
from processes.register.states import Treatment
from processes.storage.cases import follow_up_rows, remaining_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.tables.follow_ups import follow_up
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import ByHand, Desk, part_of
from tests.processes.recommendation.conftest import begun, decided_by, evaluated, the_next

BOTH = {"kemhan": "lead", "kemenperin": "supporting"}


def old(desk: Desk, institution: str) -> FollowUp:
    """A follow-up as it stands now."""
    parts = follow_up_rows.of_recommendation(desk.connection, desk.id)
    return next(one for one in parts if one.institution == institution)


def marked(desk: Desk, following: Desk, *institutions: str) -> None:
    """The supervisor has agreed that these are carried over into the next one."""
    for code in institutions:
        follow_up_rows.change(
            desk.connection, old(desk, code).id, NOW,
            successor_id=following.id, treatment=Treatment.CARRIED_OVER,
        )  # fmt: skip


def issue(following: Desk) -> tuple[ByHand, Outcome]:
    step = following.step()
    return step, services.issue(step)


def messages(step: ByHand) -> list[dict[str, Any]]:
    return [dict(job.payload) for job in step.jobs]


def test_a_recommendation_without_one_before_carries_nothing(running: Desk) -> None:
    found = carrying.before(running.step(), running.recommendation, {"kemhan"})
    assert (found.carried, set(found.done), found.told) == ((), set(), ())


def test_who_is_asked_again_ends_its_old_follow_up_and_goes_on_in_the_new_one(
    running: Desk,
) -> None:
    following = the_next(running, BOTH)
    step, outcome = issue(following)
    assert outcome.variables == {"issued": 2}
    for code in BOTH:
        before, now = old(running, code), old(following, code)
        assert (before.status, before.closed_at) == ("carried_over", NOW)
        assert (before.treatment, before.verdict) == ("carried_over", None)
        assert (before.successor_id, before.carried_into_id) == (following.id, now.id)
        assert now.status == "acknowledge"
    assert outcome.told == []
    assert len(step.jobs) == 2


def test_the_old_case_hears_from_the_register_by_which_letter_it_ends(running: Desk) -> None:
    following = the_next(running, {"kemhan": "lead"})
    following.change(number="REK-2026-0009", letter_number="B-9")
    step, _ = issue(following)
    [told] = messages(step)
    assert told["key"] == str(old(running, "kemhan").id)
    assert told["message"] == "recommendation_withdrawn"
    assert told["payload"] == {
        "kind": "carried_over", "reason": "", "successor": "REK-2026-0009", "letter_number": "B-9",
    }  # fmt: skip
    assert step.sent == [], "between recommendations no case sends anything itself"


def test_who_is_not_asked_again_goes_on_under_the_old_letter(running: Desk) -> None:
    following = the_next(running, {"kemhan": "lead"})
    step, outcome = issue(following)
    assert old(running, "kemenperin").status == "plan"
    assert old(running, "kemenperin").treatment is None, "nobody had decided anything of it"
    assert (len(step.jobs), outcome.told) == (1, [])


def test_a_copy_is_not_asked_again(running: Desk) -> None:
    following = the_next(running, {"kemhan": "lead", "kemenperin": "information"})
    issue(following)
    assert old(running, "kemenperin").status == "plan"


def test_who_was_to_be_carried_over_and_is_dropped_is_left_to_finish_and_the_decider_told(
    running: Desk,
) -> None:
    following = the_next(running, {"kemhan": "lead"})
    marked(running, following, "kemhan", "kemenperin")
    decided_by(running, "asdep")
    _, outcome = issue(following)
    left = old(running, "kemenperin")
    assert (left.status, left.treatment, left.successor_id) == ("plan", "left_to_finish", None)
    assert outcome.told == [Tiding("not_carried_over", "asdep", "supervisor", left.id)]


def test_who_has_ended_meanwhile_is_not_asked_again_and_who_evaluated_is_told(
    running: Desk,
) -> None:
    following = the_next(running, BOTH)
    marked(running, following, "kemhan", "kemenperin")
    evaluated(running, "ani")
    ended = old(running, "kemenperin")
    running.connection.execute(
        update(follow_up)
        .where(follow_up.c.id == ended.id)
        .values(status="closed", verdict="conforms", closed_at=NOW)
    )
    _, outcome = issue(following)
    assert outcome.variables == {"issued": 1}
    new = follow_up_rows.of_recommendation(following.connection, following.id)
    assert [one.institution for one in new] == ["kemhan"]
    assert outcome.told == [Tiding("ended_meanwhile", "ani", "coordinator", ended.id)]
    assert old(running, "kemenperin").status == "closed", "an end stays an end"


def test_who_had_ended_before_anything_was_agreed_is_asked_anew(running: Desk) -> None:
    """Only an agreed carrying over that came too late keeps an institution from being asked."""
    running.connection.execute(
        update(follow_up)
        .where(follow_up.c.institution == "kemenperin")
        .values(status="closed", verdict="cannot_be_followed_up", closed_at=NOW)
    )
    _, outcome = issue(the_next(running, BOTH))
    assert outcome.variables == {"issued": 2}


def test_a_follow_up_that_hears_of_no_end_keeps_its_work_and_owes_nothing_twice(
    running: Desk,
) -> None:
    deaf, hearing = old(running, "kemhan").id, old(running, "kemenperin").id
    begun(running.connection, deaf, hears=False)
    begun(running.connection, hearing)
    decided_by(running, "asdep")
    following = the_next(running, BOTH)
    _, outcome = issue(following)
    assert outcome.variables == {"issued": 1}
    assert (old(running, "kemhan").status, old(running, "kemhan").treatment) == (
        "plan", "left_to_finish",
    )  # fmt: skip
    assert old(running, "kemenperin").status == "carried_over"
    assert outcome.told == [Tiding("not_carried_over", "asdep", "supervisor", deaf)]


def test_what_was_left_to_finish_two_recommendations_ago_ends_too(running: Desk) -> None:
    between = the_next(running, {"tni": "lead"})
    between.change(status="closed", issued_at=NOW)
    last = the_next(between, BOTH)
    issue(last)
    assert [old(running, code).status for code in BOTH] == ["carried_over", "carried_over"]
    assert remaining_rows.before(last.connection, last.id) == [between.id, running.id]


def test_the_follow_ups_of_others_are_left_alone(running: Desk) -> None:
    aside = the_next(running, {"tni": "lead"})
    aside.change(predecessor_id=None, status="issued", issued_at=NOW)
    kept = part_of(aside, "kemhan")
    issue(the_next(running, BOTH))
    case = follow_up_rows.find(aside.connection, kept)
    assert case is not None and case.status == "plan"


# --- a draft that changes whom it asks ----------------------------------------------------------


@pytest.mark.parametrize(
    ("roles", "left"),
    [
        (BOTH, []),
        ({"kemhan": "lead"}, ["kemenperin"]),
        ({"kemhan": "lead", "kemenperin": "information"}, ["kemenperin"]),
        ({"tni": "lead"}, ["kemenperin", "kemhan"]),
    ],
)
def test_a_draft_lets_go_of_whom_it_asks_no_more(
    roles: dict[str, str], left: list[str], running: Desk
) -> None:
    following = the_next(running, roles)
    marked(running, following, *BOTH)
    decided_by(running, "asdep")
    recorded = Tiding("left_out", institution="tni")
    handler = carrying.addressing(lambda _: Outcome({"institutions": []}, [recorded]))
    outcome = handler(following.step())
    parts: dict[UUID, str] = {old(running, code).id: code for code in BOTH}
    first, *rest = outcome.told
    assert (first, outcome.variables) == (recorded, {"institutions": []})
    assert sorted(parts[one.follow_up_id] for one in rest if one.follow_up_id) == left
    treatments = {code: old(running, code).treatment for code in BOTH}
    assert treatments == {
        code: "left_to_finish" if code in left else "carried_over" for code in BOTH
    }


def test_what_has_ended_is_released_from_nothing(running: Desk) -> None:
    running.connection.execute(update(follow_up).values(status="withdrawn"))
    parts = follow_up_rows.of_recommendation(running.connection, running.id)
    assert carrying.released(running.step(), parts) == []
    assert {old(running, code).treatment for code in BOTH} == {None}
