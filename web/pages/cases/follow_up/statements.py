"""Recording an oral statement, which stays marked as unconfirmed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.cases.follow_up import follow_up_acts, follow_ups
from processes.cases.follow_up.follow_up_acts import Said
from processes.people import institutions
from processes.rights.access import may
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.cases.follow_up.named_follow_ups import name_of
from web.words.i18n import render

page = Blueprint("statements", __name__)

ENTRIES = (
    OwnField("text", say("What was said"), "textarea", max_length=10_000),
    OwnField("said_by", say("Said by"), hint=say("Name and post."), max_length=200),
    OwnField("said_on", say("Said on"), "date"),
    OwnField(
        "occasion",
        say("Occasion"),
        required=False,
        hint=say("Meeting or telephone call."),
        max_length=200,
    ),
)


@page.get("/follow-ups/<uuid:follow_up_id>/statement")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """The empty form."""
    return _drawn(follow_up_id, {})


@page.post("/follow-ups/<uuid:follow_up_id>/statement")
def record(follow_up_id: UUID) -> ResponseReturnValue:
    """Note it, once it was read in words."""
    texts = own.typed()
    redraw_on_error(lambda error: _drawn(follow_up_id, texts, error))
    own.refuse_longer(ENTRIES, texts)
    said = Said(
        text=own.text(texts, "text"),
        said_by=own.text(texts, "said_by"),
        said_on=parse_date(own.text(texts, "said_on")),
        occasion=own.text(texts, "occasion"),
    )
    if own.goes_back():
        return _drawn(follow_up_id, texts)
    if own.is_checked():
        rehearse(service(), scope(), follow_up_acts.record_statement, follow_up_id, said)
        return own.check(
            ENTRIES,
            texts,
            say("Record statement"),
            _effects(follow_up_id),
            about=name_of(follow_up_id, "record_statement"),
        )
    follow_up_acts.record_statement(service(), scope(), follow_up_id, said)
    flash(render(say("The statement is noted as not confirmed in writing.")), "done")
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id))


def _effects(follow_up_id: UUID) -> list[Sentence]:
    at = reading()
    found = follow_ups.detail(at.connection, at.scope, follow_up_id, at.now)
    code = found.case.institution
    name = institutions.short_names(at.connection, {code})[code]
    return [
        say(
            "It stands on the page of {institution} as not confirmed in writing.", institution=name
        ),
        say("It never counts as a report, and cannot be taken out again."),
    ]


def _drawn(follow_up_id: UUID, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    found = follow_ups.detail(at.connection, at.scope, follow_up_id, at.now)
    may(at.scope, "record_statement", found.relations)
    return own.page("follow_ups/statement.html", ENTRIES, texts, error, found=found)
