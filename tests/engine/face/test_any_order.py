"""After any acts in any order the engine agrees with a case in plain Python.

After every step of an example the test reads tasks, timers, history and status of all its cases.
One database serves all examples of a run; each example leaves no running case behind.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from engine import Conflict, Engine
from engine.ports.handlers import Step
from engine.storage.tables import job
from engine.time.calendar import DEFAULT_ZONE
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.stateful import Case, journey

MOST_CASES = 3
PICK = st.integers(min_value=0, max_value=5)


class Post:
    """The service behind a payment, which can be broken."""

    works = True

    def __call__(self, step: Step) -> None:
        if not self.works:
            raise OSError("the counter is closed")


class AnyOrder(RuleBasedStateMachine):
    """The engine beside the reference. `open_anew` is set by the test."""

    open_anew: Callable[[ManualClock, Post], Engine]
    clock: ManualClock

    def __init__(self) -> None:
        super().__init__()
        self.post = Post()
        self.engine = type(self).open_anew(self.clock, self.post)
        self.edition = 0
        self.cases: dict[UUID, Case] = {}
        self.ended_tasks: list[UUID] = []
        self.deploy()

    def teardown(self) -> None:
        for id, case in self.cases.items():
            if case.active:
                self.engine.cancel(id, "end of the example", "owner")
        for incident in self.engine.incidents():
            self.engine.discard(incident.id, "owner")
        self.engine.run_due()
        self.engine.close()

    @initialize(far=st.lists(st.integers(min_value=0, max_value=3), min_size=2, max_size=2))
    def some_cases_are_under_way(self, far: list[int]) -> None:
        """Two cases, each a few steps on its way, so that no example begins at nothing."""
        for number, steps in enumerate(far):
            self.start()
            for _ in range(min(steps, 2)):
                self.complete(number, "good", keyed=False)
            if steps == 3:
                self.deliver(number)

    # --- what can be done -----------------------------------------------------------------------

    @rule()
    def deploy(self) -> None:
        self.edition += 1
        self.engine.deploy(journey(self.edition), "owner")

    @precondition(lambda self: sum(one.active for one in self.cases.values()) < MOST_CASES)
    @rule()
    def start(self) -> None:
        id = uuid4()
        self.engine.start("journey", business_key=str(id), id=id)
        self.cases[id] = Case(self.edition)
        self.cases[id].enter("write", self.clock.now)

    @rule(pick=PICK, verdict=st.sampled_from(["again", "good"]), keyed=st.booleans())
    def complete(self, pick: int, verdict: str, keyed: bool) -> None:
        for id, case in self._pick(pick, lambda case: case.open_task is not None):
            [task] = self.engine.tasks(instance_id=id)
            for _ in range(1 + keyed):
                request = f"complete {task.id}" if keyed else None
                self.engine.complete(task.id, {"verdict": verdict}, "ani", request_id=request)
            self.ended_tasks.append(task.id)
            case.complete(verdict, self.clock.now)

    @rule(pick=PICK)
    def work_on(self, pick: int) -> None:
        """What people mostly do."""
        self.complete(pick, "good", keyed=True)
        self.deliver(pick)

    @precondition(lambda self: self.ended_tasks)
    @rule(pick=PICK)
    def complete_what_is_done(self, pick: int) -> None:
        with pytest.raises(Conflict):
            self.engine.complete(self.ended_tasks[pick % len(self.ended_tasks)], {}, "budi")

    @rule(pick=PICK)
    def deliver(self, pick: int) -> None:
        for id, case in self._pick(pick, lambda case: case.active):
            self.engine.deliver("payment", str(id))
            case.deliver(self.post.works, self.clock.now)

    @rule(hours=st.sampled_from([1, 7, 24, 25, 80]))
    def wait(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        self.run_due()

    @rule()
    def run_due(self) -> None:
        self.engine.run_due()
        for case in self.cases.values():
            case.pass_time(self.post.works, self.clock.now)

    @rule(pick=PICK, days=st.integers(min_value=0, max_value=6))
    def extend(self, pick: int, days: int) -> None:
        for id, case in self._pick(pick, lambda case: case.place == "judge"):
            [task] = self.engine.tasks(instance_id=id)
            day = self.clock.now.astimezone(DEFAULT_ZONE).date() + timedelta(days=days)
            self.engine.extend(task.id, day, "asked for", "head")
            case.steps.append("extend")
            case.extend(day)

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        for id, case in self._pick(pick, lambda case: case.active):
            self.engine.cancel(id, "moot", "head")
            case.withdraw()

    @rule()
    def break_or_mend_the_service(self) -> None:
        self.post.works = not self.post.works

    @rule()
    def retry(self) -> None:
        for incident in self.engine.incidents():
            case = self.cases[incident.instance_id]
            done = self.engine.retry(incident.id, "owner").done
            assert done == case.retry(self.post.works, self.clock.now)

    @rule()
    def crash_and_reload(self) -> None:
        self.engine.close()
        self.engine = type(self).open_anew(self.clock, self.post)

    def _pick(self, pick: int, wanted: Callable[[Case], bool]) -> list[tuple[UUID, Case]]:
        found = [(id, case) for id, case in self.cases.items() if wanted(case)]
        return [found[pick % len(found)]] if found else []

    # --- what must always be so -----------------------------------------------------------------

    @invariant()
    def the_engine_stands_where_the_reference_stands(self) -> None:
        timers = self._timers()
        for id, case in self.cases.items():
            tasks = self.engine.tasks(instance_id=id)
            assert [task.element_id for task in tasks] == [case.open_task] * bool(case.open_task)
            assert timers.get(id, []) == ([case.due] if case.due else [])
            assert [event.kind for event in self.engine.history(id)] == case.steps
            assert self.engine.broken_history(id) is None
            status = case.place if case.place == "withdrawn" else "completed"
            assert self.engine.instance(id).status == ("active" if case.active else status)
            if case.place == "ship":
                assert tasks[0].name == f"Ship {case.edition}", "each case keeps its version"

    @invariant()
    def what_failed_is_on_record(self) -> None:
        found = sorted(incident.instance_id for incident in self.engine.incidents())
        assert found == sorted(id for id, case in self.cases.items() for _ in range(case.incidents))

    def _timers(self) -> dict[UUID, list[datetime]]:
        found: dict[UUID, list[datetime]] = {}
        with self.engine.reading() as connection:
            rows = select(job.c.instance_id, job.c.due_at).where(job.c.kind == "timer")
            for id, due_at in connection.execute(rows):
                found.setdefault(id, []).append(due_at)
        return found


@pytest.mark.long
def test_any_acts_in_any_order_lead_where_the_reference_says(database_url: str) -> None:
    class OnThisDatabase(AnyOrder):
        clock = ManualClock(MONDAY)

        @staticmethod
        def open_anew(clock: ManualClock, post: Post) -> Engine:
            return Engine.open(database_url, {"remind": lambda step: None, "post": post}, clock)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            phases=(Phase.generate,),  # making an example smaller takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
