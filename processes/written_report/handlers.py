"""The handlers of a written report on progress.

Each handler finds the part of the request that its instance owns, and writes rows of that part
only: the follow-ups it reports on do not move. Raises `Refusal` with a sentence for each field that
cannot be accepted; then nothing of the letter is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from uuid_utils.compat import uuid7

from engine.ports.handlers import Step
from engine.sentences.sentence import say
from processes.files import evidence
from processes.files.evidence import Proves
from processes.follow_up.evaluators import check_above
from processes.lifecycle import releasing
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.numbers import Series, next_number
from processes.lifecycle.own_case import own_part, today_of, year_of
from processes.register.report_requests import RequestDeed
from processes.register.vocabulary import CLASSIFICATIONS, URGENCIES
from processes.storage.notices import escalation_rows
from processes.storage.tables.reports import releases
from processes.storage.written_report import request_rows, written_report_rows
from processes.storage.written_report.request_rows import AskedCase, RequestPart
from processes.storage.written_report.written_report_rows import WrittenAnswer, WrittenReport

ANSWERS = "answers"
"""The rows of the form: one for each recommendation that is asked about."""


def record_progress_report(step: Step) -> None:
    """The letter, with what it says of each case that is still due: all of it, or nothing. It is
    handed in as it is sent."""
    _record(step, own_part(step), released=True)


def record_sent_progress_report(step: Step) -> None:
    """The same where the institution's head may have to release it first."""
    part = own_part(step)
    _record(step, part, released=not releasing.is_asked(step.connection, part.institution))


def _record(step: Step, part: RequestPart, *, released: bool) -> None:
    form = Answers(step.answers)
    letter = _letter(step, part, form)
    if released:
        letter = replace(letter, handed_in_at=step.now)
    else:
        releasing.check_releasable(step, part.institution, form, letter.classification)
    letter_files = form.uploads("letter_files")
    due = {
        str(one.follow_up_id): one
        for one in request_rows.cases(step.connection, part.id)
        if one.not_due is None
    }
    rows = form.rows(ANSWERS)
    said = [_answer(row, letter, due) for row in rows]
    _check_all(form, rows, said, due)
    files = [row.uploads("evidence") for row in rows]
    form.finish()
    written_report_rows.add(step.connection, letter, said)
    for number, (one, ids) in enumerate(zip(said, files, strict=True)):
        evidence.attach_to_each(step, [_proves(one)], ids, field=f"{ANSWERS}[{number}].evidence")
    evidence.attach_to_each(
        step, [_proves(one) for one in said], letter_files, field="letter_files"
    )


def _letter(step: Step, part: RequestPart, form: Answers) -> WrittenReport:
    written_on = form.required_day("letter_date")
    if written_on > today_of(step.connection, step.now):
        form.complain("letter_date", say("This date lies in the future."))
    classification = form.choice("classification", CLASSIFICATIONS)
    if CLASSIFICATIONS.index(classification) > CLASSIFICATIONS.index(part.classification):
        check_above(step, form, classification)
    return WrittenReport(
        id=uuid7(),
        part_id=part.id,
        institution=part.institution,
        letter_number=form.required("letter_number"),
        letter_date=written_on,
        urgency=form.optional_choice("urgency", URGENCIES) or "ordinary",
        classification=classification,
        subject=form.required("subject"),
        signatory=form.required("signatory"),
        at=step.now,
        by=step.by,
    )


def _answer(row: Answers, letter: WrittenReport, due: Mapping[str, AskedCase]) -> WrittenAnswer:
    """One row. A case that is not due, or of another request, is refused where it stands."""
    about = due.get(row.text("about") or "")
    if about is None:
        row.complain("about", say("This recommendation is not asked about, or not any more."))
    return WrittenAnswer(
        id=uuid7(),
        written_report_id=letter.id,
        follow_up_id=about.follow_up_id if about else UUID(int=0),
        round=about.round if about else 1,
        percent=row.whole("percent", 0, 100),
        narrative=row.required("narrative"),
        obstacles=row.text("obstacles"),
    )


def _check_all(
    form: Answers,
    rows: Sequence[Answers],
    said: Sequence[WrittenAnswer],
    due: Mapping[str, AskedCase],
) -> None:
    """Each case that is due has its one row."""
    seen: set[UUID] = set()
    for row, one in zip(rows, said, strict=True):
        if one.follow_up_id in seen and one.follow_up_id.int:
            row.complain("about", say("This recommendation has a row already."))
        seen.add(one.follow_up_id)
    missing = [one.number or one.title for one in due.values() if one.follow_up_id not in seen]
    if missing:
        names = ", ".join(missing)
        form.complain(ANSWERS, say("Write an answer about {cases} too.", cases=names))


def _proves(one: WrittenAnswer) -> Proves:
    return Proves(one.follow_up_id, answer_id=one.id)


def record_progress_release(step: Step) -> bool:
    """The answer of the institution's head to the letter: a yes hands it in, a no sends it back
    with notes. Returns which. Raises the refusals of `processes.lifecycle.releasing.decided`."""
    found = written_report_rows.written_last(step.connection, step.instance_id)
    letter = found.get(step.instance_id)
    if letter is None or not letter.awaits_release:
        raise releasing.nothing_waits()
    answer = releasing.decided(step, letter.by, letter.classification, written_report_id=letter.id)
    releases.add(step.connection, answer)
    change = written_report_rows.hand_in if answer.released else written_report_rows.send_back
    change(step.connection, letter.id, step.now)
    return answer.released


def progress_receipt(step: Step) -> dict[str, object]:
    """Number the letter that was handed in: the request is answered. Returns {"receipt_number":
    "TT-2026-0042"}, of the same series as the receipts of final reports."""
    part = own_part(step)
    letters = written_report_rows.of_parts(step.connection, part.id)
    if not letters:
        raise LookupError(f"no letter of {part.id} to give a receipt for")
    number = next_number(step, Series.RECEIPT, year_of(step))
    written_report_rows.give_receipt(step.connection, letters[-1].id, number, step.now)
    request_rows.move(step.connection, part, RequestDeed.ANSWER, step.now)
    escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
    return {"receipt_number": number}


def drop_ended(step: Step) -> dict[str, object]:
    """Count what is still due. Returns {"still_due": whether anything is}."""
    return {"still_due": request_rows.still_due(step.connection, own_part(step).id) > 0}


def record_dropped(step: Step) -> None:
    """Nothing of the request is due any more. What was typed stays readable as a draft."""
    request_rows.move(step.connection, own_part(step), RequestDeed.DROP, step.now)
    escalation_rows.end_of_instance(step.connection, step.instance_id, step.now)
