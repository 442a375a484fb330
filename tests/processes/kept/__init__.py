"""Demos from former versions of the code, which every later version must work to their end.

One folder for each, named by its day, or its day and hour: `tindak.db.zst` and `tindak.sql.zst`
are the same demo, played on SQLite and on PostgreSQL; `evidence` has their files; `seen.json` has
the view of each from outside. `writing` keeps one, `working` works its cases, `agreement` compares
register and engine.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
PASSWORD = "contoh-saja-2026"  # of fictitious people, in a database of a test
SQLITE = "tindak.db.zst"
POSTGRESQL = "tindak.sql.zst"
SEEN = "seen.json"
EVIDENCE = "evidence"
