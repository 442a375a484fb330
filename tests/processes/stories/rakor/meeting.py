"""A rakor in the stories: begun, prepared, and led to any of its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from processes.meetings import meetings
from processes.storage.meetings import meeting_rows
from processes.storage.meetings.meeting_rows import Meeting
from processes.work import tasks
from tests.processes.stories.world import World

PREPARED: Mapping[str, Any] = {
    "title": "Rakor tindak lanjut industri pertahanan",
    "held_on": "2026-01-15",
    "hour": "09.00 WIB",
    "place": "Ruang Nakula",
    "chair": "Asdep Koordinasi Pertahanan",
    "agenda": "Inventarisasi tindak lanjut",
    "guests": "PT Pindad\nPT Len",
}
APPROVED = {"invitation_approved": "yes", "letter_number": "UND-7/2026"}
MINUTES = {"minutes": "Semua K/L melaporkan posisinya.", "press_statement": "Rakor digelar."}


def begun(world: World, *recommendations: UUID) -> UUID:
    """A rakor over these, whose preparation waits."""
    id = world.services[0].engine.act(lambda act: act.new_id())
    meetings.begin(world.service, world.person("coordinator"), id, recommendations)
    world.run()
    return id


def prepared(world: World, *recommendations: UUID, **changes: Any) -> UUID:
    """A rakor whose invitations wait for approval."""
    id = begun(world, *recommendations)
    world.do("coordinator", "prepare", id, **{**PREPARED, **changes})
    return id


def invited(world: World, *recommendations: UUID, **changes: Any) -> UUID:
    """A rakor whose institutions are asked for their positions."""
    id = prepared(world, *recommendations, **changes)
    world.do("asdep", "approve_invitation", id, **APPROVED)
    return id


def state(world: World, who: str, meeting: UUID, text: str, *numbers: str) -> None:
    """An institution's contact fills in the same position for each recommendation."""
    mine = [
        task
        for task in world.open_tasks(meeting)
        if task.element_id == "position" and f"institution:{who}" in task.candidate_groups
    ]
    rows = [{"number": number, "text": text} for number in numbers]
    tasks.complete(world.service, world.person(who), mine[0].id, {"positions": rows})
    world.run()


def sign(world: World, meeting: UUID) -> None:
    """The supervisor signs the minutes and files the scan."""
    task = world.task(meeting, "sign_minutes")
    scan = str(world.upload("asdep", task))
    world.do("asdep", "sign_minutes", meeting, minutes_signed="yes", signed_scan=[scan])


def row(world: World, meeting: UUID) -> Meeting:
    """The rakor as the register has it."""
    with world.services[0].reading() as connection:
        found = meeting_rows.find(connection, meeting)
    assert found is not None
    return found
