"""An act on many cases: decided once, then carried out part by part, each part as an act of its
own.

Owns the one form of such acts. The deciding act calls `plan`. One job for each part then moves one
case in the name of the decider, whose rights are asked again. A `Doing` for each kind has the work
and the right of a part. Knows no kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import Conflict, Forbidden, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act, kept
from processes.acts.service import Service
from processes.ground.payloads import DoPart
from processes.register.states import PartState
from processes.rights.scope import later, operator
from processes.storage import bulk as table
from processes.storage.bulk import BulkAct, Part

Doing = Callable[[Acting, Part], None]
"""Locks the case, asks the right, does the part. Its step has the id of the part as its request id.
Raises `Conflict` or `NotFound` if somebody else was faster; then the case stays as it is."""


def plan(
    act: Acting,
    kind: str,
    subject: str,
    reason: str,
    facts: Mapping[str, Any],
    parts: Sequence[tuple[UUID, Mapping[str, Any]]],
    *,
    due_at: datetime | None = None,
) -> None:
    """Plan an act on many: `parts` are the task or case of each part, with its facts; they are done
    from `due_at` on, else at once. Without parts nothing is stored."""
    if not parts:
        return
    scope = act.scope
    wanted = BulkAct(
        id=uuid7(),
        kind=kind,
        subject=subject,
        reason=reason,
        facts=facts,
        user_id=scope.user_id,
        by=act.by,
        token_id=scope.token_id,
        at=act.now,
    )
    table.plan(act.connection, wanted, parts, due_at)
    act.engine.wake()


@kept(lambda incident: False)
def carry_out(act: Acting, doing: Doing, part: Part) -> bool:
    """Do one part, and note in the same transaction that it is done. False: its step failed, and
    waits as an incident."""
    doing(act, part)
    if not table.settle(act.connection, part.id, PartState.DONE):
        raise Conflict(say("This was done already."))
    return True


@act
def _settle(act: Acting, part: Part, state: PartState) -> None:
    """Note that the part was not done, and why."""
    table.settle(act.connection, part.id, state)


@dataclass(frozen=True, slots=True)
class PartWorker:
    """The `Sender` of `engine.later.loop` for jobs of parts. `doings`: kind -> what a part does."""

    service: Service
    doings: Mapping[str, Doing]

    def prepare(self, connection: Connection, payload: Mapping[str, Any]) -> Part | None:
        """The part, if it is not carried out yet."""
        part = table.find(connection, DoPart.decode(payload).part_id)
        if part is None or part.state != PartState.WAITING:
            return None
        return part

    def send(self, prepared: Part) -> None:
        """Carry out the part, if its decider still has the right."""
        doing, decided = self.doings[prepared.of.kind], prepared.of
        who = later(decided.user_id, decided.by, decided.token_id)
        try:
            is_done = carry_out(self.service, who, doing, prepared)
            state = PartState.DONE if is_done else PartState.LEFT
        except Forbidden:
            state = PartState.REFUSED
        except (Conflict, NotFound):
            state = PartState.LEFT
        if state != PartState.DONE:
            _settle(self.service, operator(), prepared, state)

    def sent(
        self, connection: Connection, payload: Mapping[str, Any], prepared: Part, now: datetime
    ) -> None:
        """Nothing to write: the act has noted the result."""

    def failed(
        self,
        connection: Connection,
        payload: Mapping[str, Any],
        error: str,
        now: datetime,
        final: bool,
    ) -> None:
        """Nothing to write: a waiting part counts as waiting, and a dead job is an incident."""
