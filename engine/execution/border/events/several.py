"""Events with several definitions: the first definition counts, or all of them must come.

Owns the part of one definition. A part waits as a token below the token of its event, so each part
has its own timer, message or condition. The event itself is caught like any other (BPMN 2.0.2,
10.5.5; Camunda 7 has no such event).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from engine.execution.border.events import timers
from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import Way
from engine.execution.border.tree.expressions import NO_NAMES, write
from engine.execution.border.tree.kernel import WAITING, Token, discard
from engine.execution.border.tree.records import TaskRecord


class Part(Catching):
    """One definition of an event with several. `whole` is the event; `optional` as in
    `Catching`."""

    whole: Catching
    keeps_open = False

    @property
    def visible(self) -> bool:
        """Not visible: the history shows the event."""
        return False

    @cached_property
    def belongs_to(self) -> str | None:
        return self.whole.belongs_to or self.element.id

    def task_record(self, token: Token) -> TaskRecord | None:
        return self.whole.task_record(token.workflow.tasks[token._parent])

    def behind(self, token: Token) -> list[Way]:
        return self.whole.behind(token)

    def fire(self, token: Token) -> None:
        assert self.timer is not None
        event = token.workflow.tasks[token._parent]
        facts = {**timers.fire(token, self.timer).facts(), **self.whole.looked_at(event)}
        takes_over = self.element.attached_to is not None and self.element.interrupting
        self.caught(token, {}, NO_NAMES if takes_over else {"timer": facts})
        self.spend(token)

    def caught(
        self, token: Token, values: Mapping[str, object], facts: Mapping[str, object] = NO_NAMES
    ) -> None:
        """Catch the event, unless it waits for other parts; then the payload is already written. An
        event that does not interrupt waits for all parts again."""
        event, whole = token.workflow.tasks[token._parent], self.whole
        if whole.event.all_of:
            write(event, values, whole.around(event))
            values = NO_NAMES
            discard(token)
            if any(part.live for part in event.children):
                return
        if whole.element.interrupting:
            for part in event.children:
                discard(part)
        whole.caught(event, values, facts)
        if whole.event.all_of and event._state == WAITING:
            whole.watch(event)
