"""A start: the first step of an instance, on a row that does not exist yet; the data of a
handler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError

from engine import Engine
from engine.execution import starting
from engine.execution.programs import CAPACITY, Programs
from engine.ports.handlers import NewJob, Refusal, Step
from engine.records.commands import Start
from engine.sentences.errors import BadInput, Conflict, ModelError, NotFound, Unavailable
from engine.sentences.sentence import say
from engine.storage import counters
from engine.storage.models import definitions
from engine.storage.tables import instance, job, subscription
from engine.time.calendar import Calendar
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models.building import (
    Part,
    bpmn,
    catch,
    end,
    event,
    extensions,
    node,
    process,
    script_task,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models_of_tests import REVIEW, only_task

INPUTS = extensions(
    Part(
        '<camunda:inputOutput><camunda:inputParameter name="sum">${amount + 1}'
        "</camunda:inputParameter></camunda:inputOutput>"
    )
)
MODELS = {
    **REVIEW,
    "called.bpmn": bpmn(
        process("called", start(), service_task("ask", "ask", INPUTS), user_task("a"), end())
    ),
    "divided.bpmn": bpmn(
        process("divided", start(), script_task("divide", "x = 1 / amount"), user_task("a"), end())
    ),
    "at_once.bpmn": bpmn(process("at_once", start(), script_task("s", "x = amount * 2"), end())),
    "waiting.bpmn": bpmn(
        process("waiting", start(), catch("paid", event("message", "payment")), end())
    ),
    "telling.bpmn": bpmn(
        process("telling", start(), throw("tell", event("signal", "alarm")), user_task("a"), end())
    ),
}  # fmt: skip


class Scene:
    """An engine in memory with one handler, whose call is looked at."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.handler: Callable[[Step], Any] = lambda step: None
        self.cases: list[str | None] = []
        self.engine = Engine.open("sqlite://", {"ask": self._ask}, self.clock, self._case)
        self.engine.deploy(MODELS, "owner")
        self.stepper = self.engine._stepper

    def _ask(self, step: Step) -> Any:
        return self.handler(step)

    def _case(self, connection: object, key: str | None) -> Any:
        self.cases.append(key)
        return {"number": len(self.cases)}, Calendar({MONDAY.date(): "Nyepi"})

    def start(self, key: str, data: Any = None, **values: Any) -> Any:
        id = values.pop("id", uuid4())
        wanted = Start(key=key, id=id, data=data or {}, business_key="A-1", by="ani")
        with self.engine.transaction() as connection:
            done = starting.start(self.stepper, connection, wanted, values.get("at"))
        self.stepper.committed(done)
        return done

    def row(self, id: UUID) -> Any:
        with self.engine.reading() as connection:
            return connection.execute(select(instance).where(instance.c.id == id)).one_or_none()

    def jobs(self) -> list[Any]:
        with self.engine.reading() as connection:
            return list(connection.execute(select(job).order_by(job.c.id)))


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    yield made
    made.engine.close()


def raising(error: Exception) -> Callable[[Step], None]:
    def handler(step: Step) -> None:
        raise error

    return handler


# --- starting -----------------------------------------------------------------------------------


def test_a_start_writes_its_row_its_first_event_and_its_tasks(scene: Scene) -> None:
    done = scene.start("review", {"draft": "x"})
    row = scene.row(done.head.id)
    assert (row.key, row.business_key, row.status, row.version) == ("review", "A-1", "active", 1)
    assert (row.started_at, row.started_by, row.ended_at, row.last_seq) == (MONDAY, "ani", None, 1)
    [first] = scene.engine.history(row.id)
    assert (first.seq, first.kind, first.by, first.at) == (1, "start", "ani", MONDAY)
    assert "write" in first.entered
    assert first.changed == {"draft": "x"}
    assert scene.engine.broken_history(row.id) is None
    assert only_task(scene.engine, row.id).element_id == "write"
    with scene.engine.reading() as connection:
        assert counters.read(connection, f"instances:{row.definition_id}") == {"active": 1}
    assert done.live is not None
    assert scene.stepper.cache.take(row.id, 1) is done.live


def test_a_start_that_runs_to_its_end_has_ended(scene: Scene) -> None:
    done = scene.start("at_once", {"amount": 4})
    row = scene.row(done.head.id)
    assert (row.status, row.ended_at) == ("completed", MONDAY)
    assert scene.engine.data(row.id)["x"] == 8
    assert done.live is None
    with scene.engine.reading() as connection:
        assert counters.read(connection, f"instances:{row.definition_id}") == {"completed": 1}


def test_a_start_has_the_time_it_is_given(scene: Scene) -> None:
    later = MONDAY + timedelta(days=2)
    done = scene.start("review", at=later)
    assert scene.row(done.head.id).started_at == later


def test_starting_an_id_again_returns_it_and_does_nothing(scene: Scene) -> None:
    id = uuid4()
    scene.start("review", id=id)
    again = scene.start("called", {"amount": 1}, id=id)
    assert (again.head.id, again.head.key, again.live, again.due) == (id, "review", None, [])
    assert len(scene.engine.history(id)) == 1


def test_two_starts_of_one_id_that_race_are_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = uuid4()
    scene.start("review", id=id)
    lock, overlooked = starting.steps.lock, [id]

    def late(connection: Connection, wanted: UUID) -> object:
        """The first look comes before the other start is stored."""
        return None if wanted in overlooked and overlooked.pop() else lock(connection, wanted)

    monkeypatch.setattr(starting.steps, "lock", late)
    assert scene.engine.start("review", id=id) == id
    assert overlooked == []
    assert len(scene.engine.history(id)) == 1


def test_a_start_that_breaks_another_rule_of_the_tables_is_not_taken_for_a_repeat(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = IntegrityError("insert", None, Exception("unique"))

    def create(*_: object) -> None:
        raise broken

    monkeypatch.setattr(starting.steps, "create", create)
    with pytest.raises(IntegrityError):
        scene.engine.start("review")


def test_what_the_start_waits_for_is_written_with_it(scene: Scene) -> None:
    scene.engine.start("review", business_key="A-1")
    scene.engine.deliver("payment", "A-1", {"n": 1})
    done = scene.start("waiting")
    with scene.engine.reading() as connection:
        [waits] = connection.execute(select(subscription)).all()
    assert (waits.instance_id, waits.message, waits.key) == (done.head.id, "payment", "A-1")
    [kept] = scene.jobs()
    assert (kept.kind, kept.due_at, kept.payload["payload"]) == ("message", MONDAY, {"n": 1})
    assert done.due == [MONDAY]


def test_a_committed_start_is_kept_in_memory_and_wakes_the_scheduler_for_its_work(
    scene: Scene,
) -> None:
    woken: list[float] = []
    scene.handler = lambda step: step.enqueue(NewJob("mail", {}, MONDAY + timedelta(hours=1)))
    scene.engine.listen(woken.append)
    id = scene.engine.start("called", {"amount": 1})
    assert woken == [3600.0]
    assert scene.stepper.cache.take(id, 1) is not None


def test_an_unknown_process_is_named(scene: Scene) -> None:
    with pytest.raises(NotFound, match="gone"):
        scene.start("gone")


# --- what fails at the start --------------------------------------------------------------------


def test_a_model_that_fails_before_its_first_wait_is_told_to_whoever_starts_it(
    scene: Scene,
) -> None:
    id = uuid4()
    with pytest.raises(ModelError) as refused:
        scene.start("divided", {"amount": 0}, id=id)
    [problem] = refused.value.problems
    assert (problem.element_id, problem.element_name) == ("divide", "Divide")
    assert (problem.file, problem.severity, problem.line) == ("divided", "error", 0)
    assert "divided by zero" in str(problem.what) and str(problem.advice)
    assert scene.row(id) is None


def test_a_defect_of_a_handler_at_the_start_is_told_without_its_own_words(scene: Scene) -> None:
    id, scene.handler = uuid4(), raising(KeyError("oops"))
    with pytest.raises(ModelError) as refused:
        scene.start("called", {"amount": 1}, id=id)
    [problem] = refused.value.problems
    assert (problem.file, problem.element_id, problem.element_name) == ("called", "ask", "Ask")
    assert (problem.severity, "oops" in str(problem.what)) == ("error", False)
    assert "start it again" in str(problem.advice)
    assert scene.row(id) is None


def test_a_refusal_at_the_start_names_the_fields(scene: Scene) -> None:
    scene.handler = raising(Refusal(say("Not so."), {"amount": say("Too much.")}))
    with pytest.raises(BadInput, match="Not so") as refused:
        scene.start("called", {"amount": 1})
    assert list(refused.value.fields) == ["amount"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Conflict(say("Taken.")), Conflict),
        (OperationalError("select", None, Exception("lost")), Unavailable),
    ],
)
def test_what_the_caller_can_act_on_comes_through_at_the_start(
    error: Exception, told: type[Exception], scene: Scene
) -> None:
    scene.handler = raising(error)
    with pytest.raises(told):
        scene.start("called", {"amount": 1})


# --- what a handler gets ------------------------------------------------------------------------


def called(
    scene: Scene, act: Callable[[Step], Any] = lambda step: None
) -> tuple[Any, dict[str, Any]]:
    seen: dict[str, Any] = {}

    def handler(step: Step) -> Any:
        names = (
            "instance_id", "business_key", "process_key", "element_id", "element_name", "task_id",
            "data", "answers", "inputs", "by", "now",
        )  # fmt: skip
        seen.update({name: getattr(step, name) for name in names})
        return act(step)

    scene.handler = handler
    return scene.start("called", {"amount": 1}), seen


def test_a_handler_sees_whose_step_it_is_and_what_was_handed_in(scene: Scene) -> None:
    done, seen = called(scene)
    assert seen == {
        "instance_id": done.head.id, "business_key": "A-1", "process_key": "called",
        "element_id": "ask", "element_name": "Ask", "task_id": None,
        "data": {"amount": 1, "sum": 2}, "answers": {},
        "inputs": {"sum": 2}, "by": "ani", "now": MONDAY,
    }  # fmt: skip


def test_what_a_handler_returns_is_process_data_and_what_it_changes_is_not(scene: Scene) -> None:
    def act(step: Step) -> Any:
        step.data["amount"] = 99
        return {"receipt": 7}

    done, _ = called(scene, act)
    assert scene.engine.data(done.head.id) == {"amount": 1, "receipt": 7}


def test_later_work_of_a_handler_is_stored_with_the_step_at_its_time(scene: Scene) -> None:
    id, later = uuid4(), MONDAY + timedelta(hours=5)

    def act(step: Step) -> None:
        step.enqueue(NewJob("mail", {"to": "ani"}))
        step.enqueue(NewJob("mail", {"to": "budi"}, later))
        step.send("payment", "A-1", {"n": 1})
        step.start("review", id, "B-1", {"draft": "x"})

    done, _ = called(scene, act)
    stored = [(row.kind, row.due_at, row.payload) for row in scene.jobs()]
    assert stored[:2] == [("mail", MONDAY, {"to": "ani"}), ("mail", later, {"to": "budi"})]
    assert [(kind, due_at) for kind, due_at, _ in stored[2:]] == [
        ("message", MONDAY), ("start", MONDAY),
    ]  # fmt: skip
    sent, begun = stored[2][2], stored[3][2]
    assert (sent["message"], sent["key"], sent["payload"], sent["by"]) == (
        "payment", "A-1", {"n": 1}, "ani",
    )  # fmt: skip
    assert begun == {
        "key": "review", "id": str(id), "business_key": "B-1", "data": {"draft": "x"}, "by": "ani",
    }  # fmt: skip
    assert sorted(done.due) == [MONDAY, MONDAY, MONDAY, later]


def test_numbers_of_a_series_begin_anew_each_year_and_never_repeat(scene: Scene) -> None:
    numbers: list[int] = []

    def act(step: Step) -> None:
        numbers.extend(step.number("receipt", year) for year in (2026, 2026, 2027))
        numbers.append(step.number("letter", 2026))

    called(scene, act)
    called(scene, act)
    assert numbers == [1, 2, 1, 1, 3, 4, 2, 2]


def test_a_thrown_signal_is_a_job_in_the_name_of_whoever_stepped(scene: Scene) -> None:
    scene.start("telling")
    [stored] = scene.jobs()
    assert (stored.kind, stored.due_at) == ("signal", MONDAY)
    assert (stored.payload["signal"], stored.payload["by"]) == ("alarm", "ani")


def test_the_case_is_read_once_in_a_step_and_anew_after_a_handler_has_written(
    scene: Scene,
) -> None:
    scene.engine.deploy(
        {
            "reading.bpmn": bpmn(
                process(
                    "reading",
                    start(),
                    script_task("before", "a = case.number\nb = case.number"),
                    service_task("ask", "ask"),
                    script_task("after", "c = case.number\nd = working_days(1, now())"),
                    user_task("wait"),
                    end(),
                )
            )
        },
        "owner",
    )
    scene.cases.clear()
    done = scene.start("reading")
    assert scene.engine.data(done.head.id) == {"a": 1, "b": 1, "c": 2, "d": "2026-03-03"}
    assert scene.cases == ["A-1", "A-1"]


def test_a_choice_from_outside_the_model_is_read_for_the_forms_that_offer_one(
    scene: Scene,
) -> None:
    """A form without such a choice asks nobody."""
    asked: list[frozenset[str]] = []

    def options(connection: object, key: str | None, names: frozenset[str]) -> Any:
        asked.append(names)
        return {"cities": [("bdg", "Bandung")]}

    def form(id: str, *components: Any) -> bytes:
        return orjson.dumps({"id": id, "type": "default", "components": components})

    city = {"type": "select", "key": "city", "label": "City", "valuesKey": "cities"}
    note = {"type": "textfield", "key": "note", "label": "Note"}
    parts = (
        start(), user_task("plain", camunda_formRef="plain"),
        user_task("choose", camunda_formRef="choose"), end(),
    )  # fmt: skip
    engine = Engine.open("sqlite://", None, scene.clock, options=options)
    files = {"choose.form": form("choose", city), "plain.form": form("plain", note)}
    engine.deploy({"c.bpmn": bpmn(process("c", *parts)), **files}, "owner")
    case = engine.start("c", business_key="A-1")
    engine.complete(only_task(engine, case).id, {"note": "x"})
    assert asked == []
    task = only_task(engine, case).id
    with pytest.raises(BadInput) as refused:
        engine.complete(task, {"city": "jkt"})
    assert list(refused.value.fields) == ["city"]
    engine.complete(task, {"city": "bdg"})
    assert set(asked) == {frozenset({"cities"})}
    engine.close()


# --- programs -----------------------------------------------------------------------------------


def test_a_program_is_parsed_once_for_all(scene: Scene) -> None:
    programs = Programs()
    with scene.engine.reading() as connection:
        version, program = programs.newest(connection, "review")
        assert programs.of(connection, version.id) is program
        assert programs.with_version(connection, version.id) == (version, program)
        assert version.key == "review"


def test_a_version_that_is_not_there_is_not_found(scene: Scene) -> None:
    with scene.engine.reading() as connection:
        with pytest.raises(NotFound):
            Programs().of(connection, uuid4())
        with pytest.raises(NotFound, match="gone"):
            Programs().newest(connection, "gone")


def test_the_program_used_longest_ago_gives_way(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.execution.programs.CAPACITY", 2)
    programs = Programs()
    with scene.engine.reading() as connection:
        ids = [programs.newest(connection, key)[0].id for key in ("review", "called")]
        first = programs.of(connection, ids[0])
        programs.newest(connection, "waiting")
        assert programs.of(connection, ids[0]) is first
        assert ids[1] not in programs._programs
        assert len(programs._programs) == 2
    assert CAPACITY >= 16


def test_who_is_begun_by_a_message_or_signal_is_told_by_its_newest_version(scene: Scene) -> None:
    ring, order = event("signal", "bell"), event("message", "bell")
    scene.engine.deploy(
        {
            "s.bpmn": bpmn(process("rung", start("b", ring), user_task("a"), end())),
            "m.bpmn": bpmn(process("asked", start("b", order), user_task("a"), end())),
        },
        "owner",
    )
    programs = scene.stepper.programs
    with scene.engine.reading() as connection:
        assert programs.started_by(connection, "signal", "bell") == {"rung": "b"}
        assert programs.started_by(connection, "message", "bell") == {"asked": "b"}
        assert programs.started_by(connection, "message", "other") == {}
    scene.engine.deploy({"s.bpmn": bpmn(process("rung", start(), user_task("a"), end()))}, "owner")
    with scene.engine.reading() as connection:
        assert programs.started_by(connection, "signal", "bell") == {}


def pinned(key: str) -> Part:
    """A call of the version that is deployed with its caller."""
    binding = {"camunda_calledElementBinding": "deployment"}
    return node("callActivity", "c", calledElement=key, **binding)


def test_a_called_process_is_the_one_that_was_pinned_with_all_it_calls(scene: Scene) -> None:
    scene.engine.deploy(
        {
            "inner.bpmn": bpmn(process("inner", start(), user_task("deep"), end())),
            "middle.bpmn": bpmn(process("middle", start(), pinned("inner"), end())),
            "outer.bpmn": bpmn(process("outer", start(), pinned("middle"), end())),
        },
        "owner",
    )
    with scene.engine.reading() as connection:
        version = definitions.newest(connection, "outer")
        assert version is not None
        program = Programs().of(connection, version.id)
    assert program.element("deep").kind == "userTask"
    done = scene.start("outer")
    assert only_task(scene.engine, done.head.id).element_id == "deep"


def test_the_time_of_a_step_is_aware(scene: Scene) -> None:
    _, seen = called(scene)
    assert isinstance(seen["now"], datetime) and seen["now"].tzinfo is not None


STARTED_BY_FORM = {
    "p.bpmn": bpmn(
        process("p", start("begun", camunda_formRef="asked"), user_task("wait"), end())
    ),
    "asked.form": orjson.dumps({
        "id": "asked",
        "components": [
            {"type": "textfield", "id": "a", "key": "reason", "validate": {"required": True}},
            {"type": "number", "id": "b", "key": "days"},
        ],
    }),
}  # fmt: skip


def test_what_a_process_is_started_with_is_read_by_the_form_of_its_start(scene: Scene) -> None:
    scene.engine.deploy(STARTED_BY_FORM, "owner")
    with pytest.raises(BadInput) as refused:
        scene.engine.start("p", {"days": "many"})
    assert set(refused.value.fields) == {"reason", "days"}
    id = scene.engine.start("p", {"reason": "Sakit", "days": "3", "beside": 1})
    assert scene.engine.data(id) == {"reason": "Sakit", "days": 3, "beside": 1}
