"""One task: its question and reason, the form, the check before sending, and the result."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.sentence import Sentence, say
from processes.work import task_drafts, tasks
from processes.work import task_page as of_task
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.submission import REQUEST, redrawn
from web.frame.received import say_what_came
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.work import task_acts, task_page
from web.pages.work import task_drafts as drafts_page
from web.words.i18n import language, render
from web.words.task_labels import done_of

page = Blueprint("tasks", __name__)

VERSION, OTHER = "Draft-Version", "Draft-Other"
"""Headers of an answer to a page that saves by itself: which save it was, and whether it was over
what another page had saved meanwhile."""


@page.get("/tasks/<uuid:task_id>")
def show(task_id: UUID) -> ResponseReturnValue:
    """The page with the answers typed before."""
    return task_page.opened(task_id)


@page.post("/tasks/<uuid:task_id>")
def redraw(task_id: UUID) -> ResponseReturnValue:
    """A row or a file more or less: the form again, nothing lost."""
    (typed, refused), act = task_page.take_in(task_id), request.form.get("act", "")
    return task_page.drawn(task_id, redrawn(act, typed) or typed, refused)


@page.post("/tasks/<uuid:task_id>/draft")
def save_draft(task_id: UUID) -> ResponseReturnValue:
    """Keep what was typed: by the button (back to the page) or by itself (a few words)."""
    typed, refused = task_page.take_in(task_id)
    saved = drafts_page.keep(task_id, typed)
    words = render(drafts_page.saved_words(saved))
    if request.headers.get("HX-Request"):
        return words, {VERSION: str(saved.draft.version), OTHER: "1" if saved.over else ""}
    # Drawn, not redirected: it stays the same tab of the same form.
    flash(words, "soon" if saved.over else "done")
    return task_page.drawn(task_id, typed, refused, draft=saved.draft)


@page.get("/tasks/<uuid:task_id>/draft/version")
def draft_version(task_id: UUID) -> ResponseReturnValue:
    """How often the reader's draft was saved: the page asks whether what was typed last is in."""
    at = reading()
    of_task.task(at, task_id)
    draft = task_drafts.own(at, task_id)
    return str(draft.version if draft else 0), {"Content-Type": "text/plain"}


@page.get("/tasks/<uuid:task_id>/draft/earlier")
def earlier_texts(task_id: UUID) -> ResponseReturnValue:
    """What the draft held before something else was saved over it."""
    return drafts_page.earlier(task_id)


@page.post("/tasks/<uuid:task_id>/draft/earlier/<int:version>")
def take_back(task_id: UUID, version: int) -> ResponseReturnValue:
    """Let an earlier text count again."""
    task_drafts.take_back(service(), scope(), task_id, version)
    return _back(task_id, say("The earlier text counts again; the other one is kept."))


@page.get("/tasks/<uuid:task_id>/complete")
@page.get("/tasks/<uuid:task_id>/draft")
def again(task_id: UUID) -> ResponseReturnValue:
    """Addresses that a form leaves behind: a reader who returns to one finds the form."""
    return task_page.opened(task_id)


@page.post("/tasks/<uuid:task_id>/check")
def check(task_id: UUID) -> ResponseReturnValue:
    """Keep what can be sent, and go on to see it in words. That is a page of its own, so that the
    browser's way back from what was sent never asks to send a form again."""
    typed = task_page.to_send(task_id)
    task_page.checked(task_id, typed)
    rehearse(service(), scope(), tasks.hand_in, task_id, typed)
    saved = drafts_page.keep(task_id, typed)
    if saved.over is not None:
        flash(render(drafts_page.saved_words(saved)), "soon")
    return redirect(url_for("tasks.see_check", task_id=task_id))


@page.get("/tasks/<uuid:task_id>/check")
def see_check(task_id: UUID) -> ResponseReturnValue:
    """All answers in words, then one button."""
    return task_page.check(task_id)


@page.post("/tasks/<uuid:task_id>/complete")
def complete(task_id: UUID) -> ResponseReturnValue:
    """Send it: the engine takes it in once, and the page says what happens next."""
    typed = task_page.to_send(task_id)
    # The id of one drawing of the form: sent twice, it is taken in once.
    drawing = request.form.get(REQUEST)
    outcome = tasks.complete(service(), scope(), task_id, typed, request_id=drawing)
    task = of_task.task(reading(), task_id)
    coming = {one.element_id for one in outcome.next}
    done = done_of(task.process_key, task.element_id, coming)
    say_what_came(outcome, done, RECEIVED)
    return redirect(url_for("tasks.show", task_id=task_id))


@page.post("/tasks/<uuid:task_id>/claim")
def claim(task_id: UUID) -> ResponseReturnValue:
    """Claim a task that was offered to several people."""
    tasks.claim(service(), scope(), task_id)
    return _back(task_id, say("The task is yours now."))


@page.post("/tasks/<uuid:task_id>/unclaim")
def unclaim(task_id: UUID) -> ResponseReturnValue:
    """Return the task to its candidates."""
    tasks.give_back(service(), scope(), task_id)
    return _back(task_id, say("The task is open to your unit again."))


@page.post("/tasks/<uuid:task_id>/pass-on")
def pass_on(task_id: UUID) -> ResponseReturnValue:
    """Hand it to a colleague, once it was read in words who that is."""
    redraw_on_error(lambda error: task_page.opened(task_id, error))
    if own.goes_back():
        return task_page.opened(task_id)
    if own.is_checked():
        return task_acts.check_passing_on(task_id, own.typed(), say("Pass on"))
    task_acts.pass_on(task_id, own.typed())
    return _back(task_id, say("The task is passed on."))


@page.get("/tasks/<uuid:task_id>/deadline")
def counted(task_id: UUID) -> ResponseReturnValue:
    """How the deadline was counted: every day, and why some do not count."""
    at = reading()
    found = of_task.page(at, task_id)
    days = of_task.counted(found, at.now)
    name = language().model_text(found.task.name)
    return render_template("tasks/counted.html", page=found, name=name, days=days)


RECEIVED = say("Received. A step behind it is being repaired; nothing you wrote is lost.")


def _back(task_id: UUID, words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url_for("tasks.show", task_id=task_id))
