"""The hatch build hook: a wheel or an editable install brings the built front end along.

Runs outside the project's own imports (hatch loads this file by its path), hence `run_path`.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]  # generic only for type checkers
    """Builds web/static/dist before the files of the distribution are collected."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatch once for each target; quick when the sources have not changed."""
        script = runpy.run_path(str(Path(self.root) / "web" / "assets" / "build.py"))
        try:
            script["build"]()
        except script["BuildFailed"] as failure:
            # A sentence for whoever installs, not the trace of our own calls.
            self.app.abort(str(failure))
