"""Work for programs outside: fetched under a lease, then completed, failed or given back.

A worker fetches tasks of its topics, thinks as long as its lease lasts, and says what came of it.
Completing, an error and an escalation are steps of the instance; all else changes the row alone.
Nothing here asks who may do what; `by` is recorded as given.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine import incidents
from engine.errors import BadInput, Conflict, NotFound
from engine.execution.border import submitted
from engine.execution.commands import CompleteExternal, EscalateExternal, ThrowExternal, Worked
from engine.execution.leases import gone, refuse_stuck, refuse_unless_held
from engine.execution.offers import Offers
from engine.execution.step import StepFailed, Stepper
from engine.execution.work_data import Work, read_work
from engine.incidents import Received
from engine.storage import externals, workers
from engine.storage.clock_time import read_time
from engine.storage.externals import ExternalTask, TopicWanted
from engine.storage.steps import Head
from engine.words import Sentence, say

MOST: Final = 1000
"""Tasks fetched, or changed, at once."""
LONGEST_LEASE: Final = timedelta(days=30)
LONGEST_NAME: Final = 255
LONGEST_MESSAGE, LONGEST_DETAILS = 4_000, 100_000
"""Characters kept of what a worker says went wrong."""
HEARD_EVERY: Final = 60.0
"""Seconds between two notes that a worker has asked for a topic."""
PAGE: Final = 100
"""Tasks looked at together for what their processes hold."""


class ExternalTasks:
    """The external tasks of an engine. Safe to share between threads."""

    def __init__(self, stepper: Stepper, offers: Offers) -> None:
        self._stepper = stepper
        self._offers = offers
        self._database = stepper.around.database
        self._heard: dict[tuple[str, str], float] = {}

    def listen(self, listener: Callable[[frozenset[str]], None]) -> None:
        """`listener(topics)` is called after each commit that lets tasks of these topics be
        fetched, also after those of other processes where the database `tells_others`. Without
        topics: whatever was said meanwhile is not known."""
        self._offers.listen(listener)

    def fetch(
        self, worker: str, topics: Sequence[TopicWanted], most: int = 1, by: str | None = None
    ) -> list[Work]:
        """Lease up to `most` tasks of these topics to the worker: of the highest priority first,
        then the oldest. Empty where there are none. Raises BadInput."""
        _check_fetch(worker, topics, most)
        fresh = self._not_heard_lately(worker, topics)
        among = {one.topic: self._holding(one, most) for one in topics if one.holding}

        def work(connection: Connection) -> list[ExternalTask]:
            now, _ = read_time(connection)
            workers.hear(connection, worker, fresh, by, now)
            return externals.lease(connection, worker, topics, among, most, now)

        leased = self._database.repeat(work)
        self._heard.update(dict.fromkeys(((worker, topic) for topic in fresh), time.monotonic()))
        # States are read behind the commit: nobody waits for a lock while they are decoded.
        with self._database.read() as connection:
            read = read_work(self._stepper.programs, connection, leased, topics)
        for failed in read.unreadable:
            with suppress(NotFound):  # it was taken away
                incidents.record(self._stepper, failed)
        for task in read.left:
            with suppress(NotFound, Conflict):  # or given up meanwhile
                self.release(task.id)
        return read.found

    def _not_heard_lately(self, worker: str, topics: Sequence[TopicWanted]) -> list[str]:
        if len(self._heard) > 100 * MOST:  # names are the workers' own
            self._heard.clear()
        since = time.monotonic() - HEARD_EVERY
        return [one.topic for one in topics if self._heard.get((worker, one.topic), since) <= since]

    def _holding(self, wanted: TopicWanted, most: int) -> list[UUID]:
        """Ids of the first tasks whose process has the variables asked for: only the states of the
        instances tell, so they are read page by page until there are enough."""
        found: list[UUID] = []
        last: ExternalTask | None = None
        asked = [replace(wanted, variables=())]
        while len(found) < most:
            with self._database.read() as connection:
                now, _ = read_time(connection)
                page = externals.candidates(connection, wanted, PAGE, now, last)
                read = read_work(self._stepper.programs, connection, page, asked, most_bytes=None)
            found += [one.task.id for one in read.found]
            if len(page) < PAGE:
                break
            last = page[-1]
        return found[:most]

    # --- steps ----------------------------------------------------------------------------------

    def complete(
        self,
        task_id: UUID,
        worker: str,
        data: Mapping[str, Any] | None = None,
        own: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        request_id: str | None = None,
    ) -> Received:
        """Complete a task that the worker holds. `data` are written as seen from its element, `own`
        are variables of the activity alone, for its output parameters. The same worker completing
        it again, under the same request id or under none, changes nothing and gets the same answer.

        Raises NotFound, Conflict (who, when) for one held by another or not any more, BadInput,
        Unavailable. If the model fails, the command is kept as an incident and the answer says so.
        """
        return self._run(
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
    ) -> Received:
        """End a task with a BPMN error, which the nearest boundary event or event sub-process for
        it catches, with data that are written before. Repeated, and raises, as `complete`; an error
        that nobody catches is an incident."""
        _check_text("errorCode", code, LONGEST_NAME)
        return self._run(
            ThrowExternal(
                token=task_id, worker=worker, data=submitted(data or {}), code=code,
                message=_kept(message, LONGEST_MESSAGE), by=by,
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
    ) -> Received:
        """Escalate from a task; the worker goes on holding it, unless what catches the escalation
        ends it. Raises as `complete`."""
        return self._run(
            EscalateExternal(
                token=task_id, worker=worker, data=submitted(data or {}), code=code, by=by,
                request_id=request_id,
            )
        )  # fmt: skip

    def _run(self, command: Worked) -> Received:
        _check_text("workerId", command.worker, LONGEST_NAME)
        with self._database.read() as connection:
            task = externals.by_id(connection, command.token)
            kept = task and incidents.kept_before(connection, task, command)
        if kept:
            return Received(kept)
        try:
            self._stepper.run(lambda connection: _find(connection, command), command)
        except StepFailed as failed:
            return Received(incidents.record(self._stepper, failed))
        return Received()

    # --- the row alone --------------------------------------------------------------------------

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
        _check_wait("retryTimeout", wait, timedelta(0))

        def work(connection: Connection) -> tuple[str, UUID | None]:
            head = externals.lock_instance(connection, task_id) if retries == 0 else None
            task, now = _locked(connection, task_id)
            refuse_unless_held(task, worker, now)
            externals.change(
                connection, task_id, worker=None, retries=retries,
                leased_until=now + wait if wait and retries else None,
                error_message=_kept(message, LONGEST_MESSAGE) or None,
                error_details=_kept(details, LONGEST_DETAILS) or None,
            )  # fmt: skip
            if head is None:
                return task.topic, None
            said = _kept(message, LONGEST_MESSAGE)
            return task.topic, incidents.give_up(self._stepper, connection, head, task, said, by)

        topic, incident = self._database.repeat(work)
        if incident is None:  # after a wait too: who waits for work learns when that ends
            self._offers.offer(frozenset({topic}))
        return incident

    def extend(self, task_id: UUID, worker: str, lease: timedelta) -> None:
        """Let the worker hold a task it holds for so long from now. Raises NotFound, Conflict,
        BadInput."""
        _check_wait("newDuration", lease)

        def work(connection: Connection) -> None:
            task, now = _locked(connection, task_id)
            refuse_unless_held(task, worker, now)
            externals.change(connection, task_id, leased_until=now + lease)

        self._database.repeat(work)

    def lease(self, task_id: UUID, worker: str, lease: timedelta) -> None:
        """Lease one task to the worker by its id. Raises NotFound, Conflict when another holds it,
        BadInput."""
        _check_text("workerId", worker, LONGEST_NAME)
        _check_wait("lockDuration", lease)

        def work(connection: Connection) -> None:
            task, now = _locked(connection, task_id)
            if task.worker != worker and task.held_at(now):
                refuse_unless_held(task, worker, now)
            refuse_stuck(task)
            since = task.leased_at if task.worker == worker and task.held_at(now) else now
            externals.change(
                connection, task_id, worker=worker, leased_at=since, leased_until=now + lease
            )

        self._database.repeat(work)

    def release(self, task_id: UUID) -> None:
        """Take a task away from whoever holds it, or from its wait: it can be fetched at once.
        Raises NotFound, Conflict for one with an open incident."""

        def work(connection: Connection) -> frozenset[str]:
            refuse_stuck(_locked(connection, task_id)[0])
            return externals.free(connection, task_id)

        self._offers.offer(self._database.repeat(work))

    def set_retries(self, task_ids: Sequence[UUID], retries: int, by: str | None) -> None:
        """Say how often these tasks are tried; all of them or none. One that had no retries left is
        given out again and its incident closed; with 0 it becomes an incident. Raises NotFound,
        Conflict for one whose completion waits for repair, BadInput."""
        _check_retries(retries)
        if len(task_ids) > MOST:
            raise BadInput(say("At most {most} external tasks at once.", most=MOST))

        def work(connection: Connection) -> frozenset[str]:
            instances = externals.instances_of(connection, task_ids)
            if set(task_ids) - instances.keys():
                raise gone()
            return frozenset(
                incidents.set_retries(self._stepper, connection, task_id, retries, by)
                for task_id in instances
            )

        topics = self._database.repeat(work)
        if retries:
            self._offers.offer(topics)

    def set_priority(self, task_id: UUID, priority: int) -> None:
        """Say which task is given out first: the higher, the earlier. Raises NotFound, BadInput."""
        if isinstance(priority, bool) or not -(2**31) <= priority < 2**31:
            raise _unfit("priority", say("The priority is no whole number of 32 bits."))
        if not self._database.repeat(
            lambda connection: externals.change(connection, task_id, priority=priority)
        ):
            raise gone()


def _find(connection: Connection, command: Worked) -> Head:
    """The instance of the task; of one that is done, the one that this request was done by."""
    head = externals.lock_instance(connection, command.token)
    if head is None and command.request_id is not None:
        head = externals.lock_done(connection, command.request_id)
    if head is None:
        raise gone()
    return head


def _locked(connection: Connection, task_id: UUID) -> tuple[ExternalTask, Any]:
    found = externals.locked(connection, task_id)
    if found is None:
        raise gone()
    return found


def _once(kind: type[Worked], task_id: UUID, worker: str) -> str:
    """The request id of what one worker can do to one task only once."""
    return f"{kind.kind} {task_id} {hashlib.sha256(worker.encode()).hexdigest()[:32]}"


def _kept(text: str, most: int) -> str:
    """As much of it as is kept: PostgreSQL keeps no NUL, and nobody half a character."""
    return text.replace("\0", "").encode(errors="replace").decode()[:most]


def _check_fetch(worker: str, topics: Sequence[TopicWanted], most: int) -> None:
    _check_text("workerId", worker, LONGEST_NAME)
    if not 1 <= most <= MOST:
        raise _unfit("maxTasks", say("Fetch 1 to {most} external tasks at once.", most=MOST))
    names = [one.topic for one in topics]
    if len(set(names)) < len(names):
        raise _unfit("topics", say("Name each topic once."))
    for one in topics:
        _check_text("topicName", one.topic, 200)
        _check_wait("lockDuration", one.lease)


def _check_text(name: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most or text != _kept(text, most):
        raise _unfit(name, say("{name} is a text of 1 to {most} characters.", name=name, most=most))


def _check_wait(name: str, time: timedelta, least: timedelta = timedelta(milliseconds=1)) -> None:
    if not least <= time <= LONGEST_LEASE:
        raise _unfit(
            name,
            say("{name} is a time of at most {days} days.", name=name, days=LONGEST_LEASE.days),
        )


def _check_retries(retries: int) -> None:
    if isinstance(retries, bool) or not 0 <= retries < 2**31:
        raise _unfit("retries", say("The retries are a whole number from 0."))


def _unfit(name: str, wrong: Sentence) -> BadInput:
    return BadInput(wrong, {name: wrong})
