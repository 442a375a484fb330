"""Acts: changes by a person, with the rights of the same transaction.

Owns the one way in which page, API and command line change anything. An act is a function of an
`Acting`, marked with `@act`. Called with service and scope, it is a transaction of its own;
`within` makes it part of a larger one. Knows no single act.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import update_wrapper
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from engine.face.act import Act
from engine.face.questions import Questions
from engine.later.repairs import Kept
from engine.storage.cases.steps import Head
from engine.storage.later.externals import ExternalTask
from processes.acts.service import Service
from processes.rights import audit, scope
from processes.rights.access import may
from processes.rights.scope import Scope
from processes.storage.authentication import passwords

P = ParamSpec("P")
T = TypeVar("T")

DOORS: Final[dict[str, Door[..., Any]]] = {}
"""Every act of the product, by module and name; tests walk over them."""


class Acting:
    """A running act: its transaction, the engine's acts on it, and its author."""

    def __init__(self, service: Service, engine: Act, asked: Scope) -> None:
        self.service = service
        self.engine = engine
        """The engine's acts, on this transaction."""
        self.ask: Questions = service.engine.on(engine.connection)
        """The engine's questions, on this transaction."""
        self._asked = asked
        self._scope: Scope | None = None

    @property
    def connection(self) -> Connection:
        return self.engine.connection

    @property
    def now(self) -> datetime:
        """The engine's time: aware UTC."""
        return self.engine.now

    @property
    def real_now(self) -> datetime:
        """The database's time; no virtual clock moves it."""
        return self.engine.real_now

    @property
    def scope(self) -> Scope:
        """The author of the act with present rights: read again in this transaction, and after each
        lock, because waiting for a lock takes time. Raises `Forbidden` if the author may act no
        more."""
        if self._scope is None:
            self._scope = scope.anew(self.connection, self._asked, self.real_now)
        return self._scope

    @property
    def by(self) -> str:
        """The username under which the act is recorded."""
        return self._asked.username

    def may(self, act: str, relations: Collection[str] = ()) -> None:
        """Return if the author may do `act` (`processes.rights.access.may`)."""
        may(self.scope, act, relations)

    def lock(self, instance_id: UUID) -> Head:
        """Lock the instance until the transaction ends, before its rights are asked. Raises
        `NotFound`."""
        self._scope = None
        return self.engine.lock(instance_id)

    def lock_by_task(self, task_id: UUID) -> Head:
        """The same for the instance of a task."""
        self._scope = None
        return self.engine.lock_by_task(task_id)

    def lock_external(self, task_id: UUID) -> ExternalTask | None:
        """The same for the instance of an external task. Return the task; None if it is done or was
        removed."""
        self._scope = None
        return self.engine.external.lock(task_id)

    def hold_external(self, task_id: UUID) -> ExternalTask | None:
        """An external task, locked without its instance: for an act that changes nothing else."""
        self._scope = None
        return self.engine.external.hold(task_id)

    def lock_accounts(self, *user_ids: UUID) -> Mapping[UUID, int | None]:
        """Lock these accounts and the author's, so that their passwords and rights stay the same
        until the transaction ends; call it before rights are asked. Return the versions of their
        passwords."""
        self._scope = None
        ids = sorted({self._asked.user_id, *user_ids})  # one order, or two acts would wait
        return {user_id: passwords.lock_version(self.connection, user_id) for user_id in ids}

    def record(self, act: str, subject: str, **details: object) -> None:
        """Append to the audit (`processes.rights.audit`). Call it last, because it locks the head
        of the chain."""
        audit.record(self.connection, self.by, act, subject, now=self.now, details=details)


class Door(Generic[P, T]):
    """An act in the form that page, API and command line call: `door(service, scope, ...)`."""

    def __init__(
        self,
        within: Callable[Concatenate[Acting, P], T],
        kept: Callable[[UUID], T] | None = None,
    ) -> None:
        update_wrapper(self, within)
        self.within = within
        """The act as part of a larger act."""
        self._kept = kept
        DOORS[f"{within.__module__}.{within.__qualname__}"] = self

    def __call__(self, service: Service, scope: Scope, *args: P.args, **kwargs: P.kwargs) -> T:
        def work(engine: Act) -> T:
            return self.within(Acting(service, engine, scope), *args, **kwargs)

        if self._kept is None:
            return service.engine.act(work)
        try:
            return service.engine.keep(work)
        except Kept as kept:
            return self._kept(kept.incident)


def act(within: Callable[Concatenate[Acting, P], T]) -> Door[P, T]:
    """Mark an act: the transaction keeps all of it, or nothing. If another worker disturbs it, the
    whole act runs again, so it must be safe to repeat."""
    return Door(within)


def kept(
    answer: Callable[[UUID], T],
) -> Callable[[Callable[Concatenate[Acting, P], T]], Door[P, T]]:
    """Mark an act that is one command with its rights. If the model or a handler fails, the command
    is kept as an incident; `answer` makes the result from the incident's id."""
    return lambda within: Door(within, answer)
