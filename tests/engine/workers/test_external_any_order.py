"""After any acts of workers and operators on external tasks in any order, the engine agrees with a
few lines of plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from engine import Conflict, Engine, NotFound
from engine.storage import tables
from engine.storage.later import externals
from engine.storage.later.externals import TopicWanted
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    event,
    flow,
    parallel,
    process,
    service_task,
    start,
    timer,
    user_task,
)
from tests.engine.workers.test_external_tasks import run_out

HOUR = timedelta(hours=1)
TOPICS = ("print", "send")
WORKERS = ("ani", "budi")
MODEL = {
    "job.bpmn": bpmn(
        process(
            "job", start(), parallel("fork"),
            service_task("print", "print", camunda_taskPriority="${urgency}"),
            service_task("send", "send"), parallel("join"), user_task("after"),
            boundary("no_paper", "print", event("error", "no_paper")), user_task("repair"),
            boundary("slow", "print", event("escalation", "slow"), interrupting=False),
            user_task("hurry"), boundary("late", "send", timer("P1D")), user_task("lost"), end(),
            flow("start", "fork"), flow("fork", "print"), flow("fork", "send"),
            flow("print", "join"), flow("send", "join"), flow("join", "after"),
            flow("after", "end"), flow("no_paper", "repair"), flow("repair", "end"),
            flow("slow", "hurry"), flow("hurry", "end"), flow("late", "lost"), flow("lost", "end"),
        )
    )
}  # fmt: skip


@dataclass
class Task:
    """An external task as it should stand."""

    case: UUID
    topic: str
    priority: int
    worker: str | None = None
    leased: bool = False
    waits: bool = False
    retries: int | None = None
    stuck: bool = False
    done_by: str | None = None
    gone: bool = False

    @property
    def free(self) -> bool:
        return not (self.leased or self.waits or self.stuck or self.gone)

    def held_by(self, worker: str) -> bool:
        return self.leased and self.worker == worker and not (self.stuck or self.gone)


@dataclass
class Case:
    """What a case has taken in: names of variables, and when its timer comes."""

    written: set[str] = field(default_factory=set)
    late_in: int = 24
    withdrawn: bool = False


class AnyOrder(RuleBasedStateMachine):
    """The engine beside the reference. `engine` and `clock` are set by the test."""

    engine: Engine
    clock: ManualClock

    def __init__(self) -> None:
        super().__init__()
        self.cases: dict[UUID, Case] = {}
        self.tasks: dict[UUID, Task] = {}
        self.start(3)

    def teardown(self) -> None:
        for id in self.cases:
            if self.engine.instance(id).status == "active":
                self.engine.cancel(id, "end of the example", "owner")
        assert self.engine.incidents() == [], "what is taken away leaves nothing to repair"

    @precondition(lambda self: len(self.cases) < 4)
    @rule(urgency=st.integers(min_value=-2, max_value=2))
    def start(self, urgency: int) -> None:
        id = uuid4()
        self.engine.start("job", {"urgency": urgency}, id=id)
        self.cases[id] = Case()
        with self.engine.reading() as connection:
            rows = connection.execute(
                select(tables.external_task.c.token, tables.external_task.c.topic).where(
                    tables.external_task.c.instance_id == id
                )
            ).all()
        assert sorted(topic for _, topic in rows) == ["print", "send"]
        for token, topic in rows:
            self.tasks[token] = Task(id, topic, urgency if topic == "print" else 0)

    @rule(
        worker=st.sampled_from(WORKERS),
        topics=st.sampled_from([("print",), ("send",), TOPICS]),
        most=st.integers(min_value=1, max_value=4),
    )
    def fetch(self, worker: str, topics: tuple[str, ...], most: int) -> None:
        asked = [TopicWanted(topic=one, lease=HOUR) for one in topics]
        found = [work.task.id for work in self.engine.external.fetch(worker, asked, most)]
        free = {id: one for id, one in self.tasks.items() if one.free and one.topic in topics}
        assert set(found) <= free.keys()
        assert len(found) == min(most, len(free))
        given = [self.tasks[id].priority for id in found]
        assert given == sorted((one.priority for one in free.values()), reverse=True)[:most]
        for id in found:
            self.tasks[id].worker, self.tasks[id].leased = worker, True

    @rule(pick=st.integers(0, 9), worker=st.sampled_from(WORKERS), twice=st.booleans())
    def complete(self, pick: int, worker: str, twice: bool) -> None:
        for id, task in self._pick(pick):
            complete = partial(
                self.engine.external.complete, id, worker, {f"by_{task.topic}": worker}
            )
            for _ in range(1 + twice):
                if task.done_by == f"external {worker}":
                    complete()
                    continue
                if not self._may(task, worker, complete):
                    return
                self.cases[task.case].written.add(f"by_{task.topic}")
                task.gone, task.done_by = True, f"external {worker}"

    @rule(pick=st.integers(0, 9), worker=st.sampled_from(WORKERS))
    def throw_error(self, pick: int, worker: str) -> None:
        for id, task in self._pick(pick, "print"):
            throw = partial(self.engine.external.throw_error, id, worker, "no_paper")
            if task.done_by == f"error {worker}":
                throw()
            elif self._may(task, worker, throw):
                task.gone, task.done_by = True, f"error {worker}"

    @rule(pick=st.integers(0, 9), worker=st.sampled_from(WORKERS))
    def escalate(self, pick: int, worker: str) -> None:
        for id, task in self._pick(pick, "print"):
            self._may(task, worker, partial(self.engine.external.escalate, id, worker, "slow"))

    @rule(
        pick=st.integers(0, 9), worker=st.sampled_from(WORKERS),
        retries=st.integers(min_value=0, max_value=2), wait=st.booleans(),
    )  # fmt: skip
    def fail(self, pick: int, worker: str, retries: int, wait: bool) -> None:
        for id, task in self._pick(pick):
            told: dict[str, Any] = {"retries": retries, "wait": HOUR if wait else timedelta(0)}
            fail = partial(self.engine.external.fail, id, worker, "no paper", **told)
            if self._may(task, worker, fail):
                task.worker, task.leased, task.retries = None, False, retries
                task.waits, task.stuck = wait and retries > 0, retries == 0

    @rule(pick=st.integers(0, 9), worker=st.sampled_from(WORKERS))
    def extend(self, pick: int, worker: str) -> None:
        for id, task in self._pick(pick):
            self._may(task, worker, partial(self.engine.external.extend, id, worker, HOUR))

    @rule(pick=st.integers(0, 9))
    def time_runs_out(self, pick: int) -> None:
        for id, task in self._pick(pick):
            if (task.leased or task.waits) and not task.gone:
                run_out(self.engine, id)
                task.leased = task.waits = False

    @rule(pick=st.integers(0, 9))
    def release(self, pick: int) -> None:
        for id, task in self._pick(pick):
            if task.gone or task.stuck:
                with pytest.raises(NotFound if task.gone else Conflict):
                    self.engine.external.release(id)
                continue
            self.engine.external.release(id)
            task.worker, task.leased, task.waits = None, False, False

    @rule(pick=st.integers(0, 9), retries=st.integers(min_value=0, max_value=3))
    def set_retries(self, pick: int, retries: int) -> None:
        for id, task in self._pick(pick):
            if task.gone:
                with pytest.raises(NotFound):
                    self.engine.external.set_retries([id], retries, "owner")
                continue
            self.engine.external.set_retries([id], retries, "owner")
            task.retries = retries
            if task.stuck or retries == 0:
                task.leased = task.waits = False
            if task.stuck and retries:
                task.worker = None
            task.stuck = retries == 0

    @rule(pick=st.integers(0, 9), priority=st.integers(min_value=-2, max_value=2))
    def set_priority(self, pick: int, priority: int) -> None:
        for id, task in self._pick(pick):
            if not task.gone:
                self.engine.external.set_priority(id, priority)
                task.priority = priority

    @rule()
    def retry_what_is_stuck(self) -> None:
        for incident in self.engine.incidents():
            assert self.engine.retry(incident.id, "owner").done
            task = self.tasks[UUID(incident.command["token"])]
            task.stuck, task.retries, task.worker = False, 1, None

    @rule(hours=st.sampled_from([5, 25]))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        self.engine.run_due()
        for id, case in self.cases.items():
            case.late_in -= hours
            for task in self.tasks.values():
                if task.case == id and task.topic == "send" and case.late_in <= 0:
                    task.gone = True

    @rule(pick=st.integers(0, 3))
    def withdraw(self, pick: int) -> None:
        id = [*self.cases][pick % len(self.cases)]
        if self.engine.instance(id).status == "active":
            self.engine.cancel(id, "moot", "head")
            for task in self.tasks.values():
                task.gone = task.gone or task.case == id

    def _pick(self, pick: int, topic: str | None = None) -> list[tuple[UUID, Task]]:
        found = [(id, one) for id, one in self.tasks.items() if topic in (None, one.topic)]
        return [found[pick % len(found)]] if found else []

    def _may(self, task: Task, worker: str, act: Callable[[], object]) -> bool:
        """Do it if this worker may; else see it refused."""
        if task.held_by(worker):
            act()
            return True
        with pytest.raises(NotFound if task.gone else Conflict):
            act()
        return False

    # --- what must always be so -----------------------------------------------------------------

    @invariant()
    def the_engine_stands_where_the_reference_stands(self) -> None:
        with self.engine.reading() as connection:
            now = self.engine.on(connection).real_now()
            for id, task in self.tasks.items():
                found = externals.by_id(connection, id)
                assert (found is None) == task.gone
                if found is None:
                    continue
                assert found.held_at(now) == task.leased
                assert found.worker == task.worker or not task.leased
                assert (found.retries, found.priority) == (task.retries, task.priority)
                assert (found.incident_id is not None) == task.stuck

    @invariant()
    def what_is_stuck_is_on_record(self) -> None:
        stuck = {UUID(one.command["token"]) for one in self.engine.incidents()}
        assert stuck == {id for id, task in self.tasks.items() if task.stuck and not task.gone}

    @invariant()
    def what_was_sent_is_kept_and_every_chain_holds(self) -> None:
        for id, case in self.cases.items():
            written = {name for name in self.engine.data(id) if name.startswith("by_")}
            assert written == case.written
            assert self.engine.broken_history(id) is None


@pytest.mark.long
def test_any_acts_in_any_order_lead_where_the_reference_says(database_url: str) -> None:
    opened = Engine.open(database_url, None, clock := ManualClock(MONDAY))
    opened.deploy(MODEL, "owner")

    class OnThisDatabase(AnyOrder):
        engine = opened

    OnThisDatabase.clock = clock
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            phases=(Phase.generate,),  # making an example smaller takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    opened.close()
