"""What the doctor asks, from where on something is not well, and in which words it is said."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
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
from processes.files import uploads
from processes.files.blobs import BlobFolder
from processes.operation import doctor, verification
from processes.operation.finding import Finding
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
        "External tasks", "Workers", "Mail", "Records", "Evidence", "Backup", "Space", "Version",
    ]  # fmt: skip
    # Well but for a backup, of which nothing was said.
    assert [str(one.subject) for one in every if not one.well] == ["Backup"]


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


# --- files and their rows -----------------------------------------------------------------------


def upload(data: Data, folder: Path, content: bytes) -> str:
    """A file that somebody has sent, and its digest."""
    blob = BlobFolder(folder / "evidence").receive(BytesIO(content), "bukti.txt")
    who = scope(data, person(data, f"p{len(content)}", granted("coordinator")))
    uploads.add(data, who, blob, task_id=None)
    return blob.sha256


def path_of(folder: Path, digest: str) -> Path:
    return folder / "evidence" / digest[:2] / digest


def test_each_file_with_its_row_is_well(looked: Data, tmp_path: Path) -> None:
    assert says(looked, "Evidence", data_dir=tmp_path)[0], "there is no file and no folder"
    upload(looked, tmp_path, b"satu")
    well, words = says(looked, "Evidence", data_dir=tmp_path)
    assert (well, words) == (True, "Each of the files that rows name is there: 1.")


def test_a_row_whose_file_is_lost_is_named(looked: Data, tmp_path: Path) -> None:
    digests = sorted(upload(looked, tmp_path, b"x" * size) for size in range(1, 6))
    for digest in digests[:4]:
        path_of(tmp_path, digest).unlink()
    well, words = says(looked, "Evidence", data_dir=tmp_path)
    assert not well
    assert words.startswith("Files that rows name and the data folder lacks: 4 (")
    assert ", ".join(one[:12] for one in digests[:3]) + ", …" in words


@pytest.mark.parametrize(("days", "well"), [(1, True), (3.9, True), (4.1, False)])
def test_a_file_without_a_row_is_told_when_it_should_have_been_removed(
    looked: Data, tmp_path: Path, days: float, well: bool
) -> None:
    stored = BlobFolder(tmp_path / "evidence").receive(BytesIO(b"tersisa"), "sisa.txt")
    with looked.reading() as connection:
        now = looked.engine.on(connection).real_now().timestamp()
    old = now - days * 24 * 3600
    os.utime(path_of(tmp_path, stored.sha256), (old, old))
    found_well, words = says(looked, "Evidence", data_dir=tmp_path)
    assert found_well == well
    assert well or words.startswith("Files that no row names any more: 1.")


# --- backups ------------------------------------------------------------------------------------


def test_a_backup_nobody_spoke_of_is_missing_but_not_of_example_data(looked: Data) -> None:
    well, words = says(looked, "Backup")
    assert not well
    assert "TINDAK_BACKUP_DIR" in words
    assert says(looked, "Backup", demo=True)[0]


def test_an_empty_folder_or_file_is_no_backup(looked: Data, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    none = (False, f"There is no backup in {folder}.")
    assert says(looked, "Backup", backup_dir=folder) == none
    folder.mkdir()
    assert says(looked, "Backup", backup_dir=folder) == none
    (folder / "empty.dump").touch()
    assert says(looked, "Backup", backup_dir=folder) == none


@pytest.mark.parametrize(("hours", "well"), [(1, True), (47, True), (49, False)])
def test_the_newest_backup_is_not_older_than_two_days(
    looked: Data, tmp_path: Path, hours: int, well: bool
) -> None:
    with looked.reading() as connection:
        now = looked.engine.on(connection).real_now().timestamp()
    (folder := tmp_path / "backup").mkdir()
    for name, age in (("a.dump", hours), ("b.dump", 500)):
        (folder / name).write_bytes(b"dump")
        os.utime(folder / name, (now - age * 3600,) * 2)
    assert says(looked, "Backup", backup_dir=folder)[0] == well


def test_a_data_folder_that_is_not_there_is_told(looked: Data, tmp_path: Path) -> None:
    well, words = says(looked, "Space", data_dir=tmp_path / "gone")
    assert not well
    assert str(tmp_path / "gone") in words
