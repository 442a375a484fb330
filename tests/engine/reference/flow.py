"""The moves of tokens in the reference: arriving, leaving, joining, the end of a body.

Tokens that can go on take turns, first come first served. A token waits for people, messages and
timers from its arrival on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from engine.language import Expression, LanguageError, Script
from engine.models.elements import Element, Flow, ProcessModel
from tests.engine.reference.state import Armed, Body, Memory, Scope, State, Token, Values

JOINS = ("parallelGateway", "inclusiveGateway")


def undoes(element: Element) -> bool:
    """Whether this is an event of compensation."""
    return element.event is not None and element.event.kind == "compensate"


def value_of(expression: Expression, names: Mapping[str, Any]) -> Any:
    """The value of an expression."""
    return expression.evaluate(names)


def mapped(parameters: Iterable[tuple[str, Expression]], scope: Scope) -> Values:
    """What parameters give, read in a scope: an unset name is null, one that fails is left out."""
    found: Values = {}
    for name, expression in parameters:
        with suppress(LanguageError):
            found[name] = expression.evaluate({**dict.fromkeys(expression.names), **scope.seen()})
    return found


def run_script(script: Script | None, scope: Scope) -> None:
    """What a script changes is written outward from the scope."""
    if script is not None:
        before = scope.seen()
        after = script.run(before)
        scope.write({k: v for k, v in after.items() if k not in before or before[k] != v})


class Flowing:
    """The tokens of a case and their ways. What activities do is said in `activities`."""

    now: datetime
    models: Mapping[str, ProcessModel]

    def __init__(self) -> None:
        self.bodies: list[Body] = []
        self.queue: deque[Token] = deque()
        self.arrivals = 0

    # --- bodies -----------------------------------------------------------------------------------

    def open(self, model: ProcessModel, holder: str, scope: Scope, parent: Token | None) -> None:
        """Begin a process, or the inside of a sub-process."""
        body = Body(model, holder, scope, parent)
        if parent is not None:
            parent.inside = body
        self.bodies.append(body)
        start = next(e for e in body.elements() if e.kind == "startEvent")
        self.arrive(body, start, scope)
        for watch in [e for e in body.elements() if e.triggered_by_event]:
            for begin in [e for e in model.elements.values() if e.process == watch.id]:
                if begin.kind == "startEvent":
                    body.armed.append(self.arm(begin, body, None, scope))

    def end_if_empty(self, body: Body) -> None:
        """A body without tokens is complete, and with it the activity it was inside of."""
        if body.tokens or body.undoing or body not in self.bodies:
            return
        self.disarm(body)
        self.bodies.remove(body)
        if isinstance(body.parent, Memory):
            self.undone(body.parent)
        elif body.parent is not None:
            self.body_ended(body.parent)

    def disarm(self, body: Body) -> None:
        """Nothing begins in a body any more, but for what undoes it as a whole."""
        body.armed = [armed for armed in body.armed if undoes(armed.element)]

    def body_ended(self, activity: Token) -> None:
        raise NotImplementedError

    def undone(self, memory: Memory) -> None:
        raise NotImplementedError

    def arm(self, element: Element, body: Body, activity: Token | None, scope: Scope) -> Armed:
        raise NotImplementedError

    def heed(self) -> None:
        raise NotImplementedError

    # --- tokens -----------------------------------------------------------------------------------

    def arrive(self, body: Body, element: Element, scope: Scope, flow: str = "") -> Token:
        """A token comes to an element."""
        token = Token(body, element, scope, flow)
        body.tokens.append(token)
        if self.guards_of(token):
            token.state = State.ENTERS
            self.queue.append(token)
        else:
            self.begin(token)
        return token

    def guards_of(self, token: Token) -> list[Element]:
        """The events on the border of the token's activity that may come while it goes on."""
        attached = [e for e in token.body.elements() if e.attached_to == token.element.id]
        return [event for event in attached if not undoes(event)]

    def begin(self, token: Token) -> None:
        raise NotImplementedError

    def goes(self, token: Token, state: State = State.GOES) -> None:
        """The token goes on at its turn."""
        token.state = state
        self.queue.append(token)

    def run(self) -> None:
        """Let all tokens go on until each of them waits."""
        turns = 0
        self.heed()
        while self.queue or self.settle():
            token = self.queue.popleft()
            turns += 1
            assert turns < 1_000, "the model never waits"
            if token.alive:
                self.turn(token)
                self.heed()

    def turn(self, token: Token) -> None:
        raise NotImplementedError

    def leave(self, token: Token) -> None:
        """The token goes along every flow it chooses; without any its branch ends."""
        body = token.body
        token.alive = False
        body.tokens.remove(token)
        for way in self.choose(token):
            self.arrive(body, body.model.elements[way.target], token.scope, way.id)
        if token.undoes is not None:
            self.undone(token.undoes)
        self.end_if_empty(body)

    def choose(self, token: Token) -> list[Flow]:
        """The flows taken: all of a parallel gateway, the first that holds of an exclusive one,
        else all that hold; where none does, the default."""
        ways = [f for f in token.body.model.flows.values() if f.source == token.element.id]
        if token.element.kind == "parallelGateway":
            return ways
        names = token.scope.seen()
        default = [way for way in ways if way.id == token.element.default_flow]
        held = [
            way
            for way in ways
            if way not in default and (way.condition is None or value_of(way.condition, names))
        ]
        if token.element.kind == "exclusiveGateway":
            held = held[:1]
        assert held or default or not ways, f"{token.element.id} leads nowhere"
        return held or default

    # --- joins ------------------------------------------------------------------------------------

    def incoming(self, token: Token) -> set[str]:
        flows = token.body.model.flows.values()
        return {flow.id for flow in flows if flow.target == token.element.id}

    def wait_to_join(self, token: Token) -> None:
        """A token has come to a gateway with several ways in."""
        self.arrivals += 1
        token.arrival, token.state = self.arrivals, State.WAITS
        if token.element.kind == "parallelGateway":
            first: dict[str, Token] = {}
            for one in self.waiting_with(token):
                first.setdefault(one.flow, one)
            if self.incoming(token) <= first.keys():
                self.join(list(first.values()))

    def waiting_with(self, token: Token) -> list[Token]:
        """The tokens that wait at the same gateway, first come first."""
        tokens = [t for t in token.body.tokens if t.element is token.element]
        return sorted((t for t in tokens if t.state is State.WAITS), key=lambda t: t.arrival)

    def settle(self) -> bool:
        """Nothing moves: inclusive gateways that wait for no other token let theirs go."""
        for token in [token for body in self.bodies for token in body.tokens]:
            waits = token.alive and token.state is State.WAITS
            if waits and token.element.kind == "inclusiveGateway":
                waiting = self.waiting_with(token)
                come = {one.flow for one in waiting}
                others = (t for t in token.body.tokens if t.element is not token.element)
                if not any(self.is_missing(other, token.element, come) for other in others):
                    self.join(waiting)
        return bool(self.queue)

    def is_missing(self, other: Token, gateway: Element, come: set[str]) -> bool:
        """Whether a token may come to the gateway, and by no flow by which one has come already
        (BPMN 2.0.2, 13.4.3)."""
        ways: set[str] = set()
        passed, pending = {gateway.id}, [other.element.id]
        while pending:
            source = pending.pop()
            flows = [f for f in other.body.model.flows.values() if f.source == source]
            ways |= {flow.id for flow in flows if flow.target == gateway.id}
            new = {flow.target for flow in flows} - passed
            passed |= new
            pending += new
        return bool(ways) and not ways & come

    def join(self, tokens: list[Token]) -> None:
        """The last to come goes on; it is in those scopes only that all of them share."""
        *others, last = sorted(tokens, key=lambda token: token.arrival)
        for token in others:
            token.alive = False
            token.body.tokens.remove(token)
            while last.scope.of_firing and last.scope not in token.scope.outward():
                assert last.scope.outer is not None
                last.scope = last.scope.outer
        self.goes(last)
