"""Checks the scripts of pages: `python -m tests.scripts.tools lint types units`, or `format`.

Node and npm come as for the build (`web/assets/build.py`); the tools are the npm packages of this
folder, installed once for each lock. `install` fetches them in advance.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from web.assets.build import ASSETS, BuildFailed, find_node, install_packages

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
UNITS = HERE / "units"
BIOME = str(HERE / "node_modules" / "@biomejs" / "biome" / "bin" / "biome")
TSC = str(HERE / "node_modules" / "typescript" / "bin" / "tsc")
ACTS = {
    "lint": [BIOME, "check", "--error-on-warnings"],
    "format": [BIOME, "check", "--write"],
    "types": [TSC, "--project", str(ASSETS / "jsconfig.json")],
    "units": ["--test", "--import", str(UNITS / "without_browser.js"), f"{UNITS}/*.test.js"],
}


def install() -> None:
    """The tools, and the libraries that the scripts use: types and units read them. Raises
    BuildFailed."""
    for folder in (HERE, ASSETS):
        install_packages(find_node(), folder)


def run(act: str) -> int:
    """Do one of ACTS and show what it says; its exit code. Raises BuildFailed."""
    install()
    node = find_node()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.call([node, *ACTS[act]], cwd=ROOT, env={**os.environ, "PATH": path})


def main(words: list[str]) -> int:
    """Do what was asked for; 1 when it cannot be done."""
    try:
        if words == ["install"]:
            install()
            return 0
        return max((run(act) for act in words), default=0)
    except BuildFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
