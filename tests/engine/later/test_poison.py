"""Work that can never succeed ends where an operator sees it, and delays no other work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs
from zstandard import compress

from engine import Engine
from engine.later.loop import BATCH
from engine.later.retries import MOST_ATTEMPTS
from engine.ports.handlers import NewJob, Step
from engine.storage.cases import steps
from engine.storage.later import jobs
from engine.storage.tables import instance_state, job
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.models_of_tests import (
    RECORDED,
    REMINDED,
    TIMED_OUT,
    only_task,
    open_elements,
)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """The traces of what fails here are not drawn: each would take half a second."""
    with capture_logs():
        yield


class Sender:
    """A sender that fails in its own way at every attempt."""

    def __init__(self, failure: BaseException | None = None) -> None:
        self.failure, self.attempts, self.given_up = failure, 0, 0

    def prepare(self, connection: object, payload: object) -> object:
        return payload

    def send(self, prepared: object) -> None:
        self.attempts += 1
        if self.failure:
            raise self.failure

    def sent(self, connection: object, payload: object, *rest: object) -> None:
        """Nothing is written down."""

    def failed(
        self, connection: object, payload: object, error: str, now: object, final: bool
    ) -> None:
        self.given_up += final


def mail(step: Step) -> None:
    step.enqueue(NewJob("mail", {"to": "ani"}))


def unknown_kind(step: Step) -> None:
    step.enqueue(NewJob("pigeon", {}))


def unborn(step: Step) -> None:
    step.start("unborn", uuid4(), "S-1", {})


def two_listeners(engine: Engine) -> None:
    for _ in range(2):
        case = engine.start("listener", business_key="A-1")
        engine.complete(only_task(engine, case).id, {}, "ani")


def work_off(engine: Engine, clock: ManualClock, rounds: int) -> None:
    """Later work for some days; each round outlasts the longest pause between two attempts."""
    for _ in range(rounds):
        clock.advance(hours=6)
        engine.run_due()


def dead_letters(engine: Engine) -> list[jobs.Job]:
    with engine.reading() as connection:
        return jobs.dead(connection)


def ready(engine: Engine) -> int:
    with engine.reading() as connection:
        return jobs.count_by_status(connection).get("ready", 0)


@pytest.mark.parametrize(
    ("record", "failure"),
    [
        (mail, ConnectionRefusedError("nobody there")),
        (mail, ValueError("a defect of the sender")),
        (unknown_kind, None),
        (unborn, None),
    ],
    ids=["refused mail", "defective sender", "unknown kind", "unknown process"],
)
def test_a_job_that_always_fails_is_a_dead_letter_after_bounded_attempts(
    open_engine: Open, clock: ManualClock, record: Callable[[Step], None], failure: Exception | None
) -> None:
    engine = open_engine({"record": record}, senders={"mail": Sender(failure)})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")

    work_off(engine, clock, MOST_ATTEMPTS - 1)
    assert (len(dead_letters(engine)), ready(engine)) == (0, 1)
    work_off(engine, clock, 3)
    [letter] = dead_letters(engine)
    assert letter.attempts == MOST_ATTEMPTS
    assert letter.error
    assert engine.seconds_to_next_job() is None, "nothing is looked at again by itself"

    with engine.transaction() as connection:
        assert jobs.revive(connection, letter.id, clock.now)
    assert (dead_letters(engine), ready(engine)) == ([], 1)


def test_a_dead_letter_that_is_revived_after_a_repair_goes_out(
    open_engine: Open, clock: ManualClock
) -> None:
    sender = Sender(ConnectionRefusedError("nobody there"))
    engine = open_engine({"record": mail}, senders={"mail": sender})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
    work_off(engine, clock, MOST_ATTEMPTS)
    assert (sender.attempts, sender.given_up) == (MOST_ATTEMPTS, 1)

    sender.failure = None
    [letter] = dead_letters(engine)
    with engine.transaction() as connection:
        jobs.revive(connection, letter.id, clock.now)
    assert engine.run_due() == 1
    assert (ready(engine), dead_letters(engine)) == (0, [])


def test_a_job_that_kills_its_worker_at_every_attempt_is_given_up_too(
    open_engine: Open, clock: ManualClock
) -> None:
    # A worker that dies writes nothing down: what is left of it is the lease it took.
    sender = Sender(KeyboardInterrupt())
    engine = open_engine({"record": mail}, senders={"mail": sender})
    engine.deploy(RECORDED, "owner")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")

    for _ in range(MOST_ATTEMPTS):
        clock.advance(hours=6)
        with pytest.raises(KeyboardInterrupt):
            engine.run_due()
    work_off(engine, clock, 3)
    assert (sender.attempts, sender.given_up) == (MOST_ATTEMPTS, 1)
    assert len(dead_letters(engine)) == 1


def test_more_poison_than_a_batch_holds_up_no_work_behind_it(
    open_engine: Open, clock: ManualClock
) -> None:
    reminded: list[Step] = []

    def record(step: Step) -> None:
        for _ in range(BATCH + 10):
            step.enqueue(NewJob("mail", {}, due_at=MONDAY))

    sender = Sender(ValueError("never"))
    handlers: Mapping[str, Any] = {"record": record, "remind": reminded.append}
    engine = open_engine(handlers, senders={"mail": sender})
    engine.deploy({**RECORDED, **REMINDED}, "owner")
    engine.start("reminded")
    engine.complete(only_task(engine, engine.start("recorded")).id, {}, "ani")
    clock.advance(days=1)

    assert engine.run_due() == 1
    assert len(reminded) == 1
    assert sender.attempts == BATCH + 10


# --- a state that cannot be read ------------------------------------------------------------------

DAMAGE = {
    "written by a newer version": lambda body: b"\xff" + body[1:],
    "cut off": lambda body: body[: len(body) // 2],
    "larger than anything ever stored": lambda body: body[:1] + compress(b"[" + b"1," * 40_000_000),
    "scribbled over": lambda body: body[:1] + bytes(byte ^ 0x5A for byte in body[1:]),
}


def damage(engine: Engine, case: Any, change: Callable[[bytes], bytes]) -> bytes:
    """What a disk, a restore or a downgrade may leave; returns the damaged bytes."""
    with engine.transaction() as connection:
        body = change(steps.state(connection, case))
        of_case = instance_state.c.instance_id == case
        connection.execute(update(instance_state).where(of_case).values(body=body))
    return body


def state(engine: Engine, case: Any) -> bytes:
    with engine.reading() as connection:
        return steps.state(connection, case)


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_a_case_whose_state_cannot_be_read_stops_no_other_and_keeps_its_bytes(
    open_engine: Open, clock: ManualClock, change: Callable[[bytes], bytes]
) -> None:
    engine = open_engine()
    engine.deploy(TIMED_OUT, "owner")
    bad, good = engine.start("timed_out"), engine.start("timed_out")
    kept = damage(engine, bad, change)
    engine = open_engine()  # another process: nothing is in memory
    clock.advance(days=3)

    engine.run_due()
    assert engine.instance(good).status == "completed"
    assert engine.instance(bad).status == "active"
    work_off(engine, clock, MOST_ATTEMPTS + 2)
    assert state(engine, bad) == kept
    assert open_elements(engine, bad) == ["answer"]
    assert engine.broken_history(bad) is None
    with engine.reading() as connection:
        left = connection.execute(select(job.c.status)).scalars().all()
    assert "ready" not in left, "not tried for ever"


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_what_is_asked_of_an_unreadable_case_is_an_incident_and_is_done_after_the_repair(
    open_engine: Open, clock: ManualClock, change: Callable[[bytes], bytes]
) -> None:
    engine = open_engine()
    engine.deploy(TIMED_OUT, "owner")
    asked, timed = engine.start("timed_out"), engine.start("timed_out")
    whole = {case: state(engine, case) for case in (asked, timed)}
    kept = {case: damage(engine, case, change) for case in (asked, timed)}
    engine = open_engine()

    received = engine.complete(only_task(engine, asked).id, {"text": "typed"}, "ani")
    clock.advance(days=3)
    engine.run_due()
    found = {incident.instance_id: incident for incident in engine.incidents()}
    assert received.incident == found[asked].id
    assert found[asked].command["data"] == {"text": "typed"}
    assert found[timed].command["kind"] == "timer"
    assert all(str(one.what) and "Error" not in str(one.what) for one in found.values())
    assert {case: state(engine, case) for case in kept} == kept
    for case in (asked, timed):
        assert not engine.retry(found[case].id, "owner").done
        damage(engine, case, lambda _, body=whole[case]: body)  # type: ignore[misc]
        assert engine.retry(found[case].id, "owner").done
        assert engine.instance(case).status == "completed"
        assert engine.broken_history(case) is None
