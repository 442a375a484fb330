"""Compensation in the reference: what is completed is remembered, and undone.

- an activity with a compensation event is remembered when it leaves, a run of a repeated one once
  the whole leaves; so is a completed sub-process in which something can be undone;
- everything remembered where a compensation is thrown is undone, the newest first, all at once;
  what threw goes on when all of it is; in an event sub-process also what is around it. By its name
  a sub-process with a handler is undone by that alone;
- a cancelled transaction undoes what is remembered in it, then is left by its cancel event;
- a handler runs in the scope its activity ran in. A sub-process is undone by its event sub-process
  of compensation, else by all it remembers.
"""

from __future__ import annotations

from tests.engine.reference.arming import NOTHING, Arming
from tests.engine.reference.flow import undoes
from tests.engine.reference.state import Body, Memory, Token


class Undoing(Arming):
    """What completed activities leave behind."""

    def remember(self, token: Token) -> None:
        """An activity has been completed, or one run of it, or all its runs."""
        if token.whole is None and (token.element.multi_instance or token.element.standard_loop):
            self.keep(token.body, token.memories)
            return
        kept: list[Memory] = []
        name, body = token.element.id, token.body
        events = [e for e in body.elements() if e.attached_to == name and undoes(e)]
        if token.ended_inside is not None:
            kept.append(Memory(body, "" if events else name, 0, token.scope))
            kept[0].inside, token.ended_inside.parent = token.ended_inside, kept[0]
        for event in events:
            handler = body.model.elements[event.handler or ""]
            kept.append(Memory(body, name, 0, token.scope, handler))
        for memory in kept:
            self.arrivals += 1
            memory.number = self.arrivals
        if token.whole is not None:
            token.whole.memories += kept
        else:
            self.keep(body, kept)

    def keep(self, body: Body, memories: list[Memory]) -> None:
        body.memories = sorted([*body.memories, *memories], key=lambda one: one.number)

    def compensate(self, token: Token, activity: str | None) -> bool:
        """Begin to undo; whether there is anything to wait for."""
        body = token.body
        memories = list(body.memories)
        while isinstance(body.parent, Token) and body.parent.element.triggered_by_event:
            body = body.parent.body
            memories = [*body.memories, *memories]
        chosen = [one for one in memories if activity in (None, one.activity)]
        for memory in reversed(chosen):
            self.undo(memory, token)
        return bool(chosen)

    def undo(self, memory: Memory, thrower: Token | Memory) -> None:
        """Begin what undoes it; `thrower` waits for that."""
        body, inside = memory.body, memory.inside
        body.memories.remove(memory)
        body.undoing.append(memory)
        memory.thrower = thrower
        if memory.handler is not None:
            self.arrive(body, memory.handler, memory.scope).undoes = memory
        elif inside is not None:
            self.bodies.append(inside)
            if inside.armed:
                self.caught(inside.armed[0], "compensate", {}, NOTHING)
            for one in reversed(inside.memories if not inside.armed else []):
                self.undo(one, memory)

    def undone(self, memory: Memory) -> None:
        """It is undone; the last of them lets go on what waits for them all."""
        memory.body.undoing.remove(memory)
        if memory.inside in self.bodies:
            self.bodies.remove(memory.inside)
        thrower = memory.thrower
        if any(one.thrower is thrower for body in self.bodies for one in body.undoing):
            return
        if isinstance(thrower, Memory):
            self.undone(thrower)
        elif thrower is not None and thrower.alive:
            self.resumed(thrower)

    def resumed(self, thrower: Token) -> None:
        raise NotImplementedError
