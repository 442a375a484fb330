"""No incident outlives what it would repeat: the task, timer or work that it waits at, or its case.

Owns what of a step ends which incident; that of an external task is closed with its row
(`engine.storage.cases.steps`). What a case sent before its own natural end may still reach
somebody, so that incident stays; a deleted case leaves nothing behind.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from engine.execution.border import Waiting
from engine.records.commands import Command, Complete, Fire, Send, load
from engine.records.states import InstanceStatus
from engine.storage.cases import incidents


def close(connection: Connection, instance_id: UUID, after: Waiting, status: str) -> None:
    """Close the open incidents of the instance that a step has outlived. `after`: what it waits
    for then."""
    for incident in incidents.of_instance(connection, instance_id):
        if outlived(load(incident.command), after, status):
            incidents.close(connection, incident.id)


def outlived(command: Command, after: Waiting, status: str) -> bool:
    """Whether nothing is left that this command could be repeated at."""
    if status != InstanceStatus.ACTIVE:
        sent = isinstance(command, Send) and not command.received
        return not sent or status == InstanceStatus.WITHDRAWN
    match command:
        case Complete(task_id=id):
            return id not in {task.row_id for task in after.tasks.values()}
        case Fire(token=token):
            return token not in after.timers
        case _:
            return False
