"""Draws random structured models: chains, loops, forks that join, sub-processes, repeated ones,
event sub-processes, timers on tasks, conditions, compensation.

Every model ends for all answers: a loop counts its rounds in its own variable.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.engine.models.building import (
    Part,
    boundary,
    compensate,
    condition,
    end,
    exclusive,
    flow,
    parallel,
    script_task,
    start,
    sub_process,
    throw,
    timer,
    undoing,
    user_task,
)

Plan: TypeAlias = tuple[object, ...]
"""("task",), ("chain", [plans]), ("loop", plan, rounds), ("fork", [plans]), ("sub", plan), ..."""


@dataclass(frozen=True)
class Block:
    """A piece of a model and the ids of the nodes where it begins and ends."""

    parts: Sequence[Part]
    first: str
    last: str


class Drawing:
    """Draws one model; ids are numbered."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.counters: list[str] = []

    def model(self, plan: Plan) -> tuple[Part, ...]:
        """The parts of a process that does what the plan says."""
        whole = self.block(plan)
        return (
            start(),
            *whole.parts,
            end(),
            flow("start", whole.first),
            flow(whole.last, "end"),
        )

    def block(self, plan: Plan) -> Block:
        match plan:
            case ("task",):
                name = self.id("task")
                return Block([user_task(name)], name, name)
            case ("script",):
                name = self.id("script")
                return Block([script_task(name, "steps = steps + 1")], name, name)
            case ("cycle",):
                return self.timed("R/P1D", [script_task(note := self.id("note"), "x = 1")], note)
            case ("once",):
                return self.timed("P1D", [user_task(note := self.id("aside"))], note)
            case ("chain", [*plans]):
                return self.chain(self.blocks(plans))
            case ("loop", tuple(inner), int(rounds)):
                return self.loop(self.block(inner), rounds)
            case ("fork", [*plans]):
                return self.fork(self.blocks(plans))
            case ("sub", tuple(inner)):
                return self.sub(self.block(inner))
            case ("again", tuple(inner), int(times)):
                return self.sub(self.block(inner), loop_marker(times))
            case ("each", tuple(inner), int(times)):
                return self.sub(self.block(inner), number_marker(times))
            case ("undone", tuple(inner)):
                return self.undone(self.block(inner))
            case ("heard", tuple(inner)):
                return self.sub(self.block(inner), self.listener())
            case ("watched", tuple(inner)):
                return self.sub(self.block(inner), self.watcher())
        raise AssertionError(plan)

    def blocks(self, plans: list[Any]) -> list[Block]:
        return [self.block(plan) for plan in plans]

    def id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers)}"

    def timed(self, time: str, behind: list[Part], name: str) -> Block:
        """A task with a non-interrupting timer and what is behind that."""
        task, look, over = self.id("task"), self.id("look"), self.id("over")
        event = boundary(look, task, timer(time, _kind(time)), interrupting=False)
        flows = [flow(look, name), flow(name, over)]
        return Block([user_task(task), event, *behind, end(over), *flows], task, task)

    def chain(self, blocks: list[Block]) -> Block:
        parts = [part for block in blocks for part in block.parts]
        parts += [flow(one.last, two.first) for one, two in itertools.pairwise(blocks)]
        return Block(parts, blocks[0].first, blocks[-1].last)

    def loop(self, body: Block, rounds: int) -> Block:
        merge, count, check, over = (self.id(kind) for kind in ("merge", "count", "check", "out"))
        self.counters.append(count)
        parts = [
            exclusive(merge),
            *body.parts,
            script_task(count, f"{count} = {count} + 1"),
            exclusive(check, default=f"{check}_to_{over}"),
            script_task(over, f"{count} = 0"),
            flow(merge, body.first),
            flow(body.last, count),
            flow(count, check),
            flow(check, merge, f"{count} < {rounds}"),
            flow(check, over),
        ]
        return Block(parts, merge, over)

    def fork(self, blocks: list[Block]) -> Block:
        split, join = self.id("fork"), self.id("join")
        parts = [parallel(split), parallel(join), *(part for one in blocks for part in one.parts)]
        parts += [flow(split, block.first, id=self.id("in")) for block in blocks]
        parts += [flow(block.last, join, id=self.id("out")) for block in blocks]
        return Block(parts, split, join)

    def sub(self, inner: Block, *more: Part) -> Block:
        name, first, last = self.id("sub"), self.id("first"), self.id("last")
        flows = [flow(first, inner.first), flow(inner.last, last)]
        whole = sub_process(name, *more, start(first), *inner.parts, end(last), *flows)
        return Block([whole], name, name)

    def undone(self, inner: Block) -> Block:
        """A sub-process in which a task can be undone, and everything undone behind it."""
        task, back = self.id("task"), self.id("back")
        parts = [*inner.parts, user_task(task), *undoing(task), flow(inner.last, task)]
        sub = self.sub(Block(parts, inner.first, task))
        parts = [*sub.parts, throw(back, compensate()), flow(sub.last, back)]
        return Block(parts, sub.first, back)

    def listener(self) -> Part:
        """An event sub-process that takes over as soon as two steps are counted."""
        name, first, task, last = (self.id(kind) for kind in ("hear", "two", "check", "heard"))
        begin = start(first, condition("steps >= 2", camunda_variableName="steps"))
        return sub_process(name, begin, user_task(task), end(last), triggeredByEvent=True)

    def watcher(self) -> Part:
        """An event sub-process that begins after a day and goes on beside everything else."""
        name, first, task, last = (self.id(kind) for kind in ("watch", "due", "check", "seen"))
        begin = start(first, timer("P1D"), isInterrupting=False)
        return sub_process(name, begin, user_task(task), end(last), triggeredByEvent=True)


def loop_marker(times: int) -> Part:
    """The marker of an activity that is done again until it has been done so often."""
    condition = f"<loopCondition>loopCounter &lt; {times}</loopCondition>"
    return Part(f"<standardLoopCharacteristics>{condition}</standardLoopCharacteristics>")


def number_marker(times: int) -> Part:
    """The marker of an activity that is done so often at the same time."""
    number = f"<loopCardinality>{times}</loopCardinality>"
    return Part(f"<multiInstanceLoopCharacteristics>{number}</multiInstanceLoopCharacteristics>")


def _kind(time: str) -> str:
    return "timeCycle" if time.startswith("R") else "timeDuration"


def _larger(plans: st.SearchStrategy[Plan]) -> st.SearchStrategy[Plan]:
    several = st.lists(plans, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda inner: ("chain", inner)),
        st.tuples(st.just("loop"), plans, st.integers(2, 3)),
        several.map(lambda inner: ("fork", inner)),
        plans.map(lambda inner: ("sub", inner)),
        st.tuples(st.just("again"), plans, st.integers(1, 3)),
        st.tuples(st.just("each"), plans, st.integers(0, 2)),
        plans.map(lambda inner: ("watched", inner)),
        plans.map(lambda inner: ("undone", inner)),
        plans.map(lambda inner: ("heard", inner)),
    )


LEAVES: st.SearchStrategy[Plan] = st.sampled_from(
    [("task",), ("task",), ("script",), ("cycle",), ("once",)]
)
PLANS = st.recursive(LEAVES, _larger, max_leaves=7)
