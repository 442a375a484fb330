"""What a worker is told of a task: variables under the rules of scopes, and what its model says.

Reads the stored states of the instances; changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Conflict
from engine.execution.border import Fault, Live
from engine.execution.border.values import Data
from engine.execution.commands import OfferExternal
from engine.execution.programs import Programs
from engine.execution.step import StepFailed, failure_of
from engine.storage import externals
from engine.storage.definitions import Version
from engine.storage.externals import ExternalTask, TopicWanted


@dataclass(frozen=True, slots=True)
class Work:
    """A task as its worker gets it: `variables` asked for, `properties` of its element
    (camunda:properties), `version` of the process the element is drawn in; `process`: the
    variables of the instance."""

    task: ExternalTask
    variables: Data
    properties: Mapping[str, str]
    version: Version
    process: Data

    def holds(self, wanted: Mapping[str, Any]) -> bool:
        """Whether variables of the process have these values; 1 is no true."""
        return all(
            name in self.process and _same(self.process[name], value)
            for name, value in wanted.items()
        )


def read_work(
    programs: Programs,
    connection: Connection,
    tasks: Sequence[ExternalTask],
    topics: Sequence[TopicWanted],
) -> tuple[list[Work], list[StepFailed]]:
    """The tasks as their workers get them; and of those whose state cannot be read, why. A task
    that was ended meanwhile is left out."""
    if not tasks:  # as whoever waits for work finds most of the time
        return [], []
    wanted = {one.topic: one for one in topics}
    states = externals.states_of(connection, {task.instance_id for task in tasks})
    lives: dict[UUID, Live] = {}
    found: list[Work] = []
    unreadable: list[StepFailed] = []
    for task in tasks:
        if task.instance_id not in states:
            continue
        try:
            if task.instance_id not in lives:
                definition_id, body = states[task.instance_id]
                program, find = programs.of(connection, definition_id), programs.finder(connection)
                lives[task.instance_id] = Live.load(program, body, find)
            live = lives[task.instance_id]
            variables = _asked_for(live, task, wanted[task.topic])
        except Fault as fault:
            again = OfferExternal(token=task.id)
            unreadable.append(StepFailed(again, task.instance_id, failure_of(fault)))
        except Conflict:
            continue
        else:
            version, drawn = programs.with_version(connection, task.definition_id)
            properties = drawn.element(task.element_id).properties
            found.append(Work(task, variables, properties, version, live.data))
    return found, unreadable


def _asked_for(live: Live, task: ExternalTask, wanted: TopicWanted) -> Data:
    seen = live.own_data_of(task.id) if wanted.local else live.data_of(task.id)
    if wanted.variables is None:
        return seen
    return {name: seen[name] for name in wanted.variables if name in seen}


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
