"""The service tasks of a recommendation: sending it out, counting, compiling, ending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from processes.composition import topics
from processes.days.calendars import calendar_of, common_calendar
from processes.notices.notify import Notifier
from processes.notices.texts import letters
from processes.notices.texts.letters import Notice, Stationery
from processes.recommendation import closing, handlers, services
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.people import institutions
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.notices import escalation
from processes.storage.tables.recommendations import compilation
from tests.processes.lifecycle.conftest import NOW, TODAY, YESTERDAY, Desk, part_of
from web.addresses import ADDRESSES

DEADLINE = date(2026, 12, 1)


# --- issuing ------------------------------------------------------------------------------------


def test_each_institution_that_owes_one_gets_a_follow_up_with_its_process(whole: Desk) -> None:
    whole.change(deadline_kind="date", deadline=DEADLINE)
    step = whole.step()
    assert services.issue(step).variables == {"issued": 2}
    parts = follow_up_rows.of_recommendation(whole.connection, whole.id)
    assert {row.institution: row.role for row in parts} == {
        "kemhan": "lead", "kemenperin": "supporting",
    }  # fmt: skip
    for row in parts:
        assert (row.status, row.round, row.deadline, row.kind) == ("acknowledge", 1, DEADLINE, None)
        assert row.status_since == row.issued_at == NOW
        rest = (row.contact, row.claimed_status, row.claimed_percent, row.claimed_at)
        assert rest == (None,) * 4
        assert (row.verdict, row.verdict_at, row.rework_deadline, row.closed_at) == (None,) * 4
    assert {(key, id, business_key) for key, id, business_key, _ in step.started} == {
        ("follow_up", row.instance_id, str(row.id)) for row in parts
    }
    assert all(data == {} for *_, data in step.started)
    case = whole.recommendation
    assert (case.status, case.deadline) == ("issued", DEADLINE)
    assert (case.issued_at, case.issued_by) == (NOW, "ani")


def test_issuing_again_leaves_who_has_a_follow_up_alone_and_keeps_the_first_day(
    whole: Desk,
) -> None:
    first = NOW - timedelta(days=3)
    whole.change(issued_at=first, issued_by="budi", deadline_kind="date", deadline=DEADLINE)
    had = part_of(whole, "kemhan")
    step = whole.step()
    assert services.issue(step).variables == {"issued": 1}
    parts = {
        r.institution: r.id for r in follow_up_rows.of_recommendation(whole.connection, whole.id)
    }
    assert parts.keys() == {"kemhan", "kemenperin"} and parts["kemhan"] == had
    assert len(step.started) == 1
    case = whole.recommendation
    assert (case.issued_at, case.issued_by) == (first, "budi")
    again = whole.step()
    assert (services.issue(again).variables, again.started) == ({"issued": 0}, [])


def test_issuing_again_sends_no_copy_for_information_again(whole: Desk) -> None:
    whole.change(deadline_kind="date", deadline=DEADLINE)
    paper = Stationery("https://tindak.example", ADDRESSES, demo=False)
    issue = topics(Notifier(paper, lambda _: str, "tindak.example"))["issue"].handler
    first, again = whole.step(), whole.step()
    issue(first)
    issue(again)
    assert first.announced == [Notice(letters.copied, "brin")]
    assert again.announced == []


def deadlines(whole: Desk) -> tuple[date | None, dict[str, date]]:
    services.issue(whole.step())
    parts = follow_up_rows.of_recommendation(whole.connection, whole.id)
    return whole.recommendation.deadline, {row.institution: row.deadline for row in parts}


def test_days_begin_to_run_on_the_day_of_issue_for_all_alike(whole: Desk) -> None:
    whole.change(deadline_kind="days", deadline_days=10, deadline=YESTERDAY)
    day = TODAY + timedelta(days=10)
    assert deadlines(whole) == (day, {"kemhan": day, "kemenperin": day})


def test_working_days_are_those_of_each_institution(whole: Desk) -> None:
    """The forces set their own: here they work on a day that is free for the others."""
    from processes.storage.days import calendars
    from processes.storage.days.calendars import NamedDay

    free = next(d for d in (TODAY + timedelta(days=n) for n in range(1, 9)) if d.weekday() < 5)
    taken_back = NamedDay(free, "x", "working", "K")
    holiday = NamedDay(free, "x", "holiday", "K")
    calendars.put_day(whole.connection, "tni", taken_back, "ani", NOW)
    calendars.put_day(whole.connection, "common", holiday, "ani", NOW)
    whole.change(deadline_kind="working_days", deadline_days=10, deadline=YESTERDAY)
    recommendation_rows.replace_institutions(
        whole.connection, whole.id, {"kemhan": "lead", "tni": "supporting"}
    )
    overall, each = deadlines(whole)
    assert overall == common_calendar(whole.connection).add(TODAY, 10)
    assert each == {
        code: calendar_of(whole.connection, code).add(TODAY, 10) for code in ("kemhan", "tni")
    }
    assert each["tni"] < each["kemhan"] == overall


def test_a_deadline_that_runs_already_is_not_counted_anew(whole: Desk) -> None:
    whole.change(deadline_kind="days", deadline_days=10, deadline=DEADLINE, issued_at=NOW)
    assert deadlines(whole) == (DEADLINE, {"kemhan": DEADLINE, "kemenperin": DEADLINE})


def test_without_any_deadline_what_is_issued_is_due_today(whole: Desk) -> None:
    assert deadlines(whole) == (None, {"kemhan": TODAY, "kemenperin": TODAY})


# --- counting -----------------------------------------------------------------------------------


def counted(whole: Desk, *parts: tuple[str, str, str]) -> Any:
    for institution, role, status in parts:
        part_of(whole, institution, role=role, status=status)
    [(name, answer)] = services.count_closed(whole.step()).items()
    assert name == "rollup_input"
    return answer


@pytest.mark.parametrize(
    ("parts", "lead", "percent", "everybody"),
    [
        ([("kemhan", "lead", "plan"), ("tni", "supporting", "closed")], False, 50, False),
        ([("kemhan", "lead", "closed"), ("tni", "supporting", "plan")], True, 50, False),
        (
            [("kemhan", "lead", "closed"), ("tni", "lead", "plan"), ("brin", "supporting", "plan")],
            False, 33, False,
        ),
        ([("kemhan", "lead", "withdrawn"), ("tni", "supporting", "closed")], True, 100, True),
        ([("kemhan", "lead", "evaluate")], False, 0, False),
        ([("kemhan", "lead", "plan"), ("tni", "supporting", "withdrawn")], False, 0, False),
        ([("kemhan", "lead", "withdrawn"), ("tni", "supporting", "plan")], False, 0, False),
    ],
)  # fmt: skip
def test_what_is_closed_is_counted_in_the_register_and_what_was_taken_out_is_not(
    parts: list[tuple[str, str, str]], lead: bool, percent: int, everybody: bool, whole: Desk
) -> None:
    answer = counted(whole, *parts)
    assert (answer["lead_closed"], answer["closed_percent"]) == (lead, percent)
    assert answer["all_closed"] is everybody


def test_who_is_being_taken_out_counts_no_more_though_its_follow_up_has_not_ended(
    whole: Desk,
) -> None:
    parts = (("kemhan", "lead", "closed"), ("kemenperin", "supporting", "plan"))
    assert counted(whole, *parts)["all_closed"] is False
    recommendation_rows.take_out(whole.connection, whole.id, ["kemenperin"], NOW)
    answer = counted(whole)
    assert (answer["all_closed"], answer["closed_percent"]) == (True, 100)
    recommendation_rows.take_out(whole.connection, whole.id, ["kemhan"], NOW)
    assert counted(whole)["closed_percent"] == 0, "nobody is left who could have finished"


def test_the_rule_comes_with_its_share_which_is_all_unless_it_says_otherwise(whole: Desk) -> None:
    whole.change(rollup_rule="percent", rollup_percent=60)
    answer = counted(whole)
    assert (answer["rule"], answer["percent"], answer["closed_percent"]) == ("percent", 60, 0)
    whole.change(rollup_rule="all", rollup_percent=None)
    assert counted(whole)["percent"] == 100


# --- compiling ----------------------------------------------------------------------------------


def test_the_matrix_is_kept_as_it_stands_with_the_working_days_late(whole: Desk) -> None:
    late = part_of(whole, "kemhan", deadline=common_calendar(whole.connection).add(TODAY, -3))
    part_of(whole, "tni", deadline=TODAY)
    services.compile_matrix(whole.step())
    row = whole.row(compilation)
    assert (row["recommendation_id"], row["at"]) == (whole.id, NOW)
    kept = {one["institution"]: one for one in row["matrix"]}
    assert {code: one["overdue"] for code, one in kept.items()} == {"kemhan": 3, "tni": 0}
    assert kept["kemhan"]["id"] == str(late)


# --- the next one -------------------------------------------------------------------------------


def test_the_next_recommendation_takes_over_what_was_said_and_who_is_not_done(
    whole: Desk,
) -> None:
    whole.change(
        title="Percepat", text="Rancangan", final_text="Teks akhir", expected_outcome="Naik",
        legal_basis="Perpres", rpjmn_reference="PN 2", priority="high", classification="secret",
        cycle="quarter", rollup_rule="percent", rollup_percent=60, deadline=DEADLINE,
    )  # fmt: skip
    part_of(whole, "kemhan", status="closed", verdict="conforms", role="lead")
    part_of(whole, "tni", status="closed", verdict="cannot_be_followed_up", role="lead")
    part_of(whole, "polri", status="withdrawn")
    part_of(whole, "kemenperin", status="plan", verdict="conforms")
    part_of(whole, "brin", status="plan")
    rows = [
        {"institution": "kemenperin", "treatment": "carried_over", "reason": "Lanjut."},
        {"institution": "brin", "treatment": "left_to_finish", "reason": "Hampir selesai."},
    ]
    closing.record_overall_evaluation(
        whole.step(decision="next", conclusion="C", achievement="A", remaining=rows)
    )
    closing.record_remaining_decision(whole.step(remaining_approved="yes"))
    step = whole.step()
    answer = services.draft_next(step)
    [(key, instance_id, business_key, data)] = step.started
    assert answer == {"next_recommendation": business_key}
    assert (key, data) == ("recommendation", {})
    drafted = recommendation_rows.find(whole.connection, UUID(business_key))
    assert drafted is not None
    same = (
        "title", "expected_outcome", "legal_basis", "rpjmn_reference", "priority",
        "classification", "cycle", "rollup_rule", "rollup_percent",
    )  # fmt: skip
    case = whole.recommendation
    assert [getattr(drafted, name) for name in same] == [getattr(case, name) for name in same]
    assert (drafted.text, drafted.final_text, drafted.deadline) == ("Teks akhir", None, None)
    assert (drafted.predecessor_id, drafted.instance_id) == (whole.id, instance_id)
    assert (drafted.status, drafted.number, drafted.created_by) == ("draft", None, "ani")
    assert recommendation_rows.institutions_of(whole.connection, drafted.id) == {
        "tni": "lead", "kemenperin": "supporting", "polri": "supporting",
    }  # fmt: skip


def test_who_was_taken_out_is_not_asked_again_and_who_ended_is_asked_as_its_successor(
    whole: Desk,
) -> None:
    part_of(whole, "kemhan", status="closed", verdict="cannot_be_followed_up", role="lead")
    part_of(whole, "kemenperin", status="withdrawn")
    part_of(whole, "tni", status="withdrawn")
    recommendation_rows.take_out(whole.connection, whole.id, ["kemenperin"], NOW)
    ended = {"valid_to": TODAY, "successor_code": "polri"}
    institutions.change(whole.connection, "kemhan", ended)
    institutions.change(whole.connection, "tni", ended)
    id = UUID(str(services.draft_next(whole.step())["next_recommendation"]))
    assert recommendation_rows.institutions_of(whole.connection, id) == {"polri": "lead"}


def test_without_a_final_text_the_next_one_begins_with_the_draft(whole: Desk) -> None:
    whole.change(text="Rancangan", final_text=None)
    id = services.draft_next(whole.step())["next_recommendation"]
    drafted = recommendation_rows.find(whole.connection, UUID(str(id)))
    assert drafted is not None and drafted.text == "Rancangan"


# --- ending -------------------------------------------------------------------------------------


def escalated(whole: Desk, instance_id: UUID) -> None:
    values = {
        "id": uuid7(), "recommendation_id": whole.id, "instance_id": instance_id,
        "task_id": uuid7(), "element_id": "e", "element_name": "E", "level": 1, "level_name": "L",
        "overdue": 1, "fired": NOW, "late_seconds": 0, "holder": "h", "told": [],
        "no_recipient": False,
    }  # fmt: skip
    whole.connection.execute(insert(escalation).values(values))


def test_a_closed_recommendation_says_when_and_nothing_of_it_stays_escalated(whole: Desk) -> None:
    escalated(whole, whole.instance_id)
    escalated(whole, uuid7())
    step = whole.step()
    closing.close_recommendation(step)
    case = whole.recommendation
    assert (case.status, case.closed_at, step.sent) == ("closed", NOW, [])
    ours, others = whole.rows(escalation)
    assert (ours["ended_at"], others["ended_at"]) == (NOW, None)


def test_a_withdrawn_recommendation_tells_each_open_follow_up_why(whole: Desk) -> None:
    opened = {part_of(whole, "kemhan"), part_of(whole, "tni", status="evaluate")}
    part_of(whole, "polri", status="closed")
    handlers.record_withdrawal_decision(
        whole.step(withdraw="yes", reason="Usang.", letter_number="C-1")
    )
    step = whole.step()
    services.withdraw_all(step)
    payload = {"kind": "withdrawn", "reason": "Usang.", "letter_number": "C-1"}
    assert sorted(step.sent, key=lambda one: one[1]) == [
        ("recommendation_withdrawn", key, payload) for key in sorted(map(str, opened))
    ]
    case = whole.recommendation
    assert (case.status, case.closed_at) == ("withdrawn", NOW)
    states = {r.status for r in follow_up_rows.of_recommendation(whole.connection, whole.id)}
    assert "withdrawn" not in states, "each ends itself when it hears of it"


def test_nobody_else_is_touched(whole: Desk) -> None:
    """The recommendation that stands beside it stays as it was."""
    whole.connection.execute(update(follow_up).values(status="plan"))
    before = whole.rows(recommendation_rows.recommendation)[0]
    closing.close_recommendation(whole.step())
    assert whole.rows(recommendation_rows.recommendation)[0] == before
