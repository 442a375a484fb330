"""States of instances, tasks and jobs, and the legal moves between them.

The names are stored in the database and checked there by the same list.
"""

from __future__ import annotations

from enum import StrEnum


class InstanceStatus(StrEnum):
    """Where an instance is in its life."""

    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class TaskStatus(StrEnum):
    """A human task is open until somebody completes it or its process takes it away."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobStatus(StrEnum):
    """A job waits for its time; a dead one waits for an operator."""

    READY = "ready"
    DEAD = "dead"


INSTANCE_MOVES: dict[tuple[InstanceStatus, str], InstanceStatus] = {
    (InstanceStatus.ACTIVE, "complete"): InstanceStatus.COMPLETED,
    (InstanceStatus.ACTIVE, "withdraw"): InstanceStatus.WITHDRAWN,
}


def moved(status: InstanceStatus, event: str) -> InstanceStatus:
    """The state after `event`; a move that is not in the table is a defect of the caller."""
    return INSTANCE_MOVES[status, event]
