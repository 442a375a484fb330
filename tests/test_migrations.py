"""Migrations lead to the tables of the code, from empty and back, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    Date,
    Text,
    column,
    insert,
    inspect,
    select,
    table,
    text,
)
from uuid_utils.compat import uuid7

from engine import Engine, Unavailable
from engine.storage import schema, tables
from engine.storage.database.migration_tree import MigrationTree
from engine.storage.database.types import DATA, ID, UtcDateTime
from engine.storage.database.unit_of_work import Database
from engine.storage.later import jobs
from engine.storage.later.jobs import job_row
from processes.ground.payloads import DoPart
from processes.storage import bulk
from processes.storage.bulk import Count
from processes.storage.cases.past import follow_up_past, follow_up_then
from processes.storage.days import calendars
from processes.storage.tables import people
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import (
    meeting,
    meeting_institution,
    meeting_past,
    meeting_recommendation,
)
from processes.storage.tables.recommendations import recommendation, recommendation_institution
from processes.storage.tree import TREE
from processes.work.deadline_mover import Move, move_from
from tests.engine.models.building import bpmn, end, process, start, user_task

TREES = pytest.mark.parametrize("tree", [schema.TREE, TREE], ids=lambda tree: tree.name)
WITHOUT_ROWID = "SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'"


def differences(connection: Connection, tree: MigrationTree) -> list[object]:
    """What the database has otherwise than the tables of the code say."""
    options = {
        "compare_type": True,
        "include_name": lambda name, kind, _: kind != "table" or name in tree.metadata.tables,
    }
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, tree.metadata))


@TREES
def test_migrations_from_empty_give_the_tables_of_the_code(
    database_url: str, tree: MigrationTree
) -> None:
    database = Database(database_url)
    tree.upgrade(database)
    with database.write() as connection:
        assert differences(connection, tree) == []
        assert tree.current(connection) == tree.head()
    database.dispose()


@TREES
def test_migrated_tables_have_the_checks_of_new_ones(
    database_url: str, tree: MigrationTree
) -> None:
    """Which `differences` does not compare."""
    database = Database(database_url)
    tree.upgrade(database)
    with database.write() as connection:
        migrated = checks(connection, tree)
        command.downgrade(tree.config(connection), "base")
        tree.metadata.create_all(connection)
        assert checks(connection, tree) == migrated != set()
    database.dispose()


def checks(connection: Connection, tree: MigrationTree) -> set[tuple[str, str | None, str]]:
    """Table, name and text of every check the database holds."""
    return {
        (name, check["name"], check["sqltext"])
        for name in tree.metadata.tables
        for check in inspect(connection).get_check_constraints(name)
    }


@TREES
def test_migrations_can_be_taken_back_to_nothing(database_url: str, tree: MigrationTree) -> None:
    database = Database(database_url)
    tree.upgrade(database)
    with database.write() as connection:
        command.downgrade(tree.config(connection), "base")
        left = set(inspect(connection).get_table_names()) - {tree.version_table}
    assert left == set()
    database.dispose()


@TREES
def test_a_database_of_another_revision_is_refused_by_name(
    database_url: str, tree: MigrationTree
) -> None:
    database = Database(database_url)
    tree.prepare(database)
    with database.write() as connection:
        connection.exec_driver_sql(f"UPDATE {tree.version_table} SET version_num = '0000'")
    with pytest.raises(Unavailable, match=f"{tree.name} tables are of revision 0000"):
        tree.prepare(database)
    database.dispose()


def test_an_empty_database_gets_both_wings_at_once(database_url: str) -> None:
    database = Database(database_url)
    schema.prepare(database)
    TREE.prepare(database)
    with database.write() as connection:
        assert differences(connection, schema.TREE) == []
        assert differences(connection, TREE) == []
    database.dispose()


def test_why_work_was_given_up_is_kept_through_a_change_of_its_form(database_url: str) -> None:
    database = Database(database_url)
    job = {**job_row("mail", datetime(2026, 3, 2, tzinfo=UTC), {}), "status": "dead"}
    old = table("job", *(column(name, tables.job.c[name].type) for name in job if name != "error"))
    old.append_column(column("error", Text()))
    with database.write() as connection:
        command.upgrade(schema.TREE.config(connection), "0002")
        connection.execute(insert(old), {**job, "error": "550 {nobody}"})
        command.upgrade(schema.TREE.config(connection), "0003")
        (dead,) = jobs.dead(connection)
        assert str(dead.error) == "550 {nobody}"
        command.downgrade(schema.TREE.config(connection), "0002")
        assert connection.scalar(select(old.c.error)) == "550 {nobody}"
    database.dispose()


def test_incidents_that_outlived_their_cases_are_closed_all_others_stay(database_url: str) -> None:
    engine, at, rows = Engine.open(database_url), datetime(2026, 3, 2, tzinfo=UTC), {}
    model = bpmn(process("p", start(), user_task("a"), end()))
    [version] = engine.deploy({"p.bpmn": model}, "owner")
    cases = {status: engine.start("p") for status in ("active", "completed", "withdrawn")}
    engine.complete(engine.tasks(instance_id=cases["completed"])[0].id, {}, "ani")
    engine.cancel(cases["withdrawn"], "a mistake", "owner")
    with engine.transaction() as connection:
        command.downgrade(schema.TREE.config(connection), "0009")
        for (status, case), kind in product(cases.items(), ("complete", "send")):
            rows[status, kind] = uuid7()
            failed = {
                "id": rows[status, kind], "instance_id": case, "definition_id": version.id,
                "process_key": "p", "element_id": "a", "element_name": "a", "what": ["x", {}],
                "advice": ["x", {}], "command": {"kind": kind}, "received_at": at, "at": at,
                "tries": 1, "open": True,
            }  # fmt: skip
            connection.execute(insert(tables.incident), failed)
        command.upgrade(schema.TREE.config(connection), "0010")
    still_open = {one.id for one in engine.incidents()}
    assert {which for which, id in rows.items() if id in still_open} == {
        ("active", "complete"), ("active", "send"), ("completed", "send"),
    }  # fmt: skip
    engine.close()


def test_on_sqlite_migrated_rows_lie_in_their_primary_key_as_new_ones_do(tmp_path: Path) -> None:
    laid = []
    for name, make in (("new", schema.TREE.prepare), ("migrated", schema.TREE.upgrade)):
        database = Database(f"sqlite:///{tmp_path / name}")
        make(database)
        with database.read() as connection:
            laid.append(set(connection.scalars(text(WITHOUT_ROWID))))
        database.dispose()
    assert laid[0] == laid[1] >= {"task", "event", "job"}


def test_what_was_stored_lies_in_its_primary_key_after_the_change_and_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old'}")
    jobs_there = select(tables.job.c.kind)
    with database.write() as connection:
        command.upgrade(schema.TREE.config(connection), "0004")
        job = job_row("mail", datetime(2026, 3, 2, tzinfo=UTC), {})
        connection.execute(insert(tables.job), job)
        for revision in ("0005", "0004"):
            move = command.upgrade if revision == "0005" else command.downgrade
            move(schema.TREE.config(connection), revision)
            assert list(connection.scalars(jobs_there)) == ["mail"]
            assert ("job" in set(connection.scalars(text(WITHOUT_ROWID)))) == (revision == "0005")
            indexes = {index["name"] for index in inspect(connection).get_indexes("job")}
            assert indexes == {"ix_job_ready_due", "ix_job_instance_id"}
    database.dispose()


MOVE = {
    **dict.fromkeys(("id", "change_id", "task_id"), ID),
    **dict.fromkeys(("was_due", "planned_at"), UtcDateTime()),
    **dict.fromkeys(("day", "would_be"), Date()),
}
"""Columns of a table that is no more -> their types, where a text will not do."""


def test_moves_of_deadlines_that_wait_become_parts_of_an_act_over_many_and_back(
    database_url: str,
) -> None:
    database, at = Database(database_url), datetime(2026, 3, 2, tzinfo=UTC)
    ids = {name: uuid7() for name in ("change", "task", "waits", "moved", "admin")}
    schema.prepare(database)
    with database.write() as connection:
        command.upgrade(TREE.config(connection), "0008")
        calendar = {"code": "common", "name": "x", "edition": uuid7()}
        connection.execute(insert(calendars.calendar).values(**calendar))
        person = {"id": ids["admin"], "username": "adi", "name": "Adi", "created_at": at}
        connection.execute(insert(people.user).values(**person))
        before = [
            {
                "id": ids[name], "change_id": ids["change"], "calendar_code": "common",
                "day": date(2026, 9, 8), "reason": "SKB 99", "task_id": ids["task"], "was_due": at,
                "would_be": date(2026, 9, 9), "state": state, "planned_at": at, "by": "adi",
            }
            for name, state in (("waits", "waiting"), ("moved", "moved"))
        ]  # fmt: skip
        moves = table("deadline_move", *(column(name, MOVE.get(name)) for name in before[0]))
        connection.execute(insert(moves), before)
        waiting = job_row("move_deadline", at, {"move_id": str(ids["waits"])})
        connection.execute(insert(tables.job), waiting)

        command.upgrade(TREE.config(connection), "0009")

        part = bulk.find(connection, ids["waits"])
        assert part is not None
        assert (part.state, part.of.user_id, part.of.at) == ("waiting", ids["admin"], at)
        wanted = move_from(part.about, part.facts)
        assert wanted == Move(ids["task"], at, date(2026, 9, 9))
        assert bulk.count(connection, ids["change"]) == Count(planned=2, done=1)
        (job,) = jobs.due(connection, at, 10)
        assert (job.kind, job.payload) == (DoPart.kind, {"part_id": str(ids["waits"])})

        command.downgrade(TREE.config(connection), "0008")

        found = connection.execute(select(moves).order_by(moves.c.state.desc())).mappings()
        assert [dict(row) for row in found] == before
        (job,) = jobs.due(connection, at, 10)
        assert job.payload == {"move_id": str(ids["waits"])}
    database.dispose()


def test_what_was_closed_over_open_follow_ups_is_left_to_finish_since_then(
    database_url: str,
) -> None:
    database, issued = Database(database_url), datetime(2026, 3, 2, tzinfo=UTC)
    closed = datetime(2026, 4, 2, tzinfo=UTC)
    with database.write() as connection:
        command.upgrade(TREE.config(connection), "0011")
        common = {"code": "common", "name": "x", "edition": uuid7()}
        connection.execute(insert(calendars.calendar).values(**common))
        for code in ("kemhan", "tni", "polri"):
            row = {
                "code": code, "name": code, "short_name": code, "kind": "agency",
                "calendar_code": "common", "created_at": issued,
            }  # fmt: skip
            connection.execute(insert(people.institution).values(row))
        whole = uuid7()
        connection.execute(
            insert(recommendation).values(
                id=whole, instance_id=uuid7(), status="closed", created_at=issued, closed_at=closed
            )
        )
        old = ("follow_up", *(c for c in follow_up.c if c.name not in ADDED))
        parts = table(old[0], *(column(c.name, c.type) for c in old[1:]))
        dates = table(
            "follow_up_past",
            *(column(c.name, c.type) for c in follow_up_past.c if c.name not in ADDED),
        )
        ids = {}
        for code, status, since in (
            ("kemhan", "plan", issued),
            ("tni", "report", datetime(2026, 5, 2, tzinfo=UTC)),
            ("polri", "closed", issued),
        ):
            ids[code] = id = uuid7()
            state = {"status": status, "round": 1, "deadline": date(2026, 6, 1)}
            own = {
                "id": id, "recommendation_id": whole, "institution": code, "role": "lead",
                "instance_id": uuid7(), "status_since": since, "issued_at": issued,
            }  # fmt: skip
            connection.execute(insert(parts), {**own, **state})
            connection.execute(insert(dates), {"follow_up_id": id, "valid_from": since, **state})

        command.upgrade(TREE.config(connection), "0013")

        found = dict(connection.execute(select(follow_up.c.id, follow_up.c.treatment)).all())
        left = "left_to_finish"
        assert found == {ids["kemhan"]: left, ids["tni"]: left, ids["polri"]: None}
        told = {
            code: [(row.valid_from, row.treatment) for row in follow_up_then(connection, id)]
            for code, id in ids.items()
        }
        assert told["kemhan"] == [(issued, None), (closed, left)]
        assert [treatment for _, treatment in told["tni"]] == [left]
        assert [treatment for _, treatment in told["polri"]] == [None]
    database.dispose()


ADDED = ("treatment", "successor_id", "carried_into_id")


HELD = {
    "held_on": date(2026, 3, 2), "place": "Jakarta", "invitation": "U-1", "chair": "Deputi",
    "minutes": "Risalah.", "attendance": "Semua",
    "agreements": [{"item": "Data", "responsible": "Kemhan", "due": None}],
    "at": datetime(2026, 3, 2, 3, tzinfo=UTC), "by": "ani",
}  # fmt: skip
OF_MINUTES = {
    **dict.fromkeys(("id", "recommendation_id"), ID),
    "held_on": Date(), "agreements": DATA, "at": UtcDateTime(),
}  # fmt: skip


def test_minutes_of_one_recommendation_become_a_rakor_over_it_alone_and_back(
    database_url: str,
) -> None:
    database, at = Database(database_url), HELD["at"]
    before_it = ScriptDirectory.from_config(TREE.config()).get_revision("0025").down_revision
    schema.prepare(database)
    whole, of_others, first, second = (uuid7() for _ in range(4))
    with database.write() as connection:
        command.upgrade(TREE.config(connection), before_it)
        connection.execute(insert(tables.series).values(name="meeting", year=2026, last=6))
        common = {"code": "common", "name": "x", "edition": uuid7()}
        connection.execute(insert(calendars.calendar).values(**common))
        for code in ("kemhan", "tni"):
            row = {
                "code": code, "name": code, "short_name": code, "kind": "agency",
                "calendar_code": "common", "created_at": at,
            }  # fmt: skip
            connection.execute(insert(people.institution).values(row))
        case = {"id": whole, "instance_id": uuid7(), "status": "evaluate", "created_at": at}
        case |= {"title": "Percepat kapasitas", "classification": "secret"}
        connection.execute(insert(recommendation).values(case))
        asked = {"recommendation_id": whole, "institution": "kemhan", "role": "lead"}
        connection.execute(insert(recommendation_institution).values(asked))
        part = {
            "id": uuid7(), "recommendation_id": whole, "institution": "tni", "role": "supporting",
            "instance_id": uuid7(), "status": "plan", "status_since": at, "round": 1,
            "deadline": date(2026, 6, 1), "issued_at": at,
        }  # fmt: skip
        connection.execute(insert(follow_up).values(part))
        other = {"id": of_others, "instance_id": uuid7(), "number": "RAK-2026-0006"}
        other |= {"state": "signed", "title": "Triwulan", "created_at": at}
        other |= {"classification": "ordinary", "previous_id": None}
        new = ("invitation", "agreed_in_words")
        there = table("meeting", *(column(c.name, c.type) for c in meeting.c if c.name not in new))
        connection.execute(insert(there).values(other))
        connection.execute(insert(meeting_past).values(meeting_id=of_others, valid_from=at,
                                                       state="signed"))  # fmt: skip
        covers = {"meeting_id": of_others, "recommendation_id": whole}
        connection.execute(insert(meeting_recommendation).values(covers))
        before = [{"id": id, "recommendation_id": whole, **HELD} for id in (first, second)]
        old = table("recommendation_meeting", *(column(n, OF_MINUTES.get(n)) for n in before[0]))
        connection.execute(insert(old), before)

        command.upgrade(TREE.config(connection), "0025")

        rakor = {row.id: row for row in connection.execute(select(meeting)).all()}
        assert {rakor[id].number for id in (first, second)} == {"RAK-2026-0007", "RAK-2026-0008"}
        assert (rakor[of_others].number, rakor[of_others].state) == ("RAK-2026-0006", "signed")
        mine = rakor[first]
        assert (mine.state, mine.instance_id, mine.title) == ("recorded", None, case["title"])
        assert mine.classification == "secret"
        assert {name: getattr(mine, name) for name in HELD if hasattr(mine, name)} == {
            name: HELD[name] for name in HELD if name not in ("agreements", "at", "by")
        }
        assert mine.agreed_in_words == HELD["agreements"]
        assert (mine.minutes_at, mine.held_at, mine.created_by) == (at, at, "ani")
        read = select(meeting_institution.c.institution).where(
            meeting_institution.c.meeting_id == first, meeting_institution.c.sent_at == at
        )
        assert set(connection.scalars(read)) == {"kemhan", "tni"}
        covered = set(connection.execute(select(meeting_recommendation)).all())
        assert covered == {(id, whole) for id in rakor}
        assert {row.state for row in connection.execute(select(meeting_past))} == {
            "signed", "recorded",
        }  # fmt: skip

        command.downgrade(TREE.config(connection), before_it)

        back = connection.execute(select(old).order_by(old.c.id)).mappings()
        assert [dict(row) for row in back] == before
        assert list(connection.scalars(select(there.c.id))) == [of_others]
        command.upgrade(TREE.config(connection), "0025")
        assert set(connection.scalars(select(meeting.c.id))) == set(rakor)
    database.dispose()
