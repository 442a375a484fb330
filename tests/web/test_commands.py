"""The command line of an operator: it says in a sentence what stands in the way."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from processes import accounts, audit
from processes.access import operator, scope_of
from processes.accounts import NewUser
from processes.storage import users
from web.cli import main
from web.commands.people import console
from web.composition import service_from_environment


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


def test_the_operator_approves_or_refuses_what_one_administrator_asked_for(folder: Path) -> None:
    run("user", "add", "siti", "--name", "Siti Rahma", "--role", "admin")
    with service_from_environment() as service:
        for username in ("adi", "budi"):
            with service.transaction() as connection:
                now = service.engine.real_now_on(connection)
                found = users.by_username(connection, "siti")
                assert found is not None
                new = NewUser(username, username.title(), clearance="secret")
                accounts.create(connection, scope_of(connection, found.id), new, now=now)
    listed = run("user", "requests").output
    assert "rights  adi  by siti" in listed
    assert '"clearance": "secret"' in listed
    (adi, budi) = reversed(re.findall(r"^[\w-]{36}", listed, re.MULTILINE))

    approved = run("user", "approve", adi)
    assert approved.exit_code == 0
    assert "/link/" in approved.output, "who has no address gets it by hand"
    assert run("user", "refuse", budi, "--reason", "Tidak perlu.").exit_code == 0

    assert run("user", "requests").output == ""
    assert "decided or withdrawn this already" in run("user", "approve", budi).output
    with service_from_environment() as service, service.reading() as connection:
        cleared = [users.by_username(connection, name) for name in ("adi", "budi")]
        told = audit.read(connection, operator(), subject="user:adi")
    assert [one and one.clearance for one in cleared] == ["secret", "ordinary"]
    assert {one.by for one in told if one.act == "approve_request"} == {console().username}
    assert console().username.startswith("console:")


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
