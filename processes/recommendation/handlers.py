"""What the human tasks of a recommendation record, from the comments on.

Each handler finds the row that its instance owns and writes rows of that case only.
Raises `Refusal` with a sentence for each field that cannot be accepted.
"""

from __future__ import annotations

from datetime import date

from engine.handlers import Refusal, Step
from engine.words import say
from processes.common.own import own_recommendation, today_of
from processes.common.reading import Reading
from processes.storage import follow_up_rows, institutions, recommendation_rows, users
from processes.storage.facts import add, change, newest
from processes.storage.register import decision, meeting, overall_evaluation
from processes.vocabulary import OVERALL_DECISIONS, OWING_ROLES, STANCES


def record_comment(step: Step) -> None:
    """What one institution says about the draft; kept at once, for the round may be cut short."""
    case = own_recommendation(step)
    institution = str(step.data.get("institution") or "")
    if institution not in recommendation_rows.institutions_of(step.connection, case.id):
        raise Refusal(say("This draft was not sent to {code}.", code=institution))
    form = Reading(step.answers)
    stance = form.choice("stance", STANCES)
    notes = form.text("notes")
    if stance != "agree" and notes is None:
        form.complain("notes", say("Please write your notes."))
    form.finish()
    values = {
        "stance": stance,
        "notes": notes,
        "proposed_change": form.text("proposed_change"),
        "at": step.now,
        "by": step.by,
    }
    recommendation_rows.upsert_comment(step.connection, case.id, institution, values)


def record_finalisation(step: Step) -> None:
    """The final text, and an answer to every comment that asked for something."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    final_text = form.required("final_text")
    answers = [
        (row.required("institution"), row.yes("accepted"), row.text("reason"))
        for row in form.rows("responses")
    ]
    asked = recommendation_rows.unsatisfied(step.connection, case.id)
    missing = sorted(asked - {institution for institution, _, _ in answers})
    if missing:
        form.complain(
            "responses", say("Please answer the comments of {codes}.", codes=", ".join(missing))
        )
    form.finish()
    recommendation_rows.answer_comments(step.connection, case.id, answers, step.by, step.now)
    recommendation_rows.set_columns(
        step.connection, case.id, final_text=final_text, status="approve"
    )


def record_approval(step: Step) -> None:
    """May the recommendation go out? A no needs its reason and sends it back."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    approved = form.yes("approved")
    notes = form.text("notes")
    if not approved and notes is None:
        form.complain("notes", say("Please write what must be changed."))
    form.finish()
    add(
        step.connection,
        decision,
        recommendation_id=case.id,
        kind="issue",
        approved=approved,
        reason=notes,
        at=step.now,
        by=step.by,
    )
    status = "send_out" if approved else "finalise"
    recommendation_rows.set_columns(step.connection, case.id, status=status)


def record_sending(step: Step) -> None:
    """Letter data of what is about to go out; an institution nobody serves must be accepted."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    letter_date = form.required_day("letter_date")
    if letter_date > today_of(step.connection, step.now):
        form.complain("letter_date", say("This date lies in the future."))
    values = {
        "letter_number": form.required("letter_number"),
        "letter_date": letter_date,
        "signatory": form.required("signatory"),
    }
    roles = recommendation_rows.institutions_of(step.connection, case.id)
    owing = {code for code, role in roles.items() if role in OWING_ROLES}
    without = users.institutions_without_contact(step.connection, owing)
    unserved = sorted(institutions.short_names(step.connection, without).values())
    if unserved and not form.ticked("proceed_without_users"):
        form.complain(
            "proceed_without_users",
            say("Nobody would receive it at {names}. Tick to go on.", names=", ".join(unserved)),
        )
    form.finish()
    recommendation_rows.set_columns(step.connection, case.id, **values)


def record_meeting(step: Step) -> None:
    """Minutes and agreements of the coordination meeting."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    held_on = form.required_day("held_on")
    if held_on > today_of(step.connection, step.now):
        form.complain("held_on", say("This date lies in the future."))
    values = {
        "held_on": held_on,
        "place": form.text("place"),
        "invitation": form.text("invitation"),
        "chair": form.required("chair"),
        "minutes": form.required("minutes"),
        "attendance": form.text("attendance"),
        "agreements": [
            {key: row.text(key) for key in ("item", "responsible", "due")}
            for row in form.rows("agreements")
        ],
    }
    form.finish()
    add(step.connection, meeting, recommendation_id=case.id, at=step.now, by=step.by, **values)
    recommendation_rows.set_columns(step.connection, case.id, status="evaluate")


def record_overall_evaluation(step: Step) -> None:
    """Close, watch on until a new date, or draft the next recommendation."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    chosen = form.choice("decision", OVERALL_DECISIONS)
    new_deadline = form.required_day("new_deadline") if chosen == "monitor" else None
    treatment = form.text("remaining_treatment")
    values = {
        "conclusion": form.required("conclusion"),
        "achievement": form.required("achievement"),
        "obstacles": form.text("obstacles"),
    }
    still_open = bool(follow_up_rows.open_ids(step.connection, case.id))
    if new_deadline is not None:
        _check_watching(form, new_deadline, today_of(step.connection, step.now), still_open)
    if chosen == "close" and still_open and treatment is None:
        form.complain(
            "remaining_treatment",
            say("Some follow-ups are still open. Please write what happens to them."),
        )
    form.finish()
    add(
        step.connection,
        overall_evaluation,
        recommendation_id=case.id,
        decision=chosen,
        new_deadline=new_deadline,
        remaining_treatment=treatment,
        at=step.now,
        by=step.by,
        **values,
    )
    if new_deadline is not None:
        # From here on everybody still open is waited for, whatever the rule said before: under it
        # the recommendation counts as complete already, and watching would end at once.
        recommendation_rows.set_columns(
            step.connection, case.id, deadline=new_deadline, status="issued", rollup_rule="all"
        )


def _check_watching(form: Reading, new_deadline: date, today: date, still_open: bool) -> None:
    if not still_open:
        form.complain("decision", say("Every follow-up is closed; nothing is left to watch."))
    if new_deadline <= today:
        form.complain("new_deadline", say("This date must lie in the future."))


def record_withdrawal_proposal(step: Step) -> None:
    """Somebody proposes to take the recommendation back: recorded in the step that takes the
    message in, from whichever side it came."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    reason = form.required("reason")
    form.finish()
    add(
        step.connection,
        decision,
        recommendation_id=case.id,
        kind="withdrawal",
        proposed_reason=reason,
        proposed_at=step.now,
        proposed_by=step.by,
    )


def record_withdrawal_decision(step: Step) -> None:
    """Is the recommendation taken back? `withdraw_all` then tells every institution."""
    case = own_recommendation(step)
    form = Reading(step.answers)
    values = {
        "approved": form.yes("withdraw"),
        "reason": form.required("reason"),
        "letter_number": form.text("letter_number"),
        "at": step.now,
        "by": step.by,
    }
    form.finish()
    proposal = newest(
        step.connection,
        decision,
        decision.c.recommendation_id,
        case.id,
        kind="withdrawal",
        approved=None,
    )
    if proposal is not None:
        change(step.connection, decision, proposal, **values)
        return
    proposed = Reading(step.data).text("reason")
    add(
        step.connection,
        decision,
        recommendation_id=case.id,
        kind="withdrawal",
        proposed_reason=proposed,
        **values,
    )
