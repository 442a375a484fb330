"""Going on with a case where people choose: the activities of its ad-hoc sub-processes.

Owns the right to do so: coordinators in real cases, whoever keeps the instance in all others. What
can be chosen, the engine knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict
from engine.execution.border import UNNAMED, Choice
from engine.incidents import Received
from engine.words import say
from processes import engine_view
from processes.access import Scope, allows, may, relations_to_case
from processes.acting import Acting, kept
from processes.service import Service
from processes.storage import case_heads, engine_rows
from processes.storage.case_heads import CaseHead
from processes.storage.engine_rows import InstanceRow, InstancesWanted
from processes.storage.engine_tasks import Window


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen in an instance now; `case`: the one it owns, if it is real."""

    instance: InstanceRow
    case: CaseHead | None
    open: Sequence[Choice]


def choices(service: Service, scope: Scope, instance_id: UUID) -> Choices:
    """What the user may choose now. Raises `NotFound`, `Forbidden`."""
    with service.reading() as connection:
        found = _steerable(connection, scope, instance_id)
        case = case_heads.of_instance(connection, found.instance.key, instance_id)
    ended = found.instance.ended_at is not None
    return Choices(found, case, [] if ended else service.engine.choices(instance_id))


def offering(service: Service, scope: Scope, instances: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the instances in which the user may choose something. Reads the state of those that
    wait for anything to be told."""
    with service.reading() as connection:
        waiting = engine_rows.waiting_for(connection, UNNAMED, [*instances])
        if not waiting:
            return frozenset()
        wanted, window = InstancesWanted(ids=waiting), Window(most=len(waiting))
        ours = [
            one.instance.id
            for one in engine_view.instances(connection, scope, wanted, window)
            if allows(scope, "choose_activity", _stands(connection, scope, one))
        ]
    return frozenset(id for id in ours if service.engine.choices(id))


def offers(service: Service, scope: Scope, instance_id: UUID, relations: Collection[str]) -> bool:
    """Whether the user, who stands so to the case, may choose something in its instance."""
    may_choose = allows(scope, "choose_activity", relations)
    return may_choose and bool(offering(service, scope, [instance_id]))


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
    """Start an activity: of the ad-hoc sub-process that waits by this token, or of the oldest in
    which it can be started. Raises `NotFound`, `Forbidden`, `Conflict`, `BadInput`."""
    act.lock(instance_id)
    _steerable(act.connection, act.scope, instance_id)
    act.engine.start_activity(
        instance_id, activity, data, by=act.by, request_id=request_id, token=token
    )
    return Received()


@kept(Received)
def complete(act: Acting, instance_id: UUID, token: UUID) -> Received:
    """Complete the ad-hoc sub-process that waits by this token. Raises as `start`."""
    act.lock(instance_id)
    _steerable(act.connection, act.scope, instance_id)
    if token not in {one.token for one in act.ask.choices(instance_id)}:
        raise Conflict(say("No activity can be chosen here now."))
    act.engine.signal(token, by=act.by)
    return Received()


def _steerable(connection: Connection, scope: Scope, instance_id: UUID) -> InstanceRow:
    found = engine_view.instance(connection, scope, instance_id)
    may(scope, "choose_activity", _stands(connection, scope, found) or {"reader"})
    return found


def _stands(connection: Connection, scope: Scope, found: InstanceRow) -> frozenset[str]:
    """How the user stands to an instance: through the case it owns, else as its keeper."""
    one = found.instance
    if engine_view.kept(connection, scope, InstancesWanted(ids=[one.id])):
        return frozenset({"keeper"})
    head = case_heads.of_instance(connection, one.key, one.id)
    if head is None:
        return frozenset()
    institutions = case_heads.institutions_of(connection, head)
    return relations_to_case(scope, institutions, head.classification)
