"""Compensation: what completed activities leave behind, and how it is undone.

A completed activity with a handler leaves a memory: a token that waits in its scope, does not keep
the scope open and ends with it. A completed sub-process leaves a memory that holds its inside: its
variables at its end and its memories. All handlers of a compensation start at once, the newest
first, and the throwing event waits for all of them (Camunda 7; BPMN 2.0.2, 13.5.5 asks for one
handler after the other).
"""

from __future__ import annotations

from engine.execution.border.flow.flow_node import FlowNode, send
from engine.execution.border.flow.propagation import cancel_transaction
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import STARTED, WAITING, Scope, Token, discard
from engine.execution.border.tree.node import Exit
from engine.execution.border.tree.scopes import interrupt_all
from engine.execution.border.tree.variables import Variables
from engine.sentences.sentence import say

MAX_MEMORIES = 1_000
"""The number of completed activities that one scope may remember."""


class Memory(FlowNode):
    """The memory of a completed activity. `activity` is its id."""

    activity: str
    keeps_open = False
    remembers = True

    def stands(self, token: Token) -> bool:
        return False

    def remember(self, token: Token) -> Token | None:
        """Store the memory of the token's completed activity, if it has one. Raises Fault.

        The memory of one run hangs below the repeated activity and counts when that activity is
        done.
        """
        scope = token.workflow
        if sum(one.task_spec.remembers for one in scope.tasks.values()) >= MAX_MEMORIES:
            raise Fault(
                token.task_spec.element,
                say("More than {limit} steps are kept here to be undone.", limit=MAX_MEMORIES),
                say("Draw the repetition inside a sub-process that ends and begins anew."),
            )
        repeated = token.task_spec.owner is not None
        memory = (scope.tasks[token._parent] if repeated else scope.task_tree)._add_child(self)
        memory.variables = token.variables
        memory._set_state(WAITING)
        return memory

    def undo(self, memory: Token, thrower: Token) -> None:
        """Start to undo the activity; `thrower` is told when it is undone."""
        memory._set_state(STARTED)
        memory.record.undone_for = thrower.id

    def undone(self, memory: Token) -> None:
        """It is undone: once it is the last, what waits for it goes on."""
        top, thrower = memory.top, memory.record.undone_for
        assert thrower is not None
        discard(memory)
        waits = top.find(thrower)
        others = (one for scope in top.scopes() for one in scope.live_tokens())
        if waits and not any(one.record.undone_for == thrower for one in others):
            waits.task_spec.all_undone(waits)


class Undoable(Memory):
    """A compensation event on the border of an activity; `handler` undoes the activity."""

    handler: FlowNode

    def undo(self, memory: Token, thrower: Token) -> None:
        super().undo(memory, thrower)
        self.enter(memory)
        memory.top.journal.leave(self.element.id, memory.id)
        send(memory, Exit(None, self.handler))

    def branch_below_ended(self, token: Token) -> None:
        if not any(token in one.ancestors() for one in token.workflow.live_tokens()):
            self.undone(token)


class Inside(Memory):
    """The memory of a completed sub-process in which anything can be undone."""

    @property
    def visible(self) -> bool:
        return False

    def remember(self, token: Token) -> Token | None:
        scope = token.top.subprocesses.pop(token.id, None)
        if scope is None:
            return None
        memory = super().remember(token)
        assert memory is not None
        scope.parent_task_id = memory.id
        token.top.subprocesses[memory.id] = scope
        return memory

    def undo(self, memory: Token, thrower: Token) -> None:
        """Undo by the compensation event sub-process inside, else undo every memory inside."""
        super().undo(memory, thrower)
        scope = memory.top.subprocesses[memory.id]
        for trigger in scope.live_tokens():
            if not isinstance(trigger.task_spec, Memory):
                trigger.task_spec.caught(trigger, {})
                return
        for one in reversed(memories_in(scope)):
            one.task_spec.undo(one, memory)

    def all_undone(self, token: Token) -> None:
        self.undone(token)

    def scope_completed(self, token: Token, inside: Variables) -> None:
        self.undone(token)


def memories_in(scope: Scope) -> list[Token]:
    """The memories of a scope, the newest last."""
    return [
        token
        for token in scope.live_tokens()
        if isinstance(token.task_spec, Memory)
        and token._state == WAITING
        and not scope.tasks[token._parent].live
    ]


def compensate(token: Token, activity: str | None = None) -> bool:
    """Undo what has been completed in the scope of the token, of one activity or of all; False: it
    waits for that. An event sub-process undoes what is around it too (Camunda 7)."""
    if token.record.undoing:
        del token.record.undoing
        return True
    scope, memories = token.workflow, memories_in(token.workflow)
    while (holder := getattr(scope, "parent_token", None)) is not None:
        if not holder.task_spec.element.triggered_by_event:
            break
        scope = holder.workflow
        memories = memories_in(scope) + memories
    chosen = [one for one in memories if activity in (None, one.task_spec.activity)]
    if not chosen:
        return True
    token.record.undoing = 1
    token._set_state(STARTED)
    for memory in reversed(chosen):
        memory.task_spec.undo(memory, token)
    return False


def cancel(token: Token) -> bool:
    """End everything else in a transaction, undo its completed activities, then leave it by its
    cancel event (BPMN 2.0.2, 13.5.4). False: the token waits for the undoing."""
    interrupt_all(token.workflow, but=token)
    if not compensate(token):
        return False
    cancel_transaction(token)
    return True
