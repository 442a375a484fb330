"""External tasks: fetched under a lease, ended once, and offered again if the worker dies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from queue import Queue
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from engine import BadInput, Conflict, Engine, ModelError, NotFound
from engine.face.act import Act
from engine.face.external_tasks import PAGE
from engine.later import repairs
from engine.later.repairs import Received
from engine.ports.cases import NoCases
from engine.ports.handlers import Step
from engine.records.states import Outcome
from engine.storage import tables
from engine.storage.later import externals, workers
from engine.storage.later.externals import ExternalTask, TopicWanted
from engine.time.clock import ManualClock
from engine.workers import work_data
from engine.workers.acts import ExternalActs
from engine.workers.work_data import Work
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    end,
    event,
    extensions,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    properties,
    script_task,
    service_task,
    start,
    sub_process,
    timer,
    user_task,
)
from tests.engine.models_of_tests import only_task, open_elements

MINUTE = timedelta(minutes=1)


def wanted(topic: str = "render", **more: Any) -> TopicWanted:
    return TopicWanted(**{"topic": topic, "lease": MINUTE, **more})


def deploy(engine: Engine, *parts: Part, key: str = "job", **attributes: str) -> None:
    engine.deploy({f"{key}.bpmn": bpmn(process(key, *parts, **attributes))}, "owner")


def simple(engine: Engine, *more: Part, **attributes: str) -> None:
    deploy(engine, start(), service_task("work", "render", **attributes), user_task("after"), *more)


def fetch(engine: Engine, worker: str = "ani", most: int = 1, **more: Any) -> list[Work]:
    return engine.external.fetch(worker, [wanted(**more)], most)


def one(engine: Engine, worker: str = "ani", **more: Any) -> Work:
    (found,) = fetch(engine, worker, **more)
    return found


def state(engine: Engine, task_id: UUID) -> ExternalTask:
    with engine.reading() as connection:
        found = externals.by_id(connection, task_id)
    assert found is not None
    return found


def run_out(engine: Engine, task_id: UUID) -> None:
    """The lease of a task is over, as after a long time."""
    with engine.transaction() as connection:
        past = engine.on(connection).real_now() - MINUTE
        connection.execute(
            update(tables.external_task)
            .where(tables.external_task.c.token == task_id)
            .values(leased_until=past)
        )


def test_a_task_is_fetched_with_its_variables_and_completed_with_others(engine: Engine) -> None:
    simple(engine)
    case = engine.start("job", {"title": "Rakor"}, "A-1")
    work = one(engine)
    assert work.variables == {"title": "Rakor"}
    assert (work.task.instance_id, work.task.element_id) == (case, "work")
    assert (work.task.business_key, work.task.process_key, work.task.worker) == (
        "A-1",
        "job",
        "ani",
    )
    assert (work.version.key, work.version.number) == ("job", 1)
    assert engine.external.complete(work.task.id, "ani", {"pages": 3}).incident is None
    assert open_elements(engine, case) == ["after"]
    assert engine.data(case) == {"title": "Rakor", "pages": 3}


def test_what_one_worker_holds_no_other_fetches_until_the_lease_has_run_out(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    assert fetch(engine, "budi") == []
    run_out(engine, task.id)
    assert one(engine, "budi").task.id == task.id


def test_the_work_of_a_worker_that_died_is_done_by_the_next_and_the_dead_one_comes_late(
    engine: Engine,
) -> None:
    simple(engine)
    case = engine.start("job")
    task = one(engine).task
    run_out(engine, task.id)
    with pytest.raises(Conflict, match="The lease of ani ran out at"):
        engine.external.complete(task.id, "ani", {"by": "ani"})
    one(engine, "budi")
    with pytest.raises(Conflict, match="not held by ani but by budi") as refused:
        engine.external.complete(task.id, "ani", {"by": "ani"})
    assert refused.value.who == "budi"
    engine.external.complete(task.id, "budi", {"by": "budi"})
    with pytest.raises(NotFound, match="done, or was taken away"):
        engine.external.complete(task.id, "ani", {"by": "ani"})
    assert engine.data(case) == {"by": "budi"}


def test_nobody_ends_what_nobody_holds(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    engine.external.release(task.id)
    acts: list[Callable[[], object]] = [
        lambda: engine.external.complete(task.id, "ani"),
        lambda: engine.external.fail(task.id, "ani", retries=1),
        lambda: engine.external.fail(task.id, "ani"),
        lambda: engine.external.throw_error(task.id, "ani", "x"),
        lambda: engine.external.escalate(task.id, "ani", "x"),
        lambda: engine.external.extend(task.id, "ani", MINUTE),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="No worker holds"):
            act()
    assert engine.incidents() == []


def test_a_completion_repeated_by_its_worker_changes_nothing(engine: Engine) -> None:
    simple(engine)
    case = engine.start("job")
    task = one(engine).task
    for count in (1, 2, 3):
        assert engine.external.complete(task.id, "ani", {"count": count}).incident is None
    assert engine.data(case) == {"count": 1}
    assert [event.kind for event in engine.history(case)] == ["start", "external"]


def test_an_error_repeated_by_its_worker_changes_nothing(engine: Engine) -> None:
    caught = boundary("caught", "work", event("error", "no_paper"))
    simple(engine, caught, user_task("repair"), flow("start", "work"), flow("work", "after"),
           flow("caught", "repair"))  # fmt: skip
    case = engine.start("job")
    task = one(engine).task
    engine.external.throw_error(task.id, "ani", "no_paper")
    engine.external.throw_error(task.id, "ani", "no_paper")
    assert open_elements(engine, case) == ["repair"]
    assert [event.kind for event in engine.history(case)] == ["start", "external_error"]


def test_completing_does_not_pass_for_an_error_sent_before(engine: Engine) -> None:
    caught = boundary("caught", "work", event("error", "no_paper"))
    simple(engine, caught, user_task("repair"), flow("start", "work"), flow("work", "after"),
           flow("caught", "repair"))  # fmt: skip
    engine.start("job")
    task = one(engine).task
    engine.external.throw_error(task.id, "ani", "no_paper")
    with pytest.raises(NotFound):
        engine.external.complete(task.id, "ani")


def test_the_history_says_who_did_it_for_whom(engine: Engine) -> None:
    simple(engine)
    case = engine.start("job")
    task = one(engine).task
    engine.external.complete(task.id, "ani", by="robot")
    done = engine.history(case)[-1]
    assert (done.kind, done.by) == ("external", "robot")
    assert done.details == {"element": "work", "topic": "render", "worker": "ani"}
    assert engine.broken_history(case) is None


# --- which tasks, in which order ----------------------------------------------------------------


def prioritised(engine: Engine) -> None:
    deploy(
        engine, start(), service_task("work", "render", camunda_taskPriority="${urgency}"),
        user_task("after"),
    )  # fmt: skip


def test_the_highest_priority_comes_first_then_the_oldest(
    engine: Engine, clock: ManualClock
) -> None:
    prioritised(engine)
    cases = []
    for urgency in (1, 5, 5, -3):
        cases.append(engine.start("job", {"urgency": urgency}))
        clock.advance(seconds=1)
    found = [work.task for work in fetch(engine, most=3)]
    assert [task.instance_id for task in found] == [cases[1], cases[2], cases[0]]
    assert [task.priority for task in found] == [5, 5, 1]
    assert one(engine).task.priority == -3


def test_the_priority_of_a_process_holds_for_what_says_none_of_its_own(engine: Engine) -> None:
    deploy(
        engine, start(), parallel("fork"), service_task("a", "render"),
        service_task("b", "render", camunda_taskPriority="9"), end(), flow("start", "fork"),
        flow("fork", "a"), flow("fork", "b"), flow("a", "end"), flow("b", "end"),
        camunda_taskPriority="7",
    )  # fmt: skip
    engine.start("job")
    assert [work.task.priority for work in fetch(engine, most=2)] == [9, 7]


@pytest.mark.parametrize("urgency", ["high", 2.5, 10**10, True])
def test_a_priority_that_is_no_whole_number_stops_the_case_in_words(
    engine: Engine, urgency: object
) -> None:
    prioritised(engine)
    with pytest.raises(ModelError) as refused:
        engine.start("job", {"urgency": urgency})
    assert "no whole number" in str(refused.value)
    engine.start("job", {"urgency": ""})
    assert one(engine).task.priority == 0


def test_a_literal_priority_that_is_no_whole_number_is_refused_at_deployment(
    engine: Engine,
) -> None:
    with pytest.raises(ModelError) as refused:
        simple(engine, camunda_taskPriority="abc")
    assert ("work", "priority") in [(p.element_id, p.code) for p in refused.value.problems]


def test_a_priority_set_by_hand_goes_first(engine: Engine) -> None:
    simple(engine)
    first, second = engine.start("job"), engine.start("job")
    with engine.reading() as connection:
        of_case = {
            task.instance_id: task.id
            for task in externals.candidates(
                connection, wanted(), 9, engine.on(connection).real_now(), None
            )
        }
    engine.external.set_priority(of_case[second], 10)
    assert [w.task.instance_id for w in fetch(engine, most=2)] == [second, first]


def test_several_topics_are_fetched_at_once_each_under_its_own_lease(engine: Engine) -> None:
    deploy(engine, start(), service_task("a", "fast"), end(), key="first")
    deploy(
        engine, start(), service_task("b", "slow", camunda_taskPriority="3"), end(), key="second"
    )
    for key in ("first", "first", "second"):
        engine.start(key)
    topics = [wanted("fast"), wanted("slow", lease=60 * MINUTE), wanted("other")]
    found = engine.external.fetch("ani", topics, 2)
    assert [work.task.topic for work in found] == ["slow", "fast"]
    slow, fast = (work.task.leased_until for work in found)
    assert slow is not None
    assert fast is not None
    assert slow - fast == 59 * MINUTE
    assert [work.task.topic for work in engine.external.fetch("budi", topics, 5)] == ["fast"]


def test_a_fetch_is_narrowed_by_business_key_process_and_version(engine: Engine) -> None:
    simple(engine)
    deploy(engine, start(), service_task("work", "render"), end(), key="other")
    engine.start("job", business_key="A")
    engine.start("other", business_key="B")
    other = next(v.id for v in engine.versions() if v.key == "other")
    assert one(engine, "a", business_key="B").task.process_key == "other"
    assert fetch(engine, "b", process_keys=["other"]) == []
    assert fetch(engine, "c", definition_ids=[other]) == []
    assert fetch(engine, "d", except_keys=["job"]) == []
    assert one(engine, "e", except_keys=["other"]).task.business_key == "A"


def test_a_fetch_is_narrowed_by_what_the_process_holds_however_many_do_not(engine: Engine) -> None:
    prioritised(engine)
    for number in range(2 * PAGE + 5):
        engine.start("job", {"number": number, "on": number == 1, "urgency": -(number % 2)})
    last = 2 * PAGE + 3
    assert one(engine, holding={"number": last}).variables["number"] == last
    assert fetch(engine, "budi", holding={"number": last}) == [], "it is held"
    assert fetch(engine, "dewi", holding={"on": 1}) == [], "1 is no true"
    assert one(engine, "citra", holding={"on": True}).variables["number"] == 1
    assert fetch(engine, "dewi", holding={"absent": None}) == []


def test_a_task_whose_process_has_changed_before_it_was_leased_is_given_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    simple(engine)
    engine.start("job", {"number": 1})
    task = one(engine).task
    engine.external.release(task.id)
    with monkeypatch.context() as before:
        before.setattr(type(engine.external), "_holding", lambda *_: [task.id])
        assert fetch(engine, holding={"number": 2}) == []
    assert one(engine, "budi").task.id == task.id


def test_several_workers_fetch_different_tasks(engine: Engine) -> None:
    simple(engine)
    for _ in range(6):
        engine.start("job")
    found = [work.task.id for name in "abc" for work in fetch(engine, name, most=2)]
    assert len(set(found)) == 6
    assert fetch(engine, "d") == []


# --- variables in scopes ------------------------------------------------------------------------

INPUT = (
    '<camunda:inputOutput><camunda:inputParameter name="text">${title} !</camunda:inputParameter>'
    '<camunda:outputParameter name="kept">${draft}</camunda:outputParameter></camunda:inputOutput>'
)


def test_a_worker_gets_the_variables_it_asks_for_or_the_activity_s_own(engine: Engine) -> None:
    deploy(
        engine, start(), service_task("work", "render", extensions(Part(INPUT))), user_task("after")
    )
    engine.start("job", {"title": "Rakor", "secret": 1})
    task = one(engine).task

    def given(**more: Any) -> dict[str, Any]:
        engine.external.release(task.id)
        return one(engine, **more).variables

    assert given() == {"title": "Rakor", "secret": 1, "text": "Rakor !"}
    assert given(variables=["title", "text", "absent"]) == {"title": "Rakor", "text": "Rakor !"}
    assert given(variables=[]) == {}
    assert given(local=True) == {"text": "Rakor !"}
    assert given(local=True, variables=["title"]) == {}


def test_what_a_worker_gives_is_written_where_the_name_lives_and_its_own_stays_inside(
    engine: Engine,
) -> None:
    deploy(
        engine, start(), service_task("work", "render", extensions(Part(INPUT))), user_task("after")
    )
    case = engine.start("job", {"title": "Rakor"})
    task = one(engine).task
    engine.external.complete(task.id, "ani", {"text": "gone", "pages": 2}, {"draft": "own"})
    assert engine.data(case) == {"title": "Rakor", "pages": 2, "kept": "own"}


def test_own_variables_are_seen_by_output_parameters_where_there_are_no_inputs(
    engine: Engine,
) -> None:
    output = (
        '<camunda:inputOutput><camunda:outputParameter name="kept">${draft}'
        "</camunda:outputParameter></camunda:inputOutput>"
    )
    deploy(
        engine, start(), service_task("work", "render", extensions(Part(output))), user_task("x")
    )
    case = engine.start("job")
    engine.external.complete(one(engine).task.id, "ani", {}, {"draft": [1], "kept": 5})
    assert engine.data(case) == {"kept": [1]}


def test_each_run_of_a_multi_instance_task_is_given_its_own_entry(engine: Engine) -> None:
    deploy(
        engine, start(),
        service_task("work", "render", multi_instance("${names}", "name")),
        user_task("after"),
    )  # fmt: skip
    case = engine.start("job", {"names": ["a", "b"]})
    found = fetch(engine, most=5)
    assert sorted(work.variables["name"] for work in found) == ["a", "b"]
    for work in found:
        engine.external.complete(work.task.id, "ani", {"last": work.variables["name"]})
    assert open_elements(engine, case) == ["after"]


def test_a_worker_of_a_called_process_sees_its_variables_and_version(engine: Engine) -> None:
    deploy(engine, start(), service_task("work", "render"), end(), key="inner")
    passed = extensions(Part('<camunda:in source="title" target="name"/>'))
    deploy(
        engine,
        start(),
        node("callActivity", "call", passed, calledElement="inner"),
        user_task("after"),
    )
    case = engine.start("job", {"title": "x", "secret": 1})
    assert fetch(engine, holding={"title": "x"}) == [], "a called process sees its own"
    work = one(engine, holding={"name": "x"})
    assert work.variables == {"name": "x"}
    assert (work.task.process_key, work.version.key) == ("job", "inner")
    engine.external.complete(work.task.id, "ani")
    assert open_elements(engine, case) == ["after"]


def test_properties_of_the_element_are_told(engine: Engine) -> None:
    deploy(engine, start(), service_task("work", "render", properties(paper="A4")), user_task("x"))
    engine.start("job")
    assert dict(one(engine).properties) == {"paper": "A4"}


# --- errors and escalations ---------------------------------------------------------------------


def catching(engine: Engine, *events: Part) -> None:
    simple(
        engine, *events, user_task("caught"), flow("start", "work"), flow("work", "after"),
        *(flow(one.id, "caught") for one in events),
    )  # fmt: skip


@pytest.mark.parametrize("code", ["no_paper", None])
def test_an_error_of_a_worker_is_caught_as_one_of_a_handler(
    engine: Engine, code: str | None
) -> None:
    catching(engine, boundary("b", "work", event("error", code)))
    case = engine.start("job", {"title": "x"})
    engine.external.throw_error(one(engine).task.id, "ani", "no_paper", "empty", {"pages": 0})
    assert open_elements(engine, case) == ["caught"]
    told = engine.task_data(only_task(engine, case).id)
    assert told["error"] == {"code": "no_paper", "message": "empty"}
    assert engine.data(case) == {"title": "x", "pages": 0}


def test_an_error_that_nobody_catches_is_an_incident_and_its_worker_may_say_it_again(
    engine: Engine,
) -> None:
    simple(engine)
    case = engine.start("job")
    task = one(engine).task
    first = engine.external.throw_error(task.id, "ani", "no_paper")
    assert first.incident is not None
    assert engine.external.throw_error(task.id, "ani", "no_paper") == first
    (incident,) = engine.incidents()
    assert (incident.element_id, incident.instance_id) == ("work", case)
    assert fetch(engine, "budi") == [], "what waits for repair is given to nobody"
    engine.discard(incident.id, "owner")
    engine.external.complete(one(engine, "budi").task.id, "budi")
    assert open_elements(engine, case) == ["after"]


def test_an_escalation_is_caught_while_the_worker_goes_on(engine: Engine) -> None:
    catching(engine, boundary("b", "work", event("escalation", "slow"), interrupting=False))
    case = engine.start("job")
    task = one(engine).task
    engine.external.escalate(task.id, "ani", "slow", {"hours": 3})
    assert open_elements(engine, case) == ["caught"]
    assert engine.data(case) == {"hours": 3}
    engine.external.complete(task.id, "ani")
    assert sorted(open_elements(engine, case)) == ["after", "caught"]


def test_an_escalation_that_interrupts_takes_the_task_away(engine: Engine) -> None:
    catching(engine, boundary("b", "work", event("escalation", None)))
    case = engine.start("job")
    task = one(engine).task
    engine.external.escalate(task.id, "ani", "slow")
    assert open_elements(engine, case) == ["caught"]
    with pytest.raises(NotFound):
        engine.external.complete(task.id, "ani")


# --- failing ------------------------------------------------------------------------------------


def test_a_failed_task_is_given_out_again_after_its_wait(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    assert engine.external.fail(task.id, "ani", "no paper", "trace", 2, MINUTE) is None
    now = state(engine, task.id)
    assert (now.worker, now.retries, now.error_message) == (None, 2, "no paper")
    with engine.reading() as connection:
        assert externals.error_details(connection, task.id) == "trace"
    assert fetch(engine, "budi") == []
    run_out(engine, task.id)
    assert one(engine, "budi").task.retries == 2


def test_at_the_end_of_its_retries_it_is_an_incident_whose_retry_gives_it_out_again(
    engine: Engine,
) -> None:
    simple(engine)
    case = engine.start("job")
    for left in (2, 1):
        assert engine.external.fail(one(engine).task.id, "ani", "no paper", retries=left) is None
    task = one(engine).task
    incident_id = engine.external.fail(task.id, "ani", "no paper", by="robot")
    (incident,) = engine.incidents()
    assert (incident.id, incident.element_id, incident.by) == (incident_id, "work", "robot")
    assert str(incident.what) == "The worker gave up: “no paper”"
    assert fetch(engine) == []
    with pytest.raises(Conflict, match="retry it, or end the case"):
        engine.discard(incident.id, "owner")
    assert engine.incidents() != []
    repair = engine.retry(incident.id, "owner")
    assert repair.outcome == Outcome.OFFERED
    assert engine.incidents() == []
    with pytest.raises(Conflict):
        engine.retry(incident.id, "owner")
    again = one(engine).task
    assert again.retries == 1
    engine.external.complete(again.id, "ani")
    assert open_elements(engine, case) == ["after"]
    kinds = [event.kind for event in engine.history(case)]
    assert kinds == ["start", "incident", "external_retry", "external"]
    assert engine.broken_history(case) is None


def test_retries_set_by_hand_close_the_incident_and_none_opens_one(engine: Engine) -> None:
    simple(engine)
    for _ in range(3):
        engine.start("job")
    tasks = [work.task.id for work in fetch(engine, most=3)]
    engine.external.fail(tasks[0], "ani")
    engine.external.set_retries(tasks, 4, "owner")
    assert engine.incidents() == []
    assert {state(engine, id).retries for id in tasks} == {4}
    engine.external.set_retries(tasks[:2], 0, "owner")
    engine.external.set_retries(tasks[:2], 0, "owner")
    stuck = {one.instance_id for one in engine.incidents()}
    assert stuck == {state(engine, id).instance_id for id in tasks[:2]}
    assert len(stuck) == 2


def test_retries_are_set_for_all_tasks_or_for_none(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    with pytest.raises(NotFound):
        engine.external.set_retries([task.id, uuid4()], 4, "owner")
    assert state(engine, task.id).retries is None


def test_a_completion_that_the_model_fails_at_is_kept_and_repeated(engine: Engine) -> None:
    deploy(
        engine, start(), service_task("work", "render"), script_task("divide", "y = 6 / x"),
        user_task("after"),
    )  # fmt: skip
    case = engine.start("job", {"x": 0})
    task = one(engine).task
    first = engine.external.complete(task.id, "ani", {"pages": 1})
    assert first.incident is not None
    assert engine.external.complete(task.id, "ani", {"pages": 1}) == first
    assert fetch(engine, "budi") == []
    with pytest.raises(Conflict, match="waits for its incident"):
        engine.external.set_retries([task.id], 3, "owner")
    assert not engine.retry(first.incident, "owner").done
    engine.discard(first.incident, "owner")
    engine.external.complete(one(engine, "budi").task.id, "budi", {"x": 2})
    assert open_elements(engine, case) == ["after"]
    assert engine.incidents() == []


def test_a_task_whose_state_cannot_be_read_holds_up_no_other(engine: Engine) -> None:
    simple(engine)
    broken, sound = engine.start("job"), engine.start("job")
    with engine.transaction() as connection:
        connection.execute(
            update(tables.instance_state)
            .where(tables.instance_state.c.instance_id == broken)
            .values(body=b"\x02damaged")
        )
    assert [work.task.instance_id for work in fetch(engine, most=2)] == [sound]
    assert [incident.instance_id for incident in engine.incidents()] == [broken]
    assert fetch(engine, "budi", most=2) == []


# --- taken away ---------------------------------------------------------------------------------


def test_withdrawal_takes_the_task_from_its_worker(engine: Engine) -> None:
    simple(engine)
    case = engine.start("job")
    task = one(engine).task
    engine.cancel(case, "no need", "owner")
    with pytest.raises(NotFound):
        engine.external.complete(task.id, "ani")
    with pytest.raises(NotFound):
        engine.external.extend(task.id, "ani", MINUTE)
    assert fetch(engine) == []


def test_a_timer_takes_the_task_from_its_worker_and_closes_its_incident(
    engine: Engine, clock: ManualClock
) -> None:
    catching(engine, boundary("b", "work", timer("P1D")))
    case = engine.start("job")
    task = one(engine).task
    engine.external.fail(task.id, "ani", "no paper")
    clock.advance(days=2)
    assert engine.run_due() == 1
    assert open_elements(engine, case) == ["caught"]
    assert engine.incidents() == [], "nothing is left to be repaired"
    with pytest.raises(NotFound):
        engine.external.complete(task.id, "ani")


def test_no_virtual_clock_moves_a_lease(engine: Engine, clock: ManualClock) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    clock.advance(days=365)
    assert fetch(engine, "budi") == []
    engine.external.complete(task.id, "ani")


# --- leases -------------------------------------------------------------------------------------


def until(engine: Engine, task_id: UUID) -> datetime:
    found = state(engine, task_id).leased_until
    assert found is not None
    return found


def test_a_lease_is_extended_by_its_holder_from_now(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    before = until(engine, task.id)
    engine.external.extend(task.id, "ani", 10 * MINUTE)
    assert until(engine, task.id) - before >= 9 * MINUTE
    engine.external.lease(task.id, "ani", 20 * MINUTE)
    assert state(engine, task.id).leased_at == task.leased_at, "it is held since it was fetched"
    with pytest.raises(Conflict):
        engine.external.extend(task.id, "budi", MINUTE)
    run_out(engine, task.id)
    with pytest.raises(Conflict, match="ran out"):
        engine.external.extend(task.id, "ani", MINUTE)


def test_what_an_act_has_done_to_a_held_task_is_seen_by_the_rest_of_it(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task

    def pass_on(acts: ExternalActs) -> None:
        assert acts.hold(task.id) == task
        acts.release(task.id)
        acts.lease(task.id, "budi", MINUTE)
        with pytest.raises(Conflict, match="not held by ani but by budi"):
            acts.extend(task.id, "ani", MINUTE)

    engine.external.act(pass_on)
    assert state(engine, task.id).worker == "budi"


def test_giving_up_and_what_is_noted_besides_are_one_history(engine: Engine) -> None:
    simple(engine)
    case = engine.start("job")
    task = one(engine).task

    def give_up(act: Act) -> None:
        act.external.lock(task.id)
        incident = act.external.fail(task.id, "ani", "no paper")
        act.note(case, "told", "owner", {})
        act.external.set_retries([task.id], 1, "owner")
        act.note(case, "told", "owner", {})
        assert incident is not None

    engine.act(give_up)
    assert [one.kind for one in engine.history(case)][1:] == [
        "incident", "told", "external_retry", "told",
    ]  # fmt: skip
    assert engine.broken_history(case) is None


def test_one_task_is_leased_by_its_id_unless_another_holds_it(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    with pytest.raises(Conflict, match="not held by budi but by ani"):
        engine.external.lease(task.id, "budi", MINUTE)
    engine.external.lease(task.id, "ani", 3 * MINUTE)
    run_out(engine, task.id)
    engine.external.lease(task.id, "budi", MINUTE)
    assert state(engine, task.id).leased_at != task.leased_at
    engine.external.complete(task.id, "budi")
    with pytest.raises(NotFound):
        engine.external.lease(task.id, "budi", MINUTE)


@pytest.mark.parametrize(
    ("field", "act"),
    [
        ("workerId", lambda engine, id: fetch(engine, "")),
        ("workerId", lambda engine, id: fetch(engine, "x" * 256)),
        ("workerId", lambda engine, id: fetch(engine, "a\0")),
        ("workerId", lambda engine, id: engine.external.complete(id, " ")),
        ("maxTasks", lambda engine, id: fetch(engine, most=0)),
        ("maxTasks", lambda engine, id: fetch(engine, most=1001)),
        ("topicName", lambda engine, id: fetch(engine, topic="")),
        ("topics", lambda engine, id: engine.external.fetch("a", [wanted(), wanted()])),
        ("lockDuration", lambda engine, id: fetch(engine, lease=timedelta(0))),
        ("lockDuration", lambda engine, id: fetch(engine, lease=timedelta(days=31))),
        ("newDuration", lambda engine, id: engine.external.extend(id, "ani", timedelta(0))),
        ("retries", lambda engine, id: engine.external.fail(id, "ani", retries=-1)),
        ("retries", lambda engine, id: engine.external.set_retries([id], 2**31, "x")),
        ("retryTimeout", lambda engine, id: engine.external.fail(id, "ani", wait=-MINUTE)),
        ("priority", lambda engine, id: engine.external.set_priority(id, 2**31)),
        ("errorCode", lambda engine, id: engine.external.throw_error(id, "ani", "")),
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_is_refused_by_the_name_of_its_field(
    engine: Engine, field: str, act: Callable[[Engine, UUID], object]
) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    with pytest.raises(BadInput) as refused:
        act(engine, task.id)
    assert list(refused.value.fields) == [field]
    assert state(engine, task.id).held_at(engine.real_now())


def test_long_words_of_a_worker_are_cut_and_lose_what_cannot_be_kept(engine: Engine) -> None:
    simple(engine)
    engine.start("job")
    task = one(engine).task
    engine.external.fail(task.id, "ani", "a\0" * 9_000, "b" * 200_000, retries=1)
    assert state(engine, task.id).error_message == "a" * 4_000


# --- who is told, and what is seen at a glance --------------------------------------------------


def test_whoever_listens_is_told_of_each_topic_that_can_be_fetched(
    open_engine: Open,
) -> None:
    engine = open_engine()
    told: list[frozenset[str]] = []
    simple(engine)
    engine.external.listen(told.append)

    def news() -> list[frozenset[str]]:
        found = [topics for topics in told if topics]
        told.clear()
        return found

    case = engine.start("job")
    render = [frozenset({"render"})]
    assert news() == render
    task = one(engine).task
    assert news() == []
    engine.external.fail(task.id, "ani", retries=1)
    assert news() == render
    one(engine)
    engine.external.release(task.id)
    assert news() == render
    one(engine)
    incident = engine.external.fail(task.id, "ani")
    assert incident is not None
    assert news() == []
    engine.retry(incident, "owner")
    assert news() == render
    engine.external.complete(one(engine).task.id, "ani")
    assert news() == []
    assert open_elements(engine, case) == ["after"]


def test_topics_are_counted_as_a_whole(engine: Engine) -> None:
    simple(engine)
    deploy(engine, start(), service_task("x", "other"), end(), key="other")
    for _ in range(5):
        engine.start("job")
    engine.start("other")
    first, second, third = (work.task.id for work in fetch(engine, most=3))
    engine.external.fail(first, "ani", retries=2, wait=MINUTE)
    engine.external.fail(second, "ani")
    with engine.reading() as connection:
        now = engine.on(connection).real_now()
        other, render = externals.topics(connection, now)
        free = externals.available(connection, ["render", "other", "none"], now, 10)
        most = externals.available(connection, ["render"], now, 1)
        soon = externals.next_free(connection, ["render"], now)
        many = ["render", *(f"tópik {number}" for number in range(3_000))]
        assert externals.available(connection, many, now, 10) == {"render": 2}
        assert externals.next_free(connection, many, now) == soon
        assert externals.available(connection, [], now, 10) == {}
        assert externals.next_free(connection, [], now) is None
    assert (other.topic, other.waiting, other.leased) == ("other", 1, 0)
    assert (render.waiting, render.leased, render.failing, render.stuck) == (5, 1, 1, 1)
    assert free == {"render": 2, "other": 1}
    assert most == {"render": 1}
    assert soon == min(until(engine, first), until(engine, third))


def test_workers_are_heard_of_by_topic(engine: Engine) -> None:
    engine.external.fetch("ani", [wanted("a"), wanted("b")], by="robot")
    engine.external.fetch("budi", [wanted("b")])
    with engine.reading() as connection:
        columns = tables.worker.c.topic, tables.worker.c.worker, tables.worker.c.by
        seen = connection.execute(select(*columns)).all()
        assert workers.unheard(connection, ["a", "b", "c"]) == {"c"}
        later = engine.on(connection).real_now() + MINUTE
        assert workers.unheard(connection, ["a", "c"], later) == {"a", "c"}
    assert set(seen) == {("a", "ani", "robot"), ("b", "ani", "robot"), ("b", "budi", None)}


def test_who_has_not_asked_for_long_is_forgotten(engine: Engine) -> None:
    engine.external.fetch("ani", [wanted("a")])
    with engine.transaction() as connection:
        workers.forget(connection, engine.on(connection).real_now() + timedelta(days=29))
        assert list(connection.scalars(select(tables.worker.c.worker))) == ["ani"]
        long_ago = engine.on(connection).real_now() - timedelta(days=31)
        workers.hear(connection, "budi", ["a"], None, long_ago)
    engine.maintain()
    with engine.reading() as connection:
        assert list(connection.scalars(select(tables.worker.c.worker))) == ["ani"]


def test_a_task_inside_a_sub_process_is_taken_away_with_it(
    engine: Engine, clock: ManualClock
) -> None:
    inside = sub_process("sub", start("s"), service_task("work", "render"), end("e"))
    deploy(
        engine, start(), inside, boundary("b", "sub", timer("P1D")), user_task("late"), end(),
        flow("start", "sub"), flow("sub", "end"), flow("b", "late"),
    )  # fmt: skip
    case = engine.start("job")
    task = one(engine).task
    clock.advance(days=2)
    engine.run_due()
    assert open_elements(engine, case) == ["late"]
    with pytest.raises(NotFound):
        engine.external.complete(task.id, "ani")


def test_another_process_is_told_of_work_where_the_database_can(
    postgres_url: str, clock: ManualClock
) -> None:
    here, there = Engine.open(postgres_url, None, clock), Engine.open(postgres_url, None, clock)
    told: Queue[frozenset[str]] = Queue()
    there.external.listen(told.put)
    assert told.get(timeout=20) == frozenset(), "what was said before is not known"
    simple(here)
    here.start("job")
    assert told.get(timeout=20) == {"render"}
    for engine in (here, there):
        engine.close()


# --- what comes twice, late or damaged ------------------------------------------------------------


def refusing(step: Step) -> None:
    if step.data["broken"]:
        raise OSError("down")


def guarded(open_engine: Open, kind: str, *, interrupting: bool = True) -> Engine:
    """A task whose boundary event leads to a service that can be broken."""
    engine = open_engine({"mend": refusing})
    simple(
        engine, boundary("b", "work", event(kind, "x"), interrupting=interrupting),
        service_task("mend", "mend"), user_task("caught"), flow("start", "work"),
        flow("work", "after"), flow("b", "mend"), flow("mend", "caught"),
    )  # fmt: skip
    return engine


def mend(engine: Engine, incident: UUID) -> None:
    """What a worker sent that failed is repeated with a variable that makes it work."""
    with engine.transaction() as connection:
        kept = connection.scalar(select(tables.incident.c.command).where(
            tables.incident.c.id == incident))  # fmt: skip
        assert kept is not None
        command = {**kept, "data": {"broken": False}}
        connection.execute(
            update(tables.incident).where(tables.incident.c.id == incident).values(command=command)
        )


def test_after_the_retry_of_an_escalation_the_task_is_given_out_again(open_engine: Open) -> None:
    engine = guarded(open_engine, "escalation", interrupting=False)
    case = engine.start("job", {"broken": True})
    task = one(engine).task
    incident = engine.external.escalate(task.id, "ani", "x").incident
    assert incident is not None
    mend(engine, incident)
    assert engine.retry(incident, "owner").done
    assert engine.incidents() == []
    engine.external.complete(one(engine, "budi").task.id, "budi")
    assert sorted(open_elements(engine, case)) == ["after", "caught"]


@pytest.mark.parametrize("act", ["complete", "throw_error"])
def test_what_is_sent_twice_while_it_fails_is_one_incident(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    engine = guarded(open_engine, "error")
    if act == "complete":
        deploy(engine, start(), service_task("work", "render"), service_task("m", "mend"), end())
    engine.start("job", {"broken": True})
    task = one(engine).task
    more = () if act == "complete" else ("x",)
    send = partial(getattr(engine.external, act), task.id, "ani", *more)
    record, sent = repairs.record, []

    def meanwhile(*given: Any) -> UUID:
        if not sent:
            sent.append(None)
            sent.append(send())
        return record(*given)

    monkeypatch.setattr(repairs, "record", meanwhile)
    first = send()
    [incident] = engine.incidents()
    assert first == sent[1] == Received(incident.id)
    assert send() == first
    mend(engine, incident.id)
    assert engine.retry(incident.id, "owner").done
    assert engine.incidents() == []


def test_what_fails_after_another_has_taken_the_task_is_not_kept(
    open_engine: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine({"mend": refusing})
    deploy(engine, start(), service_task("work", "render"), service_task("m", "mend"), end())
    engine.start("job", {"broken": True})
    task = one(engine).task
    record = repairs.record

    def meanwhile(*given: Any) -> UUID:
        run_out(engine, task.id)
        one(engine, "budi")
        return record(*given)

    with monkeypatch.context() as now:
        now.setattr(repairs, "record", meanwhile)
        with pytest.raises(Conflict, match="not held by ani but by budi"):
            engine.external.complete(task.id, "ani")
    assert engine.incidents() == []
    engine.external.complete(task.id, "budi", {"broken": False})


def test_a_row_of_a_former_version_is_told_with_the_process_its_element_is_drawn_in(
    engine: Engine,
) -> None:
    deploy(engine, start(), service_task("work", "render"), end(), key="inner")
    deploy(engine, start(), node("callActivity", "call", calledElement="inner"), user_task("after"))
    case = engine.start("job")
    with engine.transaction() as connection:
        outer = select(tables.instance.c.definition_id).where(tables.instance.c.id == case)
        connection.execute(
            update(tables.external_task).values(definition_id=outer.scalar_subquery())
        )
    work = one(engine)
    assert work.version.key == "inner"
    assert engine.external.fail(work.task.id, "ani") is not None
    [incident] = engine.incidents()
    assert incident.element_id == "work"


def test_an_answer_ends_where_it_would_be_too_large(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_data.read_work, "__defaults__", (1,))
    simple(engine)
    for _ in range(3):
        engine.start("job")
    assert len(fetch(engine, most=3)) == 1
    assert len(fetch(engine, "budi", most=3)) == 1, "what did not fit is given out again"


def test_what_a_worker_says_of_a_case_is_not_said_to_those_who_repair(open_engine: Open) -> None:
    cases = NoCases()
    cases.processes = frozenset({"job"})
    cases.family = lambda connection, instance: "family"  # type: ignore[method-assign]
    engine = open_engine(cases=cases)
    simple(engine)
    engine.start("job")
    engine.external.fail(one(engine).task.id, "ani", "secret")
    [incident] = engine.incidents()
    assert str(incident.what) == "The worker gave up."


def test_whoever_sets_retries_or_gives_up_an_error_tells_who_waits(engine: Engine) -> None:
    simple(engine)
    told: list[frozenset[str]] = []
    engine.start("job")
    engine.external.listen(told.append)
    task = one(engine).task
    engine.external.fail(task.id, "ani")
    told.clear()
    engine.external.set_retries([task.id], 2, "owner")
    assert frozenset({"render"}) in told
    incident = engine.external.throw_error(one(engine).task.id, "ani", "x").incident
    assert incident is not None
    told.clear()
    engine.discard(incident, "owner")
    assert frozenset({"render"}) in told


def test_that_a_worker_asks_is_written_down_once_a_minute(engine: Engine) -> None:
    engine.external.fetch("ani", [wanted("a")])
    with engine.transaction() as connection:
        long_ago = engine.on(connection).real_now() - MINUTE
        connection.execute(update(tables.worker).values(seen_at=long_ago))
    engine.external.fetch("ani", [wanted("a"), wanted("b")])
    with engine.reading() as connection:
        seen = dict(
            connection.execute(select(tables.worker.c.topic, tables.worker.c.seen_at)).all()
        )
    assert seen["a"] == long_ago < seen["b"]


def test_a_row_that_is_looked_at_is_leased_to_nobody_meanwhile(postgres_url: str) -> None:
    engine = Engine.open(postgres_url)
    simple(engine)
    engine.start("job")
    task = one(engine).task
    run_out(engine, task.id)
    with engine.transaction() as connection:
        assert externals.locked(connection, task.id) is not None
        assert fetch(engine, "budi") == []
    assert one(engine, "budi").task.id == task.id
    engine.close()
