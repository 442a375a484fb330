"""The end of branches, scopes and activities.

Owns when they end and what remains. An activity has already written its variables to the right
scope. An activity that an event ends early still writes its output parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.execution.border.tree.kernel import (
    WAITING,
    Scope,
    SubScope,
    Token,
    close_scope,
    discard,
)


def enclosing(token: Token) -> Iterator[Token]:
    """The activities around the token, innermost first."""
    scope = token.workflow
    while isinstance(scope, SubScope) and (parent := scope.parent_token) is not None:
        yield parent
        scope = parent.workflow


def branch_ended(token: Token) -> None:
    """A token has left without a flow to follow; after the last token the scope is complete."""
    scope = token.workflow
    above = next((one for one in token.ancestors() if one.live), None)
    if above is not None:
        above.task_spec.branch_below_ended(above)
    if not any(keeps_open(other) for other in scope.live_tokens()):
        complete_scope(scope)


def keeps_open(token: Token) -> bool:
    """Whether the live token keeps its scope open; a memory does so while it is being undone."""
    node = token.task_spec
    return bool(node.keeps_open or (node.remembers and token._state != WAITING))


def terminate(token: Token) -> None:
    """End the whole scope; every other token is removed."""
    interrupt_all(token.workflow)
    complete_scope(token.workflow)


def interrupt_all(scope: Scope, but: Token | None = None) -> None:
    """End everything in a scope, or everything except one token; what can be undone stays
    remembered."""
    for token in scope.live_tokens():
        remembered = token.task_spec.remembers and token._state == WAITING
        if token.live and token is not but and not remembered:
            interrupt(token)


def interrupt(token: Token) -> None:
    """End an activity early, with everything below and inside it. Output parameters are written: of
    the oldest branch first, and of the inside before the outside (Camunda 7:
    PvmAtomicOperationDeleteCascade)."""
    for one in _within(token):
        if one.live:
            one.task_spec.cut_off(one)
    discard(token)


def _within(token: Token) -> list[Token]:
    """The token, the tokens below it and those in the scopes inside, oldest first."""
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
    """The scope is done: tell the activity around it, if any. If something in the scope can be
    undone, the scope stays with this activity, which gives it to a memory."""
    parent = scope.parent_token if isinstance(scope, SubScope) else None
    for token in scope.live_tokens():
        if token.live and not token.task_spec.remembers:
            discard(token)  # tokens that only waited beside the branches of the scope
    scope.completed = True
    if isinstance(scope, SubScope):
        kept = parent is not None and any(memory.inside for memory in parent.task_spec.memories)
        if not (kept and scope.live_tokens()):
            close_scope(scope.top_workflow, scope.parent_task_id)
        if parent is not None:
            parent.task_spec.scope_completed(parent, scope.variables)
