"""Demos as former versions of the code left them, which every later version must work to their end.

A folder for each, named by the day it was kept: `tindak.db.zst` and `tindak.sql.zst` are the same
demo, played on SQLite and on PostgreSQL; `evidence` has their files; `seen.json` tells what was to
be seen in each. `writing` keeps one, `working` works its cases, `agreement` compares register and
engine.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
PASSWORD = "contoh-saja-2026"  # of fictitious people, in a database of a test
SQLITE = "tindak.db.zst"
POSTGRESQL = "tindak.sql.zst"
SEEN = "seen.json"
EVIDENCE = "evidence"
