"""Incidents: failed work, trying it again or giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.records.states import Outcome
from engine.sentences.sentence import Sentence, say
from processes.desk import repairs
from processes.storage.desk.incident_list import NEWEST, Wanted
from web.frame import lists, paging
from web.frame.lists import ListOf, day_of, days_words, searched, span_of
from web.gate.visitor import reading, scope, service
from web.words import people_names
from web.words.i18n import language, render

page = Blueprint("incidents", __name__)

LIST = ListOf(
    "incidents",
    "incidents.listed",
    ("q", "process", "from", "to"),
    {
        "newest": say("Since"),
        "process": say("Process"),
        "step": say("Step"),
        "tries": say("Tries"),
    },
    NEWEST,
)
KINDS: dict[str, Sentence] = {
    "complete": say("Completing a task"),
    "timer": say("Timer"),
    "message": say("Message"),
    "send": say("Message"),
    "signal": say("Signal"),
    "hear": say("Signal"),
    "activity": say("Start of an activity"),
    "external": say("External task"),
    "external_error": say("Error of a worker"),
    "external_escalation": say("Escalation of a worker"),
    "external_retry": say("External task"),
    "extend": say("Extension of a deadline"),
    "withdraw": say("Withdrawal"),
    "start": say("Start of a case"),
    "begin": say("Start of a case"),
    "mail": say("Mail"),
}
"""The failed work, by kind of command or job."""
GIVEN_UP: dict[str, Sentence] = {
    "complete": say(
        "The task opens again. What was entered is kept as a draft for the one who entered it."
    ),
    "timer": say("This timer will not fire again. The case stays where it is."),
    "message": say("The message is dropped. The case waits on for another one."),
    "send": say("The message is dropped. The case waits on for another one."),
    "start": say("This case does not start. Others of its process do."),
    "begin": say("The timer starts nothing any more until the next release of its process."),
    "activity": say("The activity is not started. It can be chosen again."),
    "external": say("What the worker sent is dropped. The external task is given out again."),
    "external_error": say("What the worker sent is dropped. The external task is given out again."),
    "external_escalation": say(
        "What the worker sent is dropped. The external task is given out again."
    ),
    "extend": say("The deadline stays as it is."),
    "withdraw": say("The case is not withdrawn."),
}
"""The effect of giving up, by kind of command."""
RETRIED: dict[Outcome, Sentence] = {
    Outcome.DONE: say("It worked this time: what had failed is done."),
    Outcome.OFFERED: say("The external task is given out again."),
    Outcome.OVERTAKEN: say(
        "Nothing was left to repeat: the case has gone on without it. The incident is closed."
    ),
    Outcome.FAILED: say("It failed again. The newest reason stands below."),
}


@page.get("/incidents")
def listed() -> ResponseReturnValue:
    """The open incidents, with the filters and the sorting in the address; on the bare list also
    how many jobs were given up."""
    at, wanted = reading(), _wanted()
    found = repairs.page(at, wanted, sort=LIST.sort(), **paging.place())
    about = repairs.overview(at, wanted)
    people_names.look_up(one.incident.by for one in found.items if one.incident.by)
    chips = _chips(wanted, about.processes)
    is_whole = not chips and not found.earlier
    return render_template(
        "incidents/list.html",
        stuck=found.items,
        number=about.number,
        processes=[(key, language().model_text(name)) for key, name in about.processes.items()],
        wanted=wanted,
        days=(day_of("from"), day_of("to")),
        chips=chips,
        listing=lists.shown(LIST),
        dead=repairs.count_dead_letters(at) if is_whole else None,
        kinds=KINDS,
        given_up=GIVEN_UP,
        pages=paging.of(found),
    )


def _wanted() -> Wanted:
    since, until = span_of("from", "to")
    return Wanted(request.args.get("process") or None, searched(), since, until)


def _chips(wanted: Wanted, processes: Mapping[str, str]) -> list[tuple[str, str]]:
    key = wanted.key or ""
    words = {
        "process": language().model_text(processes.get(key, key)),
        "q": wanted.searched,
        **days_words("from", "to"),
    }
    return [(text, LIST.address(**{name: None})) for name, text in words.items() if text]


@page.get("/incidents/jobs")
def given_up() -> ResponseReturnValue:
    """The jobs that are not tried again by themselves."""
    at = reading()
    found = repairs.dead_letters(at, **paging.place())
    return render_template(
        "incidents/jobs.html",
        dead=found.items,
        number=repairs.count_dead_letters(at),
        kinds=KINDS,
        pages=paging.of(found),
    )


@page.post("/incidents/<uuid:incident_id>/retry")
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Repeat the failed command."""
    repair = repairs.retry(service(), scope(), incident_id)
    failed = repair.outcome == Outcome.FAILED
    flash(render(RETRIED[repair.outcome]), "danger" if failed else "done")
    return redirect(url_for("incidents.listed"))


@page.get("/incidents/<uuid:incident_id>/discard")
def check_discard(incident_id: UUID) -> ResponseReturnValue:
    """The effect of giving up, then one button."""
    at = reading()
    found = repairs.one(at.connection, at.scope, incident_id)
    people_names.look_up([found.incident.by] if found.incident.by else [])
    return render_template("incidents/discard.html", stuck=found, kinds=KINDS, given_up=GIVEN_UP)


@page.post("/incidents/<uuid:incident_id>/discard")
def discard(incident_id: UUID) -> ResponseReturnValue:
    """Give the input back to its author."""
    repairs.discard(service(), scope(), incident_id)
    flash(render(say("The incident is closed; nothing was repeated.")), "done")
    return redirect(url_for("incidents.listed"))


@page.post("/incidents/jobs/<uuid:job_id>/retry")
def revive(job_id: UUID) -> ResponseReturnValue:
    """Try a dead job again."""
    repairs.revive(service(), scope(), job_id)
    flash(render(say("The job is due again and runs within a minute.")), "done")
    return redirect(url_for("incidents.given_up"))
