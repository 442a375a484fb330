"""A worker process for tests that kill it: runs due jobs once, and prints a line at its beginning
and one for each handler.

Each handler writes a ledger row in the step's own transaction, so the ledger tells how often a
timer really fired, or an element was really done. Usage: python -m tests.world.timer_worker
DATABASE_URL
"""

from __future__ import annotations

import sys

from sqlalchemy import text

from engine import Engine
from engine.ports.handlers import Step

LEDGER = "CREATE TABLE ledger (instance_id TEXT NOT NULL, what TEXT NOT NULL)"


def remind(step: Step) -> None:
    """Write down that this case was reminded, and of which moment."""
    timer = step.data["timer"]
    assert isinstance(timer, dict)
    _enter(step, timer["planned"])


def work(step: Step) -> None:
    """Write down that this case has come to this element."""
    _enter(step, step.element_id)


def _enter(step: Step, what: str) -> None:
    step.connection.execute(
        text("INSERT INTO ledger VALUES (:instance, :what)"),
        {"instance": str(step.instance_id), "what": what},
    )
    _report("done")


def _report(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


HANDLERS = {"remind": remind, "work": work}

if __name__ == "__main__":
    engine = Engine.open(sys.argv[1], HANDLERS)
    _report("ready")
    engine.run_due()
