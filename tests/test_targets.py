"""The contents of `make quick`, `make test` and `make world`; no test is ever skipped."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.world import servers

HERE = Path(__file__).parent
SKIPPING = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")
ELSEWHERE = ("engine", "processes", "web", "e2e")


def collected(*words: str) -> str:
    """What a run would run, without the large folders, which take long to be read."""
    ignored = [f"--ignore={HERE / name}" for name in ELSEWHERE]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    return subprocess.check_output([*command, *ignored, *words], text=True, cwd=HERE.parent)


@pytest.mark.long
def test_the_suite_needs_no_server_and_the_world_is_run_by_name_only() -> None:
    assert "tests/world/" not in collected()
    assert "tests/world/databases/test_pgbouncer.py" in collected("tests/world")


@pytest.mark.long
def test_the_everyday_choice_runs_each_function_once_on_sqlite() -> None:
    test = HERE / "test_migrations.py"
    everything = [line for line in collected(str(test)).splitlines() if "::" in line]
    chosen = [line for line in collected("--quick", str(test)).splitlines() if "::" in line]
    functions = [line.partition("[")[0] for line in chosen]
    assert len(everything) > len(chosen) == len(set(functions))
    assert set(functions) == {line.partition("[")[0] for line in everything}
    assert not any("postgresql" in line for line in chosen)


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    files = {path: path.read_text("utf-8") for path in HERE.rglob("*.py")}
    assert [path.name for path, text in files.items() if SKIPPING.search(text)] == []


def test_a_missing_server_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(servers, "USR", tmp_path)
    assert servers.missing() == list(servers.PACKAGES.values())
    for name, package in servers.PACKAGES.items():
        with pytest.raises(servers.NotInstalled, match=f"^{name} is missing.*{package}"):
            servers.program(name)
