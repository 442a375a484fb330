"""The behaviour every element shares: a token arrives, works, leaves along its flows.

Owns `Node`, the base of all elements, and routing along sequence flows. SpiffWorkflow calls
`_update`, `_on_ready` and `_on_complete`; everything else is ours. Knows no concrete element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin

from engine.execution.border.expressions import value_of
from engine.execution.border.faults import Fault
from engine.execution.border.kernel import READY, ProcessSpec, Token
from engine.execution.border.scopes import branch_ended
from engine.execution.border.values import Data
from engine.execution.border.variables import Variables, Written
from engine.language import Expression, Template
from engine.language.decisions import Decision
from engine.language.values import show
from engine.models.elements import Element, Flow, Mapped
from engine.models.forms import Form
from engine.words import say

if TYPE_CHECKING:
    from engine.execution.border.boundary import Boundary
    from engine.execution.border.compensation import Memory


@dataclass(frozen=True, slots=True)
class Library:
    """What the elements of one process refer to; `closed`: processes that none may call, `reads`:
    the names of variables that anything in the process reads, `passes_all`: whether it passes all
    of them on."""

    decisions: Mapping[str, Decision]
    forms: Mapping[str, Form]
    names: Mapping[str, Template]
    closed: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    passes_all: bool = False


@dataclass(frozen=True, slots=True)
class Exit:
    """One outgoing flow and the node it leads to (a guarded activity is entered by its split)."""

    flow: Flow | None
    node: Node
    is_default: bool = False


class Owner(Protocol):
    """A multi-instance activity, told when one of its items is done."""

    def item_left(self, item: Token) -> None: ...


class Closing(Protocol):
    """What watches over an ad-hoc sub-process."""

    def closes(self, done: Token) -> bool: ...


class Node(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """An element of the diagram, shared by all instances; it holds no state of a token.

    `exits` are its outgoing flows in document order, `guards` the boundary events attached to it,
    `owner` the multi-instance activity whose single item this node is, `memories` what it leaves
    behind when it is done, `closing` what may then end the ad-hoc sub-process it is in.
    """

    name: str
    exclusive_wait = False
    """Whether of the events that follow only the first to come counts."""
    calls = False
    """Whether what is inside is another process, which sees nothing of this one."""
    inside = ""
    """The scope this activity has inside it, if any."""
    body: Node | None = None
    """The event sub-process that an event here begins."""
    keeps_open = True
    """Whether a scope goes on as long as a token is here."""
    remembers = False
    """Whether a token here is what a completed activity left behind to be undone by."""
    settles = False
    """Whether tokens waiting here look again once nothing else moves."""

    def __init__(self, scope: ProcessSpec, name: str, element: Element, library: Library) -> None:
        super().__init__(scope, name)
        self.element = element
        self.library = library
        self.exits: list[Exit] = []
        self.guards: list[Boundary] = []
        self.owner: Owner | None = None
        self.memories: list[Memory] = []
        self.closing: Closing | None = None

    def _predict(self, my_task: Token, *_: Any, **__: Any) -> None:
        """Followers are made when the token leaves: a prediction costs tasks, bytes and time, and
        recurses for ever on a loop without a gateway."""

    def _update(self, my_task: Token) -> None:
        """A token has just been made here, as a child of the one that left."""
        self.arrive(my_task)

    def _on_ready(self, my_task: Token) -> None:
        my_task.top.queue.append(my_task)

    def _on_complete(self, my_task: Token) -> None:
        if self.visible:
            my_task.top.journal.leave(self.element.id, my_task.id)
        for guard in self.guards:
            guard.disarm(my_task)
        for memory in self.memories:
            memory.remember(my_task)
        if self.owner is not None:
            self.owner.item_left(my_task)
        elif self.closing is None or not self.closing.closes(my_task):
            self.leave(my_task)

    @property
    def visible(self) -> bool:
        """Whether passing this node is an activity of the history."""
        return True

    def stands(self, token: Token) -> bool:
        """Whether the live token is an activity under way, not one that waits to become one."""
        return self.visible

    def task_record(self, token: Token) -> dict[str, Any] | None:
        """The record of the human task that expressions here mean by `task`."""
        return token.internal_data.get("h")

    def arrive(self, token: Token) -> None:
        """A token has come: by default it may go on as soon as its turn comes."""
        self.enter(token)
        token._ready()

    def enter(self, token: Token) -> None:
        """Write the activity down."""
        if self.visible:
            token.top.journal.enter(self.element.id, token.id)

    def work(self, token: Token) -> bool:
        """Do what the element is there for; False: it waits for somebody to resume it."""
        return True

    def resume(self, token: Token) -> None:
        """What the token waited for has happened."""
        token._set_state(READY)
        token.top.queue.append(token)

    def settle(self, token: Token) -> None:
        """Nothing else moves any more: see whether the waiting token may go on."""

    def heard(self, token: Token, written: Written | None) -> None:
        """A write the token sees, or None: it has just been armed."""

    def rung(self, token: Token, payload: Data) -> None:
        """A signal that the token waited for."""

    def scope_completed(self, token: Token, inside: Variables) -> None:
        """The scope below the token has ended with these variables."""

    def branch_below_ended(self, token: Token) -> None:
        """A branch below the live token has ended."""

    def all_undone(self, token: Token) -> None:
        """Everything is undone that the token has waited for."""

    def passed_through(self, token: Token) -> None:
        """An error or escalation leaves what is inside the token's activity."""

    def cut_off(self, token: Token) -> None:
        """The live token is about to be taken away: write what has to be kept."""

    def holds(self, token: Token) -> bool:
        """Whether the finished token is still needed: what is below it belongs together."""
        return False

    def leave(self, token: Token) -> None:
        """Send a token along every chosen flow; where none leads on, the branch has ended."""
        chosen = self.choose(token)
        if not chosen:
            branch_ended(token)
        for way in chosen:
            send(token, way)

    def choose(self, token: Token) -> list[Exit]:
        """The flows taken: unconditional ones, those whose condition holds, else the default."""
        chosen = [way for way in self.exits if not way.is_default and self.is_open(token, way)]
        if chosen or not self.exits:
            return chosen
        return [default_of(self, token)]

    def is_open(self, token: Token, way: Exit) -> bool:
        """Whether the flow is open: it has no condition, or its condition is true.

        Raises Fault for text: "False" would count as true.
        """
        if way.flow is None or way.flow.condition is None:
            return True
        value = value_of(token, way.flow.condition)
        if isinstance(value, str):
            raise Fault(
                self.element,
                say(
                    "The condition of a flow gives the text {value}, not yes or no.",
                    value=show(value),
                ),
                say("Compare it, for instance with == 'yes'."),
            )
        return bool(value)


def send(token: Token, way: Exit, variables: Variables | None = None) -> Token:
    """A new token below `token` at the end of the flow, in its scope of variables or another."""
    child = token._add_child(way.node)
    child.variables = variables or token.variables
    if way.flow is not None:
        child.internal_data["f"] = way.flow.id
    way.node._update(child)
    return child


def default_of(node: Node, token: Token) -> Exit:
    """The default flow. Raises Fault if there is none."""
    for way in node.exits:
        if way.is_default:
            return way
    raise Fault(
        node.element,
        say("No outgoing flow has a condition that holds, and none is the default."),
        say("Mark one flow as the default, or complete the conditions."),
    )


def inputs_of(token: Token, element: Element) -> dict[str, object]:
    """The evaluated input parameters of an element, as the author named them."""
    return {name: value_of(token, expression) for name, expression in element.inputs}


def passed(token: Token, parameters: Mapped) -> dict[str, object]:
    """What camunda:in or camunda:out passes on; a name nobody has set is null."""
    return {
        name: value_of(token, expression, unset=dict.fromkeys(expression.names))
        for name, expression in parameters
    }


def read_of(token: Token, values: Mapping[str, object]) -> Data:
    """Of these values those that something reads: the process the token runs in or, where this was
    called, whoever takes them back."""
    return {name: value for name, value in values.items() if _is_read(token, name)}


def _is_read(token: Token, name: str) -> bool:
    library = token.task_spec.library
    if library.passes_all or name in library.reads:
        return True
    around = (one for one in climb(token) if one is not token)
    caller = next((one for one in around if one.task_spec.calls), None)
    if caller is None:
        return False
    element = caller.task_spec.element
    if any(name in expression.names for _, expression in element.passed_out):
        return True
    return element.passes_all_out and _is_read(caller, name)


def constant_or_none(expression: Expression | None) -> object:
    """The value of a constant expression, None for any other."""
    if expression is None or not expression.is_constant:
        return None
    return expression.evaluate({})


def climb(token: Token) -> Iterator[Token]:
    """The token, the multi-instance it is an item of, the activity its scope is inside of, ..."""
    current: Token | None = token
    while current is not None:
        yield current
        if current.task_spec.owner is not None:
            current = current.workflow.tasks[current._parent]
        else:
            current = getattr(current.workflow, "parent_token", None)
