"""Several workers come for one external task at once: one gets it, it ends once, and nobody waits
for a worker that is still working."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from engine import Conflict, Engine, NotFound
from engine.later.repairs import Received
from engine.storage.database import unit_of_work
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    event,
    flow,
    process,
    service_task,
    start,
    timer,
    user_task,
)
from tests.engine.models_of_tests import open_elements
from tests.engine.racing import held
from tests.engine.workers.test_external_tasks import MINUTE, fetch, one, run_out, wanted

RENDERED = {
    "job.bpmn": bpmn(
        process(
            "job", start(), service_task("work", "render"), user_task("after"), user_task("late"),
            boundary("too_late", "work", timer("P1D")), user_task("repair"),
            boundary("failed", "work", event("error", "no_paper")), end(),
            flow("start", "work"), flow("work", "after"), flow("after", "end"),
            flow("too_late", "late"), flow("late", "end"), flow("failed", "repair"),
            flow("repair", "end"),
        )
    )
}  # fmt: skip


class Scene:
    """Two engines on one database, as two processes; on SQLite, where one process serves, the same
    one twice."""

    def __init__(self, open_engine: Open) -> None:
        self.here: Engine = open_engine()
        self.there: Engine = self.here if self.here.database.is_sqlite else open_engine()
        self.here.deploy(RENDERED, "owner")
        self.case = self.here.start("job")
        self.task = one(self.here).task.id

    def kinds(self) -> list[str]:
        assert self.here.broken_history(self.case) is None
        return [event.kind for event in self.here.history(self.case)]

    def complete(self, engine: Engine, worker: str = "ani") -> Callable[[], object]:
        return lambda: engine.external.complete(self.task, worker, {"pages": 1})

    def error(self, engine: Engine) -> Callable[[], object]:
        return lambda: engine.external.throw_error(self.task, "ani", "no_paper")

    def at_once(self, *acts: Callable[[], object]) -> list[Any]:
        """What comes of the acts, which come to the lock of the case in this order."""
        with held(self.here, self.case) as queue:
            for act in acts:
                queue.begin(act)
        return queue.outcomes()


@pytest.fixture
def scene(open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Waiting long enough for the slowest machine: nobody may give up while the order is made."""
    monkeypatch.setattr(unit_of_work, "LOCK_SECONDS", 30.0)
    return Scene(open_engine)


def test_a_completion_sent_twice_at_once_is_done_once_and_both_hear_that_it_is(
    scene: Scene,
) -> None:
    both = scene.at_once(scene.complete(scene.here), scene.complete(scene.there))
    assert both == [Received(), Received()]
    assert scene.kinds() == ["start", "external"]


def test_of_a_completion_and_an_error_the_first_counts(scene: Scene) -> None:
    done, refused = scene.at_once(scene.complete(scene.here), scene.error(scene.there))
    assert done == Received()
    assert isinstance(refused, NotFound)
    assert scene.kinds() == ["start", "external"]


def test_an_error_before_a_completion_counts(scene: Scene) -> None:
    done, refused = scene.at_once(scene.error(scene.here), scene.complete(scene.there))
    assert done == Received()
    assert isinstance(refused, NotFound)
    assert open_elements(scene.here, scene.case) == ["repair"]


def test_a_withdrawal_before_a_completion_leaves_nothing_to_complete(scene: Scene) -> None:
    _, refused = scene.at_once(
        lambda: scene.there.cancel(scene.case, "moot", "head"), scene.complete(scene.here)
    )
    assert isinstance(refused, NotFound | Conflict)
    assert scene.kinds() == ["start", "withdraw"]


def test_a_timer_that_came_before_takes_the_task_from_under_the_worker(
    scene: Scene, clock: ManualClock
) -> None:
    clock.advance(days=2)
    assert scene.there.run_due() == 1
    with pytest.raises(NotFound):
        scene.complete(scene.here)()
    assert scene.kinds() == ["start", "timer"]


def test_giving_up_and_completing_at_once_leave_no_incident_of_what_is_done(scene: Scene) -> None:
    done, refused = scene.at_once(
        scene.complete(scene.here), lambda: scene.there.external.fail(scene.task, "ani", "no paper")
    )
    assert done == Received()
    assert isinstance(refused, NotFound)
    assert scene.here.incidents() == []


def test_completing_what_was_just_given_up_is_refused(scene: Scene) -> None:
    incident, refused = scene.at_once(
        lambda: scene.there.external.fail(scene.task, "ani", "no paper"), scene.complete(scene.here)
    )
    assert isinstance(incident, UUID)
    assert isinstance(refused, Conflict)
    assert [one.id for one in scene.here.incidents()] == [incident]


def test_two_who_retry_one_incident_offer_its_task_once(scene: Scene) -> None:
    incident = scene.here.external.fail(scene.task, "ani", "no paper")
    assert incident is not None
    _, refused = scene.at_once(
        lambda: scene.here.retry(incident, "owner"),
        lambda: scene.there.external.set_retries([scene.task], 5, "owner"),
    )
    assert refused is None
    assert scene.kinds() == ["start", "incident", "external_retry"]
    assert one(scene.here, "budi").task.retries == 5


def test_nobody_who_fetches_waits_for_a_case_that_is_locked(
    postgres_url: str, clock: ManualClock
) -> None:
    here, there = (Engine.open(postgres_url, None, clock) for _ in range(2))
    here.deploy(RENDERED, "owner")
    case = here.start("job")
    with held(here, case):
        task = one(there).task
        there.external.extend(task.id, "ani", MINUTE)
        there.external.fail(task.id, "ani", retries=3)
        assert one(there, "budi").task.id == task.id
    for engine in (here, there):
        engine.close()


def test_a_lease_that_runs_out_while_its_completion_waits_is_refused(
    postgres_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "LOCK_SECONDS", 30.0)
    here, there = (Engine.open(postgres_url, None, clock) for _ in range(2))
    here.deploy(RENDERED, "owner")
    case = here.start("job")
    task = one(here).task
    with held(here, case) as queue:
        queue.begin(lambda: there.external.complete(task.id, "ani"))
        run_out(there, task.id)
    [refused] = queue.outcomes()
    assert isinstance(refused, Conflict)
    assert one(here, "budi").task.id == task.id
    for engine in (here, there):
        engine.close()


WORKERS, TASKS = 8, 40


def test_many_workers_who_fetch_at_once_are_given_different_tasks(open_engine: Open) -> None:
    engine = open_engine()
    engine.deploy(RENDERED, "owner")
    for _ in range(TASKS):
        engine.start("job")
    begun = Barrier(WORKERS)

    def work(number: int) -> list[UUID]:
        begun.wait()
        found: list[UUID] = []
        while given := fetch(engine, f"w{number}", most=3):
            found += [work.task.id for work in given]
        return found

    with ThreadPoolExecutor(WORKERS) as pool:
        fetched = [id for found in pool.map(work, range(WORKERS)) for id in found]
    # Who fetches passes over what another is just leasing, so that some may be left for later.
    fetched += [work.task.id for work in engine.external.fetch("last", [wanted()], TASKS)]
    assert len(fetched) == len(set(fetched)) == TASKS
