"""The loop over all later work: one table, one transaction for each job.

The instance is always locked before its job (the other order deadlocks against a completion that
deletes its timers). Jobs that use the network are leased, sent outside a transaction, then deleted:
at least once, with a stable id.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, NoReturn, Protocol
from uuid import UUID

import structlog
from sqlalchemy import Connection

from engine.execution.starting import start
from engine.execution.step import Done, StepFailed, Stepper
from engine.later import delivery, repairs, signals, timer_starts
from engine.later.retries import MOST_ATTEMPTS, wait_after
from engine.records.commands import Command, Fire
from engine.records.payloads import Beginning, Hearing, Message, Spreading, Starting
from engine.sentences.errors import REFUSALS, Conflict, TindakError, Unavailable
from engine.sentences.sentence import Sentence, say
from engine.storage.clock_time import read_time
from engine.storage.later import jobs
from engine.storage.later.jobs import Job
from engine.storage.models import definitions

log = structlog.get_logger(__name__)

BATCH = 100
IN_ORDER = frozenset({Message.kind, Spreading.kind})
"""Kinds of jobs without an instance that run in the order of their arrival."""
LEASE = timedelta(minutes=10)
"""How long a sender may take before another worker tries the same job."""


class Sender(Protocol):
    """Carries out a job that uses the network (mail, webhook), outside any transaction."""

    def prepare(self, connection: Connection, payload: Mapping[str, Any]) -> object | None:
        """Read what to send; None if there is nothing to send (any more)."""

    def send(self, prepared: Any) -> None:
        """Send it. Raises OSError (or a subclass) if that fails."""

    def sent(
        self, connection: Connection, payload: Mapping[str, Any], prepared: Any, now: datetime
    ) -> None:
        """Record that it was sent, as prepared."""

    def failed(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        error: str,
        now: datetime,
        final: bool,
    ) -> None:
        """Record that it failed; `final`: the loop will not try it again."""


class Ran(Enum):
    """The result of a job. `DROPPED`: its case no longer waits for it; `FAILED`: it is pushed back;
    `TAKEN`: another worker has it."""

    DONE = auto()
    DROPPED = auto()
    FAILED = auto()
    TAKEN = auto()


@dataclass(frozen=True, slots=True)
class Loop:
    """Runs due jobs. Any number of processes may run a loop on the same database."""

    stepper: Stepper
    senders: Mapping[str, Sender]

    def run_due(
        self, at: datetime | None = None, after_each: Callable[[], None] = lambda: None
    ) -> int:
        """Run every job due at `at` (default: the engine's time); return the number of jobs done.
        `after_each` is called between jobs, so that a long queue does not look like a dead
        scheduler."""
        ran, passed, alone = 0, set[UUID](), True
        while found := [job for job in self._due(at, len(passed)) if job.id not in passed]:
            for job in found if alone else scattered(found):
                how = self._run(job, at)
                after_each()
                ran += how is Ran.DONE
                if how in (Ran.FAILED, Ran.TAKEN):
                    passed.add(job.id)
                if how is Ran.TAKEN:
                    alone = False
                    break
        return ran

    def _due(self, at: datetime | None, passed: int) -> list[Job]:
        with self.stepper.around.database.read() as connection:
            now = at or self._now(connection)
            return jobs.due(connection, now, BATCH + passed)

    def _now(self, connection: Connection) -> datetime:
        return self.stepper.clock.at(*read_time(connection))

    def _run(self, job: Job, at: datetime | None) -> Ran:
        try:
            return self._kinds().get(job.kind, self._send)(job, at)
        except StepFailed as failed:
            repairs.record(self.stepper, failed, job.id)
            return Ran.DONE
        except Unavailable:
            return Ran.TAKEN  # or out of reach: still due, the next look takes it
        except Exception as error:  # the worker's border: one bad job must not stop the others
            log.exception("job failed", job=str(job.id), kind=job.kind)
            self._push_back(job, _why(job, error), at)
            return Ran.FAILED

    def _kinds(self) -> Mapping[str, Callable[[Job, datetime | None], Ran]]:
        return {
            "timer": self._fire,
            Beginning.kind: self._begin,
            Starting.kind: self._start,
            Message.kind: self._message,
            Spreading.kind: self._signal,
            Hearing.kind: self._hear,
        }

    def _fire(self, job: Job, at: datetime | None) -> Ran:
        assert job.token is not None, "a timer has its token"
        return self._tell(job, Fire(token=job.token, planned=job.due_at), at)

    def _hear(self, job: Job, at: datetime | None) -> Ran:
        return self._tell(job, signals.hearing(job), at)

    def _tell(self, job: Job, command: Command, at: datetime | None) -> Ran:
        """Carry out a command on the instance of a job."""

        def work(connection: Connection) -> Done:
            head = jobs.take_with_instance(connection, job)
            return self.stepper.perform(connection, head or _taken(), command, at, alone=True)

        try:
            return self._commit(work)
        except Conflict:  # its case ended or stopped waiting: drop the job
            return self._commit(lambda connection: self._drop(connection, job))

    def _drop(self, connection: Connection, job: Job) -> None:
        jobs.take(connection, job.id)

    def _begin(self, job: Job, at: datetime | None) -> Ran:
        occurrence = Beginning.decode(job.payload).command(job.id, job.due_at)

        def work(connection: Connection) -> bool:
            newest = definitions.hold_newest(connection, occurrence.key)
            if not jobs.take(connection, job.id):
                _taken()
            now = at or self._now(connection)
            timer_starts.occur(self.stepper, connection, occurrence, newest, now)
            return True

        return self._commit(work)

    def _start(self, job: Job, at: datetime | None) -> Ran:
        wanted = Starting.decode(job.payload).command()

        def work(connection: Connection) -> Done:
            if not jobs.take(connection, job.id):
                _taken()
            return start(self.stepper, connection, wanted, at, alone=True)

        return self._commit(work)

    def _message(self, job: Job, at: datetime | None) -> Ran:
        message = Message.decode(job.payload)

        def work(connection: Connection) -> bool | Done:
            done = delivery.route(self.stepper, connection, message, wait=True, at=at)
            # The job is locked last: the instance must be locked before its job.
            return (done or True) if jobs.take(connection, job.id) else _taken()

        try:
            return self._commit(work)
        except REFUSALS as error:  # no later attempt would succeed by itself
            raise delivery.undelivered(message, error) from error

    def _signal(self, job: Job, at: datetime | None) -> Ran:
        signal = Spreading.decode(job.payload)

        def work(connection: Connection) -> bool:
            if not jobs.take(connection, job.id):
                _taken()
            signals.spread(self.stepper, connection, signal, at or self._now(connection))
            return True

        return self._commit(work)

    def _commit(self, work: Callable[[Connection], Done | bool | None]) -> Ran:
        """Run `work` in a transaction; say whether it did something, or only dropped the job."""
        done = self.stepper.around.database.repeat(work)
        if isinstance(done, Done):
            self.stepper.committed(done)
        return Ran.DONE if done else Ran.DROPPED

    def _send(self, job: Job, at: datetime | None) -> Ran:
        sender = self.senders[job.kind]
        database = self.stepper.around.database
        if job.attempts >= MOST_ATTEMPTS:  # every worker that tried has died of it
            why = say("Each attempt ended together with the program that made it.")
            self._not_sent(sender, job, why, str(why), at)
            return Ran.FAILED

        def lease(connection: Connection) -> bool:
            return jobs.lease(connection, job, (at or self._now(connection)) + LEASE)

        if not database.repeat(lease):
            _taken()
        with database.read() as connection:
            prepared = sender.prepare(connection, job.payload)
        if prepared is not None:
            try:
                sender.send(prepared)
            except OSError as error:
                why = say("It could not be sent: {answer}", answer=str(error))
                self._not_sent(sender, job, why, str(error), at)
                return Ran.FAILED
            except Unavailable as busy:  # another act holds its object: try later
                self._push_back(job, busy.sentence, at)
                return Ran.FAILED
        database.repeat(lambda connection: self._sent(connection, sender, job, prepared, at))
        return Ran.DONE

    def _sent(
        self,
        connection: Connection,
        sender: Sender,
        job: Job,
        prepared: object,
        at: datetime | None,
    ) -> None:
        if jobs.take(connection, job.id) and prepared is not None:
            sender.sent(connection, job.payload, prepared, at or self._now(connection))

    def _not_sent(
        self, sender: Sender, job: Job, why: Sentence, error: str, at: datetime | None
    ) -> None:
        final = self._push_back(job, why, at)
        self.stepper.around.database.repeat(
            lambda connection: sender.failed(
                connection, job.payload, error, at or self._now(connection), final
            )
        )

    def _push_back(self, job: Job, error: Sentence, at: datetime | None) -> bool:
        attempts = job.attempts + 1
        final = attempts >= MOST_ATTEMPTS

        def work(connection: Connection) -> None:
            if final:
                jobs.bury(connection, job.id, attempts, error)
                return
            due_at = (at or self._now(connection)) + wait_after(attempts)
            jobs.push_back(connection, job.id, due_at, attempts, error)

        self.stepper.around.database.repeat(work)
        return final


def _why(job: Job, error: Exception) -> Sentence:
    """The reason for an operator. The text of a defect of ours goes only to the log."""
    if isinstance(error, TindakError):
        return error.sentence
    return say("It failed inside the product. The log says more, at the job {id}.", id=job.id)


def scattered(found: Sequence[Job]) -> list[Job]:
    """The jobs in random order, because another worker does the same work and both should not meet
    at each job. Jobs of one instance, messages and signals keep their order."""
    place: dict[UUID | str, float] = defaultdict(random.random)

    def group(job: Job) -> UUID | str:
        return job.instance_id or (job.kind if job.kind in IN_ORDER else job.id)

    return sorted(found, key=lambda job: place[group(job)])


def _taken() -> NoReturn:
    raise Unavailable(say("Another worker has this."))
