"""The step: one command on exactly one instance in exactly one transaction.

Lock the instance row, take the live workflow (or load it), carry out the command, run to the next
wait, write the state and the changed rows, append one event, commit. A failure rolls everything
back. A failing model or handler leaves an incident in a second transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.execution import effects, outlived, telling
from engine.execution.border import Fault, HandlerFailed, Live, Waiting
from engine.execution.cache import LiveCache
from engine.execution.programs import Programs
from engine.execution.rows import Owner, difference
from engine.execution.running import Running
from engine.execution.step_host import StepHost, Surroundings
from engine.ports.handlers import Refusal
from engine.records import history
from engine.records.commands import Command
from engine.records.states import InstanceStatus, moved
from engine.sentences.errors import REFUSALS, BadInput, Conflict, TindakError
from engine.sentences.sentence import Sentence, say
from engine.storage.cases import steps
from engine.storage.cases.steps import Head, RowChanges
from engine.storage.counters import delta_row
from engine.storage.later import messages
from engine.storage.models.definitions import Version
from engine.time.clock import Clock


class StepFailed(Exception):
    """The model or a handler failed: nothing was stored. It becomes an incident of this instance;
    `version` names the version of an instance that could not start."""

    def __init__(
        self,
        command: Command,
        instance_id: UUID,
        failure: Failure,
        version: Version | None = None,
    ) -> None:
        super().__init__(str(failure.what))
        self.command = command
        self.instance_id = instance_id
        self.failure = failure
        self.version = version


@dataclass(frozen=True, slots=True)
class Failure:
    """The fault and its place, in words for the process owner."""

    element_id: str
    element_name: str
    what: Sentence
    advice: Sentence


@dataclass(frozen=True, slots=True)
class Stepper:
    """Runs steps. After the commit it calls `wake(seconds)` with the time until stored work is due,
    and `offer(topics)` with the topics of new external tasks."""

    around: Surroundings
    programs: Programs
    clock: Clock
    cache: LiveCache
    wake: Callable[[float], None]
    offer: Callable[[frozenset[str]], None]

    def perform(
        self,
        connection: Connection,
        head: Head,
        command: Command,
        at: datetime | None = None,
        *,
        alone: bool = False,
    ) -> Done:
        """Run the step on a locked instance, inside the caller's transaction. `at` sets its time;
        `alone`: no caller waits for the answer, so a refusal counts as a failure."""
        if self._already_done(connection, head, command):
            return Done(head, None)
        if head.status != InstanceStatus.ACTIVE:
            raise Conflict(say("This case has ended."))
        now = at or command.received_at or self.clock.at(head.database_now, head.clock)
        live = self._live(connection, head, command)
        before, snapshot = live.waiting(), live.snapshot()
        host = self.host(connection, head, now, command.by)
        running = Running(command, head, live, host, alone=alone)
        self._carry_out(running)
        return self._save(running, before, snapshot)

    def host(self, connection: Connection, head: Head, now: datetime, by: str | None) -> StepHost:
        """Everything that the model can reach in a step of this instance."""
        identity = (head.id, head.key, head.business_key)
        return StepHost(self.around, connection, *identity, now, by, self.programs)

    def _already_done(self, connection: Connection, head: Head, command: Command) -> bool:
        if command.request_id is None:
            return False
        return steps.find_request(connection, head.id, command.request_id) is not None

    def _live(self, connection: Connection, head: Head, command: Command) -> Live:
        live = self.cache.take(head.id, head.version)
        if live is not None:
            return live
        program = self.programs.of(connection, head.definition_id)
        try:
            find = self.programs.finder(connection)
            return Live.load(program, steps.state(connection, head.id), find)
        except Fault as fault:  # the stored state and the command are kept
            raise StepFailed(command, head.id, failure_of(fault)) from fault

    def _carry_out(self, running: Running) -> None:
        try:
            effects.apply(running)
            self._follow_deadlines(running)
            running.live.compact()
            running.state = running.live.dump()
        except (Fault, HandlerFailed) as failed:
            raise passed_on(failed, running.alone) or StepFailed(
                running.command, running.head.id, failure_of(failed)
            ) from failed
        except BadInput as refused:
            if not running.alone:
                raise
            failure = refusal_at(effects.place_of(running), "", refused)
            raise StepFailed(running.command, running.head.id, failure) from refused

    def _follow_deadlines(self, running: Running) -> None:
        host, live = running.host, running.live
        while host.deadlines:
            element_id, due_at = host.deadlines.pop(0)
            if element_id is None:
                live.recompute_due(host)
                continue
            for token, task in live.waiting().tasks.items():
                if task.element.id == element_id:
                    live.set_due(token, due_at, host)

    def _save(self, running: Running, before: Waiting, snapshot: Any) -> Done:
        command, head, live, host = running.command, running.head, running.live, running.host
        after = live.waiting()
        owner = Owner(
            head.id, head.definition_id, head.key, head.business_key, host.now, command.by,
            running.completed,
        )  # fmt: skip
        changes = difference(before, after, owner)
        reason = str(running.details.get("reason") or "")
        telling.tell(host, before, after, command.request_id, reason)
        if changes.new_subscriptions:
            host.jobs += host.kept_for(changes.new_subscriptions)
        changes.new_jobs += host.jobs
        status = _status_after(running)
        if status != InstanceStatus.ACTIVE:
            changes.deltas += _ended(head.definition_id, status)
        new = {
            "version": head.version + 1,
            "status": status,
            "ended_at": host.now if status != InstanceStatus.ACTIVE else None,
        }
        event = self._event(running, snapshot)
        if not steps.save(host.connection, head, new, running.state, event, changes):
            raise Conflict(say("Somebody else changed this case at the same moment."))
        key = head.business_key
        if head.stuck or status != InstanceStatus.ACTIVE:
            outlived.close(host.connection, head.id, after, status)
        if status != InstanceStatus.ACTIVE and key is not None and host.takes(key):
            messages.drop_waiting(host.connection, key, host.now)
        kept = live if status == InstanceStatus.ACTIVE else None
        return Done.of(head, kept, changes)

    def _event(self, running: Running, snapshot: Any) -> dict[str, Any]:
        command, live = running.command, running.live
        body = event_body(live, snapshot, {**running.details, **live.take_folded()})
        return event_row(
            running.head, running.host.now, command.kind, command.by, command.request_id, body
        )

    def committed(self, done: Done) -> None:
        """Do the work after the commit: keep the live instance, wake the scheduler for earlier
        work, report new external tasks."""
        if done.live is not None:
            self.cache.put(done.head.id, done.head.version + 1, done.live)
        if done.due:
            now = self.clock.at(done.head.database_now, done.head.clock)
            self.wake(self.clock.seconds_until(min(done.due), now, done.head.clock))
        if done.topics:
            self.offer(done.topics)


RETRY = say("Ask the operator to look at the log, then retry: what was sent is kept.")


def failure_of(failed: Fault | HandlerFailed, then: Sentence = RETRY) -> Failure:
    """The failure in an incident; `then`: the advice if the handler itself is at fault."""
    where = (failed.element_id, failed.element_name)
    if isinstance(failed, Fault):
        return Failure(*where, failed.what, failed.advice)
    if isinstance(failed.cause, (Refusal, TindakError)):
        return refusal_at(*where, failed.cause)
    what = say("The service behind this element failed.")
    return Failure(*where, what, then)


def refusal_at(element_id: str, element_name: str, refused: Refusal | TindakError) -> Failure:
    """The failure in an incident for a refusal that no caller receives."""
    advice = say("Change what it says is wrong, then retry: what was sent is kept.")
    return Failure(element_id, element_name, refused.sentence, advice)


def passed_on(failed: Fault | HandlerFailed, alone: bool) -> Exception | None:
    """The handler's error for the caller of the step; None if the model or the handler itself is at
    fault, and for a refusal without a waiting caller. Errors of the database keep their class, so
    that the transaction may be repeated."""
    cause = failed.cause if isinstance(failed, HandlerFailed) else None
    if isinstance(cause, Refusal):
        return None if alone else BadInput(cause.sentence, cause.fields)
    if alone and isinstance(cause, REFUSALS):
        return None
    return cause if isinstance(cause, (TindakError, DBAPIError)) else None


@dataclass(frozen=True, slots=True)
class Done:
    """A step carried out but perhaps not committed. `live` None: no live instance to keep;
    `topics`: topics of external tasks that workers can fetch."""

    head: Head
    live: Live | None
    due: list[datetime] = field(default_factory=list)
    topics: frozenset[str] = frozenset()

    def also(self, topics: frozenset[str]) -> Done:
        """The same with external tasks of more topics."""
        return replace(self, topics=self.topics | topics)

    @classmethod
    def of(cls, head: Head, live: Live | None, changes: RowChanges) -> Done:
        """The work to do after these rows are committed."""
        due = [job["due_at"] for job in changes.new_jobs]
        return cls(head, live, due, frozenset(row["topic"] for row in changes.new_externals))


def event_body(live: Live, since: Any, details: Mapping[str, Any]) -> bytes:
    """The event's record of the step: its way through the model and its writes. `since`: the
    snapshot at its beginning, None for a start."""
    activities = live.activities(since)
    return history.body_of(
        activities.entered,
        activities.left,
        activities.cancelled,
        live.changed(),
        details,
    )


def event_row(
    head: Head,
    at: datetime,
    kind: str,
    by: str | None,
    request_id: str | None,
    body: bytes,
) -> dict[str, Any]:
    """The next event of a locked instance, chained to its last one."""
    link = history.Link(head.id, head.last_seq + 1, at, kind, by, request_id, body)
    digest = history.chained(head.last_hash, link)
    return {**link._asdict(), "hash": digest, "form": history.FORM}


def _ended(definition_id: UUID, status: InstanceStatus) -> list[dict[str, Any]]:
    name = f"instances:{definition_id}"
    return [delta_row(name, InstanceStatus.ACTIVE, -1), delta_row(name, status, 1)]


def _status_after(running: Running) -> InstanceStatus:
    if running.withdrawn:
        return moved(InstanceStatus.ACTIVE, "withdraw")
    if running.live.ended:
        return moved(InstanceStatus.ACTIVE, "complete")
    return InstanceStatus.ACTIVE
