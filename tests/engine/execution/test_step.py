"""The step: who may act, what is stored, what is kept in memory and who is woken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, func, select, update
from sqlalchemy.exc import OperationalError

from engine import Engine
from engine.execution.step import Done, StepFailed, Stepper
from engine.ports.handlers import NewJob, Refusal, Step
from engine.records.commands import Command, Complete, Deliver, Extend, Fire, Withdraw
from engine.sentences.errors import BadInput, Conflict, NotFound, Unavailable
from engine.sentences.sentence import say
from engine.storage import counters
from engine.storage.cases import steps
from engine.storage.tables import event, instance, instance_state, job, message, subscription, task
from engine.time.calendar import Calendar
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.execution.stepping import FakeHost, FakeLive, a_head, a_task, running, waits
from tests.engine.models_of_tests import CALCULATION, LISTENER, RECORDED, REVIEW, only_task

EVERY_COMMAND = (
    Complete(task_id=uuid4(), data={}),
    Fire(token=uuid4(), planned=MONDAY),
    Deliver(message="payment", key="A-1"),
    Extend(task_id=uuid4(), due=date(2026, 4, 1)),
    Withdraw(reason="mistake"),
)


class Scene:
    """An engine in memory, whose steps are made one by one on rows that are looked at."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.handler: Callable[[Step], Any] = lambda step: None
        self.engine = Engine.open("sqlite://", {"record": self._record}, self.clock)
        self.engine.deploy({**REVIEW, **LISTENER, **RECORDED, **CALCULATION}, "owner")
        self.woken: list[float] = []
        self.stepper: Stepper = replace(self.engine._stepper, wake=self.woken.append)

    def _record(self, step: Step) -> Any:
        return self.handler(step)

    def start(self, key: str) -> UUID:
        return self.engine.start(key, business_key="A-1", by="starter")

    def run(self, case: UUID, command: Command, at: datetime | None = None) -> Done:
        """The step in a transaction of its own, and what follows its commit."""
        with self.engine.transaction() as connection:
            head = steps.lock(connection, case)
            assert head is not None
            done = self.stepper.perform(connection, head, command, at)
        self.stepper.committed(done)
        return done

    def complete(self, case: UUID, at: datetime | None = None, **command: Any) -> Done:
        wanted = Complete(task_id=only_task(self.engine, case).id, **{"data": {}, **command})
        return self.run(case, wanted, at)

    def row(self, case: UUID) -> Any:
        with self.engine.reading() as connection:
            return connection.execute(select(instance).where(instance.c.id == case)).one()

    def count(self, table: Any, *where: Any) -> int:
        with self.engine.reading() as connection:
            return int(connection.scalar(select(func.count()).select_from(table).where(*where)))


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.engine.close()


@contextmanager
def nothing_stored(scene: Scene) -> Iterator[None]:
    """What is refused or fails leaves every table as it was."""

    def rows() -> list[Any]:
        with scene.engine.reading() as connection:
            tables = (instance, instance_state, task, event, job, subscription, message)
            return [connection.execute(select(table)).all() for table in tables]

    before = rows()
    yield
    assert rows() == before


# --- who is let in ------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["completed", "withdrawn", "failed"])
@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.kind)
def test_an_ended_case_accepts_no_command(command: Command, status: str, scene: Scene) -> None:
    """Asked of the row that is locked, before anything of the case is read."""
    with scene.engine.transaction() as connection, pytest.raises(Conflict, match="has ended"):
        scene.stepper.perform(connection, a_head(status=status), command)


@pytest.mark.parametrize("command", EVERY_COMMAND, ids=lambda command: command.kind)
def test_a_case_that_was_withdrawn_stays_as_it_ended(command: Command, scene: Scene) -> None:
    case = scene.start("review")
    scene.run(case, Withdraw(reason="mistake"))
    with nothing_stored(scene), pytest.raises(Conflict):
        scene.run(case, command)


def test_a_case_that_is_not_there_is_not_found(scene: Scene) -> None:
    with pytest.raises(NotFound):
        scene.engine.cancel(uuid4(), "mistake", "ani")


def test_a_request_that_was_carried_out_is_answered_and_not_repeated(scene: Scene) -> None:
    case = scene.start("review")
    task_id = only_task(scene.engine, case).id
    scene.complete(case, request_id="r-1")
    again = Complete(task_id=task_id, data={}, request_id="r-1")
    with nothing_stored(scene):
        done = scene.run(case, again)
    assert (done.live, done.due) == (None, [])
    scene.run(case, Withdraw())
    with nothing_stored(scene):
        assert scene.run(case, again).live is None, "even where the case has ended since"


def test_a_request_is_known_by_its_id_in_its_own_case_alone(scene: Scene) -> None:
    first, second = scene.start("review"), scene.start("review")
    scene.complete(first, request_id="r-1")
    scene.complete(second, request_id="r-1")
    scene.complete(second, request_id="r-2", data={"verdict": "again"})
    assert [scene.row(case).version for case in (first, second)] == [2, 3]


# --- when it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "received", "counts"),
    [(None, None, 0), (None, -3, -3), (5, None, 5), (5, -3, 5)],
)
def test_a_step_has_one_time_the_one_it_is_given_else_when_it_was_received(
    at: int | None, received: int | None, counts: int, scene: Scene
) -> None:
    def moment(hours: int | None) -> datetime | None:
        return None if hours is None else MONDAY + timedelta(hours=hours)

    case = scene.start("review")
    scene.complete(case, moment(at), received_at=moment(received), by="ani")
    [_, stored] = scene.engine.history(case)
    done = [one for one in scene.engine.tasks(instance_id=case, open=False) if one.ended_at]
    assert stored.at == done[0].ended_at == moment(counts)
    assert only_task(scene.engine, case).created_at == moment(counts)


def test_without_another_time_the_databases_own_is_turned_into_the_engines(scene: Scene) -> None:
    asked = []

    class Shifted:
        def at(self, database_now: datetime, stored: str | None) -> datetime:
            asked.append((database_now, stored))
            return MONDAY + timedelta(days=9)

        def seconds_until(self, moment: datetime, now: datetime, stored: str | None) -> float:
            return 0.0

    case = scene.start("review")
    scene.stepper = replace(scene.stepper, clock=Shifted())
    scene.complete(case)
    assert scene.engine.history(case)[-1].at == MONDAY + timedelta(days=9)
    [(database_now, stored)] = asked
    assert abs(database_now - datetime.now(UTC)) < timedelta(days=1)
    assert stored is None


# --- what is stored -----------------------------------------------------------------------------


def test_a_step_moves_the_case_on_by_one_version_and_one_event(scene: Scene) -> None:
    case = scene.start("review")
    scene.complete(case, by="ani", data={"draft": "x"}, request_id="r-1")
    row = scene.row(case)
    assert (row.version, row.last_seq, row.status, row.ended_at) == (2, 2, "active", None)
    [_, stored] = scene.engine.history(case)
    assert (stored.seq, stored.kind, stored.by) == (2, "complete", "ani")
    assert (stored.entered, stored.left) == (["judge"], ["write"])
    assert stored.details["element"] == "write"
    assert stored.changed == {"draft": "x"}
    assert scene.engine.broken_history(case) is None


def test_a_step_that_ends_the_case_says_when_and_counts_it_among_the_ended(scene: Scene) -> None:
    case = scene.start("review")
    name = f"instances:{scene.row(case).definition_id}"
    scene.complete(case)
    scene.clock.advance(days=1)
    done = scene.complete(case, data={"verdict": "good"})
    row = scene.row(case)
    assert (row.status, row.ended_at) == ("completed", MONDAY + timedelta(days=1))
    assert done.live is None, "an ended case is not kept in memory"
    assert scene.count(task, task.c.status == "open") == 0
    with scene.engine.reading() as connection:
        assert counters.read(connection, name) == {"completed": 1}


def test_a_step_that_withdraws_the_case_ends_its_tasks_in_nobodys_name(scene: Scene) -> None:
    case = scene.start("review")
    name = f"instances:{scene.row(case).definition_id}"
    scene.run(case, Withdraw(reason="mistake", by="deputi"))
    row = scene.row(case)
    assert (row.status, row.ended_at) == ("withdrawn", MONDAY)
    [gone] = scene.engine.tasks(instance_id=case, open=False)
    assert (gone.status, gone.ended_by, gone.ended_at) == ("cancelled", None, MONDAY)
    last = scene.engine.history(case)[-1]
    assert (last.kind, last.by, last.details) == ("withdraw", "deputi", {"reason": "mistake"})
    assert last.cancelled == ["write"]
    with scene.engine.reading() as connection:
        assert counters.read(connection, name) == {"withdrawn": 1}


def test_what_still_waits_for_a_case_is_dropped_when_it_ends_and_not_before(scene: Scene) -> None:
    case = scene.start("listener")
    scene.engine.deliver("refund", "A-1", {})
    scene.engine.deliver("refund", "A-1", {})
    scene.complete(case)
    assert scene.count(message, message.c.dropped_at.is_(None)) == 2
    scene.run(case, Withdraw())
    assert scene.count(message, message.c.dropped_at.is_(None)) == 0
    assert scene.count(message, message.c.dropped_at == MONDAY) == 2


def test_a_message_that_was_kept_is_a_job_of_the_step_that_begins_to_wait_for_it(
    scene: Scene,
) -> None:
    case = scene.start("listener")
    scene.engine.deliver("payment", "A-1", {"amount": 3}, by="bank")
    done = scene.complete(case)
    assert scene.count(message) == 0
    with scene.engine.reading() as connection:
        [stored] = connection.execute(select(job)).all()
    assert (stored.kind, stored.due_at) == ("message", MONDAY)
    assert stored.payload["payload"] == {"amount": 3}
    assert stored.payload["by"] == "bank"
    assert done.due == [MONDAY]


def test_two_who_step_on_the_same_version_are_not_both_stored(scene: Scene) -> None:
    case = scene.start("review")
    task_id = only_task(scene.engine, case).id
    with scene.engine.reading() as connection:
        stale = steps.lock(connection, case)
    assert stale is not None
    scene.run(case, Extend(task_id=task_id, due=date(2026, 4, 1)))
    with nothing_stored(scene), pytest.raises(Conflict), scene.engine.transaction() as connection:
        stale.last_seq = 2  # as if only the version were older
        scene.stepper.perform(connection, stale, Withdraw())


# --- deadlines ----------------------------------------------------------------------------------


def test_a_handler_moves_the_deadlines_of_the_tasks_of_one_element_alone(scene: Scene) -> None:
    here, there, also = a_task("here"), a_task("there"), a_task("here")
    live, host = FakeLive(waits(here, there, also)), FakeHost()
    host.deadlines = [("here", MONDAY), (None, None), ("nowhere", MONDAY)]
    scene.stepper._follow_deadlines(running(Withdraw(), live, host))
    assert live.told == [
        ("set_due", here.token, MONDAY), ("set_due", also.token, MONDAY), ("recompute_due",),
    ]  # fmt: skip
    assert host.deadlines == []


# --- what fails ---------------------------------------------------------------------------------


def test_a_refusal_of_a_handler_is_told_with_its_fields_and_stores_nothing(scene: Scene) -> None:
    case = scene.start("recorded")
    scene.handler = raising(Refusal(say("Not so."), {"sum": say("Too much.")}))
    with nothing_stored(scene), pytest.raises(BadInput, match="Not so") as refused:
        scene.complete(case)
    assert {name: str(what) for name, what in refused.value.fields.items()} == {"sum": "Too much."}


@pytest.mark.parametrize(
    "error", [NotFound(say("No such number.")), Unavailable(say("Come back."))]
)
def test_what_the_caller_can_act_on_comes_through_a_handler_unchanged(
    error: Exception, scene: Scene
) -> None:
    case = scene.start("recorded")
    scene.handler = raising(error)
    with nothing_stored(scene), pytest.raises(type(error)) as raised:
        scene.complete(case)
    assert raised.value is error


def test_an_error_of_the_database_keeps_its_kind_so_that_the_step_may_be_repeated(
    scene: Scene,
) -> None:
    case = scene.start("recorded")
    lost = OperationalError("select", None, Exception("lost"))
    scene.handler = raising(lost)
    with scene.engine.reading() as connection, pytest.raises(OperationalError) as raised:
        head = steps.lock(connection, case)
        assert head is not None
        scene.stepper.perform(connection, head, completion(connection, case))
    assert raised.value is lost


def test_a_defect_of_a_handler_becomes_a_failure_of_its_element_with_the_command(
    scene: Scene,
) -> None:
    case = scene.start("recorded")
    scene.handler = raising(KeyError("oops"))
    with nothing_stored(scene), pytest.raises(StepFailed) as failed:
        scene.complete(case, data={"sum": 3}, by="ani")
    failure = failed.value.failure
    assert (failure.element_id, failure.element_name) == ("hand_in", "Hand in")
    assert "KeyError" not in str(failure.what) and "oops" not in str(failure.what)
    assert "retry" in str(failure.advice)
    assert isinstance(failed.value.command, Complete)
    assert (failed.value.command.data, failed.value.instance_id) == ({"sum": 3}, case)


def test_a_model_that_cannot_go_on_is_a_failure_told_in_its_authors_words(scene: Scene) -> None:
    case = scene.start("calculation")
    with nothing_stored(scene), pytest.raises(StepFailed, match="divided by zero") as failed:
        scene.complete(case, data={"count": 0})
    failure = failed.value.failure
    assert (failure.element_id, failure.element_name) == ("divide", "Divide")
    assert "divisor" in str(failure.advice)


def test_a_state_that_cannot_be_read_is_a_failure_that_keeps_the_command(scene: Scene) -> None:
    case = scene.start("review")
    with scene.engine.transaction() as connection:
        connection.execute(update(instance_state).values(body=b"\xff"))
    scene.stepper.cache.take(case, 1)
    with nothing_stored(scene), pytest.raises(StepFailed) as failed:
        scene.run(case, Withdraw(reason="mistake"))
    assert failed.value.command == Withdraw(reason="mistake")
    assert failed.value.instance_id == case


def raising(error: Exception) -> Callable[[Step], None]:
    def handler(step: Step) -> None:
        raise error

    return handler


def completion(connection: Connection, case: UUID) -> Complete:
    """Of the one task the case ever had."""
    found = connection.scalars(select(task.c.id).where(task.c.instance_id == case))
    return Complete(task_id=found.one(), data={})


# --- what is kept in memory ---------------------------------------------------------------------


def test_after_its_commit_a_running_case_is_kept_under_its_new_version(scene: Scene) -> None:
    case = scene.start("review")
    done = scene.complete(case)
    assert done.live is not None
    assert scene.stepper.cache.take(case, scene.row(case).version) is done.live


def test_before_its_commit_nothing_of_a_step_is_kept(scene: Scene) -> None:
    case = scene.start("review")
    with scene.engine.transaction() as connection:
        head = steps.lock(connection, case)
        assert head is not None
        scene.stepper.perform(connection, head, completion(connection, case))
        assert len(scene.stepper.cache) == 0


def test_a_case_that_another_process_moved_on_is_read_anew(scene: Scene) -> None:
    case = scene.start("review")
    elsewhere = replace(scene.stepper, cache=type(scene.stepper.cache)())
    with scene.engine.transaction() as connection:
        head = steps.lock(connection, case)
        assert head is not None
        elsewhere.perform(connection, head, completion(connection, case))
    scene.complete(case, data={"verdict": "good"})
    assert scene.row(case).status == "completed"


def test_what_failed_is_read_anew_from_what_was_stored(scene: Scene) -> None:
    case = scene.start("calculation")
    with pytest.raises(StepFailed):
        scene.complete(case, data={"count": 0})
    assert len(scene.stepper.cache) == 0
    scene.complete(case, data={"count": 4})
    assert scene.engine.data(case)["share"] == 25


# --- who is woken -------------------------------------------------------------------------------


def later(*hours: float) -> Callable[[Step], None]:
    def handler(step: Step) -> None:
        for many in hours:
            step.enqueue(NewJob("mail", {}, step.now + timedelta(hours=many)))

    return handler


def test_the_scheduler_is_told_how_soon_the_earliest_of_the_stored_work_is_due(
    scene: Scene,
) -> None:
    case = scene.start("recorded")
    scene.handler = later(3, 1, 2)
    done = scene.complete(case)
    assert scene.woken == [3600.0]
    assert sorted(done.due) == [MONDAY + timedelta(hours=h) for h in (1, 2, 3)]


def test_without_later_work_nobody_is_woken(scene: Scene) -> None:
    scene.complete(scene.start("review"))
    assert scene.woken == []


def test_what_is_not_committed_wakes_nobody(scene: Scene) -> None:
    case = scene.start("recorded")
    scene.handler = later(1)
    with pytest.raises(ZeroDivisionError), scene.engine.transaction() as connection:
        head = steps.lock(connection, case)
        assert head is not None
        scene.stepper.perform(connection, head, completion(connection, case))
        raise ZeroDivisionError
    assert scene.woken == []
    assert scene.count(job) == 0


def test_a_moved_deadline_is_a_day_of_the_cases_own_calendar(scene: Scene) -> None:
    case = scene.start("review")
    task_id = only_task(scene.engine, case).id
    scene.run(case, Extend(task_id=task_id, due=date(2026, 4, 1), reason="letter"))
    assert only_task(scene.engine, case).due_at == Calendar().end_of(date(2026, 4, 1))
