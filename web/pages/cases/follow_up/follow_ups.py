"""Follow-ups: the list of visible cases, and the position of one of them with the reasons."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.sentence import say
from processes.cases.follow_up import follow_up_acts, follow_up_list, follow_up_models
from web.frame import lists, paging
from web.gate.visitor import reading, scope, service
from web.pages.cases.follow_up import follow_up_filters, follow_up_page
from web.words import institution_names
from web.words.i18n import render

page = Blueprint("follow_ups", __name__)

DAY = 24 * 60 * 60


@page.get("/follow-ups")
def listed() -> ResponseReturnValue:
    """Cases, with the filters and the sorting in the address."""
    at, wanted = reading(), follow_up_filters.wanted(request.args)
    found = follow_up_list.page(
        at.connection,
        at.scope,
        wanted,
        at.now,
        sort=follow_up_filters.LIST.sort(),
        **paging.place(),
    )
    choices = follow_up_list.choices(at.connection, at.scope)
    institution_names.look_up(row.task for row in found.items if row.task and not row.holder)
    return render_template(
        "follow_ups/list.html",
        rows=found.items,
        wanted=wanted,
        choices=choices,
        chips=follow_up_filters.chips(wanted, choices),
        listing=lists.shown(follow_up_filters.LIST),
        times=follow_up_filters.TIMES,
        stages=follow_up_filters.stages(),
        groups=follow_up_filters.groups(),
        several=len(choices.institutions) > 1,
        of_institution=bool(at.scope.institutions),
        pages=paging.of(found),
    )


@page.get("/follow-ups/<uuid:follow_up_id>")
def show(follow_up_id: UUID) -> ResponseReturnValue:
    """One case in full."""
    return follow_up_page.drawn(follow_up_id)


@page.get("/follow-ups/<uuid:follow_up_id>/drawing")
def drawing(follow_up_id: UUID) -> ResponseReturnValue:
    """The drawing of the case's version; it never changes for the case."""
    content = follow_up_models.drawing(reading(), follow_up_id)
    response = Response(content, mimetype="application/xml")
    response.headers["Cache-Control"] = f"private, max-age={DAY}"
    return response


@page.post("/follow-ups/<uuid:follow_up_id>/kind")
def set_kind(follow_up_id: UUID) -> ResponseReturnValue:
    """Set the kind of work."""
    follow_up_acts.set_kind(service(), scope(), follow_up_id, request.form.get("kind", ""))
    flash(render(say("The kind of work is noted.")), "done")
    return redirect(url_for("follow_ups.show", follow_up_id=follow_up_id))
