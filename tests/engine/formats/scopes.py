"""Cases from the time when every token carried its own copy of the data, each in the middle of work
that makes the copies differ; and the result that each must have now that variables live in scopes.

`python -m tests.engine.formats.writing` keeps them. The models are in `scope_models`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from engine import Engine
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.formats import cases
from tests.engine.formats.scope_models import MODELS

CALLED = ("child.bpmn", "timed.bpmn")
DAYS_KEPT = 2
"""How long the cases have run when they are kept."""


@dataclass(frozen=True)
class World:
    """The engine and the clock around one case."""

    engine: Engine
    clock: ManualClock
    id: UUID
    name: str


Act: TypeAlias = Callable[[World], object]


@dataclass(frozen=True)
class Case:
    """One kept case. `before`: done on the first day; `kept_after`: done when its timers of two
    days have fired. `sees` are the variables of the instance when it is opened again, `shows` what
    its open tasks see, by `element.name` in the order of the tasks. `after` leads to its end, with
    `ends` as its variables."""

    name: str
    key: str
    data: Mapping[str, Any]
    sees: Mapping[str, Any]
    ends: Mapping[str, Any]
    after: tuple[Act, ...]
    before: tuple[Act, ...] = ()
    kept_after: tuple[Act, ...] = ()
    shows: Mapping[str, list[Any]] = field(default_factory=dict)


def do(element: str, index: int = 0, **answers: Any) -> Act:
    """Complete an open task of this element."""

    def act(world: World) -> None:
        open_tasks = world.engine.tasks(instance_id=world.id)
        task = [one for one in open_tasks if one.element_id == element][index]
        world.engine.complete(task.id, answers, "ani", request_id=f"r-{task.id}")

    return act


def told(message: str, **payload: Any) -> Act:
    """Deliver a message."""
    return lambda world: world.engine.deliver(
        message, world.name, payload, request_id=f"{message} of {world.name}"
    )


def day(number: int) -> Act:
    """Let the timers fire that are due by the day of this number."""

    def act(world: World) -> None:
        world.clock.now = MONDAY + timedelta(days=number)
        world.engine.run_due()

    return act


def retried(world: World) -> None:
    """Repeat what failed."""
    [incident] = [one for one in world.engine.incidents() if one.instance_id == world.id]
    assert world.engine.retry(incident.id, "owner").done


def planned(number: int) -> str:
    """The planned time of a timer due on the day of this number, as `timer` says it."""
    return (MONDAY + timedelta(days=number)).isoformat()


AFTER = do("after")
FORM = {"note": "old", "other": "kept"}
LIST = ["p", "q", "r", "s"]
FORK = {"x": 0, "y": 0, "z": 0, "dropped": "kept"}
RUNS = {"names": LIST, "name": "outer", "votes": 0}

CASES = (
    # --- a form is open: what it dropped from its token is no change ------------------------------
    Case("form", "form", FORM, FORM, {**FORM, "note": "new"},
         (do("beside"), do("ask", note="new"), AFTER), shows={"ask.note": ["old"]}),
    Case("form beside a change", "form", FORM, {**FORM, "other": "changed"},
         {**FORM, "other": "changed"}, (do("ask"), AFTER), (do("beside", other="changed"),)),
    Case("form in runs", "form_in_runs", {"names": ["p", "q"], "note": "old"},
         {"names": ["p", "q"], "note": "given"}, {"names": ["p", "q"], "note": "given"},
         (do("ask"), do("beside"), AFTER), (do("ask", note="given"),)),
    Case("form in open runs", "form_in_runs", {"names": ["p", "q"], "note": "old"},
         {"names": ["p", "q"], "note": "old"}, {"names": ["p", "q"], "note": "old"},
         (do("ask"), do("ask"), do("beside"), AFTER), shows={"ask.name": ["p", "q"]}),
    Case("form guarded", "form_guarded", FORM, FORM, {**FORM, "other": "new"},
         (do("ask", other="new"), AFTER)),
    # --- branches changed the same name -----------------------------------------------------------
    Case("half joined", "conflict", FORK, {"x": 2, "y": 1, "z": 2, "dropped": "kept"},
         {"x": 2, "y": 1, "z": 2, "dropped": "kept"}, (do("b2"), AFTER),
         (do("a1", x=1, y=1), do("a2"), do("b1", x=2, z=2))),
    Case("half joined, the other first", "conflict", FORK,
         {"x": 1, "y": 1, "z": 2, "dropped": "b"}, {"x": 1, "y": 1, "z": 2, "dropped": "b"},
         (do("a2"), AFTER), (do("b1", x=2, z=2), do("b2", dropped="b"), do("a1", x=1, y=1))),
    Case("not joined", "conflict", FORK, {"x": 2, "y": 1, "z": 2, "dropped": "kept"},
         {"x": 2, "y": 1, "z": 2, "dropped": "kept"}, (do("a2"), do("b2"), AFTER),
         (do("a1", x=1, y=1), do("b1", x=2, z=2))),
    Case("ended", "ended", FORK, {"x": 2, "y": 1, "z": 0, "dropped": "a"},
         {"x": 2, "y": 1, "z": 0, "dropped": "a"}, (do("b2"),),
         (do("a", x=1, y=1, dropped="a"), do("b1", x=2))),
    # --- repeated activities; results fill the places of the ended runs ---------------------------
    Case("at once", "at_once", RUNS, {**RUNS, "votes": 1},
         {**RUNS, "votes": 5, "answers": ["a", "c", "b", "d"]},
         (do("each", 1, answer="d"), do("each", answer="a", votes=5), AFTER),
         (do("each", 2, answer="c", votes=1), do("each", 1, answer="b")),
         shows={"each.name": ["p", "s"], "each.loopCounter": [0, 3], "each.votes": [1, 1]}),
    Case("one by one", "one_by_one", RUNS, {**RUNS, "votes": 1},
         {**RUNS, "votes": 2, "answers": ["a", "b", "c", "d"]},
         (do("each", answer="b", votes=2), do("each", answer="c"), do("each", answer="d"), AFTER),
         (do("each", answer="a", votes=1),),
         shows={"each.name": ["q"], "each.loopCounter": [1], "each.votes": [1]}),
    Case("until", "until", RUNS, {**RUNS, "votes": 2},
         {**RUNS, "votes": 2, "answers": ["a", "b", "c", None]}, (do("each", answer="c"), AFTER),
         (do("each", answer="a", votes=1), do("each", answer="b", votes=2))),
    Case("runs inside", "runs_inside", {"names": ["p", "q"], "name": "outer", "x": 0},
         {"names": ["p", "q"], "name": "outer", "x": 2, "y": 1},
         {"names": ["p", "q"], "name": "outer", "x": 2, "y": 1}, (do("two"), AFTER),
         (do("one", x=1), do("two", y=1), do("one", x=2)), shows={"two.name": ["q"]}),
    Case("again", "again", {"n": 0}, {"n": 1}, {"n": 3},
         (do("each", n=2), do("each", n=3), AFTER), (do("each", n=1),),
         shows={"each.loopCounter": [1], "each.n": [1]}),
    # --- event sub-processes ----------------------------------------------------------------------
    Case("begun by a timer", "watch_timer", {"looked": []}, {"looked": []},
         {"looked": [planned(1), planned(2)]}, (do("look"), do("look"), do("work"), AFTER),
         shows={"look.timer.planned": [planned(1), planned(2)]}),
    Case("begun by a message", "watch_message", {"word": "", "y": 0}, {"word": "x", "y": 0},
         {"word": "x", "y": 1}, (do("look", y=1), do("work"), AFTER),
         kept_after=(told("hint", word="x"),), shows={"look.word": ["x"], "work.word": ["x"]}),
    # --- calls: a copy of their own, given back by the old rule -----------------------------------
    Case("call", "call_plain", {"n": 1, "m": 1}, {"n": 1, "m": 2}, {"n": 5, "m": 2, "total": 6},
         (do("sign"), AFTER), (do("ask", n=5), do("beside", m=2)),
         shows={"sign.n": [5], "sign.m": [1]}),
    Case("call with inputs", "call_in", {"x": 2, "n": 0}, {"x": 2, "n": 0},
         {"x": 2, "n": 20, "k": 1, "total": 21}, (do("sign"), do("beside"), AFTER),
         (do("ask", k=1),), shows={"sign.total": [21]}),
    Case("call with both", "call_both", {"x": 2}, {"x": 2}, {"x": 2, "result": 21},
         (do("sign"), do("beside"), AFTER), (do("ask"),)),
    Case("call with outputs", "call_out", {"n": 1}, {"n": 1}, {"n": 1, "result": 5},
         (do("sign"), do("beside"), AFTER), (do("ask", n=4),)),
    Case("calls in runs", "call_runs", {"names": ["p", "q"], "n": 0}, {"names": ["p", "q"], "n": 0},
         {"names": ["p", "q"], "n": 7, "total": 8},
         (do("sign"), do("ask", n=7), do("sign"), do("beside"), AFTER), (do("ask", n=5),),
         shows={"sign.name": ["p"], "ask.name": ["q"], "ask.n": [0]}),
    Case("call with a late task", "call_timed", {"looked": []}, {"looked": []},
         {"looked": [planned(1)]}, (do("look"), do("ask"), AFTER),
         shows={"look.timer.planned": [planned(1)], "ask.timer": [None]}),
    # --- a failed step, repeated by the new rules -------------------------------------------------
    Case("failed", "failed", {"x": 0}, {"x": 0, "amount": 5}, {"x": 0, "amount": 5, "total": 10},
         (retried, AFTER), (do("a1"), do("b1", amount=5))),
    # --- left by a timer; in the order of their days ----------------------------------------------
    Case("form inside", "form_inside", FORM, FORM, FORM, (day(20), AFTER)),
    Case("runs inside left", "runs_inside", {"names": ["p", "q"], "name": "outer", "x": 0},
         {"names": ["p", "q"], "name": "outer", "x": 1},
         {"names": ["p", "q"], "name": "outer", "x": 1}, (day(30), AFTER), (do("one", x=1),),
         shows={"two.x": [1], "one.x": [1]}),
    Case("again inside left", "again_inside", {"n": 0}, {"n": 2}, {"n": 2}, (day(40), AFTER),
         (do("one", n=1), do("two"), do("one", n=2))),
    Case("late", "late", {"looked": []}, {"looked": []},
         {"looked": [planned(1), planned(2), planned(2), planned(50)], "word": "x"},
         (do("look"), do("look2"), told("scoop", word="x"), day(50), do("work"), AFTER),
         shows={"look.timer.planned": [planned(1)], "look2.timer.planned": [planned(2)],
                "work.timer": [None]}),
    Case("call left", "call_late", {"n": 1}, {"n": 1}, {"n": 1}, (day(60), AFTER),
         (do("ask", n=5),)),
    Case("inside", "inside", {"looked": [], "x": 0}, {"looked": [], "x": 1},
         {"looked": [planned(1)], "x": 1}, (do("look"), day(70), AFTER), (do("one", x=1),),
         shows={"look.timer.planned": [planned(1)], "two.timer": [None]}),
    Case("inside left", "inside", {"looked": [], "x": 0}, {"looked": [], "x": 1},
         {"looked": [], "x": 1}, (day(80), AFTER), (do("one", x=1),)),
    Case("begun inside", "watch_inside", {"looked": [], "x": 0},
         {"looked": [], "x": 1, "word": "x"}, {"looked": [planned(1)], "x": 1, "word": "x"},
         (do("look"), day(90), AFTER), (do("one", x=1),), (told("hint", word="x"),),
         shows={"look.timer.planned": [planned(1)], "two.word": ["x"], "look2.timer": [None]}),
)  # fmt: skip


def play(engine: Engine, clock: ManualClock) -> None:
    """Fill an empty database: every case has its name as business key."""
    for name, file in sorted(MODELS.items(), key=lambda one: one[0] not in CALLED):
        engine.deploy({name: file}, "owner")
    played = [
        (case, World(engine, clock, engine.start(case.key, case.data, case.name), case.name))
        for case in CASES
    ]
    for case, world in played:
        for act in case.before:
            act(world)
    for _ in range(DAYS_KEPT):
        clock.advance(days=1)
        engine.run_due()
    for case, world in played:
        for act in case.kept_after:
            act(world)


def seen(engine: Engine, ids: Mapping[str, UUID]) -> dict[str, Any]:
    """What is to be seen of each case but for its variables, which are understood anew."""
    return {
        name: {key: value for key, value in found.items() if key != "data"}
        for name, found in cases.seen(engine, ids).items()
    }


def shown(world: World, path: str) -> list[Any]:
    """What the open tasks see under `element.name` or `element.name.key`."""
    element, *names = path.split(".")
    found = []
    for task in world.engine.tasks(instance_id=world.id):
        if task.element_id == element:
            value: Any = world.engine.task_data(task.id)
            for name in names:
                value = value.get(name)
            found.append(value)
    return found
