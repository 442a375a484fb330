"""Escalations: what is late, who holds it since when, who was told, and what can be done now."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes import escalations
from web import escalation_board, paging
from web.visitor import scope, service

page = Blueprint("escalations", __name__)


@page.get("/escalations")
def show() -> ResponseReturnValue:
    """What stands escalated, grouped by level, highest first."""
    engine = service().engine
    with engine.reading() as connection:
        now = engine.on(connection).now()
        found = escalations.page(connection, scope(), now, **paging.place())
        nearest = None if found.items else escalations.next_deadline(connection, scope(), now)
    return render_template(
        "escalations/board.html",
        groups=escalation_board.groups(found.items),
        pages=paging.of(found),
        nearest=nearest,
    )
