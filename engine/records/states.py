"""States of instances, tasks and jobs, and the legal moves between them.

The database stores these names and checks them against the same list.
"""

from __future__ import annotations

from enum import StrEnum


class InstanceStatus(StrEnum):
    """The state of an instance."""

    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class TaskStatus(StrEnum):
    """A human task is open until a person completes it or its process removes it."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobStatus(StrEnum):
    """A waiting job has a due time; a dead one needs an operator."""

    READY = "ready"
    DEAD = "dead"


class Outcome(StrEnum):
    """The result of trying again what had failed. `OFFERED`: workers can fetch the external task
    again, nothing else. `OVERTAKEN`: the case has gone on without it, so nothing was repeated."""

    DONE = "done"
    OFFERED = "offered"
    OVERTAKEN = "overtaken"
    FAILED = "failed"


INSTANCE_MOVES: dict[tuple[InstanceStatus, str], InstanceStatus] = {
    (InstanceStatus.ACTIVE, "complete"): InstanceStatus.COMPLETED,
    (InstanceStatus.ACTIVE, "withdraw"): InstanceStatus.WITHDRAWN,
}


def moved(status: InstanceStatus, event: str) -> InstanceStatus:
    """The state after `event`. A move outside the table is a defect of the caller."""
    return INSTANCE_MOVES[status, event]
