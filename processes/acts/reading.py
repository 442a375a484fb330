"""One reading: all data of a page or an answer, from one moment.

Owns the value through which a page asks every question: one transaction, the reader, and the clock
read in it. Must not know the questions.
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
    """`now`: the engine's time. `real_now`: the database's time, which no virtual clock moves.
    `ask`: the engine's questions on this connection; each row is read once."""

    connection: Connection
    scope: Scope
    now: datetime
    real_now: datetime
    ask: Questions


@contextmanager
def opened(service: Service, scope: Scope) -> Iterator[Reading]:
    """A reading for a command, because no request has begun one."""
    with service.reading() as connection:
        ask = service.engine.once(connection)
        yield Reading(connection, scope, ask.now(), ask.real_now(), ask)
