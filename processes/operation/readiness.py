"""Whether the product is ready to serve, for a machine that watches it.

Owns the conditions besides a reachable database (without one the question itself fails with
`Unavailable`). Knows no HTTP. The schema needs no check: opening refuses any other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from engine.face.questions import Questions
from processes.acts.service import Options
from processes.storage.operation.settings import read_setting

LATEST_BEAT: Final = timedelta(seconds=90)
"""A scheduler looks every five seconds and writes a heartbeat every ten. An older heartbeat shows
that no scheduler looks at the clock or runs jobs. The rest is room for one long job."""
DEMO_COMPLETE: Final = "demo_complete"
"""Setting that is written when the example data are complete."""


def missing(connection: Connection, ask: Questions, options: Options) -> list[str]:
    """The conditions that are not met, in one word each; empty: ready. `ask`: the questions on this
    connection."""
    found = [] if is_recent(ask.heartbeat(), ask.real_now()) else ["scheduler"]
    if options.demo and not read_setting(connection, DEMO_COMPLETE):
        found.append("demo")
    return found


def is_recent(beat: datetime | None, real_now: datetime) -> bool:
    """Whether a scheduler has looked lately, by the real clock; `beat`: the last look."""
    return beat is not None and real_now - beat <= LATEST_BEAT
