"""Keeping the tree as small as what still goes on in it.

Owns the removal of finished tokens. History lives in the event log and variables in their scopes,
so the tree needs only the live tokens and what holds some of them together: an activity with its
boundary events, the events behind an event gateway. Finished rounds of a loop, fired branches and
ended branches vanish alike, in every scope: nothing here looks for loops.
"""

from __future__ import annotations

from uuid import UUID

from engine.execution.border.tree.kernel import FINISHED, Instance, Scope, Token


def compact(top: Instance) -> None:
    """Remove every finished token that no live one needs. The live ones keep their ids."""
    for scope in top.scopes():
        drop_dead_branches(scope)
        splice_passages(scope)


def drop_dead_branches(scope: Scope) -> None:
    """Remove finished tokens without a live one below them."""
    kept: set[UUID] = {scope.task_tree.id}
    for token in scope.live_tokens():
        current: Token | None = token
        while current is not None and current.id not in kept:
            kept.add(current.id)
            current = scope.tasks.get(current._parent)
    if len(kept) == len(scope.tasks):
        return
    for token_id in scope.tasks.keys() - kept:
        del scope.tasks[token_id]
    for token in scope.tasks.values():
        token._children = [child for child in token._children if child in kept]


def splice_passages(scope: Scope) -> None:
    """Hang what is below a finished token that holds nothing together onto its parent."""
    for token in list(scope.tasks.values()):
        if token is scope.task_tree or not token._state & FINISHED or token.task_spec.holds(token):
            continue
        parent, followers = scope.tasks[token._parent], token._children
        place = parent._children.index(token.id)
        parent._children[place : place + 1] = followers
        for follower in followers:
            scope.tasks[follower]._parent = parent.id
        del scope.tasks[token.id]
