"""Every change of a case leaves a dated row, so that any past moment can be asked for."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import true
from uuid_utils.compat import uuid7

from processes.follow_up import decisions, handlers
from processes.recommendation import services
from processes.register.states import (
    MOVES,
    RECOMMENDATION_MOVES,
    FollowUpAct,
    Move,
    RecommendationDeed,
    RecommendationState,
    Stage,
    VerdictKind,
)
from processes.register.verdicts import VERDICTS, Verdict
from processes.storage.cases import follow_up_rows, past, recommendation_rows
from tests.processes.lifecycle.conftest import NOW, TODAY, Desk

ROOT = Path(__file__).parents[3]
HOUR = timedelta(hours=1)
LATER = date(2026, 12, 31)


def at(part: Desk, hours: int, handler: object, **answers: object) -> None:
    """A step some hours from now."""
    step = part.step(**answers)
    step.now = NOW + hours * HOUR
    handler(step)  # type: ignore[operator]


def then(part: Desk, moment: datetime) -> past.FollowUpThen | None:
    found = past.follow_ups_as_of(part.connection, moment, true())
    return next((one for one in found if one.follow_up_id == part.id), None)


PLAN = {"unit": "Ditjen", "activities": [{"activity": "Peta jalan"}]}
REPORT = {
    "letter_number": "B/1", "letter_date": str(TODAY), "classification": "ordinary",
    "subject": "Laporan", "signatory": "Sekjen", "summary": "Naik.", "claimed_status": "conforms",
}  # fmt: skip
RETURNED = {"verdict": "not_yet_conforms", "notes": "Kurang.", "rework_deadline": str(LATER)}


def worked(part: Desk) -> None:
    """A follow-up on its way, an hour for each step."""
    at(part, 1, handlers.record_acknowledgement, response="accepted", contact="Rina")
    at(part, 2, handlers.record_plan, **PLAN)
    at(part, 3, handlers.record_progress, percent=40, narrative="Maju.", done="no")
    at(part, 4, handlers.record_progress, percent=100, narrative="Selesai.", done="yes")
    at(part, 5, handlers.record_report, **REPORT)
    at(part, 6, handlers.record_evaluation, **RETURNED)
    at(part, 7, decisions.close_follow_up)


def test_any_past_moment_of_a_follow_up_can_be_asked_for(part: Desk) -> None:
    worked(part)
    stages = [one.status if (one := then(part, NOW + n * HOUR)) else None for n in range(9)]
    assert stages == [
        None, Stage.PLAN, Stage.IMPLEMENT, Stage.IMPLEMENT, Stage.REPORT, Stage.EVALUATE,
        Stage.IMPLEMENT, Stage.CLOSED, Stage.CLOSED,
    ]  # fmt: skip
    between = then(part, NOW + 3.5 * HOUR)
    assert between is not None
    assert (between.claimed_percent, between.claimed_status, between.round) == (40, None, 1)
    returned = then(part, NOW + 6 * HOUR)
    assert returned is not None
    assert (returned.round, returned.verdict) == (2, "not_yet_conforms")
    assert (returned.rework_deadline, returned.institution) == (LATER, "kemhan")


def test_dated_rows_follow_each_other_without_a_gap_and_the_last_one_is_open(part: Desk) -> None:
    worked(part)
    rows = past.follow_up_then(part.connection, part.id)
    assert [one.valid_from for one in rows] == [NOW + n * HOUR for n in range(1, 8)]
    assert [one.valid_to for one in rows] == [*(one.valid_from for one in rows[1:]), None]


def test_a_moved_deadline_is_dated_and_a_change_of_nothing_is_not(part: Desk) -> None:
    follow_up_rows.change(part.connection, part.id, NOW, deadline=LATER)
    follow_up_rows.change(part.connection, part.id, NOW + HOUR, deadline=LATER)
    follow_up_rows.change(part.connection, part.id, NOW + 2 * HOUR, kind="other")
    rows = past.follow_up_then(part.connection, part.id)
    assert [(one.deadline, one.kind) for one in rows] == [(LATER, None), (LATER, "other")]


@pytest.mark.parametrize("later", [timedelta(0), -HOUR])
def test_what_changes_twice_in_a_moment_stood_as_in_the_end(later: timedelta, part: Desk) -> None:
    follow_up_rows.change(part.connection, part.id, NOW, deadline=LATER)
    follow_up_rows.change(part.connection, part.id, NOW + later, kind="other")
    [only] = past.follow_up_then(part.connection, part.id)
    assert (only.valid_from, only.valid_to, only.deadline) == (NOW, None, LATER)
    assert only.kind == "other"


def test_a_follow_up_is_dated_from_its_issue_and_its_recommendation_with_it(whole: Desk) -> None:
    whole.change(deadline_kind="date", deadline=LATER)
    services.issue(whole.step())
    found = past.follow_ups_as_of(whole.connection, NOW, true())
    mine = [one for one in found if one.recommendation_id == whole.id]
    assert {(one.institution, one.status) for one in mine} == {
        ("kemhan", Stage.ACKNOWLEDGE), ("kemenperin", Stage.ACKNOWLEDGE),
    }  # fmt: skip
    step = whole.step()
    step.now = NOW + HOUR
    services.compile_matrix(step)
    rows = past.recommendation_then(whole.connection, whole.id)
    assert [(one.status, one.deadline) for one in rows] == [
        (RecommendationState.ISSUED, LATER), (RecommendationState.EVALUATE, LATER),
    ]  # fmt: skip
    [then_it_was] = past.recommendations_as_of(whole.connection, NOW, true())
    assert then_it_was.status is RecommendationState.ISSUED


def test_a_draft_is_dated_from_its_beginning_once(whole: Desk) -> None:
    id, instance = uuid7(), uuid7()
    for hours in (0, 1):
        now = NOW + hours * HOUR
        recommendation_rows.insert_draft_once(whole.connection, id, instance, "ani", now)
    [draft] = past.recommendation_then(whole.connection, id)
    assert (draft.status, draft.valid_from) == (RecommendationState.DRAFT, NOW)


def name_of(move: Move[Any, Any]) -> str:
    return f"{type(move.act).__name__}.{move.act.name}"


@pytest.mark.parametrize("move", MOVES, ids=name_of)
def test_every_move_of_a_follow_up_leaves_a_dated_row(
    move: Move[Stage, FollowUpAct], part: Desk
) -> None:
    for day, origin in enumerate(move.origins):
        before = NOW + timedelta(days=day)
        part.change(status=origin)
        past.note_follow_up(part.connection, part.id, before)
        follow_up_rows.move(part.connection, part.follow_up, move.act, before + HOUR)
        rows = past.follow_up_then(part.connection, part.id)
        assert (rows[-1].status, rows[-1].valid_to) == (move.to, None)
        asked = [then(part, moment) for moment in (before, before + HOUR)]
        assert [one and one.status for one in asked] == [origin, move.to]


@pytest.mark.parametrize("move", RECOMMENDATION_MOVES, ids=name_of)
def test_every_move_of_a_recommendation_leaves_a_dated_row(
    move: Move[RecommendationState, RecommendationDeed], whole: Desk
) -> None:
    for day, origin in enumerate(move.origins):
        before = NOW + timedelta(days=day)
        whole.change(status=origin)
        past.note_recommendation(whole.connection, whole.id, before)
        recommendation_rows.move(whole.connection, whole.recommendation, move.act, before + HOUR)
        rows = past.recommendation_then(whole.connection, whole.id)
        assert (rows[-1].status, rows[-1].valid_to) == (move.to, None)
        asked = [
            one.status
            for moment in (before, before + HOUR)
            for one in past.recommendations_as_of(whole.connection, moment, true())
            if one.recommendation_id == whole.id
        ]
        assert asked == [origin, move.to]


WRITES = re.compile(
    r"\b(?:insert|update)(?:_once)?\(\s*(?:connection,\s*)?(follow_up|recommendation)\b"
)


def test_no_door_goes_round_the_dated_rows() -> None:
    """A case's own row is written by the functions that date it, and by nothing else."""
    writing = {
        file.name
        for wing in ("processes", "web")
        for file in (ROOT / wing).rglob("*.py")
        if "migrations" not in file.parts and WRITES.search(file.read_text("utf-8"))
    }
    assert writing == {"follow_up_rows.py", "recommendation_rows.py"}


def test_a_further_verdict_of_a_known_kind_is_recorded_without_a_line_of_code(
    part: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = VERDICTS["not_yet_conforms"]
    partly = Verdict("partly", VerdictKind.RETURNED, known.name, known.mailed, known.in_timeline)
    monkeypatch.setitem(VERDICTS, "partly", partly)  # type: ignore[arg-type]
    assert part.refused(handlers.record_evaluation, verdict="partly") == {
        "notes", "rework_deadline",
    }  # fmt: skip
    handlers.record_evaluation(part.step(**{**RETURNED, "verdict": "partly"}))
    case = part.follow_up
    assert (case.status, case.verdict, case.round) == (Stage.IMPLEMENT, "partly", 2)
    assert case.rework_deadline == LATER
