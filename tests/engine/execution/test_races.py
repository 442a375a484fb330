"""Two acts reach the same case at once: exactly one is done, and the other learns the result.

The lock itself forces the order (`racing`), so each test is one known interleaving. On PostgreSQL
the two are two processes; on SQLite two threads of the one that serves.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from engine import Conflict, Engine
from engine.later.repairs import Received
from engine.ports.handlers import Handler, Step
from engine.storage import tables
from engine.storage.database import unit_of_work
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    boundary,
    bpmn,
    catch,
    end,
    flow,
    node,
    process,
    properties,
    service_task,
    start,
    timer,
    user_task,
)
from tests.engine.models.building import event as definition
from tests.engine.models_of_tests import only_task, open_elements
from tests.engine.racing import Meanwhile, Queue, held

RACED = {
    "raced.bpmn": bpmn(
        process(
            "raced",
            start(),
            service_task("open", "opened"),
            node("userTask", "answer", properties(onComplete="answered")),
            boundary("too_late", "answer", timer("P3D")),
            service_task("expire", "expired"),
            end("gone"),
            catch("paid", definition("message", "payment")),
            user_task("ship"),
            end("done"),
            flow("start", "open"),
            flow("open", "answer"),
            flow("answer", "paid"),
            flow("paid", "ship"),
            flow("ship", "done"),
            flow("too_late", "expire"),
            flow("expire", "gone"),
        )
    )
}
"""A task that its own timer may take away, then a message, then another task."""


class Scene:
    """Two engines on one database; on SQLite they are the same one, as it serves alone."""

    def __init__(self, open_engine: Open) -> None:
        self.opened, self.answered, self.expired = Meanwhile(), Meanwhile(), Meanwhile()
        handlers = {name: getattr(self, name) for name in ("opened", "answered", "expired")}
        self.here: Engine = open_engine(handlers)
        same = self.here.database.is_sqlite
        self.there: Engine = self.here if same else open_engine(handlers)
        self.here.deploy(RACED, "owner")

    def case(self) -> UUID:
        return self.here.start("raced", business_key="A-1")

    def kinds(self, case: UUID) -> list[str]:
        assert self.here.broken_history(case) is None
        return [one.kind for one in self.here.history(case)]


@pytest.fixture
def scene(open_engine: Open, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Waiting long enough for the slowest machine: nobody may give up while the order is made."""
    monkeypatch.setattr(unit_of_work, "LOCK_SECONDS", 30.0)
    return Scene(open_engine)


def completing(engine: Engine, task: UUID, by: str) -> Callable[[], object]:
    return lambda: engine.complete(task, {}, by)


def test_of_two_completions_the_second_learns_who_was_faster(scene: Scene) -> None:
    case = scene.case()
    task = only_task(scene.here, case).id
    scene.answered.come(scene.here, completing(scene.there, task, "budi"))
    assert scene.here.complete(task, {}, "ani") == Received()

    assert isinstance(scene.answered.outcome, Conflict)
    assert scene.answered.outcome.who == "ani"
    assert scene.answered.ran == 1
    assert scene.kinds(case) == ["start", "complete"]


def test_a_completion_under_way_keeps_its_own_timer_from_firing(
    scene: Scene, clock: ManualClock
) -> None:
    case = scene.case()
    task = only_task(scene.here, case).id
    clock.advance(days=3)
    scene.answered.come(scene.here, scene.there.run_due)
    scene.here.complete(task, {}, "ani")

    # On PostgreSQL the worker passes by what is locked; on SQLite it waits and finds nothing.
    assert scene.answered.outcome == 0
    assert scene.there.run_due() == 0
    assert scene.expired.ran == 0
    assert scene.here.task(task).status == "completed"
    assert scene.kinds(case) == ["start", "complete"]


def test_a_timer_that_is_taking_the_task_away_wins_over_a_completion(
    scene: Scene, clock: ManualClock
) -> None:
    case = scene.case()
    task = only_task(scene.here, case).id
    clock.advance(days=3)
    scene.expired.come(scene.here, completing(scene.there, task, "ani"))
    assert scene.here.run_due() == 1

    assert isinstance(scene.expired.outcome, Conflict)
    assert scene.answered.ran == 0, "no handler of a completion that did not happen"
    assert scene.here.task(task).status == "cancelled"
    assert scene.kinds(case) == ["start", "timer"]


def test_two_workers_fire_one_timer_once(scene: Scene, clock: ManualClock) -> None:
    case = scene.case()
    clock.advance(days=3)
    scene.expired.come(scene.here, scene.there.run_due)
    assert scene.here.run_due() == 1
    assert scene.expired.outcome == 0
    assert scene.expired.ran == 1
    assert scene.kinds(case) == ["start", "timer"]


def test_a_completion_before_a_withdrawal_counts_and_the_case_ends_all_the_same(
    scene: Scene,
) -> None:
    case = scene.case()
    task = only_task(scene.here, case).id
    scene.answered.come(scene.here, lambda: scene.there.cancel(case, "moot", "head"))
    scene.here.complete(task, {}, "ani")

    assert scene.answered.outcome == Received()
    assert scene.here.instance(case).status == "withdrawn"
    assert scene.kinds(case) == ["start", "complete", "withdraw"]


def test_after_a_withdrawal_the_waiting_completion_is_refused(scene: Scene) -> None:
    case = scene.case()
    task = only_task(scene.here, case).id
    with held(scene.here, case) as queue:
        queue.begin(lambda: scene.there.cancel(case, "moot", "head"))
        queue.begin(completing(scene.there, task, "ani"))
    withdrawn, completed = queue.outcomes()

    assert withdrawn == Received()
    assert isinstance(completed, Conflict)
    assert scene.answered.ran == 0
    assert scene.here.task(task).status == "cancelled"
    assert scene.kinds(case) == ["start", "withdraw"]


def test_a_message_that_comes_while_its_subscription_is_being_made_is_delivered(
    scene: Scene,
) -> None:
    case = scene.case()
    message = {"amount": 10}
    scene.answered.come(scene.here, lambda: scene.there.deliver("payment", "A-1", message))
    scene.here.complete(only_task(scene.here, case).id, {}, "ani")

    assert scene.answered.outcome == Received()
    scene.here.run_due()
    assert open_elements(scene.here, case) == ["ship"]
    assert scene.here.data(case)["amount"] == 10
    assert scene.kinds(case) == ["start", "complete", "message"]


def at_commit(engine: Engine, act: Callable[[], None]) -> None:
    """Let something come when the next transaction has done all it does but the commit."""
    event.listen(engine.database._writer, "commit", lambda _: act(), once=True)


AWAITING = {
    "same.bpmn": bpmn(
        process(
            "same", start(), user_task("before"), catch("paid", definition("message", "payment")),
            user_task("ship"), end(),
        )
    ),
    "at_once.bpmn": bpmn(
        process(
            "at_once", start(), catch("paid", definition("message", "payment")),
            user_task("ship"), end(),
        )
    ),
    "other.bpmn": bpmn(
        process(
            "other", start(), user_task("before"),
            node(
                "intermediateCatchEvent", "paid", properties(correlationKey="${'A-1'}"),
                definition("message", "payment"),
            ),
            user_task("ship"), end(),
        )
    ),
}  # fmt: skip
"""Cases that come to wait for one message under one key, besides the one whose key it is."""


@pytest.mark.parametrize("model", ["same", "at_once", "other"])
def test_a_message_that_is_kept_for_one_case_is_not_missed_by_another_that_comes_to_wait(
    scene: Scene, model: str
) -> None:
    """It comes after the other has looked whether one is kept, and before that is stored."""
    scene.here.deploy(AWAITING, "owner")
    owner, queue = scene.case(), Queue(scene.here)
    key = "B-9" if model == "other" else "A-1"
    case = uuid4()

    def start_waiting() -> None:
        scene.here.start(model, id=case, business_key=key)

    if model != "at_once":
        start_waiting()

    def come() -> None:
        queue.begin(lambda: scene.there.deliver("payment", "A-1", {"amount": 10}))

    at_commit(scene.here, come)
    if model == "at_once":
        start_waiting()
    else:
        scene.here.complete(only_task(scene.here, case).id, {}, "ani")

    assert queue.outcomes() == [Received()]
    scene.here.run_due()
    assert open_elements(scene.here, case) == ["ship"]
    assert open_elements(scene.here, owner) == ["answer"]


def test_a_message_that_is_kept_is_taken_up_once_by_two_that_come_to_wait(scene: Scene) -> None:
    scene.here.deploy(AWAITING, "owner")
    cases = [scene.here.start("same", business_key="A-1") for _ in range(2)]
    first, second = (only_task(scene.here, case).id for case in cases)
    scene.here.deliver("payment", "A-1", {"amount": 10})
    queue = Queue(scene.here)
    at_commit(scene.here, lambda: queue.begin(completing(scene.there, second, "budi")))
    scene.here.complete(first, {}, "ani")
    assert queue.outcomes() == [Received()]
    assert scene.here.run_due() == 1
    [incident] = scene.here.incidents()
    assert "2 cases wait" in str(incident.what)


def test_of_two_messages_for_one_subscription_the_second_finds_nobody(scene: Scene) -> None:
    case = scene.case()
    scene.here.complete(only_task(scene.here, case).id, {}, "ani")
    with held(scene.here, case) as queue:
        for amount in (1, 2):
            queue.begin(
                lambda amount=amount: scene.there.deliver(  # type: ignore[misc]
                    "payment", "A-1", {"amount": amount}, wait=False
                )
            )
    first, second = queue.outcomes()
    assert first == Received()
    assert isinstance(second, Conflict)
    assert scene.here.data(case)["amount"] == 1
    assert scene.kinds(case) == ["start", "complete", "message"]


def test_the_same_message_repeated_while_the_first_is_under_way_is_delivered_once(
    scene: Scene,
) -> None:
    case = scene.case()
    scene.here.complete(only_task(scene.here, case).id, {}, "ani")
    with held(scene.here, case) as queue:
        for _ in range(2):
            queue.begin(lambda: scene.there.deliver("payment", "A-1", wait=False, request_id="p-1"))
    assert queue.outcomes() == [Received(), Received()]
    assert scene.kinds(case) == ["start", "complete", "message"]


def test_of_two_claims_the_second_learns_who_has_the_task(scene: Scene) -> None:
    case = scene.case()
    task = only_task(scene.here, case).id
    with held(scene.here, case) as queue:
        queue.begin(lambda: scene.there.claim(task, "ani"))
        queue.begin(lambda: scene.there.claim(task, "budi"))
    first, second = queue.outcomes()
    assert first is None
    assert isinstance(second, Conflict)
    assert second.who == scene.here.task(task).assignee == "ani"


def test_starting_one_id_twice_at_once_makes_one_case(scene: Scene) -> None:
    id = uuid4()
    scene.opened.come(scene.here, lambda: scene.there.start("raced", business_key="A-1", id=id))
    assert scene.here.start("raced", business_key="A-1", id=id) == id

    assert scene.opened.outcome == id
    assert scene.kinds(id) == ["start"]
    assert len(scene.here.tasks(instance_id=id)) == 1


# --- the answer to COMMIT is lost ---------------------------------------------------------------


def lose_the_next_answer_to_commit(engine: Engine) -> None:
    """The database commits, and the connection breaks before it can say so."""

    def commit_and_break(connection: object) -> None:
        raw = connection.connection.dbapi_connection  # type: ignore[attr-defined]
        raw.commit()
        raw.close()

    event.listen(engine.database._writer, "commit", commit_and_break, once=True)


def test_a_completion_whose_commit_got_no_answer_is_done_once(postgres_url: str) -> None:
    engine = Engine.open(postgres_url, dict.fromkeys(("opened", "answered", "expired"), _nothing))
    engine.deploy(RACED, "owner")
    case = engine.start("raced", business_key="A-1")
    task = only_task(engine, case).id
    lose_the_next_answer_to_commit(engine)
    assert engine.complete(task, {}, "ani", request_id="r-1") == Received()
    assert [one.kind for one in engine.history(case)] == ["start", "complete"]

    lose_the_next_answer_to_commit(engine)
    engine.deliver("payment", "A-1", {"amount": 1}, request_id="p-1")
    assert [one.kind for one in engine.history(case)] == ["start", "complete", "message"]
    with engine.reading() as connection:
        assert connection.execute(select(tables.message)).all() == []
    engine.close()


def test_a_start_whose_commit_got_no_answer_makes_one_case(postgres_url: str) -> None:
    engine = Engine.open(postgres_url, dict.fromkeys(("opened", "answered", "expired"), _nothing))
    (version,) = engine.deploy(RACED, "owner")
    lose_the_next_answer_to_commit(engine)
    case = engine.start("raced")
    assert [one.kind for one in engine.history(case)] == ["start"]
    assert engine.instance_counts(version.id) == {"active": 1}
    engine.close()


def test_a_timer_whose_commit_got_no_answer_fires_once(
    postgres_url: str, clock: ManualClock
) -> None:
    expired = Meanwhile()
    handlers: dict[str, Handler] = {"opened": _nothing, "answered": _nothing, "expired": expired}
    engine = Engine.open(postgres_url, handlers, clock)
    engine.deploy(RACED, "owner")
    case = engine.start("raced")
    clock.advance(days=3)
    lose_the_next_answer_to_commit(engine)
    engine.run_due()
    assert expired.ran == 1
    assert [one.kind for one in engine.history(case)] == ["start", "timer"]
    engine.close()


def _nothing(step: Step) -> None:
    """A handler that does nothing."""
