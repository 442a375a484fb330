"""The end of a recommendation: its overall evaluation, and what happens to what is still open.

Each open follow-up is carried over into the next recommendation, withdrawn, or left to finish; the
coordinator proposes that with a reason for each, the supervisor decides. As in
`processes.recommendation.handlers`: rows of the instance's own case only, and of its follow-ups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from uuid_utils.compat import uuid7

from engine.ports.handlers import Step
from engine.sentences.sentence import say
from processes.ground.outcomes import Outcome, Tiding
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import own_recommendation, today_of
from processes.recommendation import services
from processes.register.states import DecisionKind, OverallDecision, RecommendationDeed, Treatment
from processes.storage.cases import follow_up_rows, recommendation_rows, remaining_rows
from processes.storage.cases.follow_up_detail import Decision, Remaining, decisions, treatments
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_detail import OverallEvaluation, evaluations
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.cases.remaining_rows import WITHDRAWAL
from processes.storage.people import institutions

ROWS = "remaining"
"""The rows of the form: one for each follow-up that is still open."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the evaluation proposes for one follow-up."""

    follow_up_id: UUID
    treatment: Treatment
    reason: str


def record_overall_evaluation(step: Step) -> dict[str, object]:
    """Close the recommendation, watch until a new date, or draft the next one.

    Returns {"remaining_open": whether it would end over open follow-ups, which the supervisor then
    decides upon, "drafts_next": whether another recommendation follows}.
    """
    case = own_recommendation(step)
    form = Answers(step.answers)
    concluded = _concluded(step, form, case)
    still_open = remaining_rows.running(step.connection, case.id)
    proposals: Sequence[Proposal] = ()
    if concluded.new_deadline is not None:
        today = today_of(step.connection, step.now)
        _check_watching(form, concluded.new_deadline, today, still_open)
    elif still_open:
        proposals = _proposed(step, form, concluded.decision, still_open)
    form.finish()
    evaluations.add(step.connection, concluded)
    _keep(step, concluded, proposals)
    if concluded.new_deadline is not None:
        _watch(step, case, concluded.new_deadline)
    return {
        "remaining_open": bool(proposals),
        "drafts_next": concluded.decision is OverallDecision.NEXT,
    }


def _concluded(step: Step, form: Answers, case: Recommendation) -> OverallEvaluation:
    chosen = form.choice("decision", tuple(OverallDecision))
    monitors = chosen is OverallDecision.MONITOR
    return OverallEvaluation(
        id=uuid7(),
        recommendation_id=case.id,
        conclusion=form.required("conclusion"),
        achievement=form.required("achievement"),
        obstacles=form.text("obstacles"),
        decision=chosen,
        new_deadline=form.required_day("new_deadline") if monitors else None,
        remaining_treatment=form.text("remaining_treatment"),
        at=step.now,
        by=step.by,
    )


def _watch(step: Step, case: Recommendation, until: date) -> None:
    """From here on every open follow-up counts, whatever the rule was before: by that rule the
    recommendation is already complete, and watching would end at once."""
    deed = RecommendationDeed.MONITOR
    recommendation_rows.move(
        step.connection, case, deed, step.now, deadline=until, rollup_rule="all"
    )


def _check_watching(
    form: Answers, new_deadline: date, today: date, still_open: Sequence[FollowUp]
) -> None:
    if not still_open:
        form.complain("decision", say("Every follow-up is closed; nothing is left to watch."))
    if new_deadline <= today:
        form.complain("new_deadline", say("This date must lie in the future."))


def _proposed(
    step: Step, form: Answers, chosen: OverallDecision, still_open: Sequence[FollowUp]
) -> list[Proposal]:
    """A row for each open follow-up. A form of a former version asks for one text instead: then all
    of them are left to finish, and that text is why."""
    why = form.text("remaining_treatment")
    if why is not None and ROWS not in step.answers:
        return [Proposal(row.id, Treatment.LEFT_TO_FINISH, why) for row in still_open]
    of = {row.institution: row for row in still_open}
    deaf = remaining_rows.deaf(step.connection, still_open)
    found: dict[UUID, Proposal] = {}
    for row in form.rows(ROWS):
        code = row.required("institution")
        treatment = row.choice("treatment", tuple(Treatment))
        proposal = Proposal(
            of[code].id if code in of else UUID(int=0), treatment, row.required("reason")
        )
        _check_row(row, chosen, proposal, deaf, found)
        if code in of:  # else it was closed while the form was open
            found.setdefault(of[code].id, proposal)
    missing = [code for code, row in of.items() if row.id not in found]
    if missing:
        _complain_of_missing(step, form, missing)
    return list(found.values())


def _check_row(
    row: Answers,
    chosen: OverallDecision,
    proposal: Proposal,
    deaf: set[UUID],
    before: Mapping[UUID, Proposal],
) -> None:
    if proposal.follow_up_id in before:
        row.complain("institution", say("This institution has a row already."))
    if proposal.treatment is Treatment.CARRIED_OVER and chosen is not OverallDecision.NEXT:
        row.complain("treatment", say("Nothing is carried over without a next recommendation."))
    if proposal.treatment is not Treatment.LEFT_TO_FINISH and proposal.follow_up_id in deaf:
        row.complain(
            "treatment",
            say("The process of this follow-up cannot be ended from outside; leave it to finish."),
        )


def _complain_of_missing(step: Step, form: Answers, codes: Sequence[str]) -> None:
    names = ", ".join(sorted(institutions.short_names(step.connection, codes).values()))
    sentence = say("Still open: {names}. Please write what happens to each.", names=names)
    form.complain(ROWS, sentence)
    if ROWS not in step.answers:  # a form of a former version shows no such rows
        form.complain("decision", sentence)
        form.complain("remaining_treatment", sentence)


def _keep(step: Step, of: OverallEvaluation, proposals: Sequence[Proposal]) -> None:
    rows = [
        Remaining(
            id=uuid7(),
            recommendation_id=of.recommendation_id,
            evaluation_id=of.id,
            follow_up_id=one.follow_up_id,
            treatment=one.treatment,
            reason=one.reason,
            at=of.at,
            by=of.by,
        )
        for one in proposals
    ]
    treatments.add(step.connection, *rows)


def record_remaining_decision(step: Step) -> None:
    """Whether the recommendation may end as its evaluation says. A no needs its reason and sends it
    back; a yes is refused where an open follow-up has no row."""
    case = own_recommendation(step)
    form = Answers(step.answers)
    approved = form.yes("remaining_approved")
    notes = form.text("notes")
    if not approved and notes is None:
        form.complain("notes", say("Please write what must be changed."))
    if approved:
        _check_complete(step, case, form)
    form.finish()
    decided = Decision(
        id=uuid7(),
        recommendation_id=case.id,
        kind=DecisionKind.REMAINING,
        approved=approved,
        reason=notes,
        at=step.now,
        by=step.by,
    )
    decisions.add(step.connection, decided)
    if approved:
        remaining_rows.approve(step.connection, case.id, step.now)


def _check_complete(step: Step, case: Recommendation, form: Answers) -> None:
    has_row = {one.follow_up_id for one in remaining_rows.proposed(step.connection, case.id)}
    running = remaining_rows.running(step.connection, case.id)
    missing = [row.institution for row in running if row.id not in has_row]
    if missing:
        names = ", ".join(sorted(institutions.short_names(step.connection, missing).values()))
        form.complain(
            "remaining_approved",
            say("Nothing is said of {names}, still open. Send the evaluation back.", names=names),
        )


def settle_remaining(step: Step) -> Outcome:
    """Do what the supervisor agreed to: those withdrawn get the message, those carried over are
    only marked, for they go on until the next recommendation is issued."""
    case = own_recommendation(step)
    running = {row.id: row for row in remaining_rows.running(step.connection, case.id)}
    agreed = [
        one
        for one in remaining_rows.proposed(step.connection, case.id)
        if one.approved_at is not None and one.follow_up_id in running
    ]
    deaf = remaining_rows.deaf(step.connection, list(running.values()))
    successor = remaining_rows.successor(step.connection, case.id)
    told: list[Tiding] = []
    for one in agreed:
        told += _settle(step, one, one.follow_up_id in deaf, successor)
    return Outcome(told=told)


def _settle(step: Step, one: Remaining, deaf: bool, successor: UUID | None) -> list[Tiding]:
    into = successor if one.treatment is Treatment.CARRIED_OVER else None
    possible = _possible(one.treatment, deaf, into)
    treatment = one.treatment if possible else Treatment.LEFT_TO_FINISH
    follow_up_rows.change(
        step.connection, one.follow_up_id, step.now, treatment=treatment,
        successor_id=into if possible else None,
    )  # fmt: skip
    if treatment is Treatment.WITHDRAWN:
        payload = {"kind": treatment.value, "reason": one.reason, "letter_number": ""}
        step.send(WITHDRAWAL, str(one.follow_up_id), payload)
    if possible:
        return []
    decider = remaining_rows.decider(step.connection, one.recommendation_id)
    carries = one.treatment is Treatment.CARRIED_OVER
    word = "not_carried_over" if carries else "not_withdrawn"
    return [Tiding(word, decider, "supervisor", one.follow_up_id)]


def _possible(treatment: Treatment, deaf: bool, into: UUID | None) -> bool:
    """Whether the drawings at hand let it happen: the follow-up hears the message, and there is a
    next recommendation."""
    if treatment is Treatment.LEFT_TO_FINISH:
        return True
    return not deaf and (into is not None or treatment is Treatment.WITHDRAWN)


def close_recommendation(step: Step) -> Outcome:
    """Close the recommendation. An open follow-up of which nobody has decided anything, in a
    drawing without that decision, is left to finish, and the supervisors are told."""
    case = own_recommendation(step)
    unasked = [
        row for row in remaining_rows.running(step.connection, case.id) if row.treatment is None
    ]
    for row in unasked:
        follow_up_rows.change(step.connection, row.id, step.now, treatment=Treatment.LEFT_TO_FINISH)
    told = [Tiding("closed_over_open", None, "supervisor")] if unasked else []
    return Outcome(told=[*told, *services.end(step, RecommendationDeed.CLOSE)])
