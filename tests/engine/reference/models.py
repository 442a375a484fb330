"""Random models: scopes within scopes, repeated activities, interrupting and other events, joins,
and writes of a few shared names. A seed draws the same model each time."""

from __future__ import annotations

import itertools
from dataclasses import replace

from tests.engine.execution.border.drawing import Block
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    exclusive,
    flow,
    node,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    throw,
    timer,
)
from tests.engine.reference.drawn_activities import CONDITIONS, SCRIPTS, Activities, Draw

TOGETHER = "together"
"""The kind of an event of several definitions that all have to come."""
TERMINATE = event("terminate")
EVENTS = ("timer", "timer", "message", "error", "escalation")
DEEP = 4


class Sketch(Activities):
    """Draws one model with the processes it calls: `files`. `left`: how many more blocks there may
    be; `errors`: the codes that are caught around here; `quiet`: no escalation is thrown here."""

    kinds: tuple[str, ...] = EVENTS

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.left = 18
        self.errors: list[str] = []
        self.quiet = False
        parts = self.body(DEEP, top=True)
        self.files["p.bpmn"] = bpmn(process("p", *parts), diagram=False)

    # --- bodies and blocks ------------------------------------------------------------------------

    def body(self, depth: int, *, top: bool = False) -> list[Part]:
        """The parts of a process or sub-process: a start, a block, ends, what may begin beside."""
        watch = self.random.choice(self.kinds) if depth > 1 and self.chance(35) else None
        code = self.catching(watch)
        first = start(self.id("start"))
        parts = self.begun_by(first, self.chain(depth) if top else self.block(depth))
        if watch is not None:
            parts.append(self.watch(watch, code, depth - 1))
        return parts

    def begun_by(self, first: Part, whole: Block) -> list[Part]:
        """A block between its start and its end."""
        return [first, *whole.parts, flow(first.id, whole.first), *self.ending(whole.last)]

    def catching(self, kind: str | None) -> str:
        """A code for what is drawn next; errors with it are caught."""
        code = self.id("code")
        if kind == "error":
            self.errors.append(code)
        return code

    def watch(self, kind: str, code: str, depth: int) -> Part:
        """An event sub-process. What catches escalations throws none."""
        interrupting = kind == "error" or self.chance(40)
        self.errors = [one for one in self.errors if one != code]
        loud, self.quiet = self.quiet, True
        again = kind == "timer" and not interrupting and self.chance(40)
        what = self.event(kind, code, again=again, interrupting=interrupting)
        first = marked(start(self.id("start"), what, isInterrupting=interrupting), kind)
        whole = self.behind(kind, depth, interrupting=interrupting)
        self.quiet = loud
        name = self.id("watch")
        return sub_process(name, *self.begun_by(first, whole), triggeredByEvent=True)

    def event(self, kind: str, code: str, *, again: bool, interrupting: bool) -> Part:
        """What is waited for; `again`: a timer fires twice."""
        if again:
            return timer(f"R2/{self.span()}", "timeCycle")
        if kind == "timer":
            return timer(self.span())
        if kind == "message":
            return event("message", self.id("message"))
        known = code if kind == "error" else "late"
        what = event(kind, None if self.chance(30) else known)
        if self.chance(50):
            return what
        named = f'EventDefinition camunda:{kind}CodeVariable="seen"'
        return Part(what.xml.replace("EventDefinition", named, 1))

    def behind(self, kind: str, depth: int, *, interrupting: bool, brings: bool = True) -> Block:
        """What follows an event; first, perhaps, a note of what the event brought."""
        block = self.block(depth)
        facts = {"timer": "planned", "error": "code"}
        if not brings or kind not in facts or self.chance(50):
            return block
        note = self.id("note")
        script = script_task(note, f"seen = {kind}['{facts[kind]}']")
        return Block([script, *block.parts, flow(note, block.first)], note, block.last)

    def guarded(self, depth: int) -> Block:
        """An activity with one or two boundary events; those that interrupt lead on behind it, the
        others come to an end of their own or to the gateway behind it."""
        kinds = [self.random.choice(self.kinds) for _ in range(self.random.choice([1, 1, 2]))]
        codes = [self.catching(kind) for kind in kinds]
        main = self.activity(depth)
        self.errors = [one for one in self.errors if one not in codes]
        merge = self.id("merge")
        parts = [*main.parts, node("inclusiveGateway", merge), flow(main.last, merge)]
        for kind, code in zip(kinds, codes, strict=True):
            interrupting = kind == "error" or self.chance(50)
            again = kind == "timer" and not interrupting and self.chance(30)
            name, over = self.id("guard"), self.id("over")
            brings = kind == "error" or not interrupting
            follows = (
                self.script(0)
                if again
                else self.behind(kind, min(depth - 1, 1), interrupting=interrupting, brings=brings)
            )
            what = self.event(kind, code, again=again, interrupting=interrupting)
            if kind == "timer" and not again and self.waits(main):
                what = timer("${wait}")
            border = boundary(name, main.first, what, interrupting=interrupting)
            parts += [marked(border, kind), *follows.parts]
            parts += [flow(name, follows.first)]
            if interrupting or (self.chance(50) and not again):
                parts += [flow(follows.last, merge, id=self.id("way"))]
            else:
                parts += [end(over), flow(follows.last, over)]
        return Block(parts, main.first, merge)

    def waits(self, main: Block) -> bool:
        """Whether this is a task that says itself how long one waits for it."""
        xml = main.parts[0].xml
        return xml.startswith("<userTask") and '"wait"' in xml and "LoopChar" not in xml

    def ending(self, last: str) -> list[Part]:
        """An end; or one of two by a condition, where the other terminates or throws an error."""
        over = self.id("end")
        if not self.chance(60 if self.errors else 15):
            return [end(over), flow(last, over)]
        check, other = self.id("check"), self.id("other")
        what = event("error", self.random.choice(self.errors)) if self.errors else TERMINATE
        ways = [flow(last, check), flow(check, over), flow(check, other, self.condition("n >= 0"))]
        return [exclusive(check, f"{check}_to_{over}"), end(over), end(other, what), *ways]

    def condition(self, *more: str) -> str:
        return self.random.choice([*CONDITIONS, *more * 4])

    def block(self, depth: int) -> Block:
        """Anything that begins and ends once."""
        self.left -= 1
        if depth <= 0 or self.left <= 0:
            return self.any(self.task, self.task, self.script, self.escalation)(depth)
        larger: list[Draw] = [self.chain, self.fork, self.fork, self.choice, self.loop]
        larger += [*[self.guarded] * 3, *[self.activity] * 2, self.wait]
        return self.any(*larger)(depth)

    def chain(self, depth: int) -> Block:
        blocks = [self.block(depth - 1) for _ in range(self.random.choice([2, 3]))]
        parts = [part for block in blocks for part in block.parts]
        parts += [flow(one.last, two.first) for one, two in itertools.pairwise(blocks)]
        return Block(parts, blocks[0].first, blocks[-1].last)

    def fork(self, depth: int) -> Block:
        """Two branches at once that join."""
        split, join = self.id("fork"), self.id("join")
        return self.ways(depth, parallel(split), parallel(join), None)

    def choice(self, depth: int) -> Block:
        """One way of two, or one or both of two."""
        kind = self.random.choice(["exclusiveGateway", "inclusiveGateway"])
        split, join = self.id("split"), self.id("merge")
        return self.ways(depth, node(kind, split, default=f"{split}_else"), node(kind, join), split)

    def ways(self, depth: int, split: Part, join: Part, choosing: str | None) -> Block:
        blocks = [self.block(depth - 1), self.block(depth - 1)]
        parts = [split, join, *(part for block in blocks for part in block.parts)]
        for number, block in enumerate(blocks):
            default = choosing is not None and number == 0
            condition = self.condition() if choosing is not None and not default else None
            id = f"{choosing}_else" if default else self.id("way")
            parts += [flow(split.id, block.first, condition, id=id)]
            parts += [flow(block.last, join.id, id=self.id("way"))]
        return Block(parts, split.id, join.id)

    def loop(self, depth: int) -> Block:
        """A block that is gone through a few times."""
        begin, merge, count, check, over = map(
            self.id, ["begin", "merge", "count", "check", "over"]
        )
        body = self.block(depth - 1)
        ways = [(begin, merge), (merge, body.first), (body.last, count), (count, check)]
        parts = [
            script_task(begin, f"{count} = 0"), exclusive(merge), *body.parts,
            script_task(count, f"{count} = {count} + 1"), exclusive(check, f"{check}_to_{over}"),
            script_task(over, self.random.choice(SCRIPTS)),
            flow(check, merge, f"{count} < 2"), flow(check, over),
            *(flow(*way) for way in ways),
        ]  # fmt: skip
        return Block(parts, begin, over)

    def script(self, _: int) -> Block:
        name = self.id("script")
        return Block([script_task(name, self.random.choice(SCRIPTS))], name, name)

    def escalation(self, depth: int) -> Block:
        """One is thrown, unless what catches it might be around here for ever."""
        if self.quiet:
            return self.task(depth)
        name = self.id("throw")
        return Block([throw(name, event("escalation", "late"))], name, name)

    def wait(self, _: int) -> Block:
        name = self.id("catch")
        what = timer(self.span()) if self.chance(50) else event("message", self.id("message"))
        return Block([catch(name, what)], name, name)


def marked(drawn: Part, kind: str) -> Part:
    """The event; on one whose definitions all have to come, that is written."""
    if kind != TOGETHER:
        return drawn
    return replace(drawn, xml=drawn.xml.replace(" id=", ' parallelMultiple="true" id=', 1))
