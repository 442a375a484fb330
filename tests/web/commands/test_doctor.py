"""`tindak doctor` looks from outside: it creates nothing, and asks at the port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, inspect

from web.cli import main


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TINDAK_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def told(subject: str) -> str:
    [line] = [one for one in run("doctor").output.splitlines() if f" {subject}: " in one]
    return line


# --- nothing is created -------------------------------------------------------------------------


def test_on_a_machine_without_data_no_folder_is_made(folder: Path) -> None:
    answer = run("doctor")
    assert (answer.exit_code, answer.output) == (
        1, f"There is no database {folder / 'tindak.db'} yet.\n",
    )  # fmt: skip
    assert not folder.exists()


def test_in_an_empty_folder_no_file_is_made(folder: Path) -> None:
    folder.mkdir()
    assert run("doctor").exit_code == 1
    assert list(folder.iterdir()) == []


def test_in_an_empty_database_no_table_is_made(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:  # the file of SQLite
        assert inspect(connection).get_table_names() == []
    monkeypatch.setenv("TINDAK_DATABASE_URL", database_url)
    answer = run("doctor")
    assert (answer.exit_code, answer.output) == (
        1, "The database has no engine tables yet: run `tindak migrate`.\n",
    )  # fmt: skip
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_in_tables_that_nobody_filled_nothing_is_filled_in(folder: Path) -> None:
    run("migrate")
    before = {file.name: file.stat().st_size for file in folder.iterdir()}
    answer = run("doctor")
    assert "!!  Scheduler: No scheduler has ever run." in answer.output
    assert {file.name: file.stat().st_size for file in folder.iterdir()} == before


# --- the port -----------------------------------------------------------------------------------


@pytest.fixture(params=[200, 404])
def answering(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[HTTPServer, int]]:
    """A program at the port that answers with this status."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        monkeypatch.setenv("TINDAK_PORT", str(server.server_port))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, request.param
        server.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_who_answers_at_the_port_is_asked(
    answering: tuple[HTTPServer, int], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("TINDAK_HOST", host)
    run("migrate")
    server, status = answering
    place = f"port {server.server_port} of {host}"
    assert told("Port").startswith(
        f"ok  Port: Pages answer at {place}." if status == 200
        else f"!!  Port: Another program seems to answer at {place}"
    )  # fmt: skip


def test_a_port_where_nobody_answers_is_told_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TINDAK_PORT", "1")
    run("migrate")
    line = told("Port")
    assert line.startswith("!!  Port: Nothing answers at port 1 of 127.0.0.1: ")
    assert "Start `tindak serve`, or correct TINDAK_PORT." in line
