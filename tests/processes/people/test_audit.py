"""The audit shows every change made to it afterwards."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Executable, delete, update

from engine.errors import Forbidden
from processes import audit
from processes.access import operator
from processes.audit import Chain
from processes.grants import granted
from processes.storage.audit import audit as table
from tests.processes.people.conftest import NOW, Data, person, scope

HERE = 10
"""The institutions of the seed are on record before each story."""


def record(data: Data, *subjects: str) -> None:
    with data.transaction() as connection:
        for subject in subjects:
            audit.record(
                connection,
                "adi",
                "release",
                subject,
                now=NOW,
                address="10.0.0.1",
                details={"number": 3, "names": ["a", "b"], "share": 0.25},
            )


def check(data: Data) -> Chain:
    with data.reading() as connection:
        return audit.verify(connection)


def test_an_untouched_record_holds(data: Data) -> None:
    record(data, "process:a", "process:b")

    assert check(data) == Chain(intact=HERE + 2, broken_at=None)


@pytest.mark.parametrize(
    "tampering",
    [
        update(table).where(table.c.seq == HERE + 2).values(by="orang lain"),
        update(table).where(table.c.seq == HERE + 2).values(details={"number": 4}),
        update(table).where(table.c.seq == HERE + 2).values(at=NOW.replace(year=2025)),
        delete(table).where(table.c.seq == HERE + 2),
    ],
    ids=["author", "details", "time", "removed"],
)
def test_a_changed_or_removed_entry_shows_and_where(small: Data, tampering: Executable) -> None:
    record(small, "process:a", "process:b", "process:c")
    with small.transaction() as connection:
        connection.execute(tampering)

    assert check(small) == Chain(intact=HERE + 1, broken_at=HERE + 2)


def test_a_removed_end_shows_too(small: Data) -> None:
    record(small, "process:a", "process:b")
    with small.transaction() as connection:
        connection.execute(delete(table).where(table.c.seq == HERE + 2))

    assert check(small) == Chain(intact=HERE + 1, broken_at=HERE + 2)


def test_what_was_rolled_back_leaves_no_gap(data: Data) -> None:
    with pytest.raises(RuntimeError), data.transaction() as connection:
        audit.record(connection, "adi", "release", "process:a", now=NOW)
        raise RuntimeError
    record(data, "process:b")

    assert check(data) == Chain(intact=HERE + 1, broken_at=None)


def test_two_who_record_at_once_make_one_chain(data: Data) -> None:
    both_ready = threading.Barrier(2)

    def write() -> None:
        both_ready.wait()
        for number in range(5):
            record(data, f"process:{number}")

    threads = [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert check(data) == Chain(intact=HERE + 10, broken_at=None)


def test_administrators_read_it_newest_first_by_page_and_subject(small: Data) -> None:
    record(small, "process:a", "process:b", "process:a")
    admin = operator()
    with small.reading() as connection:
        first = audit.read(connection, admin, limit=2)
        rest = audit.read(connection, admin, before=first[-1].seq, limit=1)
        about = audit.read(connection, admin, subject="process:a")

    assert [entry.subject for entry in first + rest] == ["process:a", "process:b", "process:a"]
    assert [entry.seq for entry in about] == [HERE + 3, HERE + 1]
    owner = scope(small, person(small, "pemilik", granted("process-owner")))
    with small.reading() as connection, pytest.raises(Forbidden):
        audit.read(connection, owner)
