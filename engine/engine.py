"""The engine as its users see it: open a database, deploy models, run instances.

The engine works alone: case reader, handlers and clock are optional. It asks for no rights and
records `by` as given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from engine.deployment.examining import Examine, examine
from engine.execution.border import spiffworkflow_version
from engine.execution.step_host import (
    CaseReader,
    OptionReader,
    Surroundings,
    no_case,
    no_options,
)
from engine.face.act import Act
from engine.face.alone import alone, received
from engine.face.later_work import LaterWork
from engine.face.model_desk import ModelDesk
from engine.later import loop
from engine.later.repairs import Failed, Repair
from engine.ports.cases import Cases, NoCases
from engine.ports.handlers import Handler, Topic
from engine.ports.news import Teller, tell_nobody
from engine.ports.performers import PerformerReader, nobody_said
from engine.records.states import Outcome
from engine.storage import schema
from engine.storage.database.unit_of_work import Database
from engine.time.clock import GivenClock, StoredClock
from engine.time.looks import FROM_MIDNIGHT, Looks


class Engine(ModelDesk, LaterWork):
    """Runs any BPMN model that its checks let through. Safe to share between threads.

    What it can be told and asked lives in `engine/face`, each in one place:

    - acts that move a case: `act`; who has a task, notes of acts: `small_steps`; here all are
      by themselves
    - acts with models, which take long to check: `model_desk`
    - work for programs outside, as `external`: `external_tasks`
    - what a scheduler does: `later_work`
    - transactions for acts of several parts: `transactions`
    - questions: `case_questions`, `model_questions`; what time it is: `asking`
    """

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
        performers: PerformerReader = nobody_said,
        tell: Teller = tell_nobody,
        translated: frozenset[str] | None = None,
        senders: Mapping[str, loop.Sender] | None = None,
        daily: Sequence[Callable[[Engine], object]] = (),
        examine: Examine = examine,
        pool_size: int = 8,
        as_it_is: bool = False,
    ) -> Engine:
        """Open a database (an SQLAlchemy URL of SQLite or PostgreSQL).

        `daily`: one of the schedulers calls it once a day, outside any transaction. `cases`: says
        which instances own a case; without it every instance reads `case` and `options` by its
        business key. `looks`: the times at which late tasks are looked at. `performers`: the people
        and groups whom models may name; without it every name passes. `tell`: hears of tasks that
        open, move or change hands, in their transaction. `translated`: texts of models that have
        English without the model's help; without it no check asks for English. `senders`: read
        when a job of that kind runs, so a sender that needs the engine can be added later.
        `examine`: reads and checks models; give `engine.deployment.apart.SHARED.examine` for models
        from untrusted people.

        Creates the engine's schema in an empty database; `as_it_is`: refuses that one. Raises
        Unavailable, naming both versions, for another version of the schema or of SpiffWorkflow.
        """
        spiffworkflow_version.refuse_any_other()
        database = Database(url, pool_size=pool_size)
        (schema.check if as_it_is else schema.prepare)(database)
        topics = {
            name: handler if isinstance(handler, Topic) else Topic(handler)
            for name, handler in (handlers or {}).items()
        }
        readers = (case or no_case, options or no_options)
        around = Surroundings(
            database, topics, *readers, cases or NoCases(), looks, performers, tell, translated
        )
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
        """Repeat the failed command under its first author and time. Raises NotFound, Conflict."""
        try:
            return self.act(lambda act: act.retry(incident_id, by))
        except Failed as failed:
            failure = failed.failure
        self.act(lambda act: act.failed_again(incident_id, failure))
        return Repair(Outcome.FAILED, failure)
