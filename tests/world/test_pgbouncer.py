"""The product behind PgBouncer in transaction mode: people, timers, several processes, faults."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks.chaos.run import Plan, run_on
from tests.e2e.conftest import served
from tests.e2e.people import Person
from tests.e2e.product import Product
from tests.processes.stories.world import World
from tests.world.pooler import SERVERS, Pooled

STRESS = Plan(
    seconds=40, seed=20260302, clients=6, cases=16, web_processes=2, workers=2, pause=(1.0, 3.0),
    freeze_seconds=35, patience_seconds=180,
)  # fmt: skip


@pytest.fixture
def pooled() -> Iterator[Pooled]:
    """An empty database behind a pooler."""
    # A folder of its own: the path of PostgreSQL's socket must be short.
    with tempfile.TemporaryDirectory(prefix="pooled", ignore_cleanup_errors=True) as folder:
        store = Pooled(Path(folder))
        yield store
        store.close()


@pytest.fixture
def product(pooled: Pooled, tmp_path: Path) -> Iterator[Product]:
    """Two web processes and a worker, with a recommendation that Kemhan has to acknowledge."""

    def issued(world: World) -> None:
        world.issued()

    yield from served(pooled.url, tmp_path, issued, {"TINDAK_WORKERS": "2"})


def test_people_sign_in_and_work_and_timers_fire(
    product: Product,
    pooled: Pooled,
    browser: Browser,
) -> None:
    kemhan = Person(browser, product, "kemhan")
    kemhan.sign_in()
    kemhan.task("Konfirmasi penerimaan")
    kemhan.choose("Sikap K/L", "Diterima: akan ditindaklanjuti")
    kemhan.fill({"Narahubung (PIC)": "Dimas Wiratama"})
    kemhan.send("Konfirmasi penerimaan")
    kemhan.is_told("Jawaban Anda dicatat")
    kemhan.leave()

    product.go_to("2026-01-09")
    product.mail("kemenperin", "Lewat tenggat", "1 hari kerja")
    assert pooled.sessions() <= SERVERS


def test_nothing_is_lost_or_done_twice_while_processes_and_the_database_fall(
    pooled: Pooled, tmp_path: Path
) -> None:
    report = run_on(pooled, STRESS, tmp_path)
    figures = dict(report.figures)
    assert report.findings == []
    assert figures["database restarted"] == 2
    assert figures["complete: acknowledged"] > 0
    assert figures["timers fired"] > 0
