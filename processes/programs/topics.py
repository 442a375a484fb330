"""Topics of external tasks: waiting tasks, their workers, their holders, their failures.

Every question takes the `Scope`. Process owners and administrators read every waiting task, as they
read every incident; for a real case only that it waits, unless they may read the case.
`external_work` has the acts on a task; no act here does the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from engine.sentences.errors import Forbidden, NotFound
from engine.sentences.sentence import say
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask, TopicState
from engine.storage.later.workers import WorkerSeen
from engine.storage.models import definitions
from engine.storage.models.definitions import Version
from engine.workers.acts import MOST
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.acts.service import Service
from processes.desk import repairs
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.operation.doctor import HEARD_WITHIN
from processes.programs import external_work
from processes.rights.access import CASE_PROCESSES, Scope, may
from processes.storage.cases.case_heads import CaseHead
from processes.storage.programs import topic_rows
from processes.storage.programs.topic_rows import Heard, Show, TaskKey, WorkerKey

AT_ONCE: Final = 100
"""Number of tasks offered again in one transaction: each of them locks its instance."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, its state, and its latest workers. `silent`: it has tasks for workers, but none has
    asked in the last hour."""

    name: str
    state: TopicState | None
    heard: Heard | None
    silent: bool

    @property
    def open(self) -> int:
        """Tasks that workers hold or can fetch, now or later."""
        return self.state.waiting - self.state.stuck if self.state else 0

    @property
    def stuck(self) -> int:
        """The number of tasks that wait for the repair of an incident."""
        return self.state.stuck if self.state else 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An external task for its reader. `element`: its name, or its id; `held`: a worker has it now;
    `case`: the real case, if the reader may read it; `own`: it belongs to no real case. Without
    both, `task` has neither the case's key nor a worker's text.
    """

    task: ExternalTask
    element: str
    version: Version
    held: bool
    case: CaseHead | None
    own: bool
    details: str | None = field(default=None)

    @property
    def gave_up(self) -> bool:
        """Whether no retries are left; else an incident keeps a worker's command."""
        return self.task.incident_id is not None and self.task.retries == 0

    @property
    def place(self) -> str:
        """The key of this task's place in pages."""
        one = self.task
        return f"{one.priority}_{one.created_at.isoformat()}_{one.id}"


def topics(at: Reading) -> list[Topic]:
    """Every topic with waiting tasks, or for which a worker has asked, by name."""
    _may_look(at.scope)
    states = {one.topic: one for one in externals.topics(at.connection, at.real_now)}
    heard = topic_rows.heard(at.connection)
    return [
        _topic(name, states.get(name), heard.get(name), at.real_now)
        for name in sorted(states.keys() | heard.keys())
    ]


def page_of(
    found: Sequence[Topic], after: str | None, before: str | None, limit: int = PAGE
) -> Page[Topic]:
    """A page of topics, which begins behind one name or ends before another."""
    at = cursor(after, before)
    if at is None:
        rows = list(found)
    elif at.back:
        rows = [one for one in reversed(found) if one.name < at.key]
    else:
        rows = [one for one in found if one.name > at.key]
    return cut(rows[: limit + 1], limit, at)


def topic(at: Reading, name: str) -> Topic:
    """One topic. Raises `NotFound` without tasks and without workers."""
    found = next((one for one in topics(at) if one.name == name), None)
    if found is None:
        raise NotFound(say("Nothing waits for {topic}, and no worker asks for it.", topic=name))
    return found


def tasks(
    at: Reading,
    name: str,
    show: Show,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = PAGE,
) -> Page[Waiting]:
    """The tasks of a topic, in the order of leasing; `after` and `before` are the places of tasks.
    Raises `NotFound` for an unreadable place."""
    _may_look(at.scope)
    place = cursor(_task_key(after), _task_key(before))
    found = topic_rows.tasks(at.connection, name, show, at.real_now, place, limit + 1)
    return cut(list(_seen(at, found)), limit, place)


def task(at: Reading, task_id: UUID) -> Waiting:
    """One external task with its worker's long description. Raises `NotFound`, also for one that is
    done."""
    _may_look(at.scope)
    found = externals.by_id(at.connection, task_id)
    if found is None:
        raise NotFound(say("There is no such external task: it is done, or was taken away."))
    [seen] = _seen(at, [found])
    if not (seen.own or seen.case):
        return seen  # only readers of the case may read a worker's text about it
    details = externals.error_details(at.connection, task_id)
    return Waiting(seen.task, seen.element, seen.version, seen.held, seen.case, seen.own, details)


def workers(
    at: Reading,
    name: str,
    *,
    after: str | None = None,
    before: str | None = None,
    limit: int = PAGE,
) -> Page[WorkerSeen]:
    """The workers that asked for a topic, the last one first. Raises `NotFound` as `tasks`."""
    _may_look(at.scope)
    place = cursor(_worker_key(after), _worker_key(before))
    return cut(topic_rows.workers(at.connection, name, place, limit + 1), limit, place)


def try_all_again(service: Service, scope: Scope, name: str, retries: int) -> int:
    """Offer up to `MOST` tasks of a topic without retries again, the oldest first, with `retries`
    attempts; their incidents are closed. `AT_ONCE` of them are one act with its own record. Return
    the number of tasks. Raises `BadInput`."""
    may(scope, "repair")
    with service.reading() as connection:
        ids = topic_rows.stuck_ids(connection, name, MOST)
    for first in range(0, len(ids), AT_ONCE):
        _try_again(service, scope, name, ids[first : first + AT_ONCE], retries)
    return len(ids)


@act
def _try_again(act: Acting, name: str, ids: Sequence[UUID], retries: int) -> None:
    external_work.lock_cases(act, ids)
    act.may("repair")
    act.engine.external.set_retries(ids, retries, act.by)
    act.record("set_retries", f"topic:{name}", retries=retries, tasks=len(ids))


def worker_place(seen: WorkerSeen) -> str:
    """The key of this worker's place in pages."""
    return f"{seen.seen_at.isoformat()}_{seen.worker}"


def _may_look(scope: Scope) -> None:
    may(scope, "read_topics")
    if not scope.keeps:
        raise Forbidden(say("Workers ask for their tasks by the engine's API."))


def _topic(name: str, state: TopicState | None, heard: Heard | None, now: datetime) -> Topic:
    waits = state is not None and state.unheld > 0
    lately = heard is not None and heard.last_at >= now - HEARD_WITHIN
    return Topic(name, state, heard, silent=waits and not lately)


def _seen(at: Reading, found: Sequence[ExternalTask]) -> Iterable[Waiting]:
    versions = definitions.by_ids(at.connection, {one.definition_id for one in found})
    places = [(one.process_key, one.instance_id) for one in found]
    cases = repairs.seen_cases(at.connection, at.scope, places)
    for one in found:
        version, case = versions[one.definition_id], cases.get(one.instance_id)
        element = at.ask.program(one.definition_id).element(one.element_id)
        own = one.process_key not in CASE_PROCESSES
        told = one if own or case else replace(one, business_key=None, error_message=None)
        held = one.held_at(at.real_now)
        yield Waiting(told, element.name or one.element_id, version, held, case, own)


def _task_key(text: str | None) -> TaskKey | None:
    if text is None:
        return None
    try:
        priority, created_at, id = text.split("_")
        return int(priority), _moment(created_at), UUID(id)
    except ValueError:
        raise _no_place() from None


def _worker_key(text: str | None) -> WorkerKey | None:
    if text is None:
        return None
    try:
        seen_at, _, name = text.partition("_")
        return _moment(seen_at), name
    except ValueError:
        raise _no_place() from None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _no_place() -> NotFound:
    return NotFound(say("There is no such thing, or it is not open to you."))
