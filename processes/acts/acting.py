"""Acts: what somebody does, with the rights that hold in the very transaction that does it.

Owns the one way in which page, API and command line change anything. An act is written once, as a
function of an `Acting`, and marked with `@act`: called with service and scope it is a transaction
of its own; `within` makes it part of a larger one. Must not know what any act does.
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
"""Every act of the product, by module and name: tests walk them."""


class Acting:
    """An act under way: its transaction, the engine's acts on it, and who does it."""

    def __init__(self, service: Service, engine: Act, asked: Scope) -> None:
        self.service = service
        self.engine = engine
        """What can be done to cases, on this transaction."""
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
        """The database's time, which no virtual clock moves."""
        return self.engine.real_now

    @property
    def scope(self) -> Scope:
        """Who acts, as they stand now: read anew in this transaction, and again after each lock,
        for which one may have waited. Raises `Forbidden` for whoever may act no more."""
        if self._scope is None:
            self._scope = scope.anew(self.connection, self._asked, self.real_now)
        return self._scope

    @property
    def by(self) -> str:
        """The name under which the act is recorded."""
        return self._asked.username

    def may(self, act: str, relations: Collection[str] = ()) -> None:
        """Return if who acts may do `act` (`processes.rights.access.may`)."""
        may(self.scope, act, relations)

    def lock(self, instance_id: UUID) -> Head:
        """The instance, locked until the transaction ends: before its rights are asked. Raises
        `NotFound`."""
        self._scope = None
        return self.engine.lock(instance_id)

    def lock_by_task(self, task_id: UUID) -> Head:
        """The same for the instance of a task."""
        self._scope = None
        return self.engine.lock_by_task(task_id)

    def lock_external(self, task_id: UUID) -> ExternalTask | None:
        """The same for the instance of an external task; returns that task, None when it is done
        or was taken away."""
        self._scope = None
        return self.engine.external.lock(task_id)

    def hold_external(self, task_id: UUID) -> ExternalTask | None:
        """An external task, locked without its instance: before what changes nothing else."""
        self._scope = None
        return self.engine.external.hold(task_id)

    def lock_accounts(self, *user_ids: UUID) -> Mapping[UUID, int | None]:
        """The versions of the passwords of these accounts and of whoever acts. Nobody else changes
        them, nor their rights, until the transaction ends: before its rights are asked."""
        self._scope = None
        ids = sorted({self._asked.user_id, *user_ids})  # one order, or two acts would wait
        return {user_id: passwords.lock_version(self.connection, user_id) for user_id in ids}

    def record(self, act: str, subject: str, **details: object) -> None:
        """Append to the record of what is no case (`processes.rights.audit`): last, for it locks
        the head of the chain."""
        audit.record(self.connection, self.by, act, subject, now=self.now, details=details)


class Door(Generic[P, T]):
    """An act as page, API and command line call it: `door(service, scope, ...)`."""

    def __init__(
        self,
        within: Callable[Concatenate[Acting, P], T],
        kept: Callable[[UUID], T] | None = None,
    ) -> None:
        update_wrapper(self, within)
        self.within = within
        """The same as part of a larger act."""
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
    """Mark an act: all of it is kept, or nothing. The whole of it is run again where another worker
    was in its way, so it must be safe to repeat."""
    return Door(within)


def kept(
    answer: Callable[[UUID], T],
) -> Callable[[Callable[Concatenate[Acting, P], T]], Door[P, T]]:
    """Mark an act that is one command with its rights. When the model or a handler fails at it, the
    command is kept as an incident, of whose id `answer` makes what is returned."""
    return lambda within: Door(within, answer)
