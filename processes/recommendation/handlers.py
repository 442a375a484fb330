"""The handlers of a recommendation's human tasks, from the comments on.

Each handler finds the row of its instance and writes rows of that case only. Raises `Refusal` with
a sentence for each field that cannot be accepted.
"""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from processes.ground.outcomes import Outcome, decided
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.numbers import Series, next_number
from processes.lifecycle.own_case import own_recommendation, today_of, year_of
from processes.register.states import DecisionKind, RecommendationDeed
from processes.register.vocabulary import OWING_ROLES, STANCES
from processes.storage.cases import (
    draft_rounds,
    follow_up_rows,
    recommendation_rows,
    withdrawal_rows,
)
from processes.storage.cases.follow_up_detail import Decision
from processes.storage.cases.recommendation_detail import (
    Comment,
    decisions,
)
from processes.storage.cases.recommendation_rows import Columns, Recommendation
from processes.storage.meetings import meeting_rows
from processes.storage.meetings.meeting_rows import Recorded
from processes.storage.people import institutions, users


def record_comment(step: Step) -> None:
    """One institution's comment on the draft; stored at once, because the round may end early."""
    case = own_recommendation(step)
    institution = _commenting(step, case)
    if institution is None:
        institution = str(step.data.get("institution") or "")
        raise Refusal(say("This draft was not sent to {code}.", code=institution))
    form = Answers(step.answers)
    stance = form.choice("stance", STANCES)
    notes = form.text("notes")
    if stance != "agree" and notes is None:
        form.complain("notes", say("Please write your notes."))
    form.finish()
    said = Comment(
        id=uuid7(),
        recommendation_id=case.id,
        round=case.round,
        institution=institution,
        stance=stance,
        notes=notes,
        proposed_change=form.text("proposed_change"),
        at=step.now,
        by=step.by,
    )
    draft_rounds.put_comment(step.connection, said)


def _commenting(step: Step, case: Recommendation) -> str | None:
    """The institution whose comment this is: the one that was asked, or its successor; None if the
    draft was sent to neither. A successor that has a comment of its own leaves the other beside
    it."""
    asked = str(step.data.get("institution") or "")
    addressed = recommendation_rows.institutions_of(step.connection, case.id)
    heir = institutions.heir(step.connection, asked, addressed)
    if heir not in addressed:
        return None
    said = heir != asked and draft_rounds.has_commented(step.connection, case, heir)
    return asked if said else heir


def record_approval(step: Step) -> None:
    """Whether the recommendation may be issued. A no needs its reason and sends it back."""
    case = own_recommendation(step)
    form = Answers(step.answers)
    approved = form.yes("approved")
    notes = form.text("notes")
    if not approved and notes is None:
        form.complain("notes", say("Please write what must be changed."))
    form.finish()
    decided = Decision(
        id=uuid7(),
        recommendation_id=case.id,
        kind=DecisionKind.ISSUE,
        approved=approved,
        reason=notes,
        at=step.now,
        by=step.by,
    )
    decisions.add(step.connection, decided)
    deed = RecommendationDeed.APPROVE if approved else RecommendationDeed.REFUSE
    recommendation_rows.move(step.connection, case, deed, step.now)


def record_sending(step: Step) -> None:
    """Letter data before sending; an institution without contacts must be accepted explicitly."""
    case = own_recommendation(step)
    form = Answers(step.answers)
    letter_date = form.required_day("letter_date")
    if letter_date > today_of(step.connection, step.now):
        form.complain("letter_date", say("This date lies in the future."))
    columns: Columns = {
        "letter_number": form.required("letter_number"),
        "letter_date": letter_date,
        "signatory": form.required("signatory"),
    }
    roles = recommendation_rows.institutions_of(step.connection, case.id)
    owing = {code for code, role in roles.items() if role in OWING_ROLES}
    without = users.institutions_without_contact(step.connection, owing, case.classification)
    unserved = sorted(institutions.short_names(step.connection, without).values())
    if unserved and not form.ticked("proceed_without_users"):
        form.complain(
            "proceed_without_users",
            say("Nobody would receive it at {names}. Tick to go on.", names=", ".join(unserved)),
        )
    form.finish()
    recommendation_rows.change(step.connection, case.id, step.now, **columns)


def record_meeting(step: Step) -> None:
    """The minutes that a drawing asks for in the case itself: a rakor over this recommendation
    alone, beside those of the process `rakor`. The shipped drawing does not ask any more; cases
    that began on a version before still do, and finish on it."""
    case = own_recommendation(step)
    form = Answers(step.answers)
    held_on = form.required_day("held_on")
    if held_on > today_of(step.connection, step.now):
        form.complain("held_on", say("This date lies in the future."))
    place, chair, minutes = form.text("place"), form.required("chair"), form.required("minutes")
    invitation, attendance = form.text("invitation"), form.text("attendance")
    form.finish()
    held = Recorded(
        number=next_number(step, Series.MEETING, year_of(step)),
        title=case.title,
        held_on=held_on,
        place=place,
        chair=chair,
        invitation=invitation,
        attendance=attendance,
        minutes=minutes,
        agreed_in_words=[
            {
                "item": row.text("item"),
                "responsible": row.text("responsible"),
                "due": row.day_or_text("due"),
            }
            for row in form.rows("agreements")
        ],
    )
    readers = {
        *recommendation_rows.institutions_of(step.connection, case.id),
        *(one.institution for one in follow_up_rows.of_recommendation(step.connection, case.id)),
    }
    meeting_rows.insert_recorded(step.connection, held, case.id, readers, step.by, step.now)


def record_withdrawal_proposal(step: Step) -> None:
    """Record a proposal to withdraw the recommendation, from any side. The step that takes the
    message records it."""
    case = own_recommendation(step)
    form = Answers(step.answers)
    reason = form.required("reason")
    form.finish()
    proposal = Decision(
        id=uuid7(),
        recommendation_id=case.id,
        kind=DecisionKind.WITHDRAWAL,
        proposed_reason=reason,
        proposed_at=step.now,
        proposed_by=step.by,
    )
    decisions.add(step.connection, proposal)


def record_withdrawal_decision(step: Step) -> Outcome:
    """Record whether the recommendation is withdrawn, and tell who proposed it; `withdraw_all` then
    notifies every institution."""
    case = own_recommendation(step)
    form = Answers(step.answers)
    approved, reason = form.yes("withdraw"), form.required("reason")
    letter_number = form.text("letter_number")
    form.finish()
    proposal = withdrawal_rows.pending(step.connection, case.id)
    if proposal is None:
        proposal = _proposal_of_message(step, case)
    proposer = withdrawal_rows.decide(
        step.connection,
        proposal,
        approved=approved,
        reason=reason,
        letter_number=letter_number,
        at=step.now,
        by=step.by,
    )
    word = "withdrawal_approved" if approved else "withdrawal_refused"
    return Outcome(told=decided(step, word, proposer, reason))


def _proposal_of_message(step: Step, case: Recommendation) -> UUID:
    """The proposal from the variables, for a version of the model that does not record it."""
    proposal = Decision(
        id=uuid7(),
        recommendation_id=case.id,
        kind=DecisionKind.WITHDRAWAL,
        proposed_reason=Answers(step.data).text("reason"),
    )
    decisions.add(step.connection, proposal)
    return proposal.id
