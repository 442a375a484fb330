"""Decisions of supervisors on a follow-up, and its end.

As in `processes.follow_up.handlers`, each handler writes only rows of the instance's own case.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from uuid_utils.compat import uuid7

from engine.ports.handlers import Step
from engine.sentences.sentence import say
from processes.follow_up.evaluators import refuse_unread
from processes.ground.outcomes import Outcome, Tiding, decided
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.owed_reports import let_off
from processes.lifecycle.own_case import own_follow_up, today_of
from processes.register.report_requests import NotDue
from processes.register.states import (
    DecisionKind,
    Deed,
    ExtensionDecision,
    Stage,
    VerdictKind,
)
from processes.register.verdicts import kind_of, of_kind
from processes.storage.cases import follow_up_rows, remaining_rows
from processes.storage.cases.follow_up_detail import (
    Decision,
    Extension,
    decisions,
    evaluations,
    exchanges,
    extensions,
)
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.meetings import agreement_rows
from processes.storage.notices import escalation_rows


def record_not_feasible_decision(step: Step) -> Outcome:
    """Record whether this follow-up may be closed as one that cannot be followed up. A no sends it
    back; of a yes, who proposed it is told."""
    case = own_follow_up(step)
    refuse_unread(step, case)
    form = Answers(step.answers)
    approved = form.yes("approved")
    consideration = form.required("consideration")
    form.finish()
    answer = Decision(
        id=uuid7(),
        recommendation_id=case.recommendation_id,
        follow_up_id=case.id,
        kind=DecisionKind.NOT_FEASIBLE,
        approved=approved,
        reason=consideration,
        at=step.now,
        by=step.by,
    )
    decisions.add(step.connection, answer)
    follow_up_rows.move(
        step.connection,
        case,
        Deed.APPROVE if approved else Deed.REFUSE,
        step.now,
        verdict=_impossible(case) if approved else None,
        verdict_at=step.now if approved else None,
    )
    if not approved:  # then who evaluates is asked again
        return Outcome()
    return Outcome(told=decided(step, "not_feasible_approved", _proposer(step, case)))


def _proposer(step: Step, case: FollowUp) -> str | None:
    """Who evaluated last, else who accepted the disagreement."""
    judged = evaluations(step.connection, case.id)
    if judged:
        return judged[-1].by
    answered = [one for one in exchanges(step.connection, case.id) if one.replied_by]
    return answered[-1].replied_by if answered else None


def _impossible(case: FollowUp) -> str:
    """The proposal; an accepted disagreement has no verdict."""
    proposed = case.verdict
    if proposed is not None and kind_of(proposed) is VerdictKind.IMPOSSIBLE:
        return proposed
    return of_kind(VerdictKind.IMPOSSIBLE)[0].value


def record_extension_request(step: Step) -> None:
    """Record the institution's request for a later deadline, from a page or a program. The step
    that takes the message records it, so that a request exists exactly if a decision opens."""
    case = own_follow_up(step)
    follow_up_rows.hold(step.connection, case.id)
    form = Answers(step.answers)
    deadline = form.required_day("deadline")
    reason = form.required("reason")
    _check_later(form, case, deadline, today_of(step.connection, step.now), field="deadline")
    form.finish()
    wish = Extension(
        id=uuid7(),
        follow_up_id=case.id,
        requested_deadline=deadline,
        reason=reason,
        letter_number=form.text("letter_number"),
        requested_at=step.now,
        requested_by=step.by,
    )
    extensions.add(step.connection, wish)


def record_extension_decision(step: Step) -> None:
    """Grant or deny a later deadline; `apply_deadline` applies it."""
    case = own_follow_up(step)
    follow_up_rows.hold(step.connection, case.id)
    form = Answers(step.answers)
    # Nothing chosen reads as a no, which asks for no date.
    answers = (ExtensionDecision.DENIED, ExtensionDecision.GRANTED)
    decision = form.choice("decision", answers)
    granted = decision is ExtensionDecision.GRANTED
    reason = form.required("reason")
    new_deadline = form.required_day("new_deadline") if granted else None
    if new_deadline is not None:
        _check_later(form, case, new_deadline, today_of(step.connection, step.now))
    form.finish()
    request = follow_up_rows.pending_extension(step.connection, case.id)
    if request is None:
        request = _request_of_message(step, case)
    follow_up_rows.decide_extension(
        step.connection,
        request,
        decision=decision,
        new_deadline=new_deadline,
        reason=reason,
        at=step.now,
        by=step.by,
    )


def current_deadline(case: FollowUp) -> date:
    """The date the institution works towards now, as pages show it and the model counts by it: that
    of returned work, else the follow-up's."""
    return case.rework_deadline or case.deadline


def _check_later(
    form: Answers, case: FollowUp, new: date, today: date, field: str = "new_deadline"
) -> None:
    if new <= today:
        form.complain(field, say("This date must lie in the future."))
    elif new <= current_deadline(case):
        form.complain(field, say("The new deadline must be later than the present one."))


def _request_of_message(step: Step, case: FollowUp) -> UUID:
    """The request as the variables still tell it, in a drawing that does not record it."""
    asked = Answers(step.data)
    wish = Extension(
        id=uuid7(),
        follow_up_id=case.id,
        requested_deadline=asked.day("deadline") or case.deadline,
        reason=asked.text("reason") or "",
        letter_number=asked.text("letter_number"),
        requested_at=step.now,
        requested_by=None,
    )
    extensions.add(step.connection, wish)
    return wish.id


def apply_deadline(step: Step) -> None:
    """Apply the deadline granted last, also to open tasks and their escalation."""
    case = own_follow_up(step)
    follow_up_rows.hold(step.connection, case.id)
    granted = follow_up_rows.granted_deadline(step.connection, case.id)
    if granted is None:
        return
    # The new date replaces a rework deadline as well: two dates for one task would conflict.
    follow_up_rows.change(
        step.connection, case.id, step.now, deadline=granted, rework_deadline=None
    )
    step.set_deadline(None, None)


def close_follow_up(step: Step) -> Outcome:
    """Close the follow-up; its verdict stands. Where its recommendation has ended before, the
    coordinator is told, for no meeting follows."""
    case = own_follow_up(step)
    _end(step, case, Deed.CLOSE, NotDue.CLOSED)
    if case.treatment is None:
        return Outcome()
    author = remaining_rows.evaluator(step.connection, case.recommendation_id)
    return Outcome(told=[Tiding("closed_late", author, "coordinator")])


def withdraw_follow_up(step: Step) -> Outcome:
    """End the follow-up, because it or its recommendation was withdrawn, or because it was carried
    over into the next recommendation: that is in its row since that one was issued. Of one that was
    left to finish the coordinator is told, as of each that closes late.

    Returns {"is_carried_over": which of the two}.
    """
    case = own_follow_up(step)
    if case.status is Stage.CARRIED_OVER:
        escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
        let_off(step, case, NotDue.CARRIED_OVER)
        return Outcome({"is_carried_over": True})
    _end(step, case, Deed.WITHDRAW, NotDue.WITHDRAWN)
    for one in agreement_rows.owed_for(step.connection, case.id):
        payload = {"reason": str(step.answers.get("reason") or "")}
        step.send("agreement_withdrawn", str(one.id), payload)
    told = _withdrawn_late(step, case)
    return Outcome({"is_carried_over": False}, told)


def _withdrawn_late(step: Step, case: FollowUp) -> list[Tiding]:
    """A withdrawal of this follow-up alone came after its recommendation had ended."""
    alone = any(
        one.kind is DecisionKind.WITHDRAWAL and one.approved
        for one in decisions(step.connection, case.id)
    )
    if case.treatment is None or not alone:
        return []
    author = remaining_rows.evaluator(step.connection, case.recommendation_id)
    return [Tiding("withdrawn_late", author, "coordinator")]


def _end(step: Step, case: FollowUp, deed: Deed, why: NotDue) -> None:
    follow_up_rows.move(step.connection, case, deed, step.now, closed_at=step.now)
    let_off(step, case, why)
    escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
