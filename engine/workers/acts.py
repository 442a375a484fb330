"""What a worker outside does to the tasks it has fetched, inside one act.

Completing, an error and an escalation are steps of the instance; all else changes the row alone.
Nothing here asks who may do what; `by` is recorded as given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from engine.execution.border import submitted
from engine.execution.hold import Hold
from engine.execution.leases import gone, refuse_stuck, refuse_unless_held
from engine.later import repairs
from engine.later.repairs import Kept
from engine.records.commands import CompleteExternal, EscalateExternal, ThrowExternal, Worked
from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say
from engine.storage.cases.steps import Head
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask

MOST: Final = 1000
"""Tasks fetched, or changed, at once."""
LONGEST_LEASE: Final = timedelta(days=30)
LONGEST_NAME: Final = 255
LONGEST_MESSAGE, LONGEST_DETAILS = 4_000, 100_000
"""Characters kept of what a worker says went wrong."""


class ExternalActs:
    """Acts upon external tasks, in the transaction of `hold`."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._instance_of: dict[UUID, UUID] = {}
        self._held: dict[UUID, tuple[ExternalTask, datetime]] = {}

    def lock(self, task_id: UUID) -> ExternalTask | None:
        """Lock the instance of a task: before what moves the case. Returns the task as it was
        before the lock; None when it is done or was taken away."""
        found = externals.by_id(self._hold.connection, task_id)
        if found is not None:
            self._hold.lock(found.instance_id)
            self._instance_of[task_id] = found.instance_id
        return found

    def hold(self, task_id: UUID) -> ExternalTask | None:
        """Lock the row of a task alone: before what changes nothing else. Returns it; None as
        `lock`."""
        found = self._row(task_id)
        return None if found is None else found[0]

    def _row(self, task_id: UUID) -> tuple[ExternalTask, datetime] | None:
        if task_id not in self._held:
            found = externals.locked(self._hold.connection, task_id)
            if found is None:
                return None
            self._held[task_id] = found
        return self._held[task_id]

    def _take(self, task_id: UUID) -> tuple[ExternalTask, datetime]:
        """The locked row, about to be changed. Raises NotFound."""
        found = self._row(task_id)
        if found is None:
            raise gone()
        del self._held[task_id]
        return found

    def _locked_instance(self, task_id: UUID) -> Head | None:
        known = self._instance_of.get(task_id)
        if known is not None:
            return self._hold.lock(known)
        return externals.lock_instance(self._hold.connection, task_id)

    def complete(
        self,
        task_id: UUID,
        worker: str,
        data: Mapping[str, Any] | None = None,
        own: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        request_id: str | None = None,
    ) -> None:
        """Complete a task that the worker holds. `data` are written as seen from its element, `own`
        are variables of the activity alone, for its output parameters. The same worker completing
        it again, under the same request id or under none, changes nothing and gets the same answer.

        Raises NotFound, Conflict (who, when) for one held by another or not any more, BadInput,
        Unavailable. If the model fails, the command is kept as an incident and the answer says so.
        """
        self._perform(
            CompleteExternal(
                token=task_id, worker=worker, data=submitted(data or {}), own=submitted(own or {}),
                by=by, request_id=request_id or _once(CompleteExternal, task_id, worker),
            )
        )  # fmt: skip

    def throw_error(
        self,
        task_id: UUID,
        worker: str,
        code: str,
        message: str = "",
        data: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        request_id: str | None = None,
    ) -> None:
        """End a task with a BPMN error, which the nearest boundary event or event sub-process for
        it catches, with data that are written before. Repeated, and raises, as `complete`; an error
        that nobody catches is an incident."""
        check_text("errorCode", code, LONGEST_NAME)
        self._perform(
            ThrowExternal(
                token=task_id, worker=worker, data=submitted(data or {}), code=code,
                message=kept_text(message, LONGEST_MESSAGE), by=by,
                request_id=request_id or _once(ThrowExternal, task_id, worker),
            )
        )  # fmt: skip

    def escalate(
        self,
        task_id: UUID,
        worker: str,
        code: str | None,
        data: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        request_id: str | None = None,
    ) -> None:
        """Escalate from a task; the worker goes on holding it, unless what catches the escalation
        ends it. Raises as `complete`."""
        self._perform(
            EscalateExternal(
                token=task_id, worker=worker, data=submitted(data or {}), code=code, by=by,
                request_id=request_id,
            )
        )  # fmt: skip

    def _perform(self, command: Worked) -> None:
        check_text("workerId", command.worker, LONGEST_NAME)
        connection = self._hold.connection
        head = self._find(command)
        task = externals.by_id(connection, command.token)
        kept = task and repairs.kept_before(connection, task, command)
        if kept:
            raise Kept(kept)
        self._held.pop(command.token, None)
        self._hold.perform(head, command)

    def _find(self, command: Worked) -> Head:
        """The instance of the task; of one that is done, the one that this request was done by."""
        head = self._locked_instance(command.token)
        if head is None and command.request_id is not None:
            head = externals.lock_done(self._hold.connection, command.request_id)
        if head is None:
            raise gone()
        return head

    def fail(
        self,
        task_id: UUID,
        worker: str,
        message: str = "",
        details: str = "",
        retries: int = 0,
        wait: timedelta = timedelta(0),
        by: str | None = None,
    ) -> UUID | None:
        """Give a task back that the worker could not do. It is given out again after `wait`, or,
        without retries left, becomes an incident, whose id is returned. Raises NotFound, Conflict,
        BadInput."""
        _check_retries(retries)
        check_wait("retryTimeout", wait, timedelta(0))

        connection = self._hold.connection
        head = self._locked_instance(task_id) if retries == 0 else None
        task, now = self._take(task_id)
        refuse_unless_held(task, worker, now)
        said = kept_text(message, LONGEST_MESSAGE)
        externals.change(
            connection, task_id, worker=None, retries=retries,
            leased_until=now + wait if wait and retries else None,
            error_message=said or None,
            error_details=kept_text(details, LONGEST_DETAILS) or None,
        )  # fmt: skip
        if head is not None:
            incident = repairs.give_up(self._hold.stepper, connection, head, task, said, by)
            self._hold.forget()
            return incident
        self._hold.offer(frozenset({task.topic}))  # who waits for work learns when a wait ends
        return None

    def extend(self, task_id: UUID, worker: str, lease: timedelta) -> None:
        """Let the worker hold a task it holds for so long from now. Raises NotFound, Conflict,
        BadInput."""
        check_wait("newDuration", lease)
        task, now = self._take(task_id)
        refuse_unless_held(task, worker, now)
        externals.change(self._hold.connection, task_id, leased_until=now + lease)

    def lease(self, task_id: UUID, worker: str, lease: timedelta) -> None:
        """Lease one task to the worker by its id. Raises NotFound, Conflict when another holds it,
        BadInput."""
        check_text("workerId", worker, LONGEST_NAME)
        check_wait("lockDuration", lease)
        connection = self._hold.connection
        task, now = self._take(task_id)
        if task.worker != worker and task.held_at(now):
            refuse_unless_held(task, worker, now)
        refuse_stuck(task)
        since = task.leased_at if task.worker == worker and task.held_at(now) else now
        externals.change(
            connection, task_id, worker=worker, leased_at=since, leased_until=now + lease
        )

    def release(self, task_id: UUID) -> None:
        """Take a task away from whoever holds it, or from its wait: it can be fetched at once.
        Raises NotFound, Conflict for one with an open incident."""
        refuse_stuck(self._take(task_id)[0])
        self._hold.offer(externals.free(self._hold.connection, task_id))

    def set_retries(self, task_ids: Sequence[UUID], retries: int, by: str | None) -> None:
        """Say how often these tasks are tried; all of them or none. One that had no retries left is
        given out again and its incident closed; with 0 it becomes an incident. Raises NotFound,
        Conflict for one whose completion waits for repair, BadInput."""
        _check_retries(retries)
        if len(task_ids) > MOST:
            raise BadInput(say("At most {most} external tasks at once.", most=MOST))
        instances = externals.instances_of(self._hold.connection, task_ids)
        if set(task_ids) - instances.keys():
            raise gone()
        topics = frozenset(
            repairs.set_retries(self._hold.stepper, self._hold.connection, task_id, retries, by)
            for task_id in instances
        )
        self._held.clear()
        self._hold.forget()
        if retries:
            self._hold.offer(topics)

    def set_priority(self, task_id: UUID, priority: int) -> None:
        """Say which task is given out first: the higher, the earlier. Raises NotFound, BadInput."""
        if isinstance(priority, bool) or not -(2**31) <= priority < 2**31:
            raise unfit("priority", say("The priority is no whole number of 32 bits."))
        self._held.pop(task_id, None)
        if not externals.change(self._hold.connection, task_id, priority=priority):
            raise gone()


def _once(kind: type[Worked], task_id: UUID, worker: str) -> str:
    """The request id of what one worker can do to one task only once."""
    return f"{kind.kind} {task_id} {hashlib.sha256(worker.encode()).hexdigest()[:32]}"


def kept_text(text: str, most: int) -> str:
    """As much of it as is kept: PostgreSQL keeps no NUL, and nobody half a character."""
    return text.replace("\0", "").encode(errors="replace").decode()[:most]


def check_text(name: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most or text != kept_text(text, most):
        raise unfit(name, say("{name} is a text of 1 to {most} characters.", name=name, most=most))


def check_wait(name: str, time: timedelta, least: timedelta = timedelta(milliseconds=1)) -> None:
    if not least <= time <= LONGEST_LEASE:
        raise unfit(
            name,
            say("{name} is a time of at most {days} days.", name=name, days=LONGEST_LEASE.days),
        )


def _check_retries(retries: int) -> None:
    if isinstance(retries, bool) or not 0 <= retries < 2**31:
        raise unfit("retries", say("The retries are a whole number from 0."))


def unfit(name: str, wrong: Sentence) -> BadInput:
    return BadInput(wrong, {name: wrong})
