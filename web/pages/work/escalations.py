"""Escalations: what is late, who holds it since when, who was told, and what can be done now."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes.work import escalations
from web.frame import paging
from web.gate.visitor import reading
from web.pages.work import escalation_board
from web.words import institution_names

page = Blueprint("escalations", __name__)


@page.get("/escalations")
def show() -> ResponseReturnValue:
    """What stands escalated, grouped by level, highest first."""
    at = reading()
    found = escalations.page(at.connection, at.scope, at.now, **paging.place())
    nearest = None if found.items else escalations.next_deadline(at.connection, at.scope, at.now)
    institution_names.look_up(row.escalation.task for row in found.items if not row.holder)
    return render_template(
        "escalations/board.html",
        groups=escalation_board.groups(found.items, at.now),
        pages=paging.of(found),
        nearest=nearest,
    )
