"""Events: starting, catching, throwing, ending, and those attached to an activity.

Owns what each event waits for and what happens when it comes. A caught event is fired from outside
(`Live.fire`, `Live.deliver`) or by an error or escalation inside; no token is ever polled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.execution.border import ladder, timers
from engine.execution.border.expressions import stored, value_of
from engine.execution.border.faults import Fault
from engine.execution.border.kernel import COMPLETED, READY, WAITING, Token, discard
from engine.execution.border.node import Exit, Node, climb, inputs_of, send
from engine.execution.border.scopes import terminate
from engine.execution.border.values import Data
from engine.models.elements import EventDefinition, MessageDefinition, TimerDefinition
from engine.words import say

NONE = EventDefinition("none")


class Event(Node):
    """A start or intermediate event: what is thrown is thrown, then the token goes on."""

    @property
    def event(self) -> EventDefinition:
        return self.element.event or NONE

    def work(self, token: Token) -> bool:
        throw(token, self.event)
        return True


class Start(Node):
    """A start event: whatever it waits for has already happened when a token is here."""


class End(Event):
    """An end event; a terminate event takes every other token of its scope away."""

    def leave(self, token: Token) -> None:
        if self.event.kind == "terminate":
            terminate(token)
        else:
            super().leave(token)


def throw(token: Token, event: EventDefinition) -> None:
    """Throw what an event throws. Raises Fault for an error that nobody catches."""
    if event.kind == "message":
        send_message(token, event.message)
    elif event.kind == "error":
        throw_error(token, event.code or "")
    elif event.kind == "escalation":
        throw_escalation(token, event.code)


def send_message(token: Token, message: MessageDefinition | None) -> None:
    """Hand a message out; its payload is what the element's input parameters give."""
    if message is None:
        return
    element, host = token.task_spec.element, token.top.host
    payload = stored(element, inputs_of(token, element))
    host.send(message.name, correlation_key(token, message), payload)


def correlation_key(token: Token, message: MessageDefinition) -> str:
    """The key a message is sent or awaited under: its own, else the business key."""
    if message.key is None:
        return token.top.host.business_key or ""
    key = value_of(token, message.key)
    if key is None or isinstance(key, bool | list | dict):
        raise Fault(
            token.task_spec.element,
            say("The correlation key is {value}, so nobody could be found by it.", value=str(key)),
            say("Let the property correlationKey give a text or a number."),
        )
    return str(key)


class Catching(Node):
    """An element that waits for a timer or a message: catch events and receive tasks."""

    optional = False

    @property
    def event(self) -> EventDefinition:
        return self.element.event or NONE

    @property
    def timer(self) -> TimerDefinition | None:
        return self.event.timer

    @property
    def message(self) -> MessageDefinition | None:
        return self.event.message

    def arrive(self, token: Token) -> None:
        self.enter(token)
        token._set_state(WAITING)
        self.watch(token)

    def watch(self, token: Token) -> None:
        """Keep with the token what it waits for."""
        if self.timer is not None:
            timers.arm(token, self.timer, optional=self.optional)
        elif self.message is not None:
            key = correlation_key(token, self.message)
            token.internal_data["m"] = [self.message.name, key]

    def fire(self, token: Token) -> None:
        """The timer is due."""
        self.caught(token, {})

    def caught(self, token: Token, data: Mapping[str, object]) -> None:
        """What the token waited for has come; the other events of an event gateway are off."""
        token.data = {**token.data, **data}
        token.internal_data = {}
        self.withdraw_rivals(token)
        self.resume(token)

    def withdraw_rivals(self, token: Token) -> None:
        parent = token.workflow.tasks[token._parent]
        if not parent.task_spec.exclusive_wait:
            return
        for rival in parent.children:
            if rival is not token and rival.live:
                discard(rival)

    def rewatch(self, token: Token, names: frozenset[str]) -> None:
        """Compute the timer anew if it reads one of these names and has not fired."""
        timer = self.timer
        if timer is not None and timer.expression is not None and timer.expression.names & names:
            timers.arm(token, timer, optional=self.optional)


class Catch(Catching):
    """An intermediate catch event; without a definition it waits for nothing."""

    def arrive(self, token: Token) -> None:
        if self.timer is None and self.message is None:
            Node.arrive(self, token)
        else:
            super().arrive(token)


class Boundary(Catching):
    """An event attached to an activity: armed with it, off when it ends.

    `guarded` is the activity. A non-interrupting message or escalation may come again and again; a
    non-interrupting timer starts its branch once, a cycle or a ladder at each of its times.
    """

    guarded: Node
    optional = True

    def stands(self, token: Token) -> bool:
        return token._state != WAITING

    def known(self, token: Token) -> Data | None:
        return None if token._state == WAITING else token.data

    def task_record(self, token: Token) -> dict[str, Any] | None:
        humans = self.humans(token)
        return humans[0].internal_data["h"] if humans else None

    def arrive(self, token: Token) -> None:
        token._set_state(WAITING)
        self.watch(token)

    def watch(self, token: Token) -> None:
        if self.timer is not None and self.timer.ladder is not None:
            ladder.arm(token, self.timer.ladder, self.humans(token))
        else:
            super().watch(token)

    def activity(self, token: Token) -> Token | None:
        """The token of the guarded activity, while it runs."""
        parent = token.workflow.tasks[token._parent]
        for sibling in parent.children:
            if sibling.task_spec is self.guarded and sibling.live:
                found: Token = sibling
                return found
        return None

    def humans(self, token: Token) -> list[Token]:
        """The open human tasks of the guarded activity: one, or one for each item."""
        activity = self.activity(token)
        if activity is None:
            return []
        return [
            one for one in (activity, *activity.children) if one.live and "h" in one.internal_data
        ]

    def fire(self, token: Token) -> None:
        assert self.timer is not None
        humans = self.humans(token)
        if self.timer.ladder is not None:
            firing, overdue = ladder.fire(token, self.timer.ladder, humans)
            facts = {**firing.facts(), "overdue": overdue}
        else:
            facts = timers.fire(token, self.timer).facts()
        if self.element.interrupting:
            self.caught(token, {})
            return
        self.branch(token, {"timer": {**facts, **self.looked_at(humans)}})
        again = self.timer.kind == "cycle" and (self.timer.ladder or timers.due_at(token))
        if not again:
            token._set_state(COMPLETED)

    def looked_at(self, humans: list[Token]) -> Data:
        """Which task a branch behind a timer is about."""
        rows: list[object] = [human.internal_data["h"]["r"] for human in humans]
        return {
            "element": self.element.attached_to,
            "task": rows[0] if rows else None,
            "tasks": rows,
        }

    def caught(self, token: Token, data: Mapping[str, object]) -> None:
        if not self.element.interrupting:
            self.branch(token, data)
            return
        activity = self.activity(token)
        token.data = {**token.data, **data}
        token.internal_data = {}
        if activity is not None:
            discard(activity)
        for guard in self.guarded.guards:
            guard.stand_down(token.workflow.tasks[token._parent], token)
        self.enter(token)
        token._set_state(READY)
        token.top.queue.append(token)

    def branch(self, token: Token, data: Mapping[str, object]) -> None:
        """Start the branch behind an event that stays attached, with the data of this firing."""
        self.enter(token)
        token.top.journal.leave(self.element.id, token.id)
        armed = token.data
        token.data = {**armed, **data}
        for way in self.choose(token):
            send(token, way)
        token.data = armed

    def disarm(self, activity: Token) -> None:
        """The guarded activity has ended."""
        self.stand_down(activity.workflow.tasks[activity._parent], activity)

    def stand_down(self, split: Token, by: Token) -> None:
        """Switch the event off. A branch it has started goes on by itself."""
        for token in split.children:
            if token.task_spec is self and token is not by and token._state == WAITING:
                if any(child.live or child._children for child in token.children):
                    token._set_state(COMPLETED)
                    token.internal_data = {}
                else:
                    discard(token)


class Split(Node):
    """Entry of an activity with boundary events: starts the activity, then arms the events."""

    guarded: Node

    @property
    def visible(self) -> bool:
        return False

    def leave(self, token: Token) -> None:
        send(token, Exit(None, self.guarded))
        for guard in self.guarded.guards:
            send(token, Exit(None, guard))


def throw_error(token: Token, code: str, message: str = "") -> None:
    """Send a BPMN error to the nearest error boundary event with this code, or with none.

    Raises Fault if nobody catches it (BPMN 2.0.2, 10.5.6).
    """
    for activity in climb(token):
        guard = _armed(activity, "error", code)
        if guard is not None:
            error = {"code": code, "message": message}
            guard.task_spec.caught(guard, {**token.data, "error": error})
            return
    raise Fault(
        token.task_spec.element,
        say("The error {code} was thrown and no boundary event catches it.", code=code),
        say("Attach an error boundary event with this code, or with none, to the activity."),
    )


def throw_escalation(token: Token, code: str | None) -> None:
    """Send an escalation outwards; nobody has to catch it."""
    for activity in climb(token):
        guard = _armed(activity, "escalation", code)
        if guard is not None:
            guard.task_spec.caught(guard, dict(token.data))
            return


def _armed(activity: Token, kind: str, code: str | None) -> Token | None:
    """The armed boundary event of the activity for this code; one with a code comes first."""
    guards = [
        guard
        for guard in activity.task_spec.guards
        if guard.event.kind == kind and guard.event.code in (code, None)
    ]
    guards.sort(key=lambda guard: guard.event.code is None)
    parent = activity.workflow.tasks.get(activity._parent)
    siblings: list[Any] = parent.children if parent is not None else []
    for guard in guards:
        for token in siblings:
            if token.task_spec is guard and token._state == WAITING:
                found: Token = token
                return found
    return None
