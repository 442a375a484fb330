"""A lock installs the same set on any later day: complete, and not resolved again.

The index of these tests is a folder of tiny wheels, one for each package of the locks with the
requirements of the real one, and a newer release of each package that another asks for with an
extra. What installs them is the Makefile's own rule.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
LOCKS = {"requirements.lock": "stamp-packages", "requirements-dev.lock": "stamp-dev"}
"""Each lock and the stamp that the Makefile sets once it is installed."""
PIN = re.compile(r"^([\w.-]+)==(\S+)(?: ; ([^\\]+))?", re.MULTILINE)
TOLD = re.compile("MAKE|MFLAGS|PIP_|PYTHONDONTWRITEBYTECODE")
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


def stem(pin: Requirement) -> str:
    """How the names of its files begin."""
    return f"{pin.name.replace('-', '_')}-{version_of(pin)}"


def requirements(name: str) -> list[Requirement]:
    """What a package asks for, none when it is not installed here."""
    try:
        return [Requirement(line) for line in distribution(name).requires or ()]
    except PackageNotFoundError:
        return []


# --- complete -----------------------------------------------------------------------------------


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


# --- not resolved again -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but pip, as the Makefile makes it; to be copied."""
    folder = tmp_path_factory.mktemp("fresh")
    make(folder, ".venv/bin/python")
    return folder / ".venv"


@pytest.fixture
def venv(made_venv: Path, tmp_path: Path) -> Path:
    """The environment of a fresh machine."""
    return shutil.copytree(made_venv, tmp_path / ".venv", symlinks=True)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels, as an index stands on a later day."""
    folder = tmp_path_factory.mktemp("index")
    everything = [pin for lock in LOCKS for pin in pins(lock)]
    with_extras = {
        canonicalize_name(requirement.name)
        for pin in everything
        for requirement in requirements(pin.name)
        if requirement.extras
    }
    assert "coverage" in with_extras
    for pin in everything:
        write_wheel(folder, pin)
        if canonicalize_name(pin.name) in with_extras:
            write_wheel(folder, Requirement(f"{pin.name}==9999"))
    return folder


def write_wheel(folder: Path, pin: Requirement) -> None:
    """A package that contains nothing and asks for what the real one asks for."""
    head = ["Metadata-Version: 2.1", f"Name: {pin.name}", f"Version: {version_of(pin)}"]
    head += [f"Requires-Dist: {requirement}" for requirement in requirements(pin.name)]
    info = f"{stem(pin)}.dist-info"
    files = {
        f"{info}/METADATA": "\n".join(head) + "\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    with ZipFile(folder / f"{stem(pin)}-py3-none-any.whl", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)


def _digest(text: str) -> str:
    return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


def locked(lock: str, index: Path) -> str:
    """The lock over those wheels: the same pins with their hashes."""
    lines = []
    for pin in pins(lock):
        digest = sha256((index / f"{stem(pin)}-py3-none-any.whl").read_bytes()).hexdigest()
        lines.append(f"{pin.name}=={version_of(pin)} --hash=sha256:{digest}")
    return "\n".join(lines) + "\n"


def make(folder: Path, *words: str, index: Path | None = None) -> None:
    """Run the Makefile of `folder`, else the project's, there and without any network. Raises
    NotMade."""
    own = folder / "Makefile"
    # Nor told what this run was told: by make, or to compile pip anew at each of its starts.
    inherited = {name: value for name, value in os.environ.items() if not TOLD.match(name)}
    answer = subprocess.run(
        ["make", "-f", own if own.exists() else ROOT / "Makefile", *words],
        cwd=folder,
        env={
            **inherited,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(index or folder),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise NotMade(answer.stdout)


class NotMade(Exception):
    """make failed; the text is what it said."""


def install(venv: Path, lock: str, index: Path) -> None:
    """Let the Makefile install a lock that lies beside an environment."""
    make(venv.parent, f".venv/{LOCKS[lock]}", "-o", ".venv/stamp-run", index=index)


@pytest.mark.long
@pytest.mark.parametrize("lock", LOCKS)
def test_a_later_release_of_what_is_asked_for_with_an_extra_changes_nothing(
    venv: Path, index: Path, lock: str
) -> None:
    (venv.parent / lock).write_text(locked(lock, index))
    install(venv, lock, index)

    installed = {info.name for info in venv.glob("lib/*/site-packages/*.dist-info")}
    assert {f"{stem(pin)}.dist-info" for pin in pins(lock)} <= installed


@pytest.mark.long
def test_a_lock_that_is_resolved_again_would_fall_on_that_day(venv: Path, index: Path) -> None:
    (venv.parent / "requirements-dev.lock").write_text(locked("requirements-dev.lock", index))
    assert " --no-deps" in MAKEFILE
    (venv.parent / "Makefile").write_text(MAKEFILE.replace(" --no-deps", ""))
    with pytest.raises(NotMade, match=r"versions pinned with ==(?s:.*)coverage\[toml\]"):
        install(venv, "requirements-dev.lock", index)


@pytest.mark.long
def test_a_lock_with_a_gap_is_refused(venv: Path, index: Path) -> None:
    complete = locked("requirements.lock", index).splitlines(keepends=True)
    gap = "".join(line for line in complete if not line.startswith("jinja2=="))
    (venv.parent / "requirements.lock").write_text(gap)
    with pytest.raises(NotMade, match="requires jinja2, which is not installed"):
        install(venv, "requirements.lock", index)
