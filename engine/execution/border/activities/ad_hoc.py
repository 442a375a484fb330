"""Ad-hoc sub-processes: people choose which of the activities inside is done next, and how often.

Owns the token that waits for a choice. It stands beside what goes on in the scope and keeps it open
until somebody completes the whole or the completion condition holds (BPMN 2.0.2, 13.3.5). Like a
receive task without a message it is told to go on by itself. Flows inside lead on as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from engine.execution.border.activities.activity import Activity
from engine.execution.border.activities.loops import Repeated
from engine.execution.border.events.messages import UNNAMED
from engine.execution.border.events.on_flow import Catching
from engine.execution.border.flow.flow_node import FlowNode, send
from engine.execution.border.flow.gateways import Joining
from engine.execution.border.tree.expressions import NO_NAMES, is_answerable, is_true, write
from engine.execution.border.tree.kernel import WAITING, Scope, SubScope, Token, discard
from engine.execution.border.tree.keys import OfToken
from engine.execution.border.tree.node import Exit, Library, ProcessSpec
from engine.execution.border.tree.scopes import complete_scope, keeps_open, terminate
from engine.execution.border.tree.values import Data
from engine.models.elements import AdHoc, Element
from engine.sentences.errors import BadInput
from engine.sentences.sentence import say


@dataclass(frozen=True, slots=True)
class Choice:
    """An ad-hoc sub-process that somebody may go on with: `activities` can be started now; `idle`:
    nothing goes on in it, so that it can be completed, under its completion condition if it has
    one."""

    token: UUID
    element: Element
    activities: tuple[Element, ...]
    idle: bool


class Choosing(Catching):
    """The invisible place inside an ad-hoc sub-process where a choice is awaited.

    `ways`: id of each activity that no flow leads to -> its entry.
    """

    ways: Mapping[str, FlowNode]

    @property
    def ad_hoc(self) -> AdHoc:
        ad_hoc = self.element.ad_hoc
        assert ad_hoc is not None
        return ad_hoc

    @property
    def visible(self) -> bool:
        """The history shows the sub-process."""
        return False

    def arrive(self, token: Token) -> None:
        token._set_state(WAITING)
        token.internal_data[OfToken.MESSAGE] = [UNNAMED, str(token.id), token.top.arrival()]

    def choice(self, token: Token) -> Choice:
        """What can be done now."""
        busy = self.ad_hoc.sequential and any(map(_proceeds, token.workflow.live_tokens()))
        ways = () if busy else self.ways.values()
        elements = tuple(node.element for node in ways)
        return Choice(token.id, self.element, elements, self.is_idle(token))

    def is_idle(self, token: Token) -> bool:
        """Whether nothing else keeps the scope open."""
        others = (one for one in token.workflow.live_tokens() if one is not token)
        return not any(map(keeps_open, others))

    def start(self, token: Token, activity: str, values: Data) -> None:
        """Begin an activity, with values that are written. Raises BadInput for one that cannot be
        started now."""
        if activity not in self.ways:
            what = say("{activity} is no activity that can be started here.", activity=activity)
            raise BadInput(what)
        if not self.choice(token).activities:
            raise BadInput(say("One activity is done at a time here. Complete the open one first."))
        write(token, values)
        send(token.workflow.task_tree, Exit(None, self.ways[activity]))

    def caught(
        self, token: Token, values: Mapping[str, object], facts: Mapping[str, object] = NO_NAMES
    ) -> None:
        """Somebody completes the sub-process. Raises BadInput where that cannot be done now."""
        if not self.is_idle(token):
            raise BadInput(say("Something still goes on in it. Complete that first."))
        write(token, values)
        if self.ad_hoc.until is not None and not self.is_met(token.workflow):
            raise BadInput(say("Its completion condition does not hold yet."))
        complete_scope(token.workflow)

    def closes(self, done: Token) -> bool:
        """An activity inside is done: whether the whole ends at once. Where what goes on is not
        cancelled, nothing more can be chosen, and it ends with the last branch."""
        scope = done.workflow
        if not self.is_met(scope):
            return False
        if self.ad_hoc.cancels:
            terminate(done)
            return True
        for token in scope.live_tokens():
            if token.task_spec is self:
                discard(token)
        return False

    def is_met(self, scope: Scope) -> bool:
        """Whether the completion condition holds; a name nobody has set yet makes it false, since
        activities come in any order."""
        assert isinstance(scope, SubScope)
        until, activity = self.ad_hoc.until, scope.parent_token
        if until is None or activity is None or not is_answerable(activity, until):
            return False
        return is_true(activity, until)


def _proceeds(token: Token) -> bool:
    """Whether a branch that was chosen goes on here; a gateway that joins waits for other ones."""
    node = token.task_spec
    aside = isinstance(node, Choosing | Joining) or node.element.triggered_by_event
    return keeps_open(token) and not aside


def choosing_among(
    spec: ProcessSpec, holder: Element, library: Library, nodes: Iterable[FlowNode]
) -> Choosing:
    """The choice inside an ad-hoc sub-process with these nodes; its condition is asked after each
    activity of them."""
    choosing = Choosing(spec, f"{holder.id}/choice", holder, library)
    for node in nodes:
        if is_activity(node) and choosing.ad_hoc.until is not None:
            node.closing = choosing
    return choosing


def is_activity(node: FlowNode) -> bool:
    """Whether it is an activity that is done when its turn comes."""
    aside = node.element.for_compensation or node.element.triggered_by_event
    return isinstance(node, Activity | Repeated) and not aside
