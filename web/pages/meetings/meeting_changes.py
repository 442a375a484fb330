"""Moving or cancelling a rakor, checked before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import Form, Json, Options
from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import say
from processes.meetings import meetings
from processes.storage.meetings.meeting_rows import Meeting
from processes.work.rehearsal import rehearse
from web.forms.answers_shown import Context, words_of
from web.forms.numbers import entries_of
from web.forms.submission import Texts
from web.forms.view import Known, fields_of, problems_of
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words.i18n import formats, language, render

page = Blueprint("meeting_changes", __name__)

WAITS = say("The change is kept, but a step is being repaired before it takes effect.")
MOVED, CANCELLED = say("The rakor is moved."), say("The rakor is cancelled.")


@page.get("/meetings/<uuid:meeting_id>/change/check")
@page.get("/meetings/<uuid:meeting_id>/change")
def show(meeting_id: UUID) -> ResponseReturnValue:
    """The empty form, also at the address that a check leaves behind."""
    return _drawn(meeting_id, {})


@page.post("/meetings/<uuid:meeting_id>/change")
def again(meeting_id: UUID) -> ResponseReturnValue:
    """Back from the check: the form with what was typed."""
    return _drawn(meeting_id, _typed(meetings.change_form(reading(), meeting_id)[1]))


@page.post("/meetings/<uuid:meeting_id>/change/check")
def check(meeting_id: UUID) -> ResponseReturnValue:
    """All answers in words, then one button."""
    (case, form, options), answers = _answers(meeting_id)
    rehearse(service(), scope(), meetings.change, meeting_id, answers)
    found = meetings.detail(reading(), meeting_id)
    return render_template(
        "meetings/change_check.html",
        case=case,
        moves=_moves(answers),
        told=[one.short_name for one in found.invited if one.sent_at],
        answers=words_of(form, answers, Context(formats(), options, {})),
        typed=_typed(form),
    )


@page.post("/meetings/<uuid:meeting_id>/change/send")
def send(meeting_id: UUID) -> ResponseReturnValue:
    """Send the change."""
    _, answers = _answers(meeting_id)
    received = meetings.change(service(), scope(), meeting_id, answers)
    say_what_came(received, MOVED if _moves(answers) else CANCELLED, WAITS)
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


def _moves(answers: Mapping[str, Json]) -> bool:
    return answers.get("change") == "moved"


def _typed(form: Form) -> Texts:
    return entries_of(form, request.form, language().code)


Asked = tuple[Meeting, Form, Options]


def _answers(meeting_id: UUID) -> tuple[Asked, Mapping[str, Json]]:
    """The answers of this request's form. From here on a refusal draws the form again."""
    asked = meetings.change_form(reading(), meeting_id)
    typed = _typed(asked[1])
    redraw_on_error(lambda error: _drawn(meeting_id, typed, error))
    answers = asked[1].read(typed, options=asked[2])
    if answers.errors:
        raise BadInput(say("Some entries need another look."), answers.errors)
    return asked, answers.values


def _drawn(meeting_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    case, form, options = meetings.change_form(reading(), meeting_id)
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = fields_of(form, Known(typed, formats(), wrong, options))
    return render_template(
        "meetings/change.html",
        case=case,
        fields=fields,
        problems=problems_of(fields),
        title=render(error.sentence) if error else "",
    )
