"""Examples of the acts on a rakor besides its tasks."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import delete
from uuid_utils.compat import uuid7

from processes.meetings import meetings
from processes.storage.tables.meetings import meeting_recommendation
from tests.processes.acts.examples import CLEARANCE, Example, Scene, role
from tests.processes.acts.stage import Stage

CANCELLED: Final = {"change": "cancelled", "reason": "Tidak kuorum."}


def _begun(stage: Stage) -> UUID:
    """A rakor whose preparation waits."""
    id = uuid7()
    coordinator = stage.scope("coordinator")
    meetings.begin(stage.service, coordinator, id, [stage.of["recommendation"]])
    return id


def _new(stage: Stage) -> Scene:
    return Scene((uuid7(), [stage.of["recommendation"]]))


def _choosing(stage: Stage) -> Scene:
    """Of a rakor that covers nothing, so that the choice changes something."""
    id, covers = _begun(stage), meeting_recommendation
    with stage.service.transaction() as connection:
        connection.execute(delete(covers).where(covers.c.meeting_id == id))
    again = [stage.of["recommendation"]]
    return Scene((id, again), {}, stage.world.instance(id), None, stage.of["recommendation"])


def _cancelling(stage: Stage) -> Scene:
    id = _begun(stage)
    return Scene((id, CANCELLED), {}, stage.world.instance(id), None, stage.of["recommendation"])


EXAMPLES: Final = (
    Example("processes.meetings.meetings.begin", "coordinator", _new, (role("coordinator"),)),
    Example(
        "processes.meetings.meetings.choose", "coordinator", _choosing,
        (role("coordinator"), CLEARANCE), upon_case=True,
    ),
    Example(
        "processes.meetings.meetings.change", "coordinator", _cancelling,
        (role("coordinator"), CLEARANCE), upon_case=True,
    ),
)  # fmt: skip
