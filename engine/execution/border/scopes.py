"""Where branches end and when a scope is complete.

Owns the end of branches, scopes and instances, and what data survives them. A branch that ends
leaves its own changes to the scope; the last one brings the data it carries.
"""

from __future__ import annotations

from engine.execution.border.kernel import Scope, SubScope, Token, close_scope, discard
from engine.execution.border.values import Data, add_changes, changes, merge_branches, with_changes


def branch_ended(token: Token) -> None:
    """A token has left without a flow to follow; the scope is complete if it was the last."""
    scope = token.workflow
    others = [other for other in scope.live_tokens() if other.task_spec.keeps_open]
    if not others:
        complete_scope(scope, with_changes(token.data, scope.ended))
        return
    keep = {ancestor.id for other in others for ancestor in (other, *other.ancestors())}
    fork = next((one for one in token.ancestors() if one.id in keep), scope.task_tree)
    # Below an armed boundary event (the fork is live) a branch looks at a task that goes on: what
    # it notes is no result of the process, and would grow the state with each fire.
    if not fork.live:
        add_changes(scope.ended, changes(fork.data, token.data))


def terminate(token: Token) -> None:
    """End the whole scope with the data of this token; every other token is taken away."""
    scope = token.workflow
    for other in scope.live_tokens():
        if other.live:
            discard(other)
    complete_scope(scope, with_changes(token.data, scope.ended))


def complete_scope(scope: Scope, data: Data) -> None:
    """The scope is done: hand its data to the activity it is the inside of, if any."""
    for token in scope.live_tokens():
        discard(token)  # what only waited for the scope to need it
    scope.data = data
    scope.completed = True
    if isinstance(scope, SubScope):
        parent = scope.parent_token
        close_scope(scope.top_workflow, scope.parent_task_id)
        if parent is not None:
            parent.task_spec.scope_completed(parent, data)


def parting(tokens: list[Token]) -> Token:
    """The nearest ancestor that all these tokens share."""
    first, *rest = tokens
    shared = [first, *first.ancestors()]
    for token in rest:
        mine = {one.id for one in (token, *token.ancestors())}
        shared = [one for one in shared if one.id in mine]
    return shared[0]


def current_data(scope: Scope) -> Data:
    """What the scope knows now: its end data, or its live branches put together, each with what it
    changed since they parted."""
    if scope.completed:
        return dict(scope.data)
    known = {token: token.task_spec.known(token) for token in scope.live_tokens()}
    branches = {token: data for token, data in known.items() if data is not None}
    if len(branches) == 1:
        [merged] = branches.values()
    else:
        merged = merge_branches(parting(list(branches)).data, branches.values())
    return with_changes(merged, scope.ended)
