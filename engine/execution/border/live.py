"""A running instance in memory: start, load, act, look, save.

Owns `Live`, the class that callers of this package use. Every act takes the host of its step, does
one thing and runs until each token waits. After any exception the object is invalid: throw it away
and load the instance again from its stored state.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.execution.border.activities.activity import Human, inputs_within
from engine.execution.border.activities.ad_hoc import Choice, Choosing
from engine.execution.border.activities.services import take_external
from engine.execution.border.events import deadlines
from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import FlowNode, read_of
from engine.execution.border.flow.propagation import throw_error, throw_escalation
from engine.execution.border.program import Program, no_other
from engine.execution.border.state import codec
from engine.execution.border.state.codec import Find
from engine.execution.border.state.compaction import compact
from engine.execution.border.state.waiting import NOTHING, Waiting, live_tokens, waiting_of
from engine.execution.border.tree.expressions import NO_NAMES, stored, write
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.journal import Activities, Passage
from engine.execution.border.tree.kernel import READY, STARTED, WAITING, Instance, Token, discard
from engine.execution.border.tree.port import Host
from engine.execution.border.tree.values import Data, deep_copy, same, submitted
from engine.execution.border.tree.variables import Writes
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say

NOT_WAITING = say("This has been done, or is not waiting any more.")


class Live:
    """One instance of a program. Threads may not share it at the same time."""

    def __init__(self, program: Program, top: Instance) -> None:
        self.program = program
        self._top = top
        self._waiting: Waiting | None = None

    @classmethod
    def start(
        cls, program: Program, data: Mapping[str, object], host: Host, at: str | None = None
    ) -> Live:
        """A new instance, run from its start event `at`, or the usual one, to its first waits.
        Raises BadInput, Fault, HandlerFailed."""
        live = cls(program, Instance(program.spec, program.specs, program.step_limit))
        top = live._begin(host)
        top.writes.write(top.variables, submitted(data))
        program.spec.start.set_out(top.plant(), at)
        live._run()
        return live

    @classmethod
    def load(cls, program: Program, body: bytes, find: Find = no_other) -> Live:
        """The instance of a stored state; `find` gives the process versions that its calls began
        with. Raises Fault if the state does not fit the program."""
        limit = program.step_limit
        return cls(program, codec.decode(body, program.spec, program.specs, limit, find))

    def dump(self) -> bytes:
        """The state to store; for an ended instance only its data. Raises Fault for a state that
        could not be read again."""
        return codec.encode(self._top)

    @property
    def ended(self) -> bool:
        """Whether no token is left."""
        return self._top.completed

    @property
    def data(self) -> Data:
        """A copy of the variables of the process instance itself."""
        return deep_copy(self._top.variables.values)

    def holds(self, token: UUID, wanted: Mapping[str, object]) -> bool:
        """Whether variables of the token's process, which may be a called one, have these values; 1
        does not equal true. Raises Conflict if the token is gone."""
        *_, process = self._find(token).variables.outward()
        values = process.values
        return all(name in values and same(values[name], one) for name, one in wanted.items())

    def data_of(self, token: UUID) -> Data:
        """A copy of every variable that one token reads. Raises Conflict if the token is gone."""
        return deep_copy(self._find(token).variables.visible())

    def own_data_of(self, token: UUID) -> Data:
        """A copy of the input parameters of the token's activity. Raises Conflict if the token is
        gone."""
        return deep_copy(inputs_within(self._find(token)))

    def form_data_of(self, token: UUID) -> Data:
        """A copy of the variables that the form of the human task may show: all that the task
        reads, except names asked anew. In a run of a multi-instance only the run's own variables
        count, because a variable around it may be the answer of another run. Raises Conflict if the
        token is gone."""
        found = self._find(token)
        element = found.task_spec.element
        shown = {
            name: value
            for name, value in found.variables.of_run().items()
            if name not in element.asked_anew
        }
        return deep_copy(shown)

    def changed(self) -> dict[str, Data]:
        """The variables written since the last snapshot, by path of their scope (element ids; empty
        for the process instance), with their present value; None for a removed one."""
        return self._top.writes.changed()

    def take_folded(self) -> dict[str, list[str]]:
        """The doubts that loading a state of a former form left; a second call returns nothing."""
        folded, self._top.folded = self._top.folded, {}
        return folded

    def waiting(self) -> Waiting:
        """Everything that the instance waits for."""
        if self._waiting is None:
            self._waiting = waiting_of(self._top)
        return self._waiting

    def complete(
        self,
        token: UUID,
        answers: Mapping[str, object],
        host: Host,
        made: Mapping[str, object] = NO_NAMES,
    ) -> None:
        """Complete a human task with its answers. Raises BadInput, Conflict, Fault, HandlerFailed.

        The step has already run an `onComplete` handler; `made` is its result.
        """
        found = self._at(token, Human, READY)
        values = submitted(answers)
        self._begin(host)
        found.task_spec.submit(found, values | stored(found, made) if made else values)
        self._run()

    def fire(self, token: UUID, host: Host, planned: datetime | None = None) -> None:
        """Fire a timer that is due, as the caller knows. `planned` is the time for which it was
        armed, and must equal the time that the timer waits for. Raises Conflict if it waits no
        longer."""
        found = self._at(token, Catching, WAITING)
        timer = self.waiting().timers.get(token)
        if timer is None or (planned is not None and planned < timer.due_at):
            raise Conflict(NOT_WAITING)
        self._begin(host)
        found.task_spec.fire(found)
        self._run()

    def deliver(self, token: UUID, payload: Mapping[str, object], host: Host) -> None:
        """Deliver the message that a token waits for. Raises BadInput, Conflict, Fault."""
        found = self._at(token, Catching, WAITING)
        values = submitted(payload)
        self._begin(host)
        found.task_spec.caught(found, values)
        self._run()

    def choices(self) -> list[Choice]:
        """The choices in the open ad-hoc sub-processes, the oldest first."""
        listening = map(self._find, self.waiting().subscriptions)
        return [
            one.task_spec.choice(one) for one in listening if isinstance(one.task_spec, Choosing)
        ]

    def start_activity(
        self, token: UUID, activity: str, values: Mapping[str, object], host: Host
    ) -> None:
        """Start an activity of the ad-hoc sub-process whose choice is this token. Raises BadInput,
        Conflict, Fault, HandlerFailed."""
        found = self._at(token, Choosing, WAITING)
        written = submitted(values)
        self._begin(host)
        found.task_spec.start(found, activity, written)
        self._run()

    def read_again(self, token: UUID, values: Mapping[str, object]) -> Data:
        """Those of `values` that the process reads. Raises Conflict if the token is gone."""
        return read_of(self._find(token), values)

    def is_recorded(self, token: UUID, host: Host) -> bool:
        """Whether a handler right behind the waiting event takes in the payload."""
        found = self._at(token, Catching, WAITING)
        recorded: bool = found.task_spec.is_recorded(found, host)
        return recorded

    def external_done(
        self,
        token: UUID,
        result: Mapping[str, object],
        host: Host,
        own: Mapping[str, object] = NO_NAMES,
    ) -> None:
        """An external worker has finished; `own` are variables of the activity alone. Raises
        BadInput, Conflict, Fault, HandlerFailed."""
        found = self._at(token, FlowNode, WAITING)
        if found.record.external is None:
            raise Conflict(NOT_WAITING)
        values, within = submitted(result), submitted(own)
        self._begin(host)
        take_external(found, values, within)
        self._run()

    def throw_error(
        self,
        token: UUID,
        code: str,
        host: Host,
        message: str = "",
        data: Mapping[str, object] = NO_NAMES,
    ) -> None:
        """Write `data`, then raise a BPMN error at a waiting token. Raises BadInput, Conflict, or
        Fault if no event catches it."""
        found, values = self._find(token), submitted(data)
        self._begin(host)
        write(found, values)
        throw_error(found, code, message)
        self._run()

    def throw_escalation(
        self, token: UUID, code: str | None, host: Host, data: Mapping[str, object] = NO_NAMES
    ) -> None:
        """Write `data`, then raise an escalation at a waiting token; an uncaught one has no effect.
        Raises BadInput, Conflict, Fault, HandlerFailed."""
        found, values = self._find(token), submitted(data)
        self._begin(host)
        write(found, values)
        throw_escalation(found, code)
        self._run()

    def set_due(self, token: UUID, due_at: datetime | None, host: Host) -> None:
        """Move the deadline of an open human task; timers that read it follow. Raises Conflict."""
        found = self._at(token, Human, READY)
        self._begin(host)
        deadlines.set_due(found, due_at)

    def recompute_due(self, host: Host) -> None:
        """Evaluate deadlines and waiting timers again that read the case, because it has
        changed."""
        deadlines.recompute(self._begin(host))

    def cancel(self, host: Host) -> None:
        """End the instance at once: every token is removed, and no output parameter is written."""
        top = self._begin(host)
        for token in top.live_tokens():
            if token.live:
                discard(token)
        top.completed = True

    def compact(self) -> None:
        """Remove every finished token that no live token needs."""
        compact(self._top)

    def snapshot(self) -> frozenset[Passage]:
        """The places of the tokens now; the records of activities and of writes begin anew."""
        self._top.journal.clear()
        self._top.writes = Writes()
        return self._passages()

    def activities(self, since: frozenset[Passage] | None) -> Activities:
        """The elements entered, left and cancelled since a snapshot; None: since the start."""
        return self._top.journal.activities(since or frozenset(), self._passages())

    def _passages(self) -> frozenset[Passage]:
        return frozenset(
            Passage(token.task_spec.element.id, token.id)
            for token in live_tokens(self._top)
            if token._state & (READY | STARTED | WAITING) and token.task_spec.stands(token)
        )

    def _begin(self, host: Host) -> Instance:
        """Bind the instance to the running step."""
        self._top.begin(host)
        self._waiting = None
        return self._top

    def _run(self) -> None:
        """Run until every token waits. Raises Fault if they wait only for each other."""
        self._top.run()
        if self.ended or self.waiting() != NOTHING:
            return
        stuck = next((t for t in live_tokens(self._top) if t._state == WAITING), None)
        raise Fault(
            stuck.task_spec.element if stuck else None,
            say("The case cannot go on: it waits for a branch that will never come."),
            say("Join alternatives with an exclusive gateway."),
        )

    def _find(self, token: UUID) -> Token:
        found = self._top.find(token)
        if found is None or not found.live:
            raise Conflict(NOT_WAITING)
        return found

    def _at(self, token: UUID, kind: type[Any], state: int) -> Token:
        """The token, if it waits at an element of this kind. Raises Conflict."""
        found = self._find(token)
        if not isinstance(found.task_spec, kind) or found._state != state:
            raise Conflict(NOT_WAITING)
        return found
