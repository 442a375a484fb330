"""The acts of programs on the engine besides completing tasks: deploy, start, deliver, withdraw.

Owns the rights of these acts. Only decisions of people start, move and end real cases: no program
starts one, sends it a message or deletes it without the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection, and_

from engine.execution.border import UNNAMED
from engine.later.repairs import Received
from engine.models.bundle import MESSAGE_FORM, read_bundle
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.problems import Problem
from engine.sentences.sentence import say
from engine.storage.cases import incidents, instances, worklist
from engine.storage.models.definitions import Version
from engine.storage.tables import instance
from processes.acts.acting import Acting, act, kept
from processes.acts.service import Service
from processes.desk import releases
from processes.files import named_files
from processes.programs import engine_view
from processes.rights.access import CASE_PROCESSES, Scope, may
from processes.rights.visibility import visible_instances
from processes.storage.programs import engine_models, engine_rows
from processes.storage.programs.engine_models import DefinitionsWanted
from processes.storage.programs.engine_rows import (
    InstanceRow,
    InstancesWanted,
    Listener,
    ListenersWanted,
)
from processes.storage.programs.engine_tasks import Window
from processes.work import tasks

STARTS: Final = UUID("0f3d1f5e-4f0a-5c0e-9a55-6a6d1f6b8c11")
"""Namespace of the ids of instances started under a request id."""
LONGEST_REASON: Final = 500


class Uncorrelated(BadInput):
    """A message fits no waiting instance, or more than one."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """A message and the search for its one receiver: by key, by instance, by token, or by several
    of these."""

    message: str
    key: str | None = None
    instance_id: UUID | None = None
    token: UUID | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deployed:
    """The result of a deployment: the newest version of each process in the files, and which of
    these versions are new. `warnings`: findings for the author."""

    versions: Sequence[Version]
    new: Sequence[Version]
    warnings: Sequence[Problem] = ()


def deploy(service: Service, scope: Scope, files: Mapping[str, bytes], name: str) -> Deployed:
    """Deploy models as a release of their owner; without a name the names of the files are used.

    Raises `ModelError` with every finding, `BadInput` if no process uses the files, `Forbidden`.
    """
    note = name.strip() or ", ".join(sorted(files))
    new, warnings = releases.deploy(service, scope, files, note)
    keys = read_bundle(files).processes
    versions = [version for version in service.engine.versions() if version.key in keys]
    if not (new or versions):
        raise BadInput(say("No process uses these files; deploy them together with one."))
    return Deployed(versions, new, [one for one in warnings if one.file in files])


@act
def start(
    act: Acting,
    key: str,
    data: Mapping[str, Any],
    *,
    business_key: str | None = None,
    request_id: str | None = None,
) -> UUID:
    """Start the newest version of a process; a repeated request id returns the first instance.

    Raises `BadInput` for the processes of real cases, `NotFound`, `ModelError`, `Forbidden`.
    """
    act.may("start_by_key")
    if key in CASE_PROCESSES:
        raise BadInput(say("Cases of this process begin in the register, not by their key."))
    form = act.ask.start_form(key)
    if form is not None:
        named_files.check(act, form, data)
    return act.engine.start(key, data, business_key, act.by, id=_id_under(request_id))


@act
def start_version(
    act: Acting,
    definition_id: UUID,
    data: Mapping[str, Any],
    *,
    business_key: str | None = None,
    request_id: str | None = None,
) -> UUID:
    """The same for a version by id, which must be the newest of its process."""
    act.may("start_by_key")
    before = _id_under(request_id)
    if before is not None and instances.exists(act.connection, before):
        return before
    wanted = DefinitionsWanted(ids=[definition_id])
    found = engine_view.definition(act.connection, act.scope, wanted)
    newest = DefinitionsWanted(keys=[found.key], latest=True)
    if engine_models.definitions(act.connection, newest, engine_view.ONE)[0].id != found.id:
        raise BadInput(say("Only the newest version of a process can be started."))
    return start.within(act, found.key, data, business_key=business_key, request_id=request_id)


def _id_under(request_id: str | None) -> UUID | None:
    """The id of an instance, made from its request id."""
    return uuid5(STARTS, request_id) if request_id else None


@act
def retire(act: Acting, key: str) -> None:
    """Stop the timers that start instances of a process, until its next release. Raises `NotFound`,
    `Forbidden`."""
    act.may("deploy")
    act.engine.retire(key, act.by)
    act.record("retire", f"process:{key}")


@kept(Received)
def cancel(act: Acting, instance_id: UUID, reason: str) -> Received:
    """End a running instance that is no real case. Raises `NotFound`, also for an ended one,
    `Forbidden`, and `BadInput` without a reason of at most `LONGEST_REASON` characters."""
    act.lock(instance_id)
    cancellable(act.connection, act.scope, instance_id)
    if is_blank(reason) or len(reason.strip()) > LONGEST_REASON:
        wrong = say("Write why, at most {n} characters.", n=LONGEST_REASON)
        raise BadInput(wrong, {"reason": wrong})
    act.engine.cancel(instance_id, reason.strip(), act.by)
    return Received()


def cancellable(connection: Connection, scope: Scope, instance_id: UUID) -> InstanceRow:
    """The running instance if the user may end it. Raises `NotFound`, `Forbidden`."""
    found = engine_view.instance(connection, scope, instance_id)
    kept = engine_view.kept(connection, scope, InstancesWanted(ids=[instance_id]))
    may(scope, "cancel_instance", {"keeper"} if kept else {"reader"})
    if found.instance.ended_at is not None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    return found


@dataclass(frozen=True, slots=True)
class Delivered:
    """Whose instance took a message in. `incident`: the step it led to has failed, and it waits for
    repair."""

    instance_id: UUID
    incident: UUID | None = None


def deliver(
    service: Service, scope: Scope, wanted: Correlation, *, request_id: str | None = None
) -> Delivered:
    """Deliver a message to the one token that waits for it now. Nothing is kept for later. The same
    request id again changes nothing, and gives the same answer.

    Raises `Uncorrelated`, `BadInput` without key, instance and token, `Forbidden`.
    """
    done = _deliver(service, scope, wanted, request_id)
    if isinstance(done, UUID):
        return Delivered(done)
    with service.reading() as connection:
        incident = incidents.by_id(connection, done.incident)
    assert incident is not None, "an incident stays"
    return Delivered(incident.instance_id, incident.id)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The receiver of a message has failed."""

    incident: UUID


def _kept(incident: UUID) -> UUID | _Kept:
    return _Kept(incident)


@kept(_kept)
def _deliver(act: Acting, wanted: Correlation, request_id: str | None) -> UUID | _Kept:
    act.may("send_message")
    if wanted.key is None and wanted.instance_id is None and wanted.token is None:
        raise BadInput(say("A message needs a key or an instance beside its name."))
    taken = _taken(act, request_id)
    if taken is not None:
        return taken
    listener = _locked_listener(act, wanted)
    if listener is None:  # the first sending was committed during the search
        taken = _taken(act, request_id)
        if taken is None:
            raise _uncorrelated(wanted)
        return taken
    _check_files(act, wanted, listener)
    try:
        act.engine.deliver(
            wanted.message, listener.key, wanted.payload, wait=False, by=act.by,
            request_id=request_id, family=None, token=listener.token,
        )  # fmt: skip
    except Conflict as error:  # the user may not reach it
        raise _uncorrelated(wanted) from error
    return listener.instance_id


def _check_files(act: Acting, wanted: Correlation, listener: Listener) -> None:
    """What a message brings is read by the form that its model names for it."""
    ask = act.service.engine.once(act.connection)
    program = ask.program(ask.instance(listener.instance_id).definition_id)
    for element in program.elements.values():
        heard = element.event.message if element.event else None
        form = program.forms.get(element.properties.get(MESSAGE_FORM, ""))
        if form is not None and heard is not None and heard.name == wanted.message:
            named_files.check(act, form, wanted.payload)


def _taken(act: Acting, request_id: str | None) -> UUID | None:
    """The instance that took the message of this request before. Raises `NotFound`."""
    taken = request_id and engine_rows.delivered(act.connection, request_id)
    return engine_view.instance(act.connection, act.scope, taken).instance.id if taken else None


def _locked_listener(act: Acting, wanted: Correlation) -> Listener | None:
    """The one listener for the message, its instance locked; None: there is none, or several."""
    found = _listener(act, wanted)
    if found is None:
        return None
    act.lock(found.instance_id)
    return _listener(act, wanted)


def _listener(act: Acting, wanted: Correlation) -> Listener | None:
    narrowed = ListenersWanted(
        messages=[wanted.message],
        keys=None if wanted.key is None else [wanted.key],
        instance_ids=None if wanted.instance_id is None else [wanted.instance_id],
        tokens=None if wanted.token is None else [wanted.token],
    )
    found = listeners(act.connection, act.scope, narrowed, Window(most=2))
    return found[0] if len(found) == 1 else None


def signal(
    service: Service,
    scope: Scope,
    token: UUID,
    data: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Delivered:
    """Let a receive task without a message go on. Raises `Uncorrelated`, `Forbidden`."""
    told = Correlation(UNNAMED, str(token), payload=data)
    return deliver(service, scope, told, request_id=request_id)


def listeners(
    connection: Connection, scope: Scope, wanted: ListenersWanted, window: Window
) -> list[Listener]:
    """The listeners for messages and signals that the user may send."""
    may(scope, "send_message")
    open_to_us = and_(visible_instances(scope), instance.c.key.not_in(CASE_PROCESSES))
    return engine_rows.listeners(connection, open_to_us, wanted, window)


def _uncorrelated(wanted: Correlation) -> Uncorrelated:
    if wanted.message == UNNAMED:
        return Uncorrelated(say("This execution waits at no receive task without a message."))
    return Uncorrelated(
        say("Not exactly one execution waits for the message {name} now.", name=wanted.message)
    )


@act
def set_assignee(act: Acting, task_id: UUID, username: str | None) -> None:
    """Give a task to a person to whom it was offered; None returns it to its candidates. For
    oneself this is the same as claiming a free task."""
    if username is None:
        tasks.give_back.within(act, task_id)
    elif username == act.by and _is_free(act, task_id):
        tasks.claim.within(act, task_id)
    else:
        tasks.pass_on.within(act, task_id, username)


def _is_free(act: Acting, task_id: UUID) -> bool:
    """Whether nobody else has the task, with its instance locked."""
    act.lock_by_task(task_id)
    return worklist.get(act.connection, task_id).assignee in (None, act.by)
