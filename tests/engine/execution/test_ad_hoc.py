"""Choosing in an ad-hoc sub-process: acts of one case, each a step with its event."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from engine import BadInput, Conflict, Engine, NotFound
from engine.ports.handlers import Step
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    ad_hoc,
    bpmn,
    end,
    multi_instance,
    process,
    properties,
    service_task,
    start,
    user_task,
)
from tests.engine.models_of_tests import open_elements

TASKS = (user_task("ask"), user_task("visit"))


def deployed(engine: Engine, *inside: Part, **attributes: object) -> Engine:
    work = ad_hoc("work", *(inside or TASKS), **attributes)  # type: ignore[arg-type]
    parts = (start(), work, user_task("after"), end())
    engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")
    return engine


def chosen(engine: Engine, case: UUID) -> list[list[str]]:
    """Ids of what can be started, for each open ad-hoc sub-process."""
    return [[one.id for one in choice.activities] for choice in engine.choices(case)]


def complete_at(
    engine: Engine, case: UUID, element: str, answers: dict[str, object] | None = None
) -> None:
    task = next(one for one in engine.tasks(case) if one.element_id == element)
    engine.complete(task.id, answers, "ani")


def token_of(engine: Engine, case: UUID) -> UUID:
    [choice] = engine.choices(case)
    return choice.token


def test_what_is_started_by_one_worker_is_completed_by_another(open_engine: Open) -> None:
    engine = deployed(open_engine())
    case = engine.start("p")
    assert chosen(engine, case) == [["ask", "visit"]]
    engine.start_activity(case, "visit", {"who": "budi"}, by="ani")
    other = open_engine()
    assert open_elements(other, case) == ["visit"]
    complete_at(other, case, "visit")
    engine.signal(token_of(engine, case), {"result": "seen"}, by="ani")
    assert open_elements(other, case) == ["after"]
    assert engine.data(case) == {"who": "budi", "result": "seen"}


def test_the_history_says_who_started_what_and_who_completed_the_whole(open_engine: Open) -> None:
    engine = deployed(open_engine())
    case = engine.start("p")
    engine.start_activity(case, "ask", {"n": 1}, by="ani")
    complete_at(engine, case, "ask")
    engine.signal(token_of(engine, case), by="budi")
    first, started, _, completed = engine.history(case)
    assert list(first.entered) == ["start", "work"]
    assert (started.kind, started.by, list(started.entered)) == ("activity", "ani", ["ask"])
    assert (dict(started.details), started.changed) == ({"element": "ask"}, {"n": 1})
    assert (completed.by, list(completed.left)) == ("budi", ["work"])
    assert engine.broken_history(case) is None


def test_a_case_stands_at_it_in_the_drawing(open_engine: Open) -> None:
    engine = deployed(open_engine())
    case = engine.start("p")
    definition = engine.instance(case).definition_id
    assert engine.counts(definition) == {"work": 1}
    engine.start_activity(case, "ask")
    assert engine.counts(definition) == {"work": 1, "ask": 1}
    complete_at(engine, case, "ask")
    engine.signal(token_of(engine, case))
    assert engine.counts(definition) == {"after": 1}


def test_the_same_request_starts_an_activity_once(open_engine: Open) -> None:
    engine = deployed(open_engine())
    case = engine.start("p")
    for _ in range(2):
        engine.start_activity(case, "ask", by="ani", request_id="r-1")
    assert open_elements(engine, case) == ["ask"]


def test_what_cannot_be_started_is_refused_and_changes_nothing(open_engine: Open) -> None:
    engine = deployed(open_engine(), ordering="Sequential")
    case = engine.start("p")
    engine.start_activity(case, "ask")
    with pytest.raises(BadInput):
        engine.start_activity(case, "visit", {"n": 1})
    with pytest.raises(BadInput):
        engine.start_activity(case, "after")
    with pytest.raises(BadInput):
        engine.signal(token_of(engine, case), {"n": 1})
    assert (open_elements(engine, case), engine.data(case)) == (["ask"], {})
    assert len(engine.history(case)) == 2
    complete_at(engine, case, "ask")
    assert chosen(engine, case) == [["ask", "visit"]]


def test_where_nothing_is_to_choose_nothing_is_started(open_engine: Open) -> None:
    engine = deployed(open_engine())
    case = engine.start("p")
    with pytest.raises(Conflict):
        engine.start_activity(case, "ask", token=uuid4())
    token = token_of(engine, case)
    engine.signal(token)
    with pytest.raises(Conflict):
        engine.start_activity(case, "ask")
    with pytest.raises(Conflict):
        engine.signal(token)
    with pytest.raises(NotFound):
        engine.start_activity(uuid4(), "ask")


def test_of_several_the_oldest_in_which_it_can_be_started_or_the_one_named(
    open_engine: Open,
) -> None:
    engine = deployed(open_engine(), *TASKS, multi_instance("[1, 2]"), ordering="Sequential")
    case = engine.start("p")
    engine.start_activity(case, "ask")
    assert chosen(engine, case) == [[], ["ask", "visit"]]
    engine.start_activity(case, "visit")
    assert chosen(engine, case) == [[], []]
    complete_at(engine, case, "ask")
    complete_at(engine, case, "visit")
    engine.start_activity(case, "ask", token=engine.choices(case)[1].token)
    assert chosen(engine, case) == [["ask", "visit"], []]


def test_an_activity_that_fails_is_an_incident_and_started_again_by_its_retry(
    open_engine: Open,
) -> None:
    broken = [True]

    def look(_: Step) -> dict[str, object]:
        if broken[0]:
            raise RuntimeError
        return {"seen": True}

    inside = (service_task("look", "look"), user_task("ask"))
    engine = deployed(open_engine({"look": look}), *inside, until="seen")
    case = engine.start("p")
    received = engine.start_activity(case, "look", {"n": 1}, by="ani")
    assert received.incident is not None
    assert (chosen(engine, case), engine.data(case)) == ([["look", "ask"]], {})
    broken[0] = False
    assert engine.retry(received.incident, "owner").done
    assert open_elements(engine, case) == ["after"]
    assert engine.data(case) == {"n": 1, "seen": True}
    assert engine.history(case)[-1].by == "ani"


def test_a_word_the_condition_reads_is_kept_where_a_handler_takes_the_answers_in(
    open_engine: Open,
) -> None:
    ask = user_task("ask", properties(onComplete="record"))
    engine = deployed(open_engine({"record": lambda _: {}}), ask, until="enough")
    case = engine.start("p")
    engine.start_activity(case, "ask")
    complete_at(engine, case, "ask", {"enough": True, "text": "long"})
    assert open_elements(engine, case) == ["after"]
    assert engine.data(case) == {"enough": True}
