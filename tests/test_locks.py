"""A lock is complete, and installed as it is written.

That it installs the same set on any later day is tried in `tests/world/test_locks_later.py`.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": "stamp-packages", "requirements-dev.lock": "stamp-dev"}
"""Each lock and the stamp that the Makefile sets once it is installed."""
PIN = re.compile(r"^([\w.-]+)==(\S+)(?: ; ([^\\]+))?", re.MULTILINE)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def pins(lock: str) -> list[Requirement]:
    """What a lock installs on this machine."""
    found = PIN.findall((ROOT / lock).read_text("utf-8"))
    lines = (f"{name}=={version}" + (f"; {when}" if when else "") for name, version, when in found)
    return [pin for pin in map(Requirement, lines) if not pin.marker or pin.marker.evaluate()]


def version_of(pin: Requirement) -> str:
    """The one version of a pin."""
    (specifier,) = pin.specifier
    return specifier.version


def requirements(name: str) -> list[Requirement]:
    """What a package asks for, none when it is not installed here."""
    try:
        return [Requirement(line) for line in distribution(name).requires or ()]
    except PackageNotFoundError:
        return []


def of_the_project(lock: str) -> list[Requirement]:
    """What the project itself asks for, in the lock for tests with its tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    tools = project["optional-dependencies"]["dev"] if lock == "requirements-dev.lock" else []
    return [Requirement(line) for line in (*project["dependencies"], *tools)]


def needed(lock: str, python: str) -> set[Requirement]:
    """All that is asked for, and what that asks for with the extras it is asked with."""
    ahead, found = _wanted(of_the_project(lock), set(), python), set[Requirement]()
    while ahead:
        asked = ahead.pop()
        if asked not in found:
            found.add(asked)
            ahead += _wanted(requirements(asked.name), asked.extras, python)
    return found


def _wanted(all: list[Requirement], extras: set[str], python: str) -> list[Requirement]:
    """Those that count under a Python, for somebody who asked with these extras."""
    where = {"python_version": python, "python_full_version": f"{python}.9"}
    return [
        one
        for one in all
        if not one.marker
        or any(one.marker.evaluate({**where, "extra": extra}) for extra in extras | {""})
    ]


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_all_that_is_asked_for_with_its_extras(lock: str, python: str) -> None:
    pinned = {canonicalize_name(pin.name): pin for pin in pins(lock)}
    missing = {
        str(requirement)
        for requirement in needed(lock, python)
        if (pin := pinned.get(canonicalize_name(requirement.name))) is None
        or version_of(pin) not in requirement.specifier
    }
    assert missing == set()


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_installed_is_what_the_lock_says(lock: str) -> None:
    installed = {pin.name: distribution(pin.name).version for pin in pins(lock)}
    assert installed == {pin.name: version_of(pin) for pin in pins(lock)}
