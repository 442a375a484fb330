"""Withdrawing a follow-up that runs on after its recommendation has ended."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import say
from processes.cases.follow_up import follow_ups, left_to_finish
from processes.people import institutions
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField
from web.forms.submission import Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.cases.follow_up.named_follow_ups import name_of
from web.words.i18n import render

page = Blueprint("follow_up_withdrawals", __name__)

ENTRIES = (
    OwnField(
        "reason",
        say("Reason"),
        kind="textarea",
        hint=say("The institution reads it."),
        max_length=10_000,
    ),
    OwnField(
        "letter_number",
        say("Letter number"),
        required=False,
        hint=say("Of the letter that withdraws it, if there is one."),
        max_length=100,
    ),
)
EFFECTS = (
    say("The follow-up ends as withdrawn, without a verdict; its tasks and reminders end with it."),
    say("The contacts of the institution are told."),
)


@page.get("/follow-ups/<uuid:follow_up_id>/withdrawal")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """The empty form."""
    return _drawn(follow_up_id, {})


@page.post("/follow-ups/<uuid:follow_up_id>/withdrawal")
def withdraw(follow_up_id: UUID) -> ResponseReturnValue:
    """Withdraw it, once it was read in words."""
    typed = own.typed()
    redraw_on_error(lambda error: _drawn(follow_up_id, typed, error))
    own.refuse_longer(ENTRIES, typed)
    if own.goes_back():
        return _drawn(follow_up_id, typed)
    words = {name: own.text(typed, name) for name in ("reason", "letter_number")}
    if own.is_checked():
        rehearse(service(), scope(), left_to_finish.withdraw, follow_up_id, **words)
        return own.check(
            ENTRIES,
            typed,
            say("Withdraw the follow-up"),
            EFFECTS,
            about=name_of(follow_up_id, "withdraw_follow_up"),
        )
    left_to_finish.withdraw(service(), scope(), follow_up_id, **words)
    flash(render(say("The follow-up is withdrawn. Its contacts are told.")), "done")
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id))


def _drawn(follow_up_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    at = reading()
    case, recommendation, _ = follow_ups.readable(
        at.connection, at.scope, follow_up_id, "withdraw_follow_up"
    )
    return own.page(
        "follow_ups/withdrawal.html",
        ENTRIES,
        typed,
        error,
        case=case,
        short_name=institutions.short_names(at.connection, {case.institution})[case.institution],
        recommendation=recommendation,
        possible=left_to_finish.may_be_withdrawn(case, recommendation.status),
    )
