"""Documents to take along: receipt, report, letters, minutes and compilation as Word, PDF and
Excel.

Each is read by the same question as its page, and made for whoever may see that page.
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.cases.follow_up import receipts
from processes.documents import kinds
from processes.meetings import agreements, invitations, meetings
from processes.papers import compilation as papers
from processes.papers import reminder_letters
from processes.written_report import progress_receipts
from web.documents import compilations, letters, progress_reports, rakor, reports, workbooks
from web.documents.making import form_of, sent, workbook
from web.documents.writer import of_letters, of_reader
from web.gate.visitor import reading

page = Blueprint("documents", __name__)


@page.get("/receipts/<number>/receipt.<form>")
def receipt(number: str, form: str) -> ResponseReturnValue:
    """A receipt, for a reader of the case."""
    at, write = reading(), of_reader()
    letter = progress_receipts.receipt(at.connection, at.scope, number)
    if letter is not None:
        return sent(kinds.RECEIPT, form_of(form), progress_reports.receipt(write, letter), write)
    found = receipts.receipt(at.connection, at.scope, number)
    return sent(kinds.RECEIPT, form_of(form), reports.receipt(write, found), write)


@page.get("/receipts/<number>/report.<form>")
def report(number: str, form: str) -> ResponseReturnValue:
    """The report behind a receipt, for a reader who is cleared for it."""
    at, write = reading(), of_reader()
    letter = progress_receipts.receipt(at.connection, at.scope, number)
    if letter is not None:
        values = progress_reports.report(write, letter)
    else:
        values = reports.of_receipt(write, receipts.receipt(at.connection, at.scope, number))
    if values is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    return sent(kinds.REPORT, form_of(form), values, write)


@page.get("/recommendations/<uuid:recommendation_id>/compilation.<form>")
def compilation(recommendation_id: UUID, form: str) -> ResponseReturnValue:
    """All reports of a recommendation, as far as its reader may read them."""
    at, write = reading(), of_reader()
    paper = papers.of(at.connection, at.scope, recommendation_id, at.now)
    if not paper.parts:
        raise NotFound(say("There are no reports yet."))
    if form == "xlsx":
        name = f"compilation {paper.detail.case.number}"
        return workbook(workbooks.compilation(write, [paper]), name)
    values = compilations.compilation(write, [paper])
    return sent(kinds.COMPILATION, form_of(form), values, write)


@page.get("/reminder-letters/<uuid:letter_id>/letter.<form>")
def reminder_letter(letter_id: UUID, form: str) -> ResponseReturnValue:
    """A letter to sign, for a reader who may send it."""
    at, write = reading(), of_letters()
    found = reminder_letters.one(at.connection, at.scope, letter_id)
    return sent(kinds.REMINDER_LETTER, form_of(form), letters.reminder_letter(write, found), write)


@page.get("/meetings/<uuid:meeting_id>/invitations/<code>.<form>")
def invitation(meeting_id: UUID, code: str, form: str) -> ResponseReturnValue:
    """The letter that invites one institution to a rakor, for whoever may read its row."""
    at, write = reading(), of_letters()
    found = invitations.letter(at, meeting_id, code)
    return sent(kinds.INVITATION, form_of(form), rakor.invitation(write, found), write)


@page.get("/meetings/<uuid:meeting_id>/minutes.<form>")
def minutes(meeting_id: UUID, form: str) -> ResponseReturnValue:
    """The minutes of a rakor with what it settled, as far as its reader may read it."""
    at, write = reading(), of_letters()
    found = meetings.detail(at, meeting_id)
    if found.case.minutes is None:
        raise NotFound(say("There are no minutes yet."))
    values = rakor.minutes(write, found, agreements.of_meeting(at, meeting_id))
    return sent(kinds.MINUTES, form_of(form), values, write)
