"""A running instance in memory: start, load, act, look, save.

Owns `Live`, the face of this package. Every act takes the host of its step, does its one thing and
runs on until each token waits. After any exception the object is spoiled and must be thrown away:
load it again from what was stored.
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
from engine.execution.border.tree.keys import OfToken
from engine.execution.border.tree.port import Host
from engine.execution.border.tree.values import Data, deep_copy, same, submitted
from engine.execution.border.tree.variables import Writes
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say

NOT_WAITING = say("This has been done, or is not waiting any more.")


class Live:
    """One instance of a program. Not for several threads at once."""

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
        """The instance of a stored state; `find` gives the versions of processes that its calls
        began with. Raises Fault if it does not fit the program."""
        limit = program.step_limit
        return cls(program, codec.decode(body, program.spec, program.specs, limit, find))

    def dump(self) -> bytes:
        """The state to store; of an ended instance its data only. Raises Fault for one that could
        not be read back."""
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
        """Whether variables of the process that a token runs in, which may be a called one, have
        these values; 1 is no true. Raises Conflict if the token is gone."""
        *_, process = self._find(token).variables.outward()
        values = process.values
        return all(name in values and same(values[name], one) for name, one in wanted.items())

    def data_of(self, token: UUID) -> Data:
        """A copy of every variable one token sees. Raises Conflict if the token is gone."""
        return deep_copy(self._find(token).variables.visible())

    def own_data_of(self, token: UUID) -> Data:
        """A copy of the variables of the activity that a token is at: its input parameters. Raises
        Conflict if the token is gone."""
        return deep_copy(inputs_within(self._find(token)))

    def form_data_of(self, token: UUID) -> Data:
        """A copy of the variables that a form of the human task may show: what it sees, but for
        names asked anew; in a run of a multi-instance only those of the run, since what is around
        it may be the answer of another run. Raises Conflict if the token is gone."""
        found = self._find(token)
        element = found.task_spec.element
        shown = {
            name: value
            for name, value in found.variables.of_run().items()
            if name not in element.asked_anew
        }
        return deep_copy(shown)

    def changed(self) -> dict[str, Data]:
        """The variables written since the last snapshot, by path of their scope (element ids, empty
        for the process instance): what each is now, None for one taken away."""
        return self._top.writes.changed()

    def take_folded(self) -> dict[str, list[str]]:
        """What could not be told for certain when a state of a former form was loaded; told
        once."""
        folded, self._top.folded = self._top.folded, {}
        return folded

    def waiting(self) -> Waiting:
        """What the instance waits for."""
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

        An `onComplete` handler is the step's business and has run before; `made` is what it gives.
        """
        found = self._at(token, Human, READY)
        values = submitted(answers)
        self._begin(host)
        found.task_spec.submit(found, values | stored(found, made) if made else values)
        self._run()

    def fire(self, token: UUID, host: Host, planned: datetime | None = None) -> None:
        """A timer is due. Whether it is, the caller knows; `planned` is when it was meant to be and
        must be what the timer still waits for. Raises Conflict if it does not wait any more."""
        found = self._at(token, Catching, WAITING)
        timer = self.waiting().timers.get(token)
        if timer is None or (planned is not None and planned < timer.due_at):
            raise Conflict(NOT_WAITING)
        self._begin(host)
        found.task_spec.fire(found)
        self._run()

    def deliver(self, token: UUID, payload: Mapping[str, object], host: Host) -> None:
        """The message a token waits for has come. Raises BadInput, Conflict, Fault."""
        found = self._at(token, Catching, WAITING)
        values = submitted(payload)
        self._begin(host)
        found.task_spec.caught(found, values)
        self._run()

    def choices(self) -> list[Choice]:
        """What can be chosen in the ad-hoc sub-processes that are open, the oldest first."""
        choosing = [one for one in live_tokens(self._top) if isinstance(one.task_spec, Choosing)]
        choosing.sort(key=lambda one: one.internal_data[OfToken.MESSAGE][2])
        return [one.task_spec.choice(one) for one in choosing]

    def start_activity(
        self, token: UUID, activity: str, values: Mapping[str, object], host: Host
    ) -> None:
        """Begin an activity of the ad-hoc sub-process whose choice this token is. Raises BadInput,
        Conflict, Fault, HandlerFailed."""
        found = self._at(token, Choosing, WAITING)
        written = submitted(values)
        self._begin(host)
        found.task_spec.start(found, activity, written)
        self._run()

    def read_again(self, token: UUID, values: Mapping[str, object]) -> Data:
        """Of these values those that something reads. Raises Conflict if the token is gone."""
        return read_of(self._find(token), values)

    def is_recorded(self, token: UUID, host: Host) -> bool:
        """Whether a handler right behind the event that waits takes in what it brings."""
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
        """An outside worker has finished; `own`: variables of the activity alone. Raises BadInput,
        Conflict, Fault, HandlerFailed."""
        found = self._at(token, FlowNode, WAITING)
        if OfToken.EXTERNAL not in found.internal_data:
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
        """A BPMN error at a waiting token, with data that are written before. Raises BadInput,
        Conflict, or Fault if nobody catches it."""
        found, values = self._find(token), submitted(data)
        self._begin(host)
        write(found, values)
        throw_error(found, code, message)
        self._run()

    def throw_escalation(
        self, token: UUID, code: str | None, host: Host, data: Mapping[str, object] = NO_NAMES
    ) -> None:
        """An escalation at a waiting token, with data that are written before; nobody has to catch
        it. Raises BadInput, Conflict, Fault, HandlerFailed."""
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
        """The case has changed: evaluate deadlines and waiting timers that read it anew."""
        deadlines.recompute(self._begin(host))

    def cancel(self, host: Host) -> None:
        """End the instance at once; every token is taken away, and no output parameter is
        written."""
        top = self._begin(host)
        for token in top.live_tokens():
            if token.live:
                discard(token)
        top.completed = True

    def compact(self) -> None:
        """Drop everything finished that no live token needs."""
        compact(self._top)

    def snapshot(self) -> frozenset[Passage]:
        """Where tokens stand now; the records of activities and of writes begin anew."""
        self._top.journal.clear()
        self._top.writes = Writes()
        return self._passages()

    def activities(self, since: frozenset[Passage] | None) -> Activities:
        """What was entered, left and cancelled since a snapshot, or since the start for None."""
        return self._top.journal.activities(since or frozenset(), self._passages())

    def _passages(self) -> frozenset[Passage]:
        return frozenset(
            Passage(token.task_spec.element.id, token.id)
            for token in live_tokens(self._top)
            if token._state & (READY | STARTED | WAITING) and token.task_spec.stands(token)
        )

    def _begin(self, host: Host) -> Instance:
        """Bind the instance to the step that now runs."""
        self._top.begin(host)
        self._waiting = None
        return self._top

    def _run(self) -> None:
        """Run on until every token waits. Raises Fault if they wait for nothing but each other."""
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
        """The token, if it waits at an element of this kind."""
        found = self._find(token)
        if not isinstance(found.task_spec, kind) or found._state != state:
            raise Conflict(NOT_WAITING)
        return found
