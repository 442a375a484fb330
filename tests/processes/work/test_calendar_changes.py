"""A day is changed by decree: the page shows the moves before, and exactly these happen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from engine import Conflict, Engine, Forbidden
from engine.language import compile_attribute
from engine.later.loop import Sender
from engine.storage.cases import steps
from engine.storage.later.jobs import due
from engine.storage.tables import instance_state
from processes.acts.bulk import PartWorker
from processes.acts.service import Service
from processes.days.calendars import common_calendar
from processes.desk import repairs
from processes.ground.payloads import DoPart
from processes.lifecycle.case import case_of
from processes.people import account_desk, leaving
from processes.people.seed import seed_institutions
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage import bulk
from processes.storage.bulk import Count
from processes.storage.days.calendars import NamedDay
from processes.storage.schema import metadata
from processes.storage.tables.follow_ups import follow_up
from processes.work.calendar_changes import (
    MovedDeadline,
    change_and_move,
    change_day,
    data_of,
    due_dates,
    moved_deadlines,
    progress,
)
from processes.work.deadline_mover import MOVES, move
from tests.engine.models.building import bpmn, end, process, start, user_task
from tests.processes.conftest import Data, person, scope, served
from tests.processes.made_cases import a_case, a_recommendation, a_task

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


def would_move(
    data: Data, code: str, change: NamedDay, text: str = "${working_days(5, task.created)}"
) -> list[MovedDeadline]:
    expression = compile_attribute(text)
    with data.reading() as connection:
        return moved_deadlines(connection, ADMIN, code, change, lambda *_: expression, lambda _: {})


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
    change_day(data, ADMIN, "common", holiday(back))
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
        moved_deadlines(connection, boss, "common", holiday(DUE), lambda *_: None, lambda _: {})


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

    def open(self, url: str) -> Service:
        """The product as one process has it."""
        senders: dict[str, Sender] = {}
        opened = served(Engine.open(url, clock=lambda: CREATED, case=case_of, senders=senders))
        senders[DoPart.kind] = self.worker(opened)
        return opened

    def worker(self, service: Service) -> PartWorker:
        return PartWorker(service, {MOVES: move})

    @pytest.fixture
    def service(self, sqlite_url: str) -> Iterator[Service]:
        opened = self.open(sqlite_url)
        with opened.transaction() as connection:
            metadata.create_all(connection)
        seed_institutions(opened, operator())
        opened.engine.deploy({"follow_up.bpmn": MODEL}, by="pemilik")
        yield opened
        opened.close()

    def start(self, service: Service, institution: str) -> UUID:
        """A follow-up of an institution with its instance; the instance's id."""
        case_id, instance_id = uuid7(), uuid7()
        with service.transaction() as connection:
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
        service.engine.start("follow_up", {}, business_key=str(case_id), id=instance_id)
        return instance_id

    def due(self, service: Service, instance_id: UUID) -> date:
        (task,) = service.engine.tasks(instance_id=instance_id)
        with service.reading() as connection:
            assert task.due_at is not None
            return common_calendar(connection).due_date_of(task.due_at)

    def extend(self, service: Service, instance_id: UUID) -> None:
        """Somebody moves the deadline by hand."""
        (task,) = service.engine.tasks(instance_id=instance_id)
        service.engine.extend(task.id, date(2026, 9, 15), "disetujui", "asdep")

    def test_what_was_shown_is_what_moves_and_the_reason_cites_the_decree(
        self, service: Service
    ) -> None:
        kemhan, tni = self.start(service, "kemhan"), self.start(service, "tni")
        granted_by_hand = self.start(service, "kemenkeu")
        self.extend(service, granted_by_hand)
        with service.reading() as connection:
            models = due_dates(service.engine), data_of(service.engine)
            shown = moved_deadlines(connection, ADMIN, "common", holiday(DUE), *models)

        moved = change_and_move(service, ADMIN, "common", holiday(DUE))

        assert moved == shown
        assert self.due(service, kemhan) == DUE, "each follows in a step of its own"
        service.engine.run_due()
        assert self.due(service, kemhan) == date(2026, 9, 9)
        assert self.due(service, tni) == DUE
        assert self.due(service, granted_by_hand) == date(2026, 9, 15)
        last = service.engine.history(kemhan)[-1]
        assert (last.kind, last.by) == ("extend", "admin")
        assert DECREE in str(last.details)

    def test_a_later_case_counts_by_the_changed_calendar_from_the_start(
        self, service: Service
    ) -> None:
        change_and_move(service, ADMIN, "common", holiday(DUE))

        assert self.due(service, self.start(service, "kemhan")) == date(2026, 9, 9)

    def far(self, service: Service) -> Count:
        """How far the moving has come, as the page of the calendar says."""
        with service.reading() as connection:
            found = progress(connection, ADMIN, "common")
        assert found is not None
        assert found.day == DUE
        return found.count

    def test_progress_counts_what_was_moved_and_what_was_done_meanwhile(
        self, service: Service
    ) -> None:
        first, second = self.start(service, "kemhan"), self.start(service, "kemenkeu")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        planned = self.far(service)
        assert (planned.planned, planned.done, planned.waiting) == (2, 0, 2)
        (done,) = service.engine.tasks(instance_id=first)
        service.engine.complete(done.id, {}, by="kemhan")

        service.engine.run_due()

        found = self.far(service)
        assert (found.done, found.left, found.waiting) == (1, 1, 0)
        assert self.due(service, second) == date(2026, 9, 9)

    def test_a_second_change_waits_until_the_first_has_moved_its_deadlines(
        self, service: Service
    ) -> None:
        case = self.start(service, "kemhan")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        with pytest.raises(Conflict):
            change_and_move(service, ADMIN, "common", holiday(date(2026, 9, 9)))
        service.engine.run_due()

        change_and_move(service, ADMIN, "common", holiday(date(2026, 9, 9)))

        service.engine.run_due()
        assert self.due(service, case) == date(2026, 9, 10)

    def test_a_deadline_that_somebody_moved_meanwhile_stays(self, service: Service) -> None:
        case = self.start(service, "kemhan")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        self.extend(service, case)

        service.engine.run_due()

        assert self.due(service, case) == date(2026, 9, 15)
        assert self.far(service).left == 1

    def test_each_move_asks_again_whether_whoever_changed_the_day_may_do_so(
        self, service: Service
    ) -> None:
        cases = [self.start(service, code) for code in ("kemhan", "kemenkeu", "kemenperin")]
        person(service, "another", granted("admin"))
        id = person(service, "adi", granted("admin"))
        change_and_move(service, scope(service, id), "common", holiday(DUE))
        one, *rest = self.jobs(service)
        self.carry_out(service, one)

        account_desk.change_rights(
            service, ADMIN, id, grants=granted("coordinator"), clearance="ordinary"
        )
        two, three = rest
        self.carry_out(service, two)
        leaving.close_account(service, ADMIN, id)
        self.carry_out(service, three)

        found = self.far(service)
        assert (found.planned, found.done, found.refused, found.waiting) == (3, 1, 2, 0)
        assert sorted(self.due(service, case) for case in cases) == [DUE, DUE, date(2026, 9, 9)]
        service.engine.run_due()
        assert self.far(service) == found, "nothing is tried again"

    def test_a_deadline_moves_together_with_the_mark_on_its_part_or_not_at_all(
        self, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = self.start(service, "kemhan")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        with monkeypatch.context() as patched:
            patched.setattr(bulk, "settle", fail)
            service.engine.run_due()
            assert self.due(service, case) == DUE
            assert (self.far(service).done, self.far(service).waiting) == (0, 1)

        (payload,) = self.jobs(service, later=True)
        self.carry_out(service, payload)
        assert self.due(service, case) == date(2026, 9, 9)
        assert (self.far(service).done, self.far(service).waiting) == (1, 0)

    def test_a_worker_that_died_after_moving_leaves_one_step_and_a_true_count(
        self, service: Service
    ) -> None:
        case = self.start(service, "kemhan")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        (payload,) = self.jobs(service)
        self.carry_out(service, payload)  # and dies before its job is taken away

        service.engine.run_due()

        assert [one.kind for one in service.engine.history(case)].count("extend") == 1
        assert (self.far(service).done, self.far(service).waiting) == (1, 0)

    def test_of_two_workers_at_one_part_one_moves_the_deadline(self, service: Service) -> None:
        case = self.start(service, "kemhan")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        (payload,) = self.jobs(service)
        worker = self.worker(service)
        with service.reading() as connection:
            twice = [worker.prepare(connection, payload) for _ in range(2)]
        for part in twice:
            assert part is not None
            worker.send(part)

        assert [one.kind for one in service.engine.history(case)].count("extend") == 1
        assert (self.far(service).done, self.far(service).left) == (1, 0)

    def test_a_move_whose_step_fails_is_an_incident_and_no_deadline_that_moved(
        self, service: Service, sqlite_url: str
    ) -> None:
        bad, good = self.start(service, "kemhan"), self.start(service, "kemenkeu")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        whole = self.damage(service, bad, b"no state")
        other = self.open(sqlite_url)  # another process: nothing is in memory

        other.engine.run_due()
        other.engine.run_due()

        found = self.far(other)
        assert (found.done, found.left, found.failed, found.waiting) == (1, 0, 1, 0)
        assert (self.due(other, bad), self.due(other, good)) == (DUE, date(2026, 9, 9))
        (incident,) = other.engine.incidents()
        assert (incident.instance_id, incident.command["kind"]) == (bad, "extend")

        self.damage(service, bad, whole)
        repairs.retry(other, ADMIN, incident.id)
        found = self.far(other)
        assert (found.done, found.failed) == (2, 0)
        assert self.due(other, bad) == date(2026, 9, 9)
        other.close()

    @pytest.mark.parametrize(
        "due",
        ["${working_days(5, task.created)}", "${working_days(days, task.created)}"],
        ids=["by a number", "by a variable"],
    )
    def test_tasks_of_a_process_that_an_owner_made_move_by_the_common_calendar(
        self, service: Service, due: str
    ) -> None:
        task = user_task("lend", camunda_dueDate=due)
        service.engine.deploy({"loan.bpmn": bpmn(process("loan", start(), task, end()))}, "pemilik")
        loans = [service.engine.start("loan", {"days": 5}) for _ in range(2)]
        self.extend(service, loans[1])
        late = self.start(service, "tni")
        assert self.due(service, loans[0]) == DUE

        assert change_and_move(service, ADMIN, "tni", holiday(DUE))
        service.engine.run_due()
        assert [self.due(service, one) for one in (late, loans[0])] == [date(2026, 9, 9), DUE]

        [moved] = change_and_move(service, ADMIN, "common", holiday(DUE))
        service.engine.run_due()
        assert (moved.task.instance_id, moved.task.institution_code) == (loans[0], None)
        assert [self.due(service, one) for one in loans] == [date(2026, 9, 9), date(2026, 9, 15)]
        assert service.engine.history(loans[0])[-1].kind == "extend"

    def test_a_deadline_whose_variables_cannot_be_read_stays(
        self, service: Service, sqlite_url: str
    ) -> None:
        task = user_task("lend", camunda_dueDate="${working_days(days, task.created)}")
        service.engine.deploy({"loan.bpmn": bpmn(process("loan", start(), task, end()))}, "pemilik")
        bad, good = (service.engine.start("loan", {"days": 5}) for _ in range(2))
        self.damage(service, bad, b"no state")
        other = self.open(sqlite_url)
        [moved] = change_and_move(other, ADMIN, "common", holiday(DUE))
        assert moved.task.instance_id == good
        other.close()

    def test_a_failed_move_whose_case_is_gone_is_none_and_never_counts_as_done(
        self, service: Service, sqlite_url: str
    ) -> None:
        bad, good = self.start(service, "kemhan"), self.start(service, "kemenkeu")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        whole = self.damage(service, bad, b"no state")
        other = self.open(sqlite_url)
        other.engine.run_due()
        other.engine.run_due()
        (incident,) = other.engine.incidents()
        assert (self.far(other).failed, self.due(other, good)) == (1, date(2026, 9, 9))

        self.damage(service, bad, whole)
        other.engine.cancel(bad, "a mistake", "owner")
        with pytest.raises(Conflict):
            repairs.retry(other, ADMIN, incident.id)
        found = self.far(other)
        assert (found.done, found.left, found.failed, found.waiting) == (1, 1, 0, 0)
        other.close()

    def test_a_worker_that_died_after_a_failed_move_leaves_one_incident(
        self, service: Service, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = self.start(service, "kemhan")
        change_and_move(service, ADMIN, "common", holiday(DUE))
        (payload,) = self.jobs(service)
        self.damage(service, case, b"no state")
        other = self.open(sqlite_url)
        with monkeypatch.context() as patched, pytest.raises(RuntimeError):
            patched.setattr(bulk, "settle", fail)  # dies before it could write that down
            self.carry_out(other, payload)
        assert (self.far(other).waiting, len(other.engine.incidents())) == (1, 1)

        other.engine.run_due()

        assert len(other.engine.incidents()) == 1
        assert (self.far(other).failed, self.far(other).waiting) == (1, 0)
        other.close()

    def damage(self, service: Service, case: UUID, body: bytes) -> bytes:
        """Replace the state of a case; what it was."""
        with service.transaction() as connection:
            before = steps.state(connection, case)
            of_case = instance_state.c.instance_id == case
            connection.execute(update(instance_state).where(of_case).values(body=body))
        return before

    def test_the_scheduler_is_woken_when_a_change_planned_moves(self, service: Service) -> None:
        self.start(service, "kemhan")
        looks: list[float] = []
        service.engine.listen(looks.append)

        change_and_move(service, ADMIN, "common", holiday(DUE))

        assert looks == [0.0]

    def jobs(self, service: Service, *, later: bool = False) -> list[dict[str, str]]:
        """What the waiting jobs are to move; `later`: those put off, too."""
        at = CREATED + timedelta(days=1) if later else CREATED
        with service.reading() as connection:
            return [one.payload for one in due(connection, at, 10) if one.kind == DoPart.kind]

    def carry_out(self, service: Service, payload: dict[str, str]) -> None:
        """What a worker does with a job before it takes it away."""
        worker = self.worker(service)
        with service.reading() as connection:
            part = worker.prepare(connection, payload)
        assert part is not None
        worker.send(part)


def fail(*_: object) -> bool:
    raise RuntimeError("the process ends here")
