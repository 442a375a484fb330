"""Asking for a later deadline: the form of the model's message, checked before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import Form, Json
from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import say
from processes.cases.follow_up import follow_up_acts, follow_up_models, follow_ups
from processes.cases.follow_up.follow_ups import Detail
from web.forms.answers_shown import Context, words_of
from web.forms.echoes import Days
from web.forms.numbers import entries_of
from web.forms.submission import Texts
from web.forms.view import Known, fields_of, problems_of
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words.i18n import formats, language, render

page = Blueprint("extension_requests", __name__)

WAITS = say("Your request is kept, but nobody can decide it yet: a step is being repaired.")
SENT = say("The request is sent. A supervisor decides; until then the present deadline holds.")


@page.get("/follow-ups/<uuid:follow_up_id>/extension")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """The empty form."""
    return _drawn(follow_up_id, {})


@page.post("/follow-ups/<uuid:follow_up_id>/extension")
def again(follow_up_id: UUID) -> ResponseReturnValue:
    """Back from the check: the form with what was typed."""
    _, form = _form(follow_up_id)
    return _drawn(follow_up_id, entries_of(form, request.form, language().code))


@page.post("/follow-ups/<uuid:follow_up_id>/extension/check")
def check(follow_up_id: UUID) -> ResponseReturnValue:
    """All answers in words, then one button."""
    form, answers = _answers(follow_up_id)
    wish, at = _wish(answers), reading()
    follow_up_acts.check_extension(
        at.connection, at.scope, follow_up_id, deadline=wish["deadline"], reason=wish["reason"],
        now=at.now,
    )  # fmt: skip
    found = _form(follow_up_id)[0]
    return render_template(
        "follow_ups/extension_check.html",
        found=found,
        answers=words_of(form, answers, Context(formats(), {}, {}, _days(found))),
        typed=entries_of(form, request.form, language().code),
    )


@page.post("/follow-ups/<uuid:follow_up_id>/extension/send")
def send(follow_up_id: UUID) -> ResponseReturnValue:
    """Send the request."""
    _, answers = _answers(follow_up_id)
    received = follow_up_acts.request_extension(service(), scope(), follow_up_id, **_wish(answers))
    say_what_came(received, SENT, WAITS)
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id))


class _Wish(TypedDict):
    deadline: date
    reason: str
    letter_number: str


def _answers(follow_up_id: UUID) -> tuple[Form, Mapping[str, Json]]:
    """The answers of this request's form. From here on a refusal draws the form again."""
    _, form = _form(follow_up_id)
    typed = entries_of(form, request.form, language().code)
    redraw_on_error(lambda error: _drawn(follow_up_id, typed, error))
    answers = form.read(typed)
    if answers.errors:
        raise BadInput(say("Some entries need another look."), answers.errors)
    return form, answers.values


def _wish(answers: Mapping[str, Json]) -> _Wish:
    """The three answers of the request; an owner may have added others to the form."""
    return _Wish(
        deadline=date.fromisoformat(str(answers["deadline"])),
        reason=str(answers["reason"]),
        letter_number=str(answers.get("letter_number") or ""),
    )


def _drawn(follow_up_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    found, form = _form(follow_up_id)
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = fields_of(form, Known(typed, formats(), wrong, days=_days(found)))
    return render_template(
        "follow_ups/extension.html",
        found=found,
        fields=fields,
        problems=problems_of(fields),
        title=render(error.sentence) if error else "",
    )


def _form(follow_up_id: UUID) -> tuple[Detail, Form]:
    """The case, and the form of its request, for a reader who may send one."""
    at = reading()
    found = follow_ups.readable(at.connection, at.scope, follow_up_id, "request_extension")
    form = follow_up_models.extension_form(at, found[0])
    return follow_ups.whole(at.connection, at.scope, found, at.now, {}), form


def _days(found: Detail) -> Days:
    """The working days of the institution that asks."""
    today = found.calendar.today(reading().now)
    return Days(found.calendar, today, found.case.institution)
