"""The loop over later work: each job is done, pushed back, or taken by another worker."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from engine import Conflict, Engine
from engine.later.loop import BATCH, LEASE, Ran, scattered
from engine.later.retries import BACK_OFF, MOST_ATTEMPTS
from engine.sentences.errors import NotFound, Unavailable
from engine.sentences.sentence import say
from engine.storage.cases.incidents import load_sentence
from engine.storage.later import jobs
from engine.storage.later.jobs import Job, job_row
from engine.storage.tables import job
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models.building import (
    boundary,
    bpmn,
    end,
    flow,
    process,
    script_task,
    start,
    timer,
    user_task,
)
from tests.engine.models_of_tests import (
    CALCULATION,
    LISTENER,
    REVIEW,
    TIMED_OUT,
    cases_of,
    only_task,
    open_elements,
)

EARLIER = MONDAY - timedelta(hours=1)


class Post:
    """A sender that keeps what it was told; `on_send` is what happens while it sends."""

    def __init__(self) -> None:
        self.told: list[tuple[Any, ...]] = []
        self.on_send: Callable[[], None] = lambda: None
        self.prepare_as: Callable[[Any], object] = lambda payload: payload

    def prepare(self, connection: object, payload: Any) -> object:
        return self.prepare_as(payload)

    def send(self, prepared: Any) -> None:
        self.told.append(("send", prepared))
        self.on_send()

    def sent(self, connection: object, payload: Any, prepared: Any, now: datetime) -> None:
        self.told.append(("sent", payload, prepared, now))

    def failed(
        self, connection: object, payload: Any, error: str, now: datetime, final: bool
    ) -> None:
        self.told.append(("failed", payload, error, now, final))


class Scene:
    """An engine in memory with a sender of mails, and its jobs as rows."""

    def __init__(self) -> None:
        self.clock, self.post = ManualClock(MONDAY), Post()
        self.engine = Engine.open("sqlite://", None, self.clock, senders={"mail": self.post})
        self.engine.deploy({**REVIEW, **TIMED_OUT, **LISTENER, **CALCULATION}, "owner")
        self.loop = self.engine._loop

    def add(self, kind: str, payload: Any = None, due_at: datetime = MONDAY, **values: Any) -> UUID:
        row = {**job_row(kind, due_at, payload or {}), **values}
        with self.engine.transaction() as connection:
            jobs.add(connection, [row])
        return row["id"]

    def jobs(self) -> list[Any]:
        with self.engine.reading() as connection:
            return list(connection.execute(select(job).order_by(job.c.due_at, job.c.id)))

    def the_job(self) -> Any:
        [only] = self.jobs()
        return only

    def forget(self) -> None:
        with self.engine.transaction() as connection:
            connection.execute(delete(job))


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.engine.close()


def raising(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


# --- what is due --------------------------------------------------------------------------------


def test_what_is_due_is_run_in_order_and_what_is_not_due_waits(scene: Scene) -> None:
    for hours in (1, -1, 0, -2):
        scene.add("mail", {"at": hours}, MONDAY + timedelta(hours=hours))
    assert scene.engine.run_due() == 3
    assert [one[1]["at"] for one in scene.post.told if one[0] == "send"] == [-2, -1, 0]
    assert scene.the_job().payload == {"at": 1}


def test_another_moment_may_be_given_and_is_the_time_of_all_that_is_done(scene: Scene) -> None:
    later = MONDAY + timedelta(days=3)
    case = scene.engine.start("timed_out")
    scene.add("mail", {}, later)
    assert scene.engine.run_due(later) == 2
    assert scene.engine.history(case)[-1].at == later
    assert ("sent", {}, {}, later) in scene.post.told


def test_a_queue_longer_than_a_batch_is_run_to_its_end(scene: Scene) -> None:
    with scene.engine.transaction() as connection:
        jobs.add(connection, [job_row("mail", MONDAY, {}) for _ in range(2 * BATCH + 1)])
    beats: list[None] = []
    assert scene.loop.run_due(None, lambda: beats.append(None)) == 2 * BATCH + 1
    assert len(beats) == 2 * BATCH + 1, "it shows between any two that it is alive"


def test_more_failing_jobs_than_a_batch_do_not_hide_what_comes_behind_them(scene: Scene) -> None:
    with scene.engine.transaction() as connection:
        rows = [job_row("start", EARLIER, {}) for _ in range(BATCH + 1)]
        jobs.add(connection, [*rows, job_row("mail", MONDAY, {})])
    assert scene.engine.run_due() == 1
    assert ("sent", {}, {}, MONDAY) in scene.post.told
    assert {one.attempts for one in scene.jobs()} == {1}, "each of them was tried once"


# --- sending ------------------------------------------------------------------------------------


def test_what_was_sent_is_written_down_as_it_was_prepared_and_its_job_is_gone(
    scene: Scene,
) -> None:
    scene.post.prepare_as = lambda payload: {"text": payload["to"]}
    scene.add("mail", {"to": "ani"})
    assert scene.engine.run_due() == 1
    assert scene.post.told == [
        ("send", {"text": "ani"}), ("sent", {"to": "ani"}, {"text": "ani"}, MONDAY),
    ]  # fmt: skip
    assert scene.jobs() == []


def test_what_there_is_nothing_to_send_of_any_more_is_done_without_a_word(scene: Scene) -> None:
    scene.post.prepare_as = lambda payload: None
    scene.add("mail")
    assert scene.engine.run_due() == 1
    assert (scene.post.told, scene.jobs()) == ([], [])


def test_while_it_is_sent_a_job_is_its_senders_for_as_long_as_one_may_take(scene: Scene) -> None:
    """Long enough for the slowest server; whoever dies at it is followed by another one."""
    seen = []
    scene.post.on_send = lambda: seen.append(scene.the_job())
    scene.add("mail")
    scene.engine.run_due()
    [leased] = seen
    assert (leased.due_at, leased.attempts, leased.status) == (MONDAY + LEASE, 1, "ready")
    assert timedelta(minutes=5) <= LEASE <= timedelta(hours=1)


def test_a_job_whose_sender_died_is_sent_again_after_the_lease_and_not_before(
    scene: Scene,
) -> None:
    scene.add("mail")
    scene.post.on_send = raising(SystemExit())  # type: ignore[arg-type]
    with pytest.raises(SystemExit):
        scene.engine.run_due()
    scene.post.on_send = lambda: None
    scene.clock.now = MONDAY + LEASE - timedelta(seconds=1)
    assert scene.engine.run_due() == 0
    scene.clock.advance(seconds=1)
    assert scene.engine.run_due() == 1
    assert scene.jobs() == []


def test_what_lost_its_job_meanwhile_is_not_written_down_as_sent(scene: Scene) -> None:
    """Cancelled, or taken over: whoever has the job now says what became of it."""
    scene.add("mail")
    scene.post.on_send = scene.forget
    scene.engine.run_due()
    assert scene.post.told == [("send", {})]


def test_a_job_that_another_took_between_looking_and_leasing_is_left_to_it(scene: Scene) -> None:
    scene.add("mail")
    with scene.engine.reading() as connection:
        [found] = jobs.due(connection, MONDAY, 10)
    with scene.engine.transaction() as connection:
        connection.execute(update(job).values(due_at=MONDAY + LEASE, attempts=1))
    with pytest.raises(Unavailable):
        scene.loop._send(found, None)
    assert scene.post.told == []
    assert scene.the_job().attempts == 1


@pytest.mark.parametrize("attempt", [1, 2, 5, MOST_ATTEMPTS - 1])
def test_what_could_not_be_sent_is_tried_again_after_twice_as_long_each_time(
    attempt: int, scene: Scene
) -> None:
    scene.post.on_send = raising(ConnectionRefusedError("nobody there"))
    scene.add("mail", {"to": "ani"}, attempts=attempt - 1)
    assert scene.engine.run_due() == 0
    row = scene.the_job()
    assert (row.status, row.attempts) == ("ready", attempt)
    wait = BACK_OFF * 2 ** (attempt - 1)
    assert 0.8 * wait <= row.due_at - MONDAY <= 1.2 * wait
    assert load_sentence(row.error) == say("It could not be sent: {answer}", answer="nobody there")
    assert scene.post.told[-1] == ("failed", {"to": "ani"}, "nobody there", MONDAY, False)


def test_those_who_failed_together_do_not_all_come_again_together(scene: Scene) -> None:
    scene.post.on_send = raising(ConnectionRefusedError())
    for _ in range(8):
        scene.add("mail")
    scene.engine.run_due()
    assert len({one.due_at for one in scene.jobs()}) > 4


def test_the_last_attempt_that_fails_leaves_a_dead_letter_that_says_so(scene: Scene) -> None:
    scene.post.on_send = raising(ConnectionRefusedError("nobody there"))
    scene.add("mail", attempts=MOST_ATTEMPTS - 1)
    assert scene.engine.run_due() == 0
    row = scene.the_job()
    assert (row.status, row.attempts) == ("dead", MOST_ATTEMPTS)
    assert scene.post.told[-1] == ("failed", {}, "nobody there", MONDAY, True)
    scene.clock.advance(days=30)
    assert scene.engine.run_due() == 0


def test_a_job_that_every_worker_died_of_is_given_up_without_another_attempt(
    scene: Scene,
) -> None:
    scene.add("mail", attempts=MOST_ATTEMPTS)
    assert scene.engine.run_due() == 0
    row = scene.the_job()
    assert (row.status, "died" in row.error[0] or "ended together" in row.error[0]) == (
        "dead",
        True,
    )
    [(told, _, error, _, final)] = scene.post.told
    assert (told, final) == ("failed", True)
    assert "ended together" in error


def test_what_is_held_by_another_is_tried_again_and_says_why_without_having_failed(
    scene: Scene,
) -> None:
    busy = say("The folder is in use.")
    scene.post.on_send = raising(Unavailable(busy))
    scene.add("mail")
    assert scene.engine.run_due() == 0
    row = scene.the_job()
    assert (row.attempts, load_sentence(row.error)) == (1, busy)
    assert row.due_at > MONDAY
    assert [one[0] for one in scene.post.told] == ["send"]


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (NotFound(say("There is no such mail.")), "There is no such mail."),
        (RuntimeError("list index"), "It failed inside the product."),
    ],
)
def test_a_defect_pushes_its_own_job_back_and_holds_up_no_other(
    error: Exception, kept: str, scene: Scene
) -> None:
    def prepare(payload: Any) -> object:
        if payload["to"] == "ani":
            raise error
        return payload

    scene.post.prepare_as = prepare
    broken = scene.add("mail", {"to": "ani"}, EARLIER)
    scene.add("mail", {"to": "budi"})
    assert scene.engine.run_due() == 1
    row = scene.the_job()
    assert (row.id, row.attempts) == (broken, 1)
    said = str(load_sentence(row.error))
    assert said.startswith(kept)
    assert "list index" not in said


def test_a_kind_nobody_sends_is_a_defect_of_its_own_job(scene: Scene) -> None:
    scene.add("pigeon")
    assert scene.engine.run_due() == 0
    assert scene.the_job().attempts == 1


# --- timers and what is heard -------------------------------------------------------------------


def test_a_timer_is_fired_on_its_case_and_its_job_is_gone(scene: Scene) -> None:
    case = scene.engine.start("timed_out")
    scene.clock.advance(days=3, seconds=7)
    assert scene.engine.run_due() == 1
    assert scene.engine.instance(case).status == "completed"
    details = scene.engine.history(case)[-1].details
    assert (details["late_seconds"], details["planned"]) == (
        7,
        (MONDAY + timedelta(days=3)).isoformat(),
    )
    assert scene.jobs() == []


@pytest.mark.parametrize("kind", ["timer", "hear"])
def test_a_job_that_its_case_left_over_goes_without_anything_being_done(
    kind: str, scene: Scene
) -> None:
    """The case ended, or waits no longer: nobody will ever want it, so nobody looks at it again."""
    ended, going = scene.engine.start("review"), scene.engine.start("review")
    scene.engine.cancel(ended, "mistake", "ani")
    heard = {"signal": "alarm", "payload": {}, "by": None, "token": str(uuid4())}
    for case in (ended, going):
        scene.add(kind, heard, instance_id=case, token=uuid4())
    before = {case: len(scene.engine.history(case)) for case in (ended, going)}
    scene.add("mail")
    looked_at: list[None] = []

    def count() -> None:
        looked_at.append(None)
        assert len(looked_at) <= 3, "a job is looked at again and again"

    assert scene.loop.run_due(None, count) == 1, "the mail: what was left over is not done"
    assert scene.jobs() == []
    assert {case: len(scene.engine.history(case)) for case in (ended, going)} == before
    assert scene.engine.incidents() == []


def test_each_job_is_told_apart_by_how_it_went(scene: Scene) -> None:
    case = scene.engine.start("timed_out")
    scene.engine.cancel(case, "mistake", "ani")
    scene.add("timer", instance_id=case, token=uuid4())
    scene.add("mail", {"to": "ani"}, MONDAY + timedelta(hours=1))
    scene.add("pigeon", {}, MONDAY + timedelta(hours=2))
    with scene.engine.reading() as connection:
        due = jobs.due(connection, MONDAY + timedelta(hours=3), 10)
    assert [scene.loop._run(job, None) for job in due] == [Ran.DROPPED, Ran.DONE, Ran.FAILED]
    assert scene.loop._run(due[1], None) is Ran.TAKEN, "it is gone"


def test_what_was_left_over_is_not_looked_for_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of those that failed or are taken as many more are read each time; these are gone."""
    case = scene.engine.start("timed_out")
    scene.engine.cancel(case, "mistake", "ani")
    scene.add("timer", instance_id=case, token=uuid4())
    asked: list[int] = []
    due = jobs.due

    def counting(connection: Any, now: Any, most: int) -> list[Job]:
        asked.append(most)
        return due(connection, now, most)

    monkeypatch.setattr(jobs, "due", counting)
    scene.engine.run_due()
    assert asked == [BATCH, BATCH]


def test_a_job_of_a_case_that_another_holds_stays_and_is_not_counted(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on PostgreSQL, where a locked row is passed by."""
    case = scene.engine.start("timed_out")
    scene.add("mail", {}, MONDAY + timedelta(days=4))
    scene.clock.advance(days=5)
    tried: list[object] = []

    def locked(connection: object, found: Job) -> None:
        tried.append(found.id)

    monkeypatch.setattr(jobs, "take_with_instance", locked)
    assert scene.engine.run_due() == 1, "what others hold stops nothing"
    assert len(tried) == 1, "nor is it tried again and again"
    assert scene.the_job().instance_id == case
    assert scene.the_job().attempts == 0


def test_a_timer_on_which_the_model_fails_is_kept_as_an_incident_and_not_repeated(
    scene: Scene,
) -> None:

    late = (boundary("late", "answer", timer("P1D")), script_task("divide", "share = 1 / 0"))
    flows = (flow("start", "answer"), flow("answer", "end"), flow("late", "divide"))
    parts = (start(), user_task("answer"), *late, end(), *flows, flow("divide", "end"))
    scene.engine.deploy({"failing.bpmn": bpmn(process("failing", *parts))}, "owner")
    case = scene.engine.start("failing")
    scene.clock.advance(days=1)
    assert scene.engine.run_due() == 1
    [incident] = scene.engine.incidents()
    assert (incident.instance_id, incident.element_id) == (case, "divide")
    assert scene.jobs() == []


# --- starts and messages ------------------------------------------------------------------------


def wanted(id: UUID, key: str = "review") -> dict[str, Any]:
    return {"key": key, "id": str(id), "business_key": "A-1", "data": {"sum": 3}, "by": "ani"}


def test_a_stored_start_starts_its_case_once_as_it_was_wanted(scene: Scene) -> None:
    id = uuid4()
    for _ in range(2):
        scene.add("start", wanted(id))
    assert scene.engine.run_due() == 2
    [case] = cases_of(scene.engine, "review")
    assert (case.id, case.business_key, case.started_by) == (id, "A-1", "ani")
    assert case.started_at == MONDAY
    assert scene.engine.data(id) == {"sum": 3}
    assert scene.jobs() == []


def test_a_stored_start_of_no_known_process_waits_for_it_and_says_so(scene: Scene) -> None:
    scene.add("start", wanted(uuid4(), "gone"))
    assert scene.engine.run_due() == 0
    assert "There is no process gone" in str(load_sentence(scene.the_job().error))


def in_hand(scene: Scene) -> Job:
    """The job as a worker has seen it that is a moment too late: it is gone now."""
    with scene.engine.reading() as connection:
        [found] = jobs.due(connection, MONDAY, 10)
    scene.forget()
    return found


def test_a_start_or_message_that_another_worker_has_done_is_done_by_nobody_else(
    scene: Scene,
) -> None:
    case = scene.engine.start("listener", business_key="A-1")
    scene.engine.complete(only_task(scene.engine, case).id, {}, "ani")
    scene.add("start", wanted(uuid4()))
    with pytest.raises(Unavailable):
        scene.loop._start(in_hand(scene), None)
    assert cases_of(scene.engine, "review") == []
    payment = {"message": "payment", "key": "A-1", "payload": {}, "by": None}
    scene.add("message", payment)
    with pytest.raises(Unavailable):
        scene.loop._message(in_hand(scene), None)
    assert open_elements(scene.engine, case) == [], "it still waits"
    scene.add("signal", {"signal": "alarm", "payload": {}, "by": None})
    with pytest.raises(Unavailable):
        scene.loop._signal(in_hand(scene), None)


def test_a_stored_message_is_delivered_and_one_for_nobody_is_done_all_the_same(
    scene: Scene,
) -> None:
    case = scene.engine.start("listener", business_key="A-1")
    scene.engine.complete(only_task(scene.engine, case).id, {}, "ani")
    for key in ("A-1", "A-2"):
        scene.add("message", {"message": "payment", "key": key, "payload": {"n": 1}, "by": "bank"})
    assert scene.engine.run_due() == 2
    assert open_elements(scene.engine, case) == ["ship"]
    assert (scene.engine.data(case), scene.engine.history(case)[-1].by) == ({"n": 1}, "bank")
    assert scene.jobs() == []


def test_a_message_that_cannot_be_routed_stays_as_a_job_with_its_reason(scene: Scene) -> None:
    scene.add("message", {"message": "payment", "key": "*", "payload": {}, "by": None})
    assert scene.engine.run_due() == 0
    assert "signals" in str(load_sentence(scene.the_job().error))


def test_what_a_job_stores_is_due_at_once_and_done_in_the_same_run(scene: Scene) -> None:
    scene.add("signal", {"signal": "alarm", "payload": {}, "by": None})
    assert scene.engine.run_due() == 1
    assert scene.jobs() == []


# --- beside another worker ----------------------------------------------------------------------


def a_job(kind: str, instance_id: UUID | None = None) -> Job:
    return Job(uuid4(), kind, MONDAY, instance_id, None, {}, 0)


@pytest.mark.parametrize("seed", range(5))
def test_beside_another_worker_the_order_is_ones_own_but_for_what_must_stay_in_order(
    seed: int,
) -> None:
    random.seed(seed)
    case = uuid4()
    found = [
        one
        for _ in range(20)
        for one in (a_job("mail"), a_job("message"), a_job("signal"), a_job("timer", case))
    ]
    again = scattered(found)
    assert {one.id for one in again} == {one.id for one in found}
    assert [one.id for one in again] != [one.id for one in found]
    for kind in ("message", "signal", "timer"):
        in_order = [one.id for one in found if one.kind == kind]
        assert [one.id for one in again if one.kind == kind] == in_order
    mails = [one.id for one in found if one.kind == "mail"]
    assert [one.id for one in again if one.kind == "mail"] != mails


def test_alone_on_a_database_jobs_are_run_in_the_order_they_are_due(scene: Scene) -> None:
    for number in range(40):
        scene.add("mail", {"n": number}, EARLIER + timedelta(seconds=number))
    scene.engine.run_due()
    assert [one[1]["n"] for one in scene.post.told if one[0] == "send"] == list(range(40))


def test_after_its_commit_a_job_wakes_the_scheduler_for_what_it_stored(scene: Scene) -> None:
    woken: list[float] = []
    loop = replace(scene.loop, stepper=replace(scene.loop.stepper, wake=woken.append))
    scene.add("start", wanted(uuid4(), "timed_out"))
    loop.run_due()
    assert woken == [timedelta(days=3).total_seconds()]


def test_after_its_commit_a_case_that_a_message_reached_is_kept_in_memory(scene: Scene) -> None:
    case = scene.engine.start("listener", business_key="A-1")
    scene.engine.complete(only_task(scene.engine, case).id, {}, "ani")
    scene.add("message", {"message": "payment", "key": "A-1", "payload": {}, "by": None})
    scene.engine.run_due()
    assert scene.engine._stepper.cache.take(case, 3) is not None


def test_the_conflict_of_a_job_is_nobodys_error(scene: Scene) -> None:
    """Whoever asks directly is told; a job has nobody to tell."""
    case = scene.engine.start("review")
    scene.engine.cancel(case, "mistake", "ani")
    with pytest.raises(Conflict):
        scene.engine.cancel(case, "again", "ani")
    with scene.engine.transaction() as connection:
        row = job_row("timer", MONDAY, {}, instance_id=case, token=uuid4())
        connection.execute(insert(job), row)
    assert scene.engine.run_due() == 0
    assert scene.jobs() == []
