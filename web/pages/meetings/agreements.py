"""Agreements of rakor: who owes what from which, and one of them in full."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processes.meetings import agreements
from processes.storage.meetings.agreement_lists import Wanted
from web.frame import paging
from web.frame.parsing import optional_id
from web.gate.visitor import origin, reading, scope, service
from web.pages.files.sending import attachment
from web.words.i18n import gettext

page = Blueprint("agreements", __name__)


@page.get("/agreements")
def listed() -> ResponseReturnValue:
    """What is owed, the nearest deadline first, narrowed by the address."""
    at, late = reading(), request.args.get("late") == "yes"
    args = request.args
    wanted = Wanted(args.get("institution") or None, optional_id(args.get("meeting")))
    found = agreements.page(at, wanted, late=late, **paging.place())
    holders = agreements.holders(at)
    return render_template(
        "agreements/list.html",
        rows=found.items,
        wanted=wanted,
        late=late,
        holders=holders,
        chips=_chips(wanted, dict(holders), late=late),
        pages=paging.of(found),
    )


def _chips(wanted: Wanted, holders: dict[str, str], *, late: bool) -> list[tuple[str, str]]:
    """What the list is narrowed to: the words, and the address without it."""
    code = wanted.institution
    chosen = {
        "institution": (holders.get(code or "", code), code),
        "meeting": (gettext("One rakor"), str(wanted.meeting_id) if wanted.meeting_id else None),
        "late": (gettext("Past the deadline"), "yes" if late else None),
    }
    values = {name: value for name, (_, value) in chosen.items() if value}
    return [
        (words or "", url_for("agreements.listed", **_without(values, name)))
        for name, (words, value) in chosen.items()
        if value
    ]


def _without(values: dict[str, str], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


@page.get("/agreements/<uuid:agreement_id>")
def show(agreement_id: UUID) -> ResponseReturnValue:
    """One agreement in full."""
    at = reading()
    found = agreements.written(at, agreement_id)
    waiting = agreements.waiting(at, found)
    return render_template(
        "agreements/show.html", found=found, waiting=waiting, agreed=found.listed.found
    )


@page.get("/agreements/files/<uuid:file_id>")
def download(file_id: UUID) -> ResponseReturnValue:
    """One file that proves a fulfilment, as an attachment."""
    found = agreements.read_file(service(), scope(), file_id, address=origin().address)
    return attachment(found.sha256, found.name, found.type)
