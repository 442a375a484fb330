"""Recommendations: the list, a new one, one in full, and all its reports."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from processes.cases.recommendation import (
    recommendation_case,
    recommendation_drafts,
    recommendations,
)
from processes.papers import compilation as papers
from processes.people import institutions
from processes.rights.access import allows
from processes.work import task_drafts
from web.forms.numbers import entries_of
from web.forms.submission import Texts
from web.forms.view import Known, fields_of
from web.frame import lists, paging, parsing
from web.gate.visitor import reading, scope, service
from web.pages.cases.recommendation import recommendation_list, recommendation_page
from web.pages.work import task_page
from web.words import recommendation_labels
from web.words.i18n import formats, language

page = Blueprint("recommendations", __name__)
recommendation_labels.register(page)


@page.get("/recommendations")
def listed() -> ResponseReturnValue:
    """All visible ones, with the filters and the sorting in the address."""
    at, wanted = reading(), recommendation_list.wanted(request.args)
    sort = recommendation_list.LIST.sort()
    found = recommendations.page(
        at.connection, at.scope, at.now, wanted, sort=sort, **paging.place()
    )
    registry = institutions.registry(at.connection, at.scope)
    coordinators = recommendations.coordinators(at.connection, at.scope)
    return render_template(
        "recommendations/list.html",
        rows=found.items,
        wanted=wanted,
        institutions=[(one.code, one.short_name) for one in registry],
        coordinators=coordinators,
        chips=recommendation_list.chips(wanted, registry, dict(coordinators)),
        listing=lists.shown(recommendation_list.LIST),
        states=recommendation_list.states(),
        priorities=recommendation_list.priorities(),
        may_start=allows(at.scope, "start_recommendation"),
        pages=paging.of(found),
    )


@page.get("/recommendations/new")
def new() -> ResponseReturnValue:
    """A blank form; nothing begins before it is sent."""
    return _blank({})


@page.post("/recommendations/new")
def redraw() -> ResponseReturnValue:
    """The blank form with what was typed, and the institutions that are sought; nothing begins."""
    form, _ = recommendation_drafts.blank_form(reading())
    return _blank(entries_of(form, request.form, language().code))


def _blank(typed: Texts) -> str:
    at = reading()
    form, options = recommendation_drafts.blank_form(at)
    answers = form.read(typed, options=options).values if typed else {}
    return render_template(
        "recommendations/new.html",
        fields=fields_of(form, Known(typed, formats(), options=options)),
        outcome=recommendation_drafts.outlook(at.connection, at.scope, answers, at.now),
        id=uuid7(),
    )


@page.post("/recommendations/new/<uuid:id>")
def begin(id: UUID) -> ResponseReturnValue:
    """Begin the process with the entries as its first task's draft; then go to that task's page, or
    to its check if it is to be registered at once."""
    task_id = recommendation_drafts.begin(service(), scope(), id)
    typed = task_page.to_send(task_id)
    task_drafts.save(service(), scope(), task_id, typed)
    if request.form.get("act") == "check":
        task_page.checked(task_id, typed)
        return redirect(url_for("tasks.see_check", task_id=task_id))
    return redirect(url_for("tasks.show", task_id=task_id))


@page.post("/recommendations/outlook")
def outlook() -> ResponseReturnValue:
    """The effect of the form on the screen, while it is being filled in."""
    at = reading()
    form, options = recommendation_drafts.blank_form(at)
    answers = form.read(entries_of(form, request.form, language().code), options=options).values
    changed = parsing.optional_id(request.args.get("draft"))
    draft = recommendation_case.draft(at.connection, at.scope, changed) if changed else None
    outcome = recommendation_drafts.outlook(at.connection, at.scope, answers, at.now, draft)
    return render_template("tasks/outlook.html", outcome=outcome)


@page.get("/recommendations/<uuid:recommendation_id>")
def show(recommendation_id: UUID) -> ResponseReturnValue:
    """One recommendation in full."""
    return recommendation_page.drawn(recommendation_id)


@page.get("/recommendations/<uuid:recommendation_id>/edit")
def edit(recommendation_id: UUID) -> ResponseReturnValue:
    """Go to the task in which the draft is written; after that stage, the reason why this is
    impossible."""
    at = reading()
    task_id = recommendation_drafts.task_to_edit(at.connection, at.scope, recommendation_id)
    return redirect(url_for("tasks.show", task_id=task_id))


@page.get("/recommendations/<uuid:recommendation_id>/compilation")
def compilation(recommendation_id: UUID) -> ResponseReturnValue:
    """All its reports in one document."""
    at = reading()
    paper = papers.of(at.connection, at.scope, recommendation_id, at.now)
    return render_template(
        "recommendations/compilation.html",
        paper=paper,
        found=paper.detail,
        case=paper.detail.case,
        inside=at.scope.oversees,
    )
