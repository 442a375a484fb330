"""The handlers of a follow-up's human tasks and service tasks.

Each handler finds the row of its instance and writes rows of that case only. It records a fact with
time and author; the model decides where the token goes next. Raises `Refusal` with a sentence for
each field that cannot be accepted.
"""

from __future__ import annotations

from datetime import date

from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from processes.files import evidence
from processes.follow_up import plans
from processes.follow_up.evaluators import check_classification, chosen, refuse_unread
from processes.follow_up.releasing import move_on
from processes.lifecycle import releasing
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.numbers import Series, next_number
from processes.lifecycle.owed_reports import let_off
from processes.lifecycle.own_case import own_follow_up, today_of, year_of
from processes.register.report_requests import NotDue
from processes.register.states import REVIEWS, Deed, Reply, Response, VerdictKind
from processes.register.verdicts import VERDICTS
from processes.register.vocabulary import CLASSIFICATIONS, REASONS, URGENCIES
from processes.storage.cases import follow_up_rows, report_rows
from processes.storage.cases.follow_up_detail import (
    Evaluation,
    Exchange,
    Progress,
    evaluations,
    exchanges,
    progress,
)
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.tables.reports import Report


def record_acknowledgement(step: Step) -> None:
    """The institution confirms receipt, asks for clarification, or disagrees."""
    case = own_follow_up(step)
    form = Answers(step.answers)
    response = form.choice("response", tuple(Response))
    contact = form.required("contact")
    received_on = form.day("received_on")
    explanation = form.text("explanation")
    if response is not Response.ACCEPTED and explanation is None:
        form.complain("explanation", say("Please explain what is unclear or why you disagree."))
    if received_on is not None and received_on > today_of(step.connection, step.now):
        form.complain("received_on", say("This date lies in the future."))
    form.finish()
    said = Exchange(
        id=uuid7(),
        follow_up_id=case.id,
        response=response,
        contact=contact,
        agenda_number=form.text("agenda_number"),
        received_on=received_on,
        explanation=explanation,
        at=step.now,
        by=step.by,
    )
    exchanges.add(step.connection, said)
    follow_up_rows.move(step.connection, case, response, step.now, contact=contact)


def record_clarification_answer(step: Step) -> None:
    """The coordinator answers a request for clarification, with files if needed."""
    case = own_follow_up(step)
    form = Answers(step.answers)
    answer = form.required("answer")
    files = form.uploads("attachments")
    form.finish()
    _reply(step, case, Response.CLARIFICATION, answer, Reply.ANSWERED)
    evidence.attach(step, case.id, files, field="attachments")
    follow_up_rows.move(step.connection, case, Reply.ANSWERED, step.now)


def record_disagreement_review(step: Step) -> None:
    """The coordinator decides on a disagreement: rejected, text changed, or accepted."""
    case = own_follow_up(step)
    form = Answers(step.answers)
    result = form.choice("review", REVIEWS)
    consideration = form.required("consideration")
    changed_text = form.text("changed_text")
    if result is Reply.CHANGED and changed_text is None:
        form.complain("changed_text", say("Please write the changed text."))
    form.finish()
    _reply(step, case, Response.DISAGREE, consideration, result, changed_text)
    follow_up_rows.move(step.connection, case, result, step.now)


def _reply(
    step: Step,
    case: FollowUp,
    response: Response,
    text: str,
    result: Reply,
    changed_text: str | None = None,
) -> None:
    """Write the coordinator's reply to the newest open response."""
    asked = follow_up_rows.open_exchange(step.connection, case.id, response)
    if asked is None:
        raise Refusal(say("There is nothing to reply to in this follow-up."))
    follow_up_rows.reply(
        step.connection,
        asked,
        reply=text,
        result=result,
        changed_text=changed_text,
        at=step.now,
        by=step.by,
    )


def record_plan(step: Step) -> None:
    """The institution's action plan; a second plan is its next version."""
    case = own_follow_up(step)
    plans.write(step.connection, case.id, Answers(step.answers), step.now, step.by)
    follow_up_rows.move(step.connection, case, Deed.PLAN, step.now)


def record_progress(step: Step) -> None:
    """The work since the last report, and whether it is finished."""
    case = own_follow_up(step)
    form = Answers(step.answers)
    percent = form.whole("percent", 0, 100)
    narrative = form.required("narrative")
    done = form.yes("done")
    files = form.uploads("evidence")
    form.finish()
    made = Progress(
        id=uuid7(),
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
    progress.add(step.connection, made)
    evidence.attach(step, case.id, files, field="evidence", progress_id=made.id)
    follow_up_rows.move(
        step.connection,
        case,
        Deed.FINISH if done else Deed.PROGRESS,
        step.now,
        # A claim of an earlier round about the whole does not hold for this work.
        claimed_status=None,
        claimed_percent=percent,
        claimed_at=step.now,
    )


def record_report(step: Step) -> None:
    """The official written report, handed in as it is sent."""
    _record(step, own_follow_up(step), released=True)


def record_sent_report(step: Step) -> None:
    """The same where the institution's head may have to release it first."""
    case = own_follow_up(step)
    _record(step, case, released=not releasing.is_asked(step.connection, case.institution))


def _record(step: Step, case: FollowUp, *, released: bool) -> None:
    form = Answers(step.answers)
    claimed = form.choice("claimed_status", tuple(VERDICTS))
    letter_date = form.required_day("letter_date")
    if letter_date > today_of(step.connection, step.now):
        form.complain("letter_date", say("This date lies in the future."))
    classification = form.choice("classification", CLASSIFICATIONS)
    check_classification(step, case, form, classification)
    if not released:
        releasing.check_releasable(step, case.institution, form, classification)
    files = form.uploads("evidence")
    sent = Report(
        id=uuid7(),
        follow_up_id=case.id,
        round=case.round,
        letter_number=form.required("letter_number"),
        letter_date=letter_date,
        urgency=form.optional_choice("urgency", URGENCIES) or "ordinary",
        classification=classification,
        subject=form.required("subject"),
        signatory=form.required("signatory"),
        summary=form.required("summary"),
        claimed_status=claimed,
        at=step.now,
        by=step.by,
        handed_in_at=step.now if released else None,
    )
    form.finish()
    report_rows.add(step.connection, sent)
    evidence.attach(step, case.id, files, field="evidence", report_id=sent.id)
    if released:
        move_on(step, case, sent)


def receipt(step: Step) -> dict[str, object]:
    """Number the latest report, and say who evaluates it. Returns {"receipt_number":
    "TT-2026-0041"}."""
    case = own_follow_up(step)
    handed_in = report_rows.standing(step.connection, case.id)
    if handed_in is None:
        raise LookupError(f"no report of {case.id} to give a receipt for")
    number = next_number(step, Series.RECEIPT, year_of(step))
    report_rows.give_receipt(step.connection, handed_in.id, number, step.now)
    let_off(step, case, NotDue.FINAL_REPORT)
    evaluator = chosen(step.connection, case, handed_in)
    if evaluator != case.evaluator:
        follow_up_rows.change(step.connection, case.id, step.now, evaluator=evaluator)
    return {"receipt_number": number}


def record_evaluation(step: Step) -> None:
    """The coordinator's verdict: the second of the two keys, with its own date."""
    case = own_follow_up(step)
    refuse_unread(step, case)
    form = Answers(step.answers)
    verdict = VERDICTS[form.choice("verdict", tuple(VERDICTS))]
    kind, notes = verdict.kind, form.text("notes")
    rework = form.day("rework_deadline") if kind is VerdictKind.RETURNED else None
    reason, basis = _grounds(form) if kind is VerdictKind.IMPOSSIBLE else (None, None)
    if kind is not VerdictKind.CONFORMS and notes is None:
        form.complain("notes", say("Please write what the institution has to know."))
    if kind is VerdictKind.RETURNED:
        _check_rework(form, rework, today_of(step.connection, step.now))
    form.finish()
    report = report_rows.standing(step.connection, case.id)
    found = Evaluation(
        id=uuid7(),
        follow_up_id=case.id,
        report_id=report.id if report else None,
        round=case.round,
        verdict=verdict.value,
        notes=notes,
        reason=reason,
        basis=basis,
        rework_deadline=rework,
        at=step.now,
        by=step.by,
    )
    evaluations.add(step.connection, found)
    follow_up_rows.move(
        step.connection,
        case,
        kind,
        step.now,
        verdict=verdict.value,
        verdict_at=step.now,
        rework_deadline=rework,
        round=case.round + kind.sends_back,
        evaluator=None,
    )


def _grounds(form: Answers) -> tuple[str, str]:
    return form.choice("reason", REASONS), form.required("basis")


def _check_rework(form: Answers, rework: date | None, today: date) -> None:
    """Returned work needs a date of its own, or the returned task would be late at birth."""
    if rework is None:
        form.complain("rework_deadline", say("Please write by when the work must be corrected."))
    elif rework <= today:
        form.complain("rework_deadline", say("This date must lie in the future."))
