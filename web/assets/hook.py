"""The hatch build hook. A wheel and an editable install contain the built front end; a wheel also
contains the help pages of `docs/`, which lie beside the packages in the sources.

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
        """Hatch calls this once for each target; quick if the sources have not changed."""
        script = runpy.run_path(str(Path(self.root) / "web" / "assets" / "build.py"))
        try:
            script["build"]()
        except script["BuildFailed"] as failure:
            # A sentence for the person who installs, not the trace of our own calls.
            self.app.abort(str(failure))
        if (self.target_name, version) == ("wheel", "standard"):
            # Only pages for readers: decisions are for people with the sources.
            pages = sorted((Path(self.root) / "docs").glob("*.md"))
            build_data["force_include"].update({str(p): f"web/docs/{p.name}" for p in pages})
