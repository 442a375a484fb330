"""Proposing to withdraw a recommendation; a supervisor decides."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.cases.recommendation import recommendations
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField
from web.forms.submission import Texts
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service

page = Blueprint("withdrawals", __name__)

ENTRIES = (
    OwnField(
        "reason",
        say("Reason"),
        kind="textarea",
        hint=say("The supervisor reads it; institutions are told the reason of the decision."),
        max_length=10_000,
    ),
)
WAITS = say("Your proposal is kept, but nobody can decide it yet: a step is being repaired.")
SENT = say("The proposal is sent. A supervisor decides; until then everything goes on as before.")


@page.get("/recommendations/<uuid:recommendation_id>/withdrawal")
def show(recommendation_id: UUID) -> ResponseReturnValue:
    """The empty form."""
    return _drawn(recommendation_id, {})


@page.post("/recommendations/<uuid:recommendation_id>/withdrawal")
def propose(recommendation_id: UUID) -> ResponseReturnValue:
    """Send the proposal, once it was read in words."""
    typed = own.typed()
    redraw_on_error(lambda error: _drawn(recommendation_id, typed, error))
    own.refuse_longer(ENTRIES, typed)
    reason, propose_it = own.text(typed, "reason"), recommendations.propose_withdrawal
    if own.goes_back():
        return _drawn(recommendation_id, typed)
    if own.is_checked():
        rehearse(service(), scope(), propose_it, recommendation_id, reason)
        return own.check(ENTRIES, typed, say("Send the proposal"), _effects(recommendation_id))
    received = propose_it(service(), scope(), recommendation_id, reason)
    say_what_came(received, SENT, WAITS)
    return redirect(url_for("recommendations.show", recommendation_id=recommendation_id))


def _effects(recommendation_id: UUID) -> list[Sentence]:
    at, act = reading(), "propose_withdrawal"
    case, _ = recommendations.readable(at.connection, at.scope, recommendation_id, act)
    return [
        say("A supervisor decides whether “{title}” is withdrawn.", title=case.title),
        say("Until then everything goes on as before."),
    ]


def _drawn(recommendation_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    at, act = reading(), "propose_withdrawal"
    case, _ = recommendations.readable(at.connection, at.scope, recommendation_id, act)
    return own.page("recommendations/withdrawal.html", ENTRIES, typed, error, case=case)
