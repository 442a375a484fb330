"""Ad-hoc sub-processes: people choose the next activity inside, and how often it is done.

Owns the token that waits for a choice. It stands beside the branches of the scope and keeps the
scope open until a person completes the sub-process or the completion condition holds (BPMN 2.0.2,
13.3.5). A caller signals this token, like a receive task without a message. Flows inside lead on as
everywhere.
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
from engine.execution.border.tree.node import Exit, Library, ProcessSpec
from engine.execution.border.tree.records import MessageRecord
from engine.execution.border.tree.scopes import complete_scope, keeps_open, terminate
from engine.execution.border.tree.values import Data
from engine.models.elements import AdHoc, Element
from engine.sentences.errors import BadInput
from engine.sentences.sentence import say


@dataclass(frozen=True, slots=True)
class Choice:
    """An ad-hoc sub-process that waits for a person. `activities` can be started now. `idle`: no
    activity runs in it, so it can be completed if its completion condition holds or is absent."""

    token: UUID
    element: Element
    activities: tuple[Element, ...]
    idle: bool


class Choosing(Catching):
    """The invisible node inside an ad-hoc sub-process at which a token waits for a choice.

    `ways`: id of each activity without an incoming flow -> its entry.
    """

    ways: Mapping[str, FlowNode]

    @property
    def ad_hoc(self) -> AdHoc:
        ad_hoc = self.element.ad_hoc
        assert ad_hoc is not None
        return ad_hoc

    @property
    def visible(self) -> bool:
        """Not visible: the history shows the sub-process itself."""
        return False

    def arrive(self, token: Token) -> None:
        token._set_state(WAITING)
        token.record.message = MessageRecord(UNNAMED, str(token.id), token.top.arrival())

    def choice(self, token: Token) -> Choice:
        """The choice that the token offers now."""
        busy = self.ad_hoc.sequential and any(map(_proceeds, token.workflow.live_tokens()))
        ways = () if busy else self.ways.values()
        elements = tuple(node.element for node in ways)
        return Choice(token.id, self.element, elements, self.is_idle(token))

    def is_idle(self, token: Token) -> bool:
        """Whether no other token keeps the scope open."""
        others = (one for one in token.workflow.live_tokens() if one is not token)
        return not any(map(keeps_open, others))

    def start(self, token: Token, activity: str, values: Data) -> None:
        """Start an activity and write `values`. Raises BadInput for an activity that cannot start
        now."""
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
        """A person completes the sub-process. Raises BadInput if that is not possible now."""
        if not self.is_idle(token):
            raise BadInput(say("Something still goes on in it. Complete that first."))
        write(token, values)
        if self.ad_hoc.until is not None and not self.is_met(token.workflow):
            raise BadInput(say("Its completion condition does not hold yet."))
        complete_scope(token.workflow)

    def closes(self, done: Token) -> bool:
        """Whether the sub-process ends at once after an activity inside. If running activities are
        not cancelled, no more can be chosen, and the sub-process ends with its last branch."""
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
        """Whether the completion condition holds. A name that is not set yet makes it false,
        because activities come in any order."""
        assert isinstance(scope, SubScope)
        until, activity = self.ad_hoc.until, scope.parent_token
        if until is None or activity is None or not is_answerable(activity, until):
            return False
        return is_true(activity, until)


def _proceeds(token: Token) -> bool:
    """Whether a chosen branch goes on at this token; at a joining gateway a token only waits for
    others."""
    node = token.task_spec
    aside = isinstance(node, Choosing | Joining) or node.element.triggered_by_event
    return keeps_open(token) and not aside


def choosing_among(
    spec: ProcessSpec, holder: Element, library: Library, nodes: Iterable[FlowNode]
) -> Choosing:
    """The choice inside an ad-hoc sub-process with these nodes; its condition is evaluated after
    each activity."""
    choosing = Choosing(spec, f"{holder.id}/choice", holder, library)
    for node in nodes:
        if is_activity(node) and choosing.ad_hoc.until is not None:
            node.closing = choosing
    return choosing


def is_activity(node: FlowNode) -> bool:
    """Whether the node is an activity that works when its turn comes."""
    aside = node.element.for_compensation or node.element.triggered_by_event
    return isinstance(node, Activity | Repeated) and not aside
