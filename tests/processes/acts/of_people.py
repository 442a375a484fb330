"""Examples of the acts upon accounts, institutions and calendars."""

from __future__ import annotations

from typing import Final

from processes import tasks
from tests.processes.acts.examples import Example, Scene, role
from tests.processes.acts.stage import Stage

ADMIN: Final = role("admin")


def _leaving(stage: Stage) -> Scene:
    """A contact with a task in hand, who is not the last one."""
    task = stage.world.task(stage.of["late"], "plan")
    tasks.claim(stage.service, stage.world.person("kemhan"), task.id)
    return Scene((stage.world.person("kemhan").user_id,))


EXAMPLES: Final = (Example("processes.leaving.close_account", "admin", _leaving, (ADMIN,)),)
