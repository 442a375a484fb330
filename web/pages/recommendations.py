"""Recommendations: the list of all, a new one, what has become of one, and all its reports."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from processes import compilation as papers
from processes import institutions, recommendation_drafts, recommendations
from processes import task_page as reading
from processes.access import allows
from web import (
    paging,
    recommendation_list,
    recommendation_page,
    recommendation_words,
    task_page,
)
from web.forms.submission import texts_of
from web.forms.view import Known, fields_of
from web.i18n import formats
from web.visitor import scope, service

page = Blueprint("recommendations", __name__)
recommendation_words.register(page)


@page.get("/recommendations")
def listed() -> ResponseReturnValue:
    """All of them, newest first, narrowed by the filters in the address."""
    engine, wanted = service().engine, recommendation_list.wanted(request.args)
    with engine.reading() as connection:
        now = engine.on(connection).now()
        found = recommendations.page(connection, scope(), now, wanted, **paging.place())
        registry = institutions.registry(connection, scope())
    return render_template(
        "recommendations/list.html",
        rows=found.items,
        wanted=wanted,
        institutions=[(one.code, one.short_name) for one in registry],
        chips=recommendation_list.chips(wanted, registry, request.args),
        states=recommendation_list.states(),
        priorities=recommendation_list.priorities(),
        may_start=allows(scope(), "start_recommendation"),
        pages=paging.of(found),
    )


@page.get("/recommendations/new")
def new() -> ResponseReturnValue:
    """A blank form; nothing has begun before it is sent."""
    form, options = recommendation_drafts.blank_form(service(), scope())
    return render_template(
        "recommendations/new.html",
        fields=fields_of(form, Known({}, formats(), options=options)),
        outcome=_outlook({}),
        id=uuid7(),
    )


@page.post("/recommendations/new/<uuid:id>")
def begin(id: UUID) -> ResponseReturnValue:
    """Begin the process with what was typed as its first task's draft; then that task's page, or
    its check when it is to be registered at once."""
    task_id = recommendation_drafts.begin(service(), scope(), id)
    typed = task_page.take_in(task_id)
    reading.save_draft(service(), scope(), task_id, typed)
    if request.form.get("act") == "check":
        task_page.checked(task_id, typed)
        return redirect(url_for("tasks.see_check", task_id=task_id))
    return redirect(url_for("tasks.show", task_id=task_id))


@page.post("/recommendations/outlook")
def outlook() -> ResponseReturnValue:
    """What the form on the screen would mean, while it is being filled in."""
    return render_template("tasks/outlook.html", outcome=_outlook(texts_of(request.form)))


@page.get("/recommendations/<uuid:recommendation_id>")
def show(recommendation_id: UUID) -> ResponseReturnValue:
    """One recommendation in full."""
    return recommendation_page.drawn(recommendation_id)


@page.get("/recommendations/<uuid:recommendation_id>/edit")
def edit(recommendation_id: UUID) -> ResponseReturnValue:
    """To the task in which a draft is written; of one that is none any more, why not."""
    with service().reading() as connection:
        task_id = recommendation_drafts.task_to_edit(connection, scope(), recommendation_id)
    return redirect(url_for("tasks.show", task_id=task_id))


@page.get("/recommendations/<uuid:recommendation_id>/compilation")
def compilation(recommendation_id: UUID) -> ResponseReturnValue:
    """All reports of it in one document."""
    engine = service().engine
    with engine.reading() as connection:
        now = engine.on(connection).now()
        paper = papers.of(connection, scope(), recommendation_id, now)
    return render_template(
        "recommendations/compilation.html",
        paper=paper,
        found=paper.detail,
        case=paper.detail.case,
        inside=scope().oversees,
    )


def _outlook(typed: dict[str, list[str]]) -> recommendation_drafts.Outlook:
    engine = service().engine
    form, options = recommendation_drafts.blank_form(service(), scope())
    answers = form.read(typed, options=options).values
    with engine.reading() as connection:
        now = engine.on(connection).now()
        return recommendation_drafts.outlook(connection, scope(), answers, now)
