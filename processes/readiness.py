"""Whether the product is ready to serve: what a machine that watches it is told.

Owns the three conditions besides a reachable database (without one the question itself fails with
`Unavailable`). Knows no HTTP. The schema needs no look: opening refuses any other.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from processes.service import Service
from processes.storage.settings import read_setting

LATEST: Final = timedelta(minutes=2)
"""Later work that is overdue by more shows that nobody looks at the clock: no scheduler runs. The
scheduler looks every 30 s at least, and a long queue of due work moves on within this time."""
DEMO_COMPLETE: Final = "demo_complete"
"""Setting that is written when the example data is complete."""


def missing(service: Service) -> list[str]:
    """In a word each, what is not ready; empty: everything is."""
    found = []
    seconds = service.engine.seconds_to_next_job()
    if seconds is not None and -seconds > LATEST.total_seconds():
        found.append("scheduler")
    if service.options.demo:
        with service.reading() as connection:
            if not read_setting(connection, DEMO_COMPLETE):
                found.append("demo")
    return found
