"""The positions of cases in a process: numbers for the diagram, and the tasks behind a number.

Owns the SQL of the pages of a process. Readers of every case get the engine's counters; for others
rows are counted, narrowed by the clauses of the caller.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select, union_all

from engine.records.states import TaskStatus
from engine.storage import counters
from engine.storage.tables import definition, external_task, instance, subscription, task
from processes.ground.paging import Cursor
from processes.storage.keyset import along, beyond
from processes.storage.work.task_rows import COLUMNS, OpenTask, with_case

Counts = Mapping[UUID, Mapping[str, int]]
"""Process version -> element or status -> number."""


@dataclass(frozen=True, slots=True)
class Visible:
    """The tasks and instances that a reader may read, as clauses."""

    tasks: ColumnElement[bool]
    instances: ColumnElement[bool]


def version_keys(connection: Connection) -> dict[UUID, str]:
    """The process of every version."""
    return dict(connection.execute(select(definition.c.id, definition.c.key)).all())


def counted(connection: Connection, ids: list[UUID], what: str) -> Counts:
    """The engine's counters of these versions; `what`: `at` (elements) or `instances` (states)."""
    found = counters.read_all(connection, [f"{what}:{id}" for id in ids])
    return {id: found[f"{what}:{id}"] for id in ids}


def states(connection: Connection, ids: list[UUID], visible: Visible) -> Counts:
    """The number of visible instances of these versions in each state."""
    rows = connection.execute(
        select(instance.c.definition_id, instance.c.status, func.count())
        .where(instance.c.definition_id.in_(ids), visible.instances)
        .group_by(instance.c.definition_id, instance.c.status)
    )
    return _nested(rows)


def elements(connection: Connection, ids: list[UUID], visible: Visible) -> Counts:
    """The number of visible cases of these versions that wait at each element: for a person, for a
    message, for an external worker."""
    tasks = select(task.c.definition_id, task.c.element_id).where(
        task.c.status == TaskStatus.OPEN, task.c.definition_id.in_(ids), visible.tasks
    )
    others = [
        select(instance.c.definition_id, table.c.element_id)
        .join(table, table.c.instance_id == instance.c.id)
        .where(instance.c.definition_id.in_(ids), visible.instances)
        for table in (subscription, external_task)
    ]
    waiting = union_all(tasks, *others).subquery()
    rows = connection.execute(
        select(waiting.c.definition_id, waiting.c.element_id, func.count()).group_by(
            waiting.c.definition_id, waiting.c.element_id
        )
    )
    return _nested(rows)


def _nested(rows: object) -> Counts:
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for id, name, number in rows:  # type: ignore[attr-defined]  # rows of any select above
        found[id][name] = number
    return found


def tasks_at(
    connection: Connection,
    place: tuple[str, str],
    visible: ColumnElement[bool],
    at: Cursor[UUID] | None,
    limit: int,
) -> list[OpenTask]:
    """Visible open tasks at an element, of any version; oldest first. `place`: key of the process,
    id of the element."""
    here = and_(task.c.process_key == place[0], task.c.element_id == place[1])
    question = (
        select(*COLUMNS)
        .select_from(with_case(task))
        .where(task.c.status == TaskStatus.OPEN, here, visible, beyond((task.c.id,), at))
        .order_by(*along((task.c.id,), at))
        .limit(limit)
    )
    return [OpenTask(*row) for row in connection.execute(question)]
