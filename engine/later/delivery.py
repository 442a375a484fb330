"""A message reaches exactly one instance, by name and correlation key, never by name alone. In the
instance the token that has waited longest takes it, or the token that the message names.

A job routes a thrown message after its sender's commit. An undelivered message is an incident: of
the receiver that failed, else of the sender. If no instance waits for the message, it starts the
process that has it as start event, unless a case of that process runs under this key. Without such
a process the message is kept while an instance with that business key runs, else it is recorded and
dropped. Where cases are kept (`engine.ports.cases`), a message reaches only instances that its
sender may reach. Under the key of a case it starts nothing; it is kept for the instance that owns
the case.
"""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.execution.border import ANYBODY
from engine.execution.starting import start
from engine.execution.step import Done, Failure, StepFailed, Stepper
from engine.ports.cases import EVERY_FAMILY, Case, Identity, reaches, speaks_for_no_case
from engine.records.commands import Deliver, Start
from engine.records.payloads import Message
from engine.records.states import InstanceStatus
from engine.sentences.errors import BadInput, Conflict, TindakError
from engine.sentences.sentence import Sentence, say
from engine.storage.cases import steps
from engine.storage.cases.incidents import REACHED_NOBODY
from engine.storage.cases.steps import Head
from engine.storage.clock_time import read_time
from engine.storage.later import messages


def route(
    stepper: Stepper,
    connection: Connection,
    message: Message,
    *,
    wait: bool,
    at: datetime | None = None,
) -> Done | None:
    """Deliver or keep the message inside the caller's transaction. None: no instance takes it now,
    or one took it before under the same request id.

    If no instance waits, raises Conflict with `wait=False` or a token. Raises BadInput if several
    instances wait, StepFailed if the receiver fails.
    """
    if message.key == ANYBODY:
        raise BadInput(say("The key {key} belongs to signals.", key=ANYBODY))
    named = stepper.around.cases.case_of_key(connection, message.key)
    found = _within_reach(stepper, connection, message, named)
    if not found:
        return _nobody_yet(stepper, connection, message, named, wait, at)
    if len(found) > 1:
        raise BadInput(
            say(
                "{count} cases wait for {name} with the key {key}; a message goes to one.",
                count=len(found), name=message.name, key=message.key,
            )
        )  # fmt: skip
    head = steps.lock(connection, found[0].id)
    if head is None or found != _within_reach(stepper, connection, message, named):
        return route(stepper, connection, message, wait=wait, at=at)
    if wait and _received(connection, message):  # kept: delivered under its kept id
        return None
    try:
        return stepper.perform(connection, head, _command(message), at)
    except StepFailed as failed:  # a repair asks anew which token waits
        again = message.again(received=True)
        raise StepFailed(again, failed.instance_id, failed.failure) from failed


def undelivered(message: Message, error: TindakError) -> Exception:
    """The incident of an undelivered message, else the error itself: messages stored by older
    programs do not name their sender."""
    if message.origin is None:
        return error
    failure = Failure(
        message.origin.element_id,
        message.origin.element_name,
        Sentence(REACHED_NOBODY.template, {"name": message.name, "why": error.sentence}),
        say("See to it that one case can take it, then retry: what was sent is kept."),
    )
    return StepFailed(message.again(), message.origin.instance_id, failure)


def _within_reach(
    stepper: Stepper, connection: Connection, message: Message, named: Case | None
) -> list[Identity]:
    """The instances that wait for the message and that its sender may reach."""
    return [
        one
        for one in messages.subscribers(connection, message.name, message.key, message.token)
        if reaches(stepper.around.cases, connection, message.family, named, one)
    ]


def _command(message: Message) -> Deliver:
    return Deliver(
        message=message.name, key=message.key, payload=message.payload, by=message.by,
        request_id=message.request_id, token=message.token,
    )  # fmt: skip


def _nobody_yet(
    stepper: Stepper,
    connection: Connection,
    message: Message,
    named: Case | None,
    wait: bool,
    at: datetime | None,
) -> Done | None:
    outside = named is None and speaks_for_no_case(message.family) and message.token is None
    begun = _started(stepper, connection, message, at) if outside else None
    if begun is not None:
        return begun
    owner = _lock_owner(connection, message, named)
    # The owner's lock was waited for: a first sending of this request is committed by now.
    if _waits_by_now(stepper, connection, message, named):
        return route(stepper, connection, message, wait=wait, at=at)
    if _received(connection, message):
        return None
    if not wait or message.token is not None:
        raise Conflict(say("Nobody waits for this now; an earlier request may still be open."))
    now = at or stepper.clock.at(*read_time(connection))
    messages.keep(
        connection, name=message.name, key=message.key, payload=message.payload, by=message.by,
        now=now, request_id=message.request_id, dropped=owner is None,
    )  # fmt: skip
    return None


def _waits_by_now(
    stepper: Stepper, connection: Connection, message: Message, named: Case | None
) -> bool:
    """Whether an instance has begun to wait meanwhile. If not, an instance that begins now waits
    for the end of this transaction, and finds the kept message."""
    hold = connection.begin_nested()
    messages.hold(connection, [(message.name, message.key)])
    found = bool(_within_reach(stepper, connection, message, named))
    # The instance locked next must not be waited for under the hold.
    if found:
        hold.rollback()
    else:
        hold.commit()
    return found


def _lock_owner(connection: Connection, message: Message, named: Case | None) -> Head | None:
    """The running instance for which the message may be kept, locked. For the key of a case: its
    owner, if the sender speaks for the case's family. For another key: any instance with it, if the
    sender speaks for no case."""
    if named is None:
        outside = speaks_for_no_case(message.family)
        id = messages.running_with_key(connection, message.key) if outside else None
    else:
        id = named.instance_id if message.family in (named.family, EVERY_FAMILY) else None
    head = steps.lock(connection, id) if id is not None else None
    return head if head is not None and head.status == InstanceStatus.ACTIVE else None


def _started(
    stepper: Stepper, connection: Connection, message: Message, at: datetime | None
) -> Done | None:
    """Start the process that begins with this message. The same request gets the same instance."""
    starts = stepper.programs.started_by(connection, "message", message.name)
    keys = list(starts)
    if len(keys) > 1:
        raise BadInput(
            say(
                "The message {name} starts several processes: {keys}; a message goes to one.",
                name=message.name, keys=", ".join(keys),
            )
        )  # fmt: skip
    if not keys or messages.running_with_key(connection, message.key, keys[0]) is not None:
        return None
    id = uuid7()
    if message.request_id is not None:
        id = uuid5(NAMESPACE_OID, f"{keys[0]}\n{message.key}\n{message.request_id}")
    wanted = Start(
        key=keys[0], id=id, data=message.payload, business_key=message.key or None,
        by=message.by, at=starts[keys[0]],
    )  # fmt: skip
    return start(stepper, connection, wanted, at)


def _received(connection: Connection, message: Message) -> bool:
    id, key = message.request_id, None if message.token else message.key
    return id is not None and messages.received(connection, key, id)
