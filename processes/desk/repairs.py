"""Failed work and its repairs: incidents, and dead jobs.

Every question takes the `Scope`. A repair repeats another person's decision, or gives it back to
that person; no repair decides a case. Each repair is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.step import Failure
from engine.later.repairs import Failed, Repair
from engine.records.commands import Occur, OfferExternal, Send, Start
from engine.records.states import Outcome
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.cases import incidents
from engine.storage.cases.incidents import Incident
from engine.storage.later import jobs
from engine.storage.later.jobs import Job
from engine.storage.models import definitions
from engine.storage.models.definitions import Version
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.acts.service import Service
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.ground.sorting import Sort
from processes.rights.access import Scope, may, relations_to_case
from processes.storage import bulk
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.desk import incident_list
from processes.storage.desk.incident_list import NEWEST, Wanted

SORTS: Final = tuple(incident_list.ORDERS)
ELSEWHERE: Final = frozenset({Send.kind, Start.kind, Occur.kind})
"""Kinds of commands that are no step of their incident's instance."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """An open incident, its process version, and its case if the reader may read it."""

    incident: Incident
    version: Version
    case: CaseHead | None

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.incident.id

    @property
    def has_begun(self) -> bool:
        """Whether the instance exists; after a failed start it does not."""
        return self.incident.command["kind"] not in (Start.kind, Occur.kind)

    @property
    def gave_up(self) -> bool:
        """Whether it is an external task without retries left."""
        return bool(self.incident.command["kind"] == OfferExternal.kind)


def stuck(connection: Connection, scope: Scope, *, key: str | None = None) -> list[Stuck]:
    """Open incidents, newest first."""
    may(scope, "read_incidents")
    return _all_stuck(connection, scope, incidents.opened(connection, process_key=key))


def page(
    at: Reading,
    wanted: Wanted,
    *,
    sort: Sort = NEWEST,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[Stuck]:
    """A page of the open incidents in one of `SORTS`. Raises `BadInput`."""
    may(at.scope, "read_incidents")
    if sort.by not in SORTS:
        wrong = say("Choose one of the offered values.")
        raise BadInput(wrong, {"sort": wrong})
    place = cursor(after, before)
    found = incident_list.page(at.connection, wanted, sort, place, limit + 1)
    return cut(_all_stuck(at.connection, at.scope, found), limit, place)


@dataclass(frozen=True, slots=True)
class Overview:
    """What is said of a list of incidents: how many are in it, and the processes, by key, in which
    anything is stuck."""

    number: int
    processes: Mapping[str, str]


def overview(at: Reading, wanted: Wanted) -> Overview:
    """The same filters, counted."""
    may(at.scope, "read_incidents")
    return Overview(
        incident_list.count(at.connection, wanted), incident_list.processes(at.connection)
    )


def one(connection: Connection, scope: Scope, incident_id: UUID) -> Stuck:
    """One open incident. Raises `NotFound`, `Conflict` for a closed one."""
    may(scope, "read_incidents")
    found = incidents.by_id(connection, incident_id)
    if found is None:
        raise NotFound(say("There is no such incident."))
    if not found.open:
        raise Conflict(
            say("Closed already: somebody took care of it, or the case went on without it.")
        )
    return _all_stuck(connection, scope, [found])[0]


def dead_letters(
    at: Reading, *, after: UUID | None = None, before: UUID | None = None, limit: int = PAGE
) -> Page[Job]:
    """Jobs that failed too often to be tried again automatically, oldest first."""
    may(at.scope, "read_incidents")
    found = jobs.dead(at.connection, limit + 1, after=after, before=before)
    return cut(found, limit, cursor(after, before))


def count_dead_letters(at: Reading) -> int:
    """How many there are."""
    may(at.scope, "read_incidents")
    return jobs.count_dead(at.connection)


def retry(service: Service, scope: Scope, incident_id: UUID) -> Repair:
    """Repeat the failed command under its first author and time. Raises `NotFound`, `Conflict`."""
    try:
        return _retry(service, scope, incident_id)
    except Failed as failed:
        failure = failed.failure
    _note_failure(service, scope, incident_id, failure)
    return Repair(Outcome.FAILED, failure)


@act
def _retry(act: Acting, incident_id: UUID) -> Repair:
    found = _locked(act, incident_id)
    act.may("repair")
    repair = act.engine.retry(incident_id, act.by)
    if found is not None and repair.outcome == Outcome.DONE:
        _count_as_done(act.connection, found)
    act.record("retry_incident", f"incident:{incident_id}", done=repair.done)
    return repair


@act
def _note_failure(act: Acting, incident_id: UUID, failure: Failure) -> None:
    _locked(act, incident_id)
    act.may("repair")
    act.engine.failed_again(incident_id, failure)
    act.record("retry_incident", f"incident:{incident_id}", done=False)


@act
def discard(act: Acting, incident_id: UUID) -> None:
    """Give up the stored command; its input becomes the draft of the reopened task, for its
    author."""
    _locked(act, incident_id)
    act.may("repair")
    act.engine.discard(incident_id, act.by)
    act.record("discard_incident", f"incident:{incident_id}")


@act
def revive(act: Acting, job_id: UUID) -> None:
    """Try a dead letter again. Raises `Conflict` if somebody else did."""
    act.may("repair")
    if not jobs.revive(act.connection, job_id, act.now):
        raise Conflict(say("Somebody already took care of this job."))
    act.record("revive_job", f"job:{job_id}")


def _locked(act: Acting, incident_id: UUID) -> Incident | None:
    """The incident before the lock of its instance. A command that is no step of that instance
    locks only the instance that receives it."""
    found = incidents.by_id(act.connection, incident_id)
    if found is not None and found.command["kind"] not in ELSEWHERE:
        act.lock(found.instance_id)
    return found


def _count_as_done(connection: Connection, found: Incident) -> None:
    """Count a part of an act on many as done, after the repair of its failed step."""
    part_id = bulk.part_of(found.command)
    if part_id is not None:
        bulk.mend(connection, part_id)


def _all_stuck(connection: Connection, scope: Scope, found: Sequence[Incident]) -> list[Stuck]:
    versions = definitions.by_ids(connection, {one.definition_id for one in found})
    cases = seen_cases(connection, scope, [(one.process_key, one.instance_id) for one in found])
    return [Stuck(one, versions[one.definition_id], cases.get(one.instance_id)) for one in found]


def seen_cases(
    connection: Connection, scope: Scope, instances: Iterable[tuple[str, UUID]]
) -> dict[UUID, CaseHead]:
    """Instance -> the real case that it owns, for those (process, instance) whose case the reader
    may read."""
    if not (scope.oversees or scope.institutions):
        return {}  # nobody else may read a real case, so none is searched
    heads = case_heads.of_instances(connection, instances)
    belong_to = case_heads.institutions_of_all(connection, heads.values())
    return {
        id: head
        for id, head in heads.items()
        if relations_to_case(scope, belong_to[head], head.classification)
    }
