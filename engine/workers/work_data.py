"""The data of an external task for its worker: variables under the rules of scopes, and the model's
properties.

Reads the stored states of the instances, a few at a time; changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import Fault, Live
from engine.execution.border.tree.values import Data
from engine.execution.programs import Programs
from engine.execution.step import StepFailed, failure_of
from engine.records.commands import OfferExternal
from engine.storage.later import externals
from engine.storage.later.externals import ExternalTask, TopicWanted
from engine.storage.models.definitions import Version

AT_ONCE: Final = 20
"""Instances whose states are read together."""
MOST_BYTES: Final = 4_000_000
"""Bytes of stored states, packed about ten to one: an answer ends after more than these."""


@dataclass(frozen=True, slots=True)
class Work:
    """A task as its worker gets it: `variables` that the topic asks for, `properties` of its
    element (camunda:properties), `version` of the process that draws the element."""

    task: ExternalTask
    variables: Data
    properties: Mapping[str, str]
    version: Version


@dataclass(slots=True)
class WorkRead:
    """`found`: the tasks, in the order of the request. `unreadable`: tasks whose state cannot be
    read, with the reason. `left`: tasks that do not fit the topic, or exceed one answer. Tasks
    ended meanwhile are in none of them."""

    found: list[Work] = field(default_factory=list)
    unreadable: list[StepFailed] = field(default_factory=list)
    left: list[ExternalTask] = field(default_factory=list)


def read_work(
    programs: Programs,
    connection: Connection,
    tasks: Sequence[ExternalTask],
    topics: Sequence[TopicWanted],
    most_bytes: int | None = MOST_BYTES,
) -> WorkRead:
    """The tasks as their workers get them: those whose process has the values that their topic asks
    for."""
    read, wanted = WorkRead(), {one.topic: one for one in topics}
    of_instance: dict[UUID, list[ExternalTask]] = {}
    for task in tasks:
        of_instance.setdefault(task.instance_id, []).append(task)
    waiting, size = iter(of_instance.items()), 0
    while some := dict(islice(waiting, AT_ONCE)):
        states = externals.states_of(connection, some)
        for instance_id, its_tasks in some.items():
            if instance_id not in states:
                continue
            definition_id, body = states[instance_id]
            if most_bytes is not None and size > most_bytes:
                read.left += its_tasks
                continue
            size += len(body)
            try:
                program = programs.of(connection, definition_id)
                live = Live.load(program, body, programs.finder(connection))
            except Fault as fault:
                failure = failure_of(fault)
                read.unreadable += (
                    StepFailed(OfferExternal(token=one.id), instance_id, failure)
                    for one in its_tasks
                )
                continue
            for task in its_tasks:
                _read_one(read, programs, connection, live, definition_id, task, wanted[task.topic])
    place = {task.id: number for number, task in enumerate(tasks)}
    read.found.sort(key=lambda one: place[one.task.id])
    return read


def _read_one(
    read: WorkRead,
    programs: Programs,
    connection: Connection,
    live: Live,
    definition_id: UUID,
    task: ExternalTask,
    wanted: TopicWanted,
) -> None:
    waits = live.waiting().externals.get(task.id)
    if waits is None:
        return
    if not live.holds(task.id, wanted.holding):
        read.left.append(task)
        return
    # From the state, because rows of former versions name the process of the instance instead.
    drawn_in = waits.definition or definition_id
    version, program = programs.with_version(connection, drawn_in)
    properties = program.element(task.element_id).properties
    read.found.append(Work(task, _asked_for(live, task, wanted), properties, version))


def _asked_for(live: Live, task: ExternalTask, wanted: TopicWanted) -> Data:
    seen = live.own_data_of(task.id) if wanted.local else live.data_of(task.id)
    if wanted.variables is None:
        return seen
    return {name: seen[name] for name in wanted.variables if name in seen}
