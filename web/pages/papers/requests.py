"""Requests for reports on progress: the list, what each came to, asking, and letting off."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import NotFound, TindakError
from engine.sentences.sentence import Sentence, say
from processes.rights.access import allows
from processes.work.rehearsal import rehearse
from processes.written_report import asking, requests
from processes.written_report.asking import Wanted
from web.forms import own
from web.forms.own import OwnField, Texts
from web.frame import paging
from web.frame.parsing import as_id
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words import people_names
from web.words.i18n import render

page = Blueprint("requests", __name__)

ENTRIES = (
    OwnField("subject", say("Subject"), max_length=asking.LONGEST_WORDS),
    OwnField(
        "text",
        say("What is asked"),
        "textarea",
        hint=say("The institutions read it beside the form of their letter."),
        max_length=asking.LONGEST,
    ),
    OwnField("letter_number", say("Letter number"), width="short", max_length=100),
    OwnField("letter_date", say("Letter date"), "date"),
    OwnField("deadline", say("Reports are due on"), "date"),
)
REASON = (
    OwnField(
        "reason",
        say("Reason"),
        "textarea",
        hint=say("The institution reads it."),
        max_length=asking.LONGEST,
    ),
)


@page.get("/requests")
def listed() -> ResponseReturnValue:
    """The requests that the reader may read, the newest first."""
    at = reading()
    found = requests.page(at.connection, at.scope, at.now, **paging.place())
    may_ask = allows(at.scope, "ask_reports")
    return render_template(
        "requests/list.html", rows=found.items, pages=paging.of(found), may_ask=may_ask
    )


@page.get("/requests/<uuid:request_id>")
def show(request_id: UUID) -> ResponseReturnValue:
    """What one request came to: who has answered, and who has not."""
    at = reading()
    found = requests.detail(at.connection, at.scope, request_id, at.now, **paging.place())
    people_names.look_up({found.by, *(one.part.dropped_by or "" for one in found.parts.items)})
    return render_template("requests/request.html", found=found, pages=paging.of(found.parts))


@page.get("/requests/new")
def new() -> ResponseReturnValue:
    """The empty form."""
    return _drawn({})


@page.post("/requests/new")
def ask() -> ResponseReturnValue:
    """Ask, once it was read in words whom it reaches."""
    texts = own.typed()
    redraw_on_error(lambda error: _drawn(texts, error))
    if own.goes_back():
        return _drawn(texts)
    own.refuse_longer(ENTRIES, texts)
    wanted = _wanted(texts)
    if own.is_checked():
        effects = _effects(wanted)
        return own.check(_entries(), texts, say("Ask for reports"), effects)
    request_id = asking.ask(service(), scope(), wanted)
    flash(render(say("The request is being sent. This page says who has answered.")), "done")
    return redirect(url_for(".show", request_id=request_id))


def _wanted(texts: Texts) -> Wanted:
    return Wanted(
        subject=own.text(texts, "subject"),
        text=own.text(texts, "text"),
        letter_number=own.text(texts, "letter_number"),
        letter_date=parse_date(own.text(texts, "letter_date")),
        deadline=parse_date(own.text(texts, "deadline")),
        recommendations=frozenset(as_id(one) for one in texts.get("recommendation", []) if one),
        institutions=frozenset(one for one in texts.get("institution", []) if one),
    )


def _effects(wanted: Wanted) -> list[Sentence]:
    at = reading()
    reach = asking.check(at.connection, at.scope, wanted, at.now)
    return [
        say(
            "{institutions} institutions are asked about {cases} follow-ups of {recommendations} "
            "recommendations: {names}.",
            institutions=len(reach.asked),
            cases=reach.cases,
            recommendations=reach.recommendations,
            names=", ".join(reach.names),
        ),
        say("Each institution gets one task, due on {day}, and one mail.", day=wanted.deadline),
        say("Whoever has handed in the final report is not asked."),
    ]


def _entries() -> tuple[OwnField, ...]:
    """The entries with whom one can ask about what."""
    at = reading()
    found = requests.choices(at.connection, at.scope)
    offered = [(str(one.id), f"{one.number or '–'} – {one.title}") for one in found.recommendations]
    return (
        *ENTRIES,
        OwnField(
            "recommendation",
            say("Recommendations"),
            "checklist",
            required=False,
            hint=say("None ticked: all that are being worked on."),
            options=offered,
        ),
        OwnField(
            "institution",
            say("Institutions"),
            "checklist",
            required=False,
            hint=say("None ticked: every institution concerned."),
            options=found.institutions,
        ),
    )


def _drawn(texts: Texts, error: TindakError | None = None) -> str:
    return own.page("requests/new.html", _entries(), texts, error)


@page.get("/requests/<uuid:request_id>/parts/<uuid:part_id>")
def letting_off(request_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """The form that lets one institution off."""
    return _letting_off(request_id, part_id, {})


@page.post("/requests/<uuid:request_id>/parts/<uuid:part_id>")
def let_off(request_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """Let it off, with a reason."""
    texts = own.typed()
    redraw_on_error(lambda error: _letting_off(request_id, part_id, texts, error))
    if own.goes_back():
        return _letting_off(request_id, part_id, texts)
    own.refuse_longer(REASON, texts)
    reason = own.text(texts, "reason")
    if own.is_checked():
        rehearse(service(), scope(), asking.drop, part_id, reason)
        effects = [
            say("The task of the institution ends, and its contacts are told."),
            say("What it has written stays readable as a draft."),
        ]
        return own.check(REASON, texts, say("Drop the request"), effects)
    asking.drop(service(), scope(), part_id, reason)
    flash(render(say("The report is not asked for any more.")), "done")
    return redirect(url_for(".show", request_id=request_id))


def _letting_off(
    request_id: UUID, part_id: UUID, texts: Texts, error: TindakError | None = None
) -> str:
    at = reading()
    found = requests.one_part(at.connection, at.scope, part_id, at.now)
    if found.request.id != request_id:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    return own.page("requests/let_off.html", REASON, texts, error, found=found)


@page.post("/follow-ups/<uuid:follow_up_id>/progress-report")
def begin(follow_up_id: UUID) -> ResponseReturnValue:
    """Begin a report on progress that nobody asked for; its task is the form."""
    task_id = asking.begin_unasked(service(), scope(), [follow_up_id])
    return redirect(url_for("tasks.show", task_id=task_id))
