"""The matrix of follow-ups: the position of every institution on one page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from processes.acts.reading import Reading
from processes.cases.recommendation import recommendations
from processes.papers import inventory
from processes.people import institutions
from processes.storage.cases.lists.follow_up_lists import Wanted
from web.documents import workbooks
from web.documents.making import workbook
from web.documents.writer import of_reader
from web.frame import lists, paging
from web.frame.lists import searched
from web.gate.visitor import reading
from web.pages.papers import matrix, matrix_figures

page = Blueprint("inventory", __name__)

WHOLE = 1_000
"""Recommendations on one page for printing."""


@page.get("/inventory")
def show() -> ResponseReturnValue:
    """The matrix, or what the address picks out of it; for printing all of it at once."""
    at, pick, wanted = reading(), matrix_figures.pick(request.args.get("only")), _wanted()
    most = WHOLE if request.args.get("whole") else inventory.ROWS
    found = inventory.matrix(
        at.connection, at.scope, at.now, pick=pick, wanted=wanted, limit=most, **paging.place()
    )
    lines = matrix.rows(found)
    choices = _choices(at)
    return render_template(
        "inventory/matrix.html",
        found=found,
        pick=pick,
        wanted=wanted,
        lines=lines,
        whole=most == WHOLE,
        excel=f"/inventory.xlsx?{request.query_string.decode()}".rstrip("?"),
        everything=matrix_figures.LIST.address(whole="1"),
        tables=matrix.tables(found, lines),
        legend=matrix.legend(),
        findings=matrix.findings(),
        pages=paging.around(found.first, found.last),
        figures=matrix_figures.figures(found, pick),
        feet=matrix_figures.feet(found, pick),
        everybody=matrix_figures.everybody(found),
        pick_words=matrix_figures.pick_words(pick) if pick else "",
        listing=lists.shown(matrix_figures.LIST),
        chips=_chips(wanted, choices),
        **choices,
    )


@page.get("/inventory.xlsx")
def as_excel() -> ResponseReturnValue:
    """All that the address picks out, as a workbook."""
    at, pick, wanted = reading(), matrix_figures.pick(request.args.get("only")), _wanted()
    write = of_reader()
    found = inventory.picked(at.connection, at.scope, at.now, pick=pick, wanted=wanted)
    return workbook(workbooks.inventory(write, found), f"inventory {at.now:%Y-%m-%d}")


def _wanted() -> Wanted:
    return Wanted(
        institution=request.args.get("institution") or None,
        coordinator=request.args.get("coordinator") or None,
        searched=searched(),
    )


def _choices(at: Reading) -> dict[str, list[tuple[str, str]]]:
    registry = institutions.registry(at.connection, at.scope)
    return {
        "institutions": [(one.code, one.short_name) for one in registry],
        "coordinators": recommendations.coordinators(at.connection, at.scope),
    }


def _chips(wanted: Wanted, choices: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str]]:
    code, coordinator = wanted.institution or "", wanted.coordinator or ""
    words = {
        "institution": dict(choices["institutions"]).get(code, code),
        "coordinator": dict(choices["coordinators"]).get(coordinator, ""),
        "q": wanted.searched,
    }
    on = {name: text for name, text in words.items() if text}
    return [(text, matrix_figures.LIST.address(**{name: None})) for name, text in on.items()]
