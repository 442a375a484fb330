"""SpiffWorkflow's task tree, run lean: tokens, scopes and the queue of tokens that can go on.

Owns the subclasses of SpiffWorkflow's Task and Workflow. A token is a Task in a definite state; a
scope is the workflow of a process or sub-process. Nothing is predicted: a token makes its followers
when it leaves, so a scope holds little more than its live tokens. Spiff's own walks of the tree,
its event manager, its timers and its script engine are never used. Knows no element.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias
from uuid import UUID

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from uuid_utils.compat import uuid4

from engine.execution.border.tree.closed import CLOSED
from engine.execution.border.tree.faults import Fault, StepLimit
from engine.execution.border.tree.journal import Journal
from engine.execution.border.tree.node import Node, ProcessSpec
from engine.execution.border.tree.port import Host
from engine.execution.border.tree.records import TokenRecord
from engine.execution.border.tree.variables import Rung, Variables, Writes, Written
from engine.language.functions import owner_functions
from engine.models.elements import Element
from engine.sentences.sentence import say

FUTURE: int = TaskState.FUTURE
WAITING: int = TaskState.WAITING
READY: int = TaskState.READY
STARTED: int = TaskState.STARTED
COMPLETED: int = TaskState.COMPLETED
CANCELLED: int = TaskState.CANCELLED
FINISHED: int = TaskState.FINISHED_MASK

MAX_GROWTH = 20_000_000
"""Characters and entries that the elements of one step may make together."""

ROOT = "/"
"""Name of the invisible first node of a scope; a BPMN id holds no slash, so no id collides with
it."""

Functions: TypeAlias = Mapping[str, Callable[..., object]]


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """A Task without Spiff's log records, which cost more than the moves that they report. Its id
    is as random as Spiff's own, and made in half the time."""

    id: UUID
    workflow: Scope
    variables: Variables
    """The innermost scope of variables of the token; Spiff's own `data` stays empty."""
    record: TokenRecord
    """What the token carries through this passage of the element; Spiff's own `internal_data` stays
    empty."""
    task_spec: Node[Token]
    _state: int
    _children: list[UUID]
    finished = False
    """Whether the activity has done its work and only waits for its turn to leave."""

    def __init__(
        self,
        workflow: _Tree,
        task_spec: Node[Token],
        parent: Token | None = None,
        state: int = FUTURE,
        id: UUID | None = None,
    ) -> None:
        Task.__init__(self, workflow, task_spec, parent, state, id or uuid4())
        self.record = TokenRecord()

    def forget(self) -> None:
        """Carry nothing any more: what the element has noted is over."""
        self.record = TokenRecord()

    @property
    def top(self) -> Instance:
        """The instance of this token, at any depth."""
        return self.workflow.top_workflow

    @property
    def live(self) -> bool:
        """Whether the token is in its tree and not finished; a removed token counts as
        cancelled."""
        return not self._state & FINISHED

    def _set_state(self, value: int) -> None:
        self._state = value

    def _add_child(self, task_spec: Node[Token], state: int = FUTURE) -> Token:
        return Token(self.workflow, task_spec, self, state=state)

    def run(self) -> None:
        """Do the work of the element; go on unless the token waits, or its own writes ended it."""
        if self.task_spec.work(self):
            self.top.heed()
            if self.live:
                self.complete()

    def ancestors(self) -> Iterator[Token]:
        """The parent, its parent, ... up to the root of the scope."""
        tasks = self.workflow.tasks
        token = tasks.get(self._parent)
        while token is not None:
            yield token
            token = tasks.get(token._parent)


class _Tree:
    """The part that an instance and a sub-process scope share."""

    tasks: dict[UUID, Token]
    spec: ProcessSpec
    specs: Mapping[str, ProcessSpec]
    """The specifications of the process and of its sub-processes, by name."""
    variables: Variables
    task_tree: Token
    completed: bool
    top_workflow: Instance

    def plant(self) -> Token:
        """The root token of a new scope, already passed."""
        self.task_tree = Token(self, self.spec.start, state=COMPLETED)
        self.task_tree.variables = self.variables
        return self.task_tree

    def live_tokens(self) -> list[Token]:
        """Tokens not finished, in the order they were made."""
        return [token for token in self.tasks.values() if not token._state & FINISHED]


class Instance(_Tree, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """A running process instance with all its scopes.

    `host`: the host of the running step. `rounds`: how often each human task was opened.
    `arrivals`: numbers the tokens that begin to wait, at a joining gateway or for an event.
    `writes`: the writes of the step. `folded`: the doubts left by a state of a former form.
    """

    host: Host

    def __init__(
        self, spec: ProcessSpec, specs: Mapping[str, ProcessSpec], step_limit: int
    ) -> None:
        super().__init__(spec, specs, script_engine=CLOSED, deserializing=True)
        self.step_limit = step_limit
        self.journal = Journal()
        self.queue: deque[Token] = deque()
        self.variables = Variables("process", "", None, {})
        self.writes: Writes[Token] = Writes()
        self.folded: dict[str, list[str]] = {}
        self.specs = specs
        self.rounds: dict[str, int] = {}
        self.arrivals = 0
        self.grown = 0
        self.steps = 0
        self._functions: Functions | None = None
        self._listening: list[Token] | None = None

    def begin(self, host: Host) -> None:
        """Bind the instance to the running step."""
        self.host = host
        self.grown = 0
        self._functions = None

    @property
    def functions(self) -> Functions:
        """The functions of expressions; made on first use, because the calendar may cost a
        query."""
        if self._functions is None:
            self._functions = owner_functions(self.host.now, self.host.calendar, None)
        return self._functions

    def grow(self, element: Element, size: int) -> None:
        """Count the values of a step: each value has its limit, and so have all together. Raises
        Fault."""
        self.grown += size
        if self.grown > MAX_GROWTH:
            raise Fault(
                element,
                say("One step makes more than {limit} characters of data.", limit=MAX_GROWTH),
                say("Look for a loop that makes long texts, and keep long texts in files."),
            )

    def arrival(self) -> int:
        """The number of the next token that begins to wait, for the order of arrival in all
        scopes."""
        self.arrivals += 1
        return self.arrivals

    def scopes(self) -> list[Scope]:
        """The instance itself and every open sub-process scope."""
        return [self, *self.subprocesses.values()]

    def find(self, token_id: UUID) -> Token | None:
        """The token with this id in any scope."""
        found: Token | None
        for scope in self.scopes():
            if (found := scope.tasks.get(token_id)) is not None:
                return found
        return None

    def open_scope(
        self, token: Token, name: str, specs: Mapping[str, ProcessSpec], variables: Variables
    ) -> SubScope:
        """A new scope below `token`, its root planted."""
        scope = SubScope(name, specs, token.id, self, variables)
        self.subprocesses[token.id] = scope
        scope.plant()
        return scope

    def run(self) -> None:
        """Run every token until it waits. Raises StepLimit, Fault, HandlerFailed."""
        self.steps = 0
        self.heed()
        while self.queue or self.settle():
            token = self.queue.popleft()
            if token.live:
                self.count(token)
                token.run()
                self.heed()

    def count(self, token: Token) -> None:
        """Count one more element of this step. Raises StepLimit."""
        self.steps += 1
        if self.steps > self.step_limit:
            raise StepLimit(token.task_spec.element, self.step_limit)

    def heed(self) -> None:
        """Evaluate the conditions that read the written variables, write by write, in the order of
        arming. Then give signals to the tokens that waited for them."""
        news = self.writes.news
        while news:
            new = news.popleft()
            if isinstance(new, Written):
                for token in self.listening():
                    if token._state == WAITING and token.variables.sees(new.scope, new.name):
                        token.task_spec.heard(token, new)
            elif isinstance(new, Rung):
                for token in new.hearing:
                    if token._state == WAITING:
                        token.task_spec.rung(token, new.payload)
            elif new._state == WAITING:
                armed = self.listening()
                self.arrivals += 1
                new.record.armed = self.arrivals
                armed.append(new)
                new.task_spec.heard(new, None)

    def listening(self) -> list[Token]:
        """Tokens with a condition to evaluate, in the order of arming."""
        if self._listening is None:
            tokens = (token for scope in self.scopes() for token in scope.live_tokens())
            armed = [token for token in tokens if token.record.armed]
            self._listening = sorted(armed, key=lambda token: token.record.armed)
        self._listening = [token for token in self._listening if token._state == WAITING]
        return self._listening

    def settle(self) -> bool:
        """Let joins that depend on other tokens look, once the queue is empty; True if one goes
        on."""
        for scope in self.scopes():
            for token in scope.live_tokens():
                if token.task_spec.settles and token._state == WAITING:
                    token.task_spec.settle(token)
        return bool(self.queue)


class SubScope(_Tree, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow carries no types
    """The inside of a sub-process or called process that runs below a token."""

    parent_task_id: UUID

    def __init__(
        self,
        name: str,
        specs: Mapping[str, ProcessSpec],
        parent_task_id: UUID,
        top: Instance,
        variables: Variables,
    ) -> None:
        super().__init__(specs[name], parent_task_id, top, deserializing=True)
        self.specs = specs
        self.variables = variables

    @property
    def parent_token(self) -> Token | None:
        """The token of the activity that this scope is the inside of."""
        return self.top_workflow.find(self.parent_task_id)


Scope: TypeAlias = Instance | SubScope


def discard(token: Token) -> None:
    """Remove a token, everything below it and the scopes inside from the tree."""
    tasks, top = token.workflow.tasks, token.top
    parent = tasks.get(token._parent)
    if parent is not None:
        parent._children.remove(token.id)
    pending = [token]
    while pending:
        gone = pending.pop()
        pending += gone.children
        gone._state = CANCELLED
        del tasks[gone.id]
        if top.subprocesses:
            close_scope(top, gone.id)


def close_scope(top: Instance, token_id: UUID) -> None:
    """Remove the scope below this token, and the scopes inside it."""
    pending = [token_id]
    while pending:
        scope = top.subprocesses.pop(pending.pop(), None)
        if scope is None:
            continue
        for token in scope.tasks.values():
            token._state = CANCELLED
            pending.append(token.id)
