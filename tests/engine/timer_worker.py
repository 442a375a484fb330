"""A worker process for tests that kill it: runs what is due once, a line for each fired timer.

Each reminder writes a ledger row in the step's own transaction, so the ledger tells how often a
timer really fired. Usage: python -m tests.engine.timer_worker DATABASE_URL
"""

from __future__ import annotations

import sys

from sqlalchemy import text

from engine import Engine
from engine.handlers import Step

LEDGER = "CREATE TABLE ledger (instance_id TEXT NOT NULL, planned TEXT NOT NULL)"


def remind(step: Step) -> None:
    """Write down that this case was reminded, and of which moment."""
    timer = step.data["timer"]
    assert isinstance(timer, dict)
    step.connection.execute(
        text("INSERT INTO ledger VALUES (:instance, :planned)"),
        {"instance": str(step.instance_id), "planned": timer["planned"]},
    )
    sys.stdout.write("fired\n")
    sys.stdout.flush()


if __name__ == "__main__":
    Engine.open(sys.argv[1], {"remind": remind}).run_due()
