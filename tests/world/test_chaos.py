"""A short run of `python -m benchmarks.chaos`: processes are killed and frozen, the database is
killed, and every answer to a client stays true. Longer runs are made by command."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from benchmarks.chaos.run import Plan, run

SHORT = Plan(
    seconds=5, seed=20260302, clients=4, cases=10, web_processes=2, workers=2, pause=(0.4, 0.9),
    freeze_seconds=2.5, patience_seconds=120,
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_clients_were_told_is_true_though_processes_and_database_fall(database: str) -> None:
    # A folder of its own: the path of PostgreSQL's socket must be short.
    with tempfile.TemporaryDirectory(prefix="chaos", ignore_cleanup_errors=True) as folder:
        report = run(database, SHORT, Path(folder))
    assert report.findings == []
    figures = dict(report.figures)
    assert figures["server killed with all it started"] == 1
    assert figures["complete: acknowledged"] > 0
    assert figures["timers fired"] > 0
    assert figures["external: acknowledged"] > 0
    if database == "postgresql":
        assert figures["database restarted"] == 2
