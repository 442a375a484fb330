"""Proposing to change the institutions of an issued recommendation, checked before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import Form, Json, Options
from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import say
from processes.cases.recommendation import recipients
from processes.storage.cases.recommendation_rows import Recommendation
from processes.work.rehearsal import rehearse
from web.forms.answers_shown import Context, words_of
from web.forms.numbers import entries_of
from web.forms.submission import Texts, redrawn
from web.forms.view import Known, fields_of, problems_of
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.cases.recommendation import recipients_effects
from web.words.i18n import formats, language, render

page = Blueprint("recipients", __name__)

WAITS = say("Your proposal is kept, but nobody can decide it yet: a step is being repaired.")
SENT = say("The proposal is sent. A supervisor decides; until then everything goes on as before.")


@page.get("/recommendations/<uuid:recommendation_id>/recipients/check")
@page.get("/recommendations/<uuid:recommendation_id>/recipients")
def show(recommendation_id: UUID) -> ResponseReturnValue:
    """The empty form, also at the address that a check leaves behind."""
    return _drawn(recommendation_id, {})


@page.post("/recommendations/<uuid:recommendation_id>/recipients")
def again(recommendation_id: UUID) -> ResponseReturnValue:
    """A row more or less, or back from the check: the form with what was typed."""
    typed = _typed(_form(recommendation_id)[1])
    return _drawn(recommendation_id, redrawn(request.form.get("act", ""), typed) or typed)


@page.post("/recommendations/<uuid:recommendation_id>/recipients/check")
def check(recommendation_id: UUID) -> ResponseReturnValue:
    """All answers in words, then one button."""
    (case, form, options), answers = _answers(recommendation_id)
    rehearse(service(), scope(), recipients.propose, recommendation_id, answers)
    return render_template(
        "recommendations/recipients_check.html",
        case=case,
        answers=words_of(form, answers, Context(formats(), options, {})),
        effects=list(recipients_effects.of_change(reading(), case, answers)),
        typed=_typed(form),
    )


@page.post("/recommendations/<uuid:recommendation_id>/recipients/send")
def send(recommendation_id: UUID) -> ResponseReturnValue:
    """Send the proposal."""
    _, answers = _answers(recommendation_id)
    received = recipients.propose(service(), scope(), recommendation_id, answers)
    say_what_came(received, SENT, WAITS)
    return redirect(url_for("recommendations.show", recommendation_id=recommendation_id))


def _form(recommendation_id: UUID) -> tuple[Recommendation, Form, Options]:
    return recipients.form(reading(), recommendation_id)


def _typed(form: Form) -> Texts:
    return entries_of(form, request.form, language().code)


Asked = tuple[Recommendation, Form, Options]


def _answers(recommendation_id: UUID) -> tuple[Asked, Mapping[str, Json]]:
    """The answers of this request's form. From here on a refusal draws the form again."""
    asked = _form(recommendation_id)
    typed = _typed(asked[1])
    redraw_on_error(lambda error: _drawn(recommendation_id, typed, error))
    answers = asked[1].read(typed, options=asked[2])
    if answers.errors:
        raise BadInput(say("Some entries need another look."), answers.errors)
    return asked, answers.values


def _drawn(recommendation_id: UUID, typed: Texts, error: TindakError | None = None) -> str:
    case, form, options = _form(recommendation_id)
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = fields_of(form, Known(typed, formats(), wrong, options))
    return render_template(
        "recommendations/recipients.html",
        case=case,
        fields=fields,
        problems=problems_of(fields),
        title=render(error.sentence) if error else "",
    )
