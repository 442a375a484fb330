"""The work of a step, for each kind of command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from engine.execution.border import Fault, HandlerFailed, HumanTask
from engine.execution.leases import gone, held
from engine.execution.running import Running
from engine.execution.step_host import StepHost
from engine.language import LanguageError
from engine.models.forms import Answers, Form
from engine.ports.cases import OutOfReach
from engine.ports.handlers import BpmnError
from engine.records.commands import (
    Complete,
    CompleteExternal,
    Deliver,
    EscalateExternal,
    Extend,
    Fire,
    StartActivity,
    ThrowExternal,
    Withdraw,
    Worked,
)
from engine.sentences.errors import BadInput, Conflict
from engine.sentences.sentence import say
from engine.storage.cases import worklist

NO_ANSWER: tuple[object, ...] = (None, [])
"""The value of an optional field that nobody filled in."""


def apply(running: Running) -> None:
    """Carry out the command on the live instance, up to the next wait."""
    match running.command:
        case Complete() as command:
            _complete(running, command)
        case Fire() as command:
            _fire(running, command)
        case Deliver() as command:
            _deliver(running, command)
        case StartActivity() as command:
            _start_activity(running, command)
        case Worked() as command:
            _worked(running, command)
        case Extend() as command:
            _extend(running, command)
        case Withdraw() as command:
            _withdraw(running, command)
        case other:
            raise AssertionError(f"no act for {other.kind}")


def place_of(running: Running) -> str:
    """The id of the element that the command acts at, before the act; empty if the command names
    none."""
    waiting = running.live.waiting()
    match running.command:
        case Complete(task_id=id) | Extend(task_id=id):
            return next((t.element.id for t in waiting.tasks.values() if t.row_id == id), "")
        case Deliver(token=UUID() as token) if token in waiting.subscriptions:
            return waiting.subscriptions[token].element_id
        case StartActivity(activity=activity):
            return activity
        case Worked(token=token) if token in waiting.externals:
            return waiting.externals[token].element_id
        case _:
            return ""


def _open_task(running: Running, task_id: UUID) -> tuple[UUID, HumanTask]:
    for token, task in running.live.waiting().tasks.items():
        if task.row_id == task_id:
            return token, task
    raise worklist.ended(running.host.connection, task_id)


def _complete(running: Running, command: Complete) -> None:
    token, task = _open_task(running, command.task_id)
    if running.head.repairing and command.received_at is None:
        raise Conflict(say("What was handed in is being repaired; nothing needs to be sent again."))
    answers, given = checked(running, task, command.data)
    running.completed = token
    running.details = {"element": task.element.id, "task": str(task.row_id)}
    try:
        kept, made = _recorded(running, token, task, answers, given)
    except BpmnError as error:
        running.live.throw_error(token, error.code, running.host)
    else:
        running.live.complete(token, kept, running.host, made)


def _recorded(
    running: Running, token: UUID, task: HumanTask, answers: dict[str, Any], given: frozenset[str]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The answers that become variables, and the result of the task's `onComplete` handler, which
    runs here. A variable stays as it is if its field was not submitted. It also stays if its field
    was shown empty and left empty (a field asked anew, or a variable outside the run). If the
    variable does not exist yet it becomes empty, so that every reader finds it."""
    host, live = running.host, running.live
    data = live.data_of(token)
    hidden = data.keys() - live.form_data_of(token).keys() if task.form is not None else ()
    written = {
        key: value
        for key, value in answers.items()
        if key not in data or (key in given and not (key in hidden and value in NO_ANSWER))
    }
    topic = task.element.on_complete
    if topic is None:
        return written, {}
    host.answers = answers
    try:
        returned = host.call(topic, task.element, token, data, {}, task.row_id)
    except (OutOfReach, LanguageError) as refused:
        raise Fault(task.element, refused.what, refused.advice) from refused
    except BpmnError:
        raise
    except Exception as error:  # the border to foreign code: the step decides what happens next
        raise HandlerFailed(task.element, error) from error
    finally:
        host.answers = {}
    # The register keeps the form's texts: the process keeps only what its own model reads.
    return live.read_again(token, written), returned


def checked(
    running: Running, task: HumanTask, data: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """The submitted data after the form's checks, and the submitted keys. Without a form any JSON
    object is accepted."""
    if task.form is None:
        return dict(data), frozenset(data)
    answers = read_by(task.form, data, running.host)
    return dict(answers.values), answers.given


def read_by(form: Form, data: Mapping[str, Any], host: StepHost) -> Answers:
    """The data as the form reads it. Raises BadInput with the fields that are wrong."""
    answers = form.read(data, options=host.options_for(form))
    if answers.errors:
        raise BadInput(say("Some entries need another look."), answers.errors)
    return answers


def _fire(running: Running, command: Fire) -> None:
    live = running.live
    if command.token not in live.waiting().timers:
        raise Conflict(say("This timer is not waiting any more."))
    timer = live.waiting().timers[command.token]
    live.fire(command.token, running.host, command.planned)
    late = (running.host.now - command.planned).total_seconds()
    running.details = {
        "element": timer.element_id,
        "planned": command.planned.isoformat(),
        "fired": running.host.now.isoformat(),
        "late_seconds": max(0, round(late)),
    }


def _deliver(running: Running, command: Deliver) -> None:
    for token, wanted in running.live.waiting().subscriptions.items():
        if command.token not in (None, token):
            continue
        if (wanted.message, wanted.key) == (command.message, command.key):
            # Handlers behind the event read the payload, not the variables.
            payload = running.host.answers = dict(command.payload)
            if running.live.is_recorded(token, running.host):
                payload = running.live.read_again(token, payload)
            running.live.deliver(token, payload, running.host)
            running.details = {"element": wanted.element_id, "message": command.message}
            return
    raise Conflict(say("This case is not waiting for the message {name}.", name=command.message))


def _start_activity(running: Running, command: StartActivity) -> None:
    open_ones = [one for one in running.live.choices() if command.token in (None, one.token)]
    if not open_ones:
        raise Conflict(say("No activity can be chosen here now."))
    fitting = [one for one in open_ones if command.activity in {each.id for each in one.activities}]
    token = (fitting or open_ones)[0].token
    running.live.start_activity(token, command.activity, command.data, running.host)
    running.details = {"element": command.activity}


def _worked(running: Running, command: Worked) -> None:
    live, host, token = running.live, running.host, command.token
    task = held(host.connection, command)
    if token not in live.waiting().externals:
        raise gone()
    running.details = {
        "element": task.element_id,
        "topic": task.topic,
        "worker": command.worker,
    }
    match command:
        case CompleteExternal():
            live.external_done(token, command.data, host, command.own)
        case ThrowExternal():
            running.details["code"] = command.code
            live.throw_error(token, command.code, host, command.message, command.data)
        case EscalateExternal():
            running.details["code"] = command.code
            live.throw_escalation(token, command.code, host, command.data)


def _extend(running: Running, command: Extend) -> None:
    token, task = _open_task(running, command.task_id)
    running.live.set_due(token, _end_of(running, command.due), running.host)
    running.details = {
        "element": task.element.id,
        "task": str(task.row_id),
        "from": task.due_at.isoformat() if task.due_at else None,
        "to": command.due.isoformat(),
        "reason": command.reason,
    }


def _end_of(running: Running, day: date) -> datetime:
    try:
        return running.host.calendar.end_of(day)
    except OverflowError as error:
        raise BadInput(say("The date is out of range.")) from error


def _withdraw(running: Running, command: Withdraw) -> None:
    running.live.cancel(running.host)
    running.withdrawn = True
    running.details = {"reason": command.reason}
