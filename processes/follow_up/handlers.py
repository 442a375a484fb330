"""What the human tasks of a follow-up record, and its service tasks.

Each handler finds the row that its instance owns and writes rows of that case only.
What a handler records is a fact with its time and author; where the token goes next is the
model's business. Raises `Refusal` with a sentence for each field that cannot be accepted.
"""

from __future__ import annotations

from datetime import date

from engine.handlers import Refusal, Step
from engine.words import say
from processes import evidence
from processes.common.own import own_follow_up, today_of, year_of
from processes.common.reading import Reading
from processes.rounds import SENT_BACK
from processes.storage import follow_up_rows
from processes.storage.facts import add, change
from processes.storage.follow_up import evaluation, exchange, plan, progress, report
from processes.vocabulary import CLASSIFICATIONS, REASONS, RESPONSES, URGENCIES, VERDICTS

AFTER_RESPONSE = {
    "accepted": "plan",
    "clarification": "clarification",
    "disagree": "disagreement",
}
AFTER_REVIEW = {"rejected": "plan", "changed": "acknowledge", "accepted": "decide"}
AFTER_VERDICT = {
    "conforms": "evaluate",
    "not_yet_conforms": "implement",
    "not_followed_up": "plan",
    "cannot_be_followed_up": "decide",
}


def record_acknowledgement(step: Step) -> None:
    """The institution confirms receipt, asks for clarification, or disagrees."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    response = form.choice("response", RESPONSES)
    contact = form.required("contact")
    received_on = form.day("received_on")
    explanation = form.text("explanation")
    if response != "accepted" and explanation is None:
        form.complain("explanation", say("Please explain what is unclear or why you disagree."))
    if received_on is not None and received_on > today_of(step.connection, step.now):
        form.complain("received_on", say("This date lies in the future."))
    form.finish()
    add(
        step.connection,
        exchange,
        follow_up_id=case.id,
        response=response,
        contact=contact,
        agenda_number=form.text("agenda_number"),
        received_on=received_on,
        explanation=explanation,
        at=step.now,
        by=step.by,
    )
    stage = AFTER_RESPONSE[response]
    follow_up_rows.set_stage(step.connection, case, stage, step.now, contact=contact)


def record_clarification_answer(step: Step) -> None:
    """The coordinator answers a request for clarification, with files if need be."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    answer = form.required("answer")
    files = form.uploads("attachments")
    form.finish()
    _reply(step, "clarification", reply=answer, result="answered")
    evidence.attach(step, case.id, files, field="attachments")
    follow_up_rows.set_stage(step.connection, case, "acknowledge", step.now)


def record_disagreement_review(step: Step) -> None:
    """The coordinator weighs a disagreement: rejected, text changed, or accepted."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    result = form.choice("review", tuple(AFTER_REVIEW))
    consideration = form.required("consideration")
    changed_text = form.text("changed_text")
    if result == "changed" and changed_text is None:
        form.complain("changed_text", say("Please write the changed text."))
    form.finish()
    _reply(step, "disagree", reply=consideration, result=result, changed_text=changed_text)
    follow_up_rows.set_stage(step.connection, case, AFTER_REVIEW[result], step.now)


def _reply(step: Step, response: str, **values: object) -> None:
    """Write the coordinator's reply beside what was asked; the newest open one is meant."""
    asked = follow_up_rows.open_exchange(step.connection, own_follow_up(step).id, response)
    if asked is None:
        raise Refusal(say("There is nothing to reply to in this follow-up."))
    change(step.connection, exchange, asked, replied_at=step.now, replied_by=step.by, **values)


def record_plan(step: Step) -> None:
    """The institution's action plan; a second one is its next version."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    unit = form.required("unit")
    rows = form.rows("activities")
    if not rows:
        form.complain("activities", say("Please write at least one activity."))
    activities = [(row.required("activity"), row) for row in rows]
    form.finish()
    version = follow_up_rows.next_plan_version(step.connection, case.id)
    for position, (activity, row) in enumerate(activities, start=1):
        add(
            step.connection,
            plan,
            follow_up_id=case.id,
            version=version,
            position=position,
            responsible_unit=unit,
            activity=activity,
            unit=row.text("unit"),
            target=row.text("target"),
            due=row.text("due"),
            at=step.now,
            by=step.by,
        )
    follow_up_rows.set_stage(step.connection, case, "implement", step.now)


def record_progress(step: Step) -> None:
    """What was done since the last time, and whether the work is finished."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    percent = form.whole("percent", 0, 100)
    narrative = form.required("narrative")
    done = form.yes("done")
    files = form.uploads("evidence")
    form.finish()
    progress_id = add(
        step.connection,
        progress,
        follow_up_id=case.id,
        round=case.round,
        percent=percent,
        narrative=narrative,
        obstacles=form.text("obstacles"),
        support_needed=form.text("support_needed"),
        done=done,
        at=step.now,
        by=step.by,
    )
    evidence.attach(step, case.id, files, field="evidence", progress_id=progress_id)
    stage = "report" if done else "implement"
    follow_up_rows.set_stage(
        step.connection,
        case,
        stage,
        step.now,
        # What an earlier round claimed of the whole is not claimed of this work.
        claimed_status=None,
        claimed_percent=percent,
        claimed_at=step.now,
    )


def record_report(step: Step) -> None:
    """The official written report: what counts is what is handed in here."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    claimed = form.choice("claimed_status", VERDICTS)
    letter_date = form.required_day("letter_date")
    if letter_date > today_of(step.connection, step.now):
        form.complain("letter_date", say("This date lies in the future."))
    files = form.uploads("evidence")
    values = {
        "letter_number": form.required("letter_number"),
        "letter_date": letter_date,
        "urgency": form.optional_choice("urgency", URGENCIES) or "ordinary",
        "classification": form.choice("classification", CLASSIFICATIONS),
        "subject": form.required("subject"),
        "signatory": form.required("signatory"),
        "summary": form.required("summary"),
        "claimed_status": claimed,
    }
    form.finish()
    report_id = add(
        step.connection,
        report,
        follow_up_id=case.id,
        round=case.round,
        at=step.now,
        by=step.by,
        **values,
    )
    evidence.attach(step, case.id, files, field="evidence", report_id=report_id)
    follow_up_rows.set_stage(
        step.connection,
        case,
        "evaluate",
        step.now,
        claimed_status=claimed,
        claimed_at=step.now,
    )


def receipt(step: Step) -> dict[str, object]:
    """Number the report handed in last. Returns {"receipt_number": "TT-2026-0041"}."""
    case = own_follow_up(step)
    handed_in = follow_up_rows.newest_report(step.connection, case.id)
    if handed_in is None:
        raise LookupError(f"no report of {case.id} to give a receipt for")
    year = year_of(step)
    number = f"TT-{year}-{step.number('receipt', year):04d}"
    change(step.connection, report, handed_in, receipt_number=number, receipt_at=step.now)
    return {"receipt_number": number}


def record_evaluation(step: Step) -> None:
    """The coordinator's verdict: the second key, with its own date."""
    case = own_follow_up(step)
    form = Reading(step.answers)
    verdict = form.choice("verdict", VERDICTS)
    notes = form.text("notes")
    rework = form.day("rework_deadline") if verdict == "not_yet_conforms" else None
    values = _grounds(form) if verdict == "cannot_be_followed_up" else {}
    if verdict != "conforms" and notes is None:
        form.complain("notes", say("Please write what the institution has to know."))
    if verdict == "not_yet_conforms":
        _check_rework(form, rework, today_of(step.connection, step.now))
    form.finish()
    add(
        step.connection,
        evaluation,
        follow_up_id=case.id,
        report_id=follow_up_rows.newest_report(step.connection, case.id),
        round=case.round,
        verdict=verdict,
        notes=notes,
        rework_deadline=rework,
        at=step.now,
        by=step.by,
        **values,
    )
    follow_up_rows.set_stage(
        step.connection,
        case,
        AFTER_VERDICT[verdict],
        step.now,
        verdict=verdict,
        verdict_at=step.now,
        rework_deadline=rework,
        round=case.round + (verdict in SENT_BACK),
    )


def _grounds(form: Reading) -> dict[str, object]:
    return {"reason": form.choice("reason", REASONS), "basis": form.required("basis")}


def _check_rework(form: Reading, rework: date | None, today: date) -> None:
    """Returned work needs a date of its own, or the returned task would be late at birth."""
    if rework is None:
        form.complain("rework_deadline", say("Please write by when the work must be corrected."))
    elif rework <= today:
        form.complain("rework_deadline", say("This date must lie in the future."))
