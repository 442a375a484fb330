"""`python -m tests.engine.formats.writing`: keep databases of this version of the code.

Run it once before a change of the state format or the schema; it never overwrites databases of an
earlier version.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import select

from engine import Engine
from engine.execution.border.state import codec
from engine.storage import schema
from engine.storage.tables import instance
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.formats import cases, scopes

FOLDER = Path(__file__).parent
Play: TypeAlias = Callable[[Engine, ManualClock], None]
Seen: TypeAlias = Callable[[Engine, dict[str, UUID]], dict[str, Any]]


WANTED: Mapping[str, tuple[Play, Seen]] = {
    f"{schema.TREE.head()}_codec{codec.VERSION[0]}": (cases.play, cases.seen),
    "codec1_scopes": (scopes.play, scopes.seen),
}
"""What is kept under which name: all of this revision of the schema and form of states, and what
only a former form could hold, which no later code can write."""


def main() -> None:
    """Write what is not there yet: `<name>.sql`, and what is to be seen in it."""
    missing = {FOLDER / f"{name}.sql": one for name, one in WANTED.items()}
    missing = {target: one for target, one in missing.items() if not target.exists()}
    if not missing:
        sys.exit("all of it is there already")
    for target, (play, seen) in missing.items():
        write(target, play, seen)


def write(target: Path, play: Play, seen: Seen) -> None:
    """Play on a new database and keep it."""
    with tempfile.TemporaryDirectory() as folder:
        file, clock = Path(folder) / "kept.db", ManualClock(MONDAY)
        engine = Engine.open(f"sqlite:///{file}", None, clock)
        play(engine, clock)
        with engine.reading() as connection:
            rows = connection.execute(select(instance.c.business_key, instance.c.id))
            ids = {row.business_key: row.id for row in rows}
        left = seen(engine, ids)
        engine.close()
        with closing(sqlite3.connect(file)) as database:
            target.write_text("".join(f"{line}\n" for line in database.iterdump()))
    target.with_suffix(".json").write_text(json.dumps(left, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
