"""What the daily verification finds, keeps and says, and that it forgets nothing it knew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from engine.storage.tables import event
from processes.operation import verification
from processes.operation.verification import Verification
from processes.storage.rights.audit import audit, audit_head
from tests.processes.conftest import NOW, Data, person
from tests.processes.made_programs import asking

HELD = Verification(NOW, 3, 12, 0, (), 0, 7, b"7", None)


def verified(data: Data) -> Verification:
    """What is found now, which is also what is kept."""
    found = verification.verify(data.engine)
    assert found is not None
    with data.reading() as connection:
        kept = verification.last(connection)
    assert kept is not None
    assert replace(kept, entries=0, last_hash=b"") == replace(found, entries=0, last_hash=b"")
    return found


def words(found: Verification) -> list[str]:
    return [str(one) for one in verification.sentences(found)]


def test_before_the_first_one_nothing_is_known(small: Data) -> None:
    with small.reading() as connection:
        assert verification.last(connection) is None


def test_what_holds_is_counted_and_nothing_is_said(small: Data) -> None:
    person(small, "rina")
    asking(small, 2)
    found = verified(small)
    assert (found.holds, found.cases, words(found)) == (True, 2, [])
    assert found.events >= 2
    person(small, "budi")
    assert verified(small).entries == found.entries + 1, "an account is an entry of the audit"


def test_a_history_that_was_changed_is_named_with_its_first_wrong_event(small: Data) -> None:
    id, _ = asking(small, 2)
    with small.transaction() as connection:
        connection.execute(update(event).where(event.c.instance_id == id).values(by="menko"))
    found = verified(small)
    assert (found.holds, found.broken_count, list(found.broken)) == (False, 1, [(id, 1)])
    assert words(found) == [f"Case {id}: its history does not hold from event 1 on."]


def test_an_entry_of_the_audit_that_was_changed_is_named(small: Data) -> None:
    person(small, "rina")
    before = verified(small)
    with small.transaction() as connection:
        changed = audit.c.seq == before.entries
        connection.execute(update(audit).where(changed).values(by="menko"))
    found = verified(small)
    assert (found.holds, found.audit_broken_at) == (False, before.entries)
    assert words(found) == [f"The audit does not hold from entry {before.entries} on."]


def test_what_was_known_stays_known_while_it_does_not_hold(small: Data) -> None:
    """Cut short with its head, the record would else look whole at the second look."""
    person(small, "rina")
    before = verified(small)
    with small.transaction() as connection:
        connection.execute(delete(audit).where(audit.c.seq == before.entries))
        left = connection.execute(audit.select().order_by(audit.c.seq.desc()).limit(1)).one()
        connection.execute(update(audit_head).values(seq=left.seq, hash=left.hash))
    for _ in range(2):
        assert verified(small).audit_broken_at == before.entries
        with small.reading() as connection:
            kept = verification.last(connection)
        assert kept is not None
        assert (kept.entries, kept.last_hash) == (before.entries, before.last_hash)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"of_nothing": 2}, ["2 events tell of cases that are not there."]),
        ({"audit_broken_at": 4}, ["The audit does not hold from entry 4 on."]),
        (
            {"broken_count": 1, "broken": [(UUID(int=1), 3)]},
            [f"Case {UUID(int=1)}: its history does not hold from event 3 on."],
        ),
        (
            {"broken_count": 40, "broken": [(UUID(int=1), 3)]},
            [
                f"Case {UUID(int=1)}: its history does not hold from event 3 on.",
                "40 histories do not hold in all.",
            ],
        ),
        ({}, []),
    ],
)
def test_each_thing_that_does_not_hold_is_a_sentence(
    changed: dict[str, Any], said: list[str]
) -> None:
    found = replace(HELD, **changed)
    assert words(found) == said
    assert found.holds == (not changed)
