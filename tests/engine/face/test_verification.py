"""Verification finds every event that was changed, removed or added afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from engine import Engine
from engine.face.verification import NAMED, Verified
from engine.records.history import FORMS, NO_HASH, Link, chained
from engine.storage.cases import chains
from engine.storage.tables import event, instance
from tests.engine.models_of_tests import REVIEW, only_task

COLUMNS = ("at", "kind", "by", "request_id", "body", "hash", "form")
"""All that is no part of an event's key."""


@pytest.fixture
def cases(engine: Engine) -> list[UUID]:
    """Three cases with three events each: started, written, judged again."""
    engine.deploy(REVIEW, "owner")
    return [played(engine) for _ in range(3)]


def played(engine: Engine) -> UUID:
    case = engine.start("review", {"amount": 1}, by="ani")
    engine.complete(only_task(engine, case).id, {"text": "x"}, "ani", request_id="first")
    engine.complete(only_task(engine, case).id, {"verdict": "again"}, "budi")
    return case


def verified(engine: Engine) -> Verified:
    found = engine.verify()
    assert found is not None
    return found


def tamper(engine: Engine, change: Callable[[Connection], object]) -> None:
    with engine.transaction() as connection:
        change(connection)


def test_every_column_is_tried() -> None:
    assert set(COLUMNS) | {"instance_id", "seq"} == set(event.c.keys())


def test_histories_nobody_touched_hold(engine: Engine, cases: list[UUID]) -> None:
    assert verified(engine) == Verified(instances=3, events=9)
    assert verified(engine).holds


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_event_can_be_changed_unnoticed(
    engine: Engine, cases: list[UUID], column: str
) -> None:
    mine = (event.c.instance_id == cases[1]) & (event.c.seq == 2)
    with engine.reading() as connection:
        (value,) = connection.execute(select(event.c[column]).where(mine)).one()
    other = {
        "at": lambda: value + timedelta(seconds=1),
        "body": lambda: value.replace(b"write", b"judge"),
        "hash": lambda: bytes(32),
        "form": lambda: 1,
    }.get(column, lambda: "someone else")()
    assert other != value
    tamper(engine, lambda c: c.execute(update(event).where(mine).values({column: other})))

    found = verified(engine)

    assert found.broken == [(cases[1], 2)]
    assert (found.broken_count, found.holds) == (1, False)
    assert engine.broken_history(cases[1]) == 2
    assert engine.broken_history(cases[0]) is None


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("at", "'yesterday'"),
        ("at", "7"),
        ("kind", "x'ff'"),
        ("by", "x'ff'"),
        ("request_id", "x'ff'"),
        ("body", "'text'"),
        ("hash", "'text'"),
        ("form", "'x'"),
    ],
)
def test_what_no_event_can_say_hides_no_other_change(
    sqlite_url: str, column: str, written: str
) -> None:
    """SQLite keeps any kind of value in any column."""
    engine = Engine.open(sqlite_url)
    engine.deploy(REVIEW, "owner")
    first, second = played(engine), played(engine)
    garbled = f"UPDATE event SET {column} = {written} WHERE instance_id = ? AND seq = 2"
    tamper(engine, lambda c: c.exec_driver_sql(garbled, (first.hex,)))
    changed = (event.c.instance_id == second) & (event.c.seq == 3)
    tamper(engine, lambda c: c.execute(update(event).where(changed).values(by="ani")))

    assert verified(engine).broken == [(first, 2), (second, 3)]
    engine.close()


@pytest.mark.parametrize("seq", [1, 2, 3], ids=["the first", "one between", "the last"])
def test_an_event_that_was_taken_away_is_missed(
    engine: Engine, cases: list[UUID], seq: int
) -> None:
    gone = (event.c.instance_id == cases[2]) & (event.c.seq == seq)
    tamper(engine, lambda c: c.execute(delete(event).where(gone)))

    assert verified(engine).broken == [(cases[2], seq)]


def test_a_case_without_any_event_is_broken_from_the_first(
    engine: Engine, cases: list[UUID]
) -> None:
    tamper(engine, lambda c: c.execute(delete(event).where(event.c.instance_id == cases[0])))

    assert verified(engine).broken == [(cases[0], 1)]


def test_the_history_of_another_case_cannot_stand_for_ones_own(
    engine: Engine, cases: list[UUID]
) -> None:
    def swap(connection: Connection) -> None:
        connection.execute(delete(event).where(event.c.instance_id == cases[0]))
        copied = [c if c.name != "instance_id" else None for c in event.c]
        rows = connection.execute(
            select(*[c for c in copied if c is not None]).where(event.c.instance_id == cases[1])
        ).mappings()
        connection.execute(insert(event), [{**row, "instance_id": cases[0]} for row in rows])
        of = select(instance.c.last_seq, instance.c.last_hash).where(instance.c.id == cases[1])
        last = connection.execute(of).one()
        connection.execute(
            update(instance)
            .where(instance.c.id == cases[0])
            .values(last_seq=last.last_seq, last_hash=last.last_hash)
        )

    tamper(engine, swap)

    assert verified(engine).broken == [(cases[0], 1)]


def test_events_of_a_case_that_was_taken_away_are_counted(
    engine: Engine, cases: list[UUID]
) -> None:
    tamper(engine, lambda c: c.execute(delete(instance).where(instance.c.id == cases[0])))

    found = verified(engine)

    assert (found.instances, found.of_nothing, found.holds) == (2, 3, False)


def test_a_long_history_among_many_cases_is_walked_in_pieces(
    engine: Engine, cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chains, "BATCH", 2)
    monkeypatch.setattr(chains, "ROWS", 2)
    for case in cases[:2]:
        for _ in range(4):
            engine.complete(only_task(engine, case).id, {"verdict": "again"}, "budi")
    assert verified(engine) == Verified(instances=3, events=17)

    mine = (event.c.instance_id == cases[1]) & (event.c.seq == 6)
    tamper(engine, lambda c: c.execute(update(event).where(mine).values(by="x")))
    assert verified(engine).broken == [(cases[1], 6)]


def test_events_committed_during_the_walk_break_nothing(engine: Engine, cases: list[UUID]) -> None:
    """What a step adds after the row of its instance was read is left out."""
    with engine.reading() as connection:
        first = next(chains.chains(connection))
        engine.complete(only_task(engine, cases[0]).id, {"text": "y"}, "ani")
        assert [link.seq for link, _, _ in first.links] == [1, 2, 3]


def test_all_broken_histories_are_counted_and_the_first_named(
    engine: Engine, cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.face.verification.NAMED", 2)
    assert NAMED >= 2
    tamper(engine, lambda c: c.execute(update(event).where(event.c.seq == 1).values(by="x")))

    found = verified(engine)

    assert found.broken == [(cases[0], 1), (cases[1], 1)]
    assert found.broken_count == 3


def test_an_engine_that_is_to_stop_leaves_off(engine: Engine, cases: list[UUID]) -> None:
    engine.stopping.set()

    assert engine.verify() is None


def test_events_of_each_form_stand_in_one_chain(engine: Engine, cases: list[UUID]) -> None:
    """A case that began under an older version goes on: each event by the form it was made with."""
    case = cases[0]

    def as_it_was(connection: Connection) -> None:
        wanted = select(*[event.c[name] for name in Link._fields])
        rows = connection.execute(wanted.where(event.c.instance_id == case).order_by(event.c.seq))
        digest = NO_HASH
        for row in rows.all():
            link = Link(*row)
            digest = chained(digest, link, 1)
            mine = (event.c.instance_id == case) & (event.c.seq == link.seq)
            connection.execute(update(event).where(mine).values(form=1, hash=digest))
        connection.execute(update(instance).where(instance.c.id == case).values(last_hash=digest))

    tamper(engine, as_it_was)
    engine.complete(only_task(engine, case).id, {"text": "y"}, "ani")

    with engine.reading() as connection:
        forms = select(event.c.form).where(event.c.instance_id == case).order_by(event.c.seq)
        assert connection.scalars(forms).all() == [1, 1, 1, 2]
    assert verified(engine).holds


def test_an_event_of_a_form_nobody_knows_does_not_hold(engine: Engine, cases: list[UUID]) -> None:
    unknown = max(FORMS) + 1
    mine = (event.c.instance_id == cases[0]) & (event.c.seq == 3)
    tamper(engine, lambda c: c.execute(update(event).where(mine).values(form=unknown)))

    assert verified(engine).broken == [(cases[0], 3)]
