"""Moving one deadline after a change of a calendar: a part of an act on many.

Owns the content and the work of such a part. `processes.work.calendar_changes` chooses the
deadlines, `processes.acts.bulk` carries out the parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from engine.records.states import TaskStatus
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.storage.cases import worklist
from processes.acts.acting import Acting
from processes.storage import bulk
from processes.storage.bulk import Part

MOVES: Final = "move_deadlines"
"""Kind of the act on many."""


@dataclass(frozen=True, slots=True)
class Move:
    """A deadline to move: from its former moment to the end of a day."""

    task_id: UUID
    was_due: datetime
    would_be: date

    def written(self) -> dict[str, str]:
        """The move as the facts of a part."""
        return {"was_due": self.was_due.isoformat(), "would_be": self.would_be.isoformat()}


def move_from(task_id: UUID, written: Mapping[str, Any]) -> Move:
    """The move from the facts of a part."""
    was_due = datetime.fromisoformat(written["was_due"])
    return Move(task_id, was_due, date.fromisoformat(written["would_be"]))


def move(act: Acting, part: Part) -> None:
    """Move the deadline, in the name of the person who changed the calendar. Raises `Forbidden` if
    that person may not change it any more, `Conflict` if the task is done or was moved meanwhile,
    or if an incident already keeps the move."""
    wanted = move_from(part.about, part.facts)
    act.lock_by_task(wanted.task_id)
    act.may("manage_calendar")
    task = worklist.get(act.connection, wanted.task_id)
    overtaken = task.status != TaskStatus.OPEN or task.due_at != wanted.was_due
    if overtaken or part.id in bulk.stuck(act.connection):
        raise Conflict(say("This deadline was moved already."))
    act.engine.extend(
        wanted.task_id, wanted.would_be, part.of.reason, act.by, request_id=str(part.id)
    )
