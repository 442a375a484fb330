"""A day is changed by decree: what would move is shown before, and then exactly that moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from engine import Conflict, Engine, Forbidden
from engine.jobs import Sender
from engine.language import compile_attribute
from engine.storage import steps
from engine.storage.jobs import due
from engine.storage.tables import instance_state
from processes import repairs
from processes.access import operator
from processes.calendar_changes import (
    MovedDeadline,
    change_and_move,
    due_dates,
    moved_deadlines,
    progress,
)
from processes.calendars import change_day, common_calendar
from processes.case import case_of
from processes.common.notify import Notifier
from processes.deadline_mover import DeadlineMover
from processes.grants import granted
from processes.letters import Stationery
from processes.payloads import MoveDeadline
from processes.seed import seed_institutions
from processes.service import Options, Service
from processes.storage.calendars import NamedDay
from processes.storage.deadline_moves import Progress
from processes.storage.follow_up import follow_up
from processes.storage.schema import metadata
from tests.processes.people.cases import a_case, a_recommendation, a_task
from tests.processes.people.conftest import NOW, Data, person, scope

ADMIN = operator("admin")
DECREE = "SKB Nomor 99 Tahun 2026"
CREATED = datetime(2026, 9, 1, 3, 0, tzinfo=UTC)
"""A Tuesday; five working days later is Tuesday 8 September."""
DUE = date(2026, 9, 8)


def holiday(day: date) -> NamedDay:
    return NamedDay(day, "Cuti Bersama tambahan", "joint_leave", DECREE)


def a_deadline(data: Data, institution: str, due: date = DUE) -> None:
    """An open task of a follow-up of that institution."""
    with data.transaction() as connection:
        _, instance_id = a_case(connection, institution)
        due_at = common_calendar(connection).end_of(due)
        a_task(connection, instance_id, created=CREATED, due_at=due_at)


def served(engine: Engine) -> Service:
    """What use cases are given that need more than the engine."""
    options = Options(data_dir=Path(), base_url="http://localhost")
    return Service(engine, options, Notifier(Stationery("", False), str, options.domain))


def would_move(
    data: Data, code: str, change: NamedDay, text: str = "${working_days(5, task.created)}"
) -> list[MovedDeadline]:
    expression = compile_attribute(text)
    with data.reading() as connection:
        return moved_deadlines(connection, ADMIN, code, change, lambda *_: expression)


def dates(moved: list[MovedDeadline]) -> list[tuple[str | None, date, date]]:
    return [(one.task.institution_code, one.due, one.would_be) for one in moved]


def test_a_new_holiday_moves_the_deadlines_counted_across_it_in_that_calendar(data: Data) -> None:
    a_deadline(data, "kemhan")
    a_deadline(data, "tni")
    change = holiday(DUE)

    assert dates(would_move(data, "common", change)) == [("kemhan", DUE, date(2026, 9, 9))]
    assert dates(would_move(data, "tni", change)) == [("tni", DUE, date(2026, 9, 9))]
    with data.reading() as connection:
        assert common_calendar(connection).is_working(DUE), "nothing was changed"


def test_tasks_of_the_recommendation_itself_count_by_the_common_calendar(data: Data) -> None:
    with data.transaction() as connection:
        _, instance_id = a_recommendation(connection, {"kemhan": "lead"})
        due_at = common_calendar(connection).end_of(DUE)
        a_task(
            connection, instance_id, process_key="recommendation", created=CREATED, due_at=due_at
        )

    assert dates(would_move(data, "common", holiday(DUE))) == [(None, DUE, date(2026, 9, 9))]
    assert would_move(data, "tni", holiday(DUE)) == []


def test_a_day_taken_back_brings_deadlines_nearer(data: Data) -> None:
    back = date(2026, 9, 3)
    with data.transaction() as connection:
        change_day(connection, ADMIN, "common", holiday(back), now=NOW)
    a_deadline(data, "kemhan", date(2026, 9, 9))

    moved = would_move(data, "common", NamedDay(back, "Dibatalkan", "working", DECREE))

    assert dates(moved) == [("kemhan", date(2026, 9, 9), DUE)]


@pytest.mark.parametrize("day", [date(2026, 9, 5), date(2026, 8, 31), date(2026, 9, 9)])
def test_a_day_on_a_weekend_or_outside_the_span_moves_nothing(small: Data, day: date) -> None:
    a_deadline(small, "kemhan")

    assert would_move(small, "common", holiday(day)) == []


@pytest.mark.parametrize(
    "text",
    [
        "${days(7, task.created)}",
        "${date('2026-09-08')}",
        "${min(working_days(9, task.created), date('2026-09-08'))}",
        "${working_days(3, task.created)}",
        "${working_days(number_from_a_form, task.created)}",
    ],
    ids=["calendar days", "a date", "the earlier of both", "extended by hand", "process data"],
)
def test_a_deadline_that_does_not_follow_from_the_working_days_stays(
    small: Data, text: str
) -> None:
    a_deadline(small, "kemhan")

    assert would_move(small, "common", holiday(DUE), text) == []


def test_only_administrators_ask(small: Data) -> None:
    boss = scope(small, person(small, "boss", granted("supervisor")))
    with small.reading() as connection, pytest.raises(Forbidden):
        moved_deadlines(connection, boss, "common", holiday(DUE), lambda *_: None)


MODEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">
  <bpmn:process id="follow_up" name="Tindak lanjut" isExecutable="true">
    <bpmn:startEvent id="issued"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="issued" targetRef="plan"/>
    <bpmn:userTask id="plan" name="Susun rencana aksi" camunda:candidateGroups="coordinator"
        camunda:dueDate="${working_days(5, task.created)}">
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="b" sourceRef="plan" targetRef="closed"/>
    <bpmn:endEvent id="closed"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""


class TestWithTheEngine:
    """Running cases of a model that counts its deadline in working days."""

    def open(self, url: str) -> Engine:
        """The engine as one process of the product has it."""
        senders: dict[str, Sender] = {}
        opened = Engine.open(url, clock=lambda: CREATED, case=case_of, senders=senders)
        senders[MoveDeadline.kind] = DeadlineMover(opened)
        return opened

    @pytest.fixture
    def engine(self, sqlite_url: str) -> Iterator[Engine]:
        opened = self.open(sqlite_url)
        with opened.transaction() as connection:
            metadata.create_all(connection)
            seed_institutions(connection, NOW)
        opened.deploy({"follow_up.bpmn": MODEL}, by="pemilik")
        yield opened
        opened.close()

    def start(self, engine: Engine, institution: str) -> UUID:
        """A follow-up of an institution with its instance; the instance's id."""
        case_id, instance_id = uuid7(), uuid7()
        with engine.transaction() as connection:
            of, _ = a_recommendation(connection, {institution: "lead"})
            connection.execute(
                insert(follow_up).values(
                    id=case_id,
                    recommendation_id=of,
                    institution=institution,
                    role="lead",
                    instance_id=instance_id,
                    status="plan",
                    status_since=CREATED,
                    round=1,
                    deadline=date(2026, 12, 1),
                    issued_at=CREATED,
                )
            )
        engine.start("follow_up", {}, business_key=str(case_id), id=instance_id)
        return instance_id

    def due(self, engine: Engine, instance_id: UUID) -> date:
        (task,) = engine.tasks(instance_id=instance_id)
        with engine.reading() as connection:
            assert task.due_at is not None
            return common_calendar(connection).due_date_of(task.due_at)

    def test_what_was_shown_is_what_moves_and_the_reason_cites_the_decree(
        self, engine: Engine
    ) -> None:
        kemhan, tni = self.start(engine, "kemhan"), self.start(engine, "tni")
        granted_by_hand = self.start(engine, "kemenkeu")
        (task,) = engine.tasks(instance_id=granted_by_hand)
        engine.extend(task.id, date(2026, 9, 15), "disetujui", "asdep")
        with engine.reading() as connection:
            shown = moved_deadlines(connection, ADMIN, "common", holiday(DUE), due_dates(engine))

        moved = change_and_move(engine, ADMIN, "common", holiday(DUE))

        assert moved == shown
        assert self.due(engine, kemhan) == DUE, "each follows in a step of its own"
        engine.run_due()
        assert self.due(engine, kemhan) == date(2026, 9, 9)
        assert self.due(engine, tni) == DUE
        assert self.due(engine, granted_by_hand) == date(2026, 9, 15)
        last = engine.history(kemhan)[-1]
        assert (last.kind, last.by) == ("extend", "admin")
        assert DECREE in str(last.details)

    def test_a_later_case_counts_by_the_changed_calendar_from_the_start(
        self, engine: Engine
    ) -> None:
        change_and_move(engine, ADMIN, "common", holiday(DUE))

        assert self.due(engine, self.start(engine, "kemhan")) == date(2026, 9, 9)

    def far(self, engine: Engine) -> Progress:
        """How far the moving has come, as the page of the calendar says."""
        with engine.reading() as connection:
            found = progress(connection, ADMIN, "common")
        assert found is not None
        return found

    def test_progress_counts_what_was_moved_and_what_was_done_meanwhile(
        self, engine: Engine
    ) -> None:
        first, second = self.start(engine, "kemhan"), self.start(engine, "kemenkeu")
        change_and_move(engine, ADMIN, "common", holiday(DUE))
        planned = self.far(engine)
        assert (planned.planned, planned.moved, planned.waiting) == (2, 0, 2)
        (done,) = engine.tasks(instance_id=first)
        engine.complete(done.id, {}, by="kemhan")

        engine.run_due()

        found = self.far(engine)
        assert (found.moved, found.left, found.waiting) == (1, 1, 0)
        assert self.due(engine, second) == date(2026, 9, 9)

    def test_a_second_change_waits_until_the_first_has_moved_its_deadlines(
        self, engine: Engine
    ) -> None:
        case = self.start(engine, "kemhan")
        change_and_move(engine, ADMIN, "common", holiday(DUE))
        with pytest.raises(Conflict):
            change_and_move(engine, ADMIN, "common", holiday(date(2026, 9, 9)))
        engine.run_due()

        change_and_move(engine, ADMIN, "common", holiday(date(2026, 9, 9)))

        engine.run_due()
        assert self.due(engine, case) == date(2026, 9, 10)

    def test_a_deadline_that_somebody_moved_meanwhile_stays(self, engine: Engine) -> None:
        case = self.start(engine, "kemhan")
        change_and_move(engine, ADMIN, "common", holiday(DUE))
        (task,) = engine.tasks(instance_id=case)
        engine.extend(task.id, date(2026, 9, 15), "disetujui", "asdep")

        engine.run_due()

        assert self.due(engine, case) == date(2026, 9, 15)
        assert self.far(engine).left == 1

    def test_a_worker_that_died_after_moving_leaves_one_step_and_a_true_count(
        self, engine: Engine
    ) -> None:
        case = self.start(engine, "kemhan")
        change_and_move(engine, ADMIN, "common", holiday(DUE))
        (payload,) = self.jobs(engine)
        mover = DeadlineMover(engine)
        with engine.reading() as connection:
            prepared = mover.prepare(connection, payload)
        assert prepared is not None
        mover.send(prepared)  # and dies before it could write that down

        engine.run_due()

        assert [one.kind for one in engine.history(case)].count("extend") == 1
        assert (self.far(engine).moved, self.far(engine).waiting) == (1, 0)

    def test_a_move_whose_step_fails_is_an_incident_and_no_deadline_that_moved(
        self, engine: Engine, sqlite_url: str
    ) -> None:
        bad, good = self.start(engine, "kemhan"), self.start(engine, "kemenkeu")
        change_and_move(engine, ADMIN, "common", holiday(DUE))
        whole = self.damage(engine, bad, b"no state")
        other = self.open(sqlite_url)  # another process: nothing is in memory

        other.run_due()
        other.run_due()

        found = self.far(other)
        assert (found.moved, found.left, found.failed, found.waiting) == (1, 0, 1, 0)
        assert (self.due(other, bad), self.due(other, good)) == (DUE, date(2026, 9, 9))
        (incident,) = other.incidents()
        assert (incident.instance_id, incident.command["kind"]) == (bad, "extend")

        self.damage(engine, bad, whole)
        repairs.retry(served(other), ADMIN, incident.id)
        found = self.far(other)
        assert (found.moved, found.failed) == (2, 0)
        assert self.due(other, bad) == date(2026, 9, 9)
        other.close()

    def test_a_worker_that_died_after_a_failed_move_leaves_one_incident(
        self, engine: Engine, sqlite_url: str
    ) -> None:
        case = self.start(engine, "kemhan")
        change_and_move(engine, ADMIN, "common", holiday(DUE))
        (payload,) = self.jobs(engine)
        self.damage(engine, case, b"no state")
        other = self.open(sqlite_url)
        mover = DeadlineMover(other)
        with other.reading() as connection:
            prepared = mover.prepare(connection, payload)
        assert prepared is not None
        mover.send(prepared)  # and dies before it could write that down

        other.run_due()

        assert len(other.incidents()) == 1
        assert (self.far(other).failed, self.far(other).waiting) == (1, 0)
        other.close()

    def damage(self, engine: Engine, case: UUID, body: bytes) -> bytes:
        """Replace the state of a case; what it was."""
        with engine.transaction() as connection:
            before = steps.state(connection, case)
            of_case = instance_state.c.instance_id == case
            connection.execute(update(instance_state).where(of_case).values(body=body))
        return before

    def test_the_scheduler_is_woken_when_a_change_planned_moves(self, engine: Engine) -> None:
        self.start(engine, "kemhan")
        looks: list[float] = []
        engine.listen(looks.append)

        change_and_move(engine, ADMIN, "common", holiday(DUE))

        assert looks == [0.0]

    def jobs(self, engine: Engine) -> list[dict[str, str]]:
        """What the waiting jobs are to move."""
        with engine.reading() as connection:
            return [
                one.payload for one in due(connection, CREATED, 10) if one.kind == MoveDeadline.kind
            ]
