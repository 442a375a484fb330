"""An act in a transaction of its own, with the same signature.

Turns an act (`engine.face.act`) into a method for callers that do nothing else in the transaction.
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
    """The object that opens the transaction of an act."""

    def act(self, work: Callable[[S_co], T]) -> T:
        """Do all of `work` in one transaction, or nothing."""

    def keep(self, work: Callable[[S_co], T]) -> T:
        """Do the same; keep the command as an incident if the model or a handler fails, and raise
        Kept."""


def alone(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[Actor[S], P], T]:
    """Return `method` as an act in a transaction of its own."""

    @wraps(method)
    def act(actor: Actor[S], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return actor.act(lambda subject: method(subject, *args, **kwargs))

    return act


def received(
    method: Callable[Concatenate[S, P], object],
) -> Callable[Concatenate[Actor[S], P], Received]:
    """Do the same as `alone`, and keep the command as an incident if the model or a handler
    fails."""

    @wraps(method)
    def act(actor: Actor[S], /, *args: P.args, **kwargs: P.kwargs) -> Received:
        try:
            actor.keep(lambda subject: method(subject, *args, **kwargs))
        except Kept as kept:
            return Received(kept.incident)
        return Received()

    return act
