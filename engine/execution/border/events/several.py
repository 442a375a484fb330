"""Events of several definitions: the first of them to come counts, or all have to come.

Owns the part that one definition plays. A part waits as a token below that of its event, so each
has a timer, a message or a condition of its own; the event itself is caught as any other (BPMN
2.0.2, 10.5.5; Camunda 7 knows none).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from engine.execution.border.events import timers
from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import Way
from engine.execution.border.tree.expressions import NO_NAMES, write
from engine.execution.border.tree.kernel import WAITING, Token, discard


class Part(Catching):
    """One definition of an event that has several. `whole` is the event, `optional` as there."""

    whole: Catching
    keeps_open = False

    @property
    def visible(self) -> bool:
        """The history shows the event."""
        return False

    @cached_property
    def belongs_to(self) -> str | None:
        return self.whole.belongs_to or self.element.id

    def task_record(self, token: Token) -> dict[str, Any] | None:
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
        """Let the event be caught, unless it waits for other parts too; then what has come is
        written already. One that does not interrupt waits for all of them anew."""
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
