"""Examples of the acts on what a rakor settles: typed while it is held, and read afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from processes.meetings import in_session
from processes.meetings.in_session import Settled, Stated
from processes.storage.tables.agreements import agreement_file
from processes.storage.tables.meetings import meeting
from tests.processes.acts.examples import (
    CLEARANCE,
    Example,
    Removal,
    Scene,
    Trial,
    membership,
    role,
)
from tests.processes.acts.stage import Stage
from tests.processes.stories.agreement import agreed
from tests.processes.stories.rakor.meeting import invited

SETTLED: Final = Settled("agreement", "Serahkan.", "kemhan", date(2027, 2, 1), version=1)
STATED: Final = Stated("Sudah.", "Dirjen", version=1)


def _classify(connection: Connection, trial: Trial) -> None:
    mine = meeting.c.id == trial.scene.recommendation
    secret = update(meeting).where(mine).values(classification="top_secret")
    assert connection.execute(secret).rowcount == 1


SECRECY: Final = Removal("classification of the rakor", _classify)
HELD: Final = (role("coordinator"), CLEARANCE, SECRECY)


def _open(stage: Stage) -> UUID:
    return invited(stage.world, stage.of["recommendation"], held_on="2027-01-15")


def _scene(stage: Stage, rakor: UUID, *args: Any) -> Scene:
    return Scene((rakor, *args), {}, stage.world.instance(rakor), None, rakor)


def _typing(*args: Any) -> Callable[[Stage], Scene]:
    return lambda stage: _scene(stage, _open(stage), "kemhan", *args)


def _saying(stage: Stage) -> Scene:
    return _scene(stage, _open(stage), "kemhan", stage.of["late"], STATED)


def _correcting(stage: Stage) -> Scene:
    rakor, who = _open(stage), stage.world.person("coordinator")
    made = in_session.add_statement(stage.service, who, rakor, "kemhan", stage.of["late"], STATED)
    return _scene(stage, rakor, "kemhan", made, STATED)


def _changing(*args: Any) -> Callable[[Stage], Scene]:
    def scene(stage: Stage) -> Scene:
        rakor, who = _open(stage), stage.world.person("coordinator")
        made = in_session.add_settled(stage.service, who, rakor, "kemhan", SETTLED)
        return _scene(stage, rakor, "kemhan", made, *args)

    return scene


def _file(stage: Stage) -> Scene:
    world = stage.world
    rakor = agreed.meeting_held(world, classification="restricted")
    id = agreed.signed(world, rakor)
    [task] = agreed.open_tasks(world, id)
    proof = str(world.upload("kemhan", task))
    agreed.do(world, "kemhan", "fulfil", id, fulfilment="Sudah.", evidence=[proof])
    with world.service.reading() as connection:
        file = connection.scalars(select(agreement_file.c.id)).one()
    return Scene((file,), {"address": ""}, None, None, rakor)


def _upon(act: str, scene: Callable[[Stage], Scene]) -> Example:
    return Example(f"processes.meetings.in_session.{act}", "coordinator", scene, HELD, True)


EXAMPLES: Final = (
    _upon("save_attendance", _typing("present", "Rina", 0)),
    _upon("add_statement", _saying),
    _upon("correct_statement", _correcting),
    _upon("add_settled", _typing(SETTLED)),
    _upon("change_settled", _changing(SETTLED)),
    _upon("strike_settled", _changing(1)),
    Example(
        "processes.meetings.agreements.read_file", "kemhan", _file,
        (membership("kemhan"), CLEARANCE, SECRECY),
    ),
)  # fmt: skip
