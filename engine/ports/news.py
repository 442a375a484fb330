"""The news of human tasks: what an application is told while a step or an act is stored.

The engine knows who may do a task, but not how people are reached. An application that opens the
engine may name a teller. It is called in the transaction in which tasks open, move or change hands,
whoever caused that, and returns the later work by which people hear of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.ports.handlers import NewJob


@dataclass(frozen=True, slots=True)
class Offer:
    """A human task and who may do it now. `properties`: those of its element in the model."""

    task_id: UUID
    element_id: str
    name: str
    assignee: str | None
    candidate_users: Sequence[str]
    candidate_groups: Sequence[str]
    due_at: datetime | None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """A task whose deadline was `was_due`. The row of the task still holds that one."""

    task_id: UUID
    was_due: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A task that changed hands. `holder`: who had it; None: it was open to its candidates."""

    offer: Offer
    holder: str | None


@dataclass(frozen=True, slots=True)
class News:
    """The news of one step or act. `by`: its author, None where a timer or the engine acted;
    `request_id`: of its command; `reason`: in the author's words. `notices`: what handlers have
    announced in the step, in their order; the engine does not read them."""

    instance_id: UUID
    process_key: str
    now: datetime
    by: str | None
    request_id: str | None = None
    reason: str = ""
    notices: Sequence[object] = ()
    opened: Sequence[Offer] = ()
    moved: Sequence[Moved] = ()
    handed: Sequence[Handed] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.notices or self.opened or self.moved or self.handed)


Teller = Callable[[Connection, News], Sequence[NewJob]]
"""Writes the application's rows and returns later work, in the transaction of the news."""


def tell_nobody(_connection: Connection, _news: News) -> Sequence[NewJob]:
    """Without a teller nobody is told."""
    return ()
