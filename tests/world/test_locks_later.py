"""A lock installs the same set on any later day: it is not resolved again.

The index of these tests is a folder of tiny wheels, one for each package of the locks with the
requirements of the real one, and a newer release of each package that another asks for with an
extra. What installs them is the Makefile's own rule.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_locks import LOCKS, ROOT, pins, requirements, version_of

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TOLD = re.compile("MAKE|MFLAGS|PIP_|PYTHONDONTWRITEBYTECODE")


def stem(pin: Requirement) -> str:
    """How the names of its files begin."""
    return f"{pin.name.replace('-', '_')}-{version_of(pin)}"


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


@pytest.mark.parametrize("lock", LOCKS)
def test_a_later_release_of_what_is_asked_for_with_an_extra_changes_nothing(
    venv: Path, index: Path, lock: str
) -> None:
    (venv.parent / lock).write_text(locked(lock, index))
    install(venv, lock, index)

    installed = {info.name for info in venv.glob("lib/*/site-packages/*.dist-info")}
    assert {f"{stem(pin)}.dist-info" for pin in pins(lock)} <= installed


def test_a_lock_that_is_resolved_again_would_fall_on_that_day(venv: Path, index: Path) -> None:
    (venv.parent / "requirements-dev.lock").write_text(locked("requirements-dev.lock", index))
    assert " --no-deps" in MAKEFILE
    (venv.parent / "Makefile").write_text(MAKEFILE.replace(" --no-deps", ""))
    with pytest.raises(NotMade, match=r"versions pinned with ==(?s:.*)coverage\[toml\]"):
        install(venv, "requirements-dev.lock", index)


def test_a_lock_with_a_gap_is_refused(venv: Path, index: Path) -> None:
    complete = locked("requirements.lock", index).splitlines(keepends=True)
    gap = "".join(line for line in complete if not line.startswith("jinja2=="))
    (venv.parent / "requirements.lock").write_text(gap)
    with pytest.raises(NotMade, match="requires jinja2, which is not installed"):
        install(venv, "requirements.lock", index)
