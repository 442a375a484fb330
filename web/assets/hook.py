"""The hatch build hook: a wheel or an editable install brings the built front end along, a wheel
also the help pages of `docs/`, which lie beside the packages in the sources.

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
        if (self.target_name, version) == ("wheel", "standard"):
            # Only what readers are shown: decisions are for those who have the sources.
            pages = sorted((Path(self.root) / "docs").glob("*.md"))
            build_data["force_include"].update({str(p): f"web/docs/{p.name}" for p in pages})
