"""What the doctor asks, from where on something is not well, and in which words it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from engine.sentences.errors import Forbidden
from engine.storage.later import jobs
from engine.storage.tables import job
from processes.acts import reading
from processes.acts.reading import Reading
from processes.acts.service import Service
from processes.operation import doctor, verification
from processes.operation.doctor import Finding
from processes.register.states import MailState
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_programs import TOPIC, a_worker, asking, fetch, give_up
from tests.processes.stories.world import World

SECOND = timedelta(seconds=1)


@pytest.fixture
def looked(small: Data) -> Iterator[Data]:
    """Somebody has looked at the clock just now, and everything was verified."""
    small.engine.maintain()
    verification.verify(small.engine)
    yield small


def found(
    data: Service, subject: str, *, later: timedelta = timedelta(0), **options: Any
) -> Finding:
    """What is said of a subject, some time later by either clock."""
    with reading.opened(data, operator()) as at:
        moved = replace(at, now=at.now + later, real_now=at.real_now + later)
        every = doctor.examine(moved, replace(data.options, **options))
    [one] = [one for one in every if str(one.subject) == subject]
    return one


def says(data: Service, subject: str, **asked: Any) -> tuple[bool, str]:
    one = found(data, subject, **asked)
    return one.well, str(one.words)


def test_every_subject_is_told_once_in_the_order_of_the_page(looked: Data) -> None:
    with reading.opened(looked, operator()) as at:
        every = doctor.examine(at, looked.options)
    assert [str(one.subject) for one in every] == [
        "Database", "Clock", "Scheduler", "Due work", "Dead jobs", "Incidents",
        "External tasks", "Workers", "Mail", "Records", "Space", "Version",
    ]  # fmt: skip
    assert [str(one.subject) for one in every if not one.well] == []


@pytest.mark.parametrize("role", ["coordinator", "supervisor", "process-owner"])
def test_the_doctor_is_for_administrators(looked: Data, role: str) -> None:
    rank = "asdep" if role == "supervisor" else None
    who = scope(looked, person(looked, "adi", granted(role, rank=rank)))
    with reading.opened(looked, who) as at, pytest.raises(Forbidden):
        doctor.examine(at, looked.options)


# --- the clock and who looks at it --------------------------------------------------------------


def test_before_the_first_look_there_is_no_scheduler(small: Data) -> None:
    assert says(small, "Scheduler") == (False, "No scheduler has ever run.")


@pytest.mark.parametrize(("seconds", "well"), [(80, True), (100, False)])
def test_a_scheduler_is_heard_of_within_a_minute_and_a_half(
    looked: Data, seconds: int, well: bool
) -> None:
    assert found(looked, "Scheduler", later=seconds * SECOND).well == well


@pytest.mark.parametrize(("demo", "well"), [(True, True), (False, False)])
def test_a_virtual_clock_is_well_in_an_example_alone(looked: Data, demo: bool, well: bool) -> None:
    with reading.opened(looked, operator()) as at:
        clock = SimpleNamespace(at=lambda now: now + timedelta(days=3), speed=60.0)
        ahead = _Ahead(at, clock)
        [one] = [
            one
            for one in doctor.examine(ahead.at, replace(looked.options, demo=demo))
            if str(one.subject) == "Clock"
        ]
    assert one.well == well
    assert str(one.words) == "A virtual clock, ahead by 3 days, 60 times as fast."


class _Ahead:
    """A reading whose clock runs ahead."""

    def __init__(self, at: Reading, clock: object) -> None:
        ask = SimpleNamespace(virtual_time=lambda: clock, heartbeat=at.ask.heartbeat)
        self.at = replace(at, ask=ask)  # type: ignore[arg-type]  # what the doctor asks of it


# --- work that waits ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "well", "words"),
    [
        (timedelta(0), True, "The oldest due job has waited for 0 seconds."),
        (-SECOND, True, "Nothing is overdue."),
        (timedelta(seconds=119), True, "The oldest due job has waited for 119 seconds."),
        (timedelta(minutes=2), False, "The oldest due job has waited for 120 seconds."),
        (timedelta(hours=3), False, "The oldest due job has waited for 3 hours."),
    ],
)
def test_due_work_waits_two_minutes_at_the_most(
    small_world: World, after: timedelta, well: bool, words: str
) -> None:
    small_world.issued()
    service = small_world.service
    with service.reading() as connection:
        earliest = jobs.earliest(connection)
    assert earliest is not None
    later = earliest + after - small_world.clock.now
    assert says(service, "Due work", later=later) == (well, words)


def test_jobs_that_were_given_up_are_counted(small_world: World) -> None:
    small_world.issued()
    service = small_world.service
    assert says(service, "Dead jobs") == (True, "None.")
    with service.transaction() as connection:
        given_up = connection.execute(update(job).values(status="dead")).rowcount
    assert given_up
    words = f"Jobs that were given up: {given_up}; see incidents."
    assert says(service, "Dead jobs") == (False, words)


# --- programs outside ---------------------------------------------------------------------------


def test_without_external_tasks_no_worker_is_needed(looked: Data) -> None:
    assert says(looked, "External tasks") == (True, "External tasks that wait: 0.")
    assert says(looked, "Workers") == (True, "No external task waits for one.")


def test_a_topic_that_nobody_asks_for_is_named(looked: Data) -> None:
    asking(looked, 2)
    assert says(looked, "External tasks") == (True, "External tasks that wait: 2.")
    well, words = says(looked, "Workers")
    assert not well
    assert f"{TOPIC}. Start their workers." in words


@pytest.mark.parametrize(("minutes", "well"), [(59, True), (61, False)])
def test_a_worker_counts_for_an_hour_after_it_was_heard_of(
    looked: Data, minutes: int, well: bool
) -> None:
    asking(looked, 2)
    fetch(looked, a_worker(looked), most=1)
    assert found(looked, "Workers", later=timedelta(minutes=minutes)).well == well


def test_work_that_a_program_gave_up_is_stuck_until_somebody_looks(looked: Data) -> None:
    asking(looked, 2)
    worker = a_worker(looked)
    for work in fetch(looked, worker):
        give_up(looked, worker, work.task.id)
    words = f"External tasks that workers gave up: 2 ({TOPIC}); see incidents."
    assert says(looked, "External tasks") == (False, words)
    assert says(looked, "Incidents") == (False, "Cases that are stuck: 2; see incidents.")
    assert says(looked, "Workers") == (True, "No external task waits for one.")


@pytest.mark.parametrize(("number", "ends"), [(10, "t9"), (11, "t9, …")])
def test_a_sentence_names_ten_topics_at_the_most(number: int, ends: str) -> None:
    named = doctor._named([f"t{n}" for n in range(number)])
    assert named.startswith("t0, t1, t2")
    assert named.endswith(f", {ends}")
    assert named.count("t") == 10


# --- mail, records, space -----------------------------------------------------------------------


def test_without_a_mail_server_mails_are_only_shown(looked: Data) -> None:
    well, words = says(looked, "Mail")
    assert (well, "only shown in the outbox" in words) == (True, True)


def test_mails_that_could_not_be_sent_are_counted(looked: Data) -> None:
    server = {"smtp_url": "smtp://mail.contoh.go.id"}
    assert says(looked, "Mail", **server) == (True, "All mails were sent.")
    person(looked, "rina")
    with looked.transaction() as connection:
        for state in (MailState.FAILED, MailState.SENT, MailState.FAILED):
            new = NewMail("notice", "rina", "rina@contoh.go.id", "id", "Perihal", "Isi")
            mail_rows.change(
                connection, mail_rows.insert_mail(connection, new, "x", NOW), state=state
            )
    words = "Mails that could not be sent: 2."
    assert says(looked, "Mail", **server) == (False, words)


@pytest.mark.parametrize(
    ("later", "well"), [(timedelta(days=2, minutes=-1), True), (timedelta(days=2), False)]
)
def test_records_are_verified_every_day_and_one_may_be_missed(
    looked: Data, later: timedelta, well: bool
) -> None:
    one = found(looked, "Records", later=later)
    assert one.well == well
    assert "and all holds" in str(one.words)


def test_records_never_verified_are_not_well(small: Data) -> None:
    well, words = says(small, "Records")
    assert not well
    assert words.startswith("Never verified")


@pytest.mark.parametrize(
    ("free", "well", "shown"),
    [
        (1_000_000_000, False, "1 GB"),
        (1_000_000_001, True, "1 GB"),
        (25_999_999_999, True, "25 GB"),
    ],
)
def test_less_than_a_gigabyte_is_too_little_space(
    looked: Data, monkeypatch: pytest.MonkeyPatch, free: int, well: bool, shown: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    assert says(looked, "Space") == (well, f"{shown} are free in the data folder.")
