"""Examples of the acts on models: drafts, releases, and the acts of programs on the engine."""

from __future__ import annotations

from typing import Any, Final

from engine.deployment import deploying, drafting
from engine.deployment.deploying import Deployment
from tests.processes.acts.examples import Example, Removal, Scene, role
from tests.processes.acts.stage import Stage
from tests.web.api.models import DIVIDED

KEEPERS: Final = {"owner": role("process-owner"), "admin": role("admin")}
[_FILE] = DIVIDED
_CHANGED: Final = DIVIDED[_FILE].replace(b"share = 100 / count", b"share = 1")


def _drafted(stage: Stage) -> Scene:
    stage.engine.save_model_draft("divided", _FILE, _CHANGED, "owner")
    return Scene(("divided", _FILE))


def _released(stage: Stage) -> Scene:
    """A draft, as it was read and checked before."""
    _drafted(stage)
    with stage.service.reading() as connection:
        known = stage.engine.on(connection).known
        planned = drafting.plan(connection, "divided", known, stage.engine.examine)
    return Scene((planned, "Trial."))


def _deployed(stage: Stage) -> Scene:
    with stage.service.reading() as connection:
        known = stage.engine.on(connection).known
        planned = deploying.plan(connection, {_FILE: _CHANGED}, known, stage.engine.examine)
    return Scene((planned, Deployment({_FILE: _CHANGED}, "owner", "Trial.")))


def _by_owner(act: str, scene: Any, *, by: str = "owner", upon_case: bool = False) -> Example:
    rests_on: tuple[Removal, ...] = (KEEPERS[by],)
    return Example(f"processes.{act}", by, scene, rests_on, upon_case=upon_case)


EXAMPLES: Final = (
    _by_owner("desk.releases.save", lambda _stage: Scene(("divided", _FILE, _CHANGED))),
    _by_owner("desk.releases.save", lambda _stage: Scene(("divided", _FILE, _CHANGED)), by="admin"),
    _by_owner("desk.releases._save_all", lambda _stage: Scene(("divided", {_FILE: _CHANGED}))),
    _by_owner("desk.releases.discard", _drafted),
    _by_owner("desk.releases._release", _released),
    _by_owner("desk.releases._deploy", _deployed),
    _by_owner("programs.engine_acts.retire", lambda _stage: Scene(("divided",))),
)
