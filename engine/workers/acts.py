"""The acts of external workers on the tasks they have fetched, inside one transaction.

Completing, an error and an escalation are steps of the instance; the others change the row alone.
These acts ask for no rights and record `by` as given.
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
"""Number of tasks that one call may fetch or change."""
LONGEST_LEASE: Final = timedelta(days=30)
LONGEST_NAME: Final = 255
LONGEST_MESSAGE, LONGEST_DETAILS = 4_000, 100_000
"""Number of characters kept of a worker's error message."""


class ExternalActs:
    """Acts on external tasks, in the transaction of `hold`."""

    def __init__(self, hold: Hold) -> None:
        self._hold = hold
        self._instance_of: dict[UUID, UUID] = {}
        self._held: dict[UUID, tuple[ExternalTask, datetime]] = {}

    def lock(self, task_id: UUID) -> ExternalTask | None:
        """Lock the instance of a task, for an act that moves the case. Return the task as it was
        before the lock; None if it is done or was removed."""
        found = externals.by_id(self._hold.connection, task_id)
        if found is not None:
            self._hold.lock(found.instance_id)
            self._instance_of[task_id] = found.instance_id
        return found

    def hold(self, task_id: UUID) -> ExternalTask | None:
        """Lock the row of a task alone, for an act that changes nothing else. Return the task; None
        as in `lock`."""
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
        """The locked row before its change. Raises NotFound."""
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
        """Complete a task that the worker holds. `data` are written as seen from its element; `own`
        are variables of the activity alone, for its output parameters. A second completion by the
        same worker, under the same request id or under none, changes nothing and gets the same
        answer.

        Raises NotFound, Conflict (who, when) if another worker holds the task or nobody does,
        BadInput, Unavailable. If the model fails, the engine keeps the command as an incident and
        says so in its answer.
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
        """Write `data`, then end a task with a BPMN error. The nearest boundary event or event
        sub-process for the error catches it. A repeated call, and the errors raised, are as in
        `complete`; an error that no event catches is an incident."""
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
        """Raise an escalation from a task. The worker keeps the task unless the catching event ends
        it. Raises the errors of `complete`."""
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
        """The instance of the task; for a completed task the instance that this request
        completed."""
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
        """Give back a task that the worker could not do. It is offered again after `wait`. Without
        retries left it becomes an incident, whose id is returned. Raises NotFound, Conflict,
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
        self._hold.offer(frozenset({task.topic}))  # waiting workers learn when the wait ends
        return None

    def extend(self, task_id: UUID, worker: str, lease: timedelta) -> None:
        """Set the end of the worker's lease on a task it holds to `lease` from now. Raises
        NotFound, Conflict, BadInput."""
        check_wait("newDuration", lease)
        task, now = self._take(task_id)
        refuse_unless_held(task, worker, now)
        externals.change(self._hold.connection, task_id, leased_until=now + lease)

    def lease(self, task_id: UUID, worker: str, lease: timedelta) -> None:
        """Lease one task to the worker by its id. Raises NotFound, Conflict if another worker holds
        it, BadInput."""
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
        """End the lease of a task, or its wait: it can be fetched at once. Raises NotFound,
        Conflict for a task with an open incident."""
        refuse_stuck(self._take(task_id)[0])
        self._hold.offer(externals.free(self._hold.connection, task_id))

    def set_retries(self, task_ids: Sequence[UUID], retries: int, by: str | None) -> None:
        """Set the retries of these tasks: all of them or none. A task that had no retries left is
        offered again and its incident closed; with 0 retries it becomes an incident. Raises
        NotFound, Conflict for a task whose completion waits for a repair, BadInput."""
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
        """Set the priority of a task: tasks of higher priority are offered first. Raises NotFound,
        BadInput."""
        if isinstance(priority, bool) or not -(2**31) <= priority < 2**31:
            raise unfit("priority", say("The priority is no whole number of 32 bits."))
        self._held.pop(task_id, None)
        if not externals.change(self._hold.connection, task_id, priority=priority):
            raise gone()


def _once(kind: type[Worked], task_id: UUID, worker: str) -> str:
    """The request id of an act that one worker can do only once to one task."""
    return f"{kind.kind} {task_id} {hashlib.sha256(worker.encode()).hexdigest()[:32]}"


def kept_text(text: str, most: int) -> str:
    """The part of the text that is kept: without NUL, which PostgreSQL refuses, and without half
    characters."""
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
