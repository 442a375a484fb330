"""Events attached to an activity, and the split that arms them with it.

Owns the life of a boundary event: armed when its activity begins, fired once or often, off when the
activity ends. `timers` and `ladder` compute when a timer is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.execution.border.events import ladder, timers
from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import FlowNode, send
from engine.execution.border.tree.expressions import NO_NAMES, write
from engine.execution.border.tree.kernel import WAITING, Token, discard
from engine.execution.border.tree.node import Exit
from engine.execution.border.tree.records import TaskRecord
from engine.execution.border.tree.scopes import interrupt
from engine.execution.border.tree.values import Data
from engine.execution.border.tree.variables import Variables


class Boundary(Catching):
    """An event attached to an activity: armed with it, off when it ends.

    `guarded` is the activity. A non-interrupting message or escalation may come again and again. A
    non-interrupting timer starts its branch once, a cycle or a ladder at each of its times. An
    armed event reads the scope of the activity, input parameters included; its payload is written
    around the activity.
    """

    guarded: FlowNode
    optional = True

    def stands(self, token: Token) -> bool:
        return token._state != WAITING

    def task_record(self, token: Token) -> TaskRecord | None:
        return next(iter(self.tasks(token)), None)

    def arrive(self, token: Token) -> None:
        token._set_state(WAITING)
        self.watch(token)

    def watch(self, token: Token) -> None:
        if self.timer is not None and self.timer.ladder is not None:
            ladder.arm(token, self.timer.ladder, self.tasks(token))
        else:
            super().watch(token)

    def activity(self, token: Token) -> Token | None:
        """The token of the guarded activity while it runs, else None."""
        parent = token.workflow.tasks[token._parent]
        for sibling in parent.children:
            if sibling.task_spec is self.guarded and sibling.live:
                found: Token = sibling
                return found
        return None

    def tasks(self, token: Token) -> list[TaskRecord]:
        """The open human tasks of the guarded activity: one, or one for each item of a
        multi-instance."""
        activity = self.activity(token)
        if activity is None:
            return []
        return [
            one.record.task
            for one in (activity, *activity.children)
            if one.live and one.record.task is not None
        ]

    def fire(self, token: Token) -> None:
        assert self.timer is not None
        tasks = self.tasks(token)
        if self.timer.ladder is not None:
            firing, overdue = ladder.fire(token, self.timer.ladder, tasks)
            facts = {**firing.facts(), "overdue": overdue}
        else:
            facts = timers.fire(token, self.timer).facts()
        if self.element.interrupting:
            self.caught(token, {})
            return
        self.branch(token, {"timer": {**facts, **self.looked_at(token)}})
        self.spend(token)

    def around(self, token: Token) -> Variables:
        return token.workflow.tasks[token._parent].variables

    def looked_at(self, token: Token) -> Data:
        rows: list[object] = [task.row for task in self.tasks(token)]
        return {
            "element": self.element.attached_to,
            "task": rows[0] if rows else None,
            "tasks": rows,
        }

    def caught(
        self, token: Token, values: Mapping[str, object], facts: Mapping[str, object] = NO_NAMES
    ) -> None:
        split = token.workflow.tasks[token._parent]
        if not self.element.interrupting:
            write(token, values, split.variables)
            self.branch(token, facts)
            return
        activity = self.activity(token)
        if activity is not None:
            interrupt(activity)
        for guard in self.guarded.guards:
            guard.stand_down(split, token)
        token.forget()
        token.variables = self.told(split, facts)
        write(token, values)
        self.enter(token)
        self.resume(token)

    def branch(self, token: Token, facts: Mapping[str, object]) -> None:
        """Start the branch behind an event that stays attached, with the facts of this firing. The
        branch continues after the activity ends (BPMN 2.0.2, 13.5.3)."""
        self.enter(token)
        token.top.journal.leave(self.element.id, token.id)
        split = token.workflow.tasks[token._parent]
        armed, token.variables = token.variables, self.told(split, facts)
        chosen = self.choose(token)
        told, token.variables = token.variables, armed
        for way in chosen:
            send(token.workflow.task_tree, way, told)

    def told(self, split: Token, facts: Mapping[str, object]) -> Variables:
        """The scope of a branch: the scope around the activity, plus the facts of the firing."""
        if not facts:
            return split.variables
        return Variables("firing", self.element.id, split.variables, dict(facts))

    def disarm(self, activity: Token) -> None:
        """Switch all events off, because the guarded activity has ended."""
        self.stand_down(activity.workflow.tasks[activity._parent], activity)

    def stand_down(self, split: Token, by: Token) -> None:
        """Switch the event off."""
        for token in split.children:
            if token.task_spec is self and token is not by and token._state == WAITING:
                discard(token)


class Split(FlowNode):
    """Entry of an activity with boundary events: starts the activity, then arms the events."""

    guarded: FlowNode
    boundaries: Sequence[Boundary]

    @property
    def visible(self) -> bool:
        return False

    def holds(self, token: Token) -> bool:
        nodes = (self.guarded, *self.boundaries)
        return any(child.live and child.task_spec in nodes for child in token.children)

    def leave(self, token: Token) -> None:
        activity = send(token, Exit(None, self.guarded))
        for boundary in self.boundaries:
            send(token, Exit(None, boundary), activity.variables)
