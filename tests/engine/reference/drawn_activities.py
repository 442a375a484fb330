"""Random activities, each with possible additions: parameters, scripts around, a marker."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from tests.engine.execution.border.drawing import Block
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    extensions,
    node,
    process,
    script_task,
    start,
    sub_process,
    user_task,
)

DATA: dict[str, Any] = {
    "x": 0, "y": 1, "n": 0, "word": "", "seen": "", "answer": 0, "item": 0, "items": [5, 6],
}  # fmt: skip
"""What every process begins with."""

SCRIPTS = ["n = n + 1", "x = x + 1", "y = x + n", "x = 0", "y = y + 1", "answer = n"]
VALUES = ["${x + 10}", "${y}", "${n}", "${local + 1}", "${7}"]
UNSET = "nothing"
CONDITIONS = ["x > 1", "y > 2", "n > 1", "x > y", "answer == 2"]


Draw: TypeAlias = Callable[[int], Block]


class Activities:
    """Draws activities. `files`: the processes drawn so far, by file name."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.numbers = itertools.count(1)
        self.files: dict[str, bytes] = {}

    def body(self, depth: int) -> list[Part]:
        """The parts of a process or sub-process."""
        raise NotImplementedError

    def id(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def any(self, *these: Draw) -> Draw:
        return self.random.choice(these)

    def span(self) -> str:
        """A duration of its own, so that no two timers are due at once."""
        return f"PT{1000 + 97 * next(self.numbers) + self.random.randrange(90)}M"

    def task(self, _: int) -> Block:
        name = self.id("task")
        return Block([user_task(name, self.mappings(), *self.marker())], name, name)

    def activity(self, depth: int) -> Block:
        return self.any(self.task, self.sub, self.sub, self.call)(depth)

    def sub(self, depth: int) -> Block:
        name = self.id("sub")
        inner = self.body(depth - 1)
        return Block([sub_process(name, self.mappings(), *self.marker(), *inner)], name, name)

    def call(self, depth: int) -> Block:
        """A call; some give nothing and take nothing."""
        name, key = self.id("call"), self.id("child")
        given = {known: known for known in DATA} | {"x": "x + 1", "void": UNSET}
        taken = {"y": "y + x", "n": "n", "void": UNSET}
        taken = {target: source for target, source in taken.items() if self.chance(50)}
        if self.chance(20):
            given = taken = {}
            inner = [start(self.id("start")), user_task(self.id("task")),
                     script_task(self.id("script"), "x = 1"), end(self.id("end"))]  # fmt: skip
        else:
            inner = self.body(min(depth, 2) - 1)
        self.files[f"{key}.bpmn"] = bpmn(process(key, *inner), diagram=False)
        mapped = [
            Part(f'<camunda:{kind} sourceExpression="${{{source}}}" target="{target}"/>')
            for kind, values in (("in", given), ("out", taken))
            for target, source in values.items()
        ]
        if given:
            mapped += [
                Part(f'<camunda:{kind} variables="all"/>')
                for kind in ("in", "out")
                if self.chance(20)
            ]
        mapped.append(Part(self.parameters()))
        marker = self.marker()
        activity = node("callActivity", name, extensions(*mapped), *marker, calledElement=key)
        return Block([activity], name, name)

    def mappings(self) -> Part:
        return extensions(Part(self.parameters()))

    def parameters(self) -> str:
        """Input and output parameters and scripts around, each perhaps."""
        inner = ""
        for kind in ("preScript", "postScript"):
            if self.chance(20):
                script = self.random.choice(SCRIPTS)
                inner += f"<spiffworkflow:{kind}>{script}</spiffworkflow:{kind}>"
        pairs = []
        if self.chance(30):
            pairs += [("input", "local", "${x + 100}"), ("input", self.random.choice("xy"), "${n}")]
            pairs.append(("input", "wait", self.span()))
        if self.chance(45):
            known = [one for one in VALUES if pairs or "local" not in one]
            pairs += [("output", name, self.random.choice(known)) for name in ("y", "n")]
            pairs.append(("output", "void", f"${{{UNSET}}}"))
        values = "".join(
            f'<camunda:{kind}Parameter name="{name}">{value}</camunda:{kind}Parameter>'
            for kind, name, value in pairs
        )
        if pairs:
            inner += f"<camunda:inputOutput>{values}</camunda:inputOutput>"
        return inner

    def marker(self) -> list[Part]:
        """Perhaps the activity is repeated."""
        if self.chance(65):
            return []
        if self.chance(30):
            condition = escape(self.random.choice(["loopCounter < 2", "x < 2", "n < 3"]))
            ask = self.random.choice(["true", "false"])
            inner = f"<loopCondition>{condition}</loopCondition>"
            return [Part(f'<standardLoopCharacteristics testBefore="{ask}" loopMaximum="3">{inner}'
                         "</standardLoopCharacteristics>")]  # fmt: skip
        inner = ""
        if self.chance(60):
            inner += '<loopDataOutputRef>answers</loopDataOutputRef><outputDataItem id="answer"/>'
        if self.chance(40):
            asked = self.random.choice(
                ["nrOfCompletedInstances == 1", "answer == 2", "loopCounter == 1"]
            )
            inner += f"<completionCondition>${{{asked}}}</completionCondition>"
        each = 'camunda:collection="${items}" camunda:elementVariable="item"'
        if self.chance(30):
            each, inner = (
                "",
                f"<loopCardinality>{self.random.randrange(4)}</loopCardinality>{inner}",
            )
        sequential = self.random.choice(["true", "false"])
        return [Part(f'<multiInstanceLoopCharacteristics isSequential="{sequential}" {each}>{inner}'
                     "</multiInstanceLoopCharacteristics>")]  # fmt: skip
