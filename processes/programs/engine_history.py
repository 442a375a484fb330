"""The passages of an instance through its elements, folded from its events.

Pure except for two functions that read: events, tasks and the model go in, activities come out. An
event holds the elements that a step entered, left and cancelled. If an element is open more than
once, the oldest visit ends first. Human tasks come from their own rows, so a reader who may not
read a task does not find it here either.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from engine.face.questions import Questions
from engine.models.elements import Element
from engine.records.history import Event
from engine.records.states import TaskStatus
from engine.storage.cases import instances
from engine.storage.cases.worklist import Task
from processes.acts.reading import Reading
from processes.programs import engine_view
from processes.rights.visibility import visible_tasks
from processes.storage.programs import engine_tasks
from processes.storage.programs.engine_rows import InstanceRow

HUMAN: Final = frozenset({"userTask", "manualTask"})


@dataclass(frozen=True, slots=True)
class Visit:
    """One token at one element. `ended` None: it is still there; `inside`: the visit of the
    sub-process around it; `task`: the row of a human task."""

    id: str
    element_id: str
    element: Element | None
    started: datetime
    ended: datetime | None = None
    canceled: bool = False
    inside: str | None = None
    task: Task | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """An instance and every visit to its elements, in the order of their beginning."""

    row: InstanceRow
    visits: Sequence[Visit]


def of_instance(at: Reading, instance_id: UUID) -> Past:
    """The past of one instance. Raises `NotFound`."""
    row = engine_view.instance(at.connection, at.scope, instance_id)
    tasks = engine_tasks.of_instance(at.connection, visible_tasks(at.scope), instance_id)
    program = at.ask.program(row.instance.definition_id)
    return Past(row, visits(at.ask.history(instance_id), tasks, program.elements))


def started_at(at: Reading, rows: Iterable[InstanceRow]) -> dict[UUID, str | None]:
    """Instance -> its start event, for instances that the reader has found; the first event shows
    which of several start events it was."""
    found = [row.instance for row in rows]
    starts = {id: _starts(at.ask, id) for id in {one.definition_id for one in found}}
    several = [one.id for one in found if len(starts[one.definition_id]) > 1]
    began = instances.first_events(at.connection, several) if several else {}
    return {
        one.id: next(_entered(starts[one.definition_id], began.get(one.id)), None) for one in found
    }


def _starts(ask: Questions, definition_id: UUID) -> list[str]:
    return [one.id for one in ask.program(definition_id).starts]


def _entered(starts: Sequence[str], began: Event | None) -> Iterator[str]:
    """Those of the start events that the first event has entered."""
    return iter(starts) if began is None else (id for id in began.entered if id in starts)


def visits(
    events: Iterable[Event], tasks: Iterable[Task], elements: Mapping[str, Element]
) -> list[Visit]:
    """Fold events, oldest first, into visits."""
    folding = _Folding(elements, tasks)
    for event in events:
        folding.take(event)
    return folding.done


@dataclass
class _Folding:
    """Visits so far. `open`: element id -> places in `done` of its open visits, oldest first."""

    elements: Mapping[str, Element]
    tasks: Iterable[Task]
    done: list[Visit] = field(default_factory=list)
    open: defaultdict[str, deque[int]] = field(default_factory=lambda: defaultdict(deque))

    def __post_init__(self) -> None:
        self.rows: defaultdict[tuple[str, datetime], deque[Task]] = defaultdict(deque)
        for task in self.tasks:
            self.rows[task.element_id, task.created_at].append(task)

    def take(self, event: Event) -> None:
        for element_id in event.entered:
            self._enter(element_id, event.at)
        for element_id in event.left:
            self._end(element_id, event.at, canceled=False)
        for element_id in event.cancelled:
            self._end(element_id, event.at, canceled=True)

    def _enter(self, element_id: str, at: datetime) -> None:
        element = self.elements.get(element_id)
        visit = Visit(
            id=f"{element_id}:{len(self.done) + 1}",
            element_id=element_id,
            element=element,
            started=at,
            inside=self._around(element),
        )
        if element is not None and element.kind in HUMAN:
            self.done.extend(_human(visit, self.rows[element_id, at]))
            return
        self.open[element_id].append(len(self.done))
        self.done.append(visit)

    def _around(self, element: Element | None) -> str | None:
        """The visit of the sub-process that holds an element: its newest one."""
        outer = self.open.get(element.process) if element else None
        return self.done[outer[-1]].id if outer else None

    def _end(self, element_id: str, at: datetime, *, canceled: bool) -> None:
        if self.open[element_id]:
            place = self.open[element_id].popleft()
            self.done[place] = replace(self.done[place], ended=at, canceled=canceled)


def _human(visit: Visit, rows: deque[Task]) -> Iterator[Visit]:
    """The visit with the data of its row; nothing if the reader may not read the row."""
    if rows:
        task = rows.popleft()
        ended = task.status == TaskStatus.CANCELLED
        yield replace(visit, ended=task.ended_at, canceled=ended, task=task)
