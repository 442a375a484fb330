"""How a row of a case is changed: what a late hand is told, and which answer counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal
from processes.register.states import Deed, RecommendationDeed, Response
from processes.storage import search
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.cases.follow_up_detail import Exchange, Extension, exchanges, extensions
from processes.storage.tables.follow_ups import extension
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk, part_of

LATER = NOW + timedelta(hours=1)


# --- moving -------------------------------------------------------------------------------------


def test_an_act_that_leaves_the_stage_leaves_its_beginning_too(part: Desk) -> None:
    part.change(status="implement", status_since=NOW)
    follow_up_rows.move(part.connection, part.follow_up, Deed.PROGRESS, LATER, claimed_percent=10)
    case = part.follow_up
    assert (case.status, case.status_since, case.claimed_percent) == ("implement", NOW, 10)
    follow_up_rows.move(part.connection, case, Deed.FINISH, LATER)
    assert (part.follow_up.status, part.follow_up.status_since) == ("report", LATER)


def test_who_comes_late_to_a_case_that_has_ended_is_told_so_and_changes_nothing(
    part: Desk,
) -> None:
    """The step has read the case before it was carried over beside it."""
    read = part.follow_up
    part.change(status="carried_over", closed_at=NOW)
    ended = part.follow_up
    with pytest.raises(Refusal, match="Nothing more can be recorded"):
        follow_up_rows.move(part.connection, read, Deed.PLAN, LATER, verdict="conforms")
    assert part.follow_up == ended


def test_who_comes_late_to_a_case_that_moved_on_opens_it_again(part: Desk) -> None:
    read = part.follow_up
    part.change(status="implement")
    moved = part.follow_up
    with pytest.raises(Refusal, match="has just moved on"):
        follow_up_rows.move(part.connection, read, Deed.PLAN, LATER)
    assert part.follow_up == moved


def test_a_case_that_is_not_there_moves_nowhere(part: Desk) -> None:
    nobody = replace(part.follow_up, id=UUID(int=7))
    with pytest.raises(Refusal):
        follow_up_rows.move(part.connection, nobody, Deed.PLAN, LATER)


@pytest.mark.parametrize("status", ["closed", "withdrawn", "carried_over"])
def test_what_has_ended_is_not_held(status: str, part: Desk) -> None:
    follow_up_rows.hold(part.connection, part.id)
    part.change(status=status)
    with pytest.raises(Refusal, match="Nothing more can be recorded"):
        follow_up_rows.hold(part.connection, part.id)


@pytest.mark.parametrize("status", ["closed", "withdrawn"])
def test_a_recommendation_that_has_ended_moves_no_more(status: str, whole: Desk) -> None:
    whole.change(status=status)
    for deed in RecommendationDeed:
        with pytest.raises(Refusal):
            recommendation_rows.move(whole.connection, whole.recommendation, deed, LATER, title="X")
    assert whole.recommendation.title != "X"


# --- which answer counts ------------------------------------------------------------------------


def ask(desk: Desk, response: Response, **more: Any) -> UUID:
    said = Exchange(
        id=uuid7(), follow_up_id=desk.id, response=response, contact="Rina", agenda_number=None,
        received_on=None, explanation="E", at=NOW, by="rina", **more,
    )  # fmt: skip
    exchanges.add(desk.connection, said)
    return said.id


def test_the_newest_question_without_an_answer_is_answered(part: Desk) -> None:
    asked = follow_up_rows.open_exchange
    assert asked(part.connection, part.id, Response.CLARIFICATION) is None
    ask(part, Response.CLARIFICATION)
    newest = ask(part, Response.CLARIFICATION)
    ask(part, Response.CLARIFICATION, replied_at=NOW)
    disagreed = ask(part, Response.DISAGREE)
    assert asked(part.connection, part.id, Response.CLARIFICATION) == newest
    assert asked(part.connection, part.id, Response.DISAGREE) == disagreed
    assert asked(part.connection, part.id, Response.ACCEPTED) is None


def wish(desk: Desk, new: date | None, decision: Any = "granted", hours: int = 0) -> UUID:
    made = Extension(
        id=uuid7(), follow_up_id=desk.id, requested_deadline=date(2027, 1, 1), reason="R",
        letter_number=None, requested_at=NOW, requested_by="rina", decision=decision,
        new_deadline=new, decided_at=NOW + timedelta(hours=hours) if decision else None,
    )  # fmt: skip
    extensions.add(desk.connection, made)
    return made.id


def test_the_deadline_granted_last_holds_in_whatever_order_it_was_asked(part: Desk) -> None:
    assert follow_up_rows.granted_deadline(part.connection, part.id) is None
    wish(part, date(2027, 3, 1), hours=5)
    wish(part, date(2027, 2, 1), hours=1)
    wish(part, None, "denied", hours=9)
    wish(part, None, None)
    assert follow_up_rows.granted_deadline(part.connection, part.id) == date(2027, 3, 1)


def test_a_request_waits_until_it_is_decided(part: Desk) -> None:
    wish(part, date(2027, 3, 1))
    assert follow_up_rows.pending_extension(part.connection, part.id) is None
    waiting = wish(part, None, None)
    assert follow_up_rows.pending_extension(part.connection, part.id) == waiting
    follow_up_rows.decide_extension(
        part.connection, waiting, decision="denied",  # type: ignore[arg-type]
        new_deadline=None, reason="Tidak.", at=LATER, by="asdep",
    )  # fmt: skip
    assert follow_up_rows.pending_extension(part.connection, part.id) is None
    row = next(one for one in part.rows(extension) if one["id"] == waiting)
    assert (row["decision_reason"], row["decided_by"]) == ("Tidak.", "asdep")


def test_the_open_ones_of_a_recommendation_are_those_that_have_not_ended(whole: Desk) -> None:
    opened = [part_of(whole, "tni"), part_of(whole, "polri", status="decide")]
    for code, status in (("brin", "closed"), ("kemhan", "withdrawn"), ("kemenkeu", "carried_over")):
        part_of(whole, code, status=status)
    assert follow_up_rows.open_ids(whole.connection, whole.id) == opened


def test_follow_ups_stand_leads_first_and_then_by_institution(whole: Desk) -> None:
    for code, role in (("tni", "supporting"), ("kemhan", "lead"), ("brin", "supporting")):
        part_of(whole, code, role=role)
    parts = follow_up_rows.of_recommendation(whole.connection, whole.id)
    assert [one.institution for one in parts] == ["kemhan", "brin", "tni"]


# --- addressees ---------------------------------------------------------------------------------


def roles(desk: Desk) -> list[tuple[str, str]]:
    found = recommendation_rows.addressed(desk.connection, desk.id)
    return [(one.code, one.role) for one in found]


def test_addressees_stand_by_their_role_and_then_by_code(whole: Desk) -> None:
    new: Any = {"tni": "information", "polri": "lead", "brin": "supporting", "kemhan": "lead"}
    recommendation_rows.replace_institutions(whole.connection, whole.id, new)
    assert roles(whole) == [
        ("kemhan", "lead"), ("polri", "lead"), ("brin", "supporting"), ("tni", "information"),
    ]  # fmt: skip


def test_a_draft_addressed_to_nobody_has_no_addressees(whole: Desk) -> None:
    recommendation_rows.replace_institutions(whole.connection, whole.id, {})
    assert roles(whole) == []


def test_who_is_taken_out_is_no_addressee_and_may_come_back(whole: Desk) -> None:
    recommendation_rows.take_out(whole.connection, whole.id, ["kemenperin"], NOW)
    assert roles(whole) == [("kemhan", "lead"), ("brin", "information")]
    assert recommendation_rows.taken_out(whole.connection, whole.id) == {"kemenperin"}
    recommendation_rows.add_institutions(whole.connection, whole.id, {"kemenperin": "information"})
    assert ("kemenperin", "information") in roles(whole)
    assert recommendation_rows.taken_out(whole.connection, whole.id) == set()


def test_addressees_of_others_are_left_alone(whole: Desk) -> None:
    other = next(row["id"] for row in whole.rows(recommendation) if row["id"] != whole.id)
    before = recommendation_rows.institutions_of(whole.connection, other)
    recommendation_rows.take_out(whole.connection, whole.id, ["kemenkeu"], NOW)
    recommendation_rows.replace_institutions(whole.connection, whole.id, {"tni": "lead"})
    assert recommendation_rows.institutions_of(whole.connection, other) == before != {}


# --- drafts -------------------------------------------------------------------------------------


def test_a_draft_begun_twice_under_one_id_is_begun_once(whole: Desk) -> None:
    id, first, second = uuid7(), uuid7(), uuid7()
    for instance_id, by in ((first, "ani"), (second, "budi")):
        recommendation_rows.insert_draft_once(whole.connection, id, instance_id, by, NOW)
    found = recommendation_rows.find(whole.connection, id)
    assert found is not None and (found.instance_id, found.created_by) == (first, "ani")
    assert (found.status, found.title, found.number) == ("draft", "", None)
    assert recommendation_rows.instance_of(whole.connection, id) == first
    assert recommendation_rows.instance_of(whole.connection, uuid7()) is None


def found_by(desk: Desk, words: str) -> bool:
    clause = search.recommendations(recommendation.c.id, words)
    rows = desk.connection.execute(recommendation.select().where(clause))
    return desk.id in {row.id for row in rows}


def test_a_case_is_found_by_its_new_words_and_no_longer_by_the_old_ones(whole: Desk) -> None:
    recommendation_rows.change(whole.connection, whole.id, NOW, title="Neraca gas", number="REK-7")
    assert found_by(whole, "neraca") and found_by(whole, "rek-7")
    recommendation_rows.change(whole.connection, whole.id, LATER, title="Peta jalan")
    assert found_by(whole, "peta jal") and found_by(whole, "REK-7")
    assert not found_by(whole, "neraca")
    recommendation_rows.change(whole.connection, whole.id, LATER, legal_basis="Perpres")
    assert not found_by(whole, "perpres"), "only number, title and letter are searched"
