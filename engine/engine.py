"""The engine as its users see it: open it on a database, deploy models, run instances.

Works alone: no case reader, no handlers and no clock are needed. Nothing here asks who may do
what; `by` is recorded as given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine import deploying, drafting, incidents, jobs, messages, small_steps
from engine.clock import Clock, GivenClock, StoredClock
from engine.deploying import Deployment
from engine.drafting import ModelDraft
from engine.errors import BadInput, NotFound
from engine.execution import starting
from engine.execution.border import Live, Program
from engine.execution.cache import LiveCache
from engine.execution.commands import Command, Complete, Extend, Withdraw
from engine.execution.host import (
    CaseReader,
    OptionReader,
    Options,
    Surroundings,
    no_case,
    no_options,
)
from engine.execution.programs import Programs
from engine.execution.starting import Start
from engine.execution.step import StepFailed, Stepper
from engine.handlers import Handler, Topic
from engine.history import Event
from engine.incidents import Repair
from engine.messages import Message
from engine.models.checks import Known
from engine.models.forms import Form
from engine.models.problems import Problem
from engine.storage import (
    counters,
    definitions,
    drafts,
    instances,
    model_drafts,
    schema,
    upkeep,
    worklist,
)
from engine.storage import incidents as incident_rows
from engine.storage import jobs as job_rows
from engine.storage import steps as step_rows
from engine.storage.clock_time import read_time
from engine.storage.definitions import Version
from engine.storage.drafts import Draft
from engine.storage.incidents import Incident
from engine.storage.instances import Instance
from engine.storage.model_drafts import DraftFile
from engine.storage.unit_of_work import Database
from engine.storage.worklist import Task
from engine.words import say


@dataclass(frozen=True, slots=True)
class Received:
    """A completion that was taken in. `incident` is set when it waits for repair."""

    incident: UUID | None = None


class Engine:
    """Runs any BPMN model that its checks let through. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        around: Surroundings,
        clock: Clock,
        senders: Mapping[str, jobs.Sender],
        daily: Sequence[Callable[[Engine], None]],
    ) -> None:
        self.database = database
        self._clock = clock
        self._daily = daily
        self._listeners: list[Callable[[float], None]] = []
        self._programs = Programs()
        self._stepper = Stepper(around, self._programs, clock, LiveCache(), self._wake)
        self._loop = jobs.Loop(self._stepper, senders)
        self._around = around

    @classmethod
    def open(
        cls,
        url: str,
        handlers: Mapping[str, Handler | Topic] | None = None,
        clock: Callable[[], datetime] | None = None,
        case: CaseReader | None = None,
        *,
        options: OptionReader | None = None,
        senders: Mapping[str, jobs.Sender] | None = None,
        daily: Sequence[Callable[[Engine], None]] = (),
        pool_size: int = 8,
    ) -> Engine:
        """Open a database (an SQLAlchemy URL of SQLite or PostgreSQL). `daily` is called once a
        day by one of the schedulers on it, outside any transaction.

        Creates the engine's schema in an empty database; raises Unavailable for one whose schema
        is of another version, naming both.
        """
        database = Database(url, pool_size=pool_size)
        schema.prepare(database)
        topics = {
            name: handler if isinstance(handler, Topic) else Topic(handler)
            for name, handler in (handlers or {}).items()
        }
        around = Surroundings(database, topics, case or no_case, options or no_options)
        read = GivenClock(clock) if clock else StoredClock()
        return cls(database, around, read, senders or {}, daily)

    def close(self) -> None:
        """Close all connections."""
        self.database.dispose()

    # --- models ---------------------------------------------------------------------------------

    def known_on(self, connection: Connection) -> Known:
        """What models may refer to besides their own files."""
        topics = {name: topic.processes for name, topic in self._around.handlers.items()}
        keys = frozenset(version.key for version in definitions.all_newest(connection))
        return Known(topics=topics, processes=keys)

    @property
    def known(self) -> Known:
        """What models may refer to besides their own files, as it is now."""
        with self.database.read() as connection:
            return self.known_on(connection)

    def check(self, files: Mapping[str, bytes]) -> list[Problem]:
        """What deploying these files would find; stores nothing."""
        with self.database.read() as connection:
            return deploying.plan(connection, files, self.known_on(connection)).problems

    def deploy(
        self, files: Mapping[str, bytes], by: str, note: str = "", *, shipped: bool = False
    ) -> list[Version]:
        """Deploy `.bpmn`, `.dmn` and `.form` files. Raises ModelError and stores nothing when a
        finding is an error."""
        wanted = Deployment(dict(files), by, note, shipped)
        return self.database.repeat(
            lambda connection: deploying.deploy(
                connection, wanted, self.known_on(connection), self._at(connection)
            )
        )

    def ship(self, files: Mapping[str, bytes], by: str) -> list[Version]:
        """Deploy the models that come with the product, never over an owner's own release."""
        return self.database.repeat(
            lambda connection: drafting.ship(
                connection, files, by, self.known_on(connection), self._at(connection)
            )
        )

    def model_draft(self, key: str) -> ModelDraft:
        """The draft of a process: its newest version with the changes saved so far."""
        with self.database.read() as connection:
            return drafting.read(connection, key)

    def drafted(self) -> set[str]:
        """Keys of processes with a draft."""
        with self.database.read() as connection:
            return model_drafts.keys(connection)

    def save_model_draft(self, key: str, name: str, content: bytes, by: str) -> datetime:
        """Save a changed file of a process; returns when. Raises BadInput, NotFound."""

        def work(connection: Connection) -> datetime:
            now = self._at(connection)
            drafting.save(connection, key, DraftFile(name, content, now, by))
            return now

        return self.database.repeat(work)

    def discard_model_draft(self, key: str) -> None:
        """Forget the changes of a process that were not released."""
        self.database.repeat(lambda connection: model_drafts.discard(connection, key))

    def check_model_draft(self, key: str) -> list[Problem]:
        """What releasing the draft would find."""
        with self.database.read() as connection:
            return drafting.problems(connection, key, self.known_on(connection))

    def affected_by_draft(self, key: str) -> list[str]:
        """Keys of the processes a release of this draft gives a new version."""
        with self.database.read() as connection:
            return drafting.affected(connection, key, self.known_on(connection))

    def release(self, key: str, note: str, by: str) -> list[Version]:
        """Make the draft the newest version. Raises ModelError, BadInput without a note."""
        return self.database.repeat(
            lambda connection: drafting.release(
                connection, key, note, by, self.known_on(connection), self._at(connection)
            )
        )

    def program(self, definition_id: UUID) -> Program:
        """The parsed model of a version."""
        with self.database.read() as connection:
            return self._programs.of(connection, definition_id)

    def versions(self, key: str | None = None) -> list[Version]:
        """All versions of a key, newest first; without a key the newest version of each."""
        with self.database.read() as connection:
            if key is None:
                return definitions.all_newest(connection)
            return definitions.history_of(connection, key)

    def version(self, definition_id: UUID) -> Version:
        """One version. Raises NotFound."""
        with self.database.read() as connection:
            found = definitions.by_id(connection, definition_id)
        if found is None:
            raise NotFound(say("There is no such process version."))
        return found

    def files(self, definition_id: UUID) -> dict[str, bytes]:
        """The files a version is pinned to."""
        with self.database.read() as connection:
            return definitions.files_of(connection, definition_id)

    # --- instances ------------------------------------------------------------------------------

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
        wanted = Start(key, id or uuid7(), _json(data or {}), business_key, by)
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
        command = Complete(task_id=task_id, data=_json(data or {}), by=by, request_id=request_id)
        return self._run(lambda c: step_rows.lock_by_task(c, task_id), command)

    def extend(self, task_id: UUID, due: date, reason: str, by: str) -> Received:
        """Move the deadline of an open task; its timers and ladder follow."""
        command = Extend(task_id=task_id, due=due, reason=reason, by=by)
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
    ) -> None:
        """Deliver a message to the one instance that waits for it under `key`.

        Nobody waits: with `wait` it is kept while an instance of that business key runs, without
        it Conflict is raised. Several wait: BadInput.
        """
        sent = Message(message, key, _json(payload or {}), by, request_id)
        try:
            done = self.database.repeat(
                lambda connection: messages.route(self._stepper, connection, sent, wait=wait)
            )
        except StepFailed as failed:
            incidents.record(self._stepper, failed)
            return
        if done is not None:
            self._stepper.committed(done)

    def claim(self, task_id: UUID, by: str) -> None:
        """Take an open task nobody has. Raises Conflict when somebody has it."""
        small_steps.claim(self._stepper, task_id, by)

    def assign(self, task_id: UUID, user: str | None, by: str, reason: str = "") -> None:
        """Hand a task to one person, or with None back to its candidates."""
        small_steps.assign(self._stepper, task_id, user, by, reason)

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
        """Run every job due by `now` (the clock's now by default); returns how many ran."""
        return self._loop.run_due(now)

    def seconds_to_next_job(self) -> float | None:
        """Real seconds until the earliest job is due; None without one."""
        with self.database.read() as connection:
            earliest = job_rows.earliest(connection)
            if earliest is None:
                return None
            database_now, stored = read_time(connection)
            now = self._clock.at(database_now, stored)
            return self._clock.seconds_until(earliest, now, stored)

    def maintain(self) -> None:
        """What the scheduler does at each look besides due jobs: heartbeat, counters, and once a
        real day what was given as `daily`. If that fails, the next day tries again."""
        if self.database.repeat(upkeep.look):
            for work in self._daily:
                work(self)

    def heartbeat_on(self, connection: Connection) -> datetime | None:
        """When a scheduler last looked, by the database's clock; None: never."""
        return upkeep.heartbeat(connection)

    def listen(self, listener: Callable[[float], None]) -> None:
        """`listener(seconds)` is called after each commit that stores work due in `seconds`."""
        self._listeners.append(listener)

    def _wake(self, seconds: float) -> None:
        for listener in self._listeners:
            listener(seconds)

    # --- questions ------------------------------------------------------------------------------

    def tasks(
        self,
        instance_id: UUID | None = None,
        assignee: str | None = None,
        candidate_group: str | None = None,
        open: bool = True,
        limit: int = 25,
        after: Task | None = None,
    ) -> list[Task]:
        """Human tasks of an instance, of a person, or of a group; pages by `after`, the last
        task seen. Without a filter: all, by id."""
        with self.database.read() as connection:
            if instance_id is not None:
                found = worklist.of_instance(connection, instance_id, only_open=open)
                return [t for t in found if _matches(t, assignee, candidate_group)][:limit]
            if assignee is None and candidate_group is None:
                last = after.id if after else None
                return worklist.all_open(connection, limit, last, only_open=open)
            who = [f"user:{assignee}"] if assignee else [f"group:{candidate_group}"]
            position = worklist.position(after) if after else None
            return worklist.open_for(connection, who, limit, position)

    def task(self, task_id: UUID) -> Task:
        """One task. Raises NotFound."""
        with self.database.read() as connection:
            return worklist.get(connection, task_id)

    def form(self, task_id: UUID) -> tuple[Form | None, Options]:
        """The form of a task and the lists its choices come from."""
        with self.database.read() as connection:
            task = worklist.get(connection, task_id)
            program = self._programs.of(connection, task.definition_id)
            form = program.form_of(program.element(task.element_id))
            if form is None:
                return None, {}
            return form, self._around.options_for(connection, task.business_key, form)

    def instance(self, instance_id: UUID) -> Instance:
        """One instance. Raises NotFound."""
        with self.database.read() as connection:
            return instances.get(connection, instance_id)

    def data(self, instance_id: UUID) -> dict[str, Any]:
        """The process data of an instance as it is now, or as it ended."""
        with self.database.read() as connection:
            found = instances.get(connection, instance_id)
            program = self._programs.of(connection, found.definition_id)
            body = step_rows.state(connection, instance_id)
        return Live.load(program, body).data

    def task_data(self, task_id: UUID) -> dict[str, Any]:
        """The process data as an open task sees it, the variables of its own branch and round
        included. Raises NotFound, Conflict when the task has ended."""
        with self.database.read() as connection:
            task = worklist.get(connection, task_id)
            program = self._programs.of(connection, task.definition_id)
            live = Live.load(program, step_rows.state(connection, task.instance_id))
            for token, waiting in live.waiting().tasks.items():
                if waiting.row_id == task_id:
                    return live.data_of(token)
            raise worklist.ended(connection, task_id)

    def history(self, instance_id: UUID) -> list[Event]:
        """What happened to an instance, oldest first."""
        with self.database.read() as connection:
            return instances.events(connection, instance_id)

    def broken_history(self, instance_id: UUID) -> int | None:
        """The seq at which the hash chain of an instance breaks, or None."""
        with self.database.read() as connection:
            return instances.broken_chain(connection, instance_id)

    def counts(self, definition_id: UUID) -> dict[str, int]:
        """How many wait at each element of a version."""
        with self.database.read() as connection:
            return counters.read(connection, f"at:{definition_id}")

    def instance_counts(self, definition_id: UUID) -> dict[str, int]:
        """How many instances of a version are in each state."""
        with self.database.read() as connection:
            return counters.read(connection, f"instances:{definition_id}")

    # --- incidents ------------------------------------------------------------------------------

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

    # --- drafts, time, transactions -------------------------------------------------------------

    def save_draft(self, task_id: UUID, owner: str, data: Mapping[str, Any]) -> Draft:
        """Keep what somebody typed; outside steps and history."""
        return self.database.repeat(
            lambda connection: drafts.save(
                connection, task_id, owner, _json(data), self._at(connection)
            )
        )

    def draft(self, task_id: UUID, owner: str) -> Draft | None:
        """What somebody typed so far."""
        with self.database.read() as connection:
            return drafts.load(connection, task_id, owner)

    def now(self) -> datetime:
        """The engine's time: aware UTC."""
        with self.database.read() as connection:
            return self._at(connection)

    def now_on(self, connection: Connection) -> datetime:
        """The engine's time, read on a connection one already has."""
        return self._at(connection)

    def real_now(self) -> datetime:
        """The database's time, which no virtual clock moves: for sessions, links and throttling."""
        with self.database.read() as connection:
            return self.real_now_on(connection)

    def real_now_on(self, connection: Connection) -> datetime:
        """The same, read on a connection one already has."""
        now: datetime = read_time(connection)[0]
        return now

    def _at(self, connection: Connection) -> datetime:
        return self._clock.at(*read_time(connection))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction for rows that belong to no case."""
        with self.database.write() as connection:
            yield connection

    def reading(self) -> AbstractContextManager[Connection]:
        """A reading transaction."""
        return self.database.read()


def _matches(task: Task, assignee: str | None, group: str | None) -> bool:
    return (assignee is None or task.assignee == assignee) and (
        group is None or group in task.candidate_groups
    )


def _json(data: Mapping[str, Any]) -> dict[str, Any]:
    """A deep copy that is JSON for sure. Raises BadInput naming the field that is not."""
    return {key: _plain(key, value) for key, value in data.items()}


def _plain(field: str, value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _plain(field, entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(field, entry) for entry in value]
    wrong = say("Give text, numbers, true/false, lists or objects.")
    raise BadInput(
        say("The field {name} has a value that cannot be stored.", name=field), {field: wrong}
    )
