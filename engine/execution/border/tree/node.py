"""An element of a drawing, as the tokens that pass it see it.

Owns `Node`, the base of all elements, and the drawing of a scope. SpiffWorkflow calls `_update`,
`_on_ready` and `_on_complete`; every other method is ours. Knows no concrete element, and of a
token only what every passage needs (`Passing`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.decisions import Decision
from engine.execution.border.tree.journal import Journal
from engine.execution.border.tree.records import TaskRecord, TokenRecord
from engine.execution.border.tree.values import Data
from engine.execution.border.tree.variables import Variables, Written
from engine.language import Template
from engine.models.elements import Element, Flow
from engine.models.forms import Form


class Top(Protocol):
    """The instance a token belongs to."""

    queue: deque[Any]
    journal: Journal


class Passing(Protocol):
    """A token that passes a node."""

    id: UUID
    record: TokenRecord

    @property
    def top(self) -> Top: ...

    def _ready(self) -> None: ...

    def _set_state(self, value: int) -> None: ...


T = TypeVar("T", bound=Passing)
T_in = TypeVar("T_in", contravariant=True)


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """A process or sub-process as SpiffWorkflow knows it, without Spiff's own start and end."""

    task_specs: dict[str, Node[Any]]
    start: Node[Any]

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.task_specs = {}


@dataclass(frozen=True, slots=True)
class Library:
    """The things that elements of one process refer to. `closed`: processes that no model may call;
    `reads`: names of the variables that the process reads; `passes_all`: whether it passes all
    variables on."""

    decisions: Mapping[str, Decision]
    forms: Mapping[str, Form]
    names: Mapping[str, Template]
    closed: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    passes_all: bool = False


@dataclass(frozen=True, slots=True)
class Exit(Generic[T]):
    """One outgoing flow and the node it leads to (a guarded activity is entered by its split)."""

    flow: Flow | None
    node: Node[T]
    is_default: bool = False


class Guard(Protocol[T_in]):
    """A boundary event."""

    def disarm(self, activity: T_in) -> None: ...

    def stand_down(self, split: T_in, by: T_in) -> None: ...


class Memory(Protocol[T_in]):
    """What a completed activity leaves behind for compensation."""

    inside: str
    """The scope whose variables at its end the memory keeps, if any."""

    def remember(self, done: T_in) -> None: ...


class Owner(Protocol[T_in]):
    """A multi-instance activity; it is told when one of its items is done."""

    def item_left(self, item: T_in) -> None: ...


class Closing(Protocol[T_in]):
    """The part of an ad-hoc sub-process that decides when it ends."""

    def closes(self, done: T_in) -> bool: ...


class Node(BpmnSpecMixin, Generic[T]):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """An element of the diagram. All instances share it; it holds no state of a token.

    `exits`: its outgoing flows in document order. `guards`: its boundary events. `owner`: the
    multi-instance activity whose single item this node is. `memories`: what it leaves behind when
    it is done. `closing`: the part that may then end the ad-hoc sub-process around it.
    """

    name: str
    exclusive_wait = False
    """Whether only the first of the following events counts (event gateway)."""
    calls = False
    """Whether the inside is another process, which reads nothing of this one."""
    inside = ""
    """The scope inside this activity, if any."""
    body: Node[T] | None = None
    """The event sub-process that this event starts."""
    keeps_open = True
    """Whether a token here keeps its scope open."""
    remembers = False
    """Whether a token here is a memory for compensation."""
    settles = False
    """Whether tokens that wait here look again once no other token moves."""

    def __init__(self, scope: ProcessSpec, name: str, element: Element, library: Library) -> None:
        super().__init__(scope, name)
        self.element = element
        self.library = library
        self.exits: list[Exit[T]] = []
        self.guards: list[Guard[T]] = []
        self.owner: Owner[T] | None = None
        self.memories: list[Memory[T]] = []
        self.closing: Closing[T] | None = None

    def _predict(self, my_task: T, *_: Any, **__: Any) -> None:
        """Predict nothing: a token makes its followers when it leaves. A prediction costs tasks,
        bytes and time, and never ends on a loop without a gateway."""

    def _update(self, my_task: T) -> None:
        """SpiffWorkflow calls this for a token just made, the child of the token that left."""
        self.arrive(my_task)

    def _on_ready(self, my_task: T) -> None:
        my_task.top.queue.append(my_task)

    def _on_complete(self, my_task: T) -> None:
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
        """Whether the history shows a passage of this node."""
        return True

    def stands(self, token: T) -> bool:
        """Whether the live token is a running activity, not one that waits to become one."""
        return self.visible

    def task_record(self, token: T) -> TaskRecord | None:
        """The record of the human task that expressions here mean by `task`."""
        return token.record.task

    def arrive(self, token: T) -> None:
        """A token has arrived. The default: it may go on when its turn comes."""
        self.enter(token)
        token._ready()

    def enter(self, token: T) -> None:
        """Write the activity into the journal."""
        if self.visible:
            token.top.journal.enter(self.element.id, token.id)

    def work(self, token: T) -> bool:
        """Do the work of the element; False: the token waits until a call resumes it."""
        return True

    def resume(self, token: T) -> None:
        """The token's wait is over: go on."""
        token._set_state(TaskState.READY)
        token.top.queue.append(token)

    def settle(self, token: T) -> None:
        """No other token moves: check whether the waiting token may go on."""

    def heard(self, token: T, written: Written | None) -> None:
        """Take note of a write that the token reads; None: the token has just been armed."""

    def rung(self, token: T, payload: Data) -> None:
        """Take a signal that the token waits for."""

    def scope_completed(self, token: T, inside: Variables) -> None:
        """The scope below the token has ended with these variables."""

    def branch_below_ended(self, token: T) -> None:
        """A branch below the live token has ended."""

    def all_undone(self, token: T) -> None:
        """The compensation that the token has waited for is done."""

    def passed_through(self, token: T) -> None:
        """An error or escalation leaves the inside of the token's activity."""

    def cut_off(self, token: T) -> None:
        """The live token is about to be removed: write the values that must be kept."""

    def holds(self, token: T) -> bool:
        """Whether the finished token is still needed, because it holds its children together."""
        return False

    def leave(self, token: T) -> None:
        """Let the token leave this node."""
        raise NotImplementedError
