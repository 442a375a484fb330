"""Topics: waiting tasks, their workers, their holders, tasks without retries, and offering them
again.
"""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import quote, unquote
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import say
from processes.acts.reading import Reading
from processes.programs import external_work, topics
from processes.programs.topics import Topic
from processes.storage.programs.topic_rows import Show
from web.forms import own
from web.forms.own import OwnField
from web.frame import paging
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words import people_names
from web.words.i18n import render

page = Blueprint("topics", __name__)

SHOWN: dict[str, Show] = {"leased": "leased", "failing": "failing", "stuck": "stuck"}
"""Lists of tasks by their word in the address; without a word: all tasks that workers can do."""
MOST_RETRIES = 100
HINT = say("How often workers may fail at it before it is given up again, at most 100.")
ENTRIES = (OwnField("retries", say("Tries"), "number", hint=HINT, width="short"),)
USUAL = {"retries": ["3"]}


@page.get("/topics")
def listed() -> ResponseReturnValue:
    """Every topic, with its tasks and workers."""
    found = topics.page_of(topics.topics(reading()), **_place())
    pages = paging.around(found.first and found.first.name, found.last and found.last.name)
    return render_template("topics/list.html", found=found.items, pages=pages, address=address)


@page.get("/topics/<topic>")
def show(topic: str) -> ResponseReturnValue:
    """The tasks of one topic, or its workers."""
    at, wanted = reading(), request.args.get("show", "")
    found = topics.topic(at, unquote(topic))
    if wanted == "workers":
        return _workers(at, found)
    shown = SHOWN.get(wanted, "open")
    tasks = topics.tasks(at, found.name, shown, **_place())
    pages = paging.around(tasks.first and tasks.first.place, tasks.last and tasks.last.place)
    return render_template(
        "topics/tasks.html", topic=found, tasks=tasks.items, shown=shown, pages=pages,
        address=address,
    )  # fmt: skip


@page.get("/topics/tasks/<uuid:task_id>")
def task(task_id: UUID) -> ResponseReturnValue:
    """One task: its holder, its failure, and the possible acts."""
    found = topics.task(reading(), task_id)
    return render_template("topics/task.html", one=found, address=address)


@page.post("/topics/tasks/<uuid:task_id>/release")
def release(task_id: UUID) -> ResponseReturnValue:
    """End the task's lease, or its wait."""
    external_work.release(service(), scope(), task_id)
    flash(render(say("The next worker that asks gets the task.")), "done")
    return redirect(url_for("topics.task", task_id=task_id))


@page.get("/topics/tasks/<uuid:task_id>/retry")
def check_retry(task_id: UUID) -> ResponseReturnValue:
    """The form for the number of attempts."""
    return _asked_of_task(task_id)


@page.post("/topics/tasks/<uuid:task_id>/retry")
def retry(task_id: UUID) -> ResponseReturnValue:
    """Offer a task without retries again."""
    redraw_on_error(lambda error: _asked_of_task(task_id, error))
    external_work.set_retries(service(), scope(), [task_id], _retries())
    flash(render(say("The next worker that asks gets the task.")), "done")
    return redirect(url_for("topics.task", task_id=task_id))


@page.get("/topics/<topic>/retry")
def check_retry_all(topic: str) -> ResponseReturnValue:
    """The form for the number of attempts, for all of them."""
    return _asked_of_topic(unquote(topic))


@page.post("/topics/<topic>/retry")
def retry_all(topic: str) -> ResponseReturnValue:
    """Offer all tasks of a topic without retries again."""
    name = unquote(topic)
    redraw_on_error(lambda error: _asked_of_topic(name, error))
    count = topics.try_all_again(service(), scope(), name, _retries())
    flash(render(say("Tasks that are given out again: {count}.", count=count)), "done")
    return redirect(address(name))


def address(topic: str, show: str | None = None, view: str = "show") -> str:
    """The address of the topic's page, for any name."""
    return url_for(f"topics.{view}", topic=quote(topic, safe=""), show=show)


class Place(TypedDict):
    """The key behind which a page begins, or before which it ends; neither: the first page."""

    after: str | None
    before: str | None


def _place() -> Place:
    return Place(after=request.args.get("after"), before=request.args.get("before"))


def _workers(at: Reading, topic: Topic) -> str:
    found = topics.workers(at, topic.name, **_place())
    first, last = (one and topics.worker_place(one) for one in (found.first, found.last))
    people_names.look_up(one.by for one in found.items if one.by)
    return render_template(
        "topics/workers.html", topic=topic, workers=found.items, shown="workers",
        pages=paging.around(first, last), address=address,
    )  # fmt: skip


def _asked_of_task(task_id: UUID, error: TindakError | None = None) -> str:
    found = topics.task(reading(), task_id)
    return _asked(error, one=found, name=found.task.topic, number=1)


def _asked_of_topic(name: str, error: TindakError | None = None) -> str:
    found = topics.topic(reading(), name)
    return _asked(error, one=None, name=name, number=found.stuck)


def _asked(error: TindakError | None, **more: object) -> str:
    typed = own.typed() or USUAL
    return own.page("topics/retry.html", ENTRIES, typed, error, None, address=address, **more)


def _retries() -> int:
    number = own.whole_number(own.typed(), "retries")
    if number is not None and 1 <= number <= MOST_RETRIES:
        return number
    wrong = say("Write a whole number from 1 to {most}.", most=MOST_RETRIES)
    raise BadInput(say("Please correct the marked fields."), {"retries": wrong})
