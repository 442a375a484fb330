"""Random models with further elements: conditions, signals, several definitions, receive tasks,
transactions, and activities with compensation.

An element that a write of `word` starts again and again does not write it, because such a circle
would never wait.
"""

from __future__ import annotations

from tests.engine.execution.border.drawing import Block
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    compensate,
    condition,
    end,
    event,
    exclusive,
    flow,
    node,
    process,
    script_task,
    start,
    sub_process,
    throw,
    undoing,
    user_task,
)
from tests.engine.reference.drawn_activities import SCRIPTS
from tests.engine.reference.models import EVENTS, TOGETHER, Sketch, marked

EITHER = "either"
NEWER = ("conditional", "conditional", "signal", EITHER, TOGETHER)
WORDS = ["word = word + 'w'", "word = ''"]
HELD = ["word != ''", "word == 'w'", "x > 1", "n > 1", "y > x", "answer == 2", "never_set > 1"]

RINGING = bpmn(
    process(
        "ringing",
        start(),
        throw(
            "bell",
            Part(
                '<signalEventDefinition signalRef="any"><extensionElements>'
                '<camunda:in source="word" target="word"/></extensionElements>'
                "</signalEventDefinition>"
            ),
        ),
        end(),
    ),
    diagram=False,
).replace(b"<process ", b'<signal id="any" name="${name}"/><process ', 1)
"""Throws the signal whose name it is started with."""


class Newer(Sketch):
    """`here`: the activities of this body that can be undone; `as_whole`: the next body is undone
    by an event sub-process inside it; `cancelling`: the next body is that of a transaction, which
    may cancel it at its `cancels` end."""

    kinds = (*EVENTS, *NEWER)

    def __init__(self, seed: int) -> None:
        self.here: list[str] = []
        self.as_whole = self.cancelling = self.cancels = False
        super().__init__(seed)
        self.files["ringing.bpmn"] = RINGING

    def body(self, depth: int, *, top: bool = False) -> list[Part]:
        around, self.here = self.here, []
        as_whole, self.as_whole = self.as_whole, False
        outer = self.cancels
        self.cancels, self.cancelling = self.cancelling, False
        parts = super().body(depth, top=top)
        self.cancels = outer
        if as_whole:
            begin, task = start(self.id("start"), event("compensate")), user_task(self.id("task"))
            ways = flow(begin.id, task.id)
            parts.append(sub_process(self.id("whole"), begin, task, ways, triggeredByEvent=True))
        self.here = around
        return parts

    def watch(self, kind: str, code: str, depth: int) -> Part:
        around, cancels = list(self.here), self.cancels
        self.cancels = False
        drawn = super().watch(kind, code, depth)
        self.here, self.cancels = around, cancels
        return drawn

    def ending(self, last: str) -> list[Part]:
        if not self.cancels:
            return super().ending(last)
        over, check, no = self.id("end"), self.id("check"), self.id("cancel")
        ways = [flow(last, check), flow(check, over), flow(check, no, self.condition("n >= 0"))]
        split = exclusive(check, f"{check}_to_{over}")
        return [split, end(over), end(no, event("cancel")), *ways]

    # --- what can be undone -----------------------------------------------------------------------

    def task(self, depth: int) -> Block:
        return self.undoable(self.receive() if self.chance(20) else super().task(depth))

    def sub(self, depth: int) -> Block:
        """One with an event sub-process that undoes it has no other handler."""
        self.as_whole = as_whole = self.chance(30)
        drawn = super().sub(depth)
        return drawn if as_whole else self.undoable(drawn)

    def activity(self, depth: int) -> Block:
        return self.transaction(depth) if self.chance(15) else super().activity(depth)

    def transaction(self, depth: int) -> Block:
        """A sub-process that may be cancelled; both ways out of it meet."""
        name, guard, merge = self.id("book"), self.id("cancelled"), self.id("met")
        self.cancelling = True
        inner = self.body(depth - 1)
        whole = node("transaction", name, self.mappings(), *self.marker(), *inner)
        parts = [whole, boundary(guard, name, event("cancel")), exclusive(merge)]
        parts += [flow(name, merge), flow(guard, merge)]
        return self.undoable(Block(parts, name, merge))

    def call(self, depth: int) -> Block:
        return self.undoable(super().call(depth))

    def receive(self) -> Block:
        name = self.id("receive")
        message = f"message_{self.id('message')}"
        inner = (self.mappings(), *self.marker())
        return Block([node("receiveTask", name, *inner, messageRef=message)], name, name)

    def undoable(self, activity: Block) -> Block:
        """Perhaps with a handler: a person's task or a script."""
        if not self.chance(35):
            return activity
        name = activity.first
        self.here.append(name)
        event_, handler = undoing(name)
        if self.chance(60):
            script = script_task(
                f"undo_{name}", self.random.choice(SCRIPTS), isForCompensation=True
            )
            handler = Part(script.xml + handler.xml.split("</userTask>", 1)[1])
        return Block([*activity.parts, event_, handler], activity.first, activity.last)

    def undo(self, _: int) -> Block:
        """All that is completed here is undone, or one of it."""
        name = self.id("undo")
        which = self.random.choice(self.here) if self.here and self.chance(40) else None
        return Block([throw(name, compensate(which))], name, name)

    # --- what is waited for -----------------------------------------------------------------------

    def block(self, depth: int) -> Block:
        if self.here and self.chance(30):
            return self.undo(depth)
        return super().block(depth)

    def script(self, depth: int) -> Block:
        if self.chance(60):
            return super().script(depth)
        name = self.id("script")
        return Block([script_task(name, self.random.choice(WORDS))], name, name)

    def event(self, kind: str, code: str, *, again: bool, interrupting: bool) -> Part:
        if kind == "signal":
            return event("signal", self.id("signal"))
        if kind == "conditional":
            return self.held(interrupting=interrupting)
        if kind in (EITHER, TOGETHER):
            several = self.random.sample(["timer", "message", "signal", "conditional"], 2)
            parts = [self.event(k, "", again=False, interrupting=interrupting) for k in several]
            return Part("".join(part.xml for part in parts))
        return super().event(kind, code, again=again, interrupting=interrupting)

    def held(self, *, interrupting: bool) -> Part:
        """A condition; what does not interrupt is asked for `word` alone."""
        if not interrupting:
            return condition(self.random.choice(HELD[:2]), camunda_variableName="word")
        asked = {"camunda_variableName": "word"} if self.chance(20) else {}
        return condition(self.random.choice(HELD), **asked)

    def behind(self, kind: str, depth: int, *, interrupting: bool, brings: bool = True) -> Block:
        if not interrupting and kind in ("conditional", EITHER, TOGETHER):
            return super().task(0)
        return super().behind(kind, depth, interrupting=interrupting, brings=brings)

    def wait(self, depth: int) -> Block:
        if self.chance(30):
            return super().wait(depth)
        kind, name = self.random.choice(["timer", "message", *NEWER]), self.id("catch")
        what = self.event(kind, "", again=False, interrupting=True)
        return Block([marked(catch(name, what), kind)], name, name)
