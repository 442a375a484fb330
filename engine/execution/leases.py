"""Who holds an external task, and why somebody else may not end it.

Owns the words for whoever comes late. A lease counts by the database's own time.
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
    """The task that the command's worker holds, its row locked. What an incident repeats was held
    when it was received. Raises NotFound, Conflict."""
    found = externals.locked(connection, command.token)
    if found is None:
        raise gone()
    task, now = found
    if command.received_at is None:
        refuse_unless_held(task, command.worker, now)
    return task


def refuse_unless_held(task: ExternalTask, worker: str, now: datetime) -> None:
    """Raises Conflict unless this worker holds the task at this moment."""
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
    """Raises Conflict for a task that waits for somebody to repair it."""
    if task.incident_id is not None:
        raise Conflict(say("This external task waits for its incident to be taken care of."))


def gone() -> NotFound:
    """Why an external task is not there any more."""
    return NotFound(say("There is no such external task: it is done, or was taken away."))
