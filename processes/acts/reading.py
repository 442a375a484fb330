"""One reading: everything that a page or an answer says, as it stood at one moment.

Owns the value that every question of a page is asked through: one transaction, who asks, and the
clock read in it. Must not know what is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.face.questions import Questions
from processes.acts.service import Service
from processes.rights.scope import Scope


@dataclass(frozen=True, slots=True)
class Reading:
    """`now`: the engine's time, `real_now`: the database's, which no virtual clock moves; `ask`:
    the engine's questions on this connection, each row of which is read once."""

    connection: Connection
    scope: Scope
    now: datetime
    real_now: datetime
    ask: Questions


@contextmanager
def opened(service: Service, scope: Scope) -> Iterator[Reading]:
    """A reading by itself: of a command, for which no request has begun one."""
    with service.reading() as connection:
        ask = service.engine.once(connection)
        yield Reading(connection, scope, ask.now(), ask.real_now(), ask)
