"""Rakor: the list, a new one with its choice of recommendations, and one in full."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, TindakError
from processes.acts.reading import Reading
from processes.days.calendars import common_calendar
from processes.meetings import agreements, in_session, meetings
from processes.people import institutions
from processes.rights.access import allows
from processes.storage.meetings.covered_rows import Candidate, Wanted
from web.frame import paging, parsing
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words.i18n import render

page = Blueprint("meetings", __name__)

SHOWN = 200
"""So many recommendations are listed to be chosen one by one; all that fit can be chosen at
once."""


@page.get("/meetings")
def listed() -> ResponseReturnValue:
    """Every rakor that the reader may read, newest first."""
    at = reading()
    found = meetings.page(at, **paging.place())
    return render_template(
        "meetings/list.html",
        rows=found.items,
        pages=paging.of(found),
        may_start=allows(at.scope, "start_meeting"),
    )


@page.get("/meetings/new")
def new() -> ResponseReturnValue:
    """The recommendations that a rakor can cover, narrowed; nothing begins before it is sent."""
    return _choice(None)


@page.post("/meetings/new/<uuid:id>")
def begin(id: UUID) -> ResponseReturnValue:
    """Begin a rakor over what was chosen; then go to the task that prepares it."""
    redraw_on_error(lambda error: _choice(None, error))
    task_id = meetings.begin(service(), scope(), id, _chosen())
    return redirect(url_for("tasks.show", task_id=task_id))


@page.get("/meetings/<uuid:meeting_id>/recommendations")
def choose(meeting_id: UUID) -> ResponseReturnValue:
    """The same choice for a rakor that is being prepared."""
    return _choice(meeting_id)


@page.post("/meetings/<uuid:meeting_id>/recommendations")
def cover(meeting_id: UUID) -> ResponseReturnValue:
    """Let the rakor cover what was chosen."""
    redraw_on_error(lambda error: _choice(meeting_id, error))
    meetings.choose(service(), scope(), meeting_id, _chosen())
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@page.get("/meetings/<uuid:meeting_id>")
def show(meeting_id: UUID) -> ResponseReturnValue:
    """One rakor: what it is about, who is invited, how it moved, and what comes next."""
    at = reading()
    found = meetings.detail(at, meeting_id)
    return render_template(
        "meetings/rakor.html",
        found=found,
        case=found.case,
        scans=found.scans,
        now_says=found.fingerprint,
        may_change=found.changeable and allows(at.scope, "change_meeting", found.relations),
        may_choose=found.choosable and allows(at.scope, "choose_covered", found.relations),
        may_type=found.case.state in in_session.OPEN
        and allows(at.scope, in_session.RIGHT, found.relations),
        settled=agreements.of_meeting(at, meeting_id),
        left_open=agreements.left_open(at, found.previous.id) if found.previous else (),
    )


def _chosen() -> list[UUID]:
    """The recommendations that the form names, or all that fit its choice."""
    if request.form.get("which") != "all":
        return [parsing.as_id(text) for text in request.form.getlist("recommendations")]
    at = reading()
    return [one.id for one in _candidates(at, _wanted(), meetings.MOST + 1)]


def _wanted() -> Wanted:
    asked = request.values
    return Wanted(
        institution=asked.get("institution", "")[:40],
        late=asked.get("time") == "late",
        letter=asked.get("letter", "").strip()[:200],
    )


def _candidates(at: Reading, wanted: Wanted, limit: int) -> list[Candidate]:
    today = common_calendar(at.connection).today(at.now)
    return list(meetings.candidates(at, wanted, today, limit))


def _choice(meeting_id: UUID | None, error: TindakError | None = None) -> str:
    at, wanted = reading(), _wanted()
    case = meetings.choosable(at, meeting_id) if meeting_id else None
    found = _candidates(at, wanted, meetings.MOST + 1)
    registry = institutions.registry(at.connection, at.scope)
    wrong = error.fields.get("recommendations") if isinstance(error, BadInput) else None
    return render_template(
        "meetings/choice.html",
        case=case,
        id=uuid7(),
        rows=found[:SHOWN],
        number=len(found),
        most=meetings.MOST,
        wanted=wanted,
        chosen=set(meetings.covered(at, meeting_id)) if meeting_id else None,
        institutions=[(one.code, one.short_name) for one in registry],
        wrong=render(wrong or error.sentence) if error else "",
    )
