"""The service tasks of a recommendation: sending it out, counting, compiling, ending.

As in `processes.recommendation.handlers`: rows of the instance's own case only. `issue` and
`draft_next` also insert the rows of the cases they create, under ids made beforehand; what `issue`
does to the follow-ups of the recommendation before is `processes.recommendation.carrying`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from uuid_utils.compat import uuid7

from engine.ports.handlers import Step
from engine.time.calendar import Calendar
from processes.days.calendars import calendar_of, calendars_of
from processes.ground.outcomes import Outcome, Tiding
from processes.lifecycle.own_case import own_recommendation, today_of
from processes.recommendation import carrying
from processes.recommendation.drafting import deadline_from
from processes.register.groups import LET_OFF
from processes.register.rollup import Part, rollup
from processes.register.states import RecommendationDeed, Stage, Treatment
from processes.register.vocabulary import OWING_ROLES, InstitutionRole, OwingRole
from processes.storage.cases import (
    follow_up_rows,
    recipients_change_rows,
    recommendation_rows,
    remaining_rows,
    withdrawal_rows,
)
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.lists import matrix_rows
from processes.storage.cases.recommendation_detail import Compilation, compilations
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.cases.remaining_rows import WITHDRAWAL
from processes.storage.notices import escalation_rows
from processes.storage.people import institutions


def issue(step: Step) -> Outcome:
    """One follow-up, with its process, for each institution that owes one.

    A deadline in days now begins to run, by the calendar of each institution. An institution that
    already has its follow-up keeps it. What the recommendation before has still open with an
    institution ends here (`carrying`). Returns {"issued": number of started follow-ups}.
    """
    case = own_recommendation(step)
    roles = recommendation_rows.institutions_of(step.connection, case.id)
    had = {row.institution for row in follow_up_rows.of_recommendation(step.connection, case.id)}
    today = today_of(step.connection, step.now)
    overall = _overall_deadline(step, case, today)
    owing = {code for code, role in roles.items() if role in OWING_ROLES}
    before = carrying.before(step, case, owing)
    new = [
        Begun(code, role, _own_deadline(step, case, code) or overall or today)
        for code, role in roles.items()
        if role in OWING_ROLES and code not in had and code not in before.done
    ]
    carrying.carry_over(step, case, before, begin_follow_ups(step, case, new))
    recommendation_rows.move(
        step.connection,
        case,
        RecommendationDeed.ISSUE,
        step.now,
        deadline=overall,
        issued_at=case.issued_at or step.now,
        issued_by=case.issued_by or step.by,
    )
    return Outcome({"issued": len(new)}, before.told)


def _overall_deadline(step: Step, case: Recommendation, today: date) -> date | None:
    if case.deadline_kind == "date" or case.deadline_days is None or case.issued_at is not None:
        return case.deadline
    return deadline_from(step, str(case.deadline_kind), case.deadline_days, today)


def _own_deadline(step: Step, case: Recommendation, code: str) -> date | None:
    """The institution's own deadline, in its working days; None: the common deadline holds."""
    if case.deadline_kind != "working_days" or case.deadline_days is None:
        return None
    calendar = calendar_of(step.connection, code)
    return calendar.add(calendar.today(step.now), case.deadline_days)


@dataclass(frozen=True, slots=True)
class Begun:
    """A follow-up that begins."""

    institution: str
    role: OwingRole
    deadline: date

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Begun:
        """What the register keeps of it before it begins."""
        role: OwingRole = "lead" if row["role"] == "lead" else "supporting"
        return cls(row["institution"], role, date.fromisoformat(row["deadline"]))


def begin_follow_ups(step: Step, case: Recommendation, begun: Sequence[Begun]) -> list[FollowUp]:
    """Insert these follow-ups, and start the process of each; return them."""
    new = [_new_follow_up(step, case, one) for one in begun]
    follow_up_rows.insert_all(step.connection, new)
    for row in new:
        step.start("follow_up", row.instance_id, str(row.id), {})
    return new


def _new_follow_up(step: Step, case: Recommendation, begun: Begun) -> FollowUp:
    return FollowUp(
        id=uuid7(),
        recommendation_id=case.id,
        institution=begun.institution,
        role=begun.role,
        instance_id=uuid7(),
        kind=None,
        status=Stage.ACKNOWLEDGE,
        status_since=step.now,
        round=1,
        deadline=begun.deadline,
        rework_deadline=None,
        contact=None,
        claimed_status=None,
        claimed_percent=None,
        claimed_at=None,
        verdict=None,
        verdict_at=None,
        issued_at=step.now,
        closed_at=None,
    )


def count_closed(step: Step) -> dict[str, object]:
    """Count the closed follow-ups in the register, not in messages: a message only says that
    something changed.

    Returns the input of the decision table `rollup`: {"rollup_input": {"rule", "percent",
    "lead_closed", "closed_percent", "all_closed"}}; `percent` is the share the rule asks for, both
    percentages are whole numbers from 0 to 100. An institution that was taken out counts neither as
    closed nor as one that could be; without a lead that is left all institutions decide.
    """
    case = own_recommendation(step)
    parts = follow_up_rows.of_recommendation(step.connection, case.id)
    # One that is being taken out is told by message, and may not have ended yet.
    left = recommendation_rows.taken_out(step.connection, case.id)
    asked = (row for row in parts if row.institution not in left)
    told = rollup(
        case.rollup_rule,
        case.rollup_percent,
        [Part(row.institution, row.role, row.group) for row in asked],
    )
    return {
        "rollup_input": {
            "rule": told.rule,
            "percent": told.percent,
            "lead_closed": told.lead_closed,
            "closed_percent": told.closed_percent,
            "all_closed": not told.open,
        }
    }


def compile_matrix(step: Step) -> None:
    """Store the present matrix, as material for the overall evaluation, which begins here."""
    case = own_recommendation(step)
    cells = matrix_rows.of_recommendation(step.connection, case.id)
    calendars = calendars_of(step.connection, {cell.institution for cell in cells})
    rows = [
        cell.snapshot(_overdue(cell.deadline, calendars[cell.institution], step.now))
        for cell in cells
    ]
    kept = Compilation(id=uuid7(), recommendation_id=case.id, matrix=rows, at=step.now)
    compilations.add(step.connection, kept)
    recommendation_rows.move(step.connection, case, RecommendationDeed.COMPILE, step.now)


def _overdue(deadline: date, calendar: Calendar, now: datetime) -> int:
    return calendar.timing(calendar.end_of(deadline), now).overdue


def draft_next(step: Step) -> dict[str, object]:
    """Draft the next recommendation, linked to this one and filled with its open items.

    Returns {"next_recommendation": its id as text}.
    """
    case = own_recommendation(step)
    id, instance_id = uuid7(), uuid7()
    recommendation_rows.insert_draft(
        step.connection,
        id,
        instance_id,
        # Who evaluated drafts it; the step may be that of the supervisor who agreed.
        remaining_rows.evaluator(step.connection, case.id) or step.by,
        step.now,
        predecessor_id=case.id,
        title=case.title,
        text=case.final_text or case.text,
        expected_outcome=case.expected_outcome,
        legal_basis=case.legal_basis,
        rpjmn_reference=case.rpjmn_reference,
        priority=case.priority,
        classification=case.classification,
        cycle=case.cycle,
        rollup_rule=case.rollup_rule,
        rollup_percent=case.rollup_percent,
    )
    recommendation_rows.replace_institutions(step.connection, id, _still_concerned(step, case))
    step.start("recommendation", instance_id, str(id), {})
    return {"next_recommendation": str(id)}


def _still_concerned(step: Step, case: Recommendation) -> dict[str, InstitutionRole]:
    """Institution -> role of those that are not done. Who still works on it is asked again only if
    the supervisor has agreed that it is carried over: else it would be owed under two letters. Who
    was taken out by letter is not asked again; an institution that ended is asked as its
    successor."""
    carried = {
        one.follow_up_id
        for one in remaining_rows.proposed(step.connection, case.id)
        if one.approved_at is not None and one.treatment is Treatment.CARRIED_OVER
    }
    left = recommendation_rows.taken_out(step.connection, case.id)
    asked = {
        row.institution: row.role
        for row in follow_up_rows.of_recommendation(step.connection, case.id)
        if row.id in carried or (row.group in LET_OFF and row.institution not in left)
    }
    return _as_successors(step, asked)


def _as_successors(step: Step, roles: Mapping[str, InstitutionRole]) -> dict[str, InstitutionRole]:
    """The same roles, in the hands of those that go on. Who leads for one of two leads for both."""
    found: dict[str, InstitutionRole] = {}
    going_on = institutions.going_on(step.connection)
    for code, role in roles.items():  # leads come first
        found.setdefault(institutions.heir(step.connection, code, going_on), role)
    return found


def withdraw_all(step: Step) -> Outcome:
    """Withdraw the recommendation: every open follow-up gets the message and ends itself. What was
    to be carried over into it is left to finish."""
    case = own_recommendation(step)
    withdrawal = withdrawal_rows.of(step.connection, case.id)
    for id in follow_up_rows.open_ids(step.connection, case.id):
        step.send(WITHDRAWAL, str(id), {"kind": "withdrawn", **withdrawal})
    told = carrying.released(step, remaining_rows.coming(step.connection, case.id))
    return Outcome(told=[*told, *end(step, RecommendationDeed.WITHDRAW)])


def end(step: Step, deed: RecommendationDeed) -> list[Tiding]:
    """Record that the recommendation has ended. What was proposed and is not decided lapses; who
    proposed it is told."""
    case = own_recommendation(step)
    recommendation_rows.move(step.connection, case, deed, step.now, closed_at=step.now)
    escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
    return [*_withdrawal_lapses(step, case), *_change_lapses(step, case)]


def _withdrawal_lapses(step: Step, case: Recommendation) -> list[Tiding]:
    pending = withdrawal_rows.pending(step.connection, case.id)
    if pending is None:
        return []
    by = withdrawal_rows.lapse(step.connection, pending, step.now)
    return [Tiding("withdrawal_lapsed", by, "coordinator")]


def _change_lapses(step: Step, case: Recommendation) -> list[Tiding]:
    pending = recipients_change_rows.pending(step.connection, case.id)
    if pending is None:
        return []
    recipients_change_rows.lapse(step.connection, pending.id, step.now)
    return [Tiding("change_lapsed", pending.proposed_by, "coordinator")]
