"""An act by itself: the same signature, in a transaction of its own.

Owns the step from the one form of an act (`engine.face.act`) to the callers that need nothing
beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from engine.later.repairs import Kept, Received

P = ParamSpec("P")
S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)
T = TypeVar("T")


class Actor(Protocol[S_co]):
    """What gives acts their transaction."""

    def act(self, work: Callable[[S_co], T]) -> T:
        """All of `work`, or nothing."""

    def keep(self, work: Callable[[S_co], T]) -> T:
        """The same; what the model or a handler fails at is kept: Kept."""


def alone(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[Actor[S], P], T]:
    """The act by itself."""

    @wraps(method)
    def act(actor: Actor[S], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return actor.act(lambda subject: method(subject, *args, **kwargs))

    return act


def received(
    method: Callable[Concatenate[S, P], object],
) -> Callable[Concatenate[Actor[S], P], Received]:
    """The same of one whose command is kept where the model or a handler fails at it."""

    @wraps(method)
    def act(actor: Actor[S], /, *args: P.args, **kwargs: P.kwargs) -> Received:
        try:
            actor.keep(lambda subject: method(subject, *args, **kwargs))
        except Kept as kept:
            return Received(kept.incident)
        return Received()

    return act
