"""Looking for connections among the open files leaves all other files as they are."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from web.front.sockets import Doorkeeper, cut_off_after

COMMAND = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("SELECT count(*) FROM kept").fetchone()
database.close()
"""
"""As `tindak user` opens the database beside the server, and closes it."""


@pytest.mark.parametrize(
    "look",
    [lambda: cut_off_after(30), lambda: Doorkeeper(port=1, most=0).look()],
    ids=["clients that take nothing", "too many of one address"],
)
def test_a_command_beside_the_server_takes_no_database_away_from_it(
    tmp_path: Path, look: Callable[[], None]
) -> None:
    """SQLite's log is removed by whoever closes last; who uses it, its locks say."""
    file = tmp_path / "tindak.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as server:
        server.execute("PRAGMA journal_mode=WAL")
        server.execute("CREATE TABLE kept (number INTEGER)")
        look()
        subprocess.run([sys.executable, "-c", COMMAND, str(file)], check=True)
        server.execute("INSERT INTO kept VALUES (7)")

        with closing(sqlite3.connect(file)) as other:
            assert other.execute("SELECT number FROM kept").fetchall() == [(7,)]
        assert (tmp_path / "tindak.db-wal").exists()
