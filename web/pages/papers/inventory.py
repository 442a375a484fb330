"""The matrix of follow-ups: the position of every institution on one page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from processes.papers import inventory
from web.frame import paging
from web.gate.visitor import reading
from web.pages.papers import matrix, matrix_figures

page = Blueprint("inventory", __name__)


@page.get("/inventory")
def show() -> ResponseReturnValue:
    """The matrix, or what the address picks out of it."""
    at, pick = reading(), matrix_figures.pick(request.args.get("only"))
    found = inventory.matrix(at.connection, at.scope, at.now, pick=pick, **paging.place())
    lines = matrix.rows(found)
    return render_template(
        "inventory/matrix.html",
        found=found,
        pick=pick,
        lines=lines,
        tables=matrix.tables(found, lines),
        legend=matrix.legend(),
        findings=matrix.findings(),
        pages=paging.around(found.first, found.last),
        figures=matrix_figures.figures(found, pick),
        feet=matrix_figures.feet(found, pick),
        everybody=matrix_figures.everybody(found),
        pick_words=matrix_figures.pick_words(pick) if pick else "",
    )
