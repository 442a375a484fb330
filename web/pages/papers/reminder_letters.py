"""A reminder letter to an institution: the sheet to print and sign, then its number and date."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import TindakError
from engine.sentences.sentence import say
from processes.papers import reminder_letters
from web.forms import own
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
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
    own.refuse_longer(ENTRIES, texts)
    reminder_letters.mark_sent(
        service(),
        scope(),
        letter_id,
        number=own.text(texts, "letter_number"),
        day=parse_date(own.text(texts, "letter_date")),
    )
    flash(render(say("The reminder letter is marked as sent.")), "done")
    return redirect(url_for(".show", letter_id=letter_id))


def _drawn(letter_id: UUID, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    found = reminder_letters.one(at.connection, at.scope, letter_id)
    return own.page(
        "reminder_letters/letter.html", ENTRIES, texts, error, found=found, letter=found.letter
    )
