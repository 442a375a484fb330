"""Finalising a draft after its comments: to the supervisor, or round once more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from engine.ports.handlers import Refusal
from processes.ground.outcomes import Outcome, Tiding
from processes.recommendation.finalisation import record_finalisation
from processes.storage.cases import draft_rounds, recommendation_rows
from processes.storage.tables.people import user
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import TODAY, TOMORROW, YESTERDAY, Desk

ROLES: dict[str, Any] = {
    "lead": ["kemhan"], "supporting": ["kemenperin"], "information": ["brin"],
}  # fmt: skip


@pytest.fixture
def draft(whole: Desk) -> Desk:
    """A draft whose round of comments is over; Kemhan leads, Kemenperin supports."""
    deadline = TODAY + timedelta(days=60)
    whole.change(status="comment", title="Industri", text="Rancangan", deadline=deadline)
    return whole


def finalise(desk: Desk, **answers: Any) -> Outcome:
    return record_finalisation(desk.step(**{"final_text": "Teks akhir", **answers}))


def roles(desk: Desk) -> dict[str, str]:
    return dict(recommendation_rows.institutions_of(desk.connection, desk.id))


def test_a_draft_whose_addressees_stay_goes_to_the_supervisor(draft: Desk) -> None:
    outcome = finalise(draft, **ROLES)
    assert (outcome.variables, list(outcome.told)) == ({"institutions": []}, [])
    case = draft.recommendation
    assert (case.status, case.final_text, case.text) == ("approve", "Teks akhir", "Rancangan")
    assert case.round == 1


def test_a_form_of_a_former_version_changes_the_text_alone(draft: Desk) -> None:
    before, addressed = draft.recommendation, roles(draft)
    finalise(draft)
    after = draft.recommendation
    assert roles(draft) == addressed
    names = ("title", "priority", "classification", "deadline", "cycle", "rollup_rule")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


def test_new_institutions_are_asked_in_a_further_round_and_nothing_is_final_yet(
    draft: Desk,
) -> None:
    draft.change(status="finalise", final_text="Teks yang ditolak")
    more = {**ROLES, "supporting": ["kemenperin", "tni", "polri"]}
    outcome = finalise(draft, **more, comment_deadline=str(TOMORROW))
    assert outcome.variables == {"institutions": ["polri", "tni"]}, "who has answered is not asked"
    case = draft.recommendation
    assert (case.status, case.round, case.comment_deadline) == ("comment", 2, TOMORROW)
    assert (case.text, case.final_text) == ("Teks akhir", None)


@pytest.mark.parametrize("day", [None, TODAY, YESTERDAY, TODAY + timedelta(days=61)])
def test_a_further_round_ends_on_a_day_to_come_and_before_the_recommendation_is_due(
    day: Any, draft: Desk
) -> None:
    more = {**ROLES, "supporting": ["tni"], "comment_deadline": str(day or "")}
    refused = draft.refused(record_finalisation, final_text="T", **more)
    assert refused == {"comment_deadline"}
    assert draft.recommendation.status == "comment"


def test_a_copy_for_information_asks_for_no_further_round(draft: Desk) -> None:
    outcome = finalise(draft, **{**ROLES, "information": ["brin", "tni"]})
    assert outcome.variables == {"institutions": []}
    assert draft.recommendation.status == "approve"
    assert roles(draft)["tni"] == "information"


def test_who_got_a_copy_and_is_to_work_comments_first(draft: Desk) -> None:
    more = {**ROLES, "supporting": ["kemenperin", "brin"], "information": []}
    outcome = finalise(draft, **more, comment_deadline=str(TOMORROW))
    assert outcome.variables == {"institutions": ["brin"]}


@pytest.mark.parametrize("information", [[], ["kemenperin"]])
def test_who_owes_nothing_any_more_is_told_that_it_was_left_out(
    information: list[str], draft: Desk
) -> None:
    outcome = finalise(draft, lead=["kemhan"], supporting=[], information=information)
    assert list(outcome.told) == [Tiding("left_out", institution="kemenperin")]
    assert draft.recommendation.status == "approve"


def test_another_role_among_those_that_owe_asks_and_tells_nobody(draft: Desk) -> None:
    outcome = finalise(draft, lead=["kemenperin"], supporting=["kemhan"], information=["brin"])
    assert (outcome.variables, list(outcome.told)) == ({"institutions": []}, [])
    assert roles(draft)["kemenperin"] == "lead"


def test_what_is_kept_of_the_round_is_the_draft_that_was_commented_on(draft: Desk) -> None:
    more = {**ROLES, "supporting": ["tni"]}
    finalise(draft, **more, comment_deadline=str(TOMORROW))
    kept = draft_rounds.last(draft.connection, draft.id)
    assert kept is not None
    assert (kept.round, kept.at, kept.by) == (1, NOW, "ani")
    assert kept.content["text"] == "Rancangan", "not the text that it was changed into"
    assert kept.content["institutions"] == {
        "kemhan": "lead", "kemenperin": "supporting", "brin": "information",
    }  # fmt: skip


def test_what_is_refused_keeps_no_round(draft: Desk) -> None:
    refused = draft.refused(record_finalisation, final_text=" ", lead=[], supporting=["tni"])
    assert refused == {"final_text", "lead", "comment_deadline"}
    assert draft_rounds.last(draft.connection, draft.id) is None
    assert roles(draft) == {"kemhan": "lead", "kemenperin": "supporting", "brin": "information"}


def test_nobody_finalises_a_draft_above_their_own_clearance(draft: Desk) -> None:
    content = {
        "title": "Industri", "priority": "normal", "classification": "secret", "cycle": "month",
    }  # fmt: skip
    step = draft.step(final_text="T", **content)
    step.by = "rina"
    draft.connection.execute(update(user).values(clearance="secret"))
    record_finalisation(step)
    assert draft.recommendation.classification == "secret"
    draft.connection.execute(update(user).values(clearance="restricted"))
    draft.change(status="finalise")
    with pytest.raises(Refusal) as refusal:
        record_finalisation(step)
    assert set(refusal.value.fields) == {"classification"}
