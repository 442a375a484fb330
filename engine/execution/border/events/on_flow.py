"""Events on the flow: start, catch, throw, end.

Owns what each event waits for or throws. A call from outside fires a caught event (`Live.fire`,
`Live.deliver`); no token is polled.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from engine.execution.border.events import timers
from engine.execution.border.events.compensation import cancel, compensate
from engine.execution.border.events.messages import (
    name_of,
    payload_of,
    send_message,
    send_signal,
    subscribe,
)
from engine.execution.border.flow.flow_node import FlowNode, Way, read_of, send
from engine.execution.border.flow.propagation import throw_error, throw_escalation
from engine.execution.border.tree.expressions import NO_NAMES, is_answerable, is_true, write
from engine.execution.border.tree.kernel import WAITING, Token, discard
from engine.execution.border.tree.node import Exit
from engine.execution.border.tree.port import Host
from engine.execution.border.tree.scopes import terminate
from engine.execution.border.tree.values import Data, deep_copy
from engine.execution.border.tree.variables import Variables, Written
from engine.models.elements import EventDefinition, TimerDefinition

NONE = EventDefinition("none")


class Event(FlowNode):
    """A start or intermediate event: it throws its event, then the token goes on."""

    @property
    def event(self) -> EventDefinition:
        return self.element.event or NONE

    def work(self, token: Token) -> bool:
        return all(throw(token, event) for event in self.event.each)

    def all_undone(self, token: Token) -> None:
        self.resume(token)


class Start(FlowNode):
    """A start event: when a token is here, the event has already happened. Writes the name of the
    starter (camunda:initiator)."""

    def work(self, token: Token) -> bool:
        if self.element.initiator is not None:
            write(token, {self.element.initiator: token.top.host.by})
        return True


class End(Event):
    """An end event; a terminate event ends every other token of its scope."""

    def leave(self, token: Token) -> None:
        if self.event.kind == "terminate":
            terminate(token)
        else:
            super().leave(token)


def throw(token: Token, event: EventDefinition) -> bool:
    """Throw an event. False: the token waits until compensation is done. Raises Fault for an error
    that no event catches."""
    if event.kind == "compensate":
        return compensate(token, event.code)
    if event.kind == "cancel":
        return cancel(token)
    if event.kind == "message":
        send_message(token, event, payload_of(token))
    elif event.kind == "signal":
        send_signal(token, event)
    elif event.kind == "error":
        throw_error(token, name_of(token, event))
    elif event.kind == "escalation":
        throw_escalation(token, name_of(token, event) or None)
    return True


class Catching(FlowNode):
    """An element that waits for a timer, message, signal or condition: catch events and receive
    tasks."""

    optional = False
    parts: tuple[Catching, ...] = ()
    """The parts of an event with several definitions, one for each."""

    @cached_property
    def event(self) -> EventDefinition:
        return self.element.event or NONE

    @cached_property
    def timer(self) -> TimerDefinition | None:
        return self.event.timer

    @cached_property
    def belongs_to(self) -> str | None:
        """The activity or event sub-process of a boundary or start event, or the event that a part
        belongs to; None for an element at which a token stands."""
        return self.body.element.id if self.body is not None else self.element.attached_to

    def arrive(self, token: Token) -> None:
        self.enter(token)
        token._set_state(WAITING)
        self.watch(token)

    def watch(self, token: Token) -> None:
        """Store in the token what it waits for."""
        for part in self.parts:
            send(token, Exit(None, part))
        if self.timer is not None:
            timers.arm(token, self.timer, optional=self.optional)
        elif self.event.condition is not None:
            token.top.writes.news.append(token)
        elif self.event.kind in ("message", "signal"):
            subscribe(token, self.event)
        elif self.event.name is not None:
            token.record.code = name_of(token, self.event)

    def heard(self, token: Token, written: Written | None) -> None:
        """Evaluate the condition, when it is armed and after each write that it reads (Camunda 7;
        BPMN 2.0.2, 10.5.5 asks for a change to true). Time alone does not evaluate it."""
        condition = self.event.condition
        assert condition is not None
        if written is not None and written.how not in condition.writes:
            return
        if written is not None and condition.variable not in (None, written.name):
            return
        if not is_answerable(token, condition.expression):
            return  # Camunda 7: a name that is not set yet makes it false
        if is_true(token, condition.expression):
            token.top.count(token)
            self.caught(token, {})

    def rung(self, token: Token, payload: Data) -> None:
        """Take a signal that the instance itself throws while the token waits for it (Camunda 7). A
        handler right behind the event takes in the payload, as with a message."""
        host, values = token.top.host, deep_copy(payload)
        if self.is_recorded(token, host):
            host.answers = values
            values = read_of(token, values)
        self.caught(token, values)

    def is_recorded(self, token: Token, host: Host) -> bool:
        """Whether a handler right behind the waiting event takes in the payload."""
        behind = self.behind(token)
        return bool(behind) and all(
            way.node.element.topic is not None and host.has_topic(way.node.element.topic)
            for way in behind
        )

    def behind(self, token: Token) -> list[Way]:
        """The outgoing flows after the event is caught."""
        return self.exits

    def around(self, token: Token) -> Variables:
        """The scope into which the payload is written."""
        return token.variables

    def looked_at(self, token: Token) -> Data:
        """More facts for a timer: the task that it is about."""
        return {}

    def fire(self, token: Token) -> None:
        """The timer is due: catch it."""
        self.caught(token, {})

    def spend(self, token: Token) -> None:
        """Switch off an event whose timer has fired and has no next time; a ladder only sleeps."""
        assert self.timer is not None
        again = self.timer.kind == "cycle" and (self.timer.ladder or timers.due_at(token))
        if token.live and not again:
            discard(token)

    def caught(
        self, token: Token, values: Mapping[str, object], facts: Mapping[str, object] = NO_NAMES
    ) -> None:
        """Catch the event and write its payload; the other events of an event gateway end. `facts`
        are variables of a branch that begins here."""
        write(token, values)
        token.forget()
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
        """Compute the timer again if it reads one of these names and has not fired."""
        for part in token.children:
            part.task_spec.rewatch(part, names)
        timer = self.timer
        if timer is not None and timer.expression is not None and timer.expression.names & names:
            timers.arm(token, timer, optional=self.optional)


class Catch(Catching):
    """An intermediate catch event; without a definition a token passes it at once."""

    def arrive(self, token: Token) -> None:
        if self.event.kind in ("none", "link"):
            FlowNode.arrive(self, token)
        else:
            super().arrive(token)
