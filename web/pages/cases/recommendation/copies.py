"""Copies: the recommendations of which the reader's institution is only informed."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes.cases.recommendation import recommendations
from web.frame import paging
from web.gate.visitor import reading

page = Blueprint("copies", __name__)


@page.get("/copies")
def listed() -> ResponseReturnValue:
    """All of them, newest first; each leads to the recommendation as it was issued."""
    at = reading()
    found = recommendations.copies(at.connection, at.scope, **paging.place())
    return render_template("copies/list.html", rows=found.items, pages=paging.of(found))
