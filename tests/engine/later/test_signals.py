"""A signal reaches every case that waits for it, and starts every process with that start event."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine import BadInput, Engine
from engine.storage.cases.steps import lock
from tests.engine.conftest import Open
from tests.engine.execution.border.events.test_messages import told
from tests.engine.models.building import (
    bpmn,
    catch,
    end,
    event,
    exclusive,
    flow,
    parallel,
    process,
    service_task,
    start,
    throw,
    user_task,
)
from tests.engine.models_of_tests import cases_of, only_task, open_elements

ALARM = event("signal", "alarm")
MODELS = {
    "ringing.bpmn": bpmn(
        process(
            "ringing",
            start(),
            user_task("look"),
            throw("ring", told(floor="${floor}"), ALARM),
            end(),
        )
    ),
    "leaving.bpmn": bpmn(
        process(
            "leaving",
            start(),
            catch("heard", ALARM),
            exclusive("where", default="where_to_stairs"),
            user_task("lift"),
            user_task("stairs"),
            flow("start", "heard"),
            flow("heard", "where"),
            flow("where", "lift", "1 / floor > 1 / limit"),
            flow("where", "stairs"),
        )
    ),
    "counting.bpmn": bpmn(process("counting", start("begin", ALARM), user_task("count"), end())),
}


def ring(engine: Engine, floor: int) -> None:
    case = engine.start("ringing", {"floor": floor})
    engine.complete(only_task(engine, case).id, {}, "ani")


def test_every_case_that_waits_hears_it_and_one_that_starts_by_it_starts(engine: Engine) -> None:
    engine.deploy(MODELS, "owner")
    cases = [engine.start("leaving", {"limit": 1}, business_key=f"L-{i}") for i in range(3)]
    ring(engine, 2)
    assert [open_elements(engine, case) for case in cases] == [[], [], []]
    engine.run_due()
    assert [open_elements(engine, case) for case in cases] == [["stairs"]] * 3
    assert engine.data(cases[0])["floor"] == 2
    [started] = cases_of(engine, "counting")
    assert engine.data(started.id) == {"floor": 2}
    assert engine.run_due() == 0


def test_who_begins_to_wait_later_does_not_hear_it(engine: Engine) -> None:
    engine.deploy(MODELS, "owner")
    ring(engine, 2)
    engine.run_due()
    assert open_elements(engine, engine.start("leaving", {"limit": 1})) == []


def test_who_begins_to_wait_before_it_is_spread_does_not_hear_it(open_engine: Open) -> None:
    """Thrown, but the job that spreads it has not run yet."""
    engine = open_engine()
    engine.deploy(MODELS, "owner")
    before = engine.start("leaving", {"limit": 1})
    ring(engine, 2)
    after = engine.start("leaving", {"limit": 1})
    open_engine().run_due()
    assert open_elements(engine, before) == ["stairs"]
    assert open_elements(engine, after) == []
    ring(engine, 2)
    open_engine().run_due()
    assert open_elements(engine, after) == ["stairs"]


def test_a_process_released_before_it_is_spread_is_not_started_by_it(open_engine: Open) -> None:
    engine = open_engine()
    engine.deploy({"ringing.bpmn": MODELS["ringing.bpmn"]}, "owner")
    ring(engine, 2)
    engine.deploy({"counting.bpmn": MODELS["counting.bpmn"]}, "owner")
    open_engine().run_due()
    assert cases_of(engine, "counting") == []
    ring(engine, 2)
    open_engine().run_due()
    assert len(cases_of(engine, "counting")) == 1


def test_a_version_released_before_it_is_spread_starts_where_the_one_before_did(
    open_engine: Open,
) -> None:
    """It starts by the signal too, at a start event of another id."""
    engine = open_engine()
    engine.deploy(MODELS, "owner")
    ring(engine, 2)
    parts = (start("rung", ALARM), user_task("check"), end())
    engine.deploy({"counting.bpmn": bpmn(process("counting", *parts))}, "owner")
    open_engine().run_due()
    [case] = cases_of(engine, "counting")
    assert open_elements(engine, case.id) == ["check"]


def test_a_case_hears_itself_where_it_waited_before_it_threw(open_engine: Open) -> None:
    """All in one step: one branch waits, then another throws, then a third comes to wait."""
    engine = open_engine()
    engine.deploy(OWN, "owner")
    case = engine.start("own")
    open_engine().run_due()
    assert open_elements(engine, case) == ["early"]
    ring_again = engine.start("own")
    open_engine().run_due()
    assert open_elements(engine, case) == ["early", "late"], "the next one is heard"
    assert open_elements(engine, ring_again) == ["early"]


OWN = {
    "own.bpmn": bpmn(
        process(
            "own",
            start(),
            parallel("fork"),
            catch("hear_first", ALARM),
            user_task("early"),
            throw("ring", ALARM),
            catch("hear_then", ALARM),
            user_task("late"),
            flow("start", "fork"),
            flow("fork", "hear_first"),
            flow("hear_first", "early"),
            flow("fork", "ring"),
            flow("ring", "hear_then"),
            flow("hear_then", "late"),
        )
    )
}


def test_a_handler_right_behind_takes_in_what_a_signal_of_its_own_case_brings(
    open_engine: Open,
) -> None:
    """As with a message: what nothing reads is no variable."""
    answers: list[dict[str, object]] = []
    engine = open_engine({"record": lambda step: answers.append(step.answers)})
    parts = (
        start(),
        parallel("fork"),
        catch("wait", ALARM),
        service_task("record", "record"),
        user_task("after", name="Floor ${floor}"),
        throw("ring", told(floor="${1 + 1}", secret="${'s'}"), ALARM),
        flow("start", "fork"),
        flow("fork", "wait"),
        flow("wait", "record"),
        flow("record", "after"),
        flow("fork", "ring"),
    )
    engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")
    case = engine.start("p")
    assert answers == [{"floor": 2, "secret": "s"}]
    assert engine.data(case) == {"floor": 2}
    assert engine.run_due() == 1, "it is spread to the others"
    assert len(answers) == 1


def test_one_who_fails_at_it_holds_up_none_of_the_others(engine: Engine) -> None:
    engine.deploy(MODELS, "owner")
    broken = engine.start("leaving", {"limit": 0})
    others = [engine.start("leaving", {"limit": 1}) for _ in range(2)]
    ring(engine, 2)
    engine.run_due()
    assert [open_elements(engine, case) for case in others] == [["stairs"], ["stairs"]]
    [incident] = engine.incidents()
    assert incident.instance_id == broken
    assert engine.run_due() == 0


def test_a_case_that_is_locked_hears_it_at_the_next_look(open_engine: Open) -> None:
    engine = open_engine()
    engine.deploy(MODELS, "owner")
    case = engine.start("leaving", {"limit": 1})
    ring(engine, 2)
    if not engine.database.is_sqlite:
        with engine.transaction() as connection:
            lock(connection, case)
            open_engine().run_due()
            assert open_elements(engine, case) == []
    open_engine().run_due()
    assert open_elements(engine, case) == ["stairs"]


def test_a_case_that_ended_meanwhile_leaves_nothing_behind(engine: Engine) -> None:
    engine.deploy(MODELS, "owner")
    case: UUID = engine.start("leaving", {"limit": 1})
    ring(engine, 2)
    engine.cancel(case, "not needed", "ani")
    engine.run_due()
    assert engine.run_due() == 0
    assert engine.seconds_to_next_job() is None


def test_a_message_is_no_signal_whatever_key_it_is_sent_under(engine: Engine) -> None:
    engine.deploy(MODELS, "owner")
    case = engine.start("leaving", {"limit": 1})
    with pytest.raises(BadInput, match="belongs to signals"):
        engine.deliver("alarm", "*", {"floor": 1})
    assert open_elements(engine, case) == []
