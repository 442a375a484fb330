"""The reference: a case of a process with its variables in scopes, said as plainly as it can be.

Events, in the words of decisions of their own:

- what a firing brings (`timer` behind a boundary timer that does not interrupt, `error` behind an
  error boundary event) is local to the branch that the firing starts: a scope that its tokens share
  and that ends at a join of tokens which do not all share it;
- an event sub-process begun by a timer or an error has these facts in its own scope; the payload of
  a message is written outward from around the event, like any answer;
- boundary events read from the scope of their activity, and write to the one around it; so do the
  variables that catch the code and the message of an error or an escalation.

What activities do is decided in `activities`, how tokens move in `flow`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from engine.models.elements import ProcessModel
from tests.engine.reference.activities import Acting
from tests.engine.reference.state import Armed, Memory, Scope, State, Token, Values


class Case(Acting):
    """A running case. Every act does one thing and lets all tokens go on until they wait."""

    def __init__(
        self, models: Mapping[str, ProcessModel], key: str, data: Mapping[str, Any], now: datetime
    ) -> None:
        super().__init__()
        self.models, self.now = models, now
        self.variables = Scope(None, data)
        self.open(models[key], key, self.variables, None)
        self.run()

    # --- what is to be seen -----------------------------------------------------------------------

    @property
    def ended(self) -> bool:
        return not self.bodies

    @property
    def stuck(self) -> bool:
        """Whether nothing that may happen leads on."""
        catches = any(one.element.kind == "intermediateCatchEvent" for one in self.armed())
        may_come = self.awaiting("message") or self.awaiting("signal") or self.timers() or catches
        return not (self.ended or self.tasks() or may_come)

    def tokens(self) -> Iterator[Token]:
        """Every token, a run of a repeated activity instead of the whole."""
        for body in self.bodies:
            for token in body.tokens:
                yield from token.runs or [token]

    def tasks(self) -> list[Token]:
        """The open tasks."""
        return [
            token
            for token in self.tokens()
            if token.element.kind == "userTask" and token.own and token.state is State.WAITS
        ]

    # --- acts -------------------------------------------------------------------------------------

    def complete(self, task: Token, answers: Mapping[str, Any]) -> None:
        """Somebody completes a task; an answer goes to the nearest scope that has its name."""
        assert task.own is not None
        task.own.write(answers)
        self.finish(task)
        self.run()

    def fire(self, armed: Armed) -> None:
        """A timer is due."""
        assert armed.due is not None
        planned, armed.fired = armed.due, armed.fired + 1
        self.set_due(armed)
        facts = {"planned": text(planned), "fired": text(self.now), "late_seconds": 0, "missed": 0}
        if armed.element.kind == "boundaryEvent":
            facts["element"] = armed.element.attached_to
        self.comes(armed, "timer", {"timer": facts})
        self.run()

    def deliver(self, kind: str, name: str, payload: Mapping[str, Any]) -> None:
        """A message or signal, for the one that has waited for it longest."""
        self.comes(self.awaiting(kind)[name][0], kind, {}, payload)
        self.run()

    # --- what an event does -----------------------------------------------------------------------

    def caught(self, armed: Armed, how: str, facts: Values, payload: Mapping[str, Any]) -> None:
        """An event has come, with facts of its own and what it brings."""
        activity = armed.activity
        if activity is None:
            self.begins(armed, facts, payload)
        elif armed.element.kind == "intermediateCatchEvent":
            activity.scope.write(payload)
            activity.guards = []
            self.goes(activity)
        elif armed.element.kind == "receiveTask":
            assert activity.own is not None
            activity.guards.remove(armed)
            activity.own.write(payload)
            self.finish(activity)
        elif armed.element.interrupting:
            self.takes_over(armed, activity, how, facts, payload)
        else:
            activity.scope.write(payload)
            self.branches(armed, activity, facts)

    def takes_over(
        self, armed: Armed, activity: Token, how: str, facts: Values, payload: Mapping[str, Any]
    ) -> None:
        """The activity is interrupted; a token goes on from the event."""
        self.interrupt(activity)
        activity.scope.write(payload)
        scope = activity.scope
        if how == "error":
            scope = Scope(scope, facts, of_firing=True)
        token = Token(armed.body, armed.element, scope)
        armed.body.tokens.append(token)
        self.goes(token)

    def branches(self, armed: Armed, activity: Token, facts: Values) -> None:
        """A branch begins beside the activity."""
        scope = Scope(activity.scope, facts, of_firing=True)
        if armed.event.timer and not armed.due:
            activity.guards.remove(armed)
        token = Token(armed.body, armed.element, scope)
        armed.body.tokens.append(token)
        self.leave(token)

    def begins(self, armed: Armed, facts: Values, payload: Mapping[str, Any]) -> None:
        """An event sub-process begins, instead of or beside everything else in its body."""
        body = armed.body
        if armed.element.interrupting:
            self.interrupt_all(body)
        elif armed.event.timer and not armed.due:
            body.armed.remove(armed)
        body.scope.write(payload)
        holder = body.model.elements[armed.element.process]
        token = Token(body, holder, body.scope, state=State.WAITS)
        token.own = Scope(body.scope, facts)
        body.tokens.append(token)
        self.open(body.model, holder.id, token.own, token)

    def throw(self, token: Token, kind: str, code: str | None) -> None:
        """An error or an escalation goes outward to the nearest event that catches it; a called
        process that it leaves gives back. An event sub-process does not catch what it throws."""
        facts = {"error": {"code": code, "message": ""}} if kind == "error" else {}
        at: Token | None = token
        while at is not None:
            self.pass_out(at)
            found = self.catcher(at.guards, kind, code)
            if found is None and at.whole is None:
                others = [a for a in at.body.armed if a.element.process != at.element.id]
                found = self.catcher(others, kind, code)
            if found is not None:
                named = {found.event.code_variable: code, found.event.message_variable: ""}
                told = {name: value for name, value in named.items() if name}
                self.comes(found, kind, facts, told)
                return
            around = at.whole or at.body.parent
            while isinstance(around, Memory):
                around = around.body.parent
            at = around
        assert kind == "escalation", f"nobody catches {code}"

    def catcher(self, armed: list[Armed], kind: str, code: str | None) -> Armed | None:
        """The event for this code, or for any."""
        found = [one for one in armed if one.event.kind == kind and one.event.code in (code, None)]
        return min(found, key=lambda one: one.event.code is None, default=None)


def text(moment: datetime) -> str:
    """A moment as the facts of a firing say it."""
    return moment.astimezone(UTC).isoformat()
