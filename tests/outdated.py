"""`make outdated`: says of each package that the project asks for whether it is at its newest.

A command for people, never a test: what is newest changes without us. It asks the registries
through their own clients, package by package, and changes nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.test_locks import of_the_project, pins, version_of
from web.assets.build import ASSETS, find_node, npm_script

NEWEST = re.compile(r"^\S+ \((\S+)\)", re.MULTILINE)
"""The first line of `pip index versions`."""
AT_ONCE = 4
LOCK = "requirements-dev.lock"
"""It pins what the product needs, too."""


def main() -> None:
    """Print a line for each package, those of Python first."""
    for line in chain(of_python(), of_scripts(ASSETS)):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def of_python() -> Iterator[str]:
    """The packages that pyproject.toml asks for."""
    pinned = {canonicalize_name(pin.name): version_of(pin) for pin in pins(LOCK)}
    asked = {one.name: one for one in of_the_project(LOCK) if canonicalize_name(one.name) in pinned}
    names = sorted(asked, key=str.lower)
    with ThreadPoolExecutor(AT_ONCE) as questions:
        for name, found in zip(names, questions.map(newest, names), strict=True):
            yield said(name, pinned[canonicalize_name(name)], found, asked[name])


def newest(name: str) -> str | None:
    """The newest version in the index; None if the index does not say."""
    asked = [sys.executable, "-m", "pip", "index", "versions", name]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    found = NEWEST.search(answer.stdout)
    return found.group(1) if found else None


def said(name: str, at: str, newest: str | None, wanted: Requirement | None = None) -> str:
    """What there is to say of one package."""
    if newest is None:
        return f"{name} {at}: the index does not say which is the newest"
    if Version(at) >= Version(newest):
        return f"{name} {at}: the newest"
    if wanted is not None and newest not in wanted.specifier:
        return f"{name} {at}: {newest} is out, and pyproject.toml asks for {wanted.specifier}"
    return f"{name} {at}: {newest} is out"


def of_scripts(folder: Path) -> Iterator[str]:
    """The packages that package.json of a folder asks for."""
    package = json.loads((folder / "package.json").read_text("utf-8"))
    behind = _behind(folder)
    for name, at in sorted({**package["dependencies"], **package["devDependencies"]}.items()):
        yield said(name, at, behind.get(name, at))


def _behind(folder: Path) -> Mapping[str, str]:
    """Package -> its newest version, where that is another."""
    node = find_node()
    asked = [str(node), str(npm_script(node)), "outdated", "--json"]
    answer = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
    found = json.loads(answer.stdout or "{}")
    if "error" in found:
        raise SystemExit(f"npm: {found['error'].get('summary', 'no answer')}")
    return {name: facts["latest"] for name, facts in found.items()}


if __name__ == "__main__":
    main()
