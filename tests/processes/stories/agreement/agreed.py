"""A signed rakor with what it settled, for the stories of an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy import insert
from uuid_utils.compat import uuid7

from engine.storage.cases.worklist import Task
from processes.register.agreement_states import AgreementKind, AgreementState, Holder
from processes.register.states import MeetingState
from processes.storage.meetings import agreement_rows
from processes.storage.meetings.agreement_rows import Agreement, Columns
from processes.storage.tables.meetings import meeting
from processes.work import tasks
from tests.processes.stories.world import World

DEADLINE = date(2026, 2, 2)


def meeting_held(world: World, **columns: Any) -> UUID:
    """A rakor whose minutes are signed."""
    id = uuid7()
    row = {
        "id": id, "instance_id": uuid7(), "number": f"RAK-2026-{id.hex[-6:]}",
        "state": MeetingState.SIGNED, "title": "Rakor", "classification": "ordinary",
        "held_on": world.today(), "created_at": world.clock.now,
    }  # fmt: skip
    with world.service.transaction() as connection:
        connection.execute(insert(meeting).values(row | columns))
    return id


def noted(world: World, meeting_id: UUID, **columns: Unpack[Columns]) -> Agreement:
    """An agreement as it was typed in the meeting: kemhan owes it by 2 February."""
    wanted: Columns = {
        "kind": AgreementKind.AGREEMENT,
        "text": "Serahkan peta jalan.",
        "holder": Holder.INSTITUTION,
        "institution": "kemhan",
        "deadline": DEADLINE,
        "recommendation_id": None,
        "follow_up_id": None,
        **columns,
    }
    with world.service.transaction() as connection:
        number = agreement_rows.next_number(connection, meeting_id)
        new = Agreement(
            id=uuid7(), meeting_id=meeting_id, number=number, page=None,
            status=AgreementState.NOTED, status_since=world.clock.now, instance_id=uuid7(),
            version=1, at=world.clock.now, by="coordinator",
            **wanted,
        )  # fmt: skip
        agreement_rows.add(connection, new)
    return new


def signed(world: World, meeting_id: UUID | None = None, **columns: Unpack[Columns]) -> UUID:
    """The same, signed and begun."""
    new = noted(world, meeting_id or meeting_held(world), **columns)
    with world.service.transaction() as connection:
        agreement_rows.sign(connection, [new], world.clock.now)
    world.service.engine.start("agreement", {}, str(new.id), None, id=new.instance_id)
    world.run()
    return new.id


def agreement(world: World, id: UUID) -> Agreement:
    """The agreement as the register has it."""
    with world.services[0].reading() as connection:
        found = agreement_rows.find(connection, id)
    assert found is not None
    return found


def open_tasks(world: World, id: UUID) -> Sequence[Task]:
    """The open tasks of an agreement."""
    instance = agreement(world, id).instance_id
    return world.service.engine.tasks(instance_id=instance, limit=10)


def waits_for(world: World, id: UUID) -> list[str]:
    """Element ids of its open tasks."""
    return [task.element_id for task in open_tasks(world, id)]


def do(world: World, who: str, element: str, id: UUID, **answers: Any) -> None:
    """Somebody completes the open task `element` of an agreement."""
    [task] = [one for one in open_tasks(world, id) if one.element_id == element]
    outcome = tasks.complete(world.service, world.person(who), task.id, answers)
    assert outcome.incident is None, world.service.engine.incidents()
    world.run()
