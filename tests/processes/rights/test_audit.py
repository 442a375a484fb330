"""The audit reveals every later change of its entries."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import Executable, delete, update

from engine.sentences.errors import Forbidden
from processes.rights import audit
from processes.rights.access import operator
from processes.rights.audit import FORMS
from processes.rights.grants import granted
from processes.storage.rights.audit import GENESIS, audit_head, head
from processes.storage.rights.audit import audit as table
from tests.processes.conftest import NOW, Data, person, scope

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


def check(data: Data, known: tuple[int, bytes] = (0, GENESIS)) -> tuple[int, int | None]:
    """(how many entries hold, the number of the first that does not)."""
    with data.reading() as connection:
        found = audit.verify(connection, known)
    return found.intact, found.broken_at


def test_an_untouched_record_holds(data: Data) -> None:
    record(data, "process:a", "process:b")

    assert check(data) == (HERE + 2, None)


@pytest.mark.parametrize(
    "tampering",
    [
        update(table).where(table.c.seq == HERE + 2).values(by="orang lain"),
        update(table).where(table.c.seq == HERE + 2).values(details={"number": 4}),
        update(table).where(table.c.seq == HERE + 2).values(at=NOW.replace(year=2025)),
        update(table).where(table.c.seq == HERE + 2).values(form=max(FORMS) + 1),
        delete(table).where(table.c.seq == HERE + 2),
    ],
    ids=["author", "details", "time", "an unknown form", "removed"],
)
def test_a_changed_or_removed_entry_shows_and_where(small: Data, tampering: Executable) -> None:
    record(small, "process:a", "process:b", "process:c")
    with small.transaction() as connection:
        connection.execute(tampering)

    assert check(small) == (HERE + 1, HERE + 2)


@pytest.mark.parametrize(
    ("column", "written"),
    [("at", "'yesterday'"), ("at", "7"), ("by", "x'ff'"), ("details", "'{'"), ("form", "'x'")],
)
def test_what_no_entry_can_say_shows_and_where(small: Data, column: str, written: str) -> None:
    """SQLite keeps any kind of value in any column."""
    record(small, "process:a", "process:b", "process:c")
    with small.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE audit SET {column} = {written} WHERE seq = {HERE + 2}")

    assert check(small) == (HERE + 1, HERE + 2)


def test_a_removed_end_shows_too(small: Data) -> None:
    record(small, "process:a", "process:b")
    with small.transaction() as connection:
        connection.execute(delete(table).where(table.c.seq == HERE + 2))

    assert check(small) == (HERE + 1, HERE + 2)


def test_a_record_cut_short_together_with_its_head_shows_to_who_saw_more(small: Data) -> None:
    record(small, "process:a")
    with small.reading() as connection:
        before = head(connection)
    record(small, "process:b")
    with small.reading() as connection:
        seen = head(connection)
    with small.transaction() as connection:
        connection.execute(delete(table).where(table.c.seq == HERE + 2))
        connection.execute(update(audit_head).values(seq=before[0], hash=before[1]))

    assert check(small) == (HERE + 1, None), "nothing in the record itself tells"
    assert check(small, seen) == (HERE + 1, HERE + 2)


def test_a_record_made_anew_as_a_whole_shows_to_who_saw_the_first_one(small: Data) -> None:
    record(small, "process:a")
    with small.reading() as connection:
        seen = head(connection)
    with small.transaction() as connection:
        connection.execute(delete(table))
        connection.execute(update(audit_head).values(seq=0, hash=GENESIS))
    record(small, *[f"process:{number}" for number in range(HERE + 2)])

    assert check(small) == (HERE + 2, None), "nothing in the record itself tells"
    assert check(small, seen) == (HERE, HERE + 1)


def test_what_is_appended_during_the_check_breaks_nothing(
    small: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small.reading() as connection:
        before = head(connection)
    record(small, "process:a")
    monkeypatch.setattr("processes.storage.rights.audit.head", lambda _: before)

    assert check(small) == (HERE, None)


def test_what_was_rolled_back_leaves_no_gap(data: Data) -> None:
    with pytest.raises(RuntimeError), data.transaction() as connection:
        audit.record(connection, "adi", "release", "process:a", now=NOW)
        raise RuntimeError
    record(data, "process:b")

    assert check(data) == (HERE + 1, None)


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

    assert check(data) == (HERE + 10, None)


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
