"""The report as it will be printed, made from what was entered and not handed in yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, NotFound
from engine.sentences.sentence import say
from processes.documents import kinds, values
from processes.rights.access import may
from processes.storage.people import institutions
from processes.storage.tables.reports import Report
from processes.work import task_drafts, task_page
from processes.work.task_page import TaskPage
from web.documents import reports
from web.documents.making import form_of, sent
from web.documents.writer import Writer, of_reader
from web.forms.submission import texts_in
from web.gate.visitor import reading
from web.pages.files import uploaded

page = Blueprint("report_preview", __name__)


def shows(found: TaskPage) -> bool:
    """Whether what is entered into this task becomes an official written report."""
    return (found.task.process_key, found.task.element_id) == ("follow_up", "report")


@page.get("/tasks/<uuid:task_id>/report.<form>")
def document(task_id: UUID, form: str) -> ResponseReturnValue:
    """The draft as a document, for whoever may hand it in."""
    at, write = reading(), of_reader()
    found = task_page.page(at, task_id)
    may(at.scope, "complete_task", found.relations)
    draft = task_drafts.own(at, task_id)
    model, options = task_page.form(at, found)
    if draft is None or model is None or found.head is None or not shows(found):
        raise NotFound(say("There is no such thing, or it is not open to you."))
    answers = model.read(texts_in(draft.data), options=options)
    if answers.errors:
        raise BadInput(say("Some entries need another look."), answers.errors)
    return sent(kinds.REPORT, form_of(form), _report(write, found, answers.values), write)


def _report(write: Writer, found: TaskPage, answers: Mapping[str, Any]) -> values.Report:
    head = found.head
    assert head is not None, "it was looked at"
    sender = institutions.by_code(reading().connection, head.institution or "")
    return reports.report(
        write,
        _entered(found, answers),
        institution=sender.name if sender else head.institution_name or "",
        recommendation=f"{head.number} – {head.title}",
        secrecy=[head.classification],
        files=_files(write, answers),
    )


def _entered(found: TaskPage, answers: Mapping[str, Any]) -> Report:
    """What was entered, as the row it is to become."""
    return Report(
        id=uuid4(),
        follow_up_id=found.task.instance_id,
        round=1,
        letter_number=answers["letter_number"],
        letter_date=date.fromisoformat(answers["letter_date"]),
        urgency=answers.get("urgency") or "ordinary",
        classification=answers["classification"],
        subject=answers["subject"],
        signatory=answers["signatory"],
        summary=answers["summary"],
        claimed_status=answers["claimed_status"],
        at=found.task.created_at,
        by=None,
    )


def _files(write: Writer, answers: Mapping[str, Any]) -> list[values.File]:
    known = uploaded.known(str(one) for one in answers.get("evidence") or [])
    return [
        values.File(one.name, write.formats.size(one.size), one.sha256) for one in known.values()
    ]
