"""The first node of a scope: it starts at the usual start event or at the event that happened.

Owns the invisible first node of a scope, and the rule for a process with several start events: only
one of these events starts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.execution.border.events.on_flow import NONE
from engine.execution.border.flow.flow_node import FlowNode, Way, send
from engine.execution.border.tree.kernel import Token
from engine.models.elements import Element
from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say


class Root(FlowNode):
    """The invisible first node of a scope. `starts`: id of each start event -> the way to it; the
    first of its exits leads to the usual one. `only_by`: names of the events, if there is no usual
    start."""

    starts: Mapping[str, Way]
    only_by: tuple[str, ...] = ()

    @property
    def visible(self) -> bool:
        return False

    def set_out(self, token: Token, at: str | None = None) -> None:
        """Start at the usual start event, or at the event `at`. Raises BadInput without a usual
        start event."""
        if at is None and self.only_by:
            raise BadInput(self.no_usual_start())
        if at is None:
            self.leave(token)
            return
        for way in (self.starts[at], *self.exits[1:]):
            send(token, way)

    def no_usual_start(self) -> Sentence:
        """Why the process cannot be started by its key."""
        return say(
            "The process {process} begins by one of several events only: {events}.",
            process=self.element.id,
            events=", ".join(self.only_by),
        )


def only_by(starts: Sequence[Element]) -> tuple[str, ...]:
    """The names of the start events, if none of them is the usual one: there are several, and each
    has a definition other than a timer (Camunda 7)."""
    events = [(start, event) for start in starts for event in (start.event or NONE).each]
    if len(starts) < 2 or any(event.kind in ("none", "timer") for _, event in events):
        return ()
    return tuple(
        (event.message.name if event.message else event.code) or start.name or start.id
        for start, event in events
    )
