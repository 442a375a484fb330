"""Drives a case as people, other programs and time would, until it ends.

A case runs if it ends, or still waits for an answer after `ROUNDS` answers, without an incident.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select

from benchmarks.models.answers import filled
from benchmarks.models.supplies import UNKNOWN, Supplies
from engine import BadInput, Engine, ModelError, TindakError
from engine.execution.border import ANYBODY
from engine.later import signals
from engine.records.payloads import Spreading
from engine.sentences.sentence import Sentence
from engine.storage.cases.incidents import load_sentence
from engine.storage.cases.instances import of_key
from engine.storage.tables import job
from engine.time.clock import ManualClock

BEGIN = datetime(2026, 1, 5, 2, tzinfo=UTC)
ROUNDS = 30
"""Number of answers, one after the other; a case that waits longer is in a loop that its people may
repeat."""
KEY = "case-1"
PERSON = "demo"

Event = tuple[str, str]
"""`message` or `signal`, and its name."""


@dataclass(slots=True)
class Driver:
    """The people and programs around the cases of one engine. `guess`: the number of their first
    values, also for unknown names. `events_first`: messages and timers come before any answer, so
    that they interrupt; else only if nobody can answer."""

    engine: Engine
    clock: ManualClock
    supplies: Supplies
    events_first: bool
    guess: int = 0
    chosen: set[tuple[UUID, str]] = field(default_factory=set)

    def run(self, key: str, begun_by: Event | None = None) -> Sentence | str:
        """Start a case, by an event if that is the only way, and answer it to its end. Return
        `ends`, `waits`, or the reason of its stop."""
        try:
            id = self._begun(key, begun_by)
            if id is None:
                return self._stopped() or "does not begin"
            for number in range(self.guess + 1, self.guess + 1 + ROUNDS):
                self.engine.run_due()
                if (stopped := self._stopped()) is not None:
                    return stopped
                if self.engine.instance(id).ended_at is not None:
                    return "ends"
                if not self._act(id, number):
                    return "waits for what no act brings"
        except ModelError as error:
            return error.problems[0].what
        except TindakError as error:
            return error.sentence
        return self._stopped() or "waits"

    def _begun(self, key: str, begun_by: Event | None) -> UUID | None:
        data = self._known(self.guess)
        if begun_by is None:
            return self.engine.start(key, data, KEY, PERSON)
        kind, name = begun_by
        if kind == "message":
            self.engine.deliver(name, KEY, data, wait=False, by=PERSON)
        else:
            self._ring(name, data)
            self.engine.run_due()
        with self.engine.reading() as connection:
            return next((one.id for one in of_key(connection, key, status=None, most=1)), None)

    def _ring(self, name: str, data: dict[str, object]) -> None:
        told = Spreading(name, data, PERSON)
        with self.engine.transaction() as connection:
            signals.spread(self.engine._stepper, connection, told, self.clock())

    def _stopped(self) -> Sentence | None:
        """The newest incident, or why a job failed."""
        found = self.engine.incidents()
        if found:
            return found[0].what
        with self.engine.reading() as connection:
            wrong = connection.scalar(select(job.c.error).where(job.c.error.is_not(None)))
        return load_sentence(wrong) if wrong is not None else None

    def _act(self, id: UUID, number: int) -> bool:
        """Bring one thing for which the case waits; False if there is none."""
        people: list[Callable[[UUID, int], bool]] = [self._complete, self._choose, self._conclude]
        events: list[Callable[[UUID, int], bool]] = [self._tell, self._wait]
        acts = events + people if self.events_first else people + events
        return any(act(id, number) for act in acts)

    def _complete(self, id: UUID, number: int) -> bool:
        """Complete the first open task."""
        for task in self.engine.tasks(id, limit=1):
            form, _ = self.engine.form(task.id)
            data = self._answer(number) if form is None else filled(form, self._known(number))
            self.engine.complete(task.id, data, PERSON)
            return True
        return False

    def _choose(self, id: UUID, number: int) -> bool:
        """Choose an activity of an ad-hoc sub-process: each of them once."""
        for choice in self.engine.choices(id):
            for activity in choice.activities:
                if (choice.token, activity.id) not in self.chosen:
                    self.chosen.add((choice.token, activity.id))
                    data, token = self._answer(number), choice.token
                    self.engine.start_activity(id, activity.id, data, by=PERSON, token=token)
                    return True
        return False

    def _conclude(self, id: UUID, number: int) -> bool:
        """Complete an ad-hoc sub-process; if its condition does not hold, its activities are chosen
        once more."""
        for choice in self.engine.choices(id):
            if choice.idle:
                try:
                    self.engine.signal(choice.token, self._answer(number), by=PERSON)
                except BadInput:
                    self.chosen.clear()
                return True
        return False

    def _tell(self, id: UUID, number: int) -> bool:
        """Send the message or signal that has been awaited longest."""
        answer = self._answer(number)
        choices = {choice.token for choice in self.engine.choices(id)}
        for awaited in self.engine.awaited(id):
            if awaited.token in choices:
                continue
            if awaited.key != ANYBODY:
                name, key, token = awaited.message, awaited.key, awaited.token
                self.engine.deliver(name, key, answer, wait=False, by=PERSON, token=token)
                return True
            self._ring(awaited.message, answer)
            return True
        return False

    def _known(self, number: int) -> dict[str, object]:
        return self.supplies.start(number, UNKNOWN[self.guess])

    def _answer(self, number: int) -> dict[str, object]:
        return self.supplies.answer(number, UNKNOWN[self.guess])

    def _wait(self, *_: object) -> bool:
        """Move the clock to the next timer."""
        seconds = self.engine.seconds_to_next_job()
        if seconds is None:
            return False
        self.clock.advance(seconds=max(seconds, 0) + 1)
        return True
