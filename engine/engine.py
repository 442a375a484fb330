"""The engine as its users see it: open it on a database, deploy models, run instances.

Works alone: no case reader, no handlers and no clock are needed. Nothing here asks who may do
what; `by` is recorded as given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine import incidents, jobs, library, messages, small_steps, verification
from engine.cases import EVERY_FAMILY, Cases, NoCases
from engine.clock import GivenClock, StoredClock
from engine.examining import Examine, examine
from engine.execution import starting
from engine.execution.border import UNNAMED, submitted
from engine.execution.commands import (
    Command,
    Complete,
    Extend,
    Start,
    StartActivity,
    Withdraw,
)
from engine.execution.host import (
    CaseReader,
    OptionReader,
    Surroundings,
    no_case,
    no_options,
)
from engine.execution.step import StepFailed
from engine.handlers import Handler, Topic
from engine.incidents import Received, Repair
from engine.messages import Message
from engine.model_desk import ModelDesk
from engine.questions import Questions
from engine.storage import (
    drafts,
    schema,
    upkeep,
)
from engine.storage import incidents as incident_rows
from engine.storage import jobs as job_rows
from engine.storage import steps as step_rows
from engine.storage.clock_time import read_time
from engine.storage.drafts import Draft
from engine.storage.incidents import Incident
from engine.storage.unit_of_work import Database
from engine.verification import Verified


class Engine(ModelDesk, Questions):
    """Runs any BPMN model that its checks let through. Safe to share between threads."""

    @classmethod
    def open(
        cls,
        url: str,
        handlers: Mapping[str, Handler | Topic] | None = None,
        clock: Callable[[], datetime] | None = None,
        case: CaseReader | None = None,
        *,
        options: OptionReader | None = None,
        cases: Cases | None = None,
        senders: Mapping[str, jobs.Sender] | None = None,
        daily: Sequence[Callable[[Engine], object]] = (),
        examine: Examine = examine,
        pool_size: int = 8,
    ) -> Engine:
        """Open a database (an SQLAlchemy URL of SQLite or PostgreSQL). `daily` is called once a
        day by one of the schedulers on it, outside any transaction. `cases` tells which instances
        own a case; without it all read `case` and `options` by their business key. `senders` is
        read when a job of that kind runs, so that one which needs the engine can be added later.
        `examine` reads and checks models: give `engine.apart.SHARED.examine` where they come from
        people whom nobody vouches for.

        Creates the engine's schema in an empty database; raises Unavailable for one whose schema
        is of another version, naming both; so it does under another version of SpiffWorkflow.
        """
        library.refuse_any_other()
        database = Database(url, pool_size=pool_size)
        schema.prepare(database)
        topics = {
            name: handler if isinstance(handler, Topic) else Topic(handler)
            for name, handler in (handlers or {}).items()
        }
        readers = (case or no_case, options or no_options)
        around = Surroundings(database, topics, *readers, cases or NoCases())
        read = GivenClock(clock) if clock else StoredClock()
        return cls(database, around, read, {} if senders is None else senders, daily, examine)

    def start(
        self,
        key: str,
        data: Mapping[str, Any] | None = None,
        business_key: str | None = None,
        by: str | None = None,
        *,
        id: UUID | None = None,
    ) -> UUID:
        """Start the newest version of `key`; starting an existing id again returns it."""
        wanted = Start(
            key=key, id=id or uuid7(), data=submitted(data or {}), business_key=business_key, by=by
        )
        return starting.start_committed(self._stepper, wanted)

    def complete(
        self,
        task_id: UUID,
        data: Mapping[str, Any] | None = None,
        by: str | None = None,
        *,
        request_id: str | None = None,
    ) -> Received:
        """Complete a human task. The same request id again changes nothing.

        Raises NotFound, Conflict (who, when), BadInput (fields), Unavailable. If the model or a
        handler fails, the command is kept as an incident and the answer says so.
        """
        command = Complete(
            task_id=task_id, data=submitted(data or {}), by=by, request_id=request_id
        )
        return self._run(lambda c: step_rows.lock_by_task(c, task_id), command)

    def extend(
        self, task_id: UUID, due: date, reason: str, by: str, *, request_id: str | None = None
    ) -> Received:
        """Move the deadline of an open task; its timers and ladder follow. The same request id
        again changes nothing."""
        command = Extend(task_id=task_id, due=due, reason=reason, by=by, request_id=request_id)
        return self._run(lambda c: step_rows.lock_by_task(c, task_id), command)

    def cancel(self, instance_id: UUID, reason: str, by: str) -> Received:
        """End an instance as withdrawn, whatever it waits for."""
        command = Withdraw(reason=reason, by=by)
        return self._run(lambda c: step_rows.lock(c, instance_id), command)

    def _run(
        self, find: Callable[[Connection], step_rows.Head | None], command: Command
    ) -> Received:
        try:
            self._stepper.run(find, command)
        except StepFailed as failed:
            return Received(incidents.record(self._stepper, failed))
        return Received()

    def deliver(
        self,
        message: str,
        key: str,
        payload: Mapping[str, Any] | None = None,
        wait: bool = True,
        *,
        by: str | None = None,
        request_id: str | None = None,
        family: str | None = EVERY_FAMILY,
        token: UUID | None = None,
    ) -> None:
        """Deliver a message to the one instance that waits for it under `key`; there, to the token
        that has waited longest, or to `token` and no other (`awaited` tells them).

        Nobody waits: with `wait` it is kept while an instance of that business key runs, without
        it or for a token Conflict is raised. Several instances wait: BadInput. The same request id
        again changes nothing.
        `family`: that of the cases it may reach (`engine.cases`); what a program outside sends is
        passed on with None, for no case.
        """
        # With an id of its own even if the caller has none: the transaction may be repeated.
        id = request_id or str(uuid7())
        sent = Message(message, key, submitted(payload or {}), by, id, family, token)
        try:
            done = self.database.repeat(
                lambda connection: messages.route(self._stepper, connection, sent, wait=wait)
            )
        except StepFailed as failed:
            incidents.record(self._stepper, failed)
            return
        if done is not None:
            self._stepper.committed(done)

    def signal(
        self,
        token: UUID,
        data: Mapping[str, Any] | None = None,
        *,
        by: str | None = None,
        request_id: str | None = None,
        family: str | None = EVERY_FAMILY,
    ) -> None:
        """Let a receive task without a message go on, or complete an ad-hoc sub-process, with data
        that are written: `token` is the one that waits there (`awaited`, `choices`). Raises
        Conflict when it does not wait (any more), BadInput for an ad-hoc sub-process in which
        something still goes on, or whose completion condition does not hold."""
        self.deliver(
            UNNAMED, str(token), data, wait=False, by=by, request_id=request_id, family=family,
            token=token,
        )  # fmt: skip

    def start_activity(
        self,
        instance_id: UUID,
        activity: str,
        data: Mapping[str, Any] | None = None,
        *,
        by: str | None = None,
        request_id: str | None = None,
        token: UUID | None = None,
    ) -> Received:
        """Start an activity of an ad-hoc sub-process (`choices` tells which can be), with data that
        are written: of the one whose choice is `token`, or of the oldest in which it can be
        started. The same request id again changes nothing.

        Raises NotFound, Conflict where no choice is open, BadInput for an activity that cannot be
        started now.
        """
        command = StartActivity(
            activity=activity, data=submitted(data or {}), by=by, request_id=request_id, token=token
        )
        return self._run(lambda c: step_rows.lock(c, instance_id), command)

    def claim(self, task_id: UUID, by: str) -> None:
        """Take an open task nobody has. Raises Conflict when somebody has it."""
        small_steps.claim(self._stepper, task_id, by)

    def assign(self, task_id: UUID, user: str | None, by: str, reason: str = "") -> None:
        """Hand a task to one person, or with None back to its candidates."""
        small_steps.assign(self._stepper, task_id, user, by, reason)

    def assign_on(
        self, connection: Connection, task_id: UUID, user: str | None, by: str, reason: str = ""
    ) -> None:
        """The same inside a transaction one already has (`repeat`): with the rest or not at all."""
        small_steps.assign_on(self._stepper, connection, task_id, user, by, reason)

    def note(
        self,
        instance_id: UUID,
        kind: str,
        by: str | None,
        details: Mapping[str, Any],
        write: Callable[[Connection, datetime], Mapping[str, Any] | None],
    ) -> None:
        """Record a fact that no element carries: `write` writes its rows under the lock."""
        small_steps.note(
            self._stepper, lambda c: step_rows.lock(c, instance_id), kind, by, details, write
        )

    # --- later work -----------------------------------------------------------------------------

    def run_due(self, now: datetime | None = None) -> int:
        """Run every job due by `now` (the clock's now by default); returns how many were
        done: what failed, is another's, or was left over by its case counts as none."""
        return self._loop.run_due(now, self._beat)

    def _beat(self) -> None:
        """Between jobs: so often as the heartbeat is written at all, and looked at no more."""
        if time.monotonic() - self._beaten >= upkeep.BEAT_EVERY.total_seconds():
            self._beaten = time.monotonic()
            self.database.repeat(upkeep.beat)

    def seconds_to_next_job(self) -> float | None:
        """Real seconds until the earliest job is due; None without one."""
        with self.database.read() as connection:
            earliest = job_rows.earliest(connection)
            if earliest is None:
                return None
            database_now, stored = read_time(connection)
            now = self._clock.at(database_now, stored)
            return self._clock.seconds_until(earliest, now, stored)

    def maintain(self, aside: Callable[[Callable[[], None]], None] = lambda work: work()) -> None:
        """What the scheduler does at each look besides due jobs: heartbeat, counters, and once a
        real day what was given as `daily`, which may take long: `aside` runs it, or has it run
        beside. If it fails, the next day tries again; where this process ends first, another
        does."""
        if not self.stopping.is_set() and self.database.repeat(upkeep.look):
            aside(self._day)

    def _day(self) -> None:
        for work in self._daily:
            work(self)
        if self.stopping.is_set():
            self.database.repeat(upkeep.forget_sweep)

    def verify(self) -> Verified | None:
        """Whether the history of every instance is what was written; None: the engine was told to
        stop before the end."""
        return verification.verify(self.database, self.stopping.is_set)

    def heartbeat_on(self, connection: Connection) -> datetime | None:
        """When a scheduler last looked, by the database's clock; None: never."""
        return upkeep.heartbeat(connection)

    # --- incidents and drafts -------------------------------------------------------------------

    def incidents(self, process_key: str | None = None) -> list[Incident]:
        """What is stuck, newest first."""
        with self.database.read() as connection:
            return incident_rows.opened(connection, process_key=process_key)

    def retry(self, incident_id: UUID, by: str) -> Repair:
        """Repeat what failed, under its first author and time."""
        return incidents.retry(self._stepper, incident_id, by)

    def discard(self, incident_id: UUID, by: str) -> None:
        """Give up the stored command; its input becomes the draft of the reopened task."""
        incidents.discard(self._stepper, incident_id, by)

    def save_draft(self, task_id: UUID, owner: str, data: Mapping[str, Any]) -> Draft:
        """Keep what somebody typed; outside steps and history."""
        return self.database.repeat(
            lambda connection: drafts.save(
                connection, task_id, owner, submitted(data), self._at(connection)
            )
        )
