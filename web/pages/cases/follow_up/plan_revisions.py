"""Revising an action plan: the form of the plan with the reason, checked before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import Form, Json, parse_date
from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import Sentence, say
from processes.cases.follow_up import corrections, follow_up_models, follow_ups
from processes.cases.follow_up.follow_ups import Detail
from processes.work import written_again
from processes.work.rehearsal import rehearse
from web.forms.answers_shown import Context, words_of
from web.forms.echoes import Days
from web.forms.numbers import entries_of
from web.forms.own import goes_back, is_checked
from web.forms.submission import Texts, redrawn
from web.forms.view import Known, fields_of, problems_of
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.cases.follow_up.named_follow_ups import name_of
from web.words.i18n import formats, language, render

page = Blueprint("plan_revisions", __name__)
EFFECT = say("Every version is kept; the newest one counts. Deadlines stay as they are.")


@page.get("/follow-ups/<uuid:follow_up_id>/plan")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """The plan as it stands, to be changed."""
    found, form, refusal = _read(follow_up_id)
    return _drawn(found, form, _written(found), refusal)


@page.post("/follow-ups/<uuid:follow_up_id>/plan")
def revise(follow_up_id: UUID) -> ResponseReturnValue:
    """A row more or less, the check, or the revision itself."""
    found, form, refusal = _read(follow_up_id)
    texts = entries_of(form, request.form, language().code)
    changed = redrawn(request.form.get("act", ""), texts)
    if changed is not None or goes_back():
        return _drawn(found, form, texts if changed is None else changed, refusal)
    redraw_on_error(lambda error: _again(follow_up_id, texts, error))
    answers = _answers(form, texts)
    if is_checked():
        rehearse(service(), scope(), corrections.revise_plan, follow_up_id, answers)
        return _check(follow_up_id, answers, texts)
    corrections.revise_plan(service(), scope(), follow_up_id, answers)
    flash(render(say("The revised action plan is in force; the earlier version is kept.")), "done")
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id, _anchor="plan"))


def _answers(form: Form, texts: Texts) -> Mapping[str, Json]:
    answers = form.read(texts)
    if answers.errors:
        raise BadInput(say("Some entries need another look."), answers.errors)
    return answers.values


def _check(follow_up_id: UUID, answers: Mapping[str, Json], texts: Texts) -> str:
    found, form, _ = _read(follow_up_id)
    return render_template(
        "forms/check.html",
        answers=words_of(form, answers, Context(formats(), {}, {}, _days(found))),
        typed=texts,
        words=render(say("Send revised plan")),
        effects=[EFFECT],
        back="",
        about=name_of(follow_up_id, "revise_plan"),
        warning=render(say("Is everything right? The plan can be revised again, with a reason.")),
        address=request.path,
    )


def _again(follow_up_id: UUID, texts: Texts, error: TindakError | None) -> str:
    found, form, refusal = _read(follow_up_id)
    return _drawn(found, form, texts, refusal, error)


def _drawn(
    found: Detail,
    form: Form,
    texts: Texts,
    refusal: Sentence | None,
    error: TindakError | None = None,
) -> str:
    wrong = error.fields if isinstance(error, BadInput) else {}
    fields = fields_of(form, Known(texts, formats(), wrong, days=_days(found)))
    return render_template(
        "follow_ups/plan.html",
        found=found,
        fields=fields,
        problems=problems_of(fields),
        title=render(error.sentence) if error else "",
        refusal=refusal,
        effect=EFFECT,
    )


def _read(follow_up_id: UUID) -> tuple[Detail, Form, Sentence | None]:
    """The case, the form, and why the plan cannot be revised now, for who may revise one."""
    at = reading()
    readable = follow_ups.readable(at.connection, at.scope, follow_up_id, "revise_plan")
    version = follow_up_models.version_of(at, readable[0])
    form = follow_up_models.plan_form(version.program)
    found = follow_ups.whole(at.connection, at.scope, readable, at.now, version.names)
    return found, form, corrections.refusals(found, version)["revise_plan"]


def _written(found: Detail) -> Texts:
    """The newest version, as the entries of its form."""
    texts = {"unit": [found.plan[0].responsible_unit]} if found.plan else {}
    for number, row in enumerate(found.plan):
        due = parse_date(row.due) if row.due else None
        entries = {
            "activity": row.activity,
            "unit": row.unit,
            "target": row.target,
            "due": written_again.typed_day(due) if due else row.due,
        }
        texts |= {f"activities[{number}].{name}": [text or ""] for name, text in entries.items()}
    return texts


def _days(found: Detail) -> Days:
    today = found.calendar.today(reading().now)
    return Days(found.calendar, today, found.case.institution)
