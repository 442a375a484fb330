"""Escalations: late work, its holder, its recipients, and the possible acts."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from processes.work import decisions, escalations
from web.frame import paging
from web.gate.visitor import reading
from web.pages.work import escalation_board
from web.words import institution_names

page = Blueprint("escalations", __name__)


@page.get("/escalations")
def show() -> ResponseReturnValue:
    """What waits for the reader's decision, then what stands escalated, grouped by level, highest
    first; or what stands at one level."""
    at, level = reading(), _level(request.args.get("level", ""))
    lowest = escalations.LATE if level is None else level
    found = escalations.page(
        at.connection, at.scope, at.now, from_level=lowest, to_level=level, **paging.place()
    )
    counts = escalations.counts(at.connection, at.scope) if found.items else {}
    nearest = None if found.items else escalations.next_deadline(at.connection, at.scope, at.now)
    institution_names.look_up(row.escalation.task for row in found.items if not row.holder)
    first_page = level is None and not request.args.get("after") and not request.args.get("before")
    return render_template(
        "escalations/board.html",
        groups=escalation_board.groups(found.items, counts, at.now),
        narrowed=level is not None,
        pages=paging.of(found),
        nearest=nearest,
        decisions=decisions.waiting(at.connection, at.scope, at.now) if first_page else None,
    )


def _level(text: str) -> int | None:
    """The level the board is narrowed to; what is none narrows nothing."""
    return int(text) if text.isdecimal() and len(text) < 3 else None
