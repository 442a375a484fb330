"""`python -m tests.engine.formats.writing`: keep a database as this version of the code leaves it.

Run once when the state format or the schema changes, before the change; refuses to write over what
an earlier version has left.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from engine import Engine
from engine.clock import ManualClock
from engine.storage import schema
from engine.storage.tables import instance
from tests.engine.conftest import MONDAY
from tests.engine.formats import cases

FOLDER = Path(__file__).parent


def main() -> None:
    """Write `<schema revision>.sql` and what is to be seen in it."""
    target = FOLDER / f"{schema.TREE.head()}.sql"
    if target.exists():
        sys.exit(f"{target.name} is there already")
    with tempfile.TemporaryDirectory() as folder:
        file, clock = Path(folder) / "kept.db", ManualClock(MONDAY)
        engine = Engine.open(f"sqlite:///{file}", None, clock)
        cases.play(engine, clock)
        with engine.reading() as connection:
            rows = connection.execute(select(instance.c.business_key, instance.c.id))
            ids = {row.business_key: row.id for row in rows}
        seen = cases.seen(engine, ids)
        engine.close()
        with closing(sqlite3.connect(file)) as database:
            target.write_text("".join(f"{line}\n" for line in database.iterdump()))
    target.with_suffix(".json").write_text(json.dumps(seen, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
