"""Small steps: the lock, some rows, one event; no state is loaded.

Owns the acts that change who has a task, and the note of an act that no element records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from engine.execution import telling
from engine.execution.hold import Hold
from engine.ports.news import News
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.storage.cases import worklist
from engine.storage.cases.steps import Head
from engine.storage.cases.worklist import Task
from engine.storage.later import jobs


class SmallSteps(Hold):
    """The acts on tasks that leave the case where it stands."""

    def claim(self, task_id: UUID, by: str) -> None:
        """Take an open task that nobody has; a second claim by the same person changes nothing.
        Raises Conflict if somebody else has the task."""
        head, task = self._open(task_id)
        if task.assignee not in (None, by):
            raise Conflict(
                say("{who} already works on this task.", who=task.assignee),
                who=task.assignee,
                when=task.held_since,
            )
        worklist.hand_over(self.connection, task, by, self.now)
        self.append(head, "claim", by, {"task": str(task_id), "element": task.element_id})

    def assign(self, task_id: UUID, user: str | None, by: str, reason: str = "") -> None:
        """Hand an open task to one person; None returns it to its candidates."""
        head, task = self._open(task_id)
        passed = (by, reason) if user != by else None
        worklist.hand_over(self.connection, task, user, self.now, passed)
        self._tell(task, user, by, reason)
        why = {"reason": reason} if reason else {}
        moved = {"element": task.element_id, "from": task.assignee, "to": user}
        self.append(head, "assign", by, {"task": str(task_id), **why, **moved})

    def reoffer(
        self,
        task_id: UUID,
        groups: Sequence[str],
        by: str,
        reason: str,
        *,
        request_id: str | None = None,
    ) -> None:
        """Offer an open task to other groups. Whoever had it loses it, and what they typed goes to
        whoever takes it. `request_id`: of the act on many that this belongs to."""
        head, task = self._open(task_id)
        left = (task.assignee or by, reason)
        worklist.offer(self.connection, task, groups, self.now, left)
        offered = replace(task, candidate_groups=list(groups))
        self._tell(offered, None, by, reason, request_id)
        details = {"element": task.element_id, "from": task.assignee, "to": None, "reason": reason}
        self.append(head, "assign", by, {"task": str(task_id), **details})

    def _tell(
        self, task: Task, to: str | None, by: str, reason: str, request_id: str | None = None
    ) -> None:
        """Tell of a task that changes hands. `task`: as it stood before."""
        news = News(
            instance_id=task.instance_id,
            process_key=task.process_key,
            now=self.now,
            by=by,
            request_id=request_id,
            reason=reason,
            handed=[telling.handed(task, to)],
        )
        wanted = self.stepper.around.tell(self.connection, news)
        if wanted:
            jobs.add(self.connection, [telling.row_of(job, news) for job in wanted])
            self.wake()

    def note(
        self, instance_id: UUID, kind: str, by: str | None, details: Mapping[str, Any]
    ) -> None:
        """Record an act in the history that no element of the model records. Raises NotFound."""
        self.append(self.lock(instance_id), kind, by, details)

    def _open(self, task_id: UUID) -> tuple[Head, Task]:
        head = self.lock_by_task(task_id)
        task = worklist.get(self.connection, task_id)
        if task.status != "open":
            raise worklist.ended(self.connection, task_id)
        return head, task
