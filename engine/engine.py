"""The engine as its users see it: open it on a database, deploy models, run instances.

Works alone: no case reader, no handlers and no clock are needed. Nothing here asks who may do
what; `by` is recorded as given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from engine import jobs, library, verification
from engine.act import Act
from engine.alone import alone, received
from engine.cases import Cases, NoCases
from engine.clock import GivenClock, StoredClock
from engine.examining import Examine, examine
from engine.execution.host import (
    CaseReader,
    OptionReader,
    Surroundings,
    no_case,
    no_options,
)
from engine.handlers import Handler, Topic
from engine.incidents import Failed, Repair
from engine.looks import FROM_MIDNIGHT, Looks
from engine.model_desk import ModelDesk
from engine.questions import Questions
from engine.storage import jobs as job_rows
from engine.storage import (
    schema,
    upkeep,
)
from engine.storage.clock_time import read_time
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
        looks: Looks = FROM_MIDNIGHT,
        senders: Mapping[str, jobs.Sender] | None = None,
        daily: Sequence[Callable[[Engine], object]] = (),
        examine: Examine = examine,
        pool_size: int = 8,
    ) -> Engine:
        """Open a database (an SQLAlchemy URL of SQLite or PostgreSQL). `daily` is called once a
        day by one of the schedulers on it, outside any transaction. `cases` tells which instances
        own a case; without it all read `case` and `options` by their business key. `looks`: when
        late tasks are looked at. `senders` is read when a job of that kind runs, so that one which
        needs the engine can be added later.
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
        around = Surroundings(database, topics, *readers, cases or NoCases(), looks)
        read = GivenClock(clock) if clock else StoredClock()
        return cls(database, around, read, {} if senders is None else senders, daily, examine)

    # --- acts, each by itself -------------------------------------------------------------------

    start = alone(Act.start)
    complete = received(Act.complete)
    extend = received(Act.extend)
    cancel = received(Act.cancel)
    deliver = received(Act.deliver)
    signal = received(Act.signal)
    start_activity = received(Act.start_activity)
    claim = alone(Act.claim)
    assign = alone(Act.assign)
    note = alone(Act.note)
    discard = alone(Act.discard)
    save_draft = alone(Act.save_draft)
    save_model_draft = alone(Act.save_model_draft)
    discard_model_draft = alone(Act.discard_model_draft)
    retire = alone(Act.retire)

    def retry(self, incident_id: UUID, by: str) -> Repair:
        """Repeat what failed, under its first author and time. Raises NotFound, Conflict."""
        try:
            return self.act(lambda act: act.retry(incident_id, by))
        except Failed as failed:
            failure = failed.failure
        self.act(lambda act: act.failed_again(incident_id, failure))
        return Repair(False, failure)

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
        with self.reading() as connection:
            earliest = job_rows.earliest(connection)
            if earliest is None:
                return None
            database_now, stored = read_time(connection)
            now = self._stepper.clock.at(database_now, stored)
            return self._stepper.clock.seconds_until(earliest, now, stored)

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
