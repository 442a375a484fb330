"""The acts of a supervisor, a coordinator or an institution's head on a late task: remind its
holder, move its deadline, give it to another person. Each on a small page of its own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.models.forms import parse_date
from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.acts.reading import Reading
from processes.rights.access import allows, may
from processes.storage.people.users import User
from processes.work import task_page as of_task
from processes.work import tasks
from processes.work.rehearsal import rehearse
from processes.work.task_page import TaskPage
from processes.work.tasks import CaseDeadlines
from web import addresses
from web.forms import own
from web.forms.own import OwnField, Texts
from web.forms.view import FieldKind
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.work import act_effects, task_page
from web.words.case_names import case_name
from web.words.i18n import language, render

page = Blueprint("task_acts", __name__)

REASON = OwnField("reason", say("Reason"), "textarea", max_length=tasks.LONGEST_REASON)
WHY_PASSED_ON = replace(REASON, required=False)
CASE_TOO = OwnField(
    "case_too",
    say("Move the deadline of the follow-up along where it is earlier"),
    "checkbox",
    required=False,
)
EXTENSION = (OwnField("due", say("New deadline"), "date"), REASON)


@page.get("/tasks/<uuid:task_id>/remind")
def remind(task_id: UUID) -> ResponseReturnValue:
    """What a reminder does and whom it reaches, before it is sent: nothing is typed for it."""
    return _remind(task_id)


@page.post("/tasks/<uuid:task_id>/remind")
def send_reminder(task_id: UUID) -> ResponseReturnValue:
    """Remind the holder of the task."""
    _, people = _to_remind(task_id)
    redraw_on_error(lambda error: _remind(task_id, error))
    tasks.remind(service(), scope(), task_id)
    names = ", ".join(user.name for user in people)
    return _back(task_id, say("The reminder to {names} waits to be sent.", names=names))


@page.get("/tasks/<uuid:task_id>/extend")
def extend(task_id: UUID) -> ResponseReturnValue:
    """The form for a later deadline."""
    return _extend(task_id, {})


@page.post("/tasks/<uuid:task_id>/extend")
def move_deadline(task_id: UUID) -> ResponseReturnValue:
    """Move the deadline."""
    texts = own.typed()
    _page_for(reading(), task_id, "extend_deadline")
    redraw_on_error(lambda error: _extend(task_id, texts, error))
    if own.goes_back():
        return _extend(task_id, texts)
    own.refuse_longer(EXTENSION, texts)
    due, reason = parse_date(own.text(texts, "due")), own.text(texts, "reason")
    case_too = own.text(texts, "case_too") == "true"
    if own.is_checked():
        rehearse(service(), scope(), tasks.extend, task_id, due, reason, case_too=case_too)
        return _check_extension(task_id, texts, due)
    tasks.extend(service(), scope(), task_id, due, reason, case_too=case_too)
    return _back(
        task_id, say("The deadline is moved to {day}; its escalation begins anew.", day=due)
    )


def _check_extension(task_id: UUID, texts: Texts, due: date | None) -> str:
    at = reading()
    found = of_task.page(at, task_id)
    around = tasks.case_deadlines(at.connection, found.task, found.head)
    assert due is not None, "it was rehearsed"
    effects = act_effects.of_extension(found, due, around, task_page.days_of(at, found))
    words = say("Extend deadline")
    return own.check((REASON,), texts, words, list(effects), about=_about(found))


@page.get("/tasks/<uuid:task_id>/reassign")
def reassign(task_id: UUID) -> ResponseReturnValue:
    """The form for another holder."""
    return _reassign(task_id, {})


@page.post("/tasks/<uuid:task_id>/reassign")
def hand_over(task_id: UUID) -> ResponseReturnValue:
    """Give the task to another person; its former holder can no longer complete it."""
    texts = own.typed()
    _colleagues(task_id)
    redraw_on_error(lambda error: _reassign(task_id, texts, error))
    if own.goes_back():
        return _reassign(task_id, texts)
    if own.is_checked():
        return check_passing_on(task_id, texts, say("Reassign task"))
    name = pass_on(task_id, texts)
    return _back(task_id, say("The task is with {name} now.", name=name))


def pass_on(task_id: UUID, texts: Texts) -> str:
    """Pass a task on as the form says; answer the name of who has it now."""
    own.refuse_longer((WHY_PASSED_ON,), texts)
    people = {user.username: user.name for user in _colleagues(task_id)[1]}
    to = own.text(texts, "to")
    tasks.pass_on(service(), scope(), task_id, to, own.text(texts, "reason"))
    return people[to]


def check_passing_on(task_id: UUID, texts: Texts, words: Sentence) -> str:
    """The page that says who would have the task, before it is passed on. `words`: those of the
    button. Raises BadInput as passing on does."""
    own.refuse_longer((WHY_PASSED_ON,), texts)
    to = own.text(texts, "to")
    rehearse(service(), scope(), tasks.pass_on, task_id, to, own.text(texts, "reason"))
    found, people = _colleagues(task_id)
    (person,) = (one for one in people if one.username == to)
    effects = act_effects.of_passing_on(found, person, found.holder)
    return own.check((WHY_PASSED_ON,), texts, words, effects, about=_about(found))


def _about(found: TaskPage) -> str:
    """The case of the task; nothing for a task of no case."""
    head = found.head
    if head is None:
        return ""
    return case_name(head.number, head.title or render(say("Draft")), head.institution_name)


def _page_for(at: Reading, task_id: UUID, *acts: str) -> TaskPage:
    """The task, if the reader may do one of these acts with it."""
    found = of_task.page(at, task_id)
    possible = [act for act in acts if allows(at.scope, act, found.relations)]
    may(at.scope, (possible or acts)[0], found.relations)
    return found


def _to_remind(task_id: UUID) -> tuple[TaskPage, list[User]]:
    at = reading()
    found = _page_for(at, task_id, "remind_holder")
    return found, tasks.to_remind(at.connection, found.task, found.head)


def _colleagues(task_id: UUID) -> tuple[TaskPage, list[User]]:
    at = reading()
    found = _page_for(at, task_id, "delegate_task", "reassign_task")
    return found, tasks.to_pass_on(
        at.connection, at.scope, found.task, found.secrecy, found.drafter
    )


def _remind(task_id: UUID, error: TindakError | None = None) -> str:
    found, people = _to_remind(task_id)
    return _page("remind", found, (), {}, error, people)


def _extend(task_id: UUID, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    found = _page_for(at, task_id, "extend_deadline")
    around = tasks.case_deadlines(at.connection, found.task, found.head)
    entries = (EXTENSION[0], CASE_TOO, EXTENSION[1]) if around else EXTENSION
    return _page("extend", found, entries, texts, error, around=around)


def _reassign(task_id: UUID, texts: Texts, error: TindakError | None = None) -> str:
    found, people = _colleagues(task_id)
    options = [
        (one.username, f"{one.name} – {one.post}" if one.post else one.name) for one in people
    ]
    kind: FieldKind = "radio" if len(options) <= 5 else "select"
    entries = (OwnField("to", say("New holder"), kind, options=options), WHY_PASSED_ON)
    return _page("reassign", found, entries if people else (), texts, error, people)


def _page(
    act: str,
    found: TaskPage,
    entries: tuple[OwnField, ...],
    texts: Texts,
    error: TindakError | None,
    people: list[User] | None = None,
    around: CaseDeadlines | None = None,
) -> str:
    return own.page(
        f"task_acts/{act}.html",
        entries,
        texts,
        error,
        task_page.days_of(reading(), found),
        page=found,
        task=found.task,
        name=language().model_text(found.task.name),
        holder=task_page.holder_words(found),
        people=people or [],
        effects=act_effects.of_reminder(people or []),
        around=around,
        back=_address(found),
        from_board=_from_board(),
    )


def _from_board() -> bool:
    return request.values.get("from") == "escalations"


def _address(found: TaskPage) -> str:
    """The page from which the reader came: the board, or else the case."""
    if _from_board():
        return url_for("escalations.show")
    if found.head is None:
        return url_for("tasks.show", task_id=found.task.id)
    return addresses.of_case(found.head)


def _back(task_id: UUID, words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(_address(of_task.page(reading(), task_id)))
