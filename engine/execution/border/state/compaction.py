"""Keeping the token tree small: finished tokens are removed.

Owns the removal of finished tokens. History is in the event log and variables are in their scopes,
so the tree needs only the live tokens and the tokens that hold some of them together: an activity
with its boundary events, an event gateway with its events. Finished rounds of a loop, fired
branches and ended branches vanish in the same way, in every scope.
"""

from __future__ import annotations

from engine.execution.border.tree.kernel import FINISHED, Instance, Scope, Token


def compact(top: Instance) -> None:
    """Remove every finished token that no live token needs. Live tokens keep their ids."""
    for scope in top.scopes():
        drop_dead_branches(scope)
        splice_passages(scope)


def drop_dead_branches(scope: Scope) -> None:
    """Remove finished tokens without a live one below them."""
    kept = {scope.task_tree}
    for token in scope.live_tokens():
        current: Token | None = token
        while current is not None and current not in kept:
            kept.add(current)
            current = scope.tasks.get(current._parent)
    if len(kept) == len(scope.tasks):
        return
    for token in [token for token in scope.tasks.values() if token not in kept]:
        del scope.tasks[token.id]
    for token in kept:
        token._children = [child for child in token._children if child in scope.tasks]


def splice_passages(scope: Scope) -> None:
    """Remove finished tokens that hold nothing together; their children move to their parents."""
    for token in list(scope.tasks.values()):
        if token is scope.task_tree or not token._state & FINISHED or token.task_spec.holds(token):
            continue
        parent, followers = scope.tasks[token._parent], token._children
        place = parent._children.index(token.id)
        parent._children[place : place + 1] = followers
        for follower in followers:
            scope.tasks[follower]._parent = parent.id
        del scope.tasks[token.id]
