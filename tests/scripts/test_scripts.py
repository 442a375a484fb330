"""The scripts of the pages, unit by unit, in node, without a browser.

tests/e2e tests the pages with them.
"""

from __future__ import annotations

import os
import re
import subprocess

from tests.scripts.tools import ACTS, ROOT, UNITS, install
from web.assets.build import ASSETS, find_node

TESTED = sorted(UNITS.glob("*.test.js"))
BY_BROWSER = {
    "decisions.js",
    "diagram.js",
    "diagram/colours.js",
    "diagram/picture.js",
    "editor/start.js",
    "follow.js",
    "modeler.js",
    "user.js",
    "user/leaving.js",
    "user/rows.js",
    "user/seeking.js",
}
"""What tests/e2e tries: entries, and what draws or lays out a page."""


def test_the_units_hold() -> None:
    install()
    done = subprocess.run(
        [find_node(), *ACTS["units"]],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]


def test_every_script_without_a_page_of_its_own_has_a_unit() -> None:
    """An entry of the build starts things, and needs a page to do it."""
    tests = "".join(path.read_text("utf-8") for path in TESTED)
    named = {(UNITS / name).resolve() for name in re.findall(r'from "(\.\./[^"]+)"', tests)}
    left = {path for path in (ASSETS / "src").rglob("*.js") if path not in named}
    assert {str(path.relative_to(ASSETS / "src")) for path in left} == BY_BROWSER
