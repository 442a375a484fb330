"""Taking a report back, to correct or to withdraw it, before it is evaluated."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import say
from processes.cases.follow_up import corrections, follow_up_models, follow_ups
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField, Texts
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.cases.follow_up.named_follow_ups import name_of

page = Blueprint("report_replacements", __name__)

ENTRIES = (
    OwnField(
        "reason",
        say("Reason"),
        "textarea",
        hint=say("What is corrected, or why the report is withdrawn. The evaluator reads it."),
        max_length=2_000,
    ),
)
EFFECTS = (
    say("The report does not count any more; its receipt is kept and marked as replaced."),
    say("You are asked for the report again, filled in with what you sent."),
    say("It is due on the present deadline, three working days from today at the earliest."),
    say("Who evaluates it is told."),
)
DONE = say("The report is taken back. Correct it here and hand it in again.")
KEPT = say("Received. The report counts until a step that failed is repaired.")


@page.get("/follow-ups/<uuid:follow_up_id>/report-replacement")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """The empty form, or why there is nothing to take back."""
    return _drawn(follow_up_id, {})


@page.post("/follow-ups/<uuid:follow_up_id>/report-replacement")
def replace(follow_up_id: UUID) -> ResponseReturnValue:
    """Take it back, once the reason was read in words."""
    texts = own.typed()
    redraw_on_error(lambda error: _drawn(follow_up_id, texts, error))
    own.refuse_longer(ENTRIES, texts)
    reason = own.text(texts, "reason")
    if own.goes_back():
        return _drawn(follow_up_id, texts)
    if own.is_checked():
        rehearse(service(), scope(), corrections.replace_report, follow_up_id, reason)
        return own.check(
            ENTRIES,
            texts,
            say("Take report back"),
            EFFECTS,
            about=name_of(follow_up_id, "replace_report"),
        )
    received = corrections.replace_report(service(), scope(), follow_up_id, reason)
    say_what_came(received, DONE, KEPT)
    return redirect(_next(follow_up_id))


def _next(follow_up_id: UUID) -> str:
    """The report that is asked for again; the page of the case where it is somebody else's."""
    at = reading()
    task = corrections.again(at.connection, at.scope, follow_up_id)
    if task is not None:
        return url_for("tasks.show", task_id=task)
    return url_for("follow_ups.show", follow_up_id=follow_up_id)


def _drawn(follow_up_id: UUID, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    readable = follow_ups.readable(at.connection, at.scope, follow_up_id, "replace_report")
    version = follow_up_models.version_of(at, readable[0])
    found = follow_ups.whole(at.connection, at.scope, readable, at.now, version.names)
    refusal = corrections.refusals(found, version)["replace_report"]
    return own.page(
        "follow_ups/replacement.html",
        ENTRIES,
        texts,
        error,
        found=found,
        refusal=refusal,
        effects=EFFECTS,
    )
