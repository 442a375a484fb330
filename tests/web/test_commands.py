"""The command line of an operator: it says in a sentence what stands in the way."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from processes.readiness import DEMO_COMPLETE
from web.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder that is not there yet, as on a new machine. A command sets up its process,
    which here is that of all tests."""
    folder = tmp_path / "data"
    monkeypatch.setenv("TINDAK_DATA_DIR", str(folder))
    mask, logging = os.umask(0o022), structlog.get_config()
    yield folder
    os.umask(mask)
    structlog.configure(**logging)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_the_first_administrator_gets_a_link_on_an_empty_machine(folder: Path) -> None:
    answer = run("user", "add", "siti", "--name", "Siti Rahma", "--role", "admin")

    assert answer.exit_code == 0
    assert "http://127.0.0.1:8000/link/" in answer.output
    assert folder.stat().st_mode & 0o077 == 0


def test_migrating_an_empty_machine_gives_the_tables_that_a_start_expects(folder: Path) -> None:
    assert run("migrate").exit_code == 0
    assert folder.stat().st_mode & 0o077 == 0

    # Well but for the scheduler, which has never run.
    words = [line for line in run("doctor").output.splitlines() if line.startswith("!! ")]
    assert words == ["!!  Scheduler: No scheduler has ever run."]


@pytest.mark.parametrize("command", ["serve", "worker", "doctor"])
def test_older_tables_are_refused_with_what_to_do(folder: Path, command: str) -> None:
    run("migrate")
    with sqlite3.connect(folder / "tindak.db") as connection:
        connection.execute("UPDATE engine_version SET version_num = '0000'")

    answer = run(command)

    assert answer.exit_code == 1
    assert "run `tindak migrate`" in answer.output
    assert "Traceback" not in answer.output


def test_a_database_out_of_reach_is_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TINDAK_DATABASE_URL", "postgresql://tindak@127.0.0.1:1/tindak")

    answer = run("migrate")

    assert answer.exit_code == 1
    assert len(answer.output.splitlines()) == 1


@pytest.mark.parametrize("command", ["serve", "run"])
def test_pages_of_a_database_server_are_not_served_without_a_key_for_all_hosts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("TINDAK_DATABASE_URL", "postgresql://tindak@127.0.0.1:1/tindak")

    answer = run(command)

    assert answer.exit_code == 2
    assert answer.output.startswith("TINDAK_SECRET_KEY: write one and the same for every host")
    assert "python3 -c" in answer.output
    assert not (folder / "secret-key").exists()


def test_a_large_demo_is_not_mixed_with_a_small_one(folder: Path) -> None:
    run("migrate")
    with sqlite3.connect(folder / "tindak.db") as connection:
        connection.execute(
            "INSERT INTO register_setting VALUES (?, 'true', '2026-11-27 00:00:00.000000', 'demo')",
            [DEMO_COMPLETE],
        )
    assert run("demo").exit_code == 0, "the small one is there"

    answer = run("demo", "--large")

    assert answer.exit_code == 1
    assert "choose an empty one for the large demo" in answer.output


def test_a_demo_is_filled_or_goes_on_not_both(folder: Path) -> None:
    answer = run("demo", "--large", "--fast")

    assert answer.exit_code == 2
    assert "--fast goes on in a filled database" in answer.output
    assert not folder.exists()
