"""Changed institutions: who begins, who ends, who only gets a copy."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from processes.recommendation import recipients
from processes.recommendation.recipients import apply_recipients
from processes.storage.cases import follow_up_rows, recipients_change_rows, recommendation_rows
from processes.storage.tables.follow_ups import follow_up
from tests.processes.lifecycle.conftest import TOMORROW, ByHand, Desk
from tests.processes.recommendation.changing import decide, propose, roles, row


def applied(desk: Desk, *added: dict[str, Any], out: tuple[str, ...] = ()) -> ByHand:
    propose(desk, *added, out=out)
    decide(desk, "yes")
    step = desk.step()
    apply_recipients(step)
    return step


def test_who_is_added_begins_at_once_with_its_own_deadline(running: Desk) -> None:
    step = applied(running, row("tni", "lead"))
    parts = follow_up_rows.of_recommendation(running.connection, running.id)
    [new] = [one for one in parts if one.institution == "tni"]
    assert (new.status, new.role, new.deadline) == ("acknowledge", "lead", TOMORROW)
    assert step.started == [("follow_up", new.instance_id, str(new.id), {})]
    assert step.sent == [], "nobody is taken out, so nothing ends"
    assert roles(running)["tni"] == "lead"


def test_who_gets_a_copy_is_addressed_and_begins_nothing(running: Desk) -> None:
    step = applied(running, row("tni", "information", None))
    assert step.started == []
    assert roles(running)["tni"] == "information"
    assert len(follow_up_rows.of_recommendation(running.connection, running.id)) == 2


def test_who_had_a_copy_and_is_asked_to_work_has_the_new_role_alone(running: Desk) -> None:
    applied(running, row("brin"))
    assert roles(running) == {"kemhan": "lead", "brin": "supporting", "kemenperin": "supporting"}


def test_who_is_taken_out_hears_why_and_the_recommendation_counts_anew(running: Desk) -> None:
    step = applied(running, out=("kemenperin",))
    [left] = [
        one.id
        for one in follow_up_rows.of_recommendation(running.connection, running.id)
        if one.institution == "kemenperin"
    ]
    why = {"reason": "Tugasnya dialihkan.", "letter_number": "U-7"}
    assert step.sent == [
        ("recommendation_withdrawn", str(left), why),
        ("follow_up_closed", str(running.id), {"institution": "kemenperin"}),
    ]
    assert recommendation_rows.taken_out(running.connection, running.id) == {"kemenperin"}
    assert "kemenperin" not in roles(running)


def test_taking_a_copy_back_ends_no_work(running: Desk) -> None:
    step = applied(running, out=("brin",))
    assert step.sent == []
    assert roles(running) == {"kemhan": "lead", "kemenperin": "supporting"}


def test_who_ended_between_decision_and_change_is_sent_nothing(running: Desk) -> None:
    propose(running, out=("kemenperin",))
    decide(running, "yes")
    running.connection.execute(
        update(follow_up)
        .where(follow_up.c.institution == "kemenperin")
        .values(status="closed", verdict="conforms")
    )
    step = running.step()
    apply_recipients(step)
    assert [message for message, *_ in step.sent] == ["follow_up_closed"]


def test_nothing_is_applied_that_nobody_has_approved(running: Desk) -> None:
    propose(running, row("tni"))
    with pytest.raises(LookupError, match="no approved change"):
        apply_recipients(running.step())
    decide(running, "no", reason="Tidak.")
    with pytest.raises(LookupError, match="no approved change"):
        apply_recipients(running.step())
    assert "tni" not in roles(running)


def test_of_several_changes_the_one_approved_last_is_applied(running: Desk) -> None:
    applied(running, row("tni"))
    step = applied(running, row("polri"))
    assert len(step.started) == 1
    found = recipients_change_rows.approved_last(running.connection, running.id)
    assert found is not None
    assert [one.institution for one in recipients.begun(found)] == ["polri"]
    assert recipients.copied(found) == []


def test_an_institution_knows_by_which_letter_it_came_and_went(running: Desk) -> None:
    applied(running, row("tni"))
    propose(running, out=("tni",))
    of = recipients_change_rows.of_institution
    joined, left = of(running.connection, running.id, "tni")
    assert joined is not None and left is None, "a proposal alone takes nobody out"
    decide(running, "yes")
    joined, left = of(running.connection, running.id, "tni")
    assert joined is not None and left is not None and joined.id < left.id
    assert of(running.connection, running.id, "kemhan") == (None, None)
