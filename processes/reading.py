"""One reading: everything that a page or an answer says, as it stood at one moment.

Owns the value that every question of a page is asked through: one transaction, who asks, and the
clock read in it. Must not know what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine.questions import Questions
from processes.scope import Scope


@dataclass(frozen=True, slots=True)
class Reading:
    """`now`: the engine's time, `real_now`: the database's, which no virtual clock moves; `ask`:
    the engine's questions on this connection, each row of which is read once."""

    connection: Connection
    scope: Scope
    now: datetime
    real_now: datetime
    ask: Questions
