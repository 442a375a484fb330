"""Moves planned deadlines, one job and one step of its case each, at the pace of the scheduler.

Owns what the loop does with a job of that kind. The step carries the id of the move as its request
id, so it is taken once however often the job is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine import Conflict, Engine, NotFound
from processes.payloads import MoveDeadline
from processes.states import MoveState
from processes.storage import deadline_moves
from processes.storage.deadline_moves import Move


@dataclass(slots=True)
class Moving:
    """A move under way, and what has become of it."""

    move: Move
    state: MoveState = MoveState.LEFT


@dataclass(frozen=True, slots=True)
class DeadlineMover:
    """`engine.jobs.Sender` for jobs of the kind `payloads.MoveDeadline`."""

    engine: Engine

    def prepare(self, connection: Connection, payload: Mapping[str, Any]) -> Moving | None:
        """The move, if nobody has carried it out."""
        move = deadline_moves.find(connection, MoveDeadline.decode(payload).move_id)
        return Moving(move) if move is not None and move.state == MoveState.WAITING else None

    def send(self, prepared: Moving) -> None:
        """Move the deadline unless its task is done or somebody has moved it meanwhile. A step that
        fails moves nothing: it waits as an incident."""
        move = prepared.move
        try:
            if self._may_move(move):
                received = self.engine.extend(
                    move.task_id, move.would_be, move.reason, move.by, request_id=str(move.id)
                )
                prepared.state = MoveState.MOVED if received.incident is None else MoveState.LEFT
        except (Conflict, NotFound):
            prepared.state = MoveState.LEFT

    def _may_move(self, move: Move) -> bool:
        """As it was planned and not stuck already, or moved by a try that could not write it."""
        task = self.engine.task(move.task_id)
        if task.due_at != move.was_due:
            return self._was_tried(task.instance_id, move)
        with self.engine.reading() as connection:
            return move.id not in deadline_moves.stuck_moves(connection)

    def _was_tried(self, instance_id: UUID, move: Move) -> bool:
        tried = {"task": str(move.task_id), "to": move.would_be.isoformat(), "reason": move.reason}
        return any(
            event.kind == "extend" and tried.items() <= dict(event.details).items()
            for event in self.engine.history(instance_id)
        )

    def sent(
        self, connection: Connection, payload: Mapping[str, Any], prepared: Moving, now: datetime
    ) -> None:
        """Note what became of it."""
        deadline_moves.finish(connection, prepared.move.id, prepared.state)

    def failed(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        error: str,
        now: datetime,
        final: bool,
    ) -> None:
        """Nothing to write: what waits is counted as waiting, and given-up jobs are incidents."""
