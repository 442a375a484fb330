"""The holder of an external task, and why nobody else may end the task.

Owns the sentences for a worker that comes late. Leases use the database's own time.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from engine.records.commands import Worked
from engine.sentences.errors import Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask


def held(connection: Connection, command: Worked) -> ExternalTask:
    """The task that the command's worker holds, its row locked. A command of an incident was held
    when it was received. Raises NotFound, Conflict."""
    found = externals.locked(connection, command.token)
    if found is None:
        raise gone()
    task, now = found
    if command.received_at is None:
        refuse_unless_held(task, command.worker, now)
    return task


def refuse_unless_held(task: ExternalTask, worker: str, now: datetime) -> None:
    """Raises Conflict unless this worker holds the task now."""
    refuse_stuck(task)
    if task.worker == worker and task.held_at(now):
        return
    if task.worker is None or task.leased_until is None:
        raise Conflict(say("No worker holds this external task; fetch it first."))
    until = task.leased_until.isoformat(timespec="seconds")
    if task.worker == worker:
        raise Conflict(
            say(
                "The lease of {worker} ran out at {until}. Fetch the external task again; what was"
                " sent is not taken.",
                worker=worker, until=until,
            ),
            who=worker, when=task.leased_until,
        )  # fmt: skip
    raise Conflict(
        say(
            "This external task is not held by {worker} but by {holder}, until {until}.",
            worker=worker, holder=task.worker, until=until,
        ),
        who=task.worker, when=task.leased_until,
    )  # fmt: skip


def refuse_stuck(task: ExternalTask) -> None:
    """Raises Conflict for a task that waits for a repair."""
    if task.incident_id is not None:
        raise Conflict(say("This external task waits for its incident to be taken care of."))


def gone() -> NotFound:
    """The error for an external task that no longer exists."""
    return NotFound(say("There is no such external task: it is done, or was taken away."))
