"""Examples of the acts upon models: drafts, releases, and what programs do to the engine."""

from __future__ import annotations

from typing import Any, Final

from tests.processes.acts.examples import Example, Removal, Scene, role
from tests.processes.acts.stage import Stage
from tests.web.api.models import DIVIDED

KEEPERS: Final = {"owner": role("process-owner"), "admin": role("admin")}
[_FILE] = DIVIDED
_CHANGED: Final = DIVIDED[_FILE].replace(b"share = 100 / count", b"share = 1")


def _drafted(stage: Stage) -> Scene:
    stage.engine.save_model_draft("divided", _FILE, _CHANGED, "owner")
    return Scene(("divided", _FILE))


def _by_owner(act: str, scene: Any, *, by: str = "owner", upon_case: bool = False) -> Example:
    rests_on: tuple[Removal, ...] = (KEEPERS[by],)
    return Example(f"processes.{act}", by, scene, rests_on, upon_case=upon_case)


EXAMPLES: Final = (
    _by_owner("releases.save", lambda _stage: Scene(("divided", _FILE, _CHANGED))),
    _by_owner("releases.save", lambda _stage: Scene(("divided", _FILE, _CHANGED)), by="admin"),
    _by_owner("releases._save_all", lambda _stage: Scene(("divided", {_FILE: _CHANGED}))),
    _by_owner("releases.discard", _drafted),
    _by_owner("engine_acts.retire", lambda _stage: Scene(("divided",))),
)
