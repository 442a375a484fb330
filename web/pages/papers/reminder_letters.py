"""A reminder letter to an institution: the sheet to print and sign, then its number and date."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.papers import reminder_letters, signed_scans
from processes.papers.reminder_letter_text import fingerprint
from processes.storage.files.signed_scans import Signable
from processes.work.rehearsal import rehearse
from web.documents.writer import of_letters
from web.forms import own
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error, refusal
from web.gate.visitor import reading, scope, service
from web.pages.papers.signed_scans import file_sent
from web.words.i18n import render

page = Blueprint("reminder_letters", __name__)

ENTRIES = (
    OwnField(
        "letter_number",
        say("Letter number"),
        hint=say("As the registry numbered the signed letter."),
        width="short",
        max_length=100,
    ),
    OwnField("letter_date", say("Letter date"), "date"),
)


@page.get("/reminder-letters/<uuid:letter_id>")
def show(letter_id: UUID) -> ResponseReturnValue:
    """The letter, for a reader who may send it."""
    return _drawn(letter_id, {})


@page.post("/reminder-letters/<uuid:letter_id>")
def mark_sent(letter_id: UUID) -> ResponseReturnValue:
    """Note its number and date of sending."""
    texts = own.typed()
    redraw_on_error(lambda error: _drawn(letter_id, texts, error))
    if own.goes_back():
        return _drawn(letter_id, texts)
    own.refuse_longer(ENTRIES, texts)
    number, day = own.text(texts, "letter_number"), parse_date(own.text(texts, "letter_date"))
    mark = reminder_letters.mark_sent
    if own.is_checked():
        rehearse(service(), scope(), mark, letter_id, number=number, day=day)
        return own.check(ENTRIES, texts, say("Mark as sent"), _effects(letter_id))
    mark(service(), scope(), letter_id, number=number, day=day)
    flash(render(say("The reminder letter is marked as sent.")), "done")
    return redirect(url_for(".show", letter_id=letter_id))


@page.post("/reminder-letters/<uuid:letter_id>/scan")
def file_scan(letter_id: UUID) -> ResponseReturnValue:
    """File the scan of a letter that was signed and sent."""
    redraw_on_error(lambda error: _drawn(letter_id, {}, scan_error=error))
    file_sent(Signable.REMINDER_LETTER, letter_id)
    return redirect(url_for(".show", letter_id=letter_id))


def _effects(letter_id: UUID) -> list[Sentence]:
    at = reading()
    found = reminder_letters.one(at.connection, at.scope, letter_id)
    return [
        say(
            "The letter to {institution} about “{title}” counts as sent; number and date cannot be "
            "changed afterwards.",
            institution=found.sheet.addressee[0],
            title=found.recommendation.title,
        ),
        say("It stands in the history of the case, and the escalation board says so."),
    ]


def _drawn(
    letter_id: UUID,
    texts: Texts,
    error: TindakError | None = None,
    *,
    scan_error: TindakError | None = None,
) -> str:
    at = reading()
    found = reminder_letters.one(at.connection, at.scope, letter_id)
    return own.page(
        "reminder_letters/letter.html",
        ENTRIES,
        texts,
        error,
        found=found,
        letter=found.letter,
        scans=signed_scans.of_document(at.connection, letter_id),
        fingerprint=fingerprint(found.sheet),
        refused=refusal(scan_error),
        secrecy_words=of_letters().highest([found.recommendation.classification]),
    )
