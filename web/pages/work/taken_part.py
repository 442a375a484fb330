"""What the reader took part in: the drafts they commented on."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from processes.cases import taken_part
from processes.storage.people import institutions
from web.frame import paging
from web.gate.visitor import reading

page = Blueprint("taken_part", __name__)


@page.get("/inbox/taken-part")
def show() -> ResponseReturnValue:
    """Newest first, page by page."""
    at = reading()
    found = taken_part.page(at.connection, at.scope, **paging.place())
    codes = {one.institution for one in found.items}
    return render_template(
        "inbox/taken_part.html",
        rows=found.items,
        names=institutions.short_names(at.connection, codes),
        pages=paging.of(found),
    )
