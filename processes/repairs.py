"""What is stuck and what may be done about it: incidents, and jobs that were given up.

Every question takes the `Scope`. Whoever repairs repeats what somebody else decided, or gives it
back to them; nobody decides a case from here. Each repair is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict, NotFound
from engine.execution.commands import Occur, Start
from engine.incidents import Repair
from engine.storage import definitions, incidents, jobs
from engine.storage.definitions import Version
from engine.storage.incidents import Incident
from engine.storage.jobs import Job
from engine.words import say
from processes import audit
from processes.access import Scope, may, relations_to_case
from processes.service import Service
from processes.states import MoveState
from processes.storage import case_heads, deadline_moves
from processes.storage.case_heads import CaseHead


@dataclass(frozen=True, slots=True)
class Stuck:
    """An open incident, its process version, and the case where the reader may see it."""

    incident: Incident
    version: Version
    case: CaseHead | None

    @property
    def has_begun(self) -> bool:
        """Whether the instance exists; that of a start is still to be."""
        return self.incident.command["kind"] not in (Start.kind, Occur.kind)


def stuck(connection: Connection, scope: Scope, *, key: str | None = None) -> list[Stuck]:
    """Open incidents, newest first."""
    may(scope, "read_incidents")
    found = incidents.opened(connection, process_key=key)
    versions = {id: _version(connection, id) for id in {one.definition_id for one in found}}
    return [Stuck(one, versions[one.definition_id], _case(connection, scope, one)) for one in found]


def one(connection: Connection, scope: Scope, incident_id: UUID) -> Stuck:
    """One open incident. Raises `NotFound`, `Conflict` for one that was taken care of."""
    may(scope, "read_incidents")
    found = incidents.by_id(connection, incident_id)
    if found is None:
        raise NotFound(say("There is no such incident."))
    if not found.open:
        raise Conflict(say("Somebody already took care of this incident."))
    return Stuck(found, _version(connection, found.definition_id), _case(connection, scope, found))


def dead_letters(connection: Connection, scope: Scope) -> list[Job]:
    """Jobs that failed too often to be tried again by themselves, oldest first."""
    may(scope, "read_incidents")
    return jobs.dead(connection)


def retry(service: Service, scope: Scope, incident_id: UUID) -> Repair:
    """Repeat what failed, under its first author and time. Raises `NotFound`, `Conflict`."""
    may(scope, "repair")
    with service.reading() as connection:
        found = incidents.by_id(connection, incident_id)
    repair = service.engine.retry(incident_id, scope.username)
    if repair.done and found is not None:
        _count_as_moved(service, found)
    _record(service, scope, "retry_incident", f"incident:{incident_id}", done=repair.done)
    return repair


def discard(service: Service, scope: Scope, incident_id: UUID) -> None:
    """Give up the stored command; its input becomes its author's draft of the reopened task."""
    may(scope, "repair")
    service.engine.discard(incident_id, scope.username)
    _record(service, scope, "discard_incident", f"incident:{incident_id}")


def revive(service: Service, scope: Scope, job_id: UUID) -> None:
    """Try a dead letter again. Raises `Conflict` when somebody else did."""
    may(scope, "repair")
    with service.transaction() as connection:
        now = service.engine.on(connection).now()
        if not jobs.revive(connection, job_id, now):
            raise Conflict(say("Somebody already took care of this job."))
        audit.record(connection, scope.username, "revive_job", f"job:{job_id}", now=now)


def _count_as_moved(service: Service, found: Incident) -> None:
    """A deadline that a change of a calendar could not move has moved now."""
    move_id = deadline_moves.move_of(found.command)
    if move_id is not None:
        with service.transaction() as connection:
            deadline_moves.finish(connection, move_id, MoveState.MOVED)


def _version(connection: Connection, definition_id: UUID) -> Version:
    found = definitions.by_id(connection, definition_id)
    assert found is not None, "an instance outlives no version"
    return found


def _case(connection: Connection, scope: Scope, found: Incident) -> CaseHead | None:
    return case_of(connection, scope, found.process_key, found.instance_id)


def case_of(
    connection: Connection, scope: Scope, process_key: str, instance_id: UUID
) -> CaseHead | None:
    """The real case of an instance, where there is one that the reader may see."""
    if not (scope.oversees or scope.institutions):
        return None  # nobody else sees a real case, so none is looked for
    head = case_heads.of_instance(connection, process_key, instance_id)
    if head is None:
        return None
    belongs_to = case_heads.institutions_of(connection, head)
    return head if relations_to_case(scope, belongs_to, head.classification) else None


def _record(service: Service, scope: Scope, act: str, subject: str, **details: object) -> None:
    with service.transaction() as connection:
        now = service.engine.on(connection).now()
        audit.record(connection, scope.username, act, subject, now=now, details=details)
