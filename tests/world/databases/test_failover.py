"""The database server fails and a standby takes over: all acts that were answered exist, every
completion and every timer exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.chaos.run import Plan, run_on
from tests.world.databases.cluster import Cluster, lose_primaries

LOAD = Plan(
    seconds=45, seed=20260302, clients=4, cases=16, web_processes=2, workers=2, pause=(1.0, 2.0),
    patience_seconds=240,
)  # fmt: skip


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Two servers that agree who is the first."""
    cluster = Cluster()
    yield cluster
    cluster.close()


def test_nothing_is_lost_or_done_twice_when_a_standby_takes_over(
    cluster: Cluster, tmp_path: Path
) -> None:
    before = cluster.primary()
    report = run_on(cluster, LOAD, tmp_path, lose_primaries)
    figures = dict(report.figures)
    assert report.findings == []
    assert figures["primary lost"] == 2
    assert cluster.primary() == before, "lost twice, so the first one serves again"
    assert figures["complete: acknowledged"] > 0
    assert figures["timers fired"] > 0
