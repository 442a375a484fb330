"""Where branches end, what they leave behind, and when a scope is complete.

Owns the end of branches, scopes and activities. What an activity wrote is where it belongs already;
one that something ends too early still writes what its output parameters say.
"""

from __future__ import annotations

from engine.execution.border.kernel import Scope, SubScope, Token, close_scope, discard


def branch_ended(token: Token) -> None:
    """A token has left without a flow to follow; the scope is complete if it was the last."""
    scope = token.workflow
    if not any(other.task_spec.keeps_open for other in scope.live_tokens()):
        complete_scope(scope)


def terminate(token: Token) -> None:
    """End the whole scope; every other token is taken away."""
    interrupt_all(token.workflow)
    complete_scope(token.workflow)


def interrupt_all(scope: Scope) -> None:
    """Take everything away that goes on in a scope."""
    for token in scope.live_tokens():
        if token.live:
            interrupt(token)


def interrupt(token: Token) -> None:
    """Take an activity away before it is done, with everything below and inside it. Output
    parameters are written, of the oldest branch first and of what is innermost before what is
    around it (Camunda 7: PvmAtomicOperationDeleteCascade)."""
    for one in _within(token):
        if one.live:
            one.task_spec.cut_off(one)
    discard(token)


def _within(token: Token) -> list[Token]:
    """The token after those below it and those in the scopes inside, oldest first."""
    found: list[Token] = []
    pending = [(token, False)]
    while pending:
        one, passed = pending.pop()
        if passed:
            found.append(one)
            continue
        inside = one.top.subprocesses.get(one.id)
        below = one.children if inside is None else [*one.children, inside.task_tree]
        pending += [(one, True), *((child, False) for child in reversed(below))]
    return found


def complete_scope(scope: Scope) -> None:
    """The scope is done: tell the activity it is the inside of, if any."""
    for token in scope.live_tokens():
        discard(token)  # what only waited for the scope to need it
    scope.completed = True
    if isinstance(scope, SubScope):
        parent = scope.parent_token
        close_scope(scope.top_workflow, scope.parent_task_id)
        if parent is not None:
            parent.task_spec.scope_completed(parent, scope.variables)
