"""What may come, in the reference: timers, messages, signals, conditions, and several of them.

- a condition is asked when it is armed, and after each write of a variable it sees (of the one it
  names, if it names one), once the element that wrote has done its work: write by write, the
  conditions in the order they were armed. A name nobody has set makes it false;
- an event of several definitions comes with the first of them, or when all have come: what one of
  these brings is written when it comes. If it interrupts nothing, it waits for all of them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.language.moments.periods import Cycle, Duration
from engine.language.timers import timer_value
from engine.models.elements import Element
from engine.time.calendar import DEFAULT_ZONE
from tests.engine.reference.flow import Flowing, value_of
from tests.engine.reference.state import Armed, Body, Scope, Token, Values

NOTHING: Mapping[str, Any] = {}


class Arming(Flowing):
    """Events from the moment they are armed to the moment they come."""

    variables: Scope

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Armed] = []

    def arm(self, element: Element, body: Body, activity: Token | None, scope: Scope) -> Armed:
        """An event that is waited for from now on; what it reads, it reads from `scope`."""
        assert element.event is not None
        self.arrivals += 1
        armed = Armed(element, body, activity, scope, self.now, element.event, self.arrivals)
        self.watch(armed)
        return armed

    def watch(self, armed: Armed) -> None:
        """Wait for what the event says, or for each of its definitions."""
        where = (armed.element, armed.body, armed.activity, armed.reads)
        for definition in armed.event.several:
            self.arrivals += 1
            part = Armed(*where, self.now, definition, self.arrivals, armed)
            armed.parts.append(part)
            self.watch(part)
        self.set_due(armed)
        if armed.event.condition is not None:
            self.variables.news.append(armed)

    def set_due(self, armed: Armed) -> None:
        """When the event's timer comes next, None: never (again), or it has none."""
        timer = armed.event.timer
        armed.due = None
        if timer is None:
            return
        names = armed.reads.seen()
        text = timer.literal if timer.expression is None else value_of(timer.expression, names)
        value = timer_value(timer.kind, text, DEFAULT_ZONE)
        if isinstance(value, Cycle):
            armed.due = value.occurrence(armed.fired, armed.armed_at, DEFAULT_ZONE)
        elif armed.fired == 0:
            assert isinstance(value, Duration)
            armed.due = value.add_to(armed.armed_at, DEFAULT_ZONE)

    # --- what is waited for -----------------------------------------------------------------------

    def armed(self) -> list[Armed]:
        """Every event that may come, and every definition of one."""
        found = [armed for body in self.bodies for armed in body.armed]
        tokens = [token for body in self.bodies for token in body.tokens]
        found += [g for token in tokens for one in (token, *token.runs) for g in one.guards]
        return found + [part for armed in found for part in armed.parts]

    def timers(self) -> list[Armed]:
        """What is due some time, the next first; of the same moment what was armed first."""
        return sorted((a for a in self.armed() if a.due), key=lambda a: (a.due, a.armed_at))

    def awaiting(self, kind: str) -> dict[str, list[Armed]]:
        """The names of messages or signals, and who waits for each, the first first."""
        found: dict[str, list[Armed]] = {}
        for armed in sorted(self.armed(), key=lambda one: one.number):
            if armed.event.kind == kind:
                message = armed.event.message
                name = message.name if message is not None else armed.event.code
                found.setdefault(name or "", []).append(armed)
        return found

    # --- conditions -------------------------------------------------------------------------------

    def heed(self) -> None:
        """See what has been written, and what it means for those who wait for it."""
        news = self.variables.news
        while news:
            new = news.popleft()
            if isinstance(new, Armed):
                self.asked = [armed for armed in self.asked if armed in self.armed()]
                if new in self.armed():
                    self.asked.append(new)
                    self.ask(new)
                continue
            scope, name = new
            for armed in list(self.asked):
                condition = armed.event.condition
                assert condition is not None
                concerned = condition.variable in (None, name)
                if concerned and armed in self.armed() and armed.reads.means(name) is scope:
                    self.ask(armed)

    def ask(self, armed: Armed) -> None:
        """Does it hold?"""
        condition, names = armed.event.condition, armed.reads.seen()
        assert condition is not None
        if condition.expression.names <= names.keys() and value_of(condition.expression, names):
            self.comes(armed, "conditional", {})

    # --- coming -----------------------------------------------------------------------------------

    def comes(
        self, armed: Armed, how: str, facts: Values, payload: Mapping[str, Any] = NOTHING
    ) -> None:
        """What is waited for has come, with facts of its own and what it brings."""
        whole = armed.whole
        if whole is None:
            self.caught(armed, how, facts, payload)
            return
        if whole.event.all_of:
            whole.writes.write(payload)
            payload = NOTHING
        if whole.event.all_of or (armed.event.timer is not None and armed.due is None):
            whole.parts.remove(armed)
        if whole.event.all_of and whole.parts:
            return
        if whole.element.interrupting:
            whole.parts = []
        self.caught(whole, how, facts, payload)
        if whole.event.all_of and whole in self.armed():
            self.watch(whole)

    def caught(self, armed: Armed, how: str, facts: Values, payload: Mapping[str, Any]) -> None:
        raise NotImplementedError
