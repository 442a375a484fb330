"""Choosing the next activity of a case, in its ad-hoc sub-processes.

Owns the right to do so: coordinators in real cases, the keeper of the instance in all others. The
engine knows the choices.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import UNNAMED, Choice
from engine.later.repairs import Received
from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from processes.acts.acting import Acting, kept
from processes.acts.reading import Reading
from processes.programs import engine_view
from processes.rights.access import Scope, allows, may, relations_to_case
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.programs import engine_rows
from processes.storage.programs.engine_rows import InstanceRow, InstancesWanted


@dataclass(frozen=True, slots=True)
class Choices:
    """The present choices in an instance; `case`: the real case that it owns, or None."""

    instance: InstanceRow
    case: CaseHead | None
    open: Sequence[Choice]


def choices(at: Reading, instance_id: UUID) -> Choices:
    """The present choices of the reader. Raises `NotFound`, `Forbidden`."""
    found, case = _steerable(at.connection, at.scope, instance_id)
    ended = found.instance.ended_at is not None
    return Choices(found, case, [] if ended else at.ask.choices(instance_id))


def offering(
    at: Reading, instances: Collection[UUID], relations: Collection[str]
) -> frozenset[UUID]:
    """Those of some instances in which the reader may choose something; the reader has these
    relations to all of them. Reads the state of instances that wait for a signal from a caller."""
    if not allows(at.scope, "choose_activity", relations):
        return frozenset()
    waiting = engine_rows.waiting_for(at.connection, UNNAMED, instances)
    return at.ask.choosing(waiting) if waiting else frozenset()


@kept(Received)
def start(
    act: Acting,
    instance_id: UUID,
    activity: str,
    data: Mapping[str, Any] | None = None,
    *,
    token: UUID | None = None,
    request_id: str | None = None,
) -> Received:
    """Start an activity: in the ad-hoc sub-process that waits with this token, or in the oldest one
    that offers it. Raises `NotFound`, `Forbidden`, `Conflict`, `BadInput`."""
    act.lock(instance_id)
    _steerable(act.connection, act.scope, instance_id)
    act.engine.start_activity(
        instance_id, activity, data, by=act.by, request_id=request_id, token=token
    )
    return Received()


@kept(Received)
def complete(act: Acting, instance_id: UUID, token: UUID) -> Received:
    """Complete the ad-hoc sub-process that waits with this token. Raises the errors of `start`."""
    act.lock(instance_id)
    _steerable(act.connection, act.scope, instance_id)
    if token not in {one.token for one in act.ask.choices(instance_id)}:
        raise Conflict(say("No activity can be chosen here now."))
    act.engine.signal(token, by=act.by)
    return Received()


def _steerable(
    connection: Connection, scope: Scope, instance_id: UUID
) -> tuple[InstanceRow, CaseHead | None]:
    """The instance, and the real case that it owns, if any. Raises `NotFound`, `Forbidden`."""
    found = engine_view.instance(connection, scope, instance_id)
    one = found.instance
    head = case_heads.of_instance(connection, one.key, one.id)
    may(scope, "choose_activity", _stands(connection, scope, one.id, head) or {"reader"})
    return found, head


def _stands(
    connection: Connection, scope: Scope, instance_id: UUID, head: CaseHead | None
) -> frozenset[str]:
    """The user's relations to an instance: through the case it owns, else as its keeper."""
    if head is not None:
        institutions = case_heads.institutions_of(connection, head) if scope.institutions else ()
        return relations_to_case(scope, institutions, head.classification)
    kept = engine_view.kept(connection, scope, InstancesWanted(ids=[instance_id]))
    return frozenset({"keeper"} if kept else ())
