"""A refusal without a waiting caller is an incident: of a signal, of a timer."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from engine import BadInput, Conflict, Engine, NotFound
from engine.ports.handlers import Refusal, Step
from engine.sentences.errors import Forbidden
from engine.sentences.sentence import say
from engine.storage.later import jobs
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    flow,
    node,
    process,
    properties,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)
from tests.engine.models_of_tests import only_task, open_elements

ALARM = event("signal", "alarm")


def waiting(*parts: Part) -> dict[str, bytes]:
    return {"p.bpmn": bpmn(process("p", start(), *parts))}


def attached(what: Part, *, interrupting: bool) -> dict[str, bytes]:
    return waiting(
        user_task("work"),
        boundary("late", "work", what, interrupting=interrupting),
        service_task("record", "record"),
        user_task("after"),
        end(),
        *(flow(*two) for two in (("start", "work"), ("work", "end"), ("late", "record"))),
        flow("record", "after"),
    )


def beside(what: Part) -> dict[str, bytes]:
    inside = (start("late", what), service_task("record", "record"), user_task("after"))
    body = sub_process("beside", *inside, triggeredByEvent=True)
    return waiting(user_task("work"), body, flow("start", "work"))


MODELS = {
    "catch": lambda what: waiting(
        catch("late", what), service_task("record", "record"), user_task("after")
    ),
    "boundary": lambda what: attached(what, interrupting=True),
    "boundary that does not interrupt": lambda what: attached(what, interrupting=False),
    "event sub-process": beside,
}
ERRORS = {
    "a refusal": Refusal(say("Not so.")),
    "bad input": BadInput(say("Not so.")),
    "nothing there": NotFound(say("Not so.")),
    "no right": Forbidden(say("Not so.")),
    "somebody faster": Conflict(say("Not so.")),
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


class Recorder:
    """A handler that raises what it is told, and counts when it does not."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.recorded = 0

    def __call__(self, step: Step) -> None:
        if self.error is not None:
            raise self.error
        self.recorded += 1


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def engine(open_engine: Open, recorder: Recorder) -> Engine:
    engine = open_engine({"record": recorder})
    ringing = process("ringing", start(), throw("ring", ALARM), end())
    engine.deploy({"ringing.bpmn": bpmn(ringing)}, "owner")
    return engine


def come(engine: Engine, clock: ManualClock, kind: str) -> None:
    """The signal, or the time, that the case waits for."""
    if kind == "signal":
        engine.start("ringing")
    else:
        clock.advance(days=1)
    engine.run_due()


def nothing_is_buried(engine: Engine) -> bool:
    with engine.reading() as connection:
        return jobs.dead(connection) == [] and jobs.count_by_status(connection) == {}


def play(engine: Engine, clock: ManualClock, recorder: Recorder, kind: str, model: str) -> UUID:
    """A case whose handler has not taken what came."""
    engine.deploy(MODELS[model](ALARM if kind == "signal" else timer("P1D")), "owner")
    case = engine.start("p")
    come(engine, clock, kind)
    return case


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("kind", ["signal", "timer"])
def test_a_handler_that_refuses_makes_an_incident_which_retry_repairs(
    engine: Engine, clock: ManualClock, recorder: Recorder, kind: str, model: str
) -> None:
    recorder.error = Refusal(say("The number is taken."))
    case = play(engine, clock, recorder, kind, model)
    [incident] = engine.incidents()
    assert (incident.instance_id, incident.element_id) == (case, "record")
    assert str(incident.what) == "The number is taken."
    assert nothing_is_buried(engine)
    again = engine.retry(incident.id, "owner")
    assert (again.done, engine.incidents()[0].tries) == (False, 2)

    recorder.error = None
    assert engine.retry(incident.id, "owner").done
    assert recorder.recorded == 1
    assert "after" in open_elements(engine, case)
    assert engine.incidents() == []


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("kind", ["signal", "timer"])
def test_so_it_is_whatever_the_handler_says_no_by(
    engine: Engine, clock: ManualClock, recorder: Recorder, kind: str, error: str
) -> None:
    recorder.error = ERRORS[error]
    case = play(engine, clock, recorder, kind, "catch")
    [incident] = engine.incidents()
    assert (incident.instance_id, str(incident.what)) == (case, "Not so.")
    assert nothing_is_buried(engine)


@pytest.mark.parametrize("error", ERRORS)
def test_a_message_that_its_receiver_says_no_to_is_an_incident_too(
    engine: Engine, recorder: Recorder, error: str
) -> None:
    consent = event("message", "consent")
    asking = process("asking", start(), throw("ask", consent), end())
    engine.deploy({**MODELS["catch"](consent), "asking.bpmn": bpmn(asking)}, "owner")
    case = engine.start("p", business_key="A-1")
    recorder.error = ERRORS[error]
    engine.start("asking", business_key="A-1")
    engine.run_due()
    [incident] = engine.incidents()
    assert "Not so." in str(incident.what)
    assert nothing_is_buried(engine)
    recorder.error = None
    assert engine.retry(incident.id, "owner").done
    assert open_elements(engine, case) == ["after"]


@pytest.mark.parametrize("error", ERRORS)
def test_who_asked_is_told_and_leaves_no_incident(
    engine: Engine, recorder: Recorder, error: str
) -> None:
    task = node("userTask", "work", properties(onComplete="record"))
    engine.deploy(waiting(task, end()), "owner")
    case = engine.start("p")
    recorder.error = ERRORS[error]
    with pytest.raises((BadInput, NotFound, Forbidden, Conflict), match="Not so"):
        engine.complete(only_task(engine, case).id, {}, "ani")
    assert engine.incidents() == []
