"""Another worker does each act, after the release of a new version: running cases go on as they
began.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from uuid import UUID

import pytest

from engine import Engine
from engine.later.repairs import Received
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    Part,
    ad_hoc,
    boundary,
    bpmn,
    catch,
    compensate,
    condition,
    end,
    event,
    exclusive,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    start,
    sub_process,
    throw,
    timer,
    undoing,
    user_task,
)
from tests.engine.models_of_tests import open_elements

LINK = Part('<linkEventDefinition name="L"/>')
LOOP = Part(
    '<standardLoopCharacteristics testBefore="false">'
    "<loopCondition>again</loopCondition></standardLoopCharacteristics>"
)
Act = Callable[[Engine, UUID, ManualClock], None]


def does(element: str, /, **answers: object) -> Act:
    """Complete the first open task of this element."""

    def act(engine: Engine, case: UUID, _clock: ManualClock) -> None:
        task = next(t for t in engine.tasks(instance_id=case) if t.element_id == element)
        engine.complete(task.id, answers, "ani")
        engine.run_due()

    return act


def hears(message: str) -> Act:
    """A message to the case."""
    return lambda engine, case, clock: engine.deliver(message, "K", {})


def chooses(activity: str) -> Act:
    """Start an activity of an ad-hoc sub-process."""
    return lambda engine, case, clock: _taken(engine.start_activity(case, activity, by="ani"))


def completes(sub_process: str) -> Act:
    """Complete an ad-hoc sub-process."""

    def act(engine: Engine, case: UUID, _clock: ManualClock) -> None:
        [token] = [one.token for one in engine.choices(case) if one.element.id == sub_process]
        engine.signal(token, by="ani")

    return act


def _taken(received: Received) -> None:
    assert received.incident is None


def waits(days: int) -> Act:
    """Time passes."""

    def act(engine: Engine, _case: UUID, clock: ManualClock) -> None:
        clock.advance(days=days)
        engine.run_due()

    return act


def around(*steps: Part, watching: Part) -> tuple[Part, ...]:
    """A chain with an event sub-process beside it."""
    chain = [start(), *steps, end()]
    flows = [flow(one.id, two.id) for one, two in pairwise(chain)]
    return (*chain, watching, *flows)


def watcher(what: Part, *, interrupting: bool) -> Part:
    first = start("w_start", what, isInterrupting=interrupting)
    return sub_process("w", first, user_task("extra"), end("w_end"), triggeredByEvent=True)


TRANSACTION = (
    start(),
    node(
        "transaction",
        "book",
        start("b"),
        user_task("pay"),
        exclusive("paid", default="paid_to_done"),
        end("undo", event("cancel")),
        end("done"),
        flow("b", "pay"),
        flow("pay", "paid"),
        flow("paid", "undo", "bad"),
        flow("paid", "done"),
    ),
    boundary("undone", "book", event("cancel")),
    user_task("repair"),
    end(),
    flow("start", "book"),
    flow("undone", "repair"),
    flow("repair", "book"),
    flow("book", "end"),
)
LINKED = (
    start(),
    exclusive("merge"),
    user_task("a"),
    exclusive("more", default="more_to_end"),
    throw("there", LINK),
    catch("here", LINK),
    end(),
    flow("start", "merge"),
    flow("merge", "a"),
    flow("a", "more"),
    flow("more", "there", "again"),
    flow("more", "end"),
    flow("here", "merge"),
)
INSIDE = (start("s"), user_task("a"), user_task("b"), end("e"))
MESSAGE_AND_TIME = Part(event("message", "n").xml + timer("P9D").xml)
MESSAGE, EVERY_DAY = event("message", "m"), timer("R/P1D", "timeCycle")

STORIES: dict[str, tuple[tuple[Part, ...], list[Act], list[list[str]]]] = {
    "an interrupting event sub-process": (
        around(user_task("a"), watching=watcher(MESSAGE, interrupting=True)),
        [hears("m"), does("extra")],
        [["a"], ["extra"], []],
    ),
    "an event sub-process that comes again": (
        around(user_task("a"), watching=watcher(EVERY_DAY, interrupting=False)),
        [waits(1), waits(1), does("extra"), does("a"), does("extra")],
        [["a"], ["a", "extra"], ["a", "extra", "extra"], ["a", "extra"], ["extra"], []],
    ),
    "a cancelled transaction": (
        TRANSACTION,
        [does("pay", bad=True), does("repair"), does("pay", bad=False)],
        [["pay"], ["repair"], ["pay"], []],
    ),
    "a signal to oneself": (
        around(
            user_task("a"),
            throw("say", event("signal", "s")),
            user_task("b"),
            watching=watcher(event("signal", "s"), interrupting=False),
        ),
        [does("a"), does("b"), does("extra")],
        [["a"], ["b", "extra"], ["extra"], []],
    ),
    "a standard loop": (
        (start(), sub_process("l", LOOP, *INSIDE, flow("s", "a"), flow("a", "b"), flow("b", "e")),
         end()),
        [does("a"), does("b", again=True), does("a"), does("b", again=False)],
        [["a"], ["b"], ["a"], ["b"], []],
    ),
    "a sub-process for each": (
        (start(), sub_process("l", multi_instance("[1, 2]"), *INSIDE, flow("s", "a"),
                              flow("a", "b"), flow("b", "e")), end()),
        [does("a"), does("b"), does("a"), does("b")],
        [["a", "a"], ["a", "b"], ["a"], ["b"], []],
    ),
    "a called process for each, one after the other": (
        (start(), node("callActivity", "c", multi_instance("[1, 2]", sequential=True),
                       calledElement="other"), end()),
        [does("inner"), does("inner")],
        [["inner"], ["inner"], []],
    ),
    "a condition that ends its task": (
        around(
            sub_process(
                "sub", start("s"), parallel("fork"), user_task("a"), user_task("b"), end("e"),
                *(flow("s", "fork"), flow("fork", "a"), flow("fork", "b"), flow("b", "e")),
            ),
            watching=watcher(condition("n > 1"), interrupting=True),
        ),
        [does("a", n=1), does("b", n=2), does("extra")],
        [["a", "b"], ["b"], ["extra"], []],
    ),
    "what was done inside a sub-process is undone": (
        (
            start(),
            sub_process(
                "sub", start("s"), user_task("a"), *undoing("a"), user_task("b"), *undoing("b"),
                *(end("e"), flow("s", "a"), flow("a", "b"), flow("b", "e")),
            ),
            user_task("c"),
            throw("back", compensate()),
            user_task("after"),
            end(),
        ),
        [does("a"), does("b"), does("c"), does("undo_b"), does("undo_a"), does("after")],
        [["a"], ["b"], ["c"], ["undo_a", "undo_b"], ["undo_a"], ["after"], []],
    ),
    "a cancelled transaction undoes what it has done": (
        (
            start(),
            node(
                "transaction", "book", start("s"), user_task("a"), *undoing("a"), user_task("b"),
                *(end("no", event("cancel")), flow("s", "a"), flow("a", "b"), flow("b", "no")),
            ),
            *(boundary("undone", "book", event("cancel")), user_task("sorry"), end()),
            *(flow("start", "book"), flow("book", "end"), flow("undone", "sorry")),
        ),
        [does("a"), does("b"), does("undo_a"), does("sorry")],
        [["a"], ["b"], ["undo_a"], ["sorry"], []],
    ),
    "the first of several events": (
        around(
            catch("wait", event("message", "m"), timer("P3D")),
            user_task("a"),
            watching=watcher(MESSAGE_AND_TIME, interrupting=False),
        ),
        [waits(3), hears("n"), does("a"), does("extra")],
        [[], ["a"], ["a", "extra"], ["extra"], []],
    ),
    "what people choose, one at a time": (
        (start(), ad_hoc("x", user_task("a"), user_task("b"), ordering="Sequential"),
         user_task("c"), end()),
        [chooses("b"), does("b"), chooses("a"), does("a"), completes("x"), does("c")],
        [[], ["b"], [], ["a"], [], ["c"], []],
    ),
    "what people choose until it is enough": (
        (start(), ad_hoc("x", user_task("a"), user_task("b"), flow("a", "b"), user_task("d"),
                         until="n > 1", cancelRemainingInstances=False), user_task("c"), end()),
        [chooses("a"), chooses("d"), does("a"), does("b", n=2), does("d"), does("c")],
        [[], ["a"], ["a", "d"], ["b", "d"], ["d"], ["c"], []],
    ),
    "links": (LINKED, [does("a", again=True), does("a", again=False)], [["a"], ["a"], []]),
    "a start by message": (
        (start("start", event("message", "begin")), user_task("a"), end()),
        [does("a")],
        [["a"], []],
    ),
}  # fmt: skip


def edition(parts: tuple[Part, ...], number: int) -> dict[str, bytes]:
    """The model with a called one beside it; each edition has other names."""
    inner = user_task("inner", name=f"Do {number}")
    return {
        "p.bpmn": bpmn(process("p", *parts, name=f"Edition {number}")),
        "other.bpmn": bpmn(process("other", start("o_start"), inner, end("o_end"))),
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.replace(" ", "_"))
def test_another_worker_goes_on_whatever_is_released_meanwhile(
    story: str, open_engine: Open, clock: ManualClock
) -> None:
    parts, acts, places = STORIES[story]
    first = open_engine()
    first.deploy(edition(parts, 0), "owner")
    case = first.start("p", {}, business_key="K")
    seen = [open_elements(first, case)]
    for number, act in enumerate(acts, start=1):
        worker = open_engine()
        worker.deploy(edition(parts, number), "owner")
        act(worker, case, clock)
        seen.append(open_elements(worker, case))
    assert seen == places
    assert open_engine().instance(case).status == "completed"
