"""Former versions of the recommendation's process, as kept demos have them.

Owns finding them: a kept demo was played by the code of its day, so its database has the files that
were shipped then.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

import zstandard

from tests.processes.kept import FOLDER, SQLITE

FIRST: Final = "2026-12-01"
"""Its cases end as their overall evaluation says; the meeting is a task of theirs."""
SECOND: Final = "2026-12-01T08"
"""A supervisor decides what happens to the rest, institutions change after the issue; the meeting
is a task still."""
FORMER: Final = (FIRST, SECOND)
LARGEST: Final = 100_000_000
QUESTION: Final = """
SELECT part.name, file.content FROM definition
JOIN definition_file AS part ON part.definition_id = definition.id
JOIN file ON file.sha256 = part.sha256
WHERE definition."key" = ?
"""


def shipped_then(kept: str, key: str) -> dict[str, bytes]:
    """The files of a process as they were shipped when this demo was kept."""
    content = zstandard.decompress((FOLDER / kept / SQLITE).read_bytes(), max_output_size=LARGEST)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tindak.db"
        file.write_bytes(content)
        with closing(sqlite3.connect(file)) as database:
            return dict(database.execute(QUESTION, [key]).fetchall())
